import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReconnectConfig } from '../../../src/core/api/config.js';
import { codeOf, TestRig } from '../support/test-rig.js';

/** Live, then lost with every further `POST` refused. */
async function lostFor(status: number | null, reconnect: Partial<ReconnectConfig> | null): Promise<TestRig> {
  const rig = new TestRig(reconnect === null ? {} : { reconnect });
  const target = { transcodingTargets: { streamname: 'show' } };
  await (reconnect?.maxRetries ? rig.goLiveWithoutRepair({ jwt: 'token' }, target) : rig.goLive({}, target));
  await rig.clock.advance(20_000);
  if (status !== null) rig.server.always('POST', { status });
  rig.losePath();
  return rig;
}

describe('giving up', () => {
  it('is one BroadcastError 5002 after maxRetries attempts, and nothing after it', async () => {
    const rig = await lostFor(503, { maxRetries: 3 });
    await rig.clock.advance(600_000);
    const lost = 'reconnecting_broadcast';
    assert.deepEqual(rig.outline(), [lost, lost, lost, 'BroadcastError 5002']);
    assert.equal(rig.server.of('POST').length, 4);
    const { error, data } = rig.last('BroadcastError');
    assert.match(error.message, /503.*\b3\b/);
    assert.equal(error.name, 'BroadcastError');
    assert.deepEqual(data, { error: error.message, text: error.message, message: error.message, code: 5002 });
    assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0]);
    for (const peer of rig.peers) assert.equal(peer.connectionState, 'closed');
  });

  it('tells which stream it was (design 3: userinfo.metadata)', async () => {
    const rig = await lostFor(503, { maxRetries: 1 });
    await rig.clock.advance(60_000);
    assert.equal(rig.last('BroadcastError').error.userinfo.metadata?.streamname, 'show');
  });

  it('leaves no broadcast to stop, and the next start goes live', async () => {
    const rig = await lostFor(503, { maxRetries: 1 });
    await rig.clock.advance(60_000);
    assert.equal(await codeOf(rig.user.stopBroadcast()), 5003);
    rig.server.always('POST', null);
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.sessions.size, 1);
  });

  it('comes at the loss where reconnection is off, without a word of reconnecting (2.1)', async () => {
    for (const reconnect of [null, { maxRetries: 0 }]) {
      const rig = await lostFor(null, reconnect);
      await rig.clock.advance(0);
      assert.deepEqual(rig.outline(), ['BroadcastError 5002']);
      await rig.clock.advance(600_000);
      assert.deepEqual(rig.outline(), ['BroadcastError 5002']);
      assert.deepEqual([rig.server.of('POST').length, rig.server.sessions.size], [1, 0]);
      assert.equal(rig.clock.pending, 0);
    }
  });

  it('counts attempts over several losses in a row', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 3 } });
    await rig.goLive();
    for (let losses = 0; losses < 3; losses++) {
      rig.losePath();
      await rig.untilStatus('broadcasting');
    }
    rig.losePath();
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
    assert.equal(rig.server.of('POST').length, 4);
  });

  for (const status of [401, 405, 406, 413, 415, 422]) {
    it(`A5: comes after ${status}, which is final, three times in a row over 10 s`, async () => {
      const rig = await lostFor(status, { maxRetries: 10 });
      await rig.clock.advance(60_000);
      const posts = rig.server.of('POST').slice(1);
      assert.ok(posts.length >= 3 && posts.length < 10, `${posts.length} attempts`);
      assert.ok((posts.at(-1)?.at ?? 0) - (posts[0]?.at ?? 0) >= 10_000);
      assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
      assert.match(rig.last('BroadcastError').error.message, new RegExp(`${status}`));
      assert.equal(rig.clock.pending, 0);
    });
  }

  it('comes after 401 only once a fresh token was refused too', async () => {
    const rig = new TestRig({ reconnect: {} });
    let asked = 0;
    await rig.goLive({ tokenProvider: () => `token-${++asked}` });
    rig.server.next('POST', { status: 401 });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(asked, 3);
    rig.server.always('POST', { status: 401 });
    rig.losePath();
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
    const refused = rig.server.of('POST').slice(3);
    assert.equal(refused.length % 2, 0, 'each attempt asks with the token and with a fresh one');
    assert.ok(refused.length / 2 >= 3);
    assert.ok((refused.at(-1)?.at ?? 0) - (refused[0]?.at ?? 0) >= 10_000);
    assert.equal(asked, 3 + refused.length);
  });

  it('A5: comes when the server refuses a track repeatedly', async () => {
    const rig = await lostFor(null, { maxRetries: 10 });
    rig.server.always('POST', ({ body }) => ({ body: body.replaceAll('a=sendonly', 'a=inactive') }));
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
    assert.ok(rig.server.of('POST').length > 3);
    assert.equal(rig.server.sessions.size, 0);
  });

  for (const status of [400, 403]) {
    it(`waits after ${status} for as long as it may be our own ghost: 60 s from the last sign of life`, async () => {
      const rig = await lostFor(status, { minDelay: 5, maxDelay: 5, maxRetries: 100 });
      const { lostAt } = (await rig.clock.advance(0), rig.reconnect());
      await rig.clock.advance(300_000);
      assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
      const posts = rig.server.of('POST').slice(1);
      const seconds = posts.map(({ at }) => (at + 10 - lostAt) / 1000);
      const [before = Infinity, first = 0, , last = 0] = seconds.slice(-4);
      assert.ok(before <= 60 && first > 60, 'only what comes later may be final');
      assert.ok(last - first >= 10, 'and only three times in a row over 10 s (A5)');
    });
  }

  it('follows the configuration of the moment: retries taken away while it waits', async () => {
    const rig = await lostFor(503, { minDelay: 4, maxDelay: 4, maxRetries: 10 });
    await rig.clock.advance(1_000);
    void rig.user.setConfig({ reconnect: { maxRetries: 0 } });
    await rig.clock.advance(60_000);
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'BroadcastError 5002']);
    assert.equal(rig.server.of('POST').length, 2, 'the wait that had begun is carried out');
  });

  it('does not come where reconnection is switched on while live', async () => {
    const rig = new TestRig();
    await rig.goLive();
    void rig.user.setConfig({ reconnect: {} });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.outline()[0], 'reconnecting_broadcast');
  });
});

describe('a path that comes and goes', () => {
  it('uses up no attempts where media is back each time before any was made', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 3 } });
    await rig.goLiveWithoutRepair();
    rig.server.always('HEAD', 'no answer');
    for (let losses = 0; losses < 8; losses++) {
      await rig.clock.advance(4_000);
      rig.peer.isDeaf = true;
      await rig.untilStatus('reconnecting_broadcast');
      await rig.clock.advance(500);
      rig.peer.isDeaf = false;
      await rig.untilStatus('broadcasting');
    }
    const { outages } = rig.user.report;
    assert.deepEqual(
      outages.map(({ recoveredBy, attempts }) => [recoveredBy, attempts]),
      Array(8).fill(['browser', 0]),
    );
    assert.equal(rig.server.of('POST').length, 1);
  });
});
