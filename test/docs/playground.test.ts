import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile as compileSvelte } from 'svelte/compiler';
import { compileTemplate, parse as parseVue } from 'vue/compiler-sfc';
import { codeFor, placeholdersIn } from '../../demo/playground-code.js';
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

describe('The servers of the playground', () => {
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

describe('The React code of the landing page', () => {
  it('compiles with the types', () => {
    const [, code = ''] = /data-tab="React">\s*<pre><code>([^]*?)<\/code>/.exec(read('demo/index.html')) ?? [];
    const text = code.replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
    assert.match(text, /<nano-webcaster/);
    assert.deepEqual(diagnose([asReact('landing', text)]), []);
  });
});
