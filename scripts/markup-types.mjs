/**
 * Writes `types/markup.d.ts`: what markup and templates may say of the element, for the types of React, Preact, Solid,
 * Vue and Svelte. Part of `npm run analyze`. Not by `@wc-toolkit/jsx-types`: it lets templates write `false` into an
 * attribute that is on then, and types no numbers that markup writes as text.
 */
import { writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { attributes, element, properties } from './manifest.mjs';
import { root } from './install.mjs';

const FILE = `${root}types/markup.d.ts`;

const nameOf = (name) => (name.includes('-') ? `'${name}'` : name);
const fieldOf = (type, property) => {
  if (type === 'number') return 'number | `${number}`';
  if (type === 'boolean' || !property) return type;
  return `NanoWebcaster['${property}']`;
};
const member = (name, description, type) =>
  `/** ${description.replaceAll('\n', ' ')} */\n${nameOf(name)}?: ${type} | undefined;`;

const ofAttributes = attributes.map(({ name, description, type, fieldName }) =>
  member(name, description, fieldOf(type.text, fieldName)),
);
const ofProperties = properties
  .filter(({ name, readonly }) => !readonly && !attributes.some((attribute) => attribute.name === name))
  .map(({ name, description, type }) => member(name, description, fieldOf(type.text, name)));
const ofEvents = element.events.map(
  ({ name, description }) => `/** ${description} */\n'${name}': NanoWebcasterEventMap['${name}'];`,
);
const switches = attributes.filter(({ name, type }) => name.includes('-') && type.text === 'boolean');

const text = `/* Written by \`npm run analyze\` from the manifest: what markup and templates may say of <nano-webcaster>. */
import type { NanoWebcaster, NanoWebcasterEventMap } from '../dist/index.js';

/** The attributes, named as in HTML. */
export interface Attributes {
${ofAttributes.join('\n')}
}

type Switch = ${switches.map(({ name }) => `'${name}'`).join(' | ')};

/** The same for templates that write \`false\` as a text, which in HTML is on: there the properties can be switched off. */
export type TemplateAttributes = {
  [Name in keyof Attributes]: Name extends Switch ? true | '' | null | undefined : Attributes[Name];
};

/** The properties that a page may set, named as in JavaScript. */
export interface Properties {
${ofProperties.join('\n')}
}

/** The events, by the names that \`addEventListener\` takes. */
export interface Events {
${ofEvents.join('\n')}
}

/** A handler for each event, under its name behind \`Prefix\`. */
export type Handlers<Prefix extends string> = {
  [Name in keyof Events as \`\${Prefix}\${Name}\`]?: ((event: Events[Name]) => void) | undefined;
};
`;

writeFileSync(FILE, await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }));
