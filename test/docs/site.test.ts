import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { ensureDocs } from '../support/docs-site.js';
import { root } from './support.js';

const folder = `${root}docs-site/`;

describe('The docs site', () => {
  let pages: Map<string, string>;

  before(() => {
    ensureDocs();
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
    pages = new Map(names.map((name) => [name, readFileSync(folder + name, 'utf8')]));
  });

  /** The file behind a path of the site. */
  const fileOf = (path: string) => path.replace(/^\/docs\//, '').replace(/(^|\/)$/, '$1index.html');
  const linksOf = (html: string) => [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, href = '']) => href);

  it('has a page and a heading behind every link', () => {
    for (const [name, html] of pages) {
      for (const href of linksOf(html).filter((link) => /^(\/docs\/|#)/.test(link))) {
        const [path = '', anchor = ''] = href.split('#');
        const file = path === '' ? name : fileOf(path);
        assert.ok(existsSync(folder + file), `${name}: ${href} is no file`);
        if (anchor && anchor !== 'VPContent')
          assert.ok(pages.get(file)?.includes(`id="${decodeURIComponent(anchor)}"`), `${name}: ${href} is no heading`);
      }
    }
  });

  it('has every page in the sidebar', () => {
    const linked = linksOf(pages.get('first-broadcast.html') ?? '').map(fileOf);
    const unlinked = [...pages.keys()].filter((name) => !linked.includes(name) && !name.startsWith('reference/api/'));
    assert.deepEqual(unlinked, ['404.html']);
  });

  it('has its start page in the order of the sidebar', () => {
    const paths = (html = '') => {
      const links = linksOf(html).filter((link) => !/^(#|\w+:)/.test(link));
      return [...new Set(links.map((link) => new URL(link, 'http://site.example/docs/').pathname))];
    };
    const [start, sidebar] = ['index.html', 'first-broadcast.html'].map((name) => pages.get(name));
    const listed = paths(/<main[^]*<\/main>/.exec(start ?? '')?.[0]);
    assert.ok(listed.length > 20);
    const inSidebar = paths(/<aside class="VPSidebar"[^]*?<\/aside>/.exec(sidebar ?? '')?.[0]);
    const rank = new Map(inSidebar.map((path, index) => [path, index]));
    const ranks = listed.map((path) => rank.get(path) ?? -1);
    assert.deepEqual(
      ranks,
      [...ranks].sort((one, other) => one - other),
    );
  });

  it('works under a strict content security policy: no inline script, no inline style', () => {
    for (const [name, html] of pages) {
      assert.doesNotMatch(html, /<script(?![^>]* src=)[^>]*>[^<]/, name);
      assert.doesNotMatch(html, /<style| style="| on\w+="/, name);
    }
  });

  it('loads nothing from other origins', () => {
    for (const [name, html] of pages)
      assert.doesNotMatch(html, /<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?\/\//, name);
  });

  it('runs no script of an example', () => {
    for (const [name, html] of pages) {
      for (const [example] of html.matchAll(/<div class="live-example">[^]*?<\/div>/g))
        assert.doesNotMatch(example, /<script/, name);
    }
  });

  it('has live examples, each with a stream of its own', () => {
    const servers = [...pages.values()].flatMap((html) =>
      [...html.matchAll(/<div class="live-example"><nano-webcaster\s[^>]*\bserver="([^"]*)"/g)].map(
        ([, server]) => server,
      ),
    );
    assert.ok(servers.length >= 4, `${servers.length} examples`);
    assert.equal(new Set(servers).size, servers.length);
  });
});
