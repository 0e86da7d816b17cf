/** How much longer than usual a lack of feedback may last before it counts as a loss. */
export interface Patience {
  /** Milliseconds, at least and at most. */
  shortest: number;
  longest: number;
  /** A multiple of the longest of the usual gaps. */
  factor: number;
  /**
   * Milliseconds while the usual gap is unknown: twice the 5 s of RFC 3550, which then is the usual gap. Its first report on
   * audio may take 6.2 s, and 7.5 s on some servers. One gap later the path itself is known.
   */
  unknown: number;
}

/** How many gaps are remembered: about half a minute with a sample each 250 ms, and longer if reports are rare. */
const REMEMBERED_GAPS = 120;
/** How many gaps it takes to know the path. */
const ENOUGH_GAPS = 8;
/** Longer gaps, in milliseconds, count as this one: two of the longest that RFC 3550 allows, as if one report was lost. */
const LONGEST_GAP = 12_500;

/** The recent gaps between reports of one kind, while the path lives. */
export class ReportGaps {
  #recent: number[] = [];
  /** The usual gap of the recent ones, until another one is added. */
  #usualNow: number | undefined;
  /** The usual gap before the recent ones were forgotten. */
  #usualBefore = 0;

  add(milliseconds: number): void {
    this.#recent.push(Math.min(milliseconds, LONGEST_GAP));
    if (this.#recent.length > REMEMBERED_GAPS) this.#recent.shift();
    this.#usualNow = undefined;
  }

  clear(): void {
    this.#usualBefore = this.usual;
    this.#recent = [];
    this.#usualNow = undefined;
  }

  /** The longest of the usual gaps in milliseconds. */
  get usual(): number {
    if (this.#recent.length === 0) return this.#usualBefore;
    return (this.#usualNow ??= percentile95(this.#recent));
  }

  /** The gap in milliseconds from which on the path counts as lost. */
  patience(rule: Patience): number {
    const count = this.#recent.length;
    const usual = count < ENOUGH_GAPS ? Math.max(this.usual, this.#usualBefore) : this.usual;
    return patienceFor(usual, count, rule, this.#usualBefore > 0);
  }
}

/**
 * Milliseconds without a report that exceed any usual gap: never more than the longest or twice the usual gap, since some servers
 * report on audio every 6 s. Until the path is known, a first short gap does not make the next one short.
 * @param usual the longest of the usual gaps in milliseconds
 * @param count the number of gaps it was taken from
 * @param wasKnown whether the path was known before its gaps were forgotten
 */
export function patienceFor(usual: number, count: number, rule: Patience, wasKnown = false): number {
  const { shortest, longest, factor, unknown } = rule;
  if (count === 0 && !wasKnown) return unknown;
  const most = Math.max(longest, 2 * usual);
  if (count < ENOUGH_GAPS) return Math.max(most, Math.min(factor * usual, unknown));
  return Math.min(Math.max(factor * usual, shortest), most);
}

function percentile95(gaps: readonly number[]): number {
  const sorted = [...gaps].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}
