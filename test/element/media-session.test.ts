import { aTimeout, expect } from '@open-wc/testing';
import sinon from 'sinon';
import { mount, mountLive, settled } from './support/mount.js';

type Handlers = Map<string, (() => void) | null>;

/** What the system's buttons would do, as far as the browser has them. */
function recordHandlers(): Handlers {
  const handlers: Handlers = new Map();
  sinon.stub(navigator.mediaSession, 'setActionHandler').callsFake((action, handler) => {
    handlers.set(action, handler as (() => void) | null);
  });
  return handlers;
}

const ACTIONS = ['togglemicrophone', 'togglecamera', 'hangup'];

describe('<nano-webcaster> system buttons', () => {
  let handlers: Handlers;
  beforeEach(async () => {
    // The elements of the test before are released a task after they left the page.
    await aTimeout(0);
    handlers = recordHandlers();
  });
  afterEach(() => sinon.restore());

  it('do nothing before the broadcast is live', async () => {
    await mount();
    expect([...handlers.values()].filter(Boolean)).to.deep.equal([]);
  });

  it('mute the microphone, turn the camera off and end the broadcast', async () => {
    const { el, core } = await mountLive();
    expect([...handlers.keys()]).to.have.members(ACTIONS);
    handlers.get('togglemicrophone')?.();
    handlers.get('togglecamera')?.();
    expect([el.muted, el.videoMuted]).to.deep.equal([true, true]);
    handlers.get('togglemicrophone')?.();
    expect(el.muted).to.equal(false);
    handlers.get('hangup')?.();
    await settled(el);
    expect(core.isLive).to.equal(false);
  });

  for (const [how, end] of [
    ['the broadcast is stopped', (el) => el.stop()],
    ['the element is removed', (el) => el.remove()],
  ] as [string, (el: HTMLElement & { stop: () => Promise<void> }) => unknown][]) {
    it(`are given back after ${how}`, async () => {
      const { el } = await mountLive();
      await end(el);
      await settled(el);
      await settled(el);
      expect(ACTIONS.map((action) => handlers.get(action))).to.deep.equal([null, null, null]);
    });
  }

  it('are those of the element that went live last, also after the other one stops', async () => {
    const { el: first } = await mountLive();
    const { el: second } = await mountLive();
    await first.stop();
    await settled(first);
    handlers.get('togglemicrophone')?.();
    expect([first.muted, second.muted]).to.deep.equal([false, true]);
  });

  it('are those of the element before again if the one that went live last stops', async () => {
    const { el: first } = await mountLive();
    const { el: second } = await mountLive();
    const { el: third } = await mountLive();
    await second.stop();
    await third.stop();
    await settled(third);
    handlers.get('togglemicrophone')?.();
    expect([first.muted, second.muted, third.muted]).to.deep.equal([true, false, false]);
    await first.stop();
    await settled(first);
    expect(ACTIONS.map((action) => handlers.get(action))).to.deep.equal([null, null, null]);
  });

  it('show what is muted', async () => {
    const session = navigator.mediaSession as unknown as Record<string, (isActive: boolean) => void>;
    if (!session.setMicrophoneActive) return;
    const microphone = sinon.stub(session, 'setMicrophoneActive');
    const camera = sinon.stub(session, 'setCameraActive');
    const { el } = await mountLive();
    el.muted = true;
    await settled(el);
    expect([microphone.lastCall.args[0], camera.lastCall.args[0]]).to.deep.equal([false, true]);
  });

  it('that the browser does not know harm nothing', async () => {
    sinon.restore();
    sinon.stub(navigator.mediaSession, 'setActionHandler').throws(new TypeError('unknown action'));
    const { el } = await mountLive();
    expect(el.status).to.equal('broadcasting');
  });
});
