import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, Studio } from '../support/test-rig.js';

const seconds = (studio: Studio) =>
  studio.events.filter(({ event }) => event.name === 'ReceivedWebRTCStats').map(({ at }) => at);

describe('statistics', () => {
  it('are told every second while the broadcast is live, in both of the forms of v5', async () => {
    const studio = new Studio();
    void studio.user.enableStats();
    await studio.goLive({}, { transcodingTargets: { streamname: 'show' } });
    await studio.clock.advance(6_000);
    const times = seconds(studio);
    assert.ok(times.length >= 4 && times.length <= 6, `${times.length} in 6 s`);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.ok(Math.min(...gaps) >= 1_000, gaps.join());
    const { message, results, quality, stats } = studio.last('ReceivedWebRTCStats').data;
    assert.deepEqual([message, quality], ['broadcasting', 'good']);
    assert.deepEqual(stats, { results, state: 6, streamname: 'show', text: 'broadcasting' });
    assert.equal(stats.results, results);
    // The fake connection sends a packet and a frame of 1000 bytes at every look, which is four times a second.
    const { videoBitrate, framerate, packetLoss, roundTripTime, videoCodec, frameWidth } = results;
    assert.deepEqual([videoBitrate, framerate, packetLoss, roundTripTime], [32, 4, 0, 20]);
    assert.deepEqual([videoCodec, frameWidth], ['H264', 640]);
    assert.equal('audioBitrate' in results, false);
  });

  it('cost no look at the connection more', async () => {
    const looks = [];
    for (const isOn of [true, false]) {
      const studio = new Studio();
      void studio.user.enableStats(isOn);
      await studio.goLive();
      await studio.clock.advance(20_000);
      looks.push(studio.peer.looks);
    }
    assert.equal(looks[0], looks[1]);
  });

  it('come in the interval of the page, from when they are turned on until they are turned off', async () => {
    const studio = new Studio();
    await studio.goLive();
    await studio.clock.advance(5_000);
    assert.deepEqual(seconds(studio), []);
    void studio.user.enableStats(true, 5_000);
    await studio.clock.advance(21_000);
    assert.equal(seconds(studio).length, 4);
    void studio.user.enableStats(false);
    await studio.clock.advance(20_000);
    assert.equal(seconds(studio).length, 4);
  });

  it('stop with the broadcast, and come again with the next one', async () => {
    const studio = new Studio();
    void studio.user.enableStats();
    await studio.goLive();
    await studio.clock.advance(3_000);
    void studio.user.stopBroadcast();
    await studio.clock.advance(0);
    const { length } = seconds(studio);
    assert.ok(length > 0);
    await studio.clock.advance(10_000);
    assert.equal(seconds(studio).length, length);
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(3_000);
    assert.ok(seconds(studio).length > length);
  });

  it('pause while the broadcast is brought back, and begin anew', async () => {
    const studio = new Studio({ reconnect: { minDelay: 5 } });
    void studio.user.enableStats();
    await studio.goLive();
    await studio.clock.advance(3_000);
    studio.loseServer();
    await studio.untilStatus('reconnecting_broadcast');
    studio.events.length = 0;
    await studio.untilStatus('broadcasting');
    assert.deepEqual(seconds(studio), []);
    await studio.clock.advance(3_000);
    const all = studio.all('ReceivedWebRTCStats').map(({ data }) => data.results);
    assert.ok(all.length > 0);
    for (const { videoBitrate, videoBitrateMin, packetLoss } of all) {
      assert.deepEqual([videoBitrate, videoBitrateMin, packetLoss], [32, 32, 0]);
    }
  });

  it('say once when the size of the picture changes', async () => {
    const studio = new Studio();
    void studio.user.enableStats();
    await studio.goLive();
    await studio.clock.advance(3_000);
    assert.ok(studio.all('ReceivedWebRTCStats').every(({ data }) => !('resizedFrom' in data)));
    studio.path.frameSize = { frameWidth: 320, frameHeight: 240 };
    await studio.clock.advance(3_000);
    const told = studio.all('ReceivedWebRTCStats').filter(({ data }) => data.resizedFrom);
    assert.deepEqual(
      told.map(({ data: { results, resizedFrom } }) => [resizedFrom, results.frameWidth, results.frameHeight]),
      [[{ frameWidth: 640, frameHeight: 480 }, 320, 240]],
    );
  });

  it('say so too where it has changed in a new session', async () => {
    const studio = new Studio({ reconnect: {} });
    void studio.user.enableStats();
    await studio.goLive();
    await studio.clock.advance(3_000);
    studio.loseServer();
    studio.path.frameSize = { frameWidth: 320, frameHeight: 240 };
    await studio.untilStatus('broadcasting');
    studio.events.length = 0;
    await studio.clock.advance(3_000);
    const [first, ...others] = studio.all('ReceivedWebRTCStats').map(({ data }) => data.resizedFrom);
    assert.deepEqual(first, { frameWidth: 640, frameHeight: 480 });
    assert.ok(others.every((resizedFrom) => !resizedFrom));
  });

  it('are turned off whatever the interval is', async () => {
    const studio = new Studio();
    void studio.user.enableStats();
    await studio.goLive();
    for (const interval of [0, '1000', null, NaN]) await studio.user.enableStats(false, interval as number);
    await studio.clock.advance(5_000);
    assert.deepEqual(studio.outline(), []);
  });

  it('are not turned on by wrong arguments', async () => {
    const studio = new Studio();
    assert.equal(await codeOf(studio.user.enableStats('yes' as never)), 1001);
    assert.equal(await codeOf(studio.user.enableStats(true, '1000' as never)), 1001);
    for (const interval of [999, 0, -1, NaN]) {
      assert.equal(await codeOf(studio.user.enableStats(true, interval)), 1002);
    }
    assert.deepEqual(studio.outline(), ['Error 1001', 'Error 1001', ...Array(4).fill('Error 1002')]);
    await studio.goLive();
    await studio.clock.advance(5_000);
    assert.deepEqual(seconds(studio), []);
  });

  it('of one user are none of another', async () => {
    const [one, other] = [new Studio(), new Studio()];
    void one.user.enableStats();
    await Promise.all([one.goLive(), other.goLive()]);
    await Promise.all([one.clock.advance(3_000), other.clock.advance(3_000)]);
    assert.ok(seconds(one).length > 0);
    assert.deepEqual(seconds(other), []);
  });
});
