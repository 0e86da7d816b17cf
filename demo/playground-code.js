/** Sample code for the attributes chosen in the playground. Not part of the package. */

const escape = (value) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The attributes of the manifest, as fields: `kind` is 'boolean', 'choice', 'number' or 'text'. */
export function fieldsOf(manifest) {
  const { attributes } = manifest.modules
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ tagName }) => tagName === 'nano-webcaster');
  return attributes.map(({ name, type, default: initial, description = '' }) => {
    const text = type?.text ?? 'string';
    const choices = [...text.matchAll(/'([^']*)'/g)].map(([, choice]) => choice);
    const kind = text === 'boolean' ? 'boolean' : choices.length > 0 ? 'choice' : text === 'number' ? 'number' : 'text';
    return { name, kind, choices, initial: (initial ?? '').replace(/^'|'$/g, ''), description };
  });
}

/** The attributes to write: those that differ from their default. */
export function written(fields, values) {
  return fields.flatMap(({ name, kind, initial }) => {
    const value = values[name] ?? '';
    if (kind === 'boolean') return value === '' ? [] : [[name, null]];
    return value === '' || value === initial ? [] : [[name, value]];
  });
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

/** Whole code for one framework. */
export function codeFor(framework, attributes) {
  switch (framework) {
    case 'npm':
      return `<!-- index.html of Vite, or of another bundler that reads pages -->\n<script type="module">\n  import 'nano-webcaster';\n</script>\n${tag(attributes)}`;
    case 'react':
      return `import 'nano-webcaster';\nimport type {} from 'nano-webcaster/react';\n\nexport function Studio() {\n  return (\n${indent(tag(attributes, { close: '/>' }), 4)}\n  );\n}`;
    case 'vue':
      return `<script setup>\nimport 'nano-webcaster';\n</script>\n\n<template>\n${indent(tag(attributes), 2)}\n</template>`;
    case 'svelte':
      return `<script>\n  import 'nano-webcaster';\n</script>\n\n${tag(attributes, { quote: quotedForSvelte })}`;
    case 'angular':
      return [
        "import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';",
        "import 'nano-webcaster';",
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
      return `<script type="module" src="nano-webcaster.min.js"></script>\n${tag(attributes)}`;
  }
}

function indent(text, spaces) {
  return text.replace(/^/gm, ' '.repeat(spaces));
}
