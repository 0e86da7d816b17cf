import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goDeaf, infosOf, liveWithIceRestart as live, restartsOf, methodsOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';

/** Everything after which even the browser has given the connection up. */
const LOSSES: ((rig: TestRig) => void)[] = [
  (rig) => rig.losePath(),
  (rig) => rig.loseServer(),
  (rig) => rig.peer.become('closed'),
];

describe('no repair is tried', () => {
  it('where the server has ended the connection', async () => {
    const rig = await live();
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(methodsOf(rig), ['new-session 1']);
    assert.equal(restartsOf(rig).length, 0);
  });

  it('where the last sign of life is more than 25 s old: the session cannot be alive any more', async () => {
    for (const [seconds, told] of [
      [20, ['ice-restart 0 network', 'ice-restart 0']],
      [30, ['ice-restart 0 network', 'new-session 1 network', 'new-session 1']],
    ] as const) {
      const rig = await live();
      goDeaf(rig);
      rig.changeNetwork(false);
      await rig.clock.advance(seconds * 1000);
      rig.changeNetwork();
      await rig.untilStatus('broadcasting');
      const infos = infosOf(rig).map(({ method, attempt, waitingFor }) =>
        `${method} ${attempt} ${waitingFor ?? ''}`.trim(),
      );
      assert.deepEqual(infos, told, `${seconds} s`);
      assert.equal(restartsOf(rig).length, seconds === 20 ? 1 : 0);
    }
  });

  it('where the server gave no session URL (T1)', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.restartsIce = true;
    rig.server.next('POST', { headers: { Location: null } });
    await rig.goLive();
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    assert.deepEqual(methodsOf(rig), ['new-session 1']);
  });

  it('where reconnection is off: silence is waited out, and only what is final ends the broadcast', async () => {
    for (const reconnect of [undefined, { maxRetries: 0 }]) {
      for (const lose of LOSSES) {
        const rig = new TestRig(reconnect && { reconnect });
        rig.server.restartsIce = true;
        await rig.goLive();
        goDeaf(rig);
        rig.changeNetwork();
        await rig.clock.advance(60_000);
        assert.deepEqual(rig.outline(), []);
        lose(rig);
        await rig.clock.advance(60_000);
        assert.deepEqual(rig.outline(), ['BroadcastError 5002']);
        assert.deepEqual([restartsOf(rig).length, rig.server.sessions.size], [0, 0]);
        assert.deepEqual([rig.clock.pending, rig.networkWatchers], [0, 0]);
      }
    }
  });

  it('while nothing is sent: a camera that stopped is no loss', async () => {
    const rig = await live();
    rig.peer.isSending = false;
    await rig.clock.advance(60_000);
    assert.deepEqual(rig.outline(), []);
  });
});

describe('switching reconnection off during a repair', () => {
  it('ends the broadcast where the repair fails, and keeps it where it heals', async () => {
    for (const [connectsAfter, end] of [
      [null, 'BroadcastError 5002'],
      [40, 'broadcasting'],
    ] as const) {
      const rig = await live();
      rig.path.connectsAfter = connectsAfter;
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      await rig.clock.advance(5);
      void rig.user.setConfig({ reconnect: { maxRetries: 0 } });
      await rig.clock.advance(60_000);
      assert.equal(rig.outline().at(-1), end);
      assert.equal(rig.server.of('POST').length, 1);
    }
  });
});
