import { expect } from '@open-wc/testing';
import { mount, settled, show, shownSlots, shownText, slots, STATUSES } from './support/mount.js';

const CONTENT = STATUSES.map((status) => `<p slot="${status}">mine for ${status}</p>`).join('');

describe('<nano-webcaster> slots', () => {
  for (const status of STATUSES) {
    it(`show the one of ${status} and hide all others`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      expect(shownSlots(el)).to.deep.equal([status]);
    });

    it(`have a fallback in words for ${status}`, async () => {
      const { el, core } = await mount();
      await show(el, core, status);
      expect(shownText(el)).to.match(/\p{L}{3,}/u);
    });

    it(`show the page's own content for ${status} in place of the fallback`, async () => {
      const { el, core } = await mount('', CONTENT);
      await show(el, core, status);
      const shown = [...el.children].filter((child) => child.checkVisibility());
      expect(shown.map(({ slot }) => slot)).to.deep.equal([status]);
      expect(shownText(el)).to.equal(`mine for ${status}`);
    });
  }

  it('stay the same nodes over all statuses, so that a page’s content is never thrown away', async () => {
    const { el, core } = await mount('', CONTENT);
    const before = { slots: slots(el), children: [...el.children] };
    for (const status of STATUSES) await show(el, core, status);
    expect(slots(el)).to.deep.equal(before.slots);
    expect([...el.children]).to.deep.equal(before.children);
  });

  it('mix the page’s own content with fallbacks', async () => {
    const { el, core } = await mount('', '<b slot="broadcasting">On air</b>');
    expect(shownText(el)).to.equal('Not live');
    await show(el, core, 'broadcasting');
    expect(shownText(el)).to.equal('On air');
  });

  it('take several elements for one status', async () => {
    const { el } = await mount('', '<b slot="idle">One</b><i slot="idle">Two</i>');
    expect(shownText(el)).to.equal('One Two');
  });

  it('take content that comes later, and give the fallback back when it goes', async () => {
    const { el } = await mount();
    const content = document.createElement('p');
    content.slot = 'idle';
    content.textContent = 'Ready when you are';
    el.append(content);
    await settled(el);
    expect(shownText(el)).to.equal('Ready when you are');
    content.remove();
    await settled(el);
    expect(shownText(el)).to.equal('Not live');
  });

  it('show nothing of content without a slot', async () => {
    const { el } = await mount('', '<p>Your browser is too old.</p>');
    expect(el.firstElementChild?.checkVisibility()).to.equal(false);
  });

  it('show nothing of content in a slot that there is not', async () => {
    const { el } = await mount('', '<p slot="reconnecting-broadcast">a typing error</p>');
    expect(el.firstElementChild?.checkVisibility()).to.equal(false);
  });

  it('let a page’s own button in a slot be clicked', async () => {
    const { el } = await mount('', '<button slot="idle">Begin</button>');
    let clicks = 0;
    el.addEventListener('click', () => clicks++);
    el.querySelector('button')?.click();
    expect(clicks).to.equal(1);
  });
});
