import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Sampler, toSample } from '../../../src/core/stats/sampler.js';
import { FakeClock } from '../support/fake-clock.js';

describe('a sample', () => {
  it('counts the packets of the server where the browser does', () => {
    const stats = [
      { type: 'candidate-pair', packetsReceived: 99 },
      { type: 'transport', packetsReceived: 12 },
      { type: 'outbound-rtp', packetsSent: 1000 },
    ];
    assert.deepEqual(toSample(stats, 5), { at: 5, inbound: 12, isReportedOn: false });
    assert.deepEqual(toSample([...stats, { type: 'remote-inbound-rtp', timestamp: 4 }], 5), {
      at: 5,
      inbound: 12,
      isReportedOn: true,
    });
  });

  it('takes the time of the newest report where it does not (Firefox)', () => {
    const reports = [700, 900, 800].map((timestamp) => ({ type: 'remote-inbound-rtp', timestamp }));
    assert.deepEqual(toSample([{ type: 'transport' }, ...reports], 1_000), {
      at: 1_000,
      inbound: 900,
      isReportedOn: true,
    });
  });

  it('of a connection that tells nothing is nothing', () => {
    assert.deepEqual(toSample([], 1), { at: 1, inbound: 0, isReportedOn: false });
  });
});

describe('a sampler', () => {
  it('looks at once and then in its interval, over statistics that cannot be had, until it is stopped', async () => {
    const clock = new FakeClock();
    const world = { setTimeout: clock.setTimeout, clearTimeout: clock.clearTimeout, now: clock.now };
    const seen: number[] = [];
    const begun = clock.now();
    let isBroken = false;
    const getStats = () =>
      isBroken ? Promise.reject(new Error('closed')) : (Promise.resolve(new Map()) as Promise<RTCStatsReport>);
    const sampler = new Sampler({ getStats }, 100, { ...world } as never, ({ at }) => seen.push(at - begun));
    await clock.advance(250);
    isBroken = true;
    await clock.advance(100);
    isBroken = false;
    sampler.interval = 1_000;
    await clock.advance(2_200);
    assert.deepEqual(seen, [0, 100, 200, 400, 1400, 2400]);
    sampler.stop();
    await clock.advance(5_000);
    assert.deepEqual([seen.length, clock.pending], [6, 0]);
  });
});
