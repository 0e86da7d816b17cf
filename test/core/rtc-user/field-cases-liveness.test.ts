import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestRig } from '../support/test-rig.js';
import type { FakePeerConnection } from '../support/fake-peer.js';

type Entry = Record<string, unknown> & { id: string };

/** Makes every look at a peer's statistics show what `change` makes of them. */
function changeStats(peer: FakePeerConnection, change: (stats: Map<string, Record<string, unknown>>) => void): void {
  const getStats = peer.getStats.bind(peer);
  peer.getStats = async () => {
    const stats = await getStats();
    change(stats);
    return stats;
  };
}

/** A broadcast that has just been begun, whose peer's statistics are changed before the first look. */
async function begun(change: (rig: TestRig, stats: Map<string, Record<string, unknown>>) => void): Promise<TestRig> {
  const rig = new TestRig({ reconnect: {}, logLevel: 2 });
  rig.server.restartsIce = true;
  rig.begin({ jwt: 'token' });
  assert.ok(await rig.clock.advanceUntil(() => rig.peers.length > 0));
  changeStats(rig.peer, (stats) => change(rig, stats));
  return rig;
}

describe('field cases of liveness', () => {
  it('A13: a server that answers STUN and never sends RTCP is live on consent, with a warning', async () => {
    const rig = await begun((own, stats) => {
      stats.delete('R');
      const pair: Entry = { id: 'P', type: 'candidate-pair', bytesReceived: 300 };
      stats.set('P', { ...pair, responsesReceived: Math.floor(own.clock.now() / 2_500) });
    });
    await rig.untilStatus('broadcasting');
    assert.match(rig.logged.join(' '), /sends no RTCP reports/);
    rig.events.length = 0;
    await rig.clock.advance(10 * 60_000);
    assert.deepEqual([rig.outline(), rig.server.opened], [[], 1], 'and stays live');
  });

  it('A12: reports every 5.5 s and no STUN statistics are no loss in ten minutes', async () => {
    const rig = await begun((own, stats) => {
      stats.set('P', { id: 'P', type: 'candidate-pair' });
      const report = stats.get('R');
      if (report) stats.set('R', { ...report, timestamp: 5_500 * Math.floor(own.clock.now() / 5_500) });
    });
    await rig.untilStatus('broadcasting');
    rig.events.length = 0;
    await rig.clock.advance(10 * 60_000);
    assert.deepEqual([rig.outline(), rig.server.of('PATCH').length > 2], [[], false]);
  });
});
