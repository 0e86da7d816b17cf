/** Sample code for the attributes chosen in the playground. Not part of the package. */

/** The language that the element has without a module. */
const BUILT_IN = 'en';

const escape = (value) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/**
 * The attributes of the manifest, as fields: `kind` is 'boolean', 'choice', 'number' or 'text'.
 * @param {string[]} languages tags of the languages that have a module of their own
 */
export function fieldsOf(manifest, languages) {
  const { attributes } = manifest.modules
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ tagName }) => tagName === 'nano-webcaster');
  return attributes.map(({ name, type, default: initial, description = '' }) => {
    const text = type?.text ?? 'string';
    const typed = [...text.matchAll(/'([^']*)'/g)].map(([, choice]) => choice);
    const choices = name === 'lang' ? ['', BUILT_IN, ...languages] : typed;
    const kind = text === 'boolean' ? 'boolean' : choices.length > 0 ? 'choice' : text === 'number' ? 'number' : 'text';
    return { name, kind, choices, initial: (initial ?? '').replace(/^'|'$/g, ''), description };
  });
}

/**
 * The attributes to write: those that differ from their default.
 * @param {string[]} always names of attributes to write even with their default, as the server's documentation has them
 */
export function written(fields, values, always = []) {
  return fields.flatMap(({ name, kind, initial }) => {
    const value = values[name] ?? '';
    if (kind === 'boolean') return value === '' ? [] : [[name, null]];
    return value === '' || (value === initial && !always.includes(name)) ? [] : [[name, value]];
  });
}

/** Why the delays are refused if they contradict each other, by the names of their attributes. */
export function contradictoryDelays(fields, values) {
  const names = ['reconnect-min-delay', 'reconnect-max-delay'];
  const [min, max] = names.map((name) => Number(values[name] || fields.find((field) => field.name === name).initial));
  if (min <= max) return {};
  return Object.fromEntries(names.map((name) => [name, `${names.join(' is above ')}; using the defaults of both.`]));
}

/** The words in capitals that a person has to replace, such as `HOST`, in the values of attributes. */
export function placeholdersIn(attributes) {
  const words = attributes.flatMap(([, value]) => (value ?? '').match(/\b[A-Z]{2,}(?:-[A-Z]+)*\b/g) ?? []);
  return [...new Set(words)];
}

const quoted = (value) => `"${escape(value)}"`;
/** Svelte takes braces in an attribute for an expression. */
const quotedForSvelte = (value) => (/[{}]/.test(value) ? `{'${value.replaceAll(/['\\]/g, '\\$&')}'}` : quoted(value));

function tag(attributes, { quote = quoted, close = '></nano-webcaster>' } = {}) {
  const lines = attributes.map(([name, value]) => `  ${name}${value === null ? '' : `=${quote(value)}`}`);
  return lines.length > 0 ? `<nano-webcaster\n${lines.join('\n')}\n${close}` : `<nano-webcaster${close}`;
}

/** The tag of the language that needs a module of its own. */
export function languageModule(attributes) {
  const [, tag = BUILT_IN] = attributes.find(([name]) => name === 'lang') ?? [];
  return tag === BUILT_IN ? undefined : tag;
}

/** The files that have to be next to the page with the HTML code. */
export function filesFor(attributes) {
  const language = languageModule(attributes);
  return [
    'nano-webcaster.min.js',
    'broadcast.min.js',
    ...(attributes.some(([name]) => name === 'controls') ? ['controls.min.js'] : []),
    ...(language ? [`languages/${language}.min.js`] : []),
  ];
}

/** Whole code for one framework. */
export function codeFor(framework, attributes) {
  const language = languageModule(attributes);
  const imports = (indentation = '') =>
    ['nano-webcaster', ...(language ? [`nano-webcaster/languages/${language}.js`] : [])]
      .map((path) => `${indentation}import '${path}';`)
      .join('\n');
  switch (framework) {
    case 'npm':
      return `<!-- index.html of Vite, or of another bundler that reads pages -->\n<script type="module">\n${imports('  ')}\n</script>\n${tag(attributes)}`;
    case 'react':
      return `${imports()}\nimport type {} from 'nano-webcaster/react';\n\nexport function Studio() {\n  return (\n${indent(tag(attributes, { close: '/>' }), 4)}\n  );\n}`;
    case 'vue':
      return `<script setup>\n${imports()}\n</script>\n\n<template>\n${indent(tag(attributes), 2)}\n</template>`;
    case 'svelte':
      return `<script>\n${imports('  ')}\n</script>\n\n${tag(attributes, { quote: quotedForSvelte })}`;
    case 'angular':
      return [
        "import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';",
        imports(),
        '',
        '@Component({',
        "  selector: 'app-studio',",
        '  schemas: [CUSTOM_ELEMENTS_SCHEMA],',
        '  template: `',
        indent(tag(attributes), 4),
        '  `,',
        '})',
        'export class Studio {}',
      ].join('\n');
    default:
      return [
        // The element's file loads the two others.
        ...filesFor(attributes)
          .filter((file) => !['broadcast.min.js', 'controls.min.js'].includes(file))
          .map((file) => `<script type="module" src="${file}"></script>`),
        tag(attributes),
      ].join('\n');
  }
}

function indent(text, spaces) {
  return text.replace(/^/gm, ' '.repeat(spaces));
}
