/**
 * Writes what the manifest knows into the docs: REFERENCE.md as a whole, and the tables between the markers of
 * README.md. Part of `npm run analyze`, which also prints what it has found.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const file = (name) => new URL(`../${name}`, import.meta.url);
const manifest = JSON.parse(readFileSync(file('custom-elements.json'), 'utf8'));
const element = manifest.modules.flatMap(({ declarations }) => declarations).find(({ customElement }) => customElement);

const code = (text) => (text ? `\`${text.replaceAll('|', '\\|')}\`` : '');
const words = (text = '') => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(heads, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

const properties = element.members.filter(({ kind }) => kind === 'field');
const methods = element.members.filter(({ kind, static: isStatic }) => kind === 'method' && !isStatic);
/** `status` is shown as an attribute, and not read from it. */
const attributes = element.attributes.filter(({ name }) => name !== 'status');
const SPELLINGS = { 'received-webrtc-stats': 'ReceivedWebRTCStats', 'webcaster-error': 'Error' };
const coreName = (kebab) => SPELLINGS[kebab] ?? kebab.replace(/(^|-)[a-z]/g, (letter) => letter.at(-1).toUpperCase());

const defaultOf = ({ default: preset = '', type }) =>
  type?.text === 'boolean' ? 'off' : code(preset.replaceAll("'", ''));

const TABLES = {
  attributes: () =>
    table(
      ['attribute', 'default', 'what it does'],
      attributes.map((attribute) => [code(attribute.name), defaultOf(attribute), words(attribute.description)]),
    ),
  properties: () =>
    table(
      ['property', 'type', 'attribute', 'what it is'],
      properties.map(({ name, type, attribute, description }) => [
        code(name),
        code(type?.text),
        code(attribute),
        words(description),
      ]),
    ),
  methods: () =>
    table(
      ['method', 'returns', 'what it does'],
      methods.map(({ name, return: result, description }) => [
        code(`${name}()`),
        code(result?.type.text),
        words(description),
      ]),
    ),
  events: () =>
    table(
      ['event', '`detail`', 'when it comes'],
      element.events.map(({ name, description }) => [
        code(name),
        code(`RtcUserEvent<'${coreName(name)}'>`),
        words(description),
      ]),
    ),
  slots: () =>
    table(
      ['slot', 'when it is shown'],
      element.slots.map(({ name, description }) => [code(name), words(description)]),
    ),
  parts: () =>
    table(
      ['part', 'what it is'],
      element.cssParts.map(({ name, description }) => [code(name), words(description)]),
    ),
  customProperties: () =>
    table(
      ['custom property', 'default', 'what it is'],
      element.cssProperties.map(({ name, default: preset, description }) => [
        code(name),
        code(preset),
        words(description),
      ]),
    ),
  states: () =>
    table(
      ['state', 'when'],
      element.cssStates.map(({ name, description }) => [code(`:state(${name})`), words(description)]),
    ),
};

const REFERENCE = `# Reference: \`<${element.tagName}>\`

<!-- Written by \`npm run analyze\` from the source. -->

${element.description}

## Attributes

Each has a property of the same name in camel case. A wrong value means the default, after one warning in the console.

${TABLES.attributes()}

The attribute \`status\` is set by the element and never read.

## Properties

${TABLES.properties()}

## Methods

They return promises, which may be ignored, and may be called in any state.

${TABLES.methods()}

## Events

All of them bubble and are composed. \`detail\` is the event of the core: \`{ name, data }\`, and \`error\` where it is one.

${TABLES.events()}

## Slots

The slot of the current status is shown, the others are hidden. What you leave out has words of its own, in English and
German.

${TABLES.slots()}

## Parts

${TABLES.parts()}

## Custom properties

${TABLES.customProperties()}

## States

${TABLES.states()}
`;

function withTables(text) {
  return text.replace(
    /(<!-- table: (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, begin, name, end) => `${begin}\n${TABLES[name]()}\n\n${end}`,
  );
}

async function write(name, text) {
  const style = await resolveConfig(file(name));
  writeFileSync(file(name), await format(text, { ...style, parser: 'markdown' }));
}

await write('REFERENCE.md', REFERENCE);
await write('README.md', withTables(readFileSync(file('README.md'), 'utf8')));

const count = (list, what) => `${list.length} ${what}`;
console.log(
  [
    count(attributes, 'attributes'),
    count(properties, 'properties'),
    count(methods, 'methods'),
    count(element.events, 'events'),
    count(element.slots, 'slots'),
    count(element.cssParts, 'parts'),
    count(element.cssProperties, 'custom properties'),
    count(element.cssStates, 'states'),
  ].join(', '),
);
