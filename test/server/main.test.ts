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
import Koa from 'koa';
import { DOCS_FOLDER, serveDocs } from '../../demo/server/docs.js';
import { safeParts } from '../../demo/server/files.js';
import { serveFolder } from '../../demo/server/pages.js';
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
  const match = /^nano-webcaster demo: (http:\/\/localhost:\d+)\/\nDocs: \1\/docs\/\n$/.exec(demo.output());
  assert.ok(match?.[1], demo.output());
  return match[1];
}

/** The answer to a request whose path and headers are sent as they are; fetch would tidy them up. */
function answerOf(
  origin: string,
  path: string,
  method: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; allowed: string | undefined }> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(origin);
    request(
      { host: '127.0.0.1', port, path, method, headers: { Host: `localhost:${port}`, ...headers } },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode, allowed: response.headers['access-control-allow-origin'] });
      },
    )
      .on('error', reject)
      .end();
  });
}

async function rawStatus(origin: string, path: string, method = 'GET'): Promise<number | undefined> {
  return (await answerOf(origin, path, method)).status;
}

/** The status of the answer to a request for the WebSocket; none if the connection was closed. */
function upgradeStatus(origin: string, headers: Record<string, string>): Promise<number | undefined> {
  const { port, host } = new URL(origin);
  const asking = request({
    host: '127.0.0.1',
    port,
    path: '/wds',
    headers: {
      Host: host,
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version': '13',
      ...headers,
    },
  }).end();
  return new Promise((resolve) => {
    asking.once('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    asking.once('response', (response) => resolve(response.statusCode));
    asking.once('error', () => resolve(undefined));
  });
}

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

test('the demo prints its two addresses, takes a publisher, and ends cleanly with a DTLS close and its RTMP output', async (t) => {
  const ffmpeg = new FakeFfmpeg();
  await ffmpeg.start();
  t.after(() => ffmpeg.end());
  const demo = start({ PORT: '0', FFMPEG: ffmpeg.program });
  const origin = await ready(demo);
  const publisher = new TestClient('publish', ['H264']);
  t.after(() => publisher.vanish());
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
  assert.deepEqual(await ffmpeg.running(), []);
  assert.equal(demo.output().trim().split('\n').length, 2);
});

test('the demo serves its pages from the sources, without a build, and reloads them', async () => {
  const demo = start({ PORT: '0' });
  const origin = await ready(demo);
  for (const [path, type, text] of [
    ['/', 'text/html', '/__web-dev-server__web-socket.js'],
    ['/index.html?x=1', 'text/html', 'nano-webcaster'],
    ['/v5/', 'text/html', 'nanowebrtc'],
    ['/v5', 'text/html', 'nanowebrtc'],
    ['/demo.css', 'text/css', ''],
    ['/cdn/nano-webcaster.min.js', 'application/javascript', 'src/index.ts'],
    ['/cdn/languages/de.min.js', 'application/javascript', 'src/element/languages/de.ts'],
    ['/cdn/nanowebrtc.min.js', 'application/javascript', 'var nanowebrtc'],
    ['/src/index.ts', 'application/javascript', './define.ts'],
    ['/src/core/index.ts', 'application/javascript', 'RtcUser'],
    ['/node_modules/lit/index.js', 'application/javascript', 'lit-element'],
    ['/__web-dev-server__web-socket.js', 'application/javascript', 'WebSocket'],
  ] as const) {
    const response = await fetch(origin + path);
    assert.equal(response.status, 200, path);
    assert.ok(response.headers.get('Content-Type')?.startsWith(type), path);
    assert.ok((await response.text()).includes(text), path);
  }
});

test('the demo serves a built bundle in place of the sources if it is told to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cdn-'));
  await writeFile(join(folder, 'nano-webcaster.min.js'), 'export const built = 1;');
  try {
    const origin = await ready(start({ PORT: '0', CDN: folder }));
    assert.equal(await (await fetch(`${origin}/cdn/nano-webcaster.min.js`)).text(), 'export const built = 1;');
    assert.equal((await fetch(`${origin}/cdn/none.js`)).status, 404);
    assert.doesNotMatch(await (await fetch(origin)).text(), /__web-dev-server__/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the demo does not show its own server, nor anything outside', async () => {
  const demo = start({ PORT: '0' });
  const origin = await ready(demo);
  for (const path of [
    '/server/main.ts',
    '/server/',
    '/SERVER/main.ts',
    '/%73erver/main.ts',
    '/./server/main.ts',
    '//server/main.ts',
    '///server/main.ts',
    '//SERVER//main.ts',
  ]) {
    assert.equal(await rawStatus(origin, path), 404, path);
  }
  for (const path of [
    '/../package.json',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/cdn/../../package.json',
    '/src/../package.json',
    '/src/%2e%2e/package.json',
    '/package.json',
    '/demo/index.html',
    '/demo/server/main.ts',
    '/test/server/main.test.ts',
    '/scripts/start.mjs',
    '/.git/config',
    '/.gitignore',
    '/__wds-outside-root__/1/package.json',
    '/__wds-outside-root__/1/',
    '/web-dev-server.config.mjs',
    '/src/',
    '/node_modules/.package-lock.json',
    '//etc/passwd',
    '/%',
    '/%00',
  ]) {
    assert.equal(await rawStatus(origin, path), 404, path);
  }
  assert.equal(await rawStatus(origin, '/', 'POST'), 405);
  demo.process.kill('SIGINT');
  assert.equal(await demo.exit, 0);
});

test('E1: no page of another origin and no other host name gets anything from any route, unless it is listed', async () => {
  const [listed, host] = ['https://studio.example', 'demo.example'];
  const strict = await ready(start({ PORT: '0' }));
  const open = await ready(start({ PORT: '0', ORIGINS: listed, HOSTS: host }));
  const routes = [
    ['GET', '/'],
    ['GET', '/demo.css'],
    ['GET', '/src/index.ts'],
    ['GET', '/cdn/nano-webcaster.min.js'],
    ['GET', '/node_modules/lit/index.js'],
    ['GET', '/docs/'],
    ['GET', '/none'],
    ['GET', '/api/sessions'],
    ['POST', '/api/faults'],
    ['POST', '/whip/demo'],
    ['OPTIONS', '/whip/demo'],
    ['GET', '/whip/demo'],
    ['POST', '/whep/demo'],
    ['HEAD', '/whep/demo'],
    ['GET', '/session/gone'],
    ['PATCH', '/session/gone'],
    ['DELETE', '/session/gone'],
    ['GET', '/status/gone'],
    ['PUT', '/whip/demo'],
  ] as const;
  const ask = (origin: string, method: string, path: string, headers: Record<string, string>) =>
    answerOf(origin, path, method, headers);
  for (const [method, path] of routes) {
    for (const headers of [
      { Host: 'rebind.test' },
      { Host: 'localhost.rebind.test:80' },
      { Host: 'rebind.test', Origin: 'http://rebind.test' },
      { Origin: listed },
      { Origin: 'null' },
      { Origin: 'http://localhost:1' },
      { Origin: strict.replace('localhost', '127.0.0.1') },
      { Origin: strict.replace('http', 'https') },
    ]) {
      const what = `${method} ${path} ${JSON.stringify(headers)}`;
      const { status, allowed } = await ask(strict, method, path, headers);
      assert.deepEqual([status, allowed], [403, undefined], what);
    }
    const { port } = new URL(strict);
    for (const name of ['localhost', 'LOCALHOST', 'localhost.', '127.0.0.1', '[::1]']) {
      const headers = { Host: `${name}:${port}`, Origin: `http://${name.toLowerCase()}:${port}` };
      assert.notEqual((await ask(strict, method, path, headers)).status, 403, `${method} ${path} ${name}`);
    }
    assert.notEqual((await ask(open, method, path, { Host: host })).status, 403, `${method} ${path} listed host`);
    const preflight = method === 'OPTIONS' ? { 'Access-Control-Request-Method': 'POST' } : undefined;
    const { status, allowed } = await ask(open, method, path, { Origin: listed, ...preflight });
    assert.deepEqual([status === 403, allowed], [false, listed], `${method} ${path} listed`);
    assert.equal(
      (await ask(open, method, path, { Origin: `${listed}.test` })).status,
      403,
      `${method} ${path} similar`,
    );
  }
});

test('the socket that reloads pages is for the server’s own pages', async () => {
  const origin = await ready(start({ PORT: '0' }));
  assert.equal(await upgradeStatus(origin, { Origin: origin }), 101);
  assert.equal(await upgradeStatus(origin, {}), 101);
  for (const headers of [{ Origin: 'https://website.example' }, { Origin: 'null' }, { Host: 'rebind.test' }]) {
    assert.equal(await upgradeStatus(origin, headers), undefined, JSON.stringify(headers));
  }
});

test('the docs are served from their folder, and until they are built a page says so', async () => {
  const root = await mkdtemp(join(tmpdir(), 'docs-'));
  const app = new Koa().use(serveDocs(root));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const path of ['/docs', '/docs/', '/docs/guide/']) {
      const response = await fetch(origin + path);
      assert.deepEqual([response.status, response.headers.get('Refresh')], [503, '2'], path);
      assert.match(await response.text(), /being built/);
    }
    await mkdir(join(root, DOCS_FOLDER, 'guide'), { recursive: true });
    await writeFile(join(root, DOCS_FOLDER, 'index.html'), '<p>docs');
    await writeFile(join(root, DOCS_FOLDER, 'guide/start.html'), '<p>start');
    for (const [path, body] of [
      ['/docs', '<p>docs'],
      ['/docs/guide/start.html', '<p>start'],
      ['/docs/guide/start', '<p>start'],
    ] as const) {
      assert.equal(await (await fetch(origin + path)).text(), body, path);
    }
    await writeFile(join(root, DOCS_FOLDER, '404.html'), '<p>no such page');
    for (const [accept, body] of [
      ['*/*', 'Not found.\n'],
      ['text/html', '<p>no such page'],
    ] as const) {
      const missing = await fetch(`${origin}/docs/none`, { headers: { accept } });
      assert.deepEqual([missing.status, await missing.text()], [404, body]);
    }
    assert.equal((await fetch(`${origin}/other`)).status, 404);
  } finally {
    server.close();
    server.closeAllConnections();
    await rm(root, { recursive: true });
  }
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

test('E9: a folder is served as it is, and no link leads out of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'static-'));
  const www = join(folder, 'www');
  await mkdir(join(www, 'sub/deep'), { recursive: true });
  for (const name of ['linked', 'linked-file', 'outer']) await mkdir(join(folder, name));
  await writeFile(join(www, 'index.html'), '<p>hello');
  await writeFile(join(www, 'sub/index.html'), '<p>sub');
  await writeFile(join(www, 'code.js'), 'export {};');
  await writeFile(join(www, '.env'), 'TOKEN=1');
  await writeFile(join(folder, 'outside.txt'), 'outside');
  await writeFile(join(folder, 'outer/index.html'), 'outside');
  await symlink(join(folder, 'outside.txt'), join(www, 'link.txt'));
  await symlink(join(folder, 'outer'), join(www, 'outer'));
  await symlink(join(www, 'code.js'), join(www, 'inner.js'));
  // The index of a folder may be a link too, and so may the folder's own name be a prefix of another one.
  await symlink(join(folder, 'outside.txt'), join(www, 'sub/deep/index.html'));
  await mkdir(join(folder, 'www-private'));
  await writeFile(join(folder, 'www-private/key.txt'), 'outside');
  await symlink(join(folder, 'www-private/key.txt'), join(www, 'key.txt'));
  await symlink(www, join(folder, 'alias'));
  const app = new Koa().use(serveFolder('/pages/', www)).use(serveFolder('/alias/', join(folder, 'alias')));
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    for (const [path, type, body] of [
      ['/pages/', 'text/html; charset=utf-8', '<p>hello'],
      ['/pages', 'text/html; charset=utf-8', '<p>hello'],
      ['/pages/index.html?x=1', 'text/html; charset=utf-8', '<p>hello'],
      ['/pages/sub', 'text/html; charset=utf-8', '<p>sub'],
      ['/pages/code.js', 'application/javascript; charset=utf-8', 'export {};'],
      ['/pages/inner.js', 'application/javascript; charset=utf-8', 'export {};'],
      ['/alias/code.js', 'application/javascript; charset=utf-8', 'export {};'],
    ] as const) {
      const response = await fetch(origin + path);
      const { headers } = response;
      assert.deepEqual(
        [response.status, headers.get('Content-Type'), headers.get('Cache-Control'), await response.text()],
        [200, type, 'no-store', body],
        path,
      );
    }
    for (const path of [
      '.env',
      'link.txt',
      'outer/',
      'outer/index.html',
      'sub/deep/',
      'sub/deep/index.html',
      'key.txt',
      'none',
      'code.js/',
      '../outside.txt',
      '%00',
    ]) {
      assert.equal(await rawStatus(origin, `/pages/${path}`), 404, path);
    }
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
