import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CORE_OPTIONS } from '../../scripts/core-options.mjs';
import { attributes } from '../../scripts/manifest.mjs';
import { SETTINGS } from '../../src/element/attributes.js';

interface Option {
  path: string;
  comment: string;
  default?: unknown;
  takes: string | undefined;
}

const core: Option[] = CORE_OPTIONS;

/** A default as comments say it; where there is none, it is nothing. */
function inWords(preset: unknown): string[] {
  if (preset === undefined) return ['0', 'false'];
  return [Array.isArray(preset) && preset.length === 0 ? 'none' : String(preset)];
}

/** Fails where a comment has other numbers than those that are taken; returns how many it has. */
function assertRanges({ path, comment, takes = '' }: Option): number {
  const ranges = [...comment.matchAll(/\d+ to \d+|up to \d+|at least \d+/g)].map(([range]) => range.replace('up ', ''));
  for (const range of ranges) assert.ok(takes.endsWith(range), `${path}: ${range}, but ${takes}`);
  return ranges.length;
}

describe('Comments on options', () => {
  it('of the core say the defaults that hold', () => {
    const said = core.flatMap(({ path, comment, default: preset }) => {
      const [, word] = /\bDefault `?([\w-]+)/.exec(comment) ?? [];
      return word === undefined ? [] : [{ path, word, words: inWords(preset) }];
    });
    assert.ok(said.length >= 10, `${said.length} defaults`);
    for (const { path, word, words } of said) assert.ok(words.includes(word), `${path}: ${word}, but ${words}`);
  });

  it('of the core say the numbers that are taken', () => {
    const found = core.reduce((sum, option) => sum + assertRanges(option), 0);
    assert.ok(found >= 10, `${found} ranges`);
  });

  it('of the element say the numbers that are taken', () => {
    const documented: { name: string; description: string }[] = attributes;
    const descriptions = new Map(documented.map(({ name, description }) => [name, description]));
    const found = Object.values(SETTINGS).reduce((sum, { attribute, expects }) => {
      return sum + assertRanges({ path: attribute, comment: descriptions.get(attribute) ?? '', takes: expects });
    }, 0);
    assert.ok(found >= 7, `${found} ranges`);
  });
});
