import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestRig } from '../support/test-rig.js';

/** Live for 20 s. */
async function live(restartsIce: boolean, reconnect = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect });
  rig.server.restartsIce = restartsIce;
  await rig.goLive();
  await rig.clock.advance(20_000);
  return rig;
}

describe('the report', () => {
  it('is empty before the first broadcast and while none was lost', async () => {
    assert.deepEqual(new TestRig().user.report, { outages: [] });
    const rig = await live(true);
    assert.deepEqual(rig.user.report, { outages: [] });
  });

  it('tells of every loss, what healed it and how long it took', async () => {
    const rig = await live(true);
    const seconds: number[] = [];
    const lose = async (how: () => void) => {
      how();
      await rig.untilStatus('reconnecting_broadcast');
      const { lostAt } = rig.reconnect();
      await rig.untilStatus('broadcasting');
      seconds.push((rig.clock.now() - lostAt) / 1000);
      await rig.clock.advance(15_000);
    };
    await lose(() => (rig.peer.isDeaf = true));
    await lose(() => rig.loseServer());
    rig.server.next('POST', { status: 503 }, { status: 503 });
    await lose(() => rig.loseServer());
    const { outages } = rig.user.report;
    assert.deepEqual(
      outages.map(({ cause, recoveredBy, attempts }) => ({ cause, recoveredBy, attempts })),
      [
        { cause: 'network', recoveredBy: 'ice-restart', attempts: 0 },
        { cause: 'server', recoveredBy: 'new-session', attempts: 1 },
        { cause: 'server', recoveredBy: 'new-session', attempts: 3 },
      ],
    );
    assert.deepEqual(
      outages.map((outage) => outage.seconds),
      seconds,
    );
    for (const { reason, lostAt } of outages) {
      assert.match(reason, /\w/);
      assert.ok(lostAt < rig.clock.now());
    }
  });

  it('tells of a loss that nothing has healed yet, and of one that nothing will heal', async () => {
    const rig = await live(false, { maxRetries: 2 });
    rig.server.always('POST', { status: 503 });
    rig.loseServer();
    await rig.clockUntilAttempt(1);
    const [outage] = rig.user.report.outages;
    assert.deepEqual([outage?.recoveredBy, outage?.seconds], [null, null]);
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
    const [given] = rig.user.report.outages;
    assert.deepEqual([given?.recoveredBy, given?.seconds, given?.attempts], [null, null, 2]);
  });

  it('counts the attempts of each loss apart', async () => {
    const rig = await live(false);
    for (let losses = 0; losses < 3; losses++) {
      rig.loseServer();
      await rig.untilStatus('broadcasting');
    }
    assert.deepEqual(
      rig.user.report.outages.map(({ attempts }) => attempts),
      [1, 1, 1],
    );
  });

  it('keeps the last hundred losses: a broadcast may go on for weeks', async () => {
    const rig = await live(true);
    const starts: number[] = [];
    for (let losses = 0; losses < 103; losses++) {
      rig.loseServer();
      await rig.untilStatus('reconnecting_broadcast');
      starts.push(rig.reconnect().lostAt);
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(15_000);
    }
    assert.deepEqual(
      rig.user.report.outages.map(({ lostAt }) => lostAt),
      starts.slice(3),
    );
  });

  it('stays after the end, until the next broadcast', async () => {
    const rig = await live(true);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    void rig.user.stopBroadcast();
    await rig.untilStatus('StopBroadcastSuccess');
    assert.equal(rig.user.report.outages.length, 1);
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.user.report, { outages: [] });
  });

  it('stays where another start is refused', async () => {
    const rig = await live(true);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    void rig.user.stopBroadcast();
    await rig.untilStatus('StopBroadcastSuccess');
    void rig.user.stopPreview();
    void rig.user.startBroadcast();
    await rig.untilStatus('StartBroadcastError 6001');
    assert.equal(rig.user.report.outages.length, 1);
  });

  it('is a copy: a page that changes it harms nothing', async () => {
    const rig = await live(true);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    const { report } = rig.user;
    for (const outage of report.outages) outage.attempts = 99;
    report.outages.length = 0;
    assert.equal(rig.user.report.outages[0]?.attempts, 1);
  });
});
