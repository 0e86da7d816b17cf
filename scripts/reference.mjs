/**
 * Writes the reference of the element from `custom-elements.json`: the parts of README.md and of the pages in `docs/`
 * between `<!-- generated: … -->` and `<!-- end -->`. Fails if anything has no description. Part of `npm run analyze`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { attributeOf, SETTINGS } from '../dist/element/attributes.js';
import { en } from '../dist/element/languages/en.js';
import { ERROR_PAGES } from './error-pages.mjs';
import { attributes, coreName, element, methods, properties } from './manifest.mjs';

const file = (name) => new URL(`../${name}`, import.meta.url);
const missing = [];

const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');
const code = (text) => (text ? `\`${text}\`` : '');

/** A description, which must not be empty. */
function described(kind, { name, description }) {
  if (!description) missing.push(`${kind} ${name}`);
  return description ?? '';
}

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((text) => cell(text ?? '')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The names of a kind and their descriptions, with further columns of Markdown between them. */
const tableOf = (kind, list, columns = {}, nameIn = ({ name }) => code(name)) =>
  table(
    [kind, ...Object.keys(columns), 'description'],
    list.map((one) => [nameIn(one), ...Object.values(columns).map((textOf) => textOf(one)), described(kind, one)]),
  );
/** Types by another type's name, as readers would write them. */
const WRITTEN_OUT = { "SignInOptions['tokenProvider']": '(() => string | Promise<string>)' };
const typeOfProperty = ({ type }) =>
  Object.entries(WRITTEN_OUT).reduce((text, [name, full]) => text?.replace(name, full), type?.text);

/** The name of a property, and below it that of its attribute if it differs. */
const withAttribute = ({ name, attribute }) => {
  if (attribute === name) return code(name);
  return `${code(name)}<br>${attribute ? code(attribute) : 'no attribute'}`;
};
const nameOfMethod = ({ name }) => `${name}()`;
const nameOfState = ({ name }) => `:state(${name})`;
const renamed = (list, nameOf) => list.map((one) => ({ ...one, name: nameOf(one) }));

const setting = ({ name }) => Object.entries(SETTINGS).find(([property]) => attributeOf(property) === name)?.[1];
const typeOf = ({ type }) => type?.text ?? 'string';
/** When a change of a property takes effect. */
function effectOf({ name, takesEffect, readonly }) {
  if (!takesEffect && !readonly) missing.push(`property ${name}, takes effect`);
  return takesEffect ?? 'read-only';
}

const defaultOf = ({ default: preset, type }) => (type?.text === 'boolean' ? 'false' : (preset ?? "''"));

function attributeSection(attribute) {
  const { name, fieldName } = attribute;
  const takesEffect = fieldName ? properties.find((one) => one.name === fieldName)?.takesEffect : 'immediately';
  if (!takesEffect) missing.push(`attribute ${name}, takes effect`);
  const facts = [
    ['Type', code(typeOf(attribute))],
    ['Default', code(defaultOf(attribute))],
    ['Range', typeOf(attribute) === 'number' && setting(attribute)?.expects],
    ['Takes effect', takesEffect],
  ];
  const list = facts.filter(([, text]) => text).map(([label, text]) => `- ${label}: ${text}`);
  return `## \`${name}\`\n\n${described('attribute', attribute)}\n\n${list.join('\n')}`;
}

/** The description of an event with the names that it has in the core. */
function inCore(text) {
  const names = new Map(element.events.map((event) => [event.name, coreName(event)]));
  return text
    .replaceAll('`detail.data', '`data')
    .replaceAll(/`([a-z-]+)`/g, (all, name) => (names.has(name) ? code(names.get(name)) : all));
}

/** What the strings that are functions are given in the reference. */
const SAMPLES = {
  ended: ['12:34'],
  attempt: [{}, 5],
  chart: ['2 Mb/s', '1 Mb/s', '3 Mb/s'],
  capture: ['videoinput', 'HD camera'],
};

/** A row for each text: its key, after those of the groups it is in. */
function stringRows(strings, group = '') {
  return Object.entries(strings).flatMap(([name, text]) => {
    const key = group ? `${group}.${name}` : name;
    if (typeof text === 'object') return stringRows(text, key);
    return [typeof text === 'function' ? [code(`${key}()`), text(...SAMPLES[group || name])] : [code(key), text]];
  });
}

const GENERATED = {
  attributes: () => attributes.map(attributeSection).join('\n\n'),
  attributeTable: () => tableOf('attribute', attributes, { default: (one) => code(defaultOf(one)) }),
  properties: () =>
    tableOf(
      'property',
      properties,
      { type: (one) => code(typeOfProperty(one)), 'takes effect': effectOf },
      withAttribute,
    ),
  methods: () => tableOf('method', renamed(methods, nameOfMethod), { returns: (one) => code(one.return?.type.text) }),
  events: () => tableOf('event', element.events),
  coreEvents: () => {
    const events = element.events.map((event) => ({
      name: coreName(event),
      description: inCore(event.description ?? ''),
    }));
    return tableOf(
      'event',
      events.sort(({ name }, other) => (name < other.name ? -1 : 1)),
    );
  },
  slots: () => tableOf('slot', element.slots),
  parts: () => tableOf('part', element.cssParts),
  customProperties: () => tableOf('custom property', element.cssProperties, { default: (one) => code(one.default) }),
  states: () => tableOf('state', renamed(element.cssStates, nameOfState)),
  strings: () => table(['key', 'English text'], stringRows(en)),
  errors: () =>
    table(
      ['code', 'type', 'description'],
      ERROR_PAGES.map(({ number, type, summary }) => [`[${number}](${number}.md)`, code(type), summary]),
    ),
};

const { name: packageName, version } = JSON.parse(readFileSync(file('package.json'), 'utf8'));

function renewed(text) {
  return text
    .replaceAll(
      /(<!-- generated: (\w+) -->\n)[^]*?(<!-- end -->)/g,
      (_, begin, name, end) => `${begin}\n${GENERATED[name]()}\n\n${end}`,
    )
    .replaceAll(new RegExp(`(?<=/${packageName}@)[^/"]+`, 'g'), version);
}

const PAGES = readdirSync(file('docs'), { recursive: true })
  .filter((name) => /^[^.].*\.md$/.test(name) && !name.startsWith('reference/api'))
  .map((name) => `docs/${name}`);

for (const name of ['README.md', ...PAGES]) {
  const text = readFileSync(file(name), 'utf8');
  const next = await format(renewed(text), { ...(await resolveConfig(file(name))), parser: 'markdown' });
  if (next !== text && text.includes('<!-- generated')) writeFileSync(file(name), next);
}

if (missing.length > 0) {
  console.error(`Without a description: ${missing.join('; ')}.`);
  process.exitCode = 1;
}
