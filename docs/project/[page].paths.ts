/** Pages of the Markdown in the repository's root, which is not below `docs/`. */
import { readFileSync } from 'node:fs';

function page(file: string): { params: { page: string }; content: string } {
  const text = readFileSync(new URL(`../../${file}.md`, import.meta.url), 'utf8');
  // Links lead from the root, and the site has no page of the licence.
  const content = text
    .replaceAll(/\[([^\]]+)\]\(LICENSE\)/g, '$1')
    .replaceAll(/\]\((?=[\w.])(?!\w+:)(docs\/)?/g, (_, docs?: string) => (docs ? '](../' : '](../../'));
  return { params: { page: file.toLowerCase() }, content };
}

export default { paths: () => ['CHANGELOG', 'CONTRIBUTING', 'SECURITY'].map(page) };
