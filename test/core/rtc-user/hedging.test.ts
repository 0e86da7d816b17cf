import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { Studio } from '../support/test-rig.js';

/** Lost by the network, with the `POST`s of the recovery answered as scripted. */
async function lostWith(scripts: Script[], reconnect = {}): Promise<Studio> {
  const studio = new Studio({ reconnect });
  await studio.goLiveWithoutRepair({ jwt: 'token' });
  await studio.clock.advance(20_000);
  studio.server.next('POST', ...scripts);
  studio.losePath();
  return studio;
}

/** Milliseconds between the first `POST` of the recovery and all of them. */
const postsOf = ({ server }: Studio) => {
  const [, ...posts] = server.of('POST').map(({ at }) => at);
  return posts.map((at) => at - (posts[0] ?? NaN));
};

describe('an attempt after a loss by the network', () => {
  it('is asked for once where the answer comes within 1 s', async () => {
    for (const after of [10, 500, 990]) {
      const studio = await lostWith([{ after }]);
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(20_000);
      assert.deepEqual(postsOf(studio), [0]);
    }
  });

  it('is asked for once more where no answer comes for 1 s, as on a dead connection', async () => {
    const studio = await lostWith(['no answer']);
    await studio.untilStatus('broadcasting');
    assert.deepEqual(postsOf(studio), [0, 1_000]);
    await studio.clock.advance(100_000);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [2, 1]);
    assert.equal(studio.outline().at(-1), 'broadcasting');
  });

  it('is asked for once more at once after a network error', async () => {
    const studio = await lostWith(['network error']);
    await studio.untilStatus('broadcasting');
    const [, second = NaN, ...more] = postsOf(studio);
    assert.ok(second < 100);
    assert.equal(more.length, 0);
    assert.deepEqual(
      studio.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.attempt ?? []),
      [1],
      'which is one attempt',
    );
  });

  it('that both requests are answered to keeps one session and deletes the other', async () => {
    for (const [first, second] of [
      [1_200, 900],
      [1_200, 100],
      [1_005, 10],
      [3_000, 10],
      [5_000, 10],
      [1_500, 8_000],
      [1_300, 1_000],
    ] as const) {
      const studio = await lostWith([{ after: first }, { after: second }]);
      await studio.untilStatus('broadcasting');
      assert.equal(postsOf(studio).length, 2);
      await studio.clock.advance(30_000);
      assert.deepEqual([studio.server.opened, studio.server.sessions.size], [3, 1], `${first} and ${second} ms`);
      assert.equal(studio.outline().at(-1), 'broadcasting');
      const [session = ''] = studio.server.sessions;
      assert.equal(
        studio.server.requests.some(({ method, url }) => method === 'DELETE' && url === session),
        false,
      );
    }
  });

  it('fails with the error that tells most where both requests fail', async () => {
    for (const scripts of [
      ['network error', { status: 503, headers: { 'Retry-After': '7' } }],
      [{ after: 2_000, status: 503, headers: { 'Retry-After': '7' } }, 'network error'],
    ] as Script[][]) {
      const studio = await lostWith(scripts);
      await studio.clockUntilAttempt(2);
      assert.equal(studio.reconnect().delay, 7);
      assert.equal(postsOf(studio).length, 2);
      await studio.untilStatus('broadcasting');
    }
  });

  it('is never asked for a third time', async () => {
    const studio = await lostWith(['no answer', 'no answer', 'no answer']);
    await studio.clockUntilAttempt(2);
    assert.deepEqual(postsOf(studio), [0, 1_000]);
  });

  it('is not asked for once more where the server has answered, whatever it is', async () => {
    for (const status of [404, 409, 500, 503]) {
      const studio = await lostWith([{ status }]);
      await studio.clockUntilAttempt(2);
      assert.deepEqual(postsOf(studio), [0]);
    }
  });

  it('that is stopped meanwhile leaves neither session behind', async () => {
    for (const elapsed of [500, 1_000, 1_200, 2_500]) {
      const studio = await lostWith([{ after: 3_000 }, { after: 1_000 }]);
      await studio.clock.advance(1_000 + elapsed);
      void studio.user.stopBroadcast();
      await studio.clock.advance(70_000);
      const { server, clock, networkWatchers } = studio;
      assert.deepEqual(
        [server.sessions.size, clock.pending, networkWatchers],
        [0, 0, 0],
        `stopped after ${elapsed} ms`,
      );
      assert.equal(studio.outline().at(-1), 'StopBroadcastSuccess');
    }
  });

  it('knocks until the server answers before it posts, so that a dead network is not filled with requests', async () => {
    const studio = await lostWith([]);
    studio.server.always('HEAD', 'no answer');
    await studio.clock.advance(4_500);
    assert.deepEqual(postsOf(studio), []);
    studio.server.always('HEAD', null);
    await studio.untilStatus('broadcasting');
    assert.deepEqual(postsOf(studio), [0]);
    assert.equal(studio.server.sessions.size, 1);
  });

  it('gets through to a server that is slow to answer anything', async () => {
    for (const latency of [900, 1_200, 2_500]) {
      const studio = await lostWith([], { maxRetries: 2 });
      studio.server.latency = latency;
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(30_000);
      assert.equal(studio.outline().at(-1), 'broadcasting', `${latency} ms`);
      assert.equal(studio.server.sessions.size, 1);
    }
  });
});

describe('a request is not made twice', () => {
  it('at a first start: two sessions of one stream may harm each other', async () => {
    const studio = new Studio({ reconnect: {} });
    studio.server.next('POST', { after: 5_000 });
    await studio.goLive();
    assert.equal(studio.server.of('POST').length, 1);
  });

  it('after a loss by the server: it may be drowning already', async () => {
    const studio = new Studio({ reconnect: {} });
    await studio.goLive();
    studio.server.next('POST', { after: 5_000 });
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.of('POST').length, 2);
  });
});

describe('the end of a session', () => {
  it('is asked for once more where no answer comes for 1 s, and no more than twice', async () => {
    const studio = new Studio();
    await studio.goLive();
    studio.server.next('DELETE', 'no answer');
    void studio.user.stopBroadcast();
    await studio.clock.advance(2_500);
    assert.equal(studio.server.of('DELETE').length, 2);
    assert.equal(studio.server.sessions.size, 0);
    assert.deepEqual(studio.outline(), ['StopBroadcastSuccess']);
  });

  it('is asked for once where the server has answered, whatever it is', async () => {
    for (const status of [200, 404, 405, 500]) {
      const studio = new Studio();
      await studio.goLive();
      studio.server.next('DELETE', { status });
      void studio.user.stopBroadcast();
      await studio.clock.advance(5_000);
      assert.equal(studio.server.of('DELETE').length, 1);
    }
  });
});
