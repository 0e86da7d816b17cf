import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import MarkdownIt from 'markdown-it';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Markdown that people read, by its path from the root. */
export function markdownFiles(): string[] {
  const isText = (name: string) => name.endsWith('.md');
  const top = readdirSync(root).filter(isText);
  const docs = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => isText(name) && !/^(\.vitepress|project|reference\/api)\//.test(name))
    .map((name) => `docs/${name}`);
  return [...top, ...docs].sort();
}

export function read(file: string): string {
  return readFileSync(root + file, 'utf8');
}

export interface Sample {
  file: string;
  /** Counted from 1 within the file. */
  number: number;
  language: string;
  /** What stands behind the language, such as `live`. */
  flag: string;
  text: string;
}

const markdown = new MarkdownIt();

type Token = ReturnType<typeof markdown.parse>[number];

/** Every token of a text, the inline ones too. */
function tokensOf(text: string): Token[] {
  return markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])]);
}

/** Every code block of the docs. Generated pages have declarations, and no samples. */
export function samples(...languages: string[]): Sample[] {
  return markdownFiles()
    .filter((file) => !file.startsWith('docs/public-api'))
    .flatMap((file) =>
      tokensOf(read(file))
        .filter(({ type }) => type === 'fence')
        .map(({ info, content }, index) => {
          const [language = '', flag = ''] = info.split(' ');
          return { file, number: index + 1, language, flag, text: content.trimEnd() };
        }),
    )
    .filter(({ language }) => languages.includes(language));
}

/** The links and images of a text that lead to files and headings of the project. */
export function localLinksOf(text: string): string[] {
  return tokensOf(text)
    .flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? [])
    .filter((href) => !/^[a-z]+:/i.test(href));
}

/** The anchors of the headings of a text, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  const tokens = markdown.parse(text, {});
  return tokens.flatMap(({ type }, index) =>
    type === 'heading_open' ? slug(plainText(tokens[index + 1]?.children ?? [])) : [],
  );
}

const plainText = (tokens: Token[]) => tokens.map(({ content }) => content).join('');
