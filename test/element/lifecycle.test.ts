import { expect, fixture } from '@open-wc/testing';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import type { FakeCore } from './support/fake-core.js';
import {
  create,
  mount,
  mountLive,
  place,
  rejection,
  SERVER,
  settled,
  shownText,
  states,
  unhandled,
} from './support/mount.js';

type Mover = ParentNode & { moveBefore?: (node: Node, child: Node | null) => void };

/** The ways in which a page or a framework moves an element. */
const MOVES: Record<string, (el: NanoWebcaster, target: HTMLElement) => void> = {
  append: (el, target) => target.append(el),
  'remove and append': (el, target) => {
    el.remove();
    target.append(el);
  },
  insertBefore: (el, target) => target.insertBefore(el, null),
  replaceChildren: (el, target) => target.replaceChildren(el),
  'a move of its ancestor': (el, target) => target.append(el.parentElement as Element),
  ...('moveBefore' in Element.prototype && {
    moveBefore: (el: NanoWebcaster, target: Mover) => target.moveBefore?.(el, null),
  }),
};

function expectStopped(el: NanoWebcaster, core: FakeCore): void {
  expect(core.isLive, 'live').to.equal(false);
  expect(core.isCapturing, 'capturing').to.equal(false);
  expect(el.status).to.equal('idle');
}

function leave(persisted = true): void {
  dispatchEvent(new PageTransitionEvent('pagehide', { persisted }));
}

function comeBack(persisted = true): void {
  dispatchEvent(new PageTransitionEvent('pageshow', { persisted }));
}

describe('<nano-webcaster> lifecycle', () => {
  for (const [name, move] of Object.entries(MOVES)) {
    describe(`moved by ${name}`, () => {
      it('goes on broadcasting as if nothing had been', async () => {
        const { el, core } = await mountLive();
        move(el, place());
        await settled(el);
        expect(core.methods).to.deep.equal([]);
        expect(core.isLive).to.equal(true);
        expect(el.status).to.equal('broadcasting');
        expect(states(el)).to.deep.equal(['broadcasting']);
      });

      it('keeps its preview', async () => {
        const { el, core } = await mount();
        await el.startPreview();
        const before = el.mediaStream;
        core.forgetCalls();
        move(el, place());
        await settled(el);
        expect(core.methods).to.deep.equal([]);
        expect(el.mediaStream === before).to.equal(true);
      });

      it('goes on with a start that is under way', async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        const held = core.hold('signIn');
        const started = el.start();
        move(el, place());
        await settled(el);
        held.resolve();
        await started;
        await settled(el);
        expect(el.status).to.equal('broadcasting');
      });

      it('still follows its core', async () => {
        const { el, core } = await mountLive();
        move(el, place());
        await settled(el);
        core.emitStatus('reconnecting');
        await settled(el);
        expect(el.status).to.equal('reconnecting');
        expect(shownText(el)).to.include('Viewers may not see you');
      });
    });
  }

  describe('removed', () => {
    it('stops the broadcast and frees the camera', async () => {
      const { el, core } = await mountLive();
      el.remove();
      await settled(el);
      expectStopped(el, core);
    });

    it('frees the camera of a preview, also one that the page has opened', async () => {
      const { el, core } = await mount();
      await el.startPreview();
      el.remove();
      await settled(el);
      expectStopped(el, core);
    });

    it('with an ancestor is the same', async () => {
      const { el, core } = await mountLive();
      el.parentElement?.remove();
      await settled(el);
      expectStopped(el, core);
    });

    it('while it reconnects stops too', async () => {
      const { el, core } = await mountLive();
      core.emitStatus('reconnecting_broadcast', { delay: 5 });
      el.remove();
      await settled(el);
      expectStopped(el, core);
    });

    for (const step of ['signIn', 'startPreview', 'startBroadcast'] as const) {
      it(`during ${step} lets nothing go live`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        const held = core.hold(step);
        const started = rejection(el.start());
        await settled(el);
        el.remove();
        await settled(el);
        held.resolve();
        await started;
        await settled(el);
        expectStopped(el, core);
      });
    }

    it('calls nothing where nothing was open', async () => {
      const { el, core } = await mount();
      core.forgetCalls();
      el.remove();
      await settled(el);
      expect(core.methods).to.deep.equal([]);
    });

    it('raises no unhandled rejection where the core refuses to stop', async () => {
      const { el, core } = await mountLive();
      core.fail('stopBroadcast', new RtcUserError(5003, 'No broadcast is running.'));
      expect(await unhandled(() => el.remove())).to.deep.equal([]);
    });

    it('frees the camera, also where the core refuses to stop', async () => {
      const { el, core } = await mountLive();
      core.fail('stopBroadcast', new RtcUserError(5003, 'No broadcast is running.'));
      await unhandled(() => el.remove());
      expect(core.isCapturing).to.equal(false);
    });

    it('and put in again later is clean and can start again', async () => {
      const { el, core } = await mountLive();
      el.remove();
      await settled(el);
      place().append(el);
      await settled(el);
      expectStopped(el, core);
      await el.start();
      await settled(el);
      expect(core.isLive).to.equal(true);
      expect(core.isCapturing).to.equal(true);
      expect(el.status).to.equal('broadcasting');
    });

    it('after a failure and put in again later is clean', async () => {
      const { el, core } = await mountLive();
      core.emitError('BroadcastError', new RtcUserError(5002, 'Given up.'));
      el.remove();
      await settled(el);
      place().append(el);
      await settled(el);
      expectStopped(el, core);
      expect(el.error).to.equal(null);
    });

    it('and put in again while it is still being stopped can start at once', async () => {
      const { el, core } = await mountLive();
      const held = core.hold('stopBroadcast');
      el.remove();
      await settled(el);
      place().append(el);
      const started = el.start();
      await settled(el);
      held.resolve();
      await started;
      await settled(el);
      expect(core.isLive).to.equal(true);
      expect(core.isCapturing).to.equal(true);
      expect(el.status).to.equal('broadcasting');
    });

    it('takes changes that show once it is back', async () => {
      const { el, core } = await mount();
      el.remove();
      await settled(el);
      el.setAttribute('video-bitrate', '900');
      place().append(el);
      await el.start();
      expect(core.last('setConfig')?.bitrates?.videoSendBitrate).to.equal(900);
    });
  });

  for (const [how, end] of [
    ['stopped', (el: NanoWebcaster) => void el.stop()],
    ['removed', (el: NanoWebcaster) => el.remove()],
  ] as const) {
    it(`${how} by a handler of its own events, ends at once and for good`, async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      const seen: string[] = [];
      el.addEventListener('start-broadcast-success', () => {
        end(el);
        el.addEventListener('broadcast-status', () => seen.push(el.status));
      });
      await el.start().catch(() => undefined);
      await settled(el);
      expectStopped(el, core);
      if (how === 'stopped') expect(seen).to.not.include('broadcasting');
      expect(shownText(el)).to.equal(how === 'stopped' ? 'Not live' : shownText(el));
    });
  }

  describe('made', () => {
    const make: Record<string, () => NanoWebcaster> = {
      createElement: () => document.createElement('nano-webcaster'),
      new: () => new (customElements.get('nano-webcaster') as new () => NanoWebcaster)(),
      cloneNode: () => create().cloneNode(true) as NanoWebcaster,
      importNode: () => document.importNode(create(), true),
    };

    for (const [name, element] of Object.entries(make)) {
      it(`by ${name} works, and has no attributes before it is in the page`, async () => {
        const el = element();
        expect(el.getAttributeNames()).to.deep.equal([]);
        place().append(el);
        await el.updateComplete;
        expect(shownText(el)).to.equal('Not live');
      });
    }

    it('by innerHTML works', async () => {
      const target = place();
      target.innerHTML = '<nano-webcaster reconnect-max-retries="3"></nano-webcaster>';
      const el = target.firstElementChild as NanoWebcaster;
      await el.updateComplete;
      expect(el.reconnectMaxRetries).to.equal(3);
      expect(shownText(el)).to.equal('Not live');
    });

    it('as a clone of one that is live is idle, with its attributes and slotted content', async () => {
      const { el } = await mountLive('stream-name="show"', '<b slot="idle">Ready</b>');
      const clone = el.cloneNode(true) as NanoWebcaster;
      place().append(clone);
      await clone.updateComplete;
      expect(clone.status).to.equal('idle');
      expect(clone.getAttribute('status')).to.equal('idle');
      expect(clone.streamName).to.equal('show');
      expect(shownText(clone)).to.equal('Ready');
      expect(el.status).to.equal('broadcasting');
    });

    it('in a page with two of them, each has its own broadcast', async () => {
      const { el: one, core } = await mountLive('muted');
      const { el: other, core: otherCore } = await mountLive();
      await one.stop();
      expect(one.status).to.equal('idle');
      expect(core.isLive).to.equal(false);
      expect(other.status).to.equal('broadcasting');
      expect(otherCore.isLive).to.equal(true);
      expect(other.muted).to.equal(false);
    });

    it('without a core of the page’s own, each has one of its own', async () => {
      const host = await fixture('<div><nano-webcaster></nano-webcaster><nano-webcaster></nano-webcaster></div>');
      const [one, other] = [...host.querySelectorAll('nano-webcaster')];
      expect(one?.core === other?.core).to.equal(false);
    });
  });

  describe('on a page', () => {
    for (const persisted of [true, false]) {
      it(`that is left${persisted ? ' into the page cache' : ''} stops and frees the camera`, async () => {
        const { el, core } = await mountLive();
        leave(persisted);
        expect(core.methods).to.include('stopBroadcast');
        await settled(el);
        expectStopped(el, core);
      });
    }

    it('that is left during a start lets nothing go live', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      const held = core.hold('signIn');
      const started = rejection(el.start());
      leave();
      held.resolve();
      await started;
      await settled(el);
      expectStopped(el, core);
    });

    it('that is left raises no unhandled rejection where the core refuses to stop', async () => {
      const { core } = await mountLive();
      core.fail('stopBroadcast', new RtcUserError(5003, 'No broadcast is running.'));
      expect(await unhandled(() => leave())).to.deep.equal([]);
    });

    it('that comes back from the page cache is idle, and can start again', async () => {
      const { el, core } = await mountLive();
      leave();
      await settled(el);
      comeBack();
      await settled(el);
      expectStopped(el, core);
      await el.start();
      await settled(el);
      expect(el.status).to.equal('broadcasting');
      expect(core.isCapturing).to.equal(true);
    });

    it('that comes back after a failure is clean', async () => {
      const { el, core } = await mountLive();
      core.emitError('BroadcastError', new RtcUserError(5002, 'Given up.'));
      leave();
      await settled(el);
      comeBack();
      await settled(el);
      expectStopped(el, core);
      expect(el.error).to.equal(null);
    });

    it('hears nothing of it once it is removed', async () => {
      const { el, core } = await mountLive();
      el.remove();
      await settled(el);
      core.forgetCalls();
      leave();
      comeBack();
      await settled(el);
      expect(core.methods).to.deep.equal([]);
    });

    it('that is left after the element was moved stops once', async () => {
      const { el, core } = await mountLive();
      place().append(el);
      leave();
      await settled(el);
      expect(core.count('stopBroadcast')).to.equal(1);
    });
  });
});
