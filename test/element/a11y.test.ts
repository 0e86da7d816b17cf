import { expect } from '@open-wc/testing';
import { GIVEN_UP, liveRegion, mount, part, settled, show, STATUSES, textOf } from './support/mount.js';

const { style } = document.documentElement;

describe('<nano-webcaster> accessibility', () => {
  afterEach(() => (style.colorScheme = ''));

  for (const scheme of ['light', 'dark']) {
    for (const status of STATUSES) {
      it(`has no fault that axe can find while ${status} in ${scheme} colours`, async () => {
        style.colorScheme = scheme;
        const { el, core } = await mount();
        await show(el, core, status);
        await expect(el).to.be.accessible();
      });

      it(`has no fault that axe can find with controls while ${status} in ${scheme} colours`, async () => {
        style.colorScheme = scheme;
        const { el, core } = await mount('controls muted');
        await show(el, core, status);
        await expect(el).to.be.accessible();
      });
    }
  }

  it('has no fault that axe can find with the page’s own content and in German', async () => {
    const { el } = await mount('controls lang="de"', '<p slot="idle">Gleich geht es los.</p>');
    await expect(el).to.be.accessible();
  });

  it('has both live regions from the start, in every status the same nodes', async () => {
    const { el, core } = await mount();
    const before = [liveRegion(el, 'status'), liveRegion(el, 'alert')];
    for (const status of STATUSES) await show(el, core, status);
    expect([liveRegion(el, 'status'), liveRegion(el, 'alert')]).to.deep.equal(before);
  });

  for (const status of STATUSES) {
    it(`says ${status} once: ${status === 'failed' ? 'as an alert' : 'politely'}`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      const said = [textOf(liveRegion(el, 'status')), textOf(liveRegion(el, 'alert'))];
      const [spoken, silent] = status === 'failed' ? said.reverse() : said;
      expect(spoken).to.match(/\p{L}{3,}/u);
      expect(silent).to.equal('');
    });
  }

  it('says why a broadcast has failed', async () => {
    const { el, core } = await mount();
    await show(el, core, 'failed');
    expect(textOf(liveRegion(el, 'alert'))).to.include(GIVEN_UP.message);
  });

  it('says nothing anew for every attempt', async () => {
    const { el, core } = await mount();
    core.emitStatus('reconnecting_broadcast', { attempt: 1, delay: 0 });
    await settled(el);
    const before = textOf(liveRegion(el, 'status'));
    core.emitStatus('reconnecting_broadcast', { attempt: 2, delay: 0 });
    await settled(el);
    expect(textOf(liveRegion(el, 'status'))).to.equal(before);
  });

  it('hides the live regions from the eye and not from a screen reader', async () => {
    const { el } = await mount();
    for (const role of ['status', 'alert'] as const) {
      const { display, visibility, position } = getComputedStyle(liveRegion(el, role));
      expect({ display, visibility, position }).to.deep.equal({
        display: 'block',
        visibility: 'visible',
        position: 'absolute',
      });
      expect(liveRegion(el, role).getBoundingClientRect().width).to.be.at.most(1);
    }
  });

  it('hides the coloured light from screen readers, and never says a status by colour alone', async () => {
    const { el, core } = await mount();
    for (const status of STATUSES) {
      await show(el, core, status);
      const light = el.renderRoot.querySelector<HTMLElement>('.light');
      expect(light?.ariaHidden).to.equal('true');
      expect(light?.dataset.status).to.equal(status);
    }
  });

  it('names the preview', async () => {
    const { el } = await mount();
    expect(part(el, 'preview')?.getAttribute('aria-label')).to.equal('Preview');
  });

  it('takes no role and no tab stop on the element itself', async () => {
    const { el } = await mount('controls');
    expect(el.hasAttribute('role')).to.equal(false);
    expect(el.tabIndex).to.equal(-1);
  });
});
