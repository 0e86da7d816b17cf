import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { GIVEN_UP, mount, mountLive, place, SERVER, settled, show, unhandled } from './support/mount.js';

/** A screen that counts who keeps it on, in place of the browser's. */
class FakeScreen {
  readonly request = sinon.stub(navigator.wakeLock, 'request').callsFake(() => this.#answer());
  locks = 0;
  /** Lets the next requests wait until it is called. */
  hold: Promise<void> = Promise.resolve();

  async #answer(): Promise<WakeLockSentinel> {
    await this.hold;
    this.locks += 1;
    let isReleased = false;
    const release = async () => {
      if (!isReleased) this.locks -= 1;
      isReleased = true;
    };
    return { release } as WakeLockSentinel;
  }
}

let visibility: DocumentVisibilityState = 'visible';

function turn(state: DocumentVisibilityState): void {
  visibility = state;
  document.dispatchEvent(new Event('visibilitychange'));
}

describe('<nano-webcaster> wake lock', () => {
  let screen: FakeScreen;

  beforeEach(() => {
    visibility = 'visible';
    sinon.stub(document, 'visibilityState').get(() => visibility);
    screen = new FakeScreen();
  });

  afterEach(() => sinon.restore());

  it('keeps the screen on while live, with one lock', async () => {
    const { el, core } = await mountLive();
    expect(screen.locks).to.equal(1);
    const statuses = ['reconnecting_broadcast', 'connected', 'broadcasting', 'reconnecting', 'broadcasting'] as const;
    for (const status of statuses) {
      await show(el, core, status);
    }
    expect(screen.locks).to.equal(1);
    expect(screen.request.callCount).to.equal(1);
    expect(screen.request.firstCall.args).to.deep.equal(['screen']);
  });

  it('is not asked for while nothing is live', async () => {
    const { el, core } = await mount();
    await el.startPreview();
    for (const status of ['signalling', 'connected', 'failed'] as const) await show(el, core, status);
    expect(screen.request.callCount).to.equal(0);
  });

  it('ends with a stop', async () => {
    const { el } = await mountLive();
    await el.stop();
    await settled(el);
    expect(screen.locks).to.equal(0);
  });

  it('ends where the broadcast is given up', async () => {
    const { el, core } = await mountLive();
    core.emitError('BroadcastError', GIVEN_UP);
    await settled(el);
    expect(screen.locks).to.equal(0);
  });

  it('ends with the removal of the element', async () => {
    const { el } = await mountLive();
    el.remove();
    await settled(el);
    expect(screen.locks).to.equal(0);
  });

  it('ends where the page is left', async () => {
    const { el } = await mountLive();
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
    await settled(el);
    expect(screen.locks).to.equal(0);
  });

  it('goes on where the element is moved', async () => {
    const { el } = await mountLive();
    place().append(el);
    await settled(el);
    expect(screen.locks).to.equal(1);
    turn('hidden');
    turn('visible');
    await settled(el);
    expect(screen.locks).to.equal(1);
  });

  it('is taken again when the page is seen again, and not while it is hidden', async () => {
    const { el, core } = await mountLive();
    turn('hidden');
    await show(el, core, 'reconnecting_broadcast');
    expect(screen.locks).to.equal(0);
    expect(screen.request.callCount).to.equal(1);
    turn('visible');
    await settled(el);
    expect(screen.locks).to.equal(1);
  });

  it('is not taken when the page is seen again after a stop', async () => {
    const { el } = await mountLive();
    await el.stop();
    turn('hidden');
    turn('visible');
    await settled(el);
    expect(screen.locks).to.equal(0);
  });

  it('that comes after the stop is given back', async () => {
    let answer: () => void = () => undefined;
    screen.hold = new Promise((resolve) => (answer = resolve));
    const { el } = await mountLive();
    await el.stop();
    await settled(el);
    answer();
    await settled(el);
    expect(screen.request.callCount).to.equal(1);
    expect(screen.locks).to.equal(0);
  });

  it('is not taken with no-wake-lock, which may change while live', async () => {
    const { el } = await mountLive('no-wake-lock');
    expect(screen.request.callCount).to.equal(0);
    el.noWakeLock = false;
    await settled(el);
    expect(screen.locks).to.equal(1);
    el.noWakeLock = true;
    await settled(el);
    expect(screen.locks).to.equal(0);
  });

  it('of two elements is one each', async () => {
    const { el: one } = await mountLive();
    const { el: other } = await mountLive();
    await one.stop();
    await settled(one);
    expect(screen.locks).to.equal(1);
    await other.stop();
    await settled(other);
    expect(screen.locks).to.equal(0);
  });

  it('that is refused is asked for once, and harms nothing', async () => {
    screen.request.rejects(new DOMException('no', 'NotAllowedError'));
    const seen = await unhandled(async () => {
      const { el, core } = await mountLive();
      await show(el, core, 'reconnecting_broadcast');
      await show(el, core, 'broadcasting');
      expect(el.status).to.equal('broadcasting');
    });
    expect(seen).to.deep.equal([]);
    expect(screen.request.callCount).to.equal(1);
  });

  it('that the browser does not have is done without', async () => {
    sinon.stub(navigator, 'wakeLock').get(() => undefined);
    const seen = await unhandled(async () => {
      const { el } = await mount(`server="${SERVER}"`);
      await el.start();
      await settled(el);
      expect(el.status).to.equal('broadcasting');
      el.remove();
    });
    expect(seen).to.deep.equal([]);
  });
});
