/** The middle one of some numbers; those that are missing count as longer than any. NaN where there is none. */
export function median(values: readonly (number | null)[]): number {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** The greatest; Infinity where one is missing. */
export function worst(values: readonly (number | null)[]): number {
  return Math.max(...values.map((value) => value ?? Infinity));
}

/** For people and for JSON: two digits, and null for what never came. */
export function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null;
}

/** A budget that was not kept, in words. */
export type Missed = string;
