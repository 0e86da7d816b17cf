import { aTimeout, expect } from '@open-wc/testing';
import { GIVEN_UP, mount, mountLive, place, settled, show } from './support/mount.js';

/** Whether the browser would ask before the page is left now. */
function asks(): boolean {
  const leaving = new Event('beforeunload', { cancelable: true });
  dispatchEvent(leaving);
  return leaving.defaultPrevented;
}

describe('<nano-webcaster> leaving the page', () => {
  // The elements of the test before are released a task after they left.
  beforeEach(() => aTimeout(0));

  for (const status of ['broadcasting', 'reconnecting', 'reconnecting_broadcast'] as const) {
    it(`is asked about while ${status}`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      expect(asks()).to.equal(true);
    });
  }

  for (const status of ['idle', 'signalling', 'connected', 'failed'] as const) {
    it(`is not asked about while ${status}`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      expect(asks()).to.equal(false);
    });
  }

  it('is not asked about while only the preview is open', async () => {
    const { el } = await mount();
    await el.startPreview();
    await settled(el);
    expect(asks()).to.equal(false);
  });

  it('is not asked about any more after a stop, or where the broadcast was given up', async () => {
    const { el } = await mountLive();
    await el.stop();
    await settled(el);
    expect(asks()).to.equal(false);
    const { el: other, core } = await mountLive();
    core.emitError('BroadcastError', GIVEN_UP);
    await settled(other);
    expect(asks()).to.equal(false);
  });

  it('is not asked about any more once the element is removed', async () => {
    const { el } = await mountLive();
    el.remove();
    await settled(el);
    expect(asks()).to.equal(false);
  });

  it('is asked about after the element was moved', async () => {
    const { el } = await mountLive();
    place().append(el);
    await settled(el);
    expect(asks()).to.equal(true);
  });

  it('is asked about as long as one of several elements is live', async () => {
    const { el: one } = await mountLive();
    const { el: other } = await mountLive();
    await one.stop();
    await settled(one);
    expect(asks()).to.equal(true);
    await other.stop();
    await settled(other);
    expect(asks()).to.equal(false);
  });
});
