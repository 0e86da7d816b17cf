import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Answer, RecordedRequest, Script } from '../support/fake-whip-server.js';
import { fragmentAnswer } from '../support/sdp.js';
import { Studio } from '../support/test-rig.js';

const isRestart = ({ body }: RecordedRequest) => /a=ice-ufrag:\S+restart/.test(body);
const restartsOf = ({ server }: Studio) => server.of('PATCH').filter(isRestart);
const formsOf = (studio: Studio) =>
  restartsOf(studio).map(
    ({ headers, body }) => `${headers['if-match']}${body.startsWith('v=0') ? ' description' : ''}`,
  );

/** Live, with a server that answers to restarts as its rules say, and takes candidates. */
async function live(answer: (request: RecordedRequest) => Answer, options = {}): Promise<Studio> {
  const studio = new Studio({ reconnect: {} });
  await studio.goLive({ jwt: 'token', ...options });
  await studio.clock.advance(20_000);
  let restarts = 0;
  studio.server.always('PATCH', (request) => {
    if (!isRestart(request) || !/\*/.test(request.headers['if-match'] ?? '')) return {};
    const given = answer(request);
    return given.status === 200 && !given.body ? { ...given, body: fragmentAnswer(++restarts) } : given;
  });
  return studio;
}

async function loseAndRecover(studio: Studio): Promise<string | undefined> {
  studio.events.length = 0;
  studio.peer.isDeaf = true;
  await studio.untilStatus('broadcasting');
  await studio.clock.advance(15_000);
  return studio.all('BroadcastStatus').findLast(({ data }) => data.reconnect)?.data.reconnect?.rung;
}

describe('the form of a restart (T3, T4)', () => {
  for (const status of [409, 412, 428]) {
    it(`has the quoted wildcard where the bare one is answered with ${status}, and keeps it`, async () => {
      const studio = await live(({ headers }) => ({ status: headers['if-match'] === '"*"' ? 200 : status }));
      assert.equal(await loseAndRecover(studio), 'repair');
      assert.deepEqual(formsOf(studio), ['*', '"*"']);
      assert.equal(await loseAndRecover(studio), 'repair');
      assert.deepEqual(formsOf(studio), ['*', '"*"', '"*"']);
      assert.equal(studio.server.opened, 1);
    });
  }

  it('is a whole description where a fragment is answered with 400, and stays one', async () => {
    const studio = await live(({ body }) => ({ status: body.startsWith('v=0') ? 200 : 400 }));
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.deepEqual(formsOf(studio), ['*', '* description', '* description']);
  });

  it('may need both', async () => {
    const studio = await live(({ headers, body }) => {
      if (headers['if-match'] !== '"*"') return { status: 412 };
      return { status: body.startsWith('v=0') ? 200 : 400 };
    });
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.deepEqual(formsOf(studio), ['*', '"*"', '"*" description']);
  });

  for (const status of [400, 405, 412, 415, 422, 428, 501]) {
    it(`is given up for good where every one is answered with ${status}`, async () => {
      const studio = await live(() => ({ status }));
      assert.equal(await loseAndRecover(studio), 'replace');
      const tried = restartsOf(studio).length;
      assert.ok(tried >= 1 && tried <= 3, formsOf(studio).join());
      assert.equal(await loseAndRecover(studio), 'replace');
      assert.equal(restartsOf(studio).length, tried, 'no restart is tried again');
      assert.equal(studio.server.sessions.size, 1);
    });
  }

  for (const answer of [{ status: 204 }, { status: 200, body: 'OK' }, { status: 200, body: 'a=ice-ufrag:only\r\n' }]) {
    it(`is given up for good where the answer is ${answer.status} ${answer.body ?? ''} without credentials`, async () => {
      const studio = await live(() => ({ ...answer }));
      assert.equal(await loseAndRecover(studio), 'replace');
      assert.equal(await loseAndRecover(studio), 'replace');
      assert.equal(restartsOf(studio).length, 1);
    });
  }

  for (const status of [403, 404, 408, 409, 410, 423, 425, 429, 500, 502, 503]) {
    it(`is tried again at the next loss where the answer was ${status}`, async () => {
      let isRefusing = true;
      const studio = await live(() => ({ status: isRefusing ? status : 200 }));
      assert.equal(await loseAndRecover(studio), 'replace');
      isRefusing = false;
      assert.equal(await loseAndRecover(studio), 'repair');
    });
  }

  it('is the same where the server answers with a whole description, in any end of line', async () => {
    const studio = await live(() => ({
      status: 200,
      body: `v=0\no=- 0 0 IN IP4 0.0.0.0\ns=-\nt=0 0\n${fragmentAnswer(7).replaceAll('\r\n', '\n')}`,
    }));
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.match(studio.peer.remoteDescription?.sdp ?? '', /a=ice-ufrag:server7\r\n/);
  });
});

describe('a form whose other one got no answer', () => {
  for (const [status, other] of [
    [400, '* description'],
    [412, '"*"'],
  ] as const) {
    it(`is the first again after ${status}`, async () => {
      const studio = await live(() => ({ status: 200 }));
      studio.server.next('PATCH', { status }, 'network error');
      assert.equal(await loseAndRecover(studio), 'repair');
      assert.deepEqual(formsOf(studio), ['*', other, '*']);
    });
  }
});

describe('a server whose refusals no page may read', () => {
  /** Live where already the candidates were refused like that; `answer` is for restarts. */
  async function liveUnread(answer: (request: RecordedRequest) => Answer | 'network error'): Promise<Studio> {
    const studio = new Studio({ reconnect: {} });
    studio.server.always('PATCH', (request) => (isRestart(request) ? answer(request) : 'network error'));
    await studio.goLive();
    await studio.clock.advance(20_000);
    return studio;
  }

  it('is asked in the other form at once, and again in the form that it took', async () => {
    let restarts = 0;
    const studio = await liveUnread(({ body }) =>
      body.startsWith('v=0') ? { status: 200, body: fragmentAnswer(++restarts) } : 'network error',
    );
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.deepEqual(formsOf(studio), ['*', '* description']);
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.deepEqual(formsOf(studio), ['*', '* description', '* description']);
    assert.equal(studio.server.opened, 1);
  });

  it('gets a new session where it takes neither form, and is not asked at the next loss', async () => {
    const studio = await liveUnread(() => 'network error');
    assert.equal(await loseAndRecover(studio), 'replace');
    assert.deepEqual(formsOf(studio), ['*', '* description']);
    assert.equal(await loseAndRecover(studio), 'replace');
    assert.equal(restartsOf(studio).length, 2);
    assert.equal(studio.server.sessions.size, 1);
  });

  it('is asked again at the next loss where nothing of it could be reached at this one', async () => {
    let cutUntil = 0;
    let restarts = 0;
    const isCut = () => studio.clock.now() < cutUntil;
    const studio = await liveUnread(() =>
      isCut() ? 'network error' : { status: 200, body: fragmentAnswer(++restarts) },
    );
    studio.server.always('HEAD', () => (isCut() ? 'network error' : {}));
    cutUntil = studio.clock.now() + 12_000;
    assert.equal(await loseAndRecover(studio), 'replace');
    assert.ok(restartsOf(studio).length > 0);
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.ok(formsOf(studio).every((form) => form === '*'));
  });

  it('is not taken for one where it answered before: then the network is the reason', async () => {
    let isCut = true;
    let restarts = 0;
    const studio = await live(() => ({ status: 200, body: fragmentAnswer(++restarts) }));
    studio.server.always('PATCH', () => (isCut ? 'network error' : { status: 200, body: fragmentAnswer(++restarts) }));
    assert.equal(await loseAndRecover(studio), 'replace');
    assert.ok(formsOf(studio).every((form) => form === '*'));
    isCut = false;
    assert.equal(await loseAndRecover(studio), 'repair');
  });
});

describe('the token of a restart', () => {
  it('is asked for once more after 401, and kept', async () => {
    let asked = 0;
    const studio = await live(({ headers }) => ({ status: headers.authorization === 'Bearer token-2' ? 200 : 401 }), {
      tokenProvider: () => `token-${++asked}`,
    });
    assert.equal(await loseAndRecover(studio), 'repair');
    assert.deepEqual(
      restartsOf(studio).map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2'],
    );
    void studio.user.stopBroadcast();
    await studio.clock.advance(1_000);
    assert.equal(studio.server.last('DELETE').headers.authorization, 'Bearer token-2');
  });

  it('that is refused twice ends in a new session', async () => {
    let asked = 0;
    const studio = await live(() => ({ status: 401 }), { tokenProvider: () => `token-${++asked}` });
    assert.equal(await loseAndRecover(studio), 'replace');
    assert.equal(studio.server.sessions.size, 1);
  });
});

describe('the entity tag after a restart', () => {
  const scripts: [string, Script][] = [
    ['is the new one', { headers: { ETag: '"renewed"' } }],
    ['is none where the server gave none', { headers: { ETag: null } }],
  ];
  for (const [name, script] of scripts) {
    it(name, async () => {
      const studio = new Studio({ reconnect: {} });
      studio.server.restartsIce = true;
      await studio.goLive();
      await studio.clock.advance(5_000);
      Object.assign(studio.path, { gathersAfter: 400, gatheredAfter: 500 });
      studio.server.next('PATCH', script);
      studio.peer.isDeaf = true;
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(2_000);
      const [, , late] = studio.server.of('PATCH');
      const { headers } = script as { headers: { ETag: string | null } };
      assert.equal(late?.headers['if-match'] ?? null, headers.ETag);
    });
  }
});
