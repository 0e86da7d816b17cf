import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/element/languages/en.js';
import { read } from './support.js';

const FILES = ['docs/troubleshooting.md', 'docs/reconnection.md'];

type Attempt = Parameters<typeof en.attempt>[0];

/** Every text of a language, without those that have a name or number in them. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value ? Object.values(value).flatMap(textsOf) : [];
}

/** Whole texts, and the whole sentences of longer ones. */
function shownTexts(): Set<string> {
  const countdown = [0, 7].map((seconds) => en.attempt({} as Attempt, seconds).replace('\u00a0', ' '));
  const { blocked, missing, unsent } = en.capture;
  const kinds = ['audioinput', 'videoinput'] as const;
  const lost = [blocked, missing, unsent].flatMap((textFor) => kinds.map((kind) => textFor(kind, '')));
  const texts = [...textsOf(en), ...countdown, ...lost];
  return new Set([...texts, ...texts.flatMap((text) => text.split(/(?<=[.?]) /))]);
}

describe('Texts of the element that the docs quote', () => {
  const shown = shownTexts();
  const quotedIn = (file: string) => [...read(file).matchAll(/“([^”]*)”/g)].map(([, text = '']) => text);

  for (const file of FILES) {
    for (const text of new Set(quotedIn(file))) {
      it(`exist: ${text}`, () => assert.ok(shown.has(text), `${file} quotes “${text}”, which the element never shows`));
    }
  }

  it('are found, and others are not', () => {
    for (const file of FILES) assert.ok(quotedIn(file).length > 7, file);
    assert.ok(shown.has('Copy details for support'));
    for (const text of ['Copy diagnostics', 'Copy details', 'Check your connection']) assert.ok(!shown.has(text));
  });

  it('have no straight quotation marks, which this test would not see', () => {
    const prose = (file: string) => read(file).replaceAll(/```[^]*?```|`[^`]*`/g, '');
    for (const file of FILES) assert.ok(!prose(file).includes('"'), file);
  });
});
