/** The pages of docs/errors: the code and the word of each, and its first sentence. */
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../docs/errors/', import.meta.url);

function read(name) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const [, number, type, paragraph] = /^# (\d+) `([a-z-]+)`\n\n([^]+?)\n\n/.exec(text) ?? [];
  if (`${number}.md` !== name)
    throw new Error(`docs/errors/${name} must begin with its code, its type and a paragraph.`);
  const words = paragraph.replaceAll('\n', ' ');
  return { number: Number(number), type, summary: words.slice(0, `${words} `.indexOf('. ') + 1) };
}

export const ERROR_PAGES = readdirSync(folder)
  .filter((name) => name !== 'README.md')
  .map(read)
  .sort((a, b) => a.number - b.number);
