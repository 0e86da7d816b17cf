import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { followFlow, stalledFor, type Flow } from '../../../src/core/media/media-flow.js';

const RULE = { perSecond: 1.2, slack: 1 };
const interval = fc.integer({ min: 50, max: 2_000 });

/** The flow after readings that each come `milliseconds` later with `amount` more. */
function flowOf(readings: readonly { milliseconds: number; amount: number }[], rule = RULE): Flow | null {
  let [at, total] = [0, 1];
  return readings.reduce<Flow | null>((flow, { milliseconds, amount }) => {
    at += milliseconds;
    total += amount;
    return followFlow(flow, total, at, rule);
  }, null);
}

describe('a flow', () => {
  it('never stalls while it grows faster than the rule, at any interval', () => {
    const readings = fc.array(interval.map((milliseconds) => ({ milliseconds, amount: (milliseconds * 25) / 1_000 })));
    fc.assert(
      fc.property(readings, (all) => {
        const flow = flowOf(all);
        if (flow) assert.ok(stalledFor(flow) <= 2_000, `stalled for ${stalledFor(flow)} ms`);
      }),
    );
  });

  it('is stalled for as long as it has not grown', () => {
    fc.assert(
      fc.property(fc.array(interval, { minLength: 2 }), (all) => {
        const flow = flowOf(all.map((milliseconds) => ({ milliseconds, amount: 0 })));
        const [, ...rest] = all;
        assert.equal(
          flow && stalledFor(flow),
          rest.reduce((sum, one) => sum + one, 0),
        );
      }),
    );
  });

  it('starts over after a gap in the readings, and when the count shrinks', () => {
    const still = { milliseconds: 1_000, amount: 0 };
    for (const change of [
      { milliseconds: 2_001, amount: 0 },
      { milliseconds: 1_000, amount: -1 },
    ]) {
      const flow = flowOf([still, still, still, still, change, still]);
      assert.equal(flow && stalledFor(flow), 1_000);
    }
  });

  it('does not take one repeated frame a second for a flow', () => {
    const flow = flowOf(Array.from({ length: 40 }, () => ({ milliseconds: 250, amount: 0.25 })));
    assert.ok(flow && stalledFor(flow) > 5_000);
  });
});
