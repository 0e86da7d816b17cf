import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/element/languages/en.js';
import { read } from './support.js';

const FILE = 'docs/troubleshooting.md';

/** Every text of a language, without those that have a name or number in them. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value ? Object.values(value).flatMap(textsOf) : [];
}

/** Whole texts, and the whole sentences of longer ones. */
function shownTexts(): Set<string> {
  const texts = textsOf(en);
  return new Set([...texts, ...texts.flatMap((text) => text.split(/(?<=[.?]) /))]);
}

describe('Texts of the element that the docs quote', () => {
  const shown = shownTexts();
  const quoted = [...read(FILE).matchAll(/“([^”]*)”/g)].map(([, text = '']) => text);

  for (const text of new Set(quoted)) {
    it(`exist: ${text}`, () => assert.ok(shown.has(text), `${FILE} quotes “${text}”, which the element never shows`));
  }

  it('are found, and others are not', () => {
    assert.ok(quoted.length > 10);
    assert.ok(shown.has('Copy details for support'));
    for (const text of ['Copy diagnostics', 'Copy details', 'Check your connection']) assert.ok(!shown.has(text));
  });

  it('have no straight quotation marks, which this test would not see', () => {
    const text = read(FILE).replace(/`[^`]*`/g, '');
    assert.ok(!text.includes('"'));
  });
});
