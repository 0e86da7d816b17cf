import { expect, fixture, waitUntil } from '@open-wc/testing';
import { NanoWebcaster } from '../../src/index.js';

// Without the test support: that imports the controls beside the element.

const bar = (el: NanoWebcaster) => el.renderRoot.querySelector('[part="bar"]');

describe('The module of the controls', () => {
  it('is loaded when an element has the attribute, and not before', async () => {
    const loaded = () =>
      performance.getEntriesByType('resource').some(({ name }) => name.includes('/element/controls/index'));
    const el = await fixture<NanoWebcaster>('<nano-webcaster></nano-webcaster>');
    expect(el).to.be.instanceOf(NanoWebcaster);
    expect(bar(el)).to.equal(null);
    expect(loaded()).to.equal(false);
    el.controls = true;
    await waitUntil(() => bar(el), 'the controls are shown', { timeout: 10_000 });
    expect(loaded()).to.equal(true);
    expect(getComputedStyle(bar(el) as Element).display).to.equal('flex');
  });

  it('serves every element of the page', async () => {
    const el = await fixture<NanoWebcaster>('<nano-webcaster controls></nano-webcaster>');
    await waitUntil(() => bar(el), 'the controls are shown', { timeout: 10_000 });
    el.controls = false;
    await el.updateComplete;
    expect(bar(el)).to.equal(null);
  });
});
