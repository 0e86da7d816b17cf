import { expect } from '@open-wc/testing';
import { RtcUserError } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import {
  create,
  GIVEN_UP,
  isSettled,
  mount,
  mountLive,
  rejection,
  SERVER,
  settled,
  show,
  unhandled,
} from './support/mount.js';

const REFUSED = new RtcUserError(103003, 'The server refused the token.');
const WRONG_ADDRESS = new RtcUserError(1002, 'server is no URL.');
const DENIED = new RtcUserError(6005, 'It was not allowed.');
const NOT_RUNNING = new RtcUserError(5003, 'No broadcast is running.');

/** The steps of a start, each of which can be waiting when something else happens. */
const STEPS = ['signIn', 'startPreview', 'startBroadcast'] as const;

describe('<nano-webcaster> methods', () => {
  describe('start()', () => {
    it('resolves once live, with camera and microphone open', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await el.start();
      expect(core.isLive).to.equal(true);
      expect(core.isCapturing).to.equal(true);
    });

    it('does not resolve before the server acknowledges media', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.hold('startBroadcast');
      const started = el.start();
      expect(await isSettled(started)).to.equal(false);
    });

    it('goes live once for two calls, with the same outcome', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await Promise.all([el.start(), el.start()]);
      expect(core.count('signIn')).to.equal(1);
      expect(core.count('startPreview')).to.equal(1);
      expect(core.count('startBroadcast')).to.equal(1);
    });

    it('fails once for two calls, with the same error', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.fail('startBroadcast', REFUSED);
      const errors = await Promise.all([rejection(el.start()), rejection(el.start())]);
      expect(errors).to.deep.equal([REFUSED, REFUSED]);
      expect(core.count('startBroadcast')).to.equal(1);
    });

    for (const status of ['broadcasting', 'reconnecting', 'reconnecting_broadcast'] as const) {
      it(`resolves and does nothing while ${status}`, async () => {
        const { el, core } = await mountLive();
        await show(el, core, status);
        await el.start();
        expect(core.methods).to.deep.equal([]);
        expect(el.status).to.equal(status);
      });
    }

    it('goes on where only the probe of signIn had no answer, which decides nothing', async () => {
      const { el, core } = await mount();
      core.fail('signIn', new RtcUserError(4000, 'https://media.example cannot be reached.'));
      await el.start();
      expect(core.isLive).to.equal(true);
      expect(el.error).to.equal(null);
    });

    for (const [step, error] of [
      ['signIn', WRONG_ADDRESS],
      ['startPreview', DENIED],
      ['startBroadcast', REFUSED],
    ] as const) {
      it(`rejects with the error of ${step}`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        core.fail(step, error);
        expect(await rejection(el.start())).to.equal(error);
        expect(core.isLive).to.equal(false);
      });

      it(`raises no unhandled rejection where ${step} fails and nobody waits`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        core.fail(step, error);
        expect(await unhandled(() => void el.start())).to.deep.equal([]);
      });

      it(`can be called again after ${step} has failed`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        core.fail(step, error);
        await rejection(el.start());
        await settled(el);
        await el.start();
        await settled(el);
        expect(el.status).to.equal('broadcasting');
      });
    }

    it('goes live again after a broadcast was given up', async () => {
      const { el, core } = await mountLive();
      core.emitError('BroadcastError', GIVEN_UP);
      await el.start();
      await settled(el);
      expect(core.isLive).to.equal(true);
      expect(el.status).to.equal('broadcasting');
    });

    it('uses the preview that is open already', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await el.startPreview();
      await el.start();
      expect(core.count('startPreview')).to.equal(1);
    });

    it('opens the preview anew where its settings have changed', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await el.startPreview();
      el.width = 640;
      await el.start();
      expect(core.count('startPreview')).to.equal(2);
      expect(core.last('startPreview')?.videoDeviceConfig?.width).to.equal(640);
    });

    it('opens the preview anew where the page has closed it at the core', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await el.startPreview();
      await el.core.stopPreview();
      await settled(el);
      await el.start();
      expect(core.isCapturing).to.equal(true);
    });

    it('mutes before anything is opened', async () => {
      const { el, core } = await mount(`server="${SERVER}" muted video-muted`);
      core.forgetCalls();
      await el.start();
      const mutes = core.calls.filter(({ method }) => method === 'muteDevice').map(({ argument }) => argument);
      expect(mutes).to.deep.include.members([
        { kind: 'audioinput', mute: true },
        { kind: 'videoinput', mute: true },
      ]);
      expect(core.methods.indexOf('muteDevice')).to.be.below(core.methods.indexOf('startPreview'));
    });

    it('does nothing outside the page', async () => {
      const el = create(`server="${SERVER}"`);
      const core = new FakeCore();
      el.core = core.asCore;
      core.forgetCalls();
      await el.start();
      expect(core.methods).to.deep.equal([]);
      expect(el.status).to.equal('idle');
    });
  });

  describe('stop()', () => {
    it('ends the broadcast also after the page has tried to start a second one on the core', async () => {
      const { el, core } = await mountLive();
      core.emitError('StartBroadcastError', new RtcUserError(1006, 'A broadcast is running already.'));
      await settled(el);
      expect([el.status, core.isCapturing]).to.deep.equal(['broadcasting', true]);
      await el.stop();
      expect([el.status, core.isLive, core.isCapturing]).to.deep.equal(['idle', false, false]);
    });

    it('ends a broadcast that the core had before it was given to the element', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      const running = new RtcUserError(1006, 'A broadcast is running already.');
      core.fail('startBroadcast', running);
      await el.start().catch(() => undefined);
      core.forgetCalls();
      await el.stop();
      expect(core.methods).to.include('stopBroadcast');
    });

    it('ends the broadcast and closes what the start had opened', async () => {
      const { el, core } = await mountLive();
      await el.stop();
      expect(core.isLive).to.equal(false);
      expect(core.isCapturing).to.equal(false);
      expect(el.status).to.equal('idle');
    });

    it('leaves open what startPreview() had opened', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await el.startPreview();
      await el.start();
      await el.stop();
      expect(core.isLive).to.equal(false);
      expect(core.isCapturing).to.equal(true);
    });

    it('leaves open what startPreview() had opened, also where the start has opened it anew', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      await el.startPreview();
      el.width = 640;
      await el.start();
      await el.stop();
      expect(core.isCapturing).to.equal(true);
    });

    it('leaves open what startPreview() has taken over while live', async () => {
      const { el, core } = await mountLive();
      await el.startPreview();
      await el.stop();
      expect(core.isCapturing).to.equal(true);
    });

    it('closes what its start had opened, also where startPreview() has failed to take it over', async () => {
      const { el, core } = await mountLive();
      core.fail('startPreview', new RtcUserError(6005, 'In use.'));
      await rejection(el.startPreview());
      await el.stop();
      expect(core.isCapturing).to.equal(false);
    });

    it('does nothing while idle', async () => {
      const { el, core } = await mount();
      core.forgetCalls();
      await el.stop();
      expect(core.methods).to.deep.equal([]);
    });

    it('stops once for two calls', async () => {
      const { el, core } = await mountLive();
      await Promise.all([el.stop(), el.stop()]);
      expect(core.count('stopBroadcast')).to.equal(1);
      expect(core.count('stopPreview')).to.equal(1);
    });

    it('resolves for the second call no earlier than for the first', async () => {
      const { el, core } = await mountLive();
      core.hold('stopBroadcast');
      const first = el.stop();
      const second = el.stop();
      expect(await isSettled(first)).to.equal(false);
      expect(await isSettled(second)).to.equal(false);
    });

    for (const step of STEPS) {
      it(`during ${step} lets nothing go live and frees the camera`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        const held = core.hold(step);
        const started = rejection(el.start());
        await settled(el);
        const stopped = el.stop();
        held.resolve();
        expect(await started).to.be.instanceOf(RtcUserError);
        await stopped;
        await settled(el);
        expect(core.isLive).to.equal(false);
        expect(core.isCapturing).to.equal(false);
        expect(el.status).to.equal('idle');
        expect(el.error).to.equal(null);
      });

      it(`during ${step} stays idle, also where that fails afterwards`, async () => {
        const { el, core } = await mount(`server="${SERVER}"`);
        const held = core.hold(step);
        const started = rejection(el.start());
        await settled(el);
        const stopped = el.stop();
        held.reject(DENIED);
        await Promise.all([started, stopped]);
        await settled(el);
        expect(el.status).to.equal('idle');
        expect(el.error).to.equal(null);
      });
    }

    it('before startBroadcast never calls it', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      const held = core.hold('signIn');
      const started = rejection(el.start());
      const stopped = el.stop();
      held.resolve();
      await Promise.all([started, stopped]);
      expect(core.methods).to.not.include('startBroadcast');
      expect(core.methods).to.not.include('stopBroadcast');
    });

    it('lets a start right after it go live with a camera', async () => {
      const { el, core } = await mountLive();
      const stopped = el.stop();
      const started = el.start();
      await Promise.all([stopped, started]);
      await settled(el);
      expect(core.isLive).to.equal(true);
      expect(core.isCapturing).to.equal(true);
      expect(el.status).to.equal('broadcasting');
    });

    it('stops what was started while an earlier stop was still waiting for the server', async () => {
      const { el, core } = await mountLive();
      const held = core.hold('stopBroadcast');
      const stopped = el.stop();
      const started = el.start();
      await settled(el);
      held.resolve();
      await Promise.all([stopped, started]);
      await settled(el);
      await el.stop();
      expect(core.isLive).to.equal(false);
    });

    it('closes the camera also where the core had nothing to stop any more', async () => {
      const { el, core } = await mountLive();
      core.fail('stopBroadcast', NOT_RUNNING);
      await el.stop().catch(() => undefined);
      expect(core.isCapturing).to.equal(false);
    });

    it('raises no unhandled rejection where the core refuses and nobody waits', async () => {
      const { el, core } = await mountLive();
      core.fail('stopBroadcast', NOT_RUNNING);
      expect(await unhandled(() => void el.stop())).to.deep.equal([]);
    });

    it('closes the camera that a start has opened before it failed', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      core.fail('startBroadcast', REFUSED);
      await rejection(el.start());
      await el.stop();
      expect(core.isCapturing).to.equal(false);
    });

    it('closes the camera of a broadcast that was given up', async () => {
      const { el, core } = await mountLive();
      core.emitError('BroadcastError', GIVEN_UP);
      await settled(el);
      expect(core.isCapturing).to.equal(false);
    });

    it('while reconnecting ends the attempts', async () => {
      const { el, core } = await mountLive();
      core.emitStatus('reconnecting_broadcast');
      await el.stop();
      await settled(el);
      expect(core.isLive).to.equal(false);
      expect(el.status).to.equal('idle');
    });
  });

  describe('startPreview() and stopPreview()', () => {
    it('open and close camera and microphone without going live', async () => {
      const { el, core } = await mount();
      await el.startPreview();
      expect(core.isCapturing).to.equal(true);
      await el.stopPreview();
      expect(core.isCapturing).to.equal(false);
      expect(core.methods).to.not.include('startBroadcast');
      expect(el.status).to.equal('idle');
    });

    it('reject with the error of the core', async () => {
      const { el, core } = await mount();
      core.fail('startPreview', DENIED);
      expect(await rejection(el.startPreview())).to.equal(DENIED);
    });

    it('raise no unhandled rejection where nobody waits', async () => {
      const { el, core } = await mount();
      core.fail('startPreview', DENIED);
      expect(await unhandled(() => void el.startPreview())).to.deep.equal([]);
    });

    it('do nothing outside the page', async () => {
      const el = create();
      const core = new FakeCore();
      el.core = core.asCore;
      core.forgetCalls();
      await el.startPreview();
      expect(core.methods).to.deep.equal([]);
    });

    it('need no server', async () => {
      const { el, core } = await mount();
      await el.startPreview();
      expect(core.methods).to.not.include('signIn');
    });

    it('switch to the device that is chosen while the preview is open', async () => {
      const { el, core } = await mount();
      await el.startPreview();
      el.videoDevice = 'Back camera';
      await settled(el);
      expect(core.last('startPreview')?.videoDeviceConfig?.device).to.equal('Back camera');
    });

    it('open nothing for a device that is chosen while none is in use', async () => {
      const { el, core } = await mount();
      el.videoDevice = 'Back camera';
      await settled(el);
      expect(core.methods).to.not.include('startPreview');
    });

    it('raise no unhandled rejection where a device that is chosen while live is not there', async () => {
      const { el, core } = await mountLive();
      core.fail('startPreview', new RtcUserError(6004, 'There is no device "x".'));
      const seen = await unhandled(() => (el.videoDevice = 'x'));
      expect(seen).to.deep.equal([]);
      expect(el.status).to.equal('broadcasting');
    });
  });
});
