/**
 * Writes what editors and frameworks want to know of the element, from the manifest: `types/markup.d.ts`, on which the
 * frameworks' types stand, custom data for VS Code, and web types for JetBrains. Part of `npm run analyze`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { choicesOf } from './declarations.mjs';
import { attributes, element, properties } from './manifest.mjs';

const file = (name) => new URL(`../${name}`, import.meta.url);
const { name: packageName, version } = JSON.parse(readFileSync(file('package.json'), 'utf8'));

const comment = (text = '') => `/** ${text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('*/', '*\\/')} */`;
const isBoolean = ({ type }) => type?.text === 'boolean';
const isNumber = ({ type }) => type?.text === 'number';
const presetOf = ({ default: preset = '' }) => preset.replaceAll("'", '');
/** Booleans whose attribute is not called as their property is: frameworks that look for a property find none. */
const switches = attributes.filter((one) => isBoolean(one) && one.fieldName !== one.name);
/** Properties of the page's own that markup cannot say. */
const rich = properties.filter(({ attribute, readonly }) => !attribute && !readonly);

function markupType(attribute) {
  if (isBoolean(attribute)) return 'boolean';
  if (isNumber(attribute)) return 'number | `${number}`';
  return attribute.fieldName ? `${element.name}['${attribute.fieldName}']` : 'string';
}

const MARKUP = `/* Written by \`npm run analyze\` from the source: what markup and templates may say of <${element.tagName}>. */
import type { ${element.name}, ${element.name}EventMap } from '../dist/index.js';

/** The attributes, named as in HTML. */
export interface Attributes {
${attributes.map((one) => `${comment(one.description)}\n'${one.name}'?: ${markupType(one)} | undefined;`).join('\n')}
}

type Switch = ${switches.map(({ name }) => `'${name}'`).join(' | ')};

/** The same for templates that write \`false\` as a text, which in HTML is on: there the properties can be switched off. */
export type TemplateAttributes = {
  [Name in keyof Attributes]: Name extends Switch ? true | '' | null | undefined : Attributes[Name];
};

/** The properties that a page may set, named as in JavaScript. */
export interface Properties {
${[
  ...attributes
    .filter(({ fieldName, name }) => fieldName && fieldName !== name)
    .map((one) => `${comment(one.description)}\n${one.fieldName}?: ${markupType(one)} | undefined;`),
  ...rich.map((one) => `${comment(one.description)}\n${one.name}?: ${element.name}['${one.name}'] | undefined;`),
].join('\n')}
}

/** The events, by the names that \`addEventListener\` takes. */
export interface Events {
${element.events.map(({ name, description }) => `${comment(description)}\n'${name}': ${element.name}EventMap['${name}'];`).join('\n')}
}

/** A handler for each event, under its name behind \`Prefix\`. */
export type Handlers<Prefix extends string> = {
  [Name in keyof Events as \`\${Prefix}\${Name}\`]?: ((event: Events[Name]) => void) | undefined;
};
`;

/** For VS Code's setting \`html.customData\`. */
const HTML_DATA = {
  version: 1.1,
  tags: [
    {
      name: element.tagName,
      description: element.description,
      attributes: attributes.map((attribute) => ({
        name: attribute.name,
        description: attribute.description,
        ...(isBoolean(attribute) ? { valueSet: 'v' } : valuesOf(attribute)),
      })),
    },
  ],
};

function valuesOf({ fieldName }) {
  const values = fieldName ? choicesOf(element.name, fieldName) : [];
  return values.length > 0 ? { values: values.map((name) => ({ name })) } : {};
}

/** For VS Code's setting \`css.customData\`. */
const CSS_DATA = {
  version: 1.1,
  properties: element.cssProperties.map(({ name, description }) => ({ name, description })),
  pseudoElements: element.cssParts.map(({ name, description }) => ({ name: `::part(${name})`, description })),
  pseudoClasses: element.cssStates.map(({ name, description }) => ({ name: `:state(${name})`, description })),
};

const described = ({ name, description }) => ({ name, description });

const WEB_TYPES = {
  $schema: 'https://json.schemastore.org/web-types',
  name: packageName,
  version,
  'js-types-syntax': 'typescript',
  'description-markup': 'markdown',
  contributions: {
    html: {
      elements: [
        {
          name: element.tagName,
          description: element.description,
          attributes: attributes.map((attribute) => ({
            ...described(attribute),
            ...(presetOf(attribute) && { default: presetOf(attribute) }),
            value: { type: valueTypeOf(attribute), required: !isBoolean(attribute) },
          })),
          slots: element.slots.map(described),
          js: {
            properties: properties.map(({ name, description, type, readonly }) => ({
              name,
              description,
              type: type?.text,
              ...(readonly && { 'read-only': true }),
            })),
            events: element.events.map(described),
          },
          css: {
            properties: element.cssProperties.map((property) => ({
              ...described(property),
              default: property.default,
            })),
            parts: element.cssParts.map(described),
            'pseudo-classes': element.cssStates.map(({ name, description }) => ({
              name: `state(${name})`,
              description,
            })),
          },
        },
      ],
    },
  },
};

function valueTypeOf(attribute) {
  const choices = attribute.fieldName ? choicesOf(element.name, attribute.fieldName) : [];
  return choices.length > 0 ? choices.map((choice) => `'${choice}'`).join(' | ') : (attribute.type?.text ?? 'string');
}

async function write(name, text, parser) {
  const style = await resolveConfig(file(name));
  writeFileSync(file(name), await format(text, { ...style, parser }));
}

await write('types/markup.d.ts', MARKUP, 'typescript');
await write('types/vscode.html-custom-data.json', JSON.stringify(HTML_DATA), 'json');
await write('types/vscode.css-custom-data.json', JSON.stringify(CSS_DATA), 'json');
await write('types/web-types.json', JSON.stringify(WEB_TYPES), 'json');
