import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { infosOf, liveWithIceRestart, restartsOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';
import type { FakePeerConnection } from '../support/fake-peer.js';
import { runs } from '../support/runs.js';

/** Minutes from one loss to the next. */
const APART = runs(10, 60);

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

for (const countsResponses of [false, true]) {
  describe(`a server without RTCP, STUN responses ${countsResponses ? '' : 'not '}counted (A13)`, () => {
    async function liveOnConsent(maxRetries = 10): Promise<TestRig> {
      const rig = new TestRig({ reconnect: { maxRetries } });
      Object.assign(rig.path, { acknowledgesAfter: null, showsIce: true, countsResponses });
      rig.server.restartsIce = true;
      rig.begin();
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(60_000);
      return rig;
    }

    /** The path breaks; the browser doubts it at once and gives it up after 5 s. */
    async function breakPath(rig: TestRig): Promise<void> {
      const { peer } = rig;
      peer.isDeaf = true;
      peer.becomeIce('disconnected');
      await rig.clock.advance(5_000);
      if (!peer.isDeaf) return;
      peer.becomeIce('failed');
      peer.become('failed');
    }

    it(`survives more losses than maxRetries, ${APART} min apart, each recovered at the first attempt`, async () => {
      const rig = await liveOnConsent(3);
      rig.server.restartsIce = false;
      rig.server.always('PATCH', { status: 405 });
      for (let losses = 1; losses <= 5; losses++) {
        await rig.clock.advance(APART * 60_000);
        await breakPath(rig);
        await rig.clock.advance(60_000);
        const { length, [losses - 1]: outage } = rig.user.report.outages;
        assert.deepEqual([length, outage?.attempts, outage?.recoveredBy], [losses, 1, 'new-session']);
        assert.equal(infosOf(rig).at(-1)?.attempt, 1);
      }
      assert.deepEqual([rig.all('BroadcastError'), rig.server.sessions.size], [[], 1]);
    });

    it('is recovered by an ICE restart and reports the last sign of life', async () => {
      const rig = await liveOnConsent();
      const brokenAt = rig.clock.now();
      await breakPath(rig);
      await rig.clock.advance(20_000);
      const { length, 0: outage } = rig.user.report.outages;
      assert.deepEqual(
        [length, outage?.recoveredBy, restartsOf(rig).length, rig.peers.length],
        [1, 'ice-restart', 1, 1],
      );
      const silence = brokenAt - (outage?.lostAt ?? 0);
      assert.ok(silence >= 0 && silence <= 2_750, `lost ${silence} ms before`);
      assert.ok((outage?.seconds ?? Infinity) < 12, `recovered after ${outage?.seconds} s`);
    });

    it('is not recovered by ICE that comes back after DTLS has closed', async () => {
      const rig = await liveOnConsent();
      rig.server.always('HEAD', { after: 5_000 });
      rig.peer.becomeIce('disconnected');
      rig.loseServer();
      rig.peer.becomeIce('connected');
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(20_000);
      const { length, 0: outage } = rig.user.report.outages;
      assert.deepEqual([length, outage?.recoveredBy, rig.peers.length], [1, 'new-session', 2]);
    });
  });
}

describe('a page that sends no media for two minutes', () => {
  it('restarts ICE when the path breaks, if STUN was answered until then', async () => {
    const rig = await liveWithIceRestart();
    rig.path.countsResponses = true;
    await rig.clock.advance(2_000);
    rig.peer.isSending = false;
    await rig.clock.advance(120_000);
    const brokenAt = rig.clock.now();
    rig.losePath();
    await rig.clock.advance(3_000);
    const [outage] = rig.user.report.outages;
    const silence = brokenAt - (outage?.lostAt ?? 0);
    assert.ok(silence >= 0 && silence <= 2_750, `lost ${silence} ms before`);
    assert.equal(restartsOf(rig).length, 1);
  });

  it('opens a new session, if STUN was not answered either', async () => {
    const rig = await liveWithIceRestart();
    rig.path.countsResponses = true;
    await rig.clock.advance(2_000);
    rig.peer.isSending = false;
    rig.peer.isDeaf = true;
    await rig.clock.advance(120_000);
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.deepEqual([restartsOf(rig).length, rig.user.report.outages[0]?.recoveredBy], [0, 'new-session']);
  });
});
