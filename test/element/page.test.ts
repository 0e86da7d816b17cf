import { expect, fixture } from '@open-wc/testing';
import sinon from 'sinon';
import type { NanoWebcaster } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import { press } from './support/keys.js';
import { create, mountLive, part, SERVER, settled } from './support/mount.js';

/** An element in a piece of markup, in place of its `<template>`. */
async function mountIn(markup: string): Promise<{ outer: HTMLElement; el: NanoWebcaster; core: FakeCore }> {
  const outer = await fixture<HTMLElement>(markup);
  const core = new FakeCore();
  const el = create(`controls server="${SERVER}"`);
  el.core = core.asCore;
  outer.querySelector('template')?.replaceWith(el);
  await el.updateComplete;
  return { outer, el, core };
}

const mainButton = (el: NanoWebcaster) => part(el, 'start-button') ?? part(el, 'stop-button');
const buttons = (el: NanoWebcaster) => [...el.renderRoot.querySelectorAll('button')];

describe('<nano-webcaster> in a page', () => {
  describe('inside a form', () => {
    const FORM = '<form><input name="title" value="Show"><template></template><button>Send</button></form>';

    it('submits it by none of its buttons', async () => {
      const { outer, el } = await mountIn(FORM);
      const submitted = sinon.spy((event: Event) => event.preventDefault());
      outer.addEventListener('submit', submitted);
      for (const button of buttons(el)) button.click();
      await settled(el);
      expect(buttons(el)).to.not.deep.equal([]);
      expect(submitted.callCount).to.equal(0);
    });

    it('submits it by no key', async () => {
      const { outer, el, core } = await mountIn(FORM);
      const submitted = sinon.spy((event: Event) => event.preventDefault());
      outer.addEventListener('submit', submitted);
      mainButton(el)?.focus();
      await press('Enter');
      await settled(el);
      expect(core.isLive).to.equal(true);
      expect(submitted.callCount).to.equal(0);
    });

    it('adds nothing to what it sends, and goes on when it is reset', async () => {
      const { outer, el } = await mountIn(FORM);
      await el.start();
      (outer as HTMLFormElement).reset();
      await settled(el);
      expect([...new FormData(outer as HTMLFormElement).keys()]).to.deep.equal(['title']);
      expect(el.status).to.equal('broadcasting');
    });
  });

  describe('inside a modal dialog', () => {
    it('lets Escape close it, and goes on broadcasting', async () => {
      const { outer, el, core } = await mountIn('<dialog><template></template></dialog>');
      const dialog = outer as HTMLDialogElement;
      dialog.showModal();
      await el.start();
      mainButton(el)?.focus();
      expect(document.activeElement === el).to.equal(true);
      await press('Escape');
      expect(dialog.open).to.equal(false);
      expect(core.isLive).to.equal(true);
      dialog.showModal();
      await settled(el);
      expect(el.status).to.equal('broadcasting');
      dialog.close();
    });

    it('gives the focus back to where it was before', async () => {
      const { outer, el } = await mountIn('<div><button>Open</button><dialog><template></template></dialog></div>');
      const opener = outer.querySelector('button');
      const dialog = outer.querySelector('dialog');
      opener?.focus();
      dialog?.showModal();
      mainButton(el)?.focus();
      dialog?.close();
      expect(document.activeElement === opener).to.equal(true);
    });

    it('can be stopped by the keyboard alone', async () => {
      const { outer, el, core } = await mountIn('<dialog><template></template></dialog>');
      await el.start();
      (outer as HTMLDialogElement).showModal();
      mainButton(el)?.focus();
      for (const key of ['Enter', 'Tab', 'Enter']) {
        await press(key);
        await settled(el);
      }
      expect(core.isLive).to.equal(false);
      (outer as HTMLDialogElement).close();
    });
  });

  it('goes on broadcasting while it is hidden', async () => {
    const { el, core } = await mountLive();
    el.hidden = true;
    await settled(el);
    expect(el.checkVisibility()).to.equal(false);
    expect(core.methods).to.deep.equal([]);
    el.hidden = false;
    expect(el.checkVisibility()).to.equal(true);
    expect(el.status).to.equal('broadcasting');
  });

  it('goes on broadcasting while something around it is not rendered', async () => {
    const { outer, el, core } = await mountIn('<details open><summary>Studio</summary><template></template></details>');
    await el.start();
    core.forgetCalls();
    (outer as HTMLDetailsElement).open = false;
    await settled(el);
    expect(core.methods).to.deep.equal([]);
    expect(el.status).to.equal('broadcasting');
  });
});
