import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReconnectConfig } from '../../../src/core/api/config.js';
import { TestRig } from '../support/test-rig.js';

/** Live for 20 s, with a server that restarts ICE or does not. */
async function live(reconnect: Partial<ReconnectConfig>, restartsIce: boolean): Promise<TestRig> {
  const rig = new TestRig({ reconnect });
  if (restartsIce) {
    rig.server.restartsIce = true;
    await rig.goLive({ jwt: 'token' });
  } else await rig.goLiveWithoutRepair({ jwt: 'token' });
  await rig.clock.advance(20_000);
  return rig;
}

const infosOf = (rig: TestRig) => rig.all('BroadcastStatus').flatMap(({ data }) => data.reconnect ?? []);

describe('a browser that is offline', () => {
  it('A9: makes an attempt every 30 s and counts none, for however long (2.3)', async () => {
    for (const restartsIce of [true, false]) {
      const rig = await live({ maxRetries: 2 }, restartsIce);
      for (const method of ['HEAD', 'POST', 'PATCH'] as const) rig.server.always(method, 'no answer');
      const before = rig.server.requests.length;
      rig.peer.isDeaf = true;
      rig.changeNetwork(false);
      await rig.clock.advance(3_600_000);
      const made = rig.server.requests.length - before;
      assert.ok(made >= 60 && made <= 400, `${made} requests in an hour`);
      for (const method of ['HEAD', 'POST', 'PATCH'] as const) rig.server.forget(method);
      rig.changeNetwork();
      await rig.untilStatus('broadcasting');
      assert.equal(rig.outline().includes('BroadcastError 5002'), false);
      assert.ok(infosOf(rig).every(({ attempt }) => attempt <= 1));
    }
  });

  it('A9: is not believed to be online by an answer that came before', async () => {
    const rig = await live({ maxRetries: 2 }, false);
    rig.losePath();
    rig.path.connectsAfter = null;
    await rig.clock.advance(3_000);
    assert.equal(rig.server.of('POST').length, 2, 'the POST was answered, and media is still to come');
    rig.changeNetwork(false);
    rig.losePath();
    await rig.clock.advance(20_000);
    assert.deepEqual([rig.server.of('POST').length, rig.reconnect().waitingFor], [2, 'network']);
    rig.path.connectsAfter = 40;
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
  });

  it('starts the next attempt at once when it is back, where minDelay has passed', async () => {
    const rig = await live({ minDelay: 1, maxDelay: 60 }, false);
    rig.random = 0.99;
    rig.server.next('POST', ...Array.from({ length: 5 }, () => ({ status: 503 })));
    rig.peer.isDeaf = true;
    await rig.clockUntilAttempt(6);
    assert.ok((rig.reconnect().delay ?? 0) > 30);
    rig.changeNetwork(false);
    await rig.clock.advance(2_000);
    const posts = rig.server.of('POST').length;
    rig.changeNetwork();
    await rig.clock.advance(100);
    assert.equal(rig.server.of('POST').length, posts + 1);
    await rig.untilStatus('broadcasting');
  });

  it('waits for minDelay even when it is back before', async () => {
    const rig = await live({ minDelay: 5, maxDelay: 8 }, false);
    rig.peer.isDeaf = true;
    await rig.untilStatus('reconnecting_broadcast');
    const { lostAt } = rig.reconnect();
    rig.changeNetwork(false);
    await rig.clock.advance(500);
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
    assert.ok(rig.server.last('POST').at >= lostAt + 5_000);
  });

  it('does not cut short what Retry-After asks for', async () => {
    const rig = await live({}, false);
    rig.server.next('POST', { status: 503, headers: { 'Retry-After': '20' } });
    rig.peer.isDeaf = true;
    await rig.clockUntilAttempt(2);
    const refused = rig.clock.now();
    rig.changeNetwork(false);
    await rig.clock.advance(1_000);
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
    assert.ok(rig.server.last('POST').at - refused >= 20_000);
  });

  it('makes an attempt that fails meanwhile one that does not count', async () => {
    const rig = await live({ maxRetries: 2 }, false);
    rig.server.always('POST', { status: 503, after: 500 });
    rig.peer.isDeaf = true;
    for (let failures = 0; failures < 6; failures++) {
      const posts = rig.server.of('POST').length;
      await rig.clock.advanceUntil(() => rig.server.of('POST').length > posts);
      rig.changeNetwork(false);
      await rig.clock.advance(3_000);
      rig.changeNetwork();
    }
    assert.deepEqual(new Set(infosOf(rig).map(({ attempt }) => attempt)), new Set([1]));
    rig.server.always('POST', null);
    await rig.untilStatus('broadcasting');
  });

  it('for a moment harms no path that lives', async () => {
    const rig = await live({}, true);
    for (let times = 0; times < 10; times++) {
      rig.changeNetwork(false);
      await rig.clock.advance(3_000);
      rig.changeNetwork();
      await rig.clock.advance(3_000);
    }
    assert.deepEqual(rig.outline(), []);
  });

  it('may be stopped, and leaves nothing behind', async () => {
    for (const restartsIce of [true, false]) {
      const rig = await live({}, restartsIce);
      rig.peer.isDeaf = true;
      rig.changeNetwork(false);
      await rig.clock.advance(10_000);
      void rig.user.stopBroadcast();
      await rig.clock.advance(3_000);
      assert.equal(rig.outline().at(-1), 'StopBroadcastSuccess');
      rig.changeNetwork();
      await rig.clock.advance(60_000);
      assert.equal(rig.outline().at(-1), 'StopBroadcastSuccess');
      const { server, clock, networkWatchers } = rig;
      assert.deepEqual([server.sessions.size, clock.pending, networkWatchers], [0, 0, 0]);
    }
  });
});

describe('a change of network', () => {
  it('makes a silence of 1 s a loss', async () => {
    const rig = await live({}, true);
    const at = rig.clock.now();
    rig.peer.isDeaf = true;
    rig.changeNetwork();
    await rig.untilStatus('reconnecting_broadcast');
    const took = rig.clock.now() - at;
    assert.ok(took >= 1_000 && took <= 1_500, `${took} ms`);
    assert.equal(rig.reconnect().cause, 'network');
  });

  it('is watched for by one live connection alone, and by nobody after the end', async () => {
    for (const restartsIce of [true, false]) {
      const rig = await live({}, restartsIce);
      const { networkWatchers } = rig;
      for (let losses = 0; losses < 5; losses++) {
        rig.peer.isDeaf = true;
        await rig.untilStatus('reconnecting_broadcast');
        await rig.untilStatus('broadcasting');
        await rig.clock.advance(12_000);
        assert.equal(rig.networkWatchers, networkWatchers);
      }
      void rig.user.stopBroadcast();
      await rig.clock.advance(3_000);
      assert.equal(rig.networkWatchers, 0);
    }
    const rig = await live({ maxRetries: 1 }, false);
    rig.server.always('POST', { status: 503 });
    rig.peer.isDeaf = true;
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
    assert.deepEqual([rig.networkWatchers, rig.clock.pending], [0, 0]);
  });
});

describe('a sleep', () => {
  it('that the session has survived is no loss', async () => {
    const rig = await live({}, true);
    for (const seconds of [6, 60, 3_600]) {
      rig.clock.sleep(seconds * 1000);
      await rig.clock.advance(20_000);
    }
    assert.deepEqual(rig.outline(), []);
  });

  it('that it has not survived is a loss by suspension since the last sign of life, and takes a new session', async () => {
    const rig = await live({}, true);
    const slept = rig.clock.now();
    rig.peer.isDeaf = true;
    rig.clock.sleep(60_000);
    const woken = rig.clock.now();
    await rig.untilStatus('broadcasting');
    const info = infosOf(rig).at(-1);
    assert.equal(info?.cause, 'suspended');
    assert.ok(info.lostAt <= slept && info.lostAt > slept - 250);
    assert.equal(info.method, 'new-session');
    assert.ok(rig.clock.now() - woken < 5_000);
    await rig.clock.advance(5_000);
    assert.deepEqual(
      [rig.server.of('PATCH').filter(({ headers }) => headers['if-match'] === '*').length, rig.server.sessions.size],
      [0, 1],
    );
  });
});
