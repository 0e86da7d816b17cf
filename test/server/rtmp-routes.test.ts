import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { IngestOptions } from '../../demo/server/ingest.js';
import { backlogs } from '../../demo/server/tcp-backlog.js';
import { TestClient } from './support/client.js';
import { offer } from './support/offers.js';
import { startServer, until, type TestServer } from './support/server.js';

const RTMP = { programs: { ffmpeg: '/nowhere/ffmpeg' } };
const TARGET = 'stream_url=rtmp://localhost:1/live&stream_name=KEY';
const STATUS_LINK = /^<(\/status\/[\w-]{36})>; rel="urn:x-nano-webcaster:broadcast-status"$/;
const servers: TestServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: IngestOptions): Promise<string> {
  const server = await startServer(options);
  servers.push(server);
  return server.origin;
}

function publish(origin: string, query = TARGET, sdp = offer()): Promise<Response> {
  const headers = { 'Content-Type': 'application/sdp' };
  return fetch(`${origin}/whip/a${query && `?${query}`}`, { method: 'POST', headers, body: sdp });
}

async function detailOf(response: Response): Promise<string> {
  return ((await response.json()) as { detail: string }).detail;
}

test('a session with an RTMP output announces its status channel, another one does not', async () => {
  const origin = await start({ rtmp: RTMP });
  const response = await publish(origin);
  assert.equal(response.status, 201);
  const [, path = ''] = STATUS_LINK.exec(response.headers.get('Link') ?? '') ?? [];
  assert.ok(
    !response.headers.get('Location')?.includes(path.split('/').at(-1) ?? ''),
    'it gives no power over the session',
  );
  assert.equal((await publish(origin, '')).headers.get('Link'), null);
});

test('the channel is an event stream that ends with its session, and is unknown afterwards', async () => {
  const origin = await start({ rtmp: RTMP });
  const response = await publish(origin);
  const url = origin + (STATUS_LINK.exec(response.headers.get('Link') ?? '')?.[1] ?? '');
  const channel = await fetch(url);
  assert.equal(channel.headers.get('Content-Type'), 'text/event-stream');
  assert.equal(channel.headers.get('Access-Control-Allow-Origin'), '*');
  await fetch(new URL(response.headers.get('Location') ?? '', origin), { method: 'DELETE' });
  assert.equal(await channel.text(), ':\n\n');
  assert.equal((await fetch(url)).status, 404);
  assert.equal((await fetch(url, { method: 'POST' })).status, 405);
});

test('video is H.264 where RTMP is wanted, however late the offer names it', async () => {
  const origin = await start({ rtmp: RTMP });
  assert.match(await (await publish(origin)).text(), /a=rtpmap:102 H264/i);
  const refused = await publish(origin, TARGET, offer().replaceAll('H264', 'H263'));
  assert.equal(refused.status, 422);
  assert.equal(
    await detailOf(refused),
    'RTMP carries H.264, which this browser does not offer; no video is transcoded here.',
  );
});

test('without ffmpeg the answer says so, and only where RTMP is wanted', async () => {
  const origin = await start({});
  const refused = await publish(origin);
  assert.equal(refused.status, 501);
  assert.match(await detailOf(refused), /^This server has no ffmpeg to send RTMP with/);
  assert.equal((await publish(origin, '')).status, 201);
});

test('a target that is not allowed is refused before anything is made', async () => {
  const origin = await start({ rtmp: RTMP });
  for (const [query, status] of [
    ['stream_url=rtmp://live.example/live/a', 403],
    ['stream_url=file:///etc/passwd', 400],
  ] as const) {
    const refused = await publish(origin, query);
    assert.equal(refused.status, status);
    assert.equal(refused.headers.get('Content-Type'), 'application/problem+json');
  }
  assert.deepEqual(await (await fetch(`${origin}/api/sessions`)).json(), []);
});

test('the unacknowledged bytes of a process are read from the table of connections', () => {
  const line = (state: string, queue: string, inode: number) =>
    `   0: 0100007F:C350 0100007F:4B96 ${state} ${queue}:00000000 01:00000014 00000000     0        0 ${inode} 2 0 20 4 30 10 -1`;
  const table = [
    '  sl  local_address rem_address   st tx_queue',
    line('01', '00001000', 7),
    line('01', '00000001', 8),
    line('06', '00000100', 7),
  ];
  assert.deepEqual(backlogs(table.join('\n'), new Set(['7'])), [4096]);
});

async function fault(origin: string, body: unknown, type = 'application/json'): Promise<Response> {
  return fetch(`${origin}/api/faults`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: JSON.stringify(body),
  });
}

test('faults happen only where they are asked for, and not to pages of other origins', async () => {
  assert.equal(
    (await fault(await start({}), { stream: 'a', fault: 'stall' })).headers.get('Content-Type'),
    'text/html',
  );
  const origin = await start({ faults: true });
  for (const method of ['OPTIONS', 'POST']) {
    const headers = { 'Content-Type': 'application/json' };
    const body = method === 'POST' ? '{"stream":"a","fault":"stall"}' : null;
    const answer = await fetch(`${origin}/api/faults`, { method, headers, body });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('Access-Control-Allow-Origin'), null, method);
  }
  assert.equal((await fault(origin, { stream: 'a', fault: 'kill' }, 'text/plain')).status, 415);
  for (const wrong of [
    null,
    {},
    { stream: 'a' },
    { stream: '../a', fault: 'kill' },
    { stream: 'a', fault: 'constructor' },
  ]) {
    assert.equal((await fault(origin, wrong)).status, 400, JSON.stringify(wrong));
  }
  for (const one of ['kill', 'cut', 'drop-rtmp'])
    assert.equal((await fault(origin, { stream: 'b', fault: one })).status, 409);
});

test('a stream is refused, killed, cut and stalled on purpose, and no other one', async () => {
  const origin = await start({ faults: true });
  const client = new TestClient('publish');
  assert.equal((await client.connect(`${origin}/whip/a`)).status, 201);
  client.startSending();
  const packets = async () => {
    const [session] = (await (await fetch(`${origin}/api/sessions`)).json()) as { packets: { video: number } }[];
    return session?.packets.video ?? 0;
  };
  await until('media', async () => (await packets()) > 10);
  assert.equal((await fault(origin, { stream: 'a', fault: 'cut' })).status, 204);
  const before = await packets();
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.ok((await packets()) - before <= 2, 'nothing comes in');
  assert.equal((await fault(origin, { stream: 'a', fault: 'refuse-503' })).status, 204);
  assert.deepEqual(await (await fetch(`${origin}/api/sessions`)).json(), [], 'the session has ended');
  const refused = await publish(origin, '');
  assert.deepEqual([refused.status, refused.headers.get('Retry-After')], [503, '3']);
  assert.equal((await fault(origin, { stream: 'a', fault: 'refuse-409' })).status, 204);
  assert.equal((await publish(origin, '')).status, 409);
  const other = await fetch(`${origin}/whip/b`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: offer(),
  });
  assert.equal(other.status, 201);
  assert.equal((await fault(origin, { stream: 'b', fault: 'kill' })).status, 204);
  assert.deepEqual(await (await fetch(`${origin}/api/sessions`)).json(), []);
  await client.vanish();
});
