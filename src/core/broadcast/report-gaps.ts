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

  add(milliseconds: number): void {
    this.#recent = [...this.#recent, milliseconds].slice(-REMEMBERED_GAPS);
  }

  clear(): void {
    this.#recent = [];
  }

  /** The gap in milliseconds from which on the path counts as lost. */
  patience(rule: Patience): number {
    return patienceFor(this.#recent, rule);
  }
}

/** Milliseconds without a report that are no usual gap any more; the longest while the path is not known yet. */
export function patienceFor(gaps: readonly number[], { shortest, longest, factor }: Patience): number {
  if (gaps.length < ENOUGH_GAPS) return longest;
  const sorted = [...gaps].sort((a, b) => a - b);
  const usual = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  return Math.min(Math.max(factor * usual, shortest), longest);
}
