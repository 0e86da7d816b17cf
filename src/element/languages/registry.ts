import type { OwnStrings } from '../strings.js';

interface Languages {
  /** Words by language tag in lower case. */
  words: Map<string, OwnStrings>;
  /** Called when a language has come. */
  listeners: Set<() => void>;
}

const KEY = Symbol.for('nano-webcaster.languages');
const everywhere = globalThis as unknown as Record<symbol, Languages | undefined>;

/** The languages that are there beside English: one list for all scripts of a page, each with a copy of this module. */
export const languages: Languages = (everywhere[KEY] ??= { words: new Map(), listeners: new Set() });

/** Adds a language, or replaces it, for every element of the page. What is left out stays in English. */
export function addLanguage(tag: string, words: OwnStrings): void {
  languages.words.set(tag.toLowerCase(), words);
  for (const listener of languages.listeners) listener();
}
