import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hasGrown, Sampler, toSample } from '../../../src/core/stats/sampler.js';
import { FakeClock } from '../support/fake-clock.js';
import { runs } from '../support/runs.js';

const moment = (at: number) => ({ at, wallAt: at + 1e12 });

describe('a sample', () => {
  const outbound = [
    { id: 'OA', type: 'outbound-rtp', packetsSent: 50 },
    { id: 'OV', type: 'outbound-rtp', packetsSent: 1_000 },
  ];

  it('of a connection that tells nothing is nothing', () => {
    assert.deepEqual(toSample([], moment(1)), {
      ...moment(1),
      sent: 0,
      feedback: new Map(),
      heard: new Map(),
      isReportedOn: false,
    });
  });

  it('counts the packets sent over all streams', () => {
    assert.equal(toSample(outbound, moment(5)).sent, 1_050);
  });

  it('takes the bytes that come in on a path for feedback, and its answered checks for being heard', () => {
    const pairs = [
      { id: 'P1', type: 'candidate-pair', bytesReceived: 700, responsesReceived: 3, packetsReceived: 9 },
      { id: 'P2', type: 'candidate-pair', bytesReceived: 0, responsesReceived: 1 },
    ];
    const { feedback, heard, isReportedOn } = toSample([...outbound, ...pairs], moment(5));
    assert.deepEqual([...feedback], Object.entries({ P1: 700, P2: 0 }));
    assert.deepEqual([...heard], Object.entries({ P1: 3, P2: 1 }));
    assert.equal(isReportedOn, false);
  });

  it('takes the time of a report for feedback, and the packets in it for being heard', () => {
    const reports = [
      { id: 'R1', type: 'remote-inbound-rtp', timestamp: 900, packetsReceived: 40 },
      { id: 'R2', type: 'remote-inbound-rtp', timestamp: 800 },
    ];
    const { feedback, heard, isReportedOn } = toSample(reports, moment(1_000));
    assert.deepEqual([...feedback], Object.entries({ R1: 900, R2: 800 }));
    assert.deepEqual([...heard], Object.entries({ R1: 40, R2: 0 }));
    assert.equal(isReportedOn, true);
  });

  it('takes for nothing what browsers leave out', () => {
    const { sent, feedback, heard } = toSample(
      [{ type: 'outbound-rtp' }, { id: 'P', type: 'candidate-pair' }],
      moment(1),
    );
    assert.deepEqual([sent, feedback.get('P'), heard.get('P')], [0, 0, 0]);
  });

  it('passes over everything else', () => {
    const others = ['transport', 'inbound-rtp', 'remote-outbound-rtp', 'codec', 'local-candidate', 'data-channel'];
    const stats = others.map((type, index) => ({
      id: `S${index}`,
      type,
      bytesReceived: 9,
      packetsSent: 9,
      timestamp: 9,
    }));
    const { sent, feedback, heard } = toSample(stats, moment(1));
    assert.deepEqual([sent, feedback.size, heard.size], [0, 0, 0]);
  });
});

describe('counts', () => {
  const counts = fc
    .dictionary(fc.constantFrom('P1', 'P2', 'R1', 'R2'), fc.nat(5))
    .map((all) => new Map(Object.entries(all)));

  it('have grown exactly where one that was there before is greater now', () => {
    fc.assert(
      fc.property(counts, counts, (before, after) => {
        const isGreater = (id: string) => (after.get(id) ?? -Infinity) > (before.get(id) ?? Infinity);
        assert.equal(hasGrown(before, after), ['P1', 'P2', 'R1', 'R2'].some(isGreater));
      }),
      { numRuns: runs(500, 5_000) },
    );
  });

  it('have not grown where they stayed, shrank, came or went', () => {
    const before = new Map(Object.entries({ P1: 5, P2: 7 }));
    for (const after of [{ P1: 5, P2: 7 }, { P1: 4 }, { P2: 7, P3: 100 }, {}]) {
      assert.equal(hasGrown(before, new Map(Object.entries(after))), false);
    }
    assert.equal(hasGrown(before, new Map(Object.entries({ P1: 6 }))), true, 'while another path goes');
  });
});

/** What a sampler takes from its surroundings. */
const worldOf = ({ setTimeout, clearTimeout, now }: FakeClock) =>
  ({ setTimeout, clearTimeout, monotonicNow: now, wallNow: now }) as never;

describe('a sampler', () => {
  it('looks at once and then in its interval, over statistics that cannot be had, until it is stopped', async () => {
    const clock = new FakeClock();
    const seen: number[] = [];
    const begun = clock.now();
    let isBroken = false;
    const getStats = () =>
      isBroken ? Promise.reject(new Error('closed')) : (Promise.resolve(new Map()) as Promise<RTCStatsReport>);
    const sampler = new Sampler({ getStats }, 100, worldOf(clock), ({ at }) => seen.push(at - begun));
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

  it('that is stopped while it looks tells nothing of it', async () => {
    const clock = new FakeClock();
    let seen = 0;
    const getStats = () => Promise.resolve(new Map()) as Promise<RTCStatsReport>;
    const sampler = new Sampler({ getStats }, 100, worldOf(clock), () => seen++);
    sampler.stop();
    await clock.advance(1_000);
    assert.deepEqual([seen, clock.pending], [0, 0]);
  });

  it('asks once every few seconds while the browser does not answer, and ignores late answers', async () => {
    const clock = new FakeClock();
    const answers: ((report: RTCStatsReport) => void)[] = [];
    let seen = 0;
    const getStats = () => new Promise<RTCStatsReport>((resolve) => answers.push(resolve));
    const sampler = new Sampler({ getStats }, 100, worldOf(clock), () => seen++);
    await clock.advance(2_900);
    assert.equal(answers.length, 1, 'one look at a time');
    await clock.advance(3_500);
    assert.equal(answers.length, 3);
    answers[0]?.(new Map());
    await clock.advance(0);
    assert.equal(seen, 0);
    answers[2]?.(new Map());
    await clock.advance(0);
    assert.equal(seen, 1);
    sampler.stop();
    await clock.advance(5_000);
    assert.deepEqual([answers.length, clock.pending], [3, 0]);
  });
});
