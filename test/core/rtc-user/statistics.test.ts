import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, TestRig } from '../support/test-rig.js';

const seconds = (rig: TestRig) =>
  rig.events.filter(({ event }) => event.name === 'ReceivedWebRTCStats').map(({ at }) => at);

describe('statistics', () => {
  it('are told every second while the broadcast is live, in both of the forms of v5', async () => {
    const rig = new TestRig();
    void rig.user.enableStats();
    await rig.goLive({}, { transcodingTargets: { streamname: 'show' } });
    await rig.clock.advance(6_000);
    const times = seconds(rig);
    assert.ok(times.length >= 4 && times.length <= 6, `${times.length} in 6 s`);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.ok(Math.min(...gaps) >= 1_000, gaps.join());
    const { message, results, quality, stats } = rig.last('ReceivedWebRTCStats').data;
    assert.deepEqual([message, quality], ['broadcasting', 'good']);
    assert.deepEqual(stats, { results, state: 6, streamname: 'show', text: 'broadcasting' });
    assert.equal(stats.results, results);
    // The fake connection sends a packet and a frame of 1000 bytes at every look, which is four times a second.
    const { videoBitrate, framerate, packetLoss, roundTripTime, videoCodec, frameWidth } = results;
    assert.deepEqual([videoBitrate, framerate, packetLoss, roundTripTime], [32, 4, 0, 20]);
    assert.deepEqual([videoCodec, frameWidth], ['H264', 640]);
    assert.equal('audioBitrate' in results, false);
  });

  for (const owner of ['page', 'controls'] as const) {
    it(`D7: go on for the other owner when the ${owner} turns them off, in its interval`, async () => {
      const rig = new TestRig();
      const controls = {};
      const turn = (who: 'page' | 'controls', isOn: boolean) =>
        void (who === 'page'
          ? rig.user.enableStats(isOn, 2_000)
          : rig.user.enableStats(isOn, isOn ? 1_000 : undefined, controls));
      turn('page', true);
      turn('controls', true);
      await rig.goLive();
      await rig.clock.advance(5_000);
      turn(owner, false);
      const before = seconds(rig).length;
      await rig.clock.advance(10_000);
      const after = seconds(rig).length - before;
      assert.ok(owner === 'page' ? after >= 8 : after >= 4 && after <= 6, `${after} in 10 s`);
      turn(owner === 'page' ? 'controls' : 'page', false);
      const end = seconds(rig).length;
      await rig.clock.advance(10_000);
      assert.equal(seconds(rig).length, end);
    });
  }

  it('cost no look at the connection more', async () => {
    const looks = [];
    for (const isOn of [true, false]) {
      const rig = new TestRig();
      void rig.user.enableStats(isOn);
      await rig.goLive();
      await rig.clock.advance(20_000);
      looks.push(rig.peer.looks);
    }
    assert.equal(looks[0], looks[1]);
  });

  it('come in the interval of the page, from when they are turned on until they are turned off', async () => {
    const rig = new TestRig();
    await rig.goLive();
    await rig.clock.advance(5_000);
    assert.deepEqual(seconds(rig), []);
    void rig.user.enableStats(true, 5_000);
    await rig.clock.advance(21_000);
    assert.equal(seconds(rig).length, 4);
    void rig.user.enableStats(false);
    await rig.clock.advance(20_000);
    assert.equal(seconds(rig).length, 4);
  });

  for (const whose of ['the page', 'another owner'] as const) {
    it(`come in the shorter interval that ${whose} sets at once, without a burst`, async () => {
      const rig = new TestRig();
      await rig.goLive();
      void rig.user.enableStats(true, 60_000);
      await rig.clock.advance(10_500);
      const changedAt = rig.clock.now();
      void rig.user.enableStats(true, 1_000, ...(whose === 'the page' ? [] : [{}]));
      await rig.clock.advance(5_000);
      const times = seconds(rig);
      assert.ok((times[0] ?? Infinity) - changedAt <= 1_000, `the first came ${times[0]}, after ${changedAt}`);
      assert.ok(times.length >= 4 && times.length <= 6, `${times.length} in 5 s`);
    });
  }

  it('come in the longer interval that the page sets', async () => {
    const rig = new TestRig();
    await rig.goLive();
    void rig.user.enableStats();
    await rig.clock.advance(3_000);
    const before = seconds(rig).length;
    void rig.user.enableStats(true, 10_000);
    await rig.clock.advance(9_000);
    assert.equal(seconds(rig).length, before);
    await rig.clock.advance(12_000);
    assert.equal(seconds(rig).length, before + 2);
  });

  it('come no sooner for an interval that is set again and again', async () => {
    const rig = new TestRig();
    await rig.goLive();
    for (let times = 0; times < 20; times++) {
      void rig.user.enableStats(true, 5_000);
      await rig.clock.advance(500);
    }
    assert.ok(seconds(rig).length <= 2, `${seconds(rig).length} in 10 s`);
  });

  it('stop with the broadcast, and come again with the next one', async () => {
    const rig = new TestRig();
    void rig.user.enableStats();
    await rig.goLive();
    await rig.clock.advance(3_000);
    void rig.user.stopBroadcast();
    await rig.clock.advance(0);
    const { length } = seconds(rig);
    assert.ok(length > 0);
    await rig.clock.advance(10_000);
    assert.equal(seconds(rig).length, length);
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(3_000);
    assert.ok(seconds(rig).length > length);
  });

  it('pause while the broadcast is brought back, and begin anew', async () => {
    const rig = new TestRig({ reconnect: { minDelay: 5 } });
    void rig.user.enableStats();
    await rig.goLive();
    await rig.clock.advance(3_000);
    rig.loseServer();
    await rig.untilStatus('reconnecting_broadcast');
    rig.events.length = 0;
    await rig.untilStatus('broadcasting');
    assert.deepEqual(seconds(rig), []);
    await rig.clock.advance(3_000);
    const all = rig.all('ReceivedWebRTCStats').map(({ data }) => data.results);
    assert.ok(all.length > 0);
    for (const { videoBitrate, videoBitrateMin, packetLoss } of all) {
      assert.deepEqual([videoBitrate, videoBitrateMin, packetLoss], [32, 32, 0]);
    }
  });

  it('say once when the size of the picture changes', async () => {
    const rig = new TestRig();
    void rig.user.enableStats();
    await rig.goLive();
    await rig.clock.advance(3_000);
    assert.ok(rig.all('ReceivedWebRTCStats').every(({ data }) => !('resizedFrom' in data)));
    rig.path.frameSize = { frameWidth: 320, frameHeight: 240 };
    await rig.clock.advance(3_000);
    const told = rig.all('ReceivedWebRTCStats').filter(({ data }) => data.resizedFrom);
    assert.deepEqual(
      told.map(({ data: { results, resizedFrom } }) => [resizedFrom, results.frameWidth, results.frameHeight]),
      [[{ frameWidth: 640, frameHeight: 480 }, 320, 240]],
    );
  });

  it('say so too where it has changed in a new session', async () => {
    const rig = new TestRig({ reconnect: {} });
    void rig.user.enableStats();
    await rig.goLive();
    await rig.clock.advance(3_000);
    rig.loseServer();
    rig.path.frameSize = { frameWidth: 320, frameHeight: 240 };
    await rig.untilStatus('broadcasting');
    rig.events.length = 0;
    await rig.clock.advance(3_000);
    const [first, ...others] = rig.all('ReceivedWebRTCStats').map(({ data }) => data.resizedFrom);
    assert.deepEqual(first, { frameWidth: 640, frameHeight: 480 });
    assert.ok(others.every((resizedFrom) => !resizedFrom));
  });

  it('are turned off whatever the interval is', async () => {
    const rig = new TestRig();
    void rig.user.enableStats();
    await rig.goLive();
    for (const interval of [0, '1000', null, NaN]) await rig.user.enableStats(false, interval as number);
    await rig.clock.advance(5_000);
    assert.deepEqual(rig.outline(), []);
  });

  it('are not turned on by wrong arguments', async () => {
    const rig = new TestRig();
    assert.equal(await codeOf(rig.user.enableStats('yes' as never)), 1001);
    assert.equal(await codeOf(rig.user.enableStats(true, '1000' as never)), 1001);
    for (const interval of [999, 0, -1, NaN]) {
      assert.equal(await codeOf(rig.user.enableStats(true, interval)), 1002);
    }
    assert.deepEqual(rig.outline(), ['Error 1001', 'Error 1001', ...Array(4).fill('Error 1002')]);
    await rig.goLive();
    await rig.clock.advance(5_000);
    assert.deepEqual(seconds(rig), []);
  });

  it('of one user are none of another', async () => {
    const [one, other] = [new TestRig(), new TestRig()];
    void one.user.enableStats();
    await Promise.all([one.goLive(), other.goLive()]);
    await Promise.all([one.clock.advance(3_000), other.clock.advance(3_000)]);
    assert.ok(seconds(one).length > 0);
    assert.deepEqual(seconds(other), []);
  });
});
