/**
 * Writes what the source says into the docs: REFERENCE.md as a whole, the list of the errors, and in README.md and the
 * guides the tables between the markers and the version in addresses. Part of `npm run analyze`, which also prints what it
 * has found.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { coreReference, elementReference } from './core-reference.mjs';
import { ERROR_PAGES } from './error-pages.mjs';
import { attributes, coreName, element, methods, properties } from './manifest.mjs';
import { code, table, words } from './markdown.mjs';

const file = (name) => new URL(`../${name}`, import.meta.url);

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
      element.events.map((event) => [
        code(event.name),
        code(`RtcUserEvent<'${coreName(event)}'>`),
        words(event.description),
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
  errors: (folder = 'docs/errors/') =>
    table(
      ['code', 'type', 'what happened'],
      ERROR_PAGES.map(({ number, type, summary }) => [`[${number}](${folder}${number}.md)`, code(type), summary]),
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

They return promises, which may be ignored, and may be called in any state. \`start()\` rejects where it fails or is stopped,
\`startPreview()\` where it fails; an event tells of each failure too.

${TABLES.methods()}

## Events

All of them bubble and are composed. \`detail\` is the event of the core: \`{ name, data }\`, and \`error\` where it is one.

${TABLES.events()}

## Slots

The slot of the current status is shown, the others are hidden. What you leave out has words of its own, in the
language of the page where its module is loaded.

${TABLES.slots()}

## Parts

${TABLES.parts()}

## Custom properties

${TABLES.customProperties()}

## States

${TABLES.states()}

${elementReference}

# Reference: \`RtcUser\`

The headless core, from \`nano-webcaster/core\`. Every method whose outcome is told by an event also returns a promise for it, which
may be ignored; \`getSelectedDevice\` gives its tracks at once.

${coreReference}

## Errors

A rejected promise, \`event.error\` of an error event, and \`error\` of the element are a \`RtcUserError\`. Its \`code\` is one of
these; each has a page that says why it comes and what to do.

${TABLES.errors()}
`;

const ERRORS = `# Errors

<!-- Written by \`npm run analyze\` from the pages beside it. -->

The code of an error stands in \`error.code\`, its word in \`error.type\`, and \`error.message\` says what happened in a sentence.

${TABLES.errors('')}
`;

const { name: packageName, version } = JSON.parse(readFileSync(file('package.json'), 'utf8'));

/** A guide with its tables, and with the version of now in the addresses of files. */
function renewed(text) {
  return text
    .replace(
      /(<!-- table: (\w+) -->\n)[^]*?(<!-- end -->)/g,
      (_, begin, name, end) => `${begin}\n${TABLES[name]()}\n\n${end}`,
    )
    .replaceAll(new RegExp(`(?<=/${packageName}@)[^/"]+`, 'g'), version);
}

async function write(name, text) {
  const style = await resolveConfig(file(name));
  writeFileSync(file(name), await format(text, { ...style, parser: 'markdown' }));
}

const GUIDES = readdirSync(file('docs')).filter((name) => name.endsWith('.md'));

await write('REFERENCE.md', REFERENCE);
await write('docs/errors/README.md', ERRORS);
for (const name of ['README.md', ...GUIDES.map((guide) => `docs/${guide}`)]) {
  const text = readFileSync(file(name), 'utf8');
  if (renewed(text) !== text) await write(name, renewed(text));
}

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
