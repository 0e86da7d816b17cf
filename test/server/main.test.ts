import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { safeParts, serveStatic } from '../../demo/server/static-files.js';
import { FakeFfmpeg } from '../support/fake-ffmpeg.js';
import { TestClient } from './support/client.js';
import { until } from './support/server.js';

const MAIN = fileURLToPath(new URL('../../demo/server/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const running: ChildProcess[] = [];

interface Demo {
  process: ChildProcess;
  /** Everything it has printed. */
  output(): string;
  exit: Promise<number | null>;
}

function start(env: Record<string, string>): Demo {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], { cwd: ROOT, env: { ...process.env, ...env } });
  running.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  return { process: child, output: () => output, exit: once(child, 'exit').then(([code]) => code as number | null) };
}

async function ready(demo: Demo): Promise<string> {
  await until('the line that it is ready', () => demo.output().includes('\n'), 20_000);
  const match = /^nano-webcaster demo: (http:\/\/localhost:\d+)\/\n$/.exec(demo.output());
  assert.ok(match?.[1], demo.output());
  return match[1];
}

/** The status of a path that is sent as it is; fetch would tidy it up. */
function rawStatus(origin: string, path: string, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(origin);
    request({ host: '127.0.0.1', port, path, method }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

test('the demo prints one line, takes a publisher, and ends cleanly with a DTLS close and its RTMP output', async () => {
  const ffmpeg = new FakeFfmpeg();
  await ffmpeg.start();
  const demo = start({ PORT: '0', FFMPEG: ffmpeg.program });
  const origin = await ready(demo);
  const publisher = new TestClient('publish', ['H264']);
  const target = `?stream_url=${ffmpeg.application}&stream_name=KEY`;
  assert.equal((await publisher.connect(`${origin}/whip/a${target}`)).status, 201);
  publisher.startSending();
  await until('ffmpeg runs', async () => (await ffmpeg.running()).length === 1);
  await until('media', async () => {
    const [session] = (await (await fetch(`${origin}/api/sessions`)).json()) as { packets: { video: number } }[];
    return (session?.packets.video ?? 0) > 10;
  });
  demo.process.kill('SIGTERM');
  assert.equal(await demo.exit, 0);
  await until('the DTLS close', () => publisher.dtlsState === 'closed', 2000);
  await publisher.vanish();
  assert.deepEqual(await ffmpeg.running(), []);
  await ffmpeg.end();
  assert.equal(demo.output().trim().split('\n').length, 1);
});

test('the demo does not show its own server, nor anything outside', async () => {
  const demo = start({ PORT: '0' });
  const origin = await ready(demo);
  for (const path of ['/server/main.ts', '/server/', '/SERVER/main.ts', '/%73erver/main.ts', '/./server/main.ts']) {
    assert.equal(await rawStatus(origin, path), 404, path);
  }
  for (const path of ['/../package.json', '/..%2fpackage.json', '/%2e%2e/package.json', '/cdn/../../package.json']) {
    assert.equal(await rawStatus(origin, path), 404, path);
  }
  assert.equal(await rawStatus(origin, '/', 'POST'), 405);
  demo.process.kill('SIGINT');
  assert.equal(await demo.exit, 0);
});

test('a port in use is told in one clear sentence', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  const demo = start({ PORT: String(port) });
  assert.equal(await demo.exit, 1);
  assert.match(demo.output(), new RegExp(`^Port ${port} is in use.*\n$`));
  blocker.close();
});

test('a PORT that is no port is told', async () => {
  const demo = start({ PORT: 'eighty' });
  assert.equal(await demo.exit, 1);
  assert.match(demo.output(), /^PORT=eighty is no port.\n$/);
});

test('static files come with their type, uncached; folders show their index', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'static-'));
  await mkdir(join(folder, 'www/sub'), { recursive: true });
  await mkdir(join(folder, 'www/secret'));
  await writeFile(join(folder, 'www/index.html'), '<p>hello');
  await writeFile(join(folder, 'www/sub/index.html'), '<p>sub');
  await writeFile(join(folder, 'www/code.js'), 'export {};');
  await writeFile(join(folder, 'www/.env'), 'TOKEN=1');
  await writeFile(join(folder, 'www/secret/file.txt'), 'secret');
  await writeFile(join(folder, 'outside.txt'), 'outside');
  await symlink(join(folder, 'outside.txt'), join(folder, 'www/link.txt'));
  await symlink(join(folder, 'www/secret/file.txt'), join(folder, 'www/inner.txt'));
  const roots = [{ path: '/', folder: join(folder, 'www'), hidden: ['secret'] }];
  const server = createServer((req, res) => void serveStatic(roots, req, res)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const [path, type, body] of [
      ['/', 'text/html; charset=utf-8', '<p>hello'],
      ['/index.html?x=1', 'text/html; charset=utf-8', '<p>hello'],
      ['/sub', 'text/html; charset=utf-8', '<p>sub'],
      ['/code.js', 'text/javascript; charset=utf-8', 'export {};'],
    ] as const) {
      const response = await fetch(origin + path);
      assert.deepEqual(
        [
          response.status,
          response.headers.get('Content-Type'),
          response.headers.get('Cache-Control'),
          await response.text(),
        ],
        [200, type, 'no-store', body],
      );
    }
    const head = await fetch(`${origin}/code.js`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('Content-Length'), await head.text()], [200, '10', '']);
    const hidden = [
      '/.env',
      '/secret/file.txt',
      '/link.txt',
      '/inner.txt',
      '/none',
      '/code.js/',
      '/../outside.txt',
      '/%00',
    ];
    for (const path of hidden) assert.equal(await rawStatus(origin, path), 404, path);
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  }
});

test('no path leads out of its root', () => {
  const part = fc.oneof(fc.constantFrom('..', '.', '', '%2e%2e', '%2f', '%5c', '%00', 'a', '%', '..%2f'), fc.string());
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const safe = safeParts(parts.join('/'));
      if (safe) assert.ok(join('/root', ...safe).startsWith('/root') && !safe.includes('..'));
    }),
  );
});
