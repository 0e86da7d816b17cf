/** Milliseconds without statistics, as in sleep, after which nothing is known. */
const MAX_GAP = 2_000;

interface Reading {
  amount: number;
  /** Milliseconds on the monotonic clock. */
  at: number;
}

/** The slowest growth that still counts as delivering: `slack` at once, and `perSecond` from then on. */
export interface FlowRule {
  perSecond: number;
  slack: number;
}

/** How a count of the browser's statistics grows: frames captured, samples captured, frames encoded. */
export interface Flow {
  /** The last reading at which the count grew as it should. */
  since: Reading;
  last: Reading;
  isFlowing: boolean;
}

/** The flow after another reading. A count that shrinks, or a gap in the readings, starts over. */
export function followFlow(before: Flow | null, amount: number, at: number, { perSecond, slack }: FlowRule): Flow {
  const reading = { amount, at };
  const since = before?.since ?? reading;
  const isFlowing = amount - since.amount > slack + (perSecond * (at - since.at)) / 1_000;
  const isContinuous = before !== null && amount >= before.last.amount && at - before.last.at <= MAX_GAP;
  return { since: isFlowing || !isContinuous ? reading : since, last: reading, isFlowing };
}

/** Milliseconds for which the count has not grown as it should. */
export function stalledFor({ since, last }: Flow): number {
  return last.at - since.at;
}
