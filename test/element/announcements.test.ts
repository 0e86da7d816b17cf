/** What screen readers say: by `ariaNotify` where there is one, else by live regions, and never by both. */
import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import {
  button,
  GIVEN_UP,
  liveRegion,
  mount,
  mountLive,
  SERVER,
  settled,
  show,
  stubPermissions,
} from './support/mount.js';

/** Milliseconds after which a status on the way to another one is worth a word, and some more. */
const STEADY = 350;

type Notifier = Element & { ariaNotify: (text: string, options: { priority: string }) => void };

const hasNotify = 'ariaNotify' in Element.prototype;

/** What is said from now on, by one element or by any, with its priority. */
function listen(el?: NanoWebcaster): [string, string][] {
  const said: [string, string][] = [];
  if (hasNotify) {
    sinon.stub(Element.prototype as Notifier, 'ariaNotify').callsFake(function (this: Element, text, { priority }) {
      if (!el || el.renderRoot.contains(this)) said.push([priority, text.trim()]);
    });
  }
  return said;
}

describe('Announcements of <nano-webcaster>', () => {
  afterEach(() => sinon.restore());

  it('are live regions exactly in browsers without ariaNotify', async () => {
    const { el } = await mount('controls');
    const roles = (['status', 'alert'] as const).map((name) => liveRegion(el, name).getAttribute('role'));
    expect(roles).to.deep.equal(hasNotify ? [null, null] : ['status', 'alert']);
    expect(el.renderRoot.querySelectorAll('[aria-live]')).to.have.length(0);
  });

  it('change only the line of a notice that comes or goes, which live regions need too', async () => {
    const { el, core } = await mountLive('controls');
    const changed: string[] = [];
    const lines = [...liveRegion(el, 'status').children];
    const observer = new MutationObserver((records) => {
      const found = records.map(({ target }) => lines.find((line) => line.contains(target)));
      changed.push(...new Set(found.map((line) => line?.textContent ?? 'another node')));
    });
    observer.observe(liveRegion(el, 'status'), { childList: true, characterData: true, subtree: true });
    for (const state of ['silent', 'live'] as const) {
      core.emitCapture({ kind: 'videoinput', state });
      await settled(el);
    }
    observer.disconnect();
    expect(changed).to.deep.equal([
      'Your camera shows nothing. Check whether it is covered or used by another app.',
      '',
    ]);
    expect(lines[0]?.textContent).to.equal('Live');
  });

  if (!hasNotify) return;

  it('say nothing when the element comes into the page', async () => {
    const said = listen();
    const { el } = await mount('controls');
    await settled(el);
    expect(said).to.deep.equal([]);
  });

  it('say a change of the status once, and a failure with high priority', async () => {
    const { el, core } = await mountLive('controls');
    const said = listen();
    core.emitStatus('reconnecting_broadcast');
    await settled(el);
    el.requestUpdate();
    await settled(el);
    core.emitError('BroadcastError', GIVEN_UP);
    await settled(el);
    const high = said.filter(([priority]) => priority === 'high');
    expect(high).to.have.length(1);
    expect(high[0]?.[1]).to.include('Your broadcast ended');
    expect(new Set(said.map(([, text]) => text)).size).to.equal(said.length);
  });

  it('say what is in the notice', async () => {
    const { el, core } = await mountLive('controls');
    const said = listen();
    core.emitCapture({ kind: 'audioinput', state: 'silent' });
    await settled(el);
    expect(said.map(([, text]) => text)).to.deep.equal([
      'Your microphone is silent. Check whether it is switched off.',
    ]);
  });

  for (const first of ['audioinput', 'videoinput'] as const) {
    it(`say the status and each notice once, also when the one for ${first} goes away before another`, async () => {
      const { el, core } = await mountLive('controls');
      const said = listen(el);
      const kinds = ['audioinput', 'videoinput'] as const;
      for (const kind of kinds) core.emitCapture({ kind, state: 'silent' });
      await settled(el);
      expect(said).to.have.length(2);
      for (const kind of [first, ...kinds]) {
        core.emitCapture({ kind, state: 'live' });
        await settled(el);
      }
      core.emitStats({ qualityLimitationReason: 'bandwidth' }, 'medium');
      await settled(el);
      core.emitStats({}, 'good');
      await settled(el);
      expect(said.slice(2).map(([, text]) => text)).to.deep.equal([
        'Your network is slow: quality reduced. Pause other downloads.',
      ]);
    });
  }

  it('say each time that a device could not be opened, also if the reason is the same', async () => {
    const { el, core } = await mountLive('controls');
    const said = listen(el);
    for (const device of ['aa', 'bb']) {
      core.fail('startPreview', new RtcUserError(6004, 'No such device.'));
      el.videoDevice = device;
      await settled(el);
      await settled(el);
    }
    const words =
      'Your camera or microphone can’t be used. No camera or microphone was found. Connect one, then try again.';
    expect(said.map(([, text]) => text)).to.deep.equal([words, words]);
  });

  it('say nothing wrong if what was lost is connected again and the output is not', async () => {
    const { el, core } = await mountLive('controls');
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    core.emitStatus('reconnecting_broadcast', { cause: 'server', delay: 4 });
    await settled(el);
    await clock.tickAsync(STEADY);
    await settled(el);
    const said = listen(el);
    for (const status of ['connected', 'reconnecting'] as const) {
      core.emitStatus(status);
      await settled(el);
    }
    await clock.tickAsync(STEADY);
    await settled(el);
    expect(said.map(([, text]) => text)).to.deep.equal([
      'Viewers may not see you at the moment. The server is fixing this.',
    ]);
  });

  for (const permission of ['prompt', 'granted'] as const) {
    it(`say once that the broadcast ended, whatever is opened next with permission ${permission}`, async () => {
      stubPermissions(permission);
      const { el } = await mountLive('controls');
      const said = listen(el);
      await el.stop();
      await settled(el);
      button(el, 'Turn on preview').click();
      await settled(el);
      await settled(el);
      button(el, 'Share screen').click();
      await settled(el);
      await settled(el);
      expect(said.filter(([, text]) => text.includes('Broadcast ended'))).to.have.length(1);
    });
  }

  it('say that it is live again after a loss, and a notice that is still true not again', async () => {
    const { el, core } = await mountLive('controls');
    core.emitCapture({ kind: 'audioinput', state: 'silent' });
    await settled(el);
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const said = listen(el);
    core.emitStatus('reconnecting_broadcast', { delay: 4 });
    await settled(el);
    await clock.tickAsync(STEADY);
    await settled(el);
    core.emitStatus('broadcasting');
    await settled(el);
    expect(said.map(([, text]) => text)).to.deep.equal(['Connection lost. Reconnecting. Stay on this page.', 'Live']);
  });

  for (const [words, before] of [
    ['Try again', 'failed'],
    ['Go live', 'idle'],
  ] as const) {
    it(`say only that it connects after ${words}`, async () => {
      stubPermissions('granted');
      const { el, core } = await mountLive(`controls server="${SERVER}"`);
      await el.stop();
      await settled(el);
      await show(el, core, before);
      const said = listen(el);
      core.hold('startBroadcast');
      const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      button(el, words).click();
      await settled(el);
      await clock.tickAsync(STEADY);
      await settled(el);
      expect(said.map(([, text]) => text)).to.deep.equal(['Connecting…']);
    });
  }

  it('say once that the diagnostics are copied, which hides no warning', async () => {
    sinon.stub(navigator.clipboard, 'writeText').resolves();
    const { el, core } = await mountLive('controls');
    el.renderRoot.querySelector<HTMLElement>('[aria-controls=stats]')?.click();
    await settled(el);
    const said = listen(el);
    button(el, 'Copy details for support').click();
    await settled(el);
    expect(said.map(([, text]) => text)).to.deep.equal(['Copied']);
    core.emitStats({ qualityLimitationReason: 'bandwidth' }, 'medium');
    await settled(el);
    expect(said.at(-1)?.[1]).to.include('Your network is slow');
    const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    core.emitStatus('reconnecting_broadcast', { delay: 4 });
    await settled(el);
    await clock.tickAsync(STEADY);
    await settled(el);
    expect(said.at(-1)?.[1]).to.equal('Connection lost. Reconnecting. Stay on this page.');
    core.emitStatus('broadcasting');
    await settled(el);
    expect(said.at(-1)?.[1]).to.not.include('Copied');
  });
});
