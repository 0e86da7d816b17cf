import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { tokensOf } from '../../scripts/docs-pages.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The Markdown that people read, by its path from the root. */
export function markdownFiles(): string[] {
  const isText = (name: string) => name.endsWith('.md');
  const top = readdirSync(root).filter(isText);
  const docs = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' })
    .filter(isText)
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

/** Every code block of the docs. Generated pages have declarations, and no samples. */
export function samples(...languages: string[]): Sample[] {
  return markdownFiles()
    .filter((file) => file !== 'docs/public-api.md' && file !== 'REFERENCE.md')
    .flatMap((file) =>
      tokensOf(read(file))
        .filter(({ type }) => type === 'code')
        .map(({ lang = '', text = '' }, index) => {
          const [language = '', flag = ''] = lang.split(' ');
          return { file, number: index + 1, language, flag, text };
        }),
    )
    .filter(({ language }) => languages.includes(language));
}
