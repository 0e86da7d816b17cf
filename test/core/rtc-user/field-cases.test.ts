import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { infosOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';

describe('what a single answer or hint leaves undecided', () => {
  it('A1: sends DELETE again before each POST until the server has ended the session', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair({ jwt: 'token' });
    await rig.clock.advance(20_000);
    rig.server.next('DELETE', 'no answer', 'no answer');
    rig.server.always('POST', () => (rig.server.sessions.size > 0 ? { status: 409 } : {}));
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.sessions.size, 1);
  });

  it('A2: deletes the session when the network is back after a stop while offline', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    rig.server.always('DELETE', 'network error');
    rig.changeNetwork(false);
    void rig.user.stopBroadcast();
    await rig.clock.advance(3_000);
    assert.equal(rig.server.sessions.size, 1);
    rig.server.always('DELETE', null);
    rig.changeNetwork();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.sessions.size, 0);
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.clock.pending, rig.networkWatchers], [0, 0]);
  });

  it('A5: recovers after one 405, 401 or 422 of a proxy', async () => {
    for (const status of [401, 405, 406, 413, 415, 422]) {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      rig.server.next('POST', { status }, { status });
      rig.losePath();
      await rig.untilStatus('broadcasting');
    }
  });

  it('A9: makes one attempt every 30 s while the browser reports offline, and recovers by one of them', async () => {
    for (const isReachable of [false, true]) {
      const rig = new TestRig({ reconnect: { maxRetries: 2 } });
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      rig.changeNetwork(false);
      for (const method of ['HEAD', 'POST', 'DELETE'] as const)
        rig.server.always(method, isReachable ? null : 'no answer');
      rig.losePath();
      await rig.clock.advance(0);
      const { lostAt } = rig.reconnect();
      await rig.clock.advance(29_000);
      assert.equal(rig.server.of('POST').length, 1, 'none earlier');
      if (isReachable) {
        await rig.untilStatus('broadcasting');
        assert.ok(Math.abs(rig.server.last('POST').at - lostAt - 30_000) < 200);
        continue;
      }
      await rig.clock.advance(300_000);
      assert.equal(rig.outline().at(-1), 'reconnecting_broadcast', 'nothing is counted');
      const begun = rig.events.flatMap(({ at, event }) =>
        event.name === 'BroadcastStatus' && event.data.reconnect?.waitingFor === null ? [at - lostAt] : [],
      );
      assert.deepEqual(
        begun,
        [30, 60, 90, 120, 150, 180, 210, 240, 270, 300].map((seconds) => 1000 * seconds),
      );
      for (const method of ['HEAD', 'POST', 'DELETE'] as const) rig.server.always(method, null);
      rig.changeNetwork();
      await rig.untilStatus('broadcasting');
    }
  });

  it('A11: detects a loss, counts and backs off as ever where the wall clock was set back or forward', async () => {
    const seen: unknown[] = [];
    for (const step of [0, -600_000, 600_000]) {
      const rig = new TestRig({ reconnect: { maxRetries: 20 } });
      void rig.user.enableStats();
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      const before = rig.all('ReceivedWebRTCStats').length;
      rig.clock.stepWallClock(step);
      await rig.clock.advance(5_000);
      const statistics = rig.all('ReceivedWebRTCStats').length - before;
      assert.ok(statistics > 0, 'statistics go on');
      assert.deepEqual(rig.all('BroadcastStatus'), [], 'a step of the clock is no loss');
      const silentAt = rig.clock.monotonicNow();
      rig.path.acknowledgesAfter = null;
      rig.server.next('POST', { status: 503 }, { status: 503 });
      await rig.untilStatus('reconnecting_broadcast');
      const detected = rig.clock.monotonicNow() - silentAt;
      rig.path.acknowledgesAfter = 60;
      await rig.untilStatus('broadcasting');
      const delays = rig.all('BroadcastStatus').map(({ data }) => data.reconnect?.delay);
      seen.push({ statistics, detected, delays, recovered: rig.clock.monotonicNow() - silentAt });
    }
    assert.deepEqual(seen[1], seen[0], 'set back');
    assert.deepEqual(seen[2], seen[0], 'set forward');
  });

  it('A10: reports that it waits for the network, and again when the attempt begins', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    rig.changeNetwork(false);
    rig.losePath();
    await rig.clock.advance(10_000);
    assert.deepEqual([rig.reconnect().waitingFor, rig.reconnect().delay], ['network', null]);
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
    assert.equal(infosOf(rig).at(-1)?.waitingFor, null);
  });

  it('A16: adds a camera to an audio show in a session that is made before the old one ends, and not counted', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 1 } });
    void rig.signIn();
    void rig.user.startPreview({ videoDeviceConfig: { device: false } });
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    rig.journal.length = 0;
    void rig.user.startPreview();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(20_000);
    assert.ok(rig.journal.indexOf('POST') < rig.journal.indexOf('DELETE'));
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [3, 1]);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.all('BroadcastError'), []);
  });

  it('A17: outlasts three minutes behind a captive portal', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 60 } });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    const methods = ['HEAD', 'POST', 'PATCH', 'DELETE'] as const;
    for (const method of methods) rig.server.always(method, 'network error');
    rig.losePath();
    await rig.clock.advance(180_000);
    assert.equal(rig.outline().at(-1), 'reconnecting_broadcast');
    const { attempt } = rig.reconnect();
    assert.ok(attempt >= 20 && attempt <= 60, `${attempt} attempts`);
    for (const method of methods) rig.server.always(method, null);
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(60_000);
    assert.equal(rig.server.sessions.size, 1);
    assert.deepEqual(rig.all('BroadcastError'), []);
  });

  it('A18: goes live with a log that throws', async () => {
    const rig = new TestRig({ logLevel: 4, reconnect: {} });
    rig.logged.push = () => {
      throw new Error('log');
    };
    await rig.goLive();
    rig.losePath();
    await rig.untilStatus('broadcasting');
  });
});
