/** Chromium's `<usermedia>` after a denial, and what other browsers show in its place. */
import { expect } from '@open-wc/testing';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import type { FakeCore } from './support/fake-core.js';
import { button, mount, part, SERVER, settled } from './support/mount.js';

const isThere = 'HTMLUserMediaElement' in window;
const DENIED = new RtcUserError(6005, 'Denied.', new DOMException('Permission denied', 'NotAllowedError'));

type Element_ = HTMLElement & { stream: MediaStream | null; error: DOMException | null };

async function denied(attributes = ''): Promise<{ el: NanoWebcaster; core: FakeCore; asking: Element_ | null }> {
  const { el, core } = await mount(`controls server="${SERVER}" ${attributes}`);
  core.fail('startPreview', DENIED);
  await el.start().catch(() => undefined);
  await settled(el);
  return { el, core, asking: el.renderRoot.querySelector('usermedia') };
}

const buttons = (el: NanoWebcaster) => [...el.renderRoot.querySelectorAll('button')].map(({ innerText }) => innerText);

/** What the browser would tell; only a person can press the button. */
function tell(asking: Element_ | null, type: 'stream' | 'error', value: object): void {
  if (asking) Object.defineProperty(asking, type, { value, configurable: true });
  asking?.dispatchEvent(new Event(type));
}

describe('After a denial', () => {
  it('the browser’s own button asks again where there is one, and else the sentence says where to allow', async () => {
    const { el, asking } = await denied();
    expect(asking !== null).to.equal(isThere);
    expect(buttons(el).includes('Try again')).to.equal(!isThere);
    const words = isThere ? 'Press this button' : 'address bar';
    expect(part(el, 'card')?.innerText).to.include(words);
  });

  it('without camera or microphone the sentence says where to allow: the button asks for both', async () => {
    const { el, asking } = await denied('video-device="none"');
    expect(asking).to.equal(null);
    expect(buttons(el)).to.include('Try again');
  });

  it('a denial by the system has the usual button: the browser cannot ask for that', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    const bySystem = new DOMException('Permission denied by system', 'NotAllowedError');
    core.fail('startPreview', new RtcUserError(6005, 'Denied.', bySystem));
    await el.start().catch(() => undefined);
    await settled(el);
    expect(el.renderRoot.querySelector('usermedia')).to.equal(null);
    expect(buttons(el)).to.include('Try again');
  });

  if (!isThere) return;

  it('what it has allowed is opened by the element, and the start goes on', async () => {
    const { el, core, asking } = await denied();
    const stopped: string[] = [];
    const track = { stop: () => stopped.push('track') };
    tell(asking, 'stream', { getTracks: () => [track] });
    await settled(el);
    await settled(el);
    expect(stopped).to.deep.equal(['track']);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(el.status).to.equal('broadcasting');
  });

  it('another denial leaves the button', async () => {
    const { el, asking } = await denied();
    tell(asking, 'error', new DOMException('', 'NotAllowedError'));
    await settled(el);
    expect(el.renderRoot.querySelector('usermedia')).to.equal(asking);
  });

  it('the usual button comes if it does not work here, as in some frames', async () => {
    const { el, core, asking } = await denied();
    tell(asking, 'error', new DOMException('', 'InvalidStateError'));
    await settled(el);
    // It may have been clicked too soon after it appeared.
    expect(el.renderRoot.querySelector('usermedia')).to.equal(asking);
    tell(asking, 'error', new DOMException('', 'InvalidStateError'));
    await settled(el);
    expect(el.renderRoot.querySelector('usermedia')).to.equal(null);
    expect(part(el, 'card')?.innerText).to.include('address');
    button(el, 'Try again').click();
    await settled(el);
    await settled(el);
    expect(core.isLive).to.equal(true);
  });

  it('it is drawn as the browser demands it: opaque, not too high, with room around', async () => {
    const { asking } = await denied('style="width: 280px"');
    const style = getComputedStyle(asking as Element);
    const fontSize = parseFloat(style.fontSize);
    expect((asking as Element).getBoundingClientRect().height).to.be.within(24, 3 * fontSize + 0.5);
    expect(parseFloat(style.marginTop)).to.be.at.least(4);
    expect(style.backgroundColor).to.not.match(/\/|rgba/);
  });
});
