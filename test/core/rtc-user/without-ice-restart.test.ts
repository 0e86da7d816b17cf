import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goDeaf, liveWithRepair as live, restartsOf, rungsOf } from '../support/ice-restarts.js';
import { Studio } from '../support/test-rig.js';

/** Everything after which even the browser has given the connection up. */
const LOSSES: ((studio: Studio) => void)[] = [
  (studio) => studio.losePath(),
  (studio) => studio.loseServer(),
  (studio) => studio.peer.become('closed'),
];

describe('no repair is tried', () => {
  it('where the server has ended the connection', async () => {
    const studio = await live();
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(rungsOf(studio), ['replace 1']);
    assert.equal(restartsOf(studio).length, 0);
  });

  it('where the last sign of life is more than 25 s old: the session cannot be alive any more', async () => {
    for (const [seconds, rungs] of [
      [20, ['repair 0']],
      [30, ['repair 0', 'replace 1']],
    ] as const) {
      const studio = await live();
      goDeaf(studio);
      studio.changeNetwork(false);
      await studio.clock.advance(seconds * 1000);
      studio.changeNetwork();
      await studio.untilStatus('broadcasting');
      assert.deepEqual(rungsOf(studio), rungs, `${seconds} s`);
      assert.equal(restartsOf(studio).length, rungs.length === 1 ? 1 : 0);
    }
  });

  it('where the server gave no session URL (T1)', async () => {
    const studio = new Studio({ reconnect: {} });
    studio.server.restartsIce = true;
    studio.server.next('POST', { headers: { Location: null } });
    await studio.goLive();
    goDeaf(studio);
    await studio.untilStatus('broadcasting');
    assert.deepEqual(rungsOf(studio), ['replace 1']);
  });

  it('where reconnection is off: silence is waited out, and only what is final ends the broadcast', async () => {
    for (const reconnect of [undefined, { maxRetries: 0 }]) {
      for (const lose of LOSSES) {
        const studio = new Studio(reconnect && { reconnect });
        studio.server.restartsIce = true;
        await studio.goLive();
        goDeaf(studio);
        studio.changeNetwork();
        await studio.clock.advance(60_000);
        assert.deepEqual(studio.outline(), []);
        lose(studio);
        await studio.clock.advance(60_000);
        assert.deepEqual(studio.outline(), ['BroadcastError 5002']);
        assert.deepEqual([restartsOf(studio).length, studio.server.sessions.size], [0, 0]);
        assert.deepEqual([studio.clock.pending, studio.networkWatchers], [0, 0]);
      }
    }
  });

  it('while nothing is sent: a camera that stopped is no loss', async () => {
    const studio = await live();
    studio.peer.isSending = false;
    await studio.clock.advance(60_000);
    assert.deepEqual(studio.outline(), []);
  });
});

describe('switching reconnection off during a repair', () => {
  it('ends the broadcast where the repair fails, and keeps it where it heals', async () => {
    for (const [connectsAfter, end] of [
      [null, 'BroadcastError 5002'],
      [40, 'broadcasting'],
    ] as const) {
      const studio = await live();
      studio.path.connectsAfter = connectsAfter;
      goDeaf(studio);
      await studio.untilStatus('reconnecting_broadcast');
      await studio.clock.advance(5);
      void studio.user.setConfig({ reconnect: { maxRetries: 0 } });
      await studio.clock.advance(60_000);
      assert.equal(studio.outline().at(-1), end);
      assert.equal(studio.server.of('POST').length, 1);
    }
  });
});
