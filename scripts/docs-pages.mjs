/** How the pages of the docs hang together: what the site is made of, and what the tests of links look at. */
import { posix } from 'node:path';
import { Marked } from 'marked';

/** The index: it links to every page, and its list is the site's navigation. */
export const ROOT_PAGE = 'docs/README.md';

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escapeHtml = (text) => text.replaceAll(/[&<>"]/g, (letter) => ESCAPES[letter]);

/** The words of inline tokens, without their marks. */
export function plainText(tokens) {
  return tokens.map((token) => (token.tokens ? plainText(token.tokens) : token.text)).join('');
}

/** The anchor of a heading, as GitHub makes it; `seen` counts those of the page so far. */
export function anchorOf(title, seen) {
  const anchor = title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
  const count = seen.get(anchor) ?? 0;
  seen.set(anchor, count + 1);
  return count === 0 ? anchor : `${anchor}-${count}`;
}

/** Every token of a text, the inner ones too. */
export function tokensOf(text) {
  const found = [];
  const marked = new Marked({ gfm: true });
  marked.walkTokens(marked.lexer(text), (token) => found.push(token));
  return found;
}

/** The links and pictures of a text. */
export function linksOf(text) {
  return tokensOf(text)
    .filter(({ type }) => type === 'link' || type === 'image')
    .map(({ href }) => href);
}

/** Those to files and headings of the project. */
export const localLinksOf = (text) => linksOf(text).filter((href) => !/^[a-z]+:/i.test(href));

/** The anchors that a text has. */
export function anchorsOf(text) {
  const seen = new Map();
  return new Marked({ gfm: true })
    .lexer(text)
    .filter(({ type }) => type === 'heading')
    .map(({ tokens }) => anchorOf(plainText(tokens), seen));
}

/** The sources of all pages: what the index links to, and the other Markdown that those link to in turn. */
export function linkedPages(read) {
  const pages = [ROOT_PAGE];
  for (const source of pages) {
    for (const href of localLinksOf(read(source))) {
      const [target] = href.split('#');
      if (!/\.md$/.test(target)) continue;
      const linked = posix.normalize(posix.join(posix.dirname(source), target));
      if (!pages.includes(linked)) pages.push(linked);
    }
  }
  return pages;
}

/** The name of a page in the site; that of the index is empty. */
export function pageName(source) {
  if (source === ROOT_PAGE) return '';
  // SECURITY.md and docs/security.md are two pages.
  const name = source.startsWith('docs/') ? source.slice('docs/'.length) : `project/${source.toLowerCase()}`;
  return name.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}
