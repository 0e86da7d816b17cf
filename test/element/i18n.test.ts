import { aTimeout, expect, fixture } from '@open-wc/testing';
import { de } from '../../src/element/languages/de.js';
import { en } from '../../src/element/languages/en.js';
import { addLanguage, RtcUserError, type NanoWebcaster } from '../../src/index.js';
import {
  button,
  liveRegion,
  mount,
  mountLive,
  part,
  settled,
  show,
  shownText,
  STATUSES,
  textOf,
  unhandled,
} from './support/mount.js';

/** Of the main button, the microphone and the camera. */
const labels = (el: NanoWebcaster) =>
  ['.main', '.split:nth-child(1) button', '.split:nth-child(2) button'].map((each) =>
    textOf(el.renderRoot.querySelector(each)),
  );

/** An element inside other markup. */
async function within(markup: (element: string) => string, attributes = ''): Promise<NanoWebcaster> {
  const around = await fixture(markup(`<nano-webcaster ${attributes}></nano-webcaster>`));
  const el = around.querySelector('nano-webcaster') as NanoWebcaster;
  await el.updateComplete;
  return el;
}

describe('<nano-webcaster> language', () => {
  const pageLanguage = document.documentElement.lang;
  afterEach(() => (document.documentElement.lang = pageLanguage));

  it('is English where the page says nothing', async () => {
    document.documentElement.removeAttribute('lang');
    const { el } = await mount();
    expect(shownText(el)).to.equal(en.idle);
  });

  for (const lang of ['de', 'DE', 'de-AT', 'de-Latn-CH-1996']) {
    it(`is German for lang="${lang}"`, async () => {
      const { el } = await mount(`lang="${lang}"`);
      expect(shownText(el)).to.equal(de.idle);
    });
  }

  for (const lang of ['en', 'en-GB', 'fr', 'deu-x', 'den', 'x', '']) {
    it(`is English for lang="${lang}"`, async () => {
      const { el } = await mount(`lang="${lang}"`);
      expect(shownText(el)).to.equal(en.idle);
    });
  }

  it('is that of the page', async () => {
    document.documentElement.lang = 'de';
    const { el } = await mount();
    expect(shownText(el)).to.equal(de.idle);
  });

  it('is that of the closest ancestor', async () => {
    const el = await within((element) => `<div lang="en"><p lang="de">${element}</p></div>`);
    expect(shownText(el)).to.equal(de.idle);
  });

  it('is its own before that of an ancestor', async () => {
    const el = await within((element) => `<div lang="de">${element}</div>`, 'lang="en"');
    expect(shownText(el)).to.equal(en.idle);
  });

  it('is that of an ancestor outside the shadow tree it is in', async () => {
    const outer = await fixture('<div lang="de"><span></span></div>');
    const root = outer.firstElementChild?.attachShadow({ mode: 'open' }) as ShadowRoot;
    const inner = document.createElement('div');
    root.append(inner);
    const el = document.createElement('nano-webcaster');
    inner.attachShadow({ mode: 'open' }).append(el);
    await el.updateComplete;
    expect(shownText(el)).to.equal(de.idle);
  });

  it('changes with lang while the element is in the page', async () => {
    const { el } = await mount('lang="en" controls');
    el.lang = 'de';
    await settled(el);
    expect(shownText(el)).to.equal(de.idle);
    expect(labels(el)).to.deep.equal([de.start, de.microphoneOff, de.cameraOff]);
  });

  it('goes back when lang is removed', async () => {
    document.documentElement.lang = 'en';
    const { el } = await mount('lang="de"');
    el.removeAttribute('lang');
    await settled(el);
    expect(shownText(el)).to.equal(en.idle);
  });

  it('follows the element to another part of the page', async () => {
    const { el } = await mount();
    const german = await fixture('<div lang="de"></div>');
    german.append(el);
    await settled(el);
    expect(shownText(el)).to.equal(de.idle);
  });

  it('follows an element that moveBefore moves, and changes there', async () => {
    const { el } = await mount();
    const german = await fixture<HTMLElement & { moveBefore?: (node: Node, child: null) => void }>(
      '<div lang="de"></div>',
    );
    if (!german.moveBefore) return;
    await aTimeout(0);
    german.moveBefore(el, null);
    await settled(el);
    expect(shownText(el)).to.equal(de.idle);
    german.lang = 'en';
    await aTimeout(0);
    await settled(el);
    expect(shownText(el)).to.equal(en.idle);
  });

  for (const status of STATUSES) {
    it(`has words of its own for ${status} in German`, async () => {
      const { el, core } = await mount('lang="de"');
      await show(el, core, status);
      expect(shownText(el)).to.include(status === 'failed' ? de.failures.ended : de[status]);
    });
  }

  it('holds for the live region, the alert and the label of the preview', async () => {
    const { el, core } = await mount('lang="de"');
    expect(textOf(liveRegion(el, 'status'))).to.equal(de.idle);
    expect(part(el, 'preview')?.getAttribute('aria-label')).to.equal(de.preview);
    await show(el, core, 'failed');
    expect(textOf(liveRegion(el, 'alert'))).to.include(de.failures.ended);
  });

  it('holds for the attempt', async () => {
    const { el, core } = await mount('lang="de"');
    core.emitStatus('reconnecting_broadcast', { attempt: 2, maxRetries: 5, delay: 0 });
    await settled(el);
    expect(shownText(el)).to.include('Versuch läuft');
  });

  describe('strings', () => {
    it('take the place of the ones they name, and of no others', async () => {
      const { el } = await mount('controls');
      el.strings = { start: 'Broadcast now' };
      await settled(el);
      expect(labels(el)).to.deep.equal(['Broadcast now', en.microphoneOff, en.cameraOff]);
      expect(shownText(el)).to.equal(en.idle);
    });

    it('leave the rest in the language of the page', async () => {
      const { el } = await mount('controls lang="de"');
      el.strings = { start: 'Los' };
      await settled(el);
      expect(labels(el)).to.deep.equal(['Los', de.microphoneOff, de.cameraOff]);
    });

    it('may be set before the element is in the page', async () => {
      const el = document.createElement('nano-webcaster');
      el.strings = { idle: 'Prêt' };
      (await fixture('<div></div>')).append(el);
      await el.updateComplete;
      expect(shownText(el)).to.equal('Prêt');
    });

    it('go with an empty object', async () => {
      const { el } = await mount();
      el.strings = { idle: 'Ready' };
      await settled(el);
      el.strings = {};
      await settled(el);
      expect(shownText(el)).to.equal(en.idle);
    });

    it('fall back to the element’s own where one is undefined', async () => {
      const { el } = await mount();
      el.strings = { idle: undefined } as unknown as { idle: string };
      await settled(el);
      expect(shownText(el)).to.equal(en.idle);
    });

    it('may put the attempt into words', async () => {
      const { el, core } = await mount();
      el.strings = { attempt: ({ attempt }, seconds) => `no. ${attempt}, ${seconds} s` };
      core.emitStatus('reconnecting_broadcast', { attempt: 3, delay: 4 });
      await settled(el);
      expect(shownText(el)).to.equal(`${en.causes.network} ${en.reconnecting_broadcast} no. 3, 4 s`);
    });

    it('that throw are reported, replaced by the element’s own, and keep no mute from the broadcast', async () => {
      const { el, core } = await mountLive('controls');
      const thrown = new Error('a mistake of the page');
      const fail = () => {
        throw thrown;
      };
      el.strings = { attempt: fail, ended: fail };
      const seen = await unhandled(async () => {
        core.emitStatus('reconnecting_broadcast', { delay: 4 });
        await settled(el);
        el.muted = true;
        await settled(el);
        expect(shownText(el)).to.include(en.reconnecting_broadcast);
        expect(core.last('muteDevice')).to.deep.equal({ kind: 'videoinput', mute: false });
        expect(core.calls).to.deep.include({ method: 'muteDevice', argument: { kind: 'audioinput', mute: true } });
        await el.stop();
        await settled(el);
        expect(textOf(el.renderRoot.querySelector('.card:not([hidden])'))).to.include('Broadcast ended');
        el.strings = {};
        await settled(el);
      });
      expect(new Set(seen)).to.deep.equal(new Set([thrown]));
    });

    it('may replace one sentence of a group', async () => {
      const { el, core } = await mount();
      el.strings = { failures: { ended: 'Off air' }, errors: { 5002: 'Call the studio.' } };
      core.emitError('BroadcastError', new RtcUserError(5002, 'The server is gone.'));
      await settled(el);
      expect(shownText(el)).to.equal('Off air Call the studio. Try again Details The server is gone. (5002)');
    });
  });

  it('may have a tag that Intl does not know, as gettext writes it', async () => {
    addLanguage('pt_BR', { settings: 'Configurações' });
    const { el } = await mount('controls lang="pt_BR"');
    const seen = await unhandled(async () => {
      button(el, 'Configurações').click();
      await settled(el);
    });
    expect(seen).to.deep.equal([]);
    expect(textOf(part(el, 'settings'))).to.include('600 kb/s');
  });
});
