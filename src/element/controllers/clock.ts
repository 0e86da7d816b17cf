/** Milliseconds on a clock that never jumps, for durations; wall time is only for what people and logs read. */
export function monotonicNow(): number {
  return performance.now();
}
