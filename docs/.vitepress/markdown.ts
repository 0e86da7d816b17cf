/** What the pages need of Markdown beyond VitePress: links that also work on GitHub, and examples that run. */
import type { MarkdownRenderer } from 'vitepress';

/** Where a link between the repository's files leads in the site. */
export function pageLink(href: string): string {
  return href
    .replace(/^(?:\.\.\/)+([A-Z]+)\.md/, (_, name: string) => `/project/${name.toLowerCase()}.md`)
    .replace(/(^|\/)README\.md/, '$1index.md');
}

/** Leads links to `README.md` files, and to Markdown outside `docs/`, to their pages. */
export function linksToPages(md: MarkdownRenderer): void {
  md.core.ruler.push('links-to-pages', ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href !== null) token.attrSet('href', pageLink(href));
    }
  });
}

/** Shows the result above every code block that is marked as ```` ```html live ````. */
export function liveExamples(md: MarkdownRenderer): void {
  const { fence } = md.renderer.rules;
  if (!fence) return;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const block = fence(tokens, index, ...rest);
    const { info = '', content = '' } = tokens[index] ?? {};
    return info.split(' ').includes('live') ? `<LiveExample code="${encodeURIComponent(content)}" />\n${block}` : block;
  };
}
