import type { World } from './world.js';

type Clock = Pick<World, 'setTimeout' | 'clearTimeout'>;

/** A longer time overflows the browser's 32 bits and would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted before. */
export function wait(milliseconds: number, clock: Clock, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = clock.setTimeout(done, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER));
    signal?.addEventListener('abort', aborted);
    function done() {
      signal?.removeEventListener('abort', aborted);
      resolve();
    }
    function aborted() {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      reject(signal?.reason);
    }
  });
}

/** Settles as `promise` does, but rejects as soon as `signal` is aborted. What `promise` does later is ignored. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const aborted = () => reject(signal.reason);
    signal.addEventListener('abort', aborted);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

/** Runs `task` with a signal that is aborted with `late()` after `milliseconds`, or with the reason of `signal`. */
export async function withDeadline<T>(
  task: (signal: AbortSignal) => Promise<T>,
  milliseconds: number,
  late: () => Error,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = new AbortController();
  const timer = clock.setTimeout(() => deadline.abort(late()), milliseconds);
  const abort = () => deadline.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort);
  try {
    return await untilAborted(task(deadline.signal), deadline.signal);
  } finally {
    clock.clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}
