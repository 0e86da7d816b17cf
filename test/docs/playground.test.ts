import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile as compileSvelte } from 'svelte/compiler';
import { compileTemplate, parse as parseVue } from 'vue/compiler-sfc';
import {
  codeFor,
  contradictoryDelays,
  fieldsOf,
  filesFor,
  placeholdersIn,
  written,
} from '../../demo/playground-code.js';
import { diagnose, type Module } from './compile.js';
import { anchorsOf, read, root } from './support.js';

interface Server {
  name: string;
  server: string;
  streamName?: string;
  ingestUrl?: string;
  token?: string;
}

const servers = JSON.parse(read('demo/servers.json')) as Server[];
const guide = read('docs/servers.md');

/** The attributes of a kind of server as the playground writes them, with some of each kind beside them. */
const attributesOf = ({ server, streamName, ingestUrl, token }: Server): [string, string | null][] =>
  (
    [
      ['server', server],
      ['stream-name', streamName],
      ['ingest-url', ingestUrl],
      ['token', token],
      ['width', '640'],
      ['audio-mode', 'music'],
      ['controls', null],
    ] as const
  ).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));

const asReact = (name: string, text: string): Module => ({
  name: `${root}test/docs/${name.replaceAll(/\W/g, '_')}.tsx`,
  text: `/** @jsxImportSource react */\n${text}`,
});

const manifest = JSON.parse(read('custom-elements.json')) as unknown;
const fields = fieldsOf(manifest, ['ar', 'de']) as {
  name: string;
  kind: string;
  choices: string[];
  description: string;
}[];

/** The values of a kind of server by the names of the attributes. */
const valuesOf = (kind: Server): Record<string, string> =>
  Object.fromEntries(
    Object.entries(kind)
      .filter(([name]) => name !== 'name')
      .map(([name, value]) => [name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), String(value)]),
  );

describe('The fields of the playground', () => {
  it('are the attributes of the manifest, each with its description', () => {
    assert.ok(fields.length > 25);
    assert.deepEqual(
      fields.filter(({ description }) => !description).map(({ name }) => name),
      [],
    );
  });

  it('have the languages that come with a module, and English', () => {
    const lang = fields.find(({ name }) => name === 'lang');
    assert.equal(lang?.kind, 'choice');
    assert.deepEqual(lang.choices, ['', 'en', 'ar', 'de']);
  });

  it('are refused if they contradict each other, with the defaults as they are', () => {
    const names = (values: Record<string, string>) => Object.keys(contradictoryDelays(fields, values)).sort();
    const both = ['reconnect-max-delay', 'reconnect-min-delay'];
    assert.deepEqual(names({}), []);
    assert.deepEqual(names({ 'reconnect-min-delay': '8' }), []);
    assert.deepEqual(names({ 'reconnect-min-delay': '9' }), both);
    assert.deepEqual(names({ 'reconnect-min-delay': '9', 'reconnect-max-delay': '9' }), []);
    assert.deepEqual(names({ 'reconnect-max-delay': '0.5' }), both);
  });

  it('are written if they differ from their default, or if the server recommends them', () => {
    const values = { width: '1280', height: '240', muted: '', controls: 'on', lang: '' };
    assert.deepEqual(written(fields, values), [
      ['height', '240'],
      ['controls', null],
    ]);
    assert.deepEqual(written(fields, values, ['width', 'framerate']), [
      ['width', '1280'],
      ['height', '240'],
      ['controls', null],
    ]);
  });
});

describe('The servers of the playground', () => {
  it('have fields for all that they name', () => {
    const names = fields.map(({ name }) => name);
    for (const kind of servers) {
      const unknown = Object.keys(valuesOf(kind)).filter((name) => !names.includes(name));
      assert.deepEqual(unknown, [], kind.name);
    }
  });

  it('have the values that the guide recommends for nanoStream Cloud', () => {
    const [, sample = ''] = /## nanoStream Cloud\s+```html\n([^]*?)```/.exec(guide) ?? [];
    const inGuide = Object.fromEntries(
      [...sample.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    assert.equal(inGuide['video-bitrate'], '2000');
    const kind = servers.find(({ name }) => name === 'nanoStream Cloud');
    assert.ok(kind);
    assert.deepEqual(valuesOf(kind), inGuide);
  });

  /** A kind may be offered twice, as "MediaMTX, on this computer". */
  const names = [...new Set(servers.map(({ name }) => name.replace(/,.*/, '')))];
  const listed = [...guide.matchAll(/^\| \[([^\]]*)\]\(#([\w-]+)\) +\|/gm)];

  it('are those of the guide, and any other', () => {
    const inGuide = listed.map(([, name]) => name ?? '');
    assert.ok(inGuide.length >= 13);
    assert.deepEqual(names.filter((name) => name !== 'Another WHIP server').sort(), inGuide.sort());
    assert.deepEqual(
      listed.map(([, , anchor]) => anchor).filter((anchor) => !anchorsOf(guide).includes(anchor ?? '')),
      [],
    );
  });

  it('need a token where the guide says so', () => {
    for (const { name, token } of servers) {
      const row = guide.split('\n').find((line) => line.slice(3).startsWith(`${name}](`));
      const cell = row?.split('|')[2]?.trim();
      if (cell?.startsWith('none')) assert.equal(token, undefined, name);
      if (/^(the|an?) /.test(cell ?? '')) assert.ok(token, name);
    }
  });

  it('name in capitals what is to be replaced, and nothing else', () => {
    const open = servers.map((kind) => [kind.name, placeholdersIn(attributesOf(kind)).join(' ')]);
    assert.deepEqual(
      open.filter(([, words]) => !words).map(([name]) => name),
      ['The development server', 'MediaMTX, on this computer'],
    );
    const [cloudflare] = servers.filter(({ name }) => name === 'Cloudflare Stream');
    assert.deepEqual(placeholdersIn(attributesOf(cloudflare as Server)), ['CODE', 'KEY']);
  });
});

describe('The code of the playground', () => {
  it('compiles in React, for every server, with the types', () => {
    const modules = servers.map((kind) => asReact(kind.name, codeFor('react', attributesOf(kind))));
    assert.deepEqual(diagnose(modules), []);
  });

  it('compiles in Vue and Svelte, with the address as it is', () => {
    for (const kind of servers) {
      const attributes = attributesOf(kind);
      const { descriptor, errors } = parseVue(codeFor('vue', attributes));
      assert.deepEqual(errors, []);
      const compilerOptions = { isCustomElement: (tag: string) => tag === 'nano-webcaster' };
      const source = descriptor.template?.content ?? '';
      const vue = compileTemplate({ source, id: 'sample', filename: 'Sample.vue', compilerOptions });
      assert.deepEqual(vue.errors, []);
      const svelte = compileSvelte(codeFor('svelte', attributes), { generate: 'server' });
      assert.deepEqual(svelte.warnings, []);
      const escaped = kind.server.replace('&', '&amp;');
      for (const code of [vue.code, svelte.js.code])
        assert.ok(code.includes(kind.server) || code.includes(escaped), `${kind.name}: ${code}`);
    }
  });
});

describe('The code of the playground for another language', () => {
  const attributes: [string, string | null][] = [
    ['server', '/whip/a'],
    ['controls', null],
    ['lang', 'de'],
  ];

  it('loads the module of the language, in every framework', () => {
    for (const framework of ['npm', 'react', 'vue', 'svelte', 'angular']) {
      const code = codeFor(framework, attributes);
      assert.match(code, /^ *import 'nano-webcaster';\n *import 'nano-webcaster\/languages\/de\.js';$/m, framework);
      assert.match(code, / lang="de"/);
    }
    assert.match(codeFor('html', attributes), /^<script type="module" src="languages\/de\.min\.js"><\/script>$/m);
    assert.deepEqual(diagnose([asReact('german', codeFor('react', attributes))]), []);
  });

  it('loads none for English or for no language', () => {
    for (const rest of [[], [['lang', 'en']]] as [string, string][][]) {
      assert.doesNotMatch(codeFor('html', rest), /languages/);
      assert.doesNotMatch(codeFor('npm', rest), /languages/);
    }
  });

  it('names the files that HTML needs', () => {
    assert.deepEqual(filesFor(attributes), [
      'nano-webcaster.min.js',
      'broadcast.min.js',
      'controls.min.js',
      'languages/de.min.js',
    ]);
    assert.deepEqual(filesFor([]), ['nano-webcaster.min.js', 'broadcast.min.js']);
  });
});

describe('The React code of the landing page', () => {
  it('compiles with the types', () => {
    const [, code = ''] = /data-tab="React">\s*<pre><code>([^]*?)<\/code>/.exec(read('demo/index.html')) ?? [];
    const text = code.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
    assert.match(text, /<nano-webcaster/);
    assert.deepEqual(diagnose([asReact('landing', text)]), []);
  });
});
