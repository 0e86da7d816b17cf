/** The middle one of some numbers; those that are missing count as longer than any. NaN where there is none. */
export function median(values: readonly (number | null)[]): number {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN;
}

/** The smallest of the numbers that such a part of them is not greater than (nearest rank); those that are missing count as longest. */
export function percentile(values: readonly (number | null)[], part: number): number {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? NaN;
}

/** Infinity where one is missing, NaN where there is none. */
export function mean(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? Infinity), 0) / values.length;
}

/** The greatest; Infinity where one is missing. */
export function worst(values: readonly (number | null)[]): number {
  return values.length === 0 ? NaN : Math.max(...values.map((value) => value ?? Infinity));
}

/** For people and for JSON: two digits, and null for what never came. */
export function rounded(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null;
}

/** A budget that was not kept, in words. */
export type Missed = string;
