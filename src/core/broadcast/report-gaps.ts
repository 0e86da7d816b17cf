/** How much longer than usual a lack of feedback may last before it counts as a loss. */
export interface Patience {
  /** Milliseconds, at least and at most. */
  shortest: number;
  longest: number;
  /** A multiple of the longest of the usual gaps. */
  factor: number;
}

/** How many gaps are remembered: about half a minute with a sample each 250 ms, and longer if reports are rare. */
const REMEMBERED_GAPS = 120;
/** How many gaps it takes to know the path. */
const ENOUGH_GAPS = 8;

/** The recent gaps between reports of one kind, while the path lives. */
export class ReportGaps {
  #recent: number[] = [];
  /** The usual gap before the recent ones were forgotten. */
  #usualBefore = 0;

  add(milliseconds: number): void {
    this.#recent = [...this.#recent, milliseconds].slice(-REMEMBERED_GAPS);
  }

  clear(): void {
    this.#usualBefore = this.usual;
    this.#recent = [];
  }

  /** The longest of the usual gaps in milliseconds. */
  get usual(): number {
    return this.#recent.length > 0 ? usualOf(this.#recent) : this.#usualBefore;
  }

  /** The gap in milliseconds from which on the path counts as lost. */
  patience(rule: Patience): number {
    return patienceFor(this.#recent, rule, this.#usualBefore);
  }
}

/**
 * Milliseconds without a report that are no usual gap any more: never less than twice the usual gap may be the longest, since
 * some servers report on audio every 6 s. The longest while the path is not known yet.
 * @param usualBefore the usual gap before, which the path may still have
 */
export function patienceFor(gaps: readonly number[], rule: Patience, usualBefore = 0): number {
  const { shortest, longest, factor } = rule;
  const usual = Math.max(gaps.length > 0 ? usualOf(gaps) : 0, gaps.length < ENOUGH_GAPS ? usualBefore : 0);
  const most = Math.max(longest, 2 * usual);
  if (gaps.length === 0 && usualBefore === 0) return 2 * longest;
  if (gaps.length < ENOUGH_GAPS) return most;
  return Math.min(Math.max(factor * usual, shortest), most);
}

/** The 95th percentile. */
function usualOf(gaps: readonly number[]): number {
  const sorted = [...gaps].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}
