import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReconnectConfig } from '../../../src/core/api/config.js';
import { Studio } from '../support/test-rig.js';

/** Live for 20 s, with a server that restarts ICE or does not. */
async function live(reconnect: Partial<ReconnectConfig>, restartsIce: boolean): Promise<Studio> {
  const studio = new Studio({ reconnect });
  if (restartsIce) {
    studio.server.restartsIce = true;
    await studio.goLive({ jwt: 'token' });
  } else await studio.goLiveWithoutRepair({ jwt: 'token' });
  await studio.clock.advance(20_000);
  return studio;
}

const infosOf = (studio: Studio) => studio.all('BroadcastStatus').flatMap(({ data }) => data.reconnect ?? []);
/** Requests of the recovery since everything was forgotten. */
const recoveriesOf = (studio: Studio) =>
  studio.server.requests.filter(({ method }) => method === 'POST' || method === 'PATCH').length;

describe('a browser that is offline', () => {
  it('makes and counts no attempt, for however long (2.3)', async () => {
    for (const restartsIce of [true, false]) {
      const studio = await live({ maxRetries: 2 }, restartsIce);
      const before = recoveriesOf(studio);
      studio.peer.isDeaf = true;
      studio.changeNetwork(false);
      await studio.clock.advance(3_600_000);
      assert.deepEqual(studio.outline(), ['reconnecting_broadcast']);
      assert.equal(recoveriesOf(studio), before);
      studio.changeNetwork();
      await studio.untilStatus('broadcasting');
      assert.equal(studio.outline().includes('BroadcastError 5002'), false);
      assert.ok(infosOf(studio).every(({ attempt }) => attempt <= 1));
    }
  });

  it('starts the next attempt at once when it is back, where minDelay has passed', async () => {
    const studio = await live({ minDelay: 1, maxDelay: 60 }, false);
    studio.random = 0.99;
    studio.server.next('POST', ...Array.from({ length: 5 }, () => ({ status: 503 })));
    studio.peer.isDeaf = true;
    await studio.clockUntilAttempt(6);
    assert.ok(studio.reconnect().delay > 30);
    studio.changeNetwork(false);
    await studio.clock.advance(2_000);
    const posts = studio.server.of('POST').length;
    studio.changeNetwork();
    await studio.clock.advance(100);
    assert.equal(studio.server.of('POST').length, posts + 1);
    await studio.untilStatus('broadcasting');
  });

  it('waits for minDelay even when it is back before', async () => {
    const studio = await live({ minDelay: 5, maxDelay: 8 }, false);
    studio.peer.isDeaf = true;
    await studio.untilStatus('reconnecting_broadcast');
    const { lostAt } = studio.reconnect();
    studio.changeNetwork(false);
    await studio.clock.advance(500);
    studio.changeNetwork();
    await studio.untilStatus('broadcasting');
    assert.ok(studio.server.last('POST').at >= lostAt + 5_000);
  });

  it('does not cut short what Retry-After asks for', async () => {
    const studio = await live({}, false);
    studio.server.next('POST', { status: 503, headers: { 'Retry-After': '20' } });
    studio.peer.isDeaf = true;
    await studio.clockUntilAttempt(2);
    const refused = studio.clock.now();
    studio.changeNetwork(false);
    await studio.clock.advance(1_000);
    studio.changeNetwork();
    await studio.untilStatus('broadcasting');
    assert.ok(studio.server.last('POST').at - refused >= 20_000);
  });

  it('makes an attempt that fails meanwhile one that does not count', async () => {
    const studio = await live({ maxRetries: 2 }, false);
    studio.server.always('POST', { status: 503, after: 500 });
    studio.peer.isDeaf = true;
    for (let failures = 0; failures < 6; failures++) {
      const posts = studio.server.of('POST').length;
      await studio.clock.advanceUntil(() => studio.server.of('POST').length > posts);
      studio.changeNetwork(false);
      await studio.clock.advance(3_000);
      studio.changeNetwork();
    }
    assert.deepEqual(new Set(infosOf(studio).map(({ attempt }) => attempt)), new Set([1]));
    studio.server.always('POST', null);
    await studio.untilStatus('broadcasting');
  });

  it('for a moment harms no path that lives', async () => {
    const studio = await live({}, true);
    for (let times = 0; times < 10; times++) {
      studio.changeNetwork(false);
      await studio.clock.advance(3_000);
      studio.changeNetwork();
      await studio.clock.advance(3_000);
    }
    assert.deepEqual(studio.outline(), []);
  });

  it('may be stopped, and leaves nothing behind', async () => {
    for (const restartsIce of [true, false]) {
      const studio = await live({}, restartsIce);
      studio.peer.isDeaf = true;
      studio.changeNetwork(false);
      await studio.clock.advance(10_000);
      void studio.user.stopBroadcast();
      await studio.clock.advance(3_000);
      assert.equal(studio.outline().at(-1), 'StopBroadcastSuccess');
      studio.changeNetwork();
      await studio.clock.advance(60_000);
      assert.equal(studio.outline().at(-1), 'StopBroadcastSuccess');
      const { server, clock, networkWatchers } = studio;
      assert.deepEqual([server.sessions.size, clock.pending, networkWatchers], [0, 0, 0]);
    }
  });
});

describe('a change of network', () => {
  it('makes a silence of 1 s a loss', async () => {
    const studio = await live({}, true);
    const at = studio.clock.now();
    studio.peer.isDeaf = true;
    studio.changeNetwork();
    await studio.untilStatus('reconnecting_broadcast');
    const took = studio.clock.now() - at;
    assert.ok(took >= 1_000 && took <= 1_500, `${took} ms`);
    assert.equal(studio.reconnect().cause, 'network');
  });

  it('is watched for by one live connection alone, and by nobody after the end', async () => {
    for (const restartsIce of [true, false]) {
      const studio = await live({}, restartsIce);
      const { networkWatchers } = studio;
      for (let losses = 0; losses < 5; losses++) {
        studio.peer.isDeaf = true;
        await studio.untilStatus('reconnecting_broadcast');
        await studio.untilStatus('broadcasting');
        await studio.clock.advance(12_000);
        assert.equal(studio.networkWatchers, networkWatchers);
      }
      void studio.user.stopBroadcast();
      await studio.clock.advance(3_000);
      assert.equal(studio.networkWatchers, 0);
    }
    const studio = await live({ maxRetries: 1 }, false);
    studio.server.always('POST', { status: 503 });
    studio.peer.isDeaf = true;
    await studio.clock.advance(60_000);
    assert.equal(studio.outline().at(-1), 'BroadcastError 5002');
    assert.deepEqual([studio.networkWatchers, studio.clock.pending], [0, 0]);
  });
});

describe('a sleep', () => {
  it('that the session has survived is no loss', async () => {
    const studio = await live({}, true);
    for (const seconds of [6, 60, 3_600]) {
      studio.clock.sleep(seconds * 1000);
      await studio.clock.advance(20_000);
    }
    assert.deepEqual(studio.outline(), []);
  });

  it('that it has not survived is a loss by suspension since the last sign of life, and takes a new session', async () => {
    const studio = await live({}, true);
    const slept = studio.clock.now();
    studio.peer.isDeaf = true;
    studio.clock.sleep(60_000);
    const woken = studio.clock.now();
    await studio.untilStatus('broadcasting');
    const info = infosOf(studio).at(-1);
    assert.equal(info?.cause, 'suspended');
    assert.ok(info.lostAt <= slept && info.lostAt > slept - 250);
    assert.equal(info.rung, 'replace');
    assert.ok(studio.clock.now() - woken < 5_000);
    await studio.clock.advance(5_000);
    assert.deepEqual(
      [
        studio.server.of('PATCH').filter(({ headers }) => headers['if-match'] === '*').length,
        studio.server.sessions.size,
      ],
      [0, 1],
    );
  });
});
