import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformerStyleToClass } from '@shikijs/transformers';
import { slug } from 'github-slugger';
import { defineConfig, type DefaultTheme } from 'vitepress';
import { ERROR_PAGES } from '../../scripts/error-pages.mjs';
import { linksToPages, liveExamples } from './markdown.js';

const docs = fileURLToPath(new URL('..', import.meta.url));
const { version, repository } = JSON.parse(readFileSync(`${docs}../package.json`, 'utf8')) as {
  version: string;
  repository?: { url: string };
};
const sources = repository?.url.replace(/^git\+|\.git$/g, '');

/** The pages that TypeDoc writes; none before `npm run docs`. */
function apiPages(): DefaultTheme.SidebarItem[] {
  const file = `${docs}reference/api/typedoc-sidebar.json`;
  if (!existsSync(file)) return [];
  const groups = JSON.parse(readFileSync(file, 'utf8')) as DefaultTheme.SidebarItem[];
  // A group that collapses and has no page of its own is a button within a button.
  return groups.map(({ text, items }) => ({ text, items }) as DefaultTheme.SidebarItem);
}

/** The pages that exist, by their headings up to a colon. */
const pages = (...names: string[]): DefaultTheme.SidebarItem[] =>
  names
    .filter((name) => existsSync(`${docs}${name}.md`))
    .map((name) => ({ text: titleOf(name).replace(/:.*/, ''), link: `/${name.replace(/README$/, '')}` }));

const titleOf = (name: string) => /^# (.*)$/m.exec(readFileSync(`${docs}${name}.md`, 'utf8'))?.[1] ?? name;

const sidebar: DefaultTheme.SidebarItem[] = [
  { text: 'Get started', items: pages('first-broadcast', 'styling', 'languages', 'accessibility', 'browsers') },
  {
    text: 'Integrate',
    items: pages('servers', 'frameworks', 'cms', 'other-peoples-pages', 'tokens', 'security', 'watching', 'phones'),
  },
  { text: 'Stay live', items: pages('reconnection', 'rtmp', 'scale', 'recovery-times', 'comparison') },
  { text: 'Help', items: pages('troubleshooting', 'faq') },
  {
    text: 'Element reference',
    items: pages(
      ...['README', 'attributes', 'properties', 'events', 'slots', 'css', 'strings'].map((name) => `reference/${name}`),
    ),
  },
  {
    text: 'Core reference',
    items: [
      { text: 'RtcUser', link: '/reference/api/classes/RtcUser' },
      ...pages('reference/core-events'),
      { text: 'All classes and types', link: '/reference/api/', collapsed: true, items: apiPages() },
    ],
  },
  {
    text: 'Errors',
    collapsed: true,
    link: '/errors/',
    items: ERROR_PAGES.map(({ number, type }) => ({ text: `${number} ${type}`, link: `/errors/${number}` })),
  },
  { text: 'nanoStream v5', items: pages('migrating-from-v5') },
  {
    text: 'Project',
    items: [
      ...pages('versioning', 'public-api', 'design-decisions', 'field-cases'),
      { text: 'Changelog', link: '/project/changelog' },
      { text: 'Contributing', link: '/project/contributing' },
      { text: 'Reporting a vulnerability', link: '/project/security' },
    ],
  },
].filter(({ items }) => items.length > 0);

/** Words that people search for, beside the title of a page: otherwise entries of the reference that are called so come first. */
const KEYWORDS: Record<string, string> = { 'tokens.md': 'token, JWT', 'reconnection.md': 'reconnect' };

const withKeywords = (html: string, words: string) => html.replace(/ ?(<a class="header-anchor")/, `: ${words} $1`);

/** The pages of TypeDoc as one section each: their many headings, such as `token`, would come before the guides. */
const asOneSection = (html: string) => html.replaceAll(/(<\/?)h[2-6]\b/g, '$1p');

/** Colours as classes: `style-src 'self'` forbids the style attributes that Shiki writes. */
const colours = transformerStyleToClass({ classPrefix: 'shiki-' });
const INLINE_SCRIPT = /<script((?:(?! src=)[^>])*)>((?:(?!<\/script>)[^])+)<\/script>/g;
const isBuild = process.argv.includes('build');

export default defineConfig({
  title: 'nano-webcaster',
  description: 'A web component that puts a live WHIP broadcast into any page and keeps it live.',
  lang: 'en',
  base: '/docs/',
  outDir: '../docs-site',
  cacheDir: '../.cache/vitepress',
  rewrites: { 'README.md': 'index.md', ':folder/README.md': ':folder/index.md' },
  srcExclude: ['public-api/**'],
  // The defaults of both write styles into the page.
  contentProps: { class: 'content' },
  appearance: { disableTransition: false },
  head: [
    ['link', { rel: 'icon', href: '/docs/icon.svg', type: 'image/svg+xml' }],
    ...(isBuild ? [['link', { rel: 'stylesheet', href: '/docs/code.css' }] as [string, Record<string, string>]] : []),
  ],
  markdown: {
    config: (md) => {
      linksToPages(md);
      liveExamples(md);
    },
    languageAlias: { mjs: 'js' },
    // The same anchors as on GitHub.
    anchor: { slugify: (text) => slug(text) },
    // The contrast of the default light theme is too low.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark' },
    codeTransformers: isBuild ? [colours] : [],
  },
  themeConfig: {
    nav: [
      { text: 'Guide', link: '/first-broadcast' },
      { text: 'Reference', link: '/reference/' },
      { text: 'nanoStream v5', link: '/migrating-from-v5' },
    ],
    sidebar,
    outline: [2, 3],
    search: {
      provider: 'local',
      // Without a label of its own the button has that of its text, key included.
      options: {
        translations: { button: { buttonText: 'Search', buttonAriaLabel: '' } },
        miniSearch: { searchOptions: { boost: { title: 8, titles: 2, text: 1 } } },
        _render(source, env, md) {
          const html = md.render(source, env);
          const words = KEYWORDS[env.relativePath];
          if (words !== undefined) return withKeywords(html, words);
          return env.relativePath.startsWith('reference/api/') ? asOneSection(html) : html;
        },
      },
    },
    editLink: sources
      ? { pattern: `${sources}/edit/main/docs/:path` }
      : { pattern: '/project/contributing.html', text: 'Improve this page' },
    footer: { message: `MIT licence · version ${version}` },
  },
  /** `script-src 'self'` and `style-src 'self'` forbid inline scripts, which become files, and style attributes, which have no effect. */
  transformHtml(html, _, { siteConfig }) {
    return html.replaceAll(/ style="[^"]*"/g, '').replaceAll(INLINE_SCRIPT, (_, attributes: string, text: string) => {
      const name = `assets/inline.${createHash('sha256').update(text).digest('hex').slice(0, 8)}.js`;
      writeFileSync(`${siteConfig.outDir}/${name}`, text);
      return `<script${attributes} src="${siteConfig.site.base}${name}"></script>`;
    });
  },
  buildEnd({ outDir }) {
    writeFileSync(`${outDir}/code.css`, colours.getCSS());
  },
});
