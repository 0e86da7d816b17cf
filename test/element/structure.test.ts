import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { ERROR_EVENTS, SUCCESS_EVENTS, type RtcUserEvent } from '../../src/core/api/events.js';
import { attributeOf, SETTINGS, type SettingName } from '../../src/element/attributes.js';
import { CORE_EVENTS, toDomEvent } from '../../src/element/dom-event.js';
import { styles } from '../../src/element/controls/styles/styles.js';
import { NanoWebcaster } from '../../src/index.js';
import { button, mount, settled, slots, STATUSES } from './support/mount.js';

interface Entry {
  name: string;
  default?: string;
  description?: string;
  fieldName?: string;
}

interface Declaration {
  tagName: string;
  attributes: Entry[];
  members: (Entry & { kind: string; attribute?: string; readonly?: boolean })[];
  events: Entry[];
  slots: Entry[];
  cssParts: Entry[];
  cssProperties: Entry[];
  cssStates: Entry[];
}

const NAMES = Object.keys(SETTINGS) as SettingName[];
const ATTRIBUTES = NAMES.map(attributeOf);

const OTHER_STATES = ['live', 'muted', 'video-muted', 'weak', 'offline', 'denied', 'settings-open', 'stats-open'];

const names = (entries: Entry[]) => entries.map(({ name }) => name);

/** A file of the repository, from the test's server; undefined where it is not there. */
async function file(path: string): Promise<string | undefined> {
  const response = await fetch(path, { cache: 'no-store' });
  return response.ok ? response.text() : undefined;
}

async function manifest(): Promise<Declaration> {
  const { modules } = JSON.parse((await file('/custom-elements.json')) ?? '') as {
    modules: { declarations: Declaration[] }[];
  };
  const found = modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === 'nano-webcaster');
  if (!found) throw new Error('The manifest has no <nano-webcaster>.');
  return found;
}

/** The attributes of the reference page, one a section, with the defaults that it gives them. */
function documentedDefaults(markdown: string): Map<string, string | undefined> {
  const sections = markdown.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => [
      /^`([^`]+)`/.exec(section)?.[1] ?? section,
      /^- Default: `([^`]*)`$/m.exec(section)?.[1],
    ]),
  );
}

describe('<nano-webcaster> structure', () => {
  afterEach(() => sinon.restore());

  describe('attributes', () => {
    it('are all observed, and so is the read-only status', () => {
      expect(NanoWebcaster.observedAttributes).to.have.members([...ATTRIBUTES, 'status']);
    });

    it('are kebab case of their properties', () => {
      const kebab = NAMES.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
      expect(ATTRIBUTES).to.deep.equal(kebab);
    });

    it('are all in the manifest, with lang, and status as what the element sets and does not read', async () => {
      const { attributes, members } = await manifest();
      expect(names(attributes)).to.have.members([...ATTRIBUTES, 'lang']);
      expect(members.find(({ name }) => name === 'status')).to.include({ attribute: 'status', readonly: true });
    });

    it('have in the manifest the defaults that they have', async () => {
      const { attributes } = await manifest();
      for (const name of NAMES) {
        const attribute = attributeOf(name);
        const preset = SETTINGS[name].default;
        const entry = attributes.find((candidate) => candidate.name === attribute);
        const isPlain = preset === '' || preset === false;
        const written = typeof preset === 'string' ? `'${preset}'` : String(preset);
        expect(entry?.default, attribute).to.equal(isPlain ? undefined : written);
        expect(entry?.fieldName, attribute).to.equal(name);
        expect(entry?.description, attribute).to.have.length.above(5);
      }
    });

    it('are all in the reference, with their defaults', async () => {
      const documented = documentedDefaults((await file('/docs/reference/attributes.md')) ?? '');
      expect([...documented.keys()].filter((name) => name !== 'lang')).to.have.members(ATTRIBUTES);
      for (const [name, { default: preset }] of Object.entries(SETTINGS)) {
        const attribute = attributeOf(name);
        const written = typeof preset === 'string' ? `'${preset}'` : String(preset);
        expect(documented.get(attribute), attribute).to.equal(written);
      }
    });

    it('have a property each, with a getter and a setter', () => {
      for (const name of NAMES) {
        const { get, set } = Object.getOwnPropertyDescriptor(NanoWebcaster.prototype, name) ?? {};
        expect(get, name).to.be.a('function');
        expect(set, name).to.be.a('function');
      }
    });

    it('hide no member of HTMLElement but those that mean the same', () => {
      const hidden = NAMES.filter((name) => name in HTMLElement.prototype);
      expect(hidden).to.deep.equal([]);
    });
  });

  it('has an event for every event of the core', () => {
    expect(CORE_EVENTS).to.have.members([...ERROR_EVENTS, ...SUCCESS_EVENTS]);
  });

  it('lists in the manifest the DOM name of every event of the core', async () => {
    const { events } = await manifest();
    const inDom = CORE_EVENTS.map((name) => toDomEvent({ name } as RtcUserEvent).type);
    expect(names(events)).to.have.members(inDom);
  });

  it('has a slot and a custom state for every status, and lists them in the manifest', async () => {
    const { slots: listed, cssStates } = await manifest();
    const { el } = await mount();
    expect(slots(el).map(({ name }) => name)).to.have.members([...STATUSES]);
    expect(names(listed)).to.have.members([...STATUSES]);
    expect(names(cssStates)).to.have.members([...STATUSES, ...OTHER_STATES]);
  });

  it('lists in the manifest the parts that it has', async () => {
    const { cssParts } = await manifest();
    const found = new Set<string>();
    const look = (el: NanoWebcaster) => {
      for (const { part } of el.renderRoot.querySelectorAll('[part]')) for (const name of part) found.add(name);
    };
    const { el, core } = await mount('controls source="screen"');
    look(el);
    await el.startPreview();
    await settled(el);
    look(el);
    Object.assign(el, { muted: true });
    core.emitStatus('broadcasting');
    for (const videoBitrate of [1, 2]) core.emitStats({ videoBitrate }, 'good');
    for (const panel of ['settings', 'stats']) {
      el.renderRoot.querySelector<HTMLElement>(`[aria-controls=${panel}]`)?.click();
      await settled(el);
      look(el);
    }
    sinon.stub(navigator.clipboard, 'writeText').rejects();
    button(el, 'Copy details for support').click();
    await settled(el);
    look(el);
    expect([...found]).to.have.members(names(cssParts));
  });

  it('gives no part to the fallback of a slot', async () => {
    const { el } = await mount('controls');
    expect(el.renderRoot.querySelector('slot [part]')).to.equal(null);
  });

  it('lists in the manifest the custom properties that its styles use', async () => {
    const { cssProperties } = await manifest();
    const used = String([NanoWebcaster.styles, styles]).match(/--nano-webcaster-[a-z-]+/g) ?? [];
    expect([...new Set(used)]).to.have.members(names(cssProperties));
  });

  it('uses in its styles the defaults that the manifest lists', async () => {
    const { cssProperties } = await manifest();
    const all = String([NanoWebcaster.styles, styles]);
    // The manifest has the public name in place of the one that the styles give it.
    const withOwnNames = (preset = '') =>
      preset.replaceAll(
        /var\(([a-z-]+)\)/g,
        (_, name: string) => `var(${all.match(`(--[a-z]+): var\\(${name},`)?.[1]})`,
      );
    for (const { name, default: preset } of cssProperties) {
      expect(all).to.include(`var(${name}, ${withOwnNames(preset)})`);
    }
  });

  it('has every member that the manifest lists, read-only where it says so', async () => {
    const { members } = await manifest();
    for (const { name, kind, readonly } of members.filter((member) => member.name !== 'define')) {
      if (kind === 'method') expect(NanoWebcaster.prototype[name as 'start'], name).to.be.a('function');
      if (!readonly) continue;
      const { get, set } = Object.getOwnPropertyDescriptor(NanoWebcaster.prototype, name) ?? {};
      expect(get, name).to.be.a('function');
      expect(set, name).to.equal(undefined);
    }
  });

  it('is a block that is gone while hidden', async () => {
    const { el } = await mount();
    expect(getComputedStyle(el).display).to.equal('block');
    el.hidden = true;
    expect(getComputedStyle(el).display).to.equal('none');
  });
});
