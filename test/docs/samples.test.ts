import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { compile as compileSvelte } from 'svelte/compiler';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compileTemplate, parse as parseVue } from 'vue/compiler-sfc';
import { attributes, element } from '../../scripts/manifest.mjs';
import { diagnose, type Module } from './compile.js';
import { markdownFiles, read, root, samples, type Sample } from './support.js';

const placeOf = ({ file, number }: Sample) => `${file}, sample ${number}`;
const namesOf = (list: { name: string }[]) => new Set(list.map(({ name }) => name));

const ATTRIBUTES = namesOf(attributes);
const EVENTS = namesOf(element.events);
const SLOTS = namesOf(element.slots);
const PARTS = namesOf(element.cssParts);
const PROPERTIES = namesOf(element.cssProperties);
const STATES = namesOf(element.cssStates);
/** What every element may have. */
const GLOBAL = new Set(['class', 'id', 'slot', 'style', 'hidden', 'dir', 'status']);

/** The names of the attributes of each tag of ours in a text, with the marks of templates. */
function* attributesIn(text: string): Generator<string> {
  for (const [, inner = ''] of text.matchAll(/<nano-webcaster\b((?:"[^"]*"|\{[^}]*\}|[^>"{])*)>/g)) {
    const names = inner.replaceAll(/"[^"]*"/g, '').matchAll(/[^\s=]+/g);
    for (const [name] of names) yield name;
  }
}

/** Fails on a name that the element does not have. */
function known(names: Iterable<RegExpMatchArray>, set: Set<string>, sample: Sample): void {
  for (const [all, name = ''] of names) assert.ok(set.has(name), `${placeOf(sample)}: ${all}`);
}

const scriptsIn = (html: string) =>
  [...html.matchAll(/<script type="module">([^]*?)<\/script>/g)].map(([, script = '']) => script);

function modules(): Module[] {
  const moduleOf = ({ file, number }: Sample, index = 0) => `${file}-${number}-${index}`.replaceAll(/[/.]/g, '_');
  const studio = samples('tsx').find(({ text }) => text.includes('export function Studio({ server }'));
  assert.ok(studio);
  const asModule = (sample: Sample, extension: string, text: string, index = 0): Module => {
    const bundled = text
      .replace('./rtc-user.min.js', 'nano-webcaster/core')
      .replace(`'./studio'`, `'./${moduleOf(studio)}'`);
    return { name: `${root}test/docs/${moduleOf(sample, index)}.${extension}`, text: `${bundled}\nexport {};\n` };
  };
  return [
    ...samples('js').map((sample) => asModule(sample, 'js', sample.text)),
    ...samples('ts').map((sample) => asModule(sample, 'ts', sample.text)),
    ...samples('tsx').map((sample) => {
      const source = sample.flag === 'solid' ? 'solid-js' : 'react';
      return asModule(sample, 'tsx', `/** @jsxImportSource ${source} */\n${sample.text}`);
    }),
    ...samples('html').flatMap((sample) =>
      scriptsIn(sample.text).map((script, index) => asModule(sample, 'js', script, index)),
    ),
  ];
}

/** Where an import map leads, as a file of this project; a user has it below `node_modules`. */
function mapped(specifier: string, imports: Record<string, string>): string | undefined {
  const key = Object.keys(imports)
    .filter((name) => specifier === name || (name.endsWith('/') && specifier.startsWith(name)))
    .sort((one, other) => other.length - one.length)[0];
  if (key === undefined) return undefined;
  const path = imports[key] + specifier.slice(key.length);
  return path.replace('/node_modules/nano-webcaster/', root).replace(/^\/node_modules\//, `${root}node_modules/`);
}

/** Every file that a module brings along, its own first. */
function filesOf(specifier: string, imports: Record<string, string>): string[] {
  const files = [mapped(specifier, imports) ?? ''];
  for (const file of files) {
    assert.ok(existsSync(file), `${file} is no file`);
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*["']([^"']+)["']/g)) {
      const next = name.startsWith('.') ? fileURLToPath(new URL(name, pathToFileURL(file))) : mapped(name, imports);
      assert.ok(next, `${name} is not in the import map`);
      if (!files.includes(next)) files.push(next);
    }
  }
  return files;
}

describe('Samples in the docs', () => {
  it('are there in every language that is checked', () => {
    for (const language of ['html', 'css', 'js', 'tsx', 'vue', 'svelte', 'json']) {
      assert.ok(samples(language).length > 0, language);
    }
  });

  it('compile, in JavaScript, TypeScript and JSX', () => {
    assert.deepEqual(diagnose(modules()), []);
  });

  it('would not compile with a wrong name', () => {
    const name = `${root}test/docs/wrong.js`;
    const text = `import { RtcUser } from 'nano-webcaster/core';\nnew RtcUser().startBroadkast();\n`;
    assert.match(diagnose([{ name, text }]).join(), /startBroadkast/);
  });

  it('have attributes and slots in HTML that the element has', () => {
    for (const sample of samples('html')) {
      for (const name of attributesIn(sample.text)) {
        assert.ok(ATTRIBUTES.has(name) || GLOBAL.has(name) || name.startsWith('data-'), `${placeOf(sample)}: ${name}`);
      }
      known(sample.text.matchAll(/\bslot="([^"]*)"/g), SLOTS, sample);
    }
  });

  it('B11: slot no paragraph, which HTML moves out of the element inside another one', () => {
    const slotted = samples('html', 'tsx', 'vue', 'svelte').flatMap((sample) =>
      [...sample.text.matchAll(/<(\w+)\b[^>]*\sslot="/g)].map(([, tag]) => ({ tag, place: placeOf(sample) })),
    );
    assert.ok(slotted.length > 3);
    assert.deepEqual(
      slotted.filter(({ tag }) => ['p', 'div', 'section', 'h1', 'h2', 'h3', 'ul'].includes(tag ?? '')),
      [],
    );
    assert.ok(markdownFiles().some((file) => read(file).includes('WordPress wraps blocks in `<p>`')));
  });

  it('hide the texts in slots until the script has run', () => {
    const pages = [
      ...samples('html').map((sample) => ({ place: placeOf(sample), text: sample.text })),
      ...['demo', 'demo/gallery', 'demo/v5', 'demo/watch']
        .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
        .filter((place) => place.endsWith('.html'))
        .map((place) => ({ place, text: read(place) })),
    ].filter(({ text }) => /<nano-webcaster\b[^]*\sslot="/.test(text));
    assert.ok(pages.length >= 7, `${pages.length} pages`);
    const hides = /:not\(:defined\) > \[slot\] \{\s*display: none;/;
    const withStyles = (text: string) => (text.includes('href="/demo.css"') ? text + read('demo/demo.css') : text);
    assert.deepEqual(
      pages.filter(({ text }) => !hides.test(withStyles(text))).map(({ place }) => place),
      [],
    );
    for (const file of ['docs/styling.md', 'docs/frameworks.md', 'docs/.vitepress/theme/theme.css'])
      assert.match(read(file), hides, file);
  });

  it('name parts, custom properties, states and statuses in CSS that the element has', () => {
    for (const sample of samples('css', 'html')) {
      known(sample.text.matchAll(/::part\(([^)]*)\)/g), PARTS, sample);
      known(sample.text.matchAll(/(--nano-webcaster[\w-]*)/g), PROPERTIES, sample);
      known(sample.text.matchAll(/:state\(([^)]*)\)/g), STATES, sample);
    }
  });

  it('listen to events that the element has', () => {
    for (const sample of samples('html', 'js', 'ts', 'tsx', 'vue', 'svelte')) {
      known(sample.text.matchAll(/addEventListener\('(\w+-[\w-]+)'/g), EVENTS, sample);
      known(sample.text.matchAll(/(?:@|\bon:?)(\w+-[\w-]+)=/g), EVENTS, sample);
    }
  });

  it('have the styles for phones that the gallery has, which are tried', () => {
    const stylesOf = (text = '') => /<style>([^]*?)<\/style>/.exec(text)?.[1];
    const phones = samples('html').find(({ file }) => file === 'docs/phones.md');
    assert.ok(stylesOf(phones?.text));
    assert.equal(stylesOf(phones?.text), stylesOf(read('demo/gallery/phone-first.html')));
  });

  it('have an import map with all that the modules import', () => {
    const maps = samples('html').flatMap(
      ({ text }) => /<script type="importmap">([^]*?)<\/script>/.exec(text)?.[1] ?? [],
    );
    assert.equal(maps.length, 1);
    const { imports } = JSON.parse(maps[0] ?? '') as { imports: Record<string, string> };
    const files = filesOf('nano-webcaster', imports);
    assert.ok(files.some((file) => file.endsWith('/lit-html.js')));
    filesOf('nano-webcaster/languages/de.js', imports);
  });

  it('compile, in Vue', () => {
    for (const sample of samples('vue')) {
      const { descriptor, errors } = parseVue(sample.text);
      assert.deepEqual(errors, [], placeOf(sample));
      const compilerOptions = { isCustomElement: (tag: string) => tag === 'nano-webcaster' };
      const source = descriptor.template?.content ?? '';
      const compiled = compileTemplate({ source, id: 'sample', filename: 'Sample.vue', compilerOptions });
      assert.deepEqual(compiled.errors, [], placeOf(sample));
    }
  });

  it('compile without a warning, in Svelte', () => {
    for (const sample of samples('svelte')) {
      assert.deepEqual(compileSvelte(sample.text, { generate: 'client' }).warnings, [], placeOf(sample));
    }
  });

  it('can be read, in JSON', () => {
    for (const sample of samples('json')) assert.doesNotThrow(() => JSON.parse(sample.text), placeOf(sample));
  });
});
