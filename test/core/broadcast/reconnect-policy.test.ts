import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isFinal, mirrored, waitBefore, type AttemptContext } from '../../../src/core/broadcast/reconnect-policy.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };

const die = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const seconds = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.double({ min: 1, max: 1e6, noNaN: true }));
const delays = fc.tuple(seconds, seconds).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
const context = fc
  .record({
    delays,
    maxRetries: fc.oneof(fc.nat(20), fc.nat()),
    attempt: fc.oneof(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 2 ** 31 })),
    cause: fc.constantFrom('network', 'server'),
    retryAfter: fc.oneof(fc.constant(null), fc.nat(1000), fc.double({ min: 0, noNaN: true })),
  })
  .map(({ delays: [minDelay, maxDelay], ...rest }): AttemptContext => ({ ...rest, minDelay, maxDelay }));

/** The contract's bound of design 2.3, in its own words. */
function boundOf({ attempt, cause, minDelay, maxDelay }: AttemptContext): number {
  if (cause === 'network' && attempt === 1) return minDelay;
  return Math.min(maxDelay, minDelay * 2 ** (cause === 'server' ? attempt + 1 : attempt));
}

const A_ROUNDING = 1 + 1e-12;

describe('the wait before an attempt', () => {
  it('is null exactly where the retries are used up', () => {
    fc.assert(
      fc.property(context, die, (given, shown) => {
        assert.equal(waitBefore(given, () => shown) === null, given.attempt > given.maxRetries);
      }),
      RUNS,
    );
  });

  it('is never under minDelay and never above the bound of its cause, unless the server asks for more', () => {
    fc.assert(
      fc.property(context, die, (given, shown) => {
        const wait = waitBefore({ ...given, maxRetries: given.attempt }, () => shown);
        assert.ok(wait !== null && Number.isFinite(wait));
        const asked = Math.min(given.retryAfter ?? 0, 120);
        assert.ok(wait >= given.minDelay, `${wait}`);
        assert.ok(wait >= asked, 'Retry-After is a floor');
        assert.ok(wait <= Math.max(asked, boundOf(given) * A_ROUNDING), `${wait} > ${boundOf(given)}`);
        assert.ok(wait <= Math.max(asked, given.maxDelay * A_ROUNDING));
      }),
      RUNS,
    );
  });

  it('keeps its chance above what the server asks for, up to the bound of its cause', () => {
    const given = { minDelay: 1, maxDelay: 8, maxRetries: 60, attempt: 3, cause: 'server', retryAfter: 5 } as const;
    assert.deepEqual(
      [0, 0.5, 1].map((shown) => waitBefore(given, () => shown)),
      [5, 6.5, 8],
    );
    assert.equal(
      waitBefore({ ...given, retryAfter: 20 }, () => 0.9),
      20,
    );
  });

  it('is long if the one before was short: every second random number mirrors the one before', () => {
    fc.assert(
      fc.property(fc.array(die, { minLength: 1, maxLength: 8 }), (dice) => {
        let thrown = 0;
        const random = mirrored(() => dice[thrown++ % dice.length] ?? 0);
        for (const shown of dice) assert.deepEqual([random(), random()], [shown, 1 - shown]);
      }),
    );
  });

  it('reaches from minDelay to the bound, evenly', () => {
    fc.assert(
      fc.property(context, die, (given, shown) => {
        const { minDelay } = given;
        const plain = { ...given, retryAfter: null, maxRetries: given.attempt };
        const first = given.cause === 'network' && given.attempt === 1;
        const bound = first ? minDelay : boundOf(given);
        assert.equal(
          waitBefore(plain, () => 0),
          minDelay,
        );
        const wait = waitBefore(plain, () => shown) ?? NaN;
        assert.ok(Math.abs(wait - (minDelay + shown * (bound - minDelay))) <= bound * 1e-9);
      }),
      RUNS,
    );
  });

  it('is exactly minDelay at first where the own network is the cause, whatever the dice show', () => {
    fc.assert(
      fc.property(delays, fc.integer({ min: 1 }), die, ([minDelay, maxDelay], maxRetries, shown) => {
        assert.equal(
          waitBefore({ minDelay, maxDelay, maxRetries, attempt: 1, cause: 'network' }, () => shown),
          minDelay,
        );
      }),
      RUNS,
    );
  });

  it('is spread from the first attempt on where the server is the cause', () => {
    const first = { minDelay: 1, maxDelay: 8, maxRetries: 10, attempt: 1, cause: 'server' } as const;
    assert.equal(
      waitBefore(first, () => 0),
      1,
    );
    assert.equal(
      waitBefore(first, () => 0.5),
      2.5,
    );
    assert.ok((waitBefore(first, () => 0.999999) ?? 0) > 3.99);
  });

  it('obeys Retry-After above maxDelay up to 120 s and no further', () => {
    const first = { minDelay: 1, maxDelay: 8, maxRetries: 10, attempt: 2, cause: 'network' } as const;
    for (const [retryAfter, expected] of [
      [30, 30],
      [120, 120],
      [121, 120],
      [1e9, 120],
      [Infinity, 120],
      [0, 1],
      [2, 2],
    ] as const) {
      assert.equal(
        waitBefore({ ...first, retryAfter }, () => 0),
        expected,
      );
    }
  });
});

// Design 2.3, written out. Statuses that stand in no list count as their class does (C2): as 400, or as no refusal.
const FINAL = new Set([401, 405, 406, 413, 415, 422]);
const TEMPORARY = new Set([404, 408, 409, 410, 423, 425, 429]);
const FINAL_WITHOUT_STALE_SESSION = new Set([400, 403]);

function expectedFor(status: number, sinceLastActivity: number): boolean {
  if (FINAL.has(status)) return true;
  if (TEMPORARY.has(status)) return false;
  if (status >= 500) return false;
  if (FINAL_WITHOUT_STALE_SESSION.has(status) || status >= 400) return sinceLastActivity > 60;
  return false;
}

describe('whether a failed attempt is final', () => {
  const AGES = [0, 1, 59.999, 60, 60.001, 61, 3600, 1e9];

  it('is as the contract lists it, for every status and every age', () => {
    for (let status = 100; status <= 599; status++) {
      for (const sinceLastActivity of AGES) {
        const isExpected = expectedFor(status, sinceLastActivity);
        assert.equal(
          isFinal({ kind: 'status', status }, { sinceLastActivity }),
          isExpected,
          `${status} after ${sinceLastActivity} s`,
        );
      }
    }
  });

  it('is no where no answer came, and where the connection did not come up', () => {
    for (const kind of ['network', 'timeout', 'transport'] as const) {
      for (const sinceLastActivity of AGES) assert.equal(isFinal({ kind, status: null }, { sinceLastActivity }), false);
    }
  });

  it('is the same whatever else is known', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 599 }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (status, sinceLastActivity) => {
          assert.equal(
            isFinal({ kind: 'status', status }, { sinceLastActivity }),
            expectedFor(status, sinceLastActivity),
          );
        },
      ),
      RUNS,
    );
  });
});
