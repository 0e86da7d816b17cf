import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { goDeaf, restartsOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';
import { runs } from '../support/runs.js';

describe('an ICE restart that is refused while no media proves that the session is alive', () => {
  /** Live for 20 s with a session URL that no proxy can have changed, so that each PATCH is one request. */
  async function liveAtOneUrl(candidates?: Script): Promise<TestRig> {
    const rig = new TestRig({ reconnect: {} });
    rig.server.restartsIce = true;
    rig.server.next('POST', { headers: { Location: '/s/1' } });
    if (candidates) rig.server.always('PATCH', candidates);
    await rig.goLive({ jwt: 'token' });
    await rig.clock.advance(20_000);
    rig.server.always('PATCH', null);
    return rig;
  }

  /** Refuses the one restart of this outage, after which the path comes back automatically. */
  async function refusedThenBack(rig: TestRig, status: number): Promise<void> {
    const before = restartsOf(rig).length;
    goDeaf(rig);
    rig.server.next('PATCH', { status, after: 400 });
    assert.ok(await rig.clock.advanceUntil(() => restartsOf(rig).length > before, 30_000));
    await rig.clock.advance(100);
    rig.peer.isDeaf = false;
    await rig.untilStatus('broadcasting');
    assert.equal(rig.user.report.outages.at(-1)?.recoveredBy, 'browser');
    await rig.clock.advance(60_000);
    assert.equal(restartsOf(rig).length, before + 1, 'is not asked for again within the outage');
  }

  for (const status of [405, 415, 422, 501]) {
    it(`by ${status} is asked for again at the next loss, if the path came back automatically`, async () => {
      const rig = await liveAtOneUrl();
      await refusedThenBack(rig, status);
      await rig.clock.advance(runs(600_000, 3_600_000));
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      assert.equal(rig.user.report.outages.at(-1)?.recoveredBy, 'ice-restart');
      assert.deepEqual([restartsOf(rig).length, rig.peers.length], [2, 1]);
    });
  }

  it('is asked for once in each outage of a server that never restarts', async () => {
    const rig = await liveAtOneUrl();
    rig.server.restartsIce = false;
    for (const outage of [1, 2, 3]) {
      await refusedThenBack(rig, 405);
      assert.equal(restartsOf(rig).length, outage);
    }
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    assert.equal(rig.user.report.outages.at(-1)?.recoveredBy, 'new-session');
    assert.equal(restartsOf(rig).length, 4);
  });

  for (const status of [405, 501]) {
    it(`stays ruled out by ${status} to candidates, also when the path comes back automatically`, async () => {
      const rig = await liveAtOneUrl({ status });
      assert.ok(rig.server.of('PATCH').length > 0);
      rig.server.always('HEAD', 'no answer');
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      await rig.clock.advance(1_000);
      rig.peer.isDeaf = false;
      await rig.untilStatus('broadcasting');
      rig.server.always('HEAD', null);
      assert.equal(rig.user.report.outages.at(-1)?.recoveredBy, 'browser');
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      assert.equal(rig.user.report.outages.at(-1)?.recoveredBy, 'new-session');
      assert.equal(restartsOf(rig).length, 0);
    });
  }
});
