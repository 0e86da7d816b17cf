import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { offer } from './support/offers.js';
import { startServer, type TestServer } from './support/server.js';

const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };
const CREDENTIALS = 'a=ice-ufrag:wxyz\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n';
const CANDIDATE = 'a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n';
const EXPOSED = ['Location', 'ETag', 'Link', 'Accept-Patch', 'Retry-After', 'WWW-Authenticate'];

/** A page of another origin, which the servers are told to serve. */
const SITE = 'https://studio.example';
const LISTED = { origins: [SITE], maxSessionsPerOrigin: 50 };

let server: TestServer;

before(async () => {
  server = await startServer(LISTED);
});
after(() => server.close());

const listOf = ({ headers }: Response, name: string) => (headers.get(name) ?? '').split(/, ?/).sort();

function assertCors(response: Response, method = 'GET'): void {
  assert.equal(response.headers.get('Access-Control-Allow-Origin'), SITE);
  assert.ok(listOf(response, 'Vary').includes('Origin'));
  if (method !== 'OPTIONS') assert.deepEqual(listOf(response, 'Access-Control-Expose-Headers'), [...EXPOSED].sort());
}

async function request(path: string, init: RequestInit = {}, of: TestServer = server): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('Origin', SITE);
  const response = await fetch(new URL(path, of.origin), { ...init, headers });
  if (init.method !== 'OPTIONS') assertCors(response);
  return response;
}

async function assertProblem(response: Response, status: number, detail = /./): Promise<void> {
  assert.equal(response.headers.get('Content-Type'), 'application/problem+json');
  const problem = (await response.json()) as Record<string, unknown>;
  assert.deepEqual([response.status, problem['status']], [status, status]);
  assert.match(String(problem['detail']), detail);
  assert.equal(typeof problem['title'], 'string');
}

const post = (path: string, body = offer(), headers: Record<string, string> = SDP, of = server) =>
  request(path, { method: 'POST', headers, body }, of);

async function publish(stream: string, of = server): Promise<{ url: string; etag: string; response: Response }> {
  const response = await post(`/whip/${stream}`, offer(), SDP, of);
  assert.equal(response.status, 201);
  return {
    url: new URL(response.headers.get('Location') ?? '', of.origin).href,
    etag: response.headers.get('ETag') ?? '',
    response,
  };
}

const patch = (url: string, ifMatch: string | undefined, body: string, headers: Record<string, string> = FRAGMENT) =>
  request(url, { method: 'PATCH', headers: { ...headers, ...(ifMatch ? { 'If-Match': ifMatch } : {}) }, body });

test('a publisher gets 201 with a receive-only answer, its session URL, an ETag and Accept-Patch', async () => {
  const { url, etag, response } = await publish('created');
  assert.equal(response.headers.get('Content-Type'), 'application/sdp');
  assert.match(response.headers.get('Location') ?? '', /^\/session\/[0-9a-f-]{36}$/);
  assert.doesNotMatch(url, /created/);
  assert.match(etag, /^"[^"]+"$/);
  assert.equal(response.headers.get('Accept-Patch'), 'application/trickle-ice-sdpfrag');
  const answer = await response.text();
  assert.equal(answer.match(/^a=recvonly\r$/gm)?.length, 2);
  assert.match(answer, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r$/m);
  assert.match(answer, /^m=video 9 UDP\/TLS\/RTP\/SAVPF 96 97\r$/m);
  assert.match(answer, /^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host/m);
  assert.match(answer, /^a=group:BUNDLE 0 1\r$/m);
  assert.match(answer, /^a=rtcp-mux\r$/m);
  assert.match(answer, /^a=setup:active\r$/m);
});

test('the answer is passive for an active offer, and mux-only for a mux-only offer', async () => {
  const sdp = offer()
    .replaceAll('a=setup:actpass', 'a=setup:active')
    .replaceAll('a=rtcp-mux', 'a=rtcp-mux\r\na=rtcp-mux-only');
  const answer = await (await post('/whip/passive', sdp)).text();
  assert.match(answer, /a=setup:passive/);
  assert.equal(answer.match(/a=rtcp-mux-only/g)?.length, 2);
});

test('a media type with parameters is taken, another one is refused with 415', async () => {
  assert.equal((await post('/whip/type', offer(), { 'Content-Type': 'Application/SDP; charset=utf-8' })).status, 201);
  for (const type of ['text/plain', 'application/json', '']) {
    await assertProblem(await post('/whip/type', offer(), { 'Content-Type': type }), 415, /application\/sdp/);
  }
  const { url, etag } = await publish('type');
  await assertProblem(await patch(url, etag, CANDIDATE, SDP), 415, /sdpfrag/);
});

test('a body that is announced too long is refused before it comes', async () => {
  const { port, host } = new URL(server.origin);
  const socket = connect(Number(port), '127.0.0.1');
  const head = `POST /whip/long HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/sdp\r\nContent-Length: 70000\r\n\r\nv`;
  socket.write(head);
  const answer = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  assert.match(answer, /^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('a bad offer is 400, a layout that cannot be served 422, an overlong body 413', async () => {
  await assertProblem(await post('/whip/bad', 'nonsense'), 400, /v=0/);
  await assertProblem(await post('/whip/bad', ''), 400);
  await assertProblem(await post('/whip/bad', offer({ direction: 'recvonly' })), 422, /recvonly/);
  await assertProblem(await post('/whip/bad', offer().padEnd(70_000, 'a=x\r\n')), 413);
  assert.equal(server.ingest.sessions.filter(({ stream }) => stream === 'bad').length, 0);
});

test('a stream name outside of the allowed ones is refused', async () => {
  for (const name of ['a%20b', '%00', 'ä', 'a'.repeat(65), 'a%2Fb', '%']) {
    await assertProblem(await post(`/whip/${name}`), 400, /stream name/);
  }
  assert.equal((await post(`/whip/${'a'.repeat(64)}`)).status, 201);
});

test('paths beside the endpoints are 404, and foreign paths are left to the page server', async () => {
  for (const path of ['/whip', '/whip/', '/whip/a/b', '/whep/', '/session/', '/session/a/b']) {
    await assertProblem(await post(path), 404);
  }
  for (const path of ['/', '/api', '/api/sessions/', '/whipx/a', '/other']) {
    assert.equal(await (await fetch(new URL(path, server.origin))).text(), 'not the ingest', path);
  }
});

test('a probe finds the server before the name of the stream is known', async () => {
  assert.equal((await request('/whip/', { method: 'HEAD' })).status, 204);
});

test('an unknown method is 405 with the allowed ones', async () => {
  const { url } = await publish('method');
  for (const [path, method, allowed] of [
    ['/whip/method', 'PUT', 'OPTIONS, GET, HEAD, POST'],
    ['/whep/method', 'DELETE', 'OPTIONS, GET, HEAD, POST'],
    [url, 'POST', 'OPTIONS, GET, HEAD, PATCH, DELETE'],
    ['/api/sessions', 'POST', 'OPTIONS, GET, HEAD'],
  ] as const) {
    const response = await request(path, { method });
    assert.deepEqual(listOf(response, 'Allow'), allowed.split(', ').sort());
    await assertProblem(response, 405);
  }
});

test('GET and HEAD are successful and empty, on the endpoint and on a session', async () => {
  const { url, etag } = await publish('get');
  for (const method of ['GET', 'HEAD']) {
    for (const path of ['/whip/get', '/whep/get', url]) {
      const response = await request(path, { method });
      assert.deepEqual([response.status, await response.text()], [204, '']);
    }
  }
  assert.equal((await request(url)).headers.get('ETag'), etag);
});

test('the probe of a page is answered, from another origin and without the token too; nothing else is', async () => {
  const guarded = await startServer({ token: 's3cret' });
  const ask = async (method: string, headers: Record<string, string> = {}) =>
    (await fetch(`${guarded.origin}/whip/probe`, { method, headers })).status;
  const foreign = { 'Sec-Fetch-Site': 'cross-site' };
  assert.equal(await ask('HEAD', foreign), 204);
  assert.equal(await ask('HEAD'), 204);
  for (const method of ['GET', 'POST', 'OPTIONS']) assert.equal(await ask(method, foreign), 403, method);
  assert.equal(await ask('GET'), 401);
  assert.equal(await ask('HEAD', { ...foreign, Origin: SITE }), 403);
  await guarded.close();
});

test('a browser tab that opens an endpoint is led to the page that plays the stream', async () => {
  const tab = { headers: { 'Sec-Fetch-Dest': 'document' }, redirect: 'manual' } as const;
  for (const path of ['/whip/studio', '/whep/studio']) {
    const response = await request(path, tab);
    assert.deepEqual([response.status, response.headers.get('Location')], [302, '/watch/?stream=studio']);
  }
  await assertProblem(await request('/whep/%3Fa', tab), 400);
});

test('OPTIONS tells what can be posted and patched', async () => {
  const endpoint = await request('/whip/options', { method: 'OPTIONS' });
  assert.deepEqual([endpoint.status, endpoint.headers.get('Accept-Post')], [200, 'application/sdp']);
  const session = await request('/session/gone', { method: 'OPTIONS' });
  assert.deepEqual([session.status, session.headers.get('Accept-Patch')], [200, 'application/trickle-ice-sdpfrag']);
});

test('a PATCH without If-Match is 428, with a stale ETag 412, of an unknown session 404', async () => {
  const { url, etag } = await publish('patch');
  await assertProblem(await patch(url, undefined, CANDIDATE), 428, /If-Match/);
  await assertProblem(await patch(url, '"stale"', CANDIDATE), 412);
  await assertProblem(await patch(url, `W/${etag}`, CANDIDATE), 412);
  await assertProblem(await patch(url, '"stale"', CREDENTIALS), 412);
  await assertProblem(await patch('/session/00000000-0000-4000-8000-000000000000', etag, CANDIDATE), 404);
});

test('trickled candidates are 204 without ETag and body, also under the current credentials', async () => {
  const { url, etag } = await publish('trickle');
  const same = 'a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdef012345\r\n';
  for (const [ifMatch, body] of [
    [etag, CANDIDATE],
    [etag, 'a=end-of-candidates\r\n'],
    [etag, `${same}a=mid:0\r\n${CANDIDATE}`],
    ['*', `${same}${CANDIDATE}`],
    [`"other", ${etag}`, CANDIDATE],
  ] as const) {
    const response = await patch(url, ifMatch, body);
    assert.deepEqual([response.status, response.headers.get('ETag'), await response.text()], [204, null, '']);
  }
});

test('a restart under * or "*" is 200 with a fragment and a new ETag, under an ETag it is refused', async () => {
  const { url, etag } = await publish('restart');
  await assertProblem(await patch(url, etag, CREDENTIALS), 400, /If-Match: \*/);
  const tags = new Set([etag]);
  for (const [ifMatch, ufrag] of [
    ['*', 'aaaa'],
    ['"*"', 'bbbb'],
  ] as const) {
    const response = await patch(url, ifMatch, CREDENTIALS.replace('wxyz', ufrag));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('Content-Type'), 'application/trickle-ice-sdpfrag');
    assert.match(await response.text(), /a=ice-ufrag:/);
    tags.add(response.headers.get('ETag') ?? '');
  }
  assert.equal(tags.size, 3);
  await assertProblem(await patch(url, etag, CANDIDATE), 412);
});

test('a malformed fragment is 400 and leaves the session as it is', async () => {
  const { url, etag } = await publish('malformed');
  for (const body of ['', 'x', 'a=mid:0\r\n', 'a=ice-ufrag:abcd\r\n', `a=mid:7\r\n${CANDIDATE}`]) {
    await assertProblem(await patch(url, etag, body), 400);
    await assertProblem(await patch(url, '*', body), 400);
  }
  assert.equal((await request(url)).headers.get('ETag'), etag);
});

test('patches at the same time are handled one after the other', async () => {
  const { url } = await publish('overlap');
  const restarts = ['aaaa', 'bbbb', 'cccc', 'dddd'].map((ufrag) => patch(url, '*', CREDENTIALS.replace('wxyz', ufrag)));
  const responses = await Promise.all(restarts);
  assert.ok(responses.every(({ status }) => status === 200));
  assert.equal(new Set(responses.map(({ headers }) => headers.get('ETag'))).size, 4);
});

test('DELETE ends a session with 200 whatever If-Match says, and a second one is 404', async () => {
  const { url } = await publish('delete');
  assert.equal((await request(url, { method: 'DELETE', headers: { 'If-Match': '"stale"' } })).status, 200);
  await assertProblem(await request(url, { method: 'DELETE' }), 404);
  await assertProblem(await request(url), 404);
  assert.equal(server.ingest.sessions.filter(({ stream }) => stream === 'delete').length, 0);
});

test('a viewer of a stream that nobody publishes gets 409 with Retry-After', async () => {
  const response = await post('/whep/nobody', offer({ direction: 'recvonly' }));
  assert.equal(response.headers.get('Retry-After'), '1');
  await assertProblem(response, 409, /publishes/);
});

test('a viewer learns by GET whether a stream is published, and waits without being refused', async () => {
  for (const [stream, wait] of [
    ['awaited', '1'],
    ['published', null],
  ] as const) {
    if (wait === null) await publish(stream);
    const response = await request(`/whep/${stream}`);
    assert.deepEqual([response.status, response.headers.get('Retry-After')], [204, wait]);
  }
});

test('a viewer gets a send-only answer in the publisher’s codec', async () => {
  await publish('viewed');
  const response = await post('/whep/viewed', offer({ direction: 'recvonly' }));
  assert.equal(response.status, 201);
  assert.match(response.headers.get('Location') ?? '', /^\/session\//);
  const answer = await response.text();
  assert.equal(answer.match(/^a=sendonly\r$/gm)?.length, 2);
  assert.match(answer, /^m=video 9 UDP\/TLS\/RTP\/SAVPF 96 97\r$/m);
  const firefox = offer({ direction: 'recvonly' }).replaceAll('VP8', 'VP7');
  await assertProblem(await post('/whep/viewed', firefox), 422, /VP8/);
});

test('a preflight is answered with all that a webcaster needs, on every path and without the token', async () => {
  const guarded = await startServer({ ...LISTED, token: 's3cret', faults: true });
  const ask = { 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'if-match' };
  for (const of of [server, guarded]) {
    for (const path of ['/whip/a', '/whep/a', '/session/gone', '/status/gone', '/api/sessions']) {
      const response = await request(path, { method: 'OPTIONS', headers: ask }, of);
      assert.equal(response.status, 204, path);
      assertCors(response, 'OPTIONS');
      const methods = listOf(response, 'Access-Control-Allow-Methods');
      for (const method of ['OPTIONS', 'POST', 'PATCH', 'DELETE']) assert.ok(methods.includes(method), method);
      const allowed = ['Authorization', 'Content-Type', 'If-Match'];
      assert.deepEqual(listOf(response, 'Access-Control-Allow-Headers'), allowed);
      assert.equal(response.headers.get('Access-Control-Max-Age'), '7200');
    }
  }
  await guarded.close();
});

test('E4: with a token, everything but preflights and the status channel needs it', async () => {
  const guarded = await startServer({ ...LISTED, token: 's3cret' });
  try {
    const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
    const tryAll = async (url: string, headers: Record<string, string>) => [
      await request(url, { method: 'DELETE', headers }, guarded),
      await request(
        url,
        { method: 'PATCH', headers: { ...headers, ...FRAGMENT, 'If-Match': '*' }, body: CANDIDATE },
        guarded,
      ),
      await post('/whip/a', offer(), { ...SDP, ...headers }, guarded),
      await post('/whep/a', offer({ direction: 'recvonly' }), { ...SDP, ...headers }, guarded),
      await request('/whip/a', { headers }, guarded),
      await request('/whep/a', { headers }, guarded),
      await request(url, { headers }, guarded),
      await request('/session/00000000-0000-4000-8000-000000000000', { headers }, guarded),
      await request('/api/sessions', { headers }, guarded),
    ];
    const created = await post('/whip/a', offer(), { ...SDP, ...bearer('s3cret') }, guarded);
    assert.equal(created.status, 201);
    const url = new URL(created.headers.get('Location') ?? '', guarded.origin).href;
    for (const headers of [{}, bearer('wrong'), bearer('s3cre'), { Authorization: 'Basic czNjcmV0' }]) {
      for (const response of await tryAll(url, headers)) {
        assert.match(response.headers.get('WWW-Authenticate') ?? '', /^Bearer/);
        await assertProblem(response, 401, /token/);
      }
    }
    const viewer = await post('/whep/a', offer({ direction: 'recvonly' }), { ...SDP, ...bearer('s3cret') }, guarded);
    assert.equal(viewer.status, 201);
    assert.equal((await request('/api/sessions', { headers: bearer('s3cret') }, guarded)).status, 200);
    assert.equal((await request('/status/gone', {}, guarded)).status, 404);
    assert.equal(
      (await request(url, { method: 'DELETE', headers: { Authorization: 'bearer s3cret' } }, guarded)).status,
      200,
    );
  } finally {
    await guarded.close();
  }
});

test('E4: with public playback, viewers need no token and publishers do', async () => {
  const guarded = await startServer({ ...LISTED, token: 's3cret', publicPlayback: true });
  try {
    const created = await post('/whip/a', offer(), { ...SDP, Authorization: 'Bearer s3cret' }, guarded);
    const watched = await post('/whep/a', offer({ direction: 'recvonly' }), SDP, guarded);
    assert.deepEqual([created.status, watched.status], [201, 201]);
    const [publisher = '', viewer = ''] = [created, watched].map(({ headers }) => headers.get('Location') ?? '');
    assert.equal((await request('/whep/a', {}, guarded)).status, 204);
    assert.equal((await request(viewer, {}, guarded)).status, 204);
    for (const path of [publisher, '/whip/a', '/api/sessions']) {
      await assertProblem(await request(path, {}, guarded), 401);
    }
    await assertProblem(await request(publisher, { method: 'DELETE' }, guarded), 401);
    assert.equal((await request(viewer, { method: 'DELETE' }, guarded)).status, 200);
  } finally {
    await guarded.close();
  }
});

test('no more than the allowed number of sessions, except to replace one’s own', async () => {
  const small = await startServer({ ...LISTED, maxSessions: 2 });
  try {
    await publish('a', small);
    await publish('b', small);
    const full = await post('/whip/c', offer(), SDP, small);
    assert.match(full.headers.get('Retry-After') ?? '', /^\d+$/);
    await assertProblem(full, 503);
    await assertProblem(await post('/whep/a', offer({ direction: 'recvonly' }), SDP, small), 503);
    await publish('a', small);
    assert.equal(small.ingest.sessions.length, 2);
  } finally {
    await small.close();
  }
});

test('E2: pages of another origin have a share of the sessions, and the server’s own pages and programs the rest', async () => {
  const other = 'https://other.example';
  const shared = await startServer({ origins: [SITE, other], maxSessionsPerOrigin: 2 });
  const from = (origin: string | undefined, stream: string, path = 'whip') => {
    const body = offer(path === 'whip' ? {} : { direction: 'recvonly' });
    const headers = { ...SDP, ...(origin && { Origin: origin }) };
    return fetch(`${shared.origin}/${path}/${stream}`, { method: 'POST', headers, body });
  };
  try {
    const replies = await Promise.all(Array.from({ length: 70 }, (_, i) => from(SITE, `s${i}`)));
    assert.equal(replies.filter(({ status }) => status === 201).length, 2);
    const refused = replies.find(({ status }) => status !== 201);
    assert.ok(refused);
    assert.match(refused.headers.get('Retry-After') ?? '', /^\d+$/);
    await assertProblem(refused, 429, /studio\.example/);
    const [mine = ''] = shared.ingest.sessions.map(({ stream }) => stream);
    assert.equal((await from(SITE, mine)).status, 201, 'its own stream is replaced');
    assert.equal((await from(SITE, mine, 'whep')).status, 429);
    for (const [origin, stream] of [
      [undefined, 'a'],
      [undefined, 'b'],
      [undefined, 'c'],
      [shared.origin, 'd'],
      [shared.origin, 'e'],
      [shared.origin, 'f'],
      [other, 'g'],
    ] as const) {
      assert.equal((await from(origin, stream)).status, 201, stream);
    }
    assert.equal((await from(other, mine, 'whep')).status, 201);
    assert.equal((await from(other, 'h')).status, 429);
  } finally {
    await shared.close();
  }
});

test('a flood of offers at once stays within the limit', async () => {
  const small = await startServer({ ...LISTED, maxSessions: 5 });
  try {
    const replies = await Promise.all(Array.from({ length: 30 }, (_, i) => post(`/whip/s${i}`, offer(), SDP, small)));
    assert.equal(replies.filter(({ status }) => status === 201).length, 5);
    assert.equal(small.ingest.sessions.length, 5);
  } finally {
    await small.close();
  }
});

test('the list of sessions is complete and holds no session URL', async () => {
  const { url } = await publish('listed');
  const response = await request('/api/sessions');
  assert.equal(response.headers.get('Content-Type'), 'application/json');
  const text = await response.text();
  assert.ok(!text.includes(url.split('/').at(-1) ?? url));
  assert.doesNotMatch(text, /[0-9a-f]{8}-[0-9a-f]{4}-4/);
  const entry = (JSON.parse(text) as Record<string, unknown>[]).find(({ stream }) => stream === 'listed');
  const { id, since, ...rest } = entry ?? {};
  assert.match(String(id), /^[0-9a-f]{8}$/);
  assert.ok(Math.abs(Date.parse(String(since)) - Date.now()) < 60_000);
  assert.deepEqual(rest, {
    kind: 'whip',
    stream: 'listed',
    state: 'connecting',
    codec: { audio: 'opus', video: 'VP8' },
    packets: { audio: 0, video: 0 },
    bytes: { audio: 0, video: 0 },
    keyframeRequests: 0,
    restarts: 0,
  });
});

test('a client that goes away in the middle of its body does no harm', async () => {
  const { hostname, port } = new URL(server.origin);
  for (const path of ['/whip/cut', '/whep/cut']) {
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sdp\r\nContent-Length: 5000\r\n\r\nv=0\r\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 30));
    socket.destroy();
  }
  assert.equal((await request('/whip/cut')).status, 204);
});

test('no request at all gets a 500 or ends the process', async () => {
  const { url, etag } = await publish('fuzz');
  const lines = offer().split('\r\n');
  const body = fc.oneof(
    fc.string(),
    fc.array(fc.tuple(fc.nat(lines.length - 1), fc.string()), { minLength: 1, maxLength: 4 }).map((edits) => {
      const copy = [...lines];
      for (const [index, line] of edits) copy[index] = (copy[index] ?? '').slice(0, 8) + line;
      return copy.join('\r\n');
    }),
  );
  const method = fc.constantFrom('POST', 'PATCH', 'DELETE', 'PUT', 'OPTIONS');
  const path = fc.constantFrom(
    '/whip/fuzz2',
    '/whep/fuzz',
    '/session/x',
    url,
    '/api/sessions',
    '/whip/%ff',
    '/session/%',
  );
  const headers = fc.record({
    'Content-Type': fc.constantFrom('application/sdp', 'application/trickle-ice-sdpfrag', 'x'),
    'If-Match': fc.constantFrom('*', etag, '"x"', ',,', 'W/"'),
  });
  await fc.assert(
    fc.asyncProperty(method, path, headers, body, async (verb, where, fields, text) => {
      if (verb === 'DELETE' && where === url) return;
      const response = await request(where, { method: verb, headers: fields, body: text });
      assert.ok(response.status < 500, `${verb} ${where} ${response.status} ${await response.text()}`);
    }),
    { numRuns: 300 },
  );
});
