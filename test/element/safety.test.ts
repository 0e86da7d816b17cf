import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import type { NanoWebcaster } from '../../src/index.js';
import { press } from './support/keys.js';
import { button, mount, mountLive, part, SERVER, settled, show } from './support/mount.js';

const main = (el: NanoWebcaster) => el.renderRoot.querySelector<HTMLButtonElement>('.main') as HTMLButtonElement;
const question = (el: NanoWebcaster) => el.renderRoot.querySelector<HTMLElement>('[role="alertdialog"]');
const answers = (el: NanoWebcaster) => [...(question(el)?.querySelectorAll('button') ?? [])];

async function click(el: NanoWebcaster, button: HTMLElement | undefined): Promise<void> {
  button?.click();
  await settled(el);
}

describe('<nano-webcaster> safe buttons', () => {
  let now = 1000;
  beforeEach(() => {
    sinon.stub(performance, 'now').callsFake(() => now);
  });
  afterEach(() => sinon.restore());
  const wait = () => (now += 1000);

  it('start once for a double click on Go live, and go on', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    main(el).click();
    main(el).click();
    await settled(el);
    main(el).click();
    await settled(el);
    expect(core.count('startBroadcast')).to.equal(1);
    expect(core.isLive).to.equal(true);
    expect(question(el)).to.equal(null);
  });

  it('ask once before a live broadcast ends', async () => {
    const { el, core } = await mountLive('controls');
    wait();
    await click(el, main(el));
    expect(question(el)).to.not.equal(null);
    expect(core.isLive).to.equal(true);
    wait();
    await click(el, answers(el)[1]);
    expect(core.isLive).to.equal(false);
    expect(question(el)).to.equal(null);
  });

  it('ask too until a broadcast that was lost is live again, and offer no Cancel', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 1, delay: 0 });
    core.emitStatus('connected');
    await settled(el);
    wait();
    expect(part(el, 'card')?.querySelectorAll('button').length).to.equal(0);
    await click(el, main(el));
    expect(question(el)).to.not.equal(null);
    expect(core.isLive).to.equal(true);
  });

  it('do not take the second click of a double click on End for the answer', async () => {
    const { el, core } = await mountLive('controls');
    wait();
    await click(el, main(el));
    answers(el)[1]?.dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true, composed: true }));
    await settled(el);
    expect(core.isLive).to.equal(true);
    expect(question(el)).to.not.equal(null);
  });

  for (const [words, attributes] of [
    ['Turn on preview', 'controls'],
    ['Try again', `controls server="${SERVER}"`],
  ] as const) {
    it(`do not take the second click of a double click on ${words} for Cancel`, async () => {
      const { el, core } = await mount(attributes);
      if (words === 'Try again') await show(el, core, 'failed');
      core.hold('startPreview');
      await click(el, button(el, words));
      expect(el.status).to.equal('requesting');
      button(el, 'Cancel').dispatchEvent(new MouseEvent('click', { detail: 2, bubbles: true, composed: true }));
      await settled(el);
      expect(core.count('stopPreview')).to.equal(0);
      await click(el, button(el, 'Cancel'));
      expect(core.count('stopPreview')).to.equal(1);
    });
  }

  it('take an answer by keyboard at once', async () => {
    const { el, core } = await mountLive('controls');
    wait();
    main(el).focus();
    for (const key of ['Enter', 'Tab', 'Enter']) {
      await press(key);
      await settled(el);
    }
    expect(core.isLive).to.equal(false);
  });

  it('keep the broadcast if the answer is no, and give the focus back', async () => {
    const { el, core } = await mountLive('controls');
    wait();
    await click(el, main(el));
    expect(el.shadowRoot?.activeElement).to.equal(answers(el)[0]);
    await click(el, answers(el)[0]);
    await settled(el);
    expect(core.isLive).to.equal(true);
    expect(question(el)).to.equal(null);
    expect(el.shadowRoot?.activeElement).to.equal(main(el));
  });

  it('ask by keyboard too, and Escape keeps the broadcast', async () => {
    const { el, core } = await mountLive('controls');
    wait();
    main(el).focus();
    await press('Enter');
    await settled(el);
    expect(question(el)).to.not.equal(null);
    await press('Escape');
    await settled(el);
    expect(question(el)).to.equal(null);
    expect(core.isLive).to.equal(true);
  });

  it('ask no more once the broadcast has ended otherwise', async () => {
    const { el } = await mountLive('controls');
    wait();
    await click(el, main(el));
    await el.stop();
    await settled(el);
    expect(question(el)).to.equal(null);
  });

  it('cancel a start without a question', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.hold('startBroadcast');
    void el.start().catch(() => undefined);
    await settled(el);
    wait();
    const cancel = part(el, 'card')?.querySelector<HTMLButtonElement>('.actions button');
    await click(el, cancel ?? undefined);
    expect(core.isLive).to.equal(false);
    expect(el.status).to.equal('idle');
  });
});
