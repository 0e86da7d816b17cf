/**
 * `npm run docs`: renders the docs as a static site into `docs-site/`, with navigation and search. The demo server shows it
 * under /docs/, where its examples are live.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import { anchorOf, escapeHtml, linkedPages, pageName, plainText, ROOT_PAGE } from './docs-pages.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const read = (name) => readFileSync(path(name), 'utf8');

/** The pages by their sources: what the index links to, and what those link to. */
const sources = linkedPages(read);

/** Where a link of one page leads in the site; undefined where the site has no such thing. */
function siteLink(href, from) {
  if (/^[a-z]+:/i.test(href)) return href;
  const [target, anchor] = href.split('#');
  const suffix = anchor === undefined ? '' : `#${anchor}`;
  if (target === '') return suffix;
  const source = posix.normalize(posix.join(posix.dirname(from), target));
  if (sources.includes(source)) return `/docs/${pageName(source)}${suffix}`;
  return /\.(svg|png)$/.test(source) ? `/docs/${posix.basename(source)}` : undefined;
}

/** The modules that a live sample loads, in the site: those of `cdn/` as if it lay there. */
function modulesOf(sample) {
  const addresses = [...sample.matchAll(/<script type="module" src="([^"]*)"><\/script>/g)].map(([, src]) => src);
  return addresses.map((src) => new URL(src, 'http://localhost/cdn/').pathname);
}

function render(source) {
  const text = read(source);
  const seen = new Map();
  const modules = new Set();
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }) {
        const title = plainText(tokens);
        const anchor = anchorOf(title, seen);
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchor}">${html}${depth > 1 ? ` <a class="anchor" href="#${anchor}" aria-label="Link to this section">#</a>` : ''}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const html = this.parser.parseInline(tokens);
        const to = siteLink(href, source);
        return to === undefined ? html : `<a href="${escapeHtml(to)}">${html}</a>`;
      },
      image({ href, text: alt }) {
        const picture = `<img src="${escapeHtml(siteLink(href, source) ?? href)}" alt="${escapeHtml(alt)}" />`;
        return `<span class="picture" tabindex="0" role="region" aria-label="Picture">${picture}</span>`;
      },
      // Wide tables and code scroll by themselves, also by keyboard.
      table(token) {
        const cells = (row, tag) =>
          row.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('');
        const rows = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
        return `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table>\n<thead><tr>${cells(token.header, 'th')}</tr></thead>\n<tbody>\n${rows}\n</tbody></table></div>\n`;
      },
      code({ text: sample, lang = '' }) {
        const [language, ...flags] = lang.split(' ');
        const isLive = flags.includes('live');
        if (isLive) for (const module of ['/cdn/nano-webcaster.min.js', ...modulesOf(sample)]) modules.add(module);
        const shown = `<pre tabindex="0"><code class="language-${escapeHtml(language || 'text')}">${escapeHtml(sample)}</code></pre>\n`;
        return isLive ? `<div class="live">${sample.replace(/<script\b[^]*?<\/script>/g, '')}</div>\n${shown}` : shown;
      },
      html({ text: raw }) {
        return raw.startsWith('<!--') ? '' : escapeHtml(raw);
      },
    },
  });
  const sections = searchable(text);
  return { source, html: marked.parse(text), title: sections[0].title, sections, modules };
}

/** What the search looks through: each section with its words. */
function searchable(text) {
  const seen = new Map();
  const sections = [];
  for (const token of new Marked({ gfm: true }).lexer(text)) {
    if (token.type === 'heading') {
      const title = plainText(token.tokens);
      sections.push({ title, anchor: anchorOf(title, seen), text: '' });
    } else if (token.type !== 'html' && token.type !== 'space') {
      sections.at(-1).text += `${token.raw.replaceAll(/[|`*#]|-{3,}|\]\([^)]*\)|\[/g, ' ').replaceAll(/\s+/g, ' ')} `;
    }
  }
  return sections;
}

/** The navigation is the list of the index. */
function navigation(current) {
  const parts = new Marked().lexer(read(ROOT_PAGE)).flatMap((token) => {
    if (token.type === 'heading' && token.depth === 2) return [`<h2>${escapeHtml(token.text)}</h2>`];
    if (token.type !== 'list') return [];
    const items = token.items.map(({ tokens }) => {
      const [link] = tokens[0].tokens;
      const source = posix.normalize(posix.join(posix.dirname(ROOT_PAGE), link.href));
      const mark = source === current ? ' aria-current="page"' : '';
      return `<li><a href="/docs/${pageName(source)}"${mark}>${escapeHtml(link.text)}</a></li>`;
    });
    return [`<ul>${items.join('\n')}</ul>`];
  });
  return parts.join('\n');
}

const page = ({ source, html, title, modules }) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>${escapeHtml(title)}${source === ROOT_PAGE ? '' : ' · nano-webcaster'}</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/docs/site.css" />
${['/docs/site.js', ...modules].map((src) => `    <script type="module" src="${src}"></script>`).join('\n')}
  </head>
  <body>
    <a class="skip" href="#content">To the content</a>
    <header>
      <a class="home" href="/docs/">nano-webcaster</a>
      <search>
        <label for="search">Search</label>
        <input id="search" type="search" autocomplete="off" spellcheck="false" />
        <ol id="found" aria-label="What was found" hidden></ol>
      </search>
      <a href="/">Demo</a>
    </header>
    <div class="columns">
      <details class="menu">
        <summary>Pages</summary>
        <nav aria-label="Docs">
${navigation(source)}
        </nav>
      </details>
      <main id="content">
${html}
      </main>
    </div>
  </body>
</html>
`;

const out = path('docs-site');
rmSync(out, { recursive: true, force: true });
mkdirSync(out);
const pages = sources.map(render);
for (const one of pages) {
  const file = `${out}/${pageName(one.source) || 'index.html'}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, page(one));
}
const index = pages.flatMap(({ source, title, sections }) =>
  sections.map((section) => ({ url: `/docs/${pageName(source)}#${section.anchor}`, page: title, ...section })),
);
writeFileSync(`${out}/search.json`, JSON.stringify(index.map(({ anchor: _, ...entry }) => entry)));
for (const name of ['site/site.css', 'site/site.js', 'reconnection.svg']) {
  cpSync(path(`docs/${name}`), `${out}/${posix.basename(name)}`);
}
console.log(`${pages.length} pages are in docs-site/`);
