import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { root } from './support.js';

const folder = `${root}docs-site/`;

describe('The site of the docs', () => {
  let pages: Map<string, string>;

  before(() => {
    execFileSync(process.execPath, ['scripts/docs-site.mjs'], { cwd: root });
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    pages = new Map(names.map((name) => [name, readFileSync(folder + name, 'utf8')]));
  });

  /** The file behind a path of the site. */
  const fileOf = (path: string) => path.replace(/^\/docs\//, '').replace(/(^|\/)$/, '$1index.html');

  it('has a page and a heading behind every link', () => {
    for (const [name, html] of pages) {
      for (const [, href = ''] of html.matchAll(/(?:href|src)="([^"]*)"/g)) {
        if (!/^(\/docs\/|#)/.test(href)) continue;
        const [path = '', anchor] = href.split('#');
        const file = path === '' ? name : fileOf(path);
        assert.ok(existsSync(folder + file), `${name}: ${href} is no file`);
        if (anchor) assert.ok(pages.get(file)?.includes(`id="${anchor}"`), `${name}: ${href} is no heading`);
      }
    }
  });

  it('finds only what is there', () => {
    const index = JSON.parse(readFileSync(`${folder}search.json`, 'utf8')) as { url: string }[];
    assert.ok(index.length > pages.size);
    for (const { url } of index) {
      const [path = '', anchor = ''] = url.split('#');
      assert.ok(pages.get(fileOf(path))?.includes(`id="${anchor}"`), url);
    }
  });

  it('marks the page that is open in the navigation', () => {
    assert.match(pages.get('styling.html') ?? '', /href="\/docs\/styling.html" aria-current="page"/);
  });

  it('has live examples that load what they need, each with a stream of its own', () => {
    const live = [...pages].filter(([, html]) => html.includes('<div class="live">'));
    assert.deepEqual(live.map(([name]) => name).sort(), [
      'first-broadcast.html',
      'languages.html',
      'reconnection.html',
      'styling.html',
    ]);
    for (const [name, html] of live) assert.match(html, /src="\/cdn\/nano-webcaster.min.js"/, name);
    assert.match(pages.get('languages.html') ?? '', /src="\/cdn\/languages\/es.min.js"/);
    assert.match(pages.get('reconnection.html') ?? '', /src="\/fault-panel.js"/);
    const servers = live.flatMap(([, html]) =>
      [...html.matchAll(/<div class="live">[^]*?<nano-webcaster [^>]*\bserver="([^"]*)"/g)].map(([, server]) => server),
    );
    assert.equal(new Set(servers).size, servers.length);
  });

  it('runs no script of a sample', () => {
    for (const [name, html] of pages) {
      for (const [, sample = ''] of html.matchAll(/<div class="live">([^]*?)<\/div>/g)) {
        assert.doesNotMatch(sample, /<script/, name);
      }
    }
  });
});
