import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { isExpired } from '../../src/core/whip/jwt.js';
import { root } from './support.js';

const SECRET = 'a secret with "quotes"';
const guide = readFileSync(`${root}docs/tokens.md`, 'utf8');
const sample = (language: string) => new RegExp('```' + language + '\n([^]*?)```').exec(guide)?.[1] ?? '';

/** Checks the signature, and what the token claims. */
function check(token: string): void {
  const [header = '', payload = '', signature] = token.split('.');
  assert.equal(signature, createHmac('sha256', SECRET).update(`${header}.${payload}`).digest('base64url'));
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'HS256', typ: 'JWT' });
  const { streamname, iat, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
  assert.deepEqual([streamname, exp - iat], ['studio ü', 300]);
  assert.deepEqual([isExpired(token, iat * 1000), isExpired(token, exp * 1000)], [false, true]);
}

describe('the samples that create a token', () => {
  it('sign with Node', async () => {
    const url = `data:text/javascript,${encodeURIComponent(sample('mjs'))}`;
    const { publishToken } = (await import(url)) as { publishToken: (...values: unknown[]) => string };
    check(publishToken('studio ü', SECRET, 5));
  });

  it('sign with PHP', () => {
    const call = `echo publish_token('studio ü', ${JSON.stringify(SECRET).replaceAll('$', '\\$')}, 5);`;
    check(execFileSync('php', { input: `${sample('php')}\n${call}`, encoding: 'utf8' }).trim());
  });
});
