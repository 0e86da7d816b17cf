import { expect, fixture } from '@open-wc/testing';
import sinon from 'sinon';
import { ar } from '../../src/element/languages/ar.js';
import { de } from '../../src/element/languages/de.js';
import { en } from '../../src/element/languages/en.js';
import { es } from '../../src/element/languages/es.js';
import { fr } from '../../src/element/languages/fr.js';
import { ja } from '../../src/element/languages/ja.js';
import { languages } from '../../src/element/languages/registry.js';
import { addLanguage, RtcUserError, type Strings } from '../../src/index.js';
import { button, mount, mountLive, part, settled, show, shownText, STATUSES, textOf } from './support/mount.js';

const OTHERS: Record<string, Strings> = { ar, de, es, fr, ja };

/** Every name of a word, with those within groups. */
function names(words: object, prefix = ''): string[] {
  return Object.entries(words).flatMap(([name, word]) =>
    typeof word === 'object' ? names(word, `${prefix}${name}.`) : `${prefix}${name}`,
  );
}

describe('<nano-webcaster> languages', () => {
  const { documentElement } = document;
  afterEach(() => {
    documentElement.lang = '';
    documentElement.removeAttribute('dir');
  });

  for (const [tag, words] of Object.entries(OTHERS)) {
    it(`have every word in ${tag}`, () => {
      expect(names(words)).to.have.members(names(en));
    });

    it(`repeat no English sentence in ${tag}`, () => {
      const isSentence = (word: unknown): word is string => typeof word === 'string' && word.includes(' ');
      const sentences = (all: object): string[] =>
        Object.values(all).flatMap((each: unknown) =>
          typeof each === 'object' && each ? sentences(each) : isSentence(each) ? [each] : [],
        );
      const english = new Set(sentences(en));
      expect(sentences(words).filter((each) => english.has(each))).to.deep.equal([]);
    });

    it(`fit into 280 pixels in ${tag} in every status`, async () => {
      const { el, core } = await mount(`controls lang="${tag}" style="width: 280px"`);
      for (const panel of ['settings', 'stats']) {
        el.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.click();
        for (const status of STATUSES) {
          await show(el, core, status);
          const base = part(el, 'base');
          expect(base?.scrollWidth, status).to.be.at.most(base?.clientWidth ?? 0);
        }
      }
    });
  }

  it('keep their own text in place of any that is of another type', async () => {
    const { el, core } = await mountLive('controls');
    const strings = { attempt: 'x', causes: null, errors: 5, capture: { silent: 'x' }, idle: {}, broadcasting: null };
    for (const wrong of [strings, null, 5, 'text', [strings]]) {
      Object.assign(el, { strings: wrong });
      core.emitStatus('broadcasting');
      await settled(el);
      expect(shownText(el)).to.equal('Live');
      core.emitCapture({ kind: 'audioinput', state: 'silent', device: 'Mic' });
      core.emitStatus('reconnecting_broadcast', { delay: 3 });
      await settled(el);
      expect(shownText(el)).to.include('Connection lost').and.include('Next try in 3 s');
    }
  });

  it('say in words of the page why it has failed', async () => {
    const { el, core } = await mountLive('lang="de"');
    core.emitError('BroadcastError', new RtcUserError(5002, 'The server is gone.'));
    await settled(el);
    expect(shownText(el)).to.include(de.errors[5002]);
    expect(textOf(el.renderRoot.querySelector('slot:not([hidden]) .sentence'))).to.not.include('The server');
  });

  it('tell a camera that was not allowed from one that is in use', async () => {
    const { el, core } = await mount('lang="de"');
    const cause = new DOMException('Denied', 'NotAllowedError');
    core.emitError('StartBroadcastError', new RtcUserError(6005, 'It was not allowed.', cause));
    await settled(el);
    expect(shownText(el)).to.include(de.errors['NotAllowedError']);
  });

  it('say that a device is missing where the browser found none', async () => {
    for (const name of ['NotFoundError', 'OverconstrainedError']) {
      const { el, core } = await mount('lang="de"');
      core.emitError('StartBroadcastError', new RtcUserError(6005, 'It is missing.', new DOMException('None', name)));
      await settled(el);
      expect(shownText(el)).to.include(de.errors[6004]);
    }
  });

  it('send the person to the site if the page is wrong, and keep the reason for support', async () => {
    const { el, core } = await mountLive('lang="de"');
    sinon.stub(console, 'error');
    core.emitError('BroadcastError', new RtcUserError(1002, 'server must be an https URL.'));
    sinon.restore();
    await settled(el);
    expect(shownText(el)).to.include(`${de.failures.setup} ${de.errors[1002]}`);
    expect(textOf(el.renderRoot.querySelector('slot:not([hidden]) details p'))).to.equal(
      'server must be an https URL. (1002)',
    );
  });

  it('may come after the element', async () => {
    const { el } = await mount('lang="x-late"');
    expect(shownText(el)).to.equal(en.idle);
    addLanguage('x-late', { idle: 'Later' });
    await settled(el);
    expect(shownText(el)).to.equal('Later');
    languages.words.delete('x-late');
  });

  it('are English where they have no word', async () => {
    addLanguage('x-half', { start: 'Begin' });
    const { el } = await mount('controls lang="x-half"');
    expect(button(el, 'Begin')).to.be.instanceOf(HTMLButtonElement);
    expect(shownText(el)).to.equal(en.idle);
    languages.words.delete('x-half');
  });

  it('leave nothing behind when the element is removed', async () => {
    const before = languages.listeners.size;
    const { el } = await mount();
    expect(languages.listeners.size).to.equal(before + 1);
    el.remove();
    expect(languages.listeners.size).to.equal(before);
  });

  it('follow lang where it changes on an ancestor', async () => {
    const { el } = await mount();
    documentElement.lang = 'es';
    await settled(el);
    expect(shownText(el)).to.equal(es.idle);
  });

  it('follow lang where it changes outside the shadow tree that the element is in', async () => {
    const outer = await fixture<HTMLElement>('<div></div>');
    const el = document.createElement('nano-webcaster');
    outer.attachShadow({ mode: 'open' }).append(el);
    await el.updateComplete;
    outer.lang = 'fr';
    await settled(el);
    expect(shownText(el)).to.equal(fr.idle);
  });

  it('say to screen readers which language it is', async () => {
    const { el } = await mount('lang="pt"');
    expect(part(el, 'base')?.lang).to.equal('en');
    el.lang = 'fr-CA';
    await settled(el);
    expect(part(el, 'base')?.lang).to.equal('fr');
  });

  for (const lang of ['en', ...Object.keys(OTHERS)]) {
    it(`have room for the whole recommended resolution at 280 pixels in ${lang}`, async () => {
      const { el } = await mount(`controls lang="${lang}" style="inline-size: 280px"`);
      el.renderRoot.querySelector<HTMLElement>('[aria-controls=settings]')?.click();
      await settled(el);
      const list = el.renderRoot.querySelector('select[name=size]') as HTMLSelectElement;
      const { font, paddingInlineStart, paddingInlineEnd } = getComputedStyle(list);
      const pen = document.createElement('canvas').getContext('2d') as CanvasRenderingContext2D;
      pen.font = font;
      const { label = '' } = list.selectedOptions[0] ?? {};
      expect(label).to.include('720p');
      const arrow = 20;
      const room = list.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd) - arrow;
      expect(pen.measureText(label).width).to.be.at.most(room);
    });
  }

  it('are written in their own direction', async () => {
    const { el } = await mount('lang="ar"');
    expect(getComputedStyle(part(el, 'base') as HTMLElement).direction).to.equal('rtl');
    el.lang = 'en';
    await settled(el);
    expect(getComputedStyle(part(el, 'base') as HTMLElement).direction).to.equal('ltr');
  });

  it('are written in the page’s direction where it says one nearer', async () => {
    const { el } = await mount('lang="en" dir="rtl"');
    expect(getComputedStyle(part(el, 'base') as HTMLElement).direction).to.equal('rtl');
    const within = await fixture<HTMLElement>('<div dir="rtl"></div>');
    within.append(el);
    el.dir = '';
    el.removeAttribute('dir');
    await settled(el);
    expect(getComputedStyle(part(el, 'base') as HTMLElement).direction).to.equal('ltr');
  });
});
