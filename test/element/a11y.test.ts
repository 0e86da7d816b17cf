import { expect, waitUntil } from '@open-wc/testing';
import { en } from '../../src/element/languages/en.js';
import { liveRegion, mount, part, settled, show, STATUSES, textOf } from './support/mount.js';

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

  for (const panel of ['settings', 'stats']) {
    for (const scheme of ['light', 'dark']) {
      it(`has no fault that axe can find with the ${panel} open in ${scheme} colours`, async () => {
        style.colorScheme = scheme;
        const { el, core } = await mount('controls');
        core.emitStatus('broadcasting');
        for (const videoBitrate of [1000, 2000]) core.emitStats({ videoBitrate, audioBitrate: 96 }, 'medium');
        core.emitCapture({ kind: 'audioinput', state: 'silent' });
        el.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.click();
        await settled(el);
        await expect(el).to.be.accessible();
      });
    }
  }

  it('has targets of at least 24 pixels, also in 280 pixels and with everything open', async () => {
    const { el } = await mount('controls style="width: 280px"');
    for (const panel of ['settings', 'stats']) {
      el.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.click();
      await settled(el);
      for (const target of el.renderRoot.querySelectorAll<HTMLElement>('button, select, input')) {
        if (!target.checkVisibility()) continue;
        const { width, height } = target.getBoundingClientRect();
        expect(Math.min(width, height), target.outerHTML).to.be.at.least(24);
      }
    }
  });

  it('gives every button that is pressed or open a state or a changing name, and not both', async () => {
    const { el } = await mount('controls');
    const buttons = [...el.renderRoot.querySelectorAll('.bar button')] as HTMLButtonElement[];
    for (const each of buttons.slice(0, -1)) {
      const before = textOf(each);
      each.click();
      await settled(el);
      expect(textOf(each)).to.equal(before);
      expect(each.ariaPressed ?? each.ariaExpanded).to.match(/true|false/);
    }
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
      if (status !== 'failed') {
        await waitUntil(() => textOf(liveRegion(el, 'status')).includes(en[status]), status, { timeout: 10_000 });
      }
      const said = [textOf(liveRegion(el, 'status')), textOf(liveRegion(el, 'alert'))];
      const [spoken, silent] = status === 'failed' ? said.reverse() : said;
      expect(spoken).to.match(/\p{L}{3,}/u);
      expect(silent).to.equal('');
    });
  }

  it('says why a broadcast has failed', async () => {
    const { el, core } = await mount();
    await show(el, core, 'failed');
    expect(textOf(liveRegion(el, 'alert'))).to.include(en.errors[5002]);
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

  it('hides the coloured dot from screen readers, and never says a status by colour alone', async () => {
    const { el, core } = await mount();
    for (const status of STATUSES) {
      await show(el, core, status);
      expect(el.renderRoot.querySelector('.dot')?.ariaHidden).to.equal('true');
      expect(textOf(part(el, 'status')), status).to.match(/\p{L}{3,}/u);
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
