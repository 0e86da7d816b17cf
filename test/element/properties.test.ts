import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { NanoWebcaster, RtcUser, RtcUserError } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import { create, mount, mountLive, place, rejection, SERVER, settled, shownText, unhandled } from './support/mount.js';

const READ_ONLY = ['status', 'error', 'devices'] as const;
const DEVICES = {
  audiodevices: [{ id: 'Microphone', index: 0, deviceId: 'a' }],
  videodevices: [{ id: 'Camera', index: 0, deviceId: 'v' }],
};

describe('<nano-webcaster> properties', () => {
  afterEach(() => sinon.restore());

  it('say of a new element that it is idle, has no error, no devices and no stream', () => {
    const el = new NanoWebcaster();
    expect(el.status).to.equal('idle');
    expect(el.error).to.equal(null);
    expect(el.devices).to.deep.equal({ audiodevices: [], videodevices: [] });
    expect(el.mediaStream).to.equal(null);
  });

  for (const name of READ_ONLY) {
    it(`keep ${name} read-only`, async () => {
      const { el } = await mount();
      const before = el[name];
      expect(() => Object.assign(el, { [name]: 'mine' })).to.throw(TypeError);
      expect(el[name]).to.equal(before);
    });
  }

  it('list the devices that the core has told of', async () => {
    const { el, core } = await mount();
    core.emitDevices(DEVICES);
    expect(el.devices).to.deep.equal(DEVICES);
  });

  it('hand iceServers to the core with every start', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    const iceServers = [{ urls: 'stun:stun.example' }];
    el.iceServers = iceServers;
    await el.start();
    expect(core.calls).to.deep.include({ method: 'setConfig', argument: { iceServers } });
  });

  it('hand iceServers to the core at once while live', async () => {
    const { el, core } = await mountLive();
    const iceServers = [{ urls: 'stun:stun.example' }];
    el.iceServers = iceServers;
    await settled(el);
    expect(core.calls).to.deep.equal([{ method: 'setConfig', argument: { iceServers } }]);
  });

  it('hand tokenProvider to the core in place of a token', async () => {
    const { el, core } = await mount(`server="${SERVER}" token="given"`);
    el.tokenProvider = () => 'fresh';
    await el.start();
    const { tokenProvider, ...others } = core.last('signIn') ?? {};
    expect(others).to.deep.equal({ server: SERVER, jwt: 'given' });
    expect(await tokenProvider?.()).to.equal('fresh');
  });

  it('send no token where none is set', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    await el.start();
    const { tokenProvider, ...others } = core.last('signIn') ?? {};
    expect(others).to.deep.equal({ server: SERVER });
    expect(await tokenProvider?.()).to.equal('');
  });

  it('are read for every token that the core asks for while live', async () => {
    const { el, core } = await mount(`server="${SERVER}" token="first"`);
    await el.start();
    const ask = () => core.last('signIn')?.tokenProvider?.();
    expect(await ask()).to.equal('first');
    el.token = 'second';
    expect(await ask()).to.equal('second');
    el.tokenProvider = () => 'provided';
    expect(await ask()).to.equal('provided');
    el.tokenProvider = undefined;
    el.removeAttribute('token');
    expect(await ask()).to.equal('');
  });

  describe('core', () => {
    it('is a RtcUser by itself, and always the same one', async () => {
      const el = create();
      place().append(el);
      const { core } = el;
      expect(core).to.be.instanceOf(RtcUser);
      expect(el.core).to.equal(core);
    });

    it('is not made before it is needed', async () => {
      const setConfig = sinon.spy(RtcUser.prototype, 'setConfig');
      const el = create('width="640" muted controls');
      place().append(el);
      await el.updateComplete;
      expect(setConfig).to.have.property('callCount', 0);
    });

    it('may be one of the page’s own, set before the element is in the page', async () => {
      const core = new FakeCore();
      const el = create(`server="${SERVER}"`);
      el.core = core.asCore;
      place().append(el);
      await el.start();
      expect(el.core).to.equal(core);
      expect(core.isLive).to.equal(true);
    });

    it('may be one of the page’s own, set while the element is in the page', async () => {
      const core = new FakeCore();
      const el = create(`server="${SERVER}"`);
      place().append(el);
      el.core = core.asCore;
      await el.start();
      await settled(el);
      expect(el.status).to.equal('broadcasting');
    });

    it('gets the configuration and the mutes at once', async () => {
      const core = new FakeCore();
      const el = create('reconnect-max-retries="3" muted');
      place().append(el);
      el.core = core.asCore;
      expect(core.last('setConfig')?.reconnect?.maxRetries).to.equal(3);
      expect(core.calls).to.deep.include({ method: 'muteDevice', argument: { kind: 'audioinput', mute: true } });
    });

    it('is left alone where the same one is set again', async () => {
      const { el, core } = await mountLive();
      el.core = core.asCore;
      await settled(el);
      expect(core.methods).to.deep.equal([]);
      expect(el.status).to.equal('broadcasting');
    });

    it('is listened to no more once another one is there', async () => {
      const { el, core } = await mount();
      const heard = sinon.spy();
      el.addEventListener('broadcast-status', heard);
      el.core = new FakeCore().asCore;
      core.emitStatus('broadcasting');
      expect(core.handlerCount).to.equal(0);
      expect(el.status).to.equal('idle');
      expect(heard.callCount).to.equal(0);
    });

    it('is stopped and its camera closed when another one takes its place while live', async () => {
      const { el, core } = await mountLive();
      const next = new FakeCore();
      el.core = next.asCore;
      await settled(el);
      expect(core.isLive).to.equal(false);
      expect(core.isCapturing).to.equal(false);
      expect(el.status).to.equal('idle');
      expect(next.methods).to.not.include.members(['stopPreview']);
    });

    it('closes its preview when another one takes its place', async () => {
      const { el, core } = await mount();
      await el.startPreview();
      el.core = new FakeCore().asCore;
      await settled(el);
      expect(core.isCapturing).to.equal(false);
    });

    it('leaves no stream behind when another one takes its place', async () => {
      const { el } = await mount();
      await el.startPreview();
      await settled(el);
      el.core = new FakeCore().asCore;
      await settled(el);
      expect(el.mediaStream === null, 'no stream').to.equal(true);
    });

    it('is not told to stop what only the one before had started', async () => {
      const { el } = await mountLive();
      const next = new FakeCore();
      el.core = next.asCore;
      await settled(el);
      next.hold('signIn');
      el.start().catch(() => undefined);
      await unhandled(() => el.stop().catch(() => undefined));
      expect(next.methods).to.not.include('stopBroadcast');
    });

    it('fails a start that is under way when another one takes its place', async () => {
      const { el, core } = await mount(`server="${SERVER}"`);
      const held = core.hold('signIn');
      const started = rejection(el.start());
      const next = new FakeCore();
      el.core = next.asCore;
      held.resolve();
      expect(await started).to.be.instanceOf(RtcUserError);
      expect(core.methods).to.not.include('startBroadcast');
      expect(next.methods).to.not.include('startBroadcast');
    });

    it('that the page has brought live shows as live', async () => {
      const { el, core } = await mount();
      await core.startBroadcast();
      await settled(el);
      expect(el.status).to.equal('broadcasting');
    });

    it('that the page has brought live is stopped by stop()', async () => {
      const { el, core } = await mount();
      await core.startBroadcast();
      await settled(el);
      await el.stop();
      expect(core.isLive).to.equal(false);
    });

    it('that the page has brought live is stopped when the element is removed', async () => {
      const { el, core } = await mount();
      await core.startBroadcast();
      await settled(el);
      el.remove();
      await settled(el);
      expect(core.isLive).to.equal(false);
    });
  });

  describe('error', () => {
    it('is what the broadcast failed with', async () => {
      const { el, core } = await mountLive();
      const error = new RtcUserError(5002, 'It could not be brought back.');
      core.emitError('BroadcastError', error);
      expect(el.error).to.equal(error);
    });

    it('is gone with the next start', async () => {
      const { el, core } = await mountLive();
      core.emitError('BroadcastError', new RtcUserError(5002, 'It could not be brought back.'));
      await el.start();
      await settled(el);
      expect(el.error).to.equal(null);
      expect(shownText(el)).to.equal('Live');
    });
  });
});
