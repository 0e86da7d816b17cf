import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Studio } from '../support/test-rig.js';

/** Live for 20 s. */
async function live(restartsIce: boolean, reconnect = {}): Promise<Studio> {
  const studio = new Studio({ reconnect });
  studio.server.restartsIce = restartsIce;
  await studio.goLive();
  await studio.clock.advance(20_000);
  return studio;
}

describe('the report', () => {
  it('is empty before the first broadcast and while none was lost', async () => {
    assert.deepEqual(new Studio().user.report, { outages: [] });
    const studio = await live(true);
    assert.deepEqual(studio.user.report, { outages: [] });
  });

  it('tells of every loss, what healed it and how long it took', async () => {
    const studio = await live(true);
    const seconds: number[] = [];
    const lose = async (how: () => void) => {
      how();
      await studio.untilStatus('reconnecting_broadcast');
      const { lostAt } = studio.reconnect();
      await studio.untilStatus('broadcasting');
      seconds.push((studio.clock.now() - lostAt) / 1000);
      await studio.clock.advance(15_000);
    };
    await lose(() => (studio.peer.isDeaf = true));
    await lose(() => studio.loseServer());
    studio.server.next('POST', { status: 503 }, { status: 503 });
    await lose(() => studio.loseServer());
    const { outages } = studio.user.report;
    assert.deepEqual(
      outages.map(({ cause, rung, attempts }) => ({ cause, rung, attempts })),
      [
        { cause: 'network', rung: 'repair', attempts: 0 },
        { cause: 'server', rung: 'replace', attempts: 1 },
        { cause: 'server', rung: 'replace', attempts: 3 },
      ],
    );
    assert.deepEqual(
      outages.map((outage) => outage.seconds),
      seconds,
    );
    for (const { reason, lostAt } of outages) {
      assert.match(reason, /\w/);
      assert.ok(lostAt < studio.clock.now());
    }
  });

  it('tells of a loss that nothing has healed yet, and of one that nothing will heal', async () => {
    const studio = await live(false, { maxRetries: 2 });
    studio.server.always('POST', { status: 503 });
    studio.loseServer();
    await studio.clockUntilAttempt(1);
    const [outage] = studio.user.report.outages;
    assert.deepEqual([outage?.rung, outage?.seconds], [null, null]);
    await studio.clock.advance(60_000);
    assert.equal(studio.outline().at(-1), 'BroadcastError 5002');
    const [given] = studio.user.report.outages;
    assert.deepEqual([given?.rung, given?.seconds, given?.attempts], [null, null, 2]);
  });

  it('counts the attempts of each loss apart', async () => {
    const studio = await live(false);
    for (let losses = 0; losses < 3; losses++) {
      studio.loseServer();
      await studio.untilStatus('broadcasting');
    }
    assert.deepEqual(
      studio.user.report.outages.map(({ attempts }) => attempts),
      [1, 1, 1],
    );
  });

  it('keeps the last hundred losses: a broadcast may go on for weeks', async () => {
    const studio = await live(true);
    const starts: number[] = [];
    for (let losses = 0; losses < 103; losses++) {
      studio.loseServer();
      await studio.untilStatus('reconnecting_broadcast');
      starts.push(studio.reconnect().lostAt);
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(15_000);
    }
    assert.deepEqual(
      studio.user.report.outages.map(({ lostAt }) => lostAt),
      starts.slice(3),
    );
  });

  it('stays after the end, until the next broadcast', async () => {
    const studio = await live(true);
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    void studio.user.stopBroadcast();
    await studio.untilStatus('StopBroadcastSuccess');
    assert.equal(studio.user.report.outages.length, 1);
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(studio.user.report, { outages: [] });
  });

  it('stays where another start is refused', async () => {
    const studio = await live(true);
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    void studio.user.stopBroadcast();
    await studio.untilStatus('StopBroadcastSuccess');
    void studio.user.stopPreview();
    void studio.user.startBroadcast();
    await studio.untilStatus('StartBroadcastError 6001');
    assert.equal(studio.user.report.outages.length, 1);
  });

  it('is a copy: a page that changes it harms nothing', async () => {
    const studio = await live(true);
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    const { report } = studio.user;
    for (const outage of report.outages) outage.attempts = 99;
    report.outages.length = 0;
    assert.equal(studio.user.report.outages[0]?.attempts, 1);
  });
});
