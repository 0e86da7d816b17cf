import { aTimeout, expect } from '@open-wc/testing';
import { RtcUserError } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import { create, mount, place, SERVER, settled, unhandled } from './support/mount.js';

const AUTOSTART = `autostart server="${SERVER}"`;

const mountStarted = async () => {
  const { el, core } = await mount(AUTOSTART);
  await settled(el);
  return { el, core };
};

describe('<nano-webcaster> autostart', () => {
  it('goes live as soon as the element is in the page', async () => {
    const { el, core } = await mountStarted();
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('broadcasting');
  });

  it('does nothing by default: no camera, no network', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    await settled(el);
    expect(core.methods).to.not.include.members(['startPreview']);
    expect(core.methods).to.not.include.members(['signIn']);
  });

  it('does nothing outside the page', async () => {
    const core = new FakeCore();
    const el = create(AUTOSTART);
    el.core = core.asCore;
    await aTimeout(0);
    expect(core.methods).to.not.include('startPreview');
  });

  it('does nothing without a server', async () => {
    const { el, core } = await mount('autostart');
    await settled(el);
    expect(core.methods).to.not.include('startPreview');
    expect(el.status).to.equal('idle');
  });

  it('goes live once a server is set later', async () => {
    const { el, core } = await mount('autostart');
    el.server = SERVER;
    await settled(el);
    expect(core.last('signIn')?.server).to.equal(SERVER);
    expect(el.status).to.equal('broadcasting');
  });

  it('goes live where it is set later itself', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.autostart = true;
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
  });

  it('does not go live again after an explicit stop()', async () => {
    const { el, core } = await mountStarted();
    await el.stop();
    el.requestUpdate();
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('idle');
  });

  it('does not go live again after an explicit stop() where the server is changed', async () => {
    const { el, core } = await mountStarted();
    await el.stop();
    el.server = `${SERVER}/other`;
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
  });

  it('does not go live again after an explicit stop() where the element is moved', async () => {
    const { el, core } = await mountStarted();
    await el.stop();
    place().append(el);
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('idle');
  });

  it('does not try again by itself after a start that failed', async () => {
    const el = create(AUTOSTART);
    const core = new FakeCore();
    core.fail('startBroadcast', new RtcUserError(103003, 'The server refused the token.'));
    el.core = core.asCore;
    place().append(el);
    await settled(el);
    el.requestUpdate();
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('failed');
  });

  it('does not try again where the element is moved after a broadcast was given up', async () => {
    const { el, core } = await mountStarted();
    core.emitError('BroadcastError', new RtcUserError(5002, 'Given up.'));
    place().append(el);
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
  });

  it('raises no unhandled rejection where the start fails', async () => {
    const el = create(AUTOSTART);
    const core = new FakeCore();
    core.fail('signIn', new RtcUserError(1002, 'server is no URL.'));
    el.core = core.asCore;
    const seen = await unhandled(async () => {
      place().append(el);
      await settled(el);
    });
    expect(seen).to.deep.equal([]);
    expect(el.status).to.equal('failed');
  });

  it('goes live again after the element was taken out and put in again', async () => {
    const { el, core } = await mountStarted();
    el.remove();
    await settled(el);
    place().append(el);
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(2);
    expect(el.status).to.equal('broadcasting');
  });

  it('goes live again after a stop() where the element was taken out and put in again', async () => {
    const { el, core } = await mountStarted();
    await el.stop();
    el.remove();
    await settled(el);
    place().append(el);
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(2);
  });

  it('starts no second time where the element is moved while live', async () => {
    const { el, core } = await mountStarted();
    place().append(el);
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('broadcasting');
  });

  it('goes live again when the page comes back from the page cache', async () => {
    const { el, core } = await mountStarted();
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    await settled(el);
    expect(core.isLive).to.equal(false);
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(2);
    expect(el.status).to.equal('broadcasting');
  });

  it('starts no second time when the page is shown for the first time', async () => {
    const { el, core } = await mountStarted();
    await el.stop();
    dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }));
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
  });

  it('shares its start with a start() of the page', async () => {
    const { el, core } = await mount(AUTOSTART);
    await el.start();
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
  });
});
