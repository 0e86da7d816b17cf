import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { read } from './support.js';

describe('The sizes in the README', () => {
  for (const { name, limit } of packageJson['size-limit']) {
    it(`are those that \`npm run size\` checks: ${name}`, () => assert.ok(read('README.md').includes(limit)));
  }
});
