import { ownPolicy, ownPolicyAfterSilence, PEER_POLICIES } from './herd-policies.js';
import { simulateHerd, type HerdOutcome, type HerdPolicy } from './herd.js';
import type { Missed } from './numbers.js';

export const HERD_BUDGET = { worstSecond: 7, backRatio: 1.5 };

const CLIENTS = 1_000_000;
const ADMITTED_SHARE = 1 / 20;
/** Seconds for which the server is away. */
const DOWN = [0.5, 5, 30];
/** Seconds that our clients are asked to wait; a server that asks for more than a herd needs gets what it asks for. */
const RETRY_AFTER = [null, 5];
const LONG_RETRY_AFTER = 20;

export interface HerdResult extends HerdOutcome {
  policy: string;
  down: number;
  retryAfter: number | null;
  /** Whether the budget holds for it. */
  isJudged: boolean;
}

/** A million broadcasters behind one restarted server, ours and those of others. */
export function measureHerds(clients = CLIENTS): HerdResult[] {
  const run = (policy: HerdPolicy, down: number, retryAfter: number | null, isJudged: boolean): HerdResult => ({
    policy: policy.name,
    down,
    retryAfter,
    isJudged,
    ...simulateHerd(policy, { clients, down, admittedShare: ADMITTED_SHARE, retryAfter }),
  });
  return [
    ...RETRY_AFTER.flatMap((retryAfter) => DOWN.map((down) => run(ownPolicy(), down, retryAfter, true))),
    ...DOWN.map((down) => run(ownPolicy(), down, LONG_RETRY_AFTER, false)),
    ...RETRY_AFTER.flatMap((retryAfter) =>
      DOWN.map((down) => run(ownPolicyAfterSilence(down), down, retryAfter, true)),
    ),
    // None of the others heeds what the server asks for.
    ...PEER_POLICIES.flatMap((policy) => DOWN.map((down) => run(policy, down, null, false))),
  ];
}

export function missedHerds(results: readonly HerdResult[]): Missed[] {
  return results
    .filter(({ isJudged }) => isJudged)
    .flatMap(({ policy, down, retryAfter, worstSecond, backRatio, gaveUp }) => {
      const scene = `herd, ${policy}, down ${down} s, ${retryAfter ? `Retry-After ${retryAfter} s` : 'no Retry-After'}`;
      const missed: Missed[] = [];
      if (worstSecond > HERD_BUDGET.worstSecond) {
        missed.push(`${scene}: worst second ${worstSecond.toFixed(2)} times, budget ${HERD_BUDGET.worstSecond}`);
      }
      if (backRatio === null) missed.push(`${scene}: 99 % are never back, ${(gaveUp * 100).toFixed(1)} % gave up`);
      else if (backRatio > HERD_BUDGET.backRatio) {
        missed.push(
          `${scene}: 99 % back after ${backRatio.toFixed(2)} times the ideal, budget ${HERD_BUDGET.backRatio}`,
        );
      }
      return missed;
    });
}
