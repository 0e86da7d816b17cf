import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { LossDetector } from '../../../src/core/broadcast/loss-detector.js';
import { runs } from '../support/runs.js';

const HALF_AN_HOUR = 30 * 60_000;
const HALF_HOURS = runs(4, 20);

/** Mulberry32: numbers from 0 to below 1 that a seed repeats. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Something that a server sends again and again, and what becomes of it on its way. */
interface Signs {
  /** Milliseconds from one to the next, from the least to the most. */
  every: readonly [number, number];
  /** How many of 1 come through. */
  arriving: number;
  /** The most milliseconds that one is late. */
  jitter: number;
}

/** The moments in which signs come in, in their order. */
function arrivals({ every: [least, most], arriving, jitter }: Signs, random: () => number, until: number): number[] {
  const moments: number[] = [];
  for (let at = random() * most; at < until; at += least + random() * (most - least)) {
    if (random() < arriving) moments.push(at + random() * jitter);
  }
  return moments.sort((a, b) => a - b);
}

/** How often a path that lives is called lost; a run of verdicts counts once. */
function falseAlarms(seed: number, feedback: Signs, checks: Signs | null, isDoubted = false): number {
  const random = dice(seed);
  const reported = arrivals(feedback, random, HALF_AN_HOUR);
  const heard = checks ? arrivals(checks, random, HALF_AN_HOUR) : [];
  const detector = new LossDetector();
  if (isDoubted) detector.doubt(0);
  let [reports, hears, alarms, wasLost] = [0, 0, 0, false];
  for (let at = 0, sent = 0; at < HALF_AN_HOUR; at += 250 + random() * 15) {
    while ((reported[reports] ?? Infinity) <= at) reports += 1;
    while ((heard[hears] ?? Infinity) <= at) hears += 1;
    const isLost =
      detector.take({
        at,
        wallAt: at,
        sent: (sent += 10),
        feedback: new Map([['P', reports]]),
        heard: new Map([['P', hears]]),
        isReportedOn: true,
      }) !== null;
    if (isLost && !wasLost) alarms += 1;
    wasLost = isLost;
  }
  return alarms;
}

/** False alarms of so many half hours, all in all. */
function alarmsOf(seeds: number, feedback: Signs, checks: Signs | null, test: TestContext, isDoubted = false): number {
  let alarms = 0;
  for (let seed = 1; seed <= seeds; seed++) alarms += falseAlarms(seed, feedback, checks, isDoubted);
  test.diagnostic(`${alarms} false alarms in ${seeds / 2} hours`);
  return alarms;
}

/** 20 % of packets are lost on the way to us, and all are up to 500 ms late. */
const LOSSY = { arriving: 0.8, jitter: 500 };
/** A check is answered only where neither it nor its answer is lost. */
const CHECKS: Signs = { every: [2_000, 3_000], arriving: 0.64, jitter: 1_000 };

describe('a lossy path that lives, over half an hour', () => {
  it('is never called lost where feedback comes every 50 ms, as with video', (test) => {
    assert.equal(alarmsOf(HALF_HOURS, { every: [40, 60], ...LOSSY }, CHECKS, test), 0);
  });

  it('is never called lost where feedback comes every 100 to 250 ms and no check is answered', (test) => {
    assert.equal(alarmsOf(HALF_HOURS, { every: [100, 250], ...LOSSY }, null, test), 0);
  });

  it('is hardly ever called lost where only reports come, about every second, and answers to checks', (test) => {
    const alarms = alarmsOf(HALF_HOURS, { every: [500, 1_500], ...LOSSY }, CHECKS, test);
    assert.ok(alarms <= HALF_HOURS / 2, `${alarms} in ${HALF_HOURS / 2} hours`);
  });

  it('is hardly ever called lost while ICE doubts it, as Firefox does, and reports show about every second that it lives', (test) => {
    const alarms = alarmsOf(HALF_HOURS, { every: [40, 60], ...LOSSY }, { every: [500, 1_500], ...LOSSY }, test, true);
    assert.ok(alarms <= runs(1, 3), `${alarms} in ${HALF_HOURS / 2} hours`);
  });

  it('that loses nothing is never called lost where reports come every few seconds, as with sound alone', (test) => {
    const whole = { arriving: 1, jitter: 500 };
    const checks: Signs = { every: [2_000, 3_000], ...whole };
    assert.equal(alarmsOf(HALF_HOURS, { every: [2_500, 7_500], ...whole }, checks, test), 0);
  });

  for (const [what, checks] of [
    ['and checks are answered', { every: [4_000, 6_000], arriving: 1, jitter: 500 }],
    ['and no check is counted', null],
  ] as const) {
    it(`with reports every 6 s is never called lost, if their delay varies by 500 ms ${what}`, (test) => {
      assert.equal(alarmsOf(HALF_HOURS, { every: [6_000, 6_000], arriving: 1, jitter: 500 }, checks, test), 0);
    });
  }

  it('with reports every 6 s is never called lost, if it loses every fifth packet and checks show that it lives', (test) => {
    const checks: Signs = { every: [2_000, 3_000], arriving: 0.64, jitter: 1_000 };
    assert.equal(alarmsOf(HALF_HOURS, { every: [6_000, 6_000], ...LOSSY }, checks, test), 0);
  });
});
