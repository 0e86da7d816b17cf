import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isExpired } from '../../src/core/whip/jwt.js';
import { freePort } from '../support/free-port.js';
import { findServer } from '../support/media-servers.mjs';
import { until } from '../support/page.js';
import { read, samples } from './support.js';

const FILE = 'docs/tokens.md';
const SECRET = 'a secret with "quotes" ü';
const PAYLOAD = { mediamtx_permissions: [{ action: 'publish', path: 'studio' }] };
const sample = (language: string, name: string) =>
  samples(language).find(({ file, text }) => file === FILE && text.includes(name))?.text ?? '';

function verify(token: string, key: string | Buffer): Record<string, unknown> {
  const [header = '', payload = '', signature] = token.split('.');
  assert.equal(signature, createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url'));
  assert.deepEqual(JSON.parse(Buffer.from(header, 'base64url').toString()), { alg: 'HS256', typ: 'JWT' });
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

const php = findServer('php');
const PHP = 'missing' in php ? { skip: php.missing } : {};

/** Checks the signature, and what the token claims. */
function check(token: string, payload: object, seconds: number): void {
  const { iat, exp, ...claims } = verify(token, SECRET) as { iat: number; exp: number };
  assert.deepEqual([claims, exp - iat], [payload, seconds]);
  assert.deepEqual([isExpired(token, iat * 1000), isExpired(token, exp * 1000)], [false, true]);
}

describe('the samples that create a token', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tokens-'));
    writeFileSync(join(folder, 'publish-token.mjs'), sample('mjs', 'function publishToken'));
    writeFileSync(join(folder, 'token-server.mjs'), sample('mjs', 'createServer'));
    writeFileSync(join(folder, 'route.mjs'), sample('ts', 'async function POST'));
    writeFileSync(join(folder, 'token-server.php'), sample('php', 'publish_token'));
  });

  after(() => rmSync(folder, { recursive: true }));

  async function publishToken(): Promise<(...values: unknown[]) => string> {
    const { publishToken } = (await import(join(folder, 'publish-token.mjs'))) as {
      publishToken: (...values: unknown[]) => string;
    };
    return publishToken;
  }

  it('sign any payload with Node, for as long as wanted', async () => {
    check((await publishToken())({ streamname: 'studio ü' }, SECRET, 5), { streamname: 'studio ü' }, 300);
  });

  it('answer as a route of Next', async () => {
    const { POST } = (await import(join(folder, 'route.mjs'))) as { POST: () => Promise<Response> };
    process.env['TOKEN_SECRET'] = SECRET;
    const answer = await POST();
    delete process.env['TOKEN_SECRET'];
    check(await answer.text(), PAYLOAD, 600);
  });

  const port = freePort();
  const SERVERS = {
    Node: async () => ['node', 'token-server.mjs'],
    PHP: async () => ['php', '-S', `127.0.0.1:${await port}`, 'token-server.php'],
  };

  for (const [language, command] of Object.entries(SERVERS)) {
    it(`answer as a server in ${language}, to POST only`, language === 'PHP' ? PHP : {}, async () => {
      const [program = '', ...values] = await command();
      const env = {
        ...process.env,
        TOKEN_SECRET: SECRET,
        PAGE_ORIGIN: 'http://page.example',
        PORT: String(await port),
      };
      const running = spawn(program, values, { cwd: folder, env, stdio: 'ignore' });
      const exited = new Promise((resolve) => running.once('exit', resolve));
      const ask = async (method: string) => fetch(`http://127.0.0.1:${await port}/api/publish-token`, { method });
      try {
        await until('it listens', () => ask('GET').catch(() => undefined));
        const answer = await ask('POST');
        assert.equal(answer.headers.get('Access-Control-Allow-Origin'), 'http://page.example');
        assert.equal(answer.headers.get('Cache-Control'), 'no-store');
        check(await answer.text(), PAYLOAD, 600);
        const refused = await ask('GET');
        assert.deepEqual([refused.status, await refused.text()], [405, '']);
      } finally {
        running.kill();
        await exited;
      }
    });
  }

  it('never sign with an empty secret', () => {
    const env = { ...process.env, TOKEN_SECRET: '' };
    const node = () => execFileSync('node', ['token-server.mjs'], { cwd: folder, env, stdio: 'pipe' });
    assert.throws(node, /Set TOKEN_SECRET/);
  });

  it('never sign with an empty secret in PHP', PHP, () => {
    const env = { ...process.env, TOKEN_SECRET: '' };
    const post = `$_SERVER['REQUEST_METHOD'] = 'POST'; require 'token-server.php';`;
    assert.equal(execFileSync('php', ['-r', post], { cwd: folder, env, encoding: 'utf8' }), '');
  });

  it('have for MediaMTX the key that verifies the token, and a configuration that names it', async () => {
    const [, envFile = '', script = '', file = ''] =
      /node --env-file=(\S+) -p '([^']*)' > (.*)/.exec(sample('sh', 'jwks.json')) ?? [];
    assert.ok(sample('sh', 'token-server.mjs').includes(`node --env-file=${envFile} token-server.mjs`));
    writeFileSync(join(folder, envFile), `TOKEN_SECRET='${SECRET}'\n`);
    const values = [`--env-file=${envFile}`, '-p', script];
    const jwks = JSON.parse(execFileSync('node', values, { cwd: folder, encoding: 'utf8' })) as {
      keys: { kty: string; alg: string; k: string }[];
    };
    const [{ kty, alg, k } = { kty: '', alg: '', k: '' }, ...others] = jwks.keys;
    assert.deepEqual([kty, alg, others], ['oct', 'HS256', []]);
    const token = (await publishToken())(PAYLOAD, SECRET, 10);
    assert.deepEqual(verify(token, Buffer.from(k, 'base64url'))['mediamtx_permissions'], PAYLOAD.mediamtx_permissions);
    const [, jwksName] = /authMethod: jwt\nauthJWTJWKS: http:.*\/([\w.]+)\n/.exec(sample('yml', 'authMethod')) ?? [];
    assert.ok(jwksName && file.endsWith(`/${jwksName}`), jwksName);
  });

  it('have a payload for each server whose token the page signs', () => {
    const payloads = [...read(FILE).matchAll(/^\| (MediaMTX|livekit-server) +\| `(\{.*\})` +\|$/gm)];
    assert.deepEqual(
      payloads.map(([, name]) => name),
      ['MediaMTX', 'livekit-server'],
    );
    const onOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(', }', ' }');
    for (const text of [sample('mjs', 'createServer'), sample('ts', 'async function POST')])
      assert.ok(onOneLine(text).includes(`payload = ${payloads[0]?.[2]};`), text);
  });
});
