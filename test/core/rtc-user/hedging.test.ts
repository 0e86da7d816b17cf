import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { TestRig } from '../support/test-rig.js';

/** Lost by the network, with the `POST`s of the recovery answered as scripted. */
async function lostWith(scripts: Script[], reconnect = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect });
  await rig.goLiveWithoutRepair({ jwt: 'token' });
  await rig.clock.advance(20_000);
  rig.server.next('POST', ...scripts);
  rig.losePath();
  return rig;
}

/** Milliseconds between the first `POST` of the recovery and all of them. */
const postsOf = ({ server }: TestRig) => {
  const [, ...posts] = server.of('POST').map(({ at }) => at);
  return posts.map((at) => at - (posts[0] ?? NaN));
};

describe('an attempt after a loss by the network', () => {
  it('is asked for once where the answer comes within 1 s', async () => {
    for (const after of [10, 500, 990]) {
      const rig = await lostWith([{ after }]);
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(20_000);
      assert.deepEqual(postsOf(rig), [0]);
    }
  });

  it('is asked for once more where no answer comes for 1 s, as on a dead connection', async () => {
    const rig = await lostWith(['no answer']);
    await rig.untilStatus('broadcasting');
    assert.deepEqual(postsOf(rig), [0, 1_000]);
    await rig.clock.advance(100_000);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [2, 1]);
    assert.equal(rig.outline().at(-1), 'broadcasting');
  });

  it('is asked for once more at once after a network error', async () => {
    const rig = await lostWith(['network error']);
    await rig.untilStatus('broadcasting');
    const [, second = NaN, ...more] = postsOf(rig);
    assert.ok(second < 100);
    assert.equal(more.length, 0);
    assert.deepEqual(
      rig.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.attempt ?? []),
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
      const rig = await lostWith([{ after: first }, { after: second }]);
      await rig.untilStatus('broadcasting');
      assert.equal(postsOf(rig).length, 2);
      await rig.clock.advance(30_000);
      assert.deepEqual([rig.server.opened, rig.server.sessions.size], [3, 1], `${first} and ${second} ms`);
      assert.equal(rig.outline().at(-1), 'broadcasting');
      const [session = ''] = rig.server.sessions;
      assert.equal(
        rig.server.requests.some(({ method, url }) => method === 'DELETE' && url === session),
        false,
      );
    }
  });

  it('fails with the error that tells most where both requests fail', async () => {
    for (const scripts of [
      ['network error', { status: 503, headers: { 'Retry-After': '7' } }],
      [{ after: 2_000, status: 503, headers: { 'Retry-After': '7' } }, 'network error'],
    ] as Script[][]) {
      const rig = await lostWith(scripts);
      // Chance comes above what the server asks for.
      rig.random = 0;
      await rig.clockUntilAttempt(2);
      assert.equal(rig.reconnect().delay, 7);
      assert.equal(postsOf(rig).length, 2);
      await rig.untilStatus('broadcasting');
    }
  });

  it('is never asked for a third time', async () => {
    const rig = await lostWith(['no answer', 'no answer', 'no answer']);
    await rig.clockUntilAttempt(2);
    assert.deepEqual(postsOf(rig), [0, 1_000]);
  });

  it('is not asked for once more where the server has answered, whatever it is', async () => {
    for (const status of [404, 409, 500, 503]) {
      const rig = await lostWith([{ status }]);
      await rig.clockUntilAttempt(2);
      assert.deepEqual(postsOf(rig), [0]);
    }
  });

  it('that is stopped meanwhile leaves neither session behind', async () => {
    for (const elapsed of [500, 1_000, 1_200, 2_500]) {
      const rig = await lostWith([{ after: 3_000 }, { after: 1_000 }]);
      await rig.clock.advance(1_000 + elapsed);
      void rig.user.stopBroadcast();
      await rig.clock.advance(70_000);
      const { server, clock, networkWatchers } = rig;
      assert.deepEqual(
        [server.sessions.size, clock.pending, networkWatchers],
        [0, 0, 0],
        `stopped after ${elapsed} ms`,
      );
      assert.equal(rig.outline().at(-1), 'StopBroadcastSuccess');
    }
  });

  it('probes until the server answers before it posts, so that a dead network is not filled with requests', async () => {
    const rig = await lostWith([]);
    rig.server.always('HEAD', 'no answer');
    await rig.clock.advance(4_500);
    assert.deepEqual(postsOf(rig), []);
    rig.server.always('HEAD', null);
    await rig.untilStatus('broadcasting');
    assert.deepEqual(postsOf(rig), [0]);
    assert.equal(rig.server.sessions.size, 1);
  });

  it('gets through to a server that is slow to answer anything', async () => {
    for (const latency of [900, 1_200, 2_500]) {
      const rig = await lostWith([], { maxRetries: 2 });
      rig.server.latency = latency;
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(30_000);
      assert.equal(rig.outline().at(-1), 'broadcasting', `${latency} ms`);
      assert.equal(rig.server.sessions.size, 1);
    }
  });
});

describe('a request is not made twice', () => {
  it('at a first start: two sessions of one stream may harm each other', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.next('POST', { after: 5_000 });
    await rig.goLive();
    assert.equal(rig.server.of('POST').length, 1);
  });

  it('after a loss by the server: it may be drowning already', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    rig.server.next('POST', { after: 5_000 });
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.of('POST').length, 2);
  });
});

describe('the end of a session', () => {
  it('is asked for once more where no answer comes for 1 s, and no more than twice', async () => {
    const rig = new TestRig();
    await rig.goLive();
    rig.server.next('DELETE', 'no answer');
    void rig.user.stopBroadcast();
    await rig.clock.advance(2_500);
    assert.equal(rig.server.of('DELETE').length, 2);
    assert.equal(rig.server.sessions.size, 0);
    assert.deepEqual(rig.outline(), ['StopBroadcastSuccess']);
  });

  it('is asked for once where the server has answered, whatever it is', async () => {
    for (const status of [200, 404, 405, 500]) {
      const rig = new TestRig();
      await rig.goLive();
      rig.server.next('DELETE', { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(1_900);
      const urls = rig.server.of('DELETE').map(({ url }) => url);
      assert.equal(
        new Set(urls).size,
        urls.length,
        'another URL is the one with the prefix that a proxy may strip (A7)',
      );
    }
  });

  it('is asked for again 2 s after a refusal, since one answer decides nothing (2.3)', async () => {
    for (const status of [403, 500]) {
      const rig = new TestRig();
      await rig.goLive();
      rig.server.next('DELETE', { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(120_000);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0], `${status}`);
    }
  });
});
