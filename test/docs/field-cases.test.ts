import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { read, root } from './support.js';

/** How many rows each part has. */
const ROWS = { A: 18, B: 11, C: 12, D: 7, E: 9 };
const ids = Object.entries(ROWS).flatMap(([part, count]) =>
  Array.from({ length: count }, (_, row) => part + (row + 1)),
);

describe('The field cases', () => {
  it('are all listed, and each of them has a test', () => {
    assert.deepEqual(Object.keys(JSON.parse(read('test/field-cases.json')) as object), ids);
    const tests = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => readFileSync(`${root}test/${file}`, 'utf8'))
      .join('\n');
    const missing = ids.filter((id) => !new RegExp(`["'\`]${id}: `).test(tests));
    assert.deepEqual(missing, []);
  });
});
