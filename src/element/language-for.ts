import type { Language, OwnStrings, StatusStrings } from './strings.js';
import { languages } from './languages/registry.js';

/** The text for a language tag, `english` if the language is unknown, with a page's own in place of some. */
export function languageFor<Words extends StatusStrings>(
  tag: string,
  ownWords: OwnStrings | undefined,
  english: Words,
): Language<Words> {
  const subtags = tag.toLowerCase().split('-');
  const tags = subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
  const known = tags.find((candidate) => languages.words.has(candidate)) ?? 'en';
  const words = merge(english, languages.words.get(known) ?? {});
  return { tag: known, words: merge(words, ownWords ?? {}) };
}

/** Texts of another type than the element's own are left out: rendering them would fail. */
function merge<Words extends object>(words: Words, others: object): Words {
  const merged = { ...words } as Record<string, unknown>;
  for (const [name, other] of Object.entries(others)) {
    const own = merged[name];
    const isOfType = other !== null && (own === undefined || typeof other === typeof own);
    if (!isOfType) continue;
    if (own && typeof own === 'object') merged[name] = merge(own, other as object);
    else merged[name] = typeof other === 'function' ? guarded(other as Text, own as Text) : other;
  }
  return merged as Words;
}

type Text = (...values: unknown[]) => string;

/** A page's text that throws must not keep the element from rendering: the element's own takes its place. */
function guarded(other: Text, own: Text): Text {
  return (...values) => {
    try {
      return other(...values);
    } catch (error) {
      reportError(error);
      return own(...values);
    }
  };
}
