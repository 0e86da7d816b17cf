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

function tag(attributes, { name = (one) => one, close = '></nano-webcaster>' } = {}) {
  const lines = attributes.map(([one, value]) => `  ${name(one)}${value === null ? '' : `="${escape(value)}"`}`);
  return lines.length > 0 ? `<nano-webcaster\n${lines.join('\n')}\n${close}` : `<nano-webcaster${close}`;
}

/** Whole code for one framework. */
export function codeFor(framework, attributes) {
  switch (framework) {
    case 'npm':
      return `// once published: npm install nano-webcaster\nimport 'nano-webcaster';\n\n${tag(attributes)}`;
    case 'react':
      return `import 'nano-webcaster';\n\nexport function Studio() {\n  return (\n${indent(tag(attributes, { close: '/>' }), 4)}\n  );\n}`;
    case 'vue':
      return `<script setup>\nimport 'nano-webcaster';\n</script>\n\n<template>\n${indent(tag(attributes), 2)}\n</template>`;
    case 'svelte':
      return `<script>\n  import 'nano-webcaster';\n</script>\n\n${tag(attributes)}`;
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
