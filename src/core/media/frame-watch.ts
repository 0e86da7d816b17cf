/** Milliseconds of hardly any frames after which a camera is dead; no camera is that slow. */
const PATIENCE = 5_000;
/** Firefox sends the last frame again every second. */
const MOST_PER_SECOND = 1.2;
/** Milliseconds without a look, as in sleep, after which nothing is known. */
const MAX_GAP = 2_000;

/** What a connection has counted of a camera's frames, from the last moment on in which that was well. */
export interface FrameCount {
  from: { frames: number; at: number };
  frames: number;
  at: number;
  isWell: boolean;
}

/**
 * The count after another look; times are in milliseconds on the monotonic clock.
 * @param rate frames a second that the camera is to deliver
 */
export function countOn(before: FrameCount | null, frames: number, at: number, rate = 30): FrameCount {
  const from = before?.from ?? { frames, at };
  const slow = Math.min(MOST_PER_SECOND, rate / 2);
  const isWell = frames - from.frames > 1 + (slow * (at - from.at)) / 1_000;
  const isKnown = before && frames > 0 && frames >= before.frames && at - before.at <= MAX_GAP;
  return { from: isWell || !isKnown ? { frames, at } : from, frames, at, isWell };
}

export function isFrozen({ from, at }: FrameCount): boolean {
  return at - from.at >= PATIENCE;
}
