import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { IngestOptions } from '../../demo/server/ingest.js';
import { backlogs } from '../../demo/server/tcp-backlog.js';
import { FakeFfmpeg } from '../support/fake-ffmpeg.js';
import { TestClient } from './support/client.js';
import type { Report } from './support/listener.js';
import { offer } from './support/offers.js';
import { startServer, until, type TestServer } from './support/server.js';

const RTMP = { programs: { ffmpeg: '/nowhere/ffmpeg' } };
const TARGET = 'stream_url=rtmp://localhost:1/live&stream_name=KEY';
const STATUS_LINK = /^<(\/status\/[\w-]{36})>; rel="urn:x-nano-webcaster:broadcast-status"$/;
const servers: TestServer[] = [];
const clients: TestClient[] = [];
const ffmpegs: FakeFfmpeg[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) await client.vanish();
  for (const server of servers.splice(0)) await server.close();
  for (const ffmpeg of ffmpegs.splice(0)) await ffmpeg.end();
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
  const site = 'https://website.example';
  const origin = await start({ rtmp: RTMP, origins: [site] });
  const response = await publish(origin);
  const url = origin + (STATUS_LINK.exec(response.headers.get('Link') ?? '')?.[1] ?? '');
  assert.equal((await fetch(url, { headers: { Origin: 'https://other.example' } })).status, 403);
  const channel = await fetch(url, { headers: { Origin: site } });
  assert.equal(channel.headers.get('Content-Type'), 'text/event-stream');
  assert.equal(channel.headers.get('Access-Control-Allow-Origin'), site);
  await fetch(new URL(response.headers.get('Location') ?? '', origin), { method: 'DELETE' });
  assert.equal(await channel.text(), ':\n\n');
  assert.equal((await fetch(url)).status, 404);
  assert.equal((await fetch(url, { method: 'POST' })).status, 405);
});

test('a question about the channel is answered, and does not listen', async () => {
  const origin = await start({ rtmp: RTMP });
  const url = origin + (STATUS_LINK.exec((await publish(origin)).headers.get('Link') ?? '')?.[1] ?? '');
  const head = await fetch(url, { method: 'HEAD' });
  assert.deepEqual([head.status, head.headers.get('Content-Type'), await head.text()], [200, 'text/event-stream', '']);
  const preflight = await fetch(url, { method: 'OPTIONS' });
  assert.deepEqual([preflight.status, preflight.headers.get('Access-Control-Allow-Origin')], [200, null]);
  assert.equal(await preflight.text(), '');
});

test('a website may neither have the server look for open ports nor use it at all, unless it is listed', async () => {
  const site = 'https://website.example';
  const open = await start({ rtmp: RTMP });
  const listed = await start({ rtmp: RTMP, origins: [site] });
  const guarded = await start({ rtmp: RTMP, token: 'secret', origins: [site] });
  const ask = (server: string, headers: Record<string, string>, query = `?${TARGET}`) => {
    const type = { 'Content-Type': 'application/sdp' };
    return fetch(`${server}/whip/a${query}`, { method: 'POST', headers: { ...type, ...headers }, body: offer() });
  };
  const refused = await ask(open, { Origin: site });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('Access-Control-Allow-Origin'), null);
  assert.equal(
    await detailOf(refused),
    'This development server serves its own pages only. ORIGINS=https://website.example npm start allows others.',
  );
  assert.equal((await ask(open, { Origin: site }, '')).status, 403, 'without RTMP it may not either');
  assert.equal((await ask(open, { Origin: open })).status, 201, 'its own pages may');
  assert.equal((await ask(listed, { Origin: site })).status, 201, 'a listed one may');
  assert.equal((await ask(guarded, { Origin: site })).status, 401, 'a listed one still needs the token');
  const authorization = { Authorization: 'Bearer secret' };
  assert.equal((await ask(guarded, { Origin: site, ...authorization })).status, 201);
  assert.equal((await ask(guarded, { Origin: 'https://other.example', ...authorization })).status, 403);
});

/** Begins to publish video that goes on by RTMP, and reads the status channel. */
async function goLive(origin: string, ffmpeg: FakeFfmpeg): Promise<{ client: TestClient; reports: Report[] }> {
  const client = new TestClient('publish', ['H264']);
  clients.push(client);
  const query = new URLSearchParams({ stream_url: ffmpeg.application, stream_name: 'KEY' });
  const response = await client.connect(`${origin}/whip/a?${query}`);
  assert.equal(response.status, 201);
  const reports: Report[] = [];
  void readReports(origin + (STATUS_LINK.exec(response.headers.get('Link') ?? '')?.[1] ?? ''), reports);
  client.startSending();
  return { client, reports };
}

async function readReports(url: string, reports: Report[]): Promise<void> {
  const { body } = await fetch(url);
  for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) reports.push(JSON.parse(data) as Report);
  }
}

async function newFfmpeg(work?: string): Promise<FakeFfmpeg> {
  const ffmpeg = new FakeFfmpeg();
  ffmpegs.push(ffmpeg);
  await ffmpeg.start(work);
  return ffmpeg;
}

const messagesOf = (reports: readonly Report[]) => reports.map(({ message }) => message).join();

test('a session has one ffmpeg, and none after it was deleted, was replaced or fell silent', async () => {
  const ffmpeg = await newFfmpeg();
  const origin = await start({ rtmp: { programs: { ffmpeg: ffmpeg.program } }, sessionTimeout: 3 });
  await goLive(origin, ffmpeg);
  await until('ffmpeg runs', async () => (await ffmpeg.running()).length === 1);
  const [first] = await ffmpeg.running();

  const second = await goLive(origin, ffmpeg);
  await until('another one runs', async () => (await ffmpeg.all()).length === 2);
  await until('in place of the first', async () => (await ffmpeg.running()).length === 1);
  assert.notEqual((await ffmpeg.running())[0], first);

  assert.equal((await second.client.delete()).status, 200);
  await until('none runs after the DELETE', async () => (await ffmpeg.running()).length === 0);

  const third = await goLive(origin, ffmpeg);
  await until('one more runs', async () => (await ffmpeg.all()).length === 3);
  await third.client.vanish();
  await until('none runs after the silence', async () => (await ffmpeg.running()).length === 0);
  assert.equal((await ffmpeg.all()).length, 3);
});

test('an output that is cut on purpose comes back, and tells so', async () => {
  const ffmpeg = await newFfmpeg();
  const reconnect = { minDelay: 1, maxDelay: 1, maxRetries: 3 };
  const origin = await start({ rtmp: { programs: { ffmpeg: ffmpeg.program }, reconnect }, faults: true });
  const { reports } = await goLive(origin, ffmpeg);
  await until('it is live', () => messagesOf(reports) === 'broadcasting');
  assert.equal((await fault(origin, { stream: 'a', fault: 'drop-rtmp' })).status, 204);
  await until('it is back', () => messagesOf(reports) === 'broadcasting,reconnecting,broadcasting');
  assert.equal(reports[1]?.reason, 'The connection to the RTMP server was cut.');
  assert.equal((await ffmpeg.running()).length, 1);
});

test('what ffmpeg says at its end is the reason, without the key of the stream', async () => {
  const ffmpeg = await newFfmpeg('cat > /dev/null; echo "[rtmp @ 0x1] rtmp://localhost/live/KEY is busy" >&2; exit 1');
  const reconnect = { minDelay: 1, maxDelay: 1, maxRetries: 1 };
  const origin = await start({ rtmp: { programs: { ffmpeg: ffmpeg.program }, reconnect } });
  const { reports } = await goLive(origin, ffmpeg);
  await until('it is given up', () => messagesOf(reports) === 'reconnecting,failed');
  const reason = 'The RTMP server did not take the stream: the RTMP server is busy';
  assert.deepEqual(
    reports.map((report) => report.reason),
    [reason, reason],
  );
  assert.equal((await ffmpeg.all()).length, 2);
});

test('a program that cannot be started is a reason, and not the end of the server', async () => {
  const ffmpeg = await newFfmpeg();
  // The one is told at once by an exception, the other later by an event.
  for (const [program, reason] of [
    ['ffmpeg\0', /^The RTMP output could not begin: .*null bytes/],
    ['/nowhere/ffmpeg', /ENOENT/],
  ] as const) {
    const reconnect = { minDelay: 1, maxDelay: 1, maxRetries: 0 };
    const origin = await start({ rtmp: { programs: { ffmpeg: program }, reconnect } });
    const { reports } = await goLive(origin, ffmpeg);
    await until('it is given up', () => messagesOf(reports) === 'failed');
    assert.match(reports[0]?.reason ?? '', reason);
    assert.equal((await fetch(`${origin}/api/sessions`)).status, 200);
  }
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
  for (const [headers, status] of [
    [{}, 204],
    [{ Origin: origin }, 204],
    [{ Origin: 'https://website.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ 'Sec-Fetch-Site': 'cross-site' }, 403],
  ] as const) {
    for (const method of ['OPTIONS', 'POST']) {
      const body = method === 'POST' ? '{"stream":"a","fault":"stall"}' : null;
      const type = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${origin}/api/faults`, { method, headers: { ...type, ...headers }, body });
      assert.equal(answer.status, method === 'OPTIONS' && status === 204 ? 200 : status, JSON.stringify(headers));
      const readableBy = method === 'POST' && status === 204 && 'Origin' in headers ? headers.Origin : null;
      assert.equal(answer.headers.get('Access-Control-Allow-Origin'), readableBy, method);
    }
  }
  const guarded = await start({ faults: true, token: 'secret' });
  assert.equal((await fault(guarded, { stream: 'a', fault: 'stall' })).status, 401);
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
