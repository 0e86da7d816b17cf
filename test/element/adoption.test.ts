import { expect, waitUntil } from '@open-wc/testing';
import type { NanoWebcaster } from '../../src/index.js';
import { controlsLoaded, create, mountLive, part, place, settled } from './support/mount.js';
import { FakeCore } from './support/fake-core.js';

/** Another document, as that of a window or an iframe that the page fills itself. */
async function otherDocument(): Promise<Document> {
  const frame = document.createElement('iframe');
  place().append(frame);
  await waitUntil(() => frame.contentDocument?.body, 'the frame is there');
  return frame.contentDocument as Document;
}

const displayOf = (el: NanoWebcaster, name: string) => {
  const found = part(el, name) as HTMLElement;
  return found.ownerDocument.defaultView?.getComputedStyle(found).display;
};

describe('<nano-webcaster> in another document', () => {
  it('keeps its styles and stays live', async () => {
    const { el, core } = await mountLive('controls');
    const target = await otherDocument();
    target.body.append(el);
    await settled(el);
    expect(el.ownerDocument).to.equal(target);
    expect([displayOf(el, 'stage'), displayOf(el, 'bar')]).to.deep.equal(['grid', 'flex']);
    expect([el.status, core.isLive]).to.deep.equal(['broadcasting', true]);
    expect(core.methods).to.deep.equal([]);
  });

  it('keeps its styles when it comes back', async () => {
    const { el } = await mountLive('controls');
    const home = el.parentElement as HTMLElement;
    (await otherDocument()).body.append(el);
    await settled(el);
    home.append(el);
    await settled(el);
    expect([displayOf(el, 'stage'), displayOf(el, 'bar')]).to.deep.equal(['grid', 'flex']);
  });

  it('gets the styles of controls that come only there', async () => {
    const { el } = await mountLive();
    (await otherDocument()).body.append(el);
    el.controls = true;
    await controlsLoaded(el);
    expect(displayOf(el, 'bar')).to.equal('flex');
  });

  it('ends the broadcast when its frame is taken away', async () => {
    const { el, core } = await mountLive('controls');
    const target = await otherDocument();
    target.body.append(el);
    await settled(el);
    target.defaultView?.frameElement?.remove();
    await waitUntil(() => !core.isLive && !core.isCapturing, 'the broadcast ends');
  });

  it('stays live when the page takes it back before its frame goes', async () => {
    const { el, core } = await mountLive('controls');
    const home = el.parentElement as HTMLElement;
    const target = await otherDocument();
    target.body.append(el);
    await settled(el);
    target.defaultView?.addEventListener('pagehide', () => home.append(el));
    target.defaultView?.frameElement?.remove();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([el.status, core.isLive, core.methods]).to.deep.equal(['broadcasting', true, []]);
  });

  it('has its styles if it was adopted before it was ever shown', async () => {
    const el = create('controls');
    el.core = new FakeCore().asCore;
    (await otherDocument()).body.append(el);
    await controlsLoaded(el);
    expect([displayOf(el, 'stage'), displayOf(el, 'bar')]).to.deep.equal(['grid', 'flex']);
  });
});
