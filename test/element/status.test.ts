import { expect } from '@open-wc/testing';
import sinon, { type SinonFakeTimers } from 'sinon';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import {
  GIVEN_UP,
  liveRegion,
  mount,
  mountLive,
  part,
  place,
  rejection,
  SERVER,
  settled,
  show,
  shownText,
  states,
  STATUSES,
  stubPermissions,
  textOf,
} from './support/mount.js';

describe('<nano-webcaster> status', () => {
  for (const status of STATUSES) {
    it(`shows ${status} as property, attribute and custom state, and no other`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      expect(el.status).to.equal(status);
      expect(el.getAttribute('status')).to.equal(status);
      expect(states(el)).to.deep.equal([status]);
    });

    it(`goes from ${status} back to idle when the broadcast was stopped`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      core.emit('StopBroadcastSuccess', {});
      await settled(el);
      expect(el.status).to.equal('idle');
      expect(el.getAttribute('status')).to.equal('idle');
      expect(states(el)).to.deep.equal(['idle']);
    });

    it(`stays ${status} where the page writes the attribute`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      el.setAttribute('status', 'mine');
      expect(el.status).to.equal(status);
      expect(states(el)).to.deep.equal([status]);
    });

    it(`puts the attribute right with the next change after the page wrote it while ${status}`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      el.removeAttribute('status');
      el.requestUpdate();
      await settled(el);
      expect(el.getAttribute('status')).to.equal(status);
    });
  }

  it('is idle where HTML says something else', async () => {
    const { el } = await mount('status="broadcasting"');
    expect(el.status).to.equal('idle');
    expect(el.getAttribute('status')).to.equal('idle');
  });

  it('goes from idle over signalling and connected to broadcasting with a start', async () => {
    const { el } = await mount(`server="${SERVER}"`);
    const seen: string[] = [el.status];
    el.addEventListener('broadcast-status', () => seen.push(el.status));
    await el.start();
    await settled(el);
    expect(seen).to.deep.equal(['idle', 'signalling', 'connected', 'broadcasting']);
  });

  for (const name of ['SetConfigError', 'GetDevicesError', 'MuteDeviceError', 'StartPreviewError'] as const) {
    it(`stays live over a ${name}`, async () => {
      const { el, core } = await mountLive();
      core.emitError(name, new RtcUserError(1002, 'Wrong.'));
      await settled(el);
      expect(el.status).to.equal('broadcasting');
      expect(el.error).to.equal(null);
    });
  }

  describe('failed', () => {
    const CASES = [
      ['signIn', new RtcUserError(1002, 'server is no URL.')],
      ['startPreview', new RtcUserError(6005, 'It was not allowed. Allow it for this page.')],
      ['startBroadcast', new RtcUserError(103003, 'The server refused the token.')],
    ] as const;

    for (const [method, error] of CASES) {
      it(`shows why ${method} has failed a start`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        core.fail(method, error);
        await rejection(el.start());
        await settled(el);
        expect(el.status).to.equal('failed');
        expect(el.error).to.equal(error);
        expect(shownText(el)).to.include(error.message);
      });

      it(`is over as soon as a start tries again after ${method} has failed`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        core.fail(method, error);
        await rejection(el.start());
        await settled(el);
        core.hold('signIn');
        el.start().catch(() => undefined);
        await settled(el);
        expect(el.status).to.equal('idle');
        expect(el.error).to.equal(null);
        expect(shownText(el)).to.not.include(error.message);
      });
    }

    it('shows why a live broadcast was given up', async () => {
      const { el, core } = await mountLive();
      core.emitError('BroadcastError', GIVEN_UP);
      await settled(el);
      expect(el.status).to.equal('failed');
      expect(shownText(el)).to.include(GIVEN_UP.message);
    });

    it('shows why a preview could not be opened', async () => {
      const { el, core } = await mount();
      core.fail('startPreview', new RtcUserError(6004, 'No such device was found.'));
      await rejection(el.startPreview());
      await settled(el);
      expect(el.status).to.equal('failed');
      expect(shownText(el)).to.include('No such device was found.');
    });

    it('does not say of a broadcast that never was live that it is not live any more', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.fail('startBroadcast', new RtcUserError(103003, 'The server refused the token.'));
      await rejection(el.start());
      await settled(el);
      expect(shownText(el)).to.not.include('any more');
    });

    it('shows an error as text and never as HTML', async () => {
      const { el, core } = await mount();
      core.emitError('BroadcastError', new RtcUserError(5002, '<img src="x"> & more'));
      await settled(el);
      expect(shownText(el)).to.include('<img src="x"> & more');
      expect(el.renderRoot.querySelector('img')).to.equal(null);
    });
  });

  describe('try again', () => {
    const retry = async (el: NanoWebcaster) => {
      el.renderRoot.querySelector<HTMLElement>('slot[name=failed] button')?.click();
      await settled(el);
    };

    it('goes live after a start that failed', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.fail('startBroadcast', new RtcUserError(103003, 'The server refused the token.'));
      await rejection(el.start());
      await settled(el);
      await retry(el);
      expect(el.status).to.equal('broadcasting');
    });

    it('opens the preview after a preview that failed, and does not go live', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.fail('startPreview', new RtcUserError(6005, 'It was not allowed.'));
      await rejection(el.startPreview());
      await settled(el);
      await retry(el);
      expect(el.status).to.equal('idle');
      expect(core.isCapturing).to.equal(true);
      expect(core.count('startBroadcast')).to.equal(0);
    });

    describe('where the browser does not ask', () => {
      const NONE = new RtcUserError(6004, 'No such device was found.');
      const BUSY = new RtcUserError(6005, 'The camera is in use.');

      beforeEach(() => {
        stubPermissions('granted');
      });
      afterEach(() => sinon.restore());

      it('shows why a preview fails now, and not why it did before', async () => {
        const { el, core } = await mount();
        core.fail('startPreview', NONE);
        await rejection(el.startPreview());
        await settled(el);
        core.fail('startPreview', BUSY);
        await retry(el);
        expect([el.status, el.error]).to.deep.equal(['failed', BUSY]);
      });

      it('shows why another camera fails too', async () => {
        const { el, core } = await mount();
        await el.startPreview();
        for (const [videoDevice, error] of [
          ['a', BUSY],
          ['b', NONE],
        ] as const) {
          core.fail('startPreview', error);
          Object.assign(el, { videoDevice });
          await settled(el);
          await settled(el);
          expect([el.status, el.error]).to.deep.equal(['failed', error]);
        }
      });

      it('leaves no failed start over a preview that opens', async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        core.fail('startPreview', BUSY);
        await rejection(el.start());
        await settled(el);
        await el.startPreview();
        await settled(el);
        expect([el.status, el.error]).to.deep.equal(['idle', null]);
      });
    });

    it('keeps the focus within the element', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.emitError('BroadcastError', GIVEN_UP);
      await settled(el);
      el.renderRoot.querySelector<HTMLElement>('slot[name=failed] button')?.focus();
      await retry(el);
      expect(el.shadowRoot?.activeElement === part(el, 'status')).to.equal(true);
    });

    it('is left to the page where that has words of its own for the failure', async () => {
      const { el, core } = await mount(`server="${SERVER}"`, '<p slot="failed">Gone</p>');
      core.emitError('BroadcastError', GIVEN_UP);
      await settled(el);
      expect(el.renderRoot.querySelector('slot[name=failed] button')?.checkVisibility()).to.equal(false);
    });
  });

  describe('of camera and microphone', () => {
    it('is said below the status, of each kind the latest, until all is well', async () => {
      const { el, core } = await mountLive();
      const said = () => textOf(...el.renderRoot.querySelectorAll('.notice p')).replace(/[\u2068\u2069]/g, '');
      core.emitCapture({ kind: 'audioinput', state: 'silent' });
      core.emitCapture({ state: 'missing' });
      core.emitCapture({ state: 'substituted', device: 'Front' });
      await settled(el);
      expect(said()).to.equal(
        'Your microphone is silent. Check whether it is switched off. Your camera was disconnected. Viewers now see Front.',
      );
      expect(textOf(liveRegion(el, 'status'))).to.include('Your microphone is silent.');
      core.emitCapture({ kind: 'audioinput', state: 'live' });
      core.emitCapture({ state: 'live' });
      await settled(el);
      expect(said()).to.equal('');
      expect(el.status).to.equal('broadcasting');
    });

    for (const [chosen, isMissed] of [
      ['', false],
      ['framerate="20"', false],
      ['width="640" height="360"', false],
      ['width="360" height="640"', false],
      ['width="1280" height="720" framerate="30"', false],
      ['framerate="60"', true],
      ['width="1920"', true],
      ['width="360" height="640" framerate="60"', true],
      ['width="640" height="480"', true],
    ] as const) {
      it(`is ${isMissed ? '' : 'not '}said of a camera that opens with 640 × 360 at 20 where the page has ${chosen || 'no wish'}`, async () => {
        const { el, core } = await mount(`server="${SERVER}" ${chosen}`);
        const [camera] = core.useCamera({ width: 640, height: 360, frameRate: 20 });
        const opened = el.startPreview();
        // As the core does: before the preview is there.
        core.emitCapture({ state: 'different' });
        await opened;
        await settled(el);
        expect(part(el, 'notice')?.checkVisibility()).to.equal(isMissed);
        expect(textOf(part(el, 'notice')).includes('chosen quality')).to.equal(isMissed);
        expect(textOf(liveRegion(el, 'status')).includes('chosen quality')).to.equal(isMissed);
        expect(textOf(part(el, 'notice')).match(/viewers see/i)).to.equal(null);
        await el.start();
        core.emitCapture({ state: 'different' });
        await settled(el);
        expect(part(el, 'notice')?.checkVisibility()).to.equal(isMissed);
        core.emitCapture({ kind: 'audioinput', state: 'different' });
        await settled(el);
        expect(textOf(part(el, 'notice'))).to.include('added sound');
        camera?.stop();
      });
    }

    it('is said of the size that was opened, and not of one for the next start', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.useCamera({ width: 1280, height: 720, frameRate: 20 });
      await el.start();
      core.emitCapture({ state: 'different' });
      el.width = 1920;
      await settled(el);
      expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    });

    it('is said while the server reconnects its output too', async () => {
      const { el, core } = await mountLive();
      core.emitStatus('reconnecting');
      core.emitCapture({ state: 'missing' });
      core.fail('startPreview', new RtcUserError(6005, 'In use.', new DOMException('', 'NotReadableError')));
      el.audioDevice = 'desk';
      await settled(el);
      await settled(el);
      expect(part(el, 'notice')?.innerText)
        .to.include('The server is fixing this.')
        .and.to.include('Your camera isn’t available.')
        .and.to.include('Your camera or microphone can’t be used.');
    });

    it('is forgotten where a stream of the page takes their place', async () => {
      const { el, core } = await mountLive();
      core.emitCapture({ state: 'missing' });
      el.mediaStream = new MediaStream();
      await settled(el);
      expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    });

    it('is forgotten with the core that had them', async () => {
      const { el, core } = await mount();
      await el.startPreview();
      core.emitCapture({ state: 'missing' });
      await settled(el);
      expect(part(el, 'notice')?.checkVisibility()).to.equal(true);
      el.core = new FakeCore().asCore;
      await settled(el);
      expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    });

    it('is forgotten when they are closed', async () => {
      const { el, core } = await mountLive();
      core.emitCapture({ state: 'paused' });
      await el.stop();
      await settled(el);
      expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    });
  });

  it('has room for what comes below it, so that nothing jumps', async () => {
    const { el, core } = await mount('controls');
    const height = () => el.getBoundingClientRect().height;
    el.style.width = '320px';
    const before = height();
    for (const status of STATUSES.filter((each) => each !== 'failed')) {
      await show(el, core, status);
      expect(height(), status).to.be.closeTo(before, 0.5);
    }
  });

  describe('reconnecting_broadcast', () => {
    let clock: SinonFakeTimers;

    beforeEach(() => {
      clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
      // WebKit's compiled code misses a method that is set on `performance` itself.
      sinon.replace(Performance.prototype, 'now', () => clock.now);
    });
    afterEach(() => sinon.restore());

    const reconnecting = async (delay: number, attempt = 1) => {
      const { el, core } = await mount();
      core.emitStatus('reconnecting_broadcast', { attempt, delay, maxRetries: 10 });
      await settled(el);
      return { el, core };
    };

    it('says in how many seconds the next attempt begins', async () => {
      const { el } = await reconnecting(3, 2);
      expect(shownText(el)).to.equal('Connection lost Reconnecting. Stay on this page. Next try in 3 s');
    });

    it('counts the seconds down to the attempt', async () => {
      const { el } = await reconnecting(3);
      const seen: string[] = [];
      for (let second = 1; second <= 4; second++) {
        await clock.tickAsync(1000);
        await settled(el);
        seen.push(shownText(el).replace(/.*page\. /, ''));
      }
      expect(seen).to.deep.equal(['Next try in 2 s', 'Next try in 1 s', 'Trying now…', 'Trying now…']);
    });

    it('rounds seconds up, so that it never says 0', async () => {
      const { el } = await reconnecting(1.2);
      expect(shownText(el)).to.include('in 2 s');
      await clock.tickAsync(1000);
      await settled(el);
      expect(shownText(el)).to.include('in 1 s');
    });

    it('says of an attempt without delay that it is under way', async () => {
      const { el } = await reconnecting(0);
      expect(shownText(el)).to.include('Trying now…');
    });

    it('counts anew for the next attempt', async () => {
      const { el, core } = await reconnecting(2, 1);
      await clock.tickAsync(1000);
      core.emitStatus('reconnecting_broadcast', { attempt: 2, delay: 5, maxRetries: 10 });
      await settled(el);
      expect(shownText(el)).to.include('Next try in 5 s');
      await clock.tickAsync(1000);
      await settled(el);
      expect(shownText(el)).to.include('Next try in 4 s');
    });

    it('goes on counting after the element was moved', async () => {
      const { el } = await reconnecting(5);
      place().append(el);
      await clock.tickAsync(2000);
      await settled(el);
      expect(shownText(el)).to.include('in 3 s');
    });

    it('leaves the live region as it is while the seconds go by', async () => {
      const { el } = await reconnecting(4);
      await clock.tickAsync(500);
      const said = textOf(liveRegion(el, 'status'));
      let changes = 0;
      const observer = new MutationObserver((records) => (changes += records.length));
      for (const role of ['status', 'alert'] as const) {
        observer.observe(liveRegion(el, role), { childList: true, characterData: true, subtree: true });
      }
      await clock.tickAsync(4000);
      await settled(el);
      observer.disconnect();
      expect(changes).to.equal(0);
      expect(said).to.equal('Connection lost. Reconnecting. Stay on this page.');
    });

    for (const [cause, words] of [
      ['network', 'Connection lost'],
      ['server', 'Connection to the server lost'],
      ['suspended', 'This device was asleep'],
      ['tracks', 'Adding your camera or microphone'],
      ['encoder', 'Restarting your broadcast'],
    ] as const) {
      it(`says in words that the cause is ${cause}`, async () => {
        const { el, core } = await mount();
        core.emitStatus('reconnecting_broadcast', { cause });
        await settled(el);
        expect(shownText(el)).to.include(words);
      });
    }

    it('says that the browser is offline if the core waits for the network', async () => {
      const { el, core } = await mount();
      core.emitStatus('reconnecting_broadcast', { delay: null, waitingFor: 'network' });
      await settled(el);
      expect(shownText(el)).to.include('You’re offline').and.to.not.include('Trying now');
    });

    it('says of an ICE restart that it is under way, and no number', async () => {
      const { el, core } = await mount();
      core.emitStatus('reconnecting_broadcast', { method: 'ice-restart', attempt: 0 });
      await settled(el);
      expect(shownText(el)).to.equal('Connection lost Reconnecting. Stay on this page. Trying now…');
    });

    it('that is over in a moment neither dims the picture nor is said', async () => {
      const { el, core } = await mountLive();
      const frame = part(el, 'base') as HTMLElement;
      let changes = 0;
      const said = new MutationObserver((records) => (changes += records.length));
      said.observe(liveRegion(el, 'status'), { childList: true, characterData: true, subtree: true });
      core.emitStatus('reconnecting_broadcast');
      await settled(el);
      expect(frame.dataset.status).to.equal('broadcasting');
      await clock.tickAsync(200);
      core.emitStatus('connected');
      core.emitStatus('broadcasting');
      await clock.tickAsync(1000);
      await settled(el);
      expect(frame.dataset.status).to.equal('broadcasting');
      said.disconnect();
      expect(changes).to.equal(0);
    });

    it('shows the slot of the status once it is connected again, with the words of the reconnection by default', async () => {
      const { el, core } = await mountLive('', '<p slot="reconnecting_broadcast">One moment</p>');
      core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 1, delay: 0 });
      await settled(el);
      expect(shownText(el)).to.equal('One moment');
      core.emitStatus('connected');
      await settled(el);
      expect(shownText(el)).to.match(/^Connection lost Reconnecting/);
      el.insertAdjacentHTML('beforeend', '<p slot="connected">Almost back</p>');
      await settled(el);
      expect(shownText(el)).to.equal('Almost back');
      core.emitStatus('broadcasting');
      await settled(el);
      expect(shownText(el)).to.equal('Live');
    });

    it('has a pill whose colour changes with its words, there and back', async () => {
      const { el, core } = await mountLive();
      const pill = part(el, 'status') as HTMLElement;
      const look = () => [textOf(pill), getComputedStyle(pill).backgroundColor, getComputedStyle(pill).color].join();
      const looks: string[] = [];
      for (const status of ['broadcasting', 'reconnecting_broadcast', 'reconnecting', 'broadcasting'] as const) {
        core.emitStatus(status);
        await settled(el);
        looks.push(look());
        for (const animation of pill.getAnimations()) animation.finish();
        looks.push(look());
      }
      const [live, , lost, , output] = looks;
      expect(looks).to.deep.equal([live, live, lost, lost, output, output, live, live]);
      expect(new Set(looks).size).to.equal(3);
    });

    it('that lasts dims the picture and is said', async () => {
      const { el, core } = await mountLive();
      core.emitStatus('reconnecting_broadcast');
      await clock.tickAsync(400);
      await settled(el);
      expect(part(el, 'base')?.dataset.status).to.equal('reconnecting_broadcast');
      expect(textOf(liveRegion(el, 'status'))).to.equal('Connection lost. Reconnecting. Stay on this page.');
    });

    for (const end of ['stopped', 'given up', 'live again'] as const) {
      it(`leaves no timer behind when it is ${end}`, async () => {
        const { el, core } = await reconnecting(60);
        if (end === 'stopped') core.emit('StopBroadcastSuccess', {});
        else if (end === 'given up') core.emitError('BroadcastError', GIVEN_UP);
        else core.emitStatus('broadcasting');
        await settled(el);
        expect(clock.countTimers()).to.equal(0);
      });
    }

    it('leaves no timer behind when the attempt has begun', async () => {
      await reconnecting(2);
      await clock.tickAsync(3000);
      expect(clock.countTimers()).to.equal(0);
    });

    it('leaves no timer behind when the element is removed', async () => {
      const { el } = await reconnecting(60);
      el.remove();
      // An element that stays out is released a task later.
      await clock.tickAsync(0);
      await settled(el);
      expect(clock.countTimers()).to.equal(0);
    });

    it('shows no attempt where the server reconnects its own output', async () => {
      const { el, core } = await mountLive();
      core.emitStatus('reconnecting');
      await settled(el);
      expect(shownText(el)).to.equal('Viewers may not see you at the moment. The server is fixing this.');
      expect(textOf(part(el, 'status')))
        .to.include('Viewers waiting')
        .and.to.not.include('Reconnecting');
    });
  });
});
