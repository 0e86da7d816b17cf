import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ERROR_PAGES } from '../../scripts/error-pages.mjs';
import { ERROR_TYPES } from '../../src/core/api/errors.js';
import { read } from './support.js';

describe('Pages of errors', () => {
  it('are there for every code, and for no other', () => {
    const pages = Object.fromEntries(ERROR_PAGES.map(({ number, type }) => [number, type]));
    assert.deepEqual(pages, { ...ERROR_TYPES });
  });

  it('say what happened, why, and what to do', () => {
    for (const { number, summary } of ERROR_PAGES) {
      assert.match(summary, /^[A-Z`].+\.$/, String(number));
      const text = read(`docs/errors/${number}.md`);
      assert.match(text, /\n## Causes\n\n- .+\n/, String(number));
      assert.match(text, /\n## What to do\n\n- .+\n/, String(number));
    }
  });
});
