import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer, RecordedRequest, Script } from '../support/fake-whip-server.js';
import { fragmentAnswer } from '../support/sdp.js';
import { TestRig } from '../support/test-rig.js';

const isRestart = ({ body }: RecordedRequest) => /a=ice-ufrag:\S+restart/.test(body);
const restartsOf = ({ server }: TestRig) => server.of('PATCH').filter(isRestart);
const formsOf = (rig: TestRig) =>
  restartsOf(rig).map(({ headers, body }) => `${headers['if-match']}${body.startsWith('v=0') ? ' description' : ''}`);

/** Live, with a server that answers to restarts as its rules say, and takes candidates. */
async function live(answer: (request: RecordedRequest) => Answer, options = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect: {} });
  await rig.goLive({ jwt: 'token', ...options });
  await rig.clock.advance(20_000);
  let restarts = 0;
  rig.server.always('PATCH', (request) => {
    if (!isRestart(request) || !/\*/.test(request.headers['if-match'] ?? '')) return {};
    const given = answer(request);
    return given.status === 200 && !given.body ? { ...given, body: fragmentAnswer(++restarts) } : given;
  });
  return rig;
}

async function loseAndRecover(rig: TestRig): Promise<string | undefined> {
  rig.events.length = 0;
  rig.peer.isDeaf = true;
  await rig.untilStatus('broadcasting');
  await rig.clock.advance(15_000);
  return rig.all('BroadcastStatus').findLast(({ data }) => data.reconnect)?.data.reconnect?.method;
}

describe('the form of a restart (T3, T4)', () => {
  for (const status of [409, 412, 428]) {
    it(`has the quoted wildcard where the bare one is answered with ${status}, and keeps it`, async () => {
      const rig = await live(({ headers }) => ({ status: headers['if-match'] === '"*"' ? 200 : status }));
      assert.equal(await loseAndRecover(rig), 'ice-restart');
      assert.deepEqual(formsOf(rig), ['*', '"*"']);
      assert.equal(await loseAndRecover(rig), 'ice-restart');
      assert.deepEqual(formsOf(rig), ['*', '"*"', '"*"']);
      assert.equal(rig.server.opened, 1);
    });
  }

  it('is a whole description where a fragment is answered with 400, and stays one', async () => {
    const rig = await live(({ body }) => ({ status: body.startsWith('v=0') ? 200 : 400 }));
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.deepEqual(formsOf(rig), ['*', '* description', '* description']);
  });

  it('may need both', async () => {
    const rig = await live(({ headers, body }) => {
      if (headers['if-match'] !== '"*"') return { status: 412 };
      return { status: body.startsWith('v=0') ? 200 : 400 };
    });
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.deepEqual(formsOf(rig), ['*', '"*"', '"*" description']);
  });

  for (const status of [400, 405, 412, 415, 422, 428, 501]) {
    it(`is given up for this session alone where every one is answered with ${status}`, async () => {
      const rig = await live(() => ({ status }));
      assert.equal(await loseAndRecover(rig), 'new-session');
      const tried = restartsOf(rig).length;
      assert.ok(tried >= 1 && tried <= 3, formsOf(rig).join());
      assert.equal(await loseAndRecover(rig), 'new-session');
      assert.equal(restartsOf(rig).length, 2 * tried, 'the next session is asked, and as often');
      assert.equal(rig.server.sessions.size, 1);
    });
  }

  for (const answer of [{ status: 204 }, { status: 200, body: 'OK' }, { status: 200, body: 'a=ice-ufrag:only\r\n' }]) {
    it(`is given up for this session alone where the answer is ${answer.status} ${answer.body ?? ''} without credentials`, async () => {
      const rig = await live(() => ({ ...answer }));
      assert.equal(await loseAndRecover(rig), 'new-session');
      assert.equal(restartsOf(rig).length, 1);
      assert.equal(await loseAndRecover(rig), 'new-session');
      assert.equal(restartsOf(rig).length, 2);
    });
  }

  for (const status of [403, 404, 408, 409, 410, 423, 425, 429, 500, 502, 503]) {
    it(`is tried again at the next loss where the answer was ${status}`, async () => {
      let isRefusing = true;
      const rig = await live(() => ({ status: isRefusing ? status : 200 }));
      assert.equal(await loseAndRecover(rig), 'new-session');
      isRefusing = false;
      assert.equal(await loseAndRecover(rig), 'ice-restart');
    });
  }

  it('is the same where the server answers with a whole description, in any end of line', async () => {
    const rig = await live(() => ({
      status: 200,
      body: `v=0\no=- 0 0 IN IP4 0.0.0.0\ns=-\nt=0 0\n${fragmentAnswer(7).replaceAll('\r\n', '\n')}`,
    }));
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.match(rig.peer.remoteDescription?.sdp ?? '', /a=ice-ufrag:server7\r\n/);
  });
});

describe('a form whose other one got no answer', () => {
  for (const [status, other] of [
    [400, '* description'],
    [412, '"*"'],
  ] as const) {
    it(`is the first again after ${status}`, async () => {
      const rig = await live(() => ({ status: 200 }));
      rig.server.next('PATCH', { status }, 'network error');
      assert.equal(await loseAndRecover(rig), 'ice-restart');
      assert.deepEqual(formsOf(rig), ['*', other, '*']);
    });
  }
});

describe('a server whose refusals no page may read', () => {
  /** Live where already the candidates were refused like that; `answer` is for restarts. */
  async function liveUnread(answer: (request: RecordedRequest) => Answer | 'network error'): Promise<TestRig> {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('PATCH', (request) => (isRestart(request) ? answer(request) : 'network error'));
    await rig.goLive();
    await rig.clock.advance(20_000);
    return rig;
  }

  it('is asked in the other form at once, and again in the form that it took', async () => {
    let restarts = 0;
    const rig = await liveUnread(({ body }) =>
      body.startsWith('v=0') ? { status: 200, body: fragmentAnswer(++restarts) } : 'network error',
    );
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.deepEqual(formsOf(rig), ['*', '* description']);
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.deepEqual(formsOf(rig), ['*', '* description', '* description']);
    assert.equal(rig.server.opened, 1);
  });

  it('gets a new session where it takes neither form, and that is asked at the next loss', async () => {
    const rig = await liveUnread(() => 'network error');
    assert.equal(await loseAndRecover(rig), 'new-session');
    assert.deepEqual(formsOf(rig), ['*', '* description']);
    assert.equal(await loseAndRecover(rig), 'new-session');
    assert.deepEqual(formsOf(rig), ['*', '* description', '*', '* description']);
    assert.equal(rig.server.sessions.size, 1);
  });

  it('is asked again at the next loss where nothing of it could be reached at this one', async () => {
    let cutUntil = 0;
    let restarts = 0;
    const isCut = () => rig.clock.now() < cutUntil;
    const rig = await liveUnread(() => (isCut() ? 'network error' : { status: 200, body: fragmentAnswer(++restarts) }));
    rig.server.always('HEAD', () => (isCut() ? 'network error' : {}));
    cutUntil = rig.clock.now() + 12_000;
    assert.equal(await loseAndRecover(rig), 'new-session');
    assert.equal(restartsOf(rig).length, 0, 'no request with a preflight before a probe was answered');
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.ok(formsOf(rig).every((form) => form === '*'));
  });

  it('is not taken for one where it answered before: then the network is the reason', async () => {
    let isCut = true;
    let restarts = 0;
    const rig = await live(() => ({ status: 200, body: fragmentAnswer(++restarts) }));
    rig.server.always('PATCH', () => (isCut ? 'network error' : { status: 200, body: fragmentAnswer(++restarts) }));
    assert.equal(await loseAndRecover(rig), 'new-session');
    assert.ok(formsOf(rig).every((form) => form === '*'));
    isCut = false;
    assert.equal(await loseAndRecover(rig), 'ice-restart');
  });
});

describe('the token of a restart', () => {
  it('is asked for once more after 401, and kept', async () => {
    let asked = 0;
    const rig = await live(({ headers }) => ({ status: headers.authorization === 'Bearer token-2' ? 200 : 401 }), {
      tokenProvider: () => `token-${++asked}`,
    });
    assert.equal(await loseAndRecover(rig), 'ice-restart');
    assert.deepEqual(
      restartsOf(rig).map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2'],
    );
    void rig.user.stopBroadcast();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.last('DELETE').headers.authorization, 'Bearer token-2');
  });

  it('that is refused twice ends in a new session', async () => {
    let asked = 0;
    const rig = await live(() => ({ status: 401 }), { tokenProvider: () => `token-${++asked}` });
    assert.equal(await loseAndRecover(rig), 'new-session');
    assert.equal(rig.server.sessions.size, 1);
  });
});

describe('the entity tag after a restart', () => {
  const scripts: [string, Script][] = [
    ['is the new one', { headers: { ETag: '"renewed"' } }],
    ['is none where the server gave none', { headers: { ETag: null } }],
  ];
  for (const [name, script] of scripts) {
    it(name, async () => {
      const rig = new TestRig({ reconnect: {} });
      rig.server.restartsIce = true;
      await rig.goLive();
      await rig.clock.advance(5_000);
      Object.assign(rig.path, { gathersAfter: 400, gatheredAfter: 500 });
      rig.server.next('PATCH', script);
      rig.peer.isDeaf = true;
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(2_000);
      const [, , late] = rig.server.of('PATCH');
      const { headers } = script as { headers: { ETag: string | null } };
      assert.equal(late?.headers['if-match'] ?? null, headers.ETag);
    });
  }
});
