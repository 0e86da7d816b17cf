import type { World } from './world.js';

type Clock = Pick<World, 'setTimeout' | 'clearTimeout'>;
type Network = Clock & Pick<World, 'onNetworkChange'>;

export type LinkedController = Pick<AbortController, 'signal' | 'abort'>;

/** A longer time overflows the browser's 32 bits and would fire at once. */
const MAX_TIMER = 2 ** 31 - 1;

/** Settles as `promise` does, but rejects as soon as `signal` is aborted. What `promise` does later is ignored. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => reject(signal.reason);
    if (signal.aborted) aborted();
    signal.addEventListener('abort', aborted);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}

/** Resolves after `milliseconds`; rejects with the signal's reason when it is aborted before. */
export function wait(milliseconds: number, clock: Clock, signal: AbortSignal): Promise<void> {
  let timer: unknown;
  const elapsed = new Promise<void>((resolve) => {
    timer = clock.setTimeout(resolve, Math.min(Math.max(milliseconds, 0), MAX_TIMER));
  });
  return untilAborted(elapsed, signal).finally(() => clock.clearTimeout(timer));
}

/** An `AbortController` whose signal is aborted by another one too. */
export function linkedController(other?: AbortSignal): LinkedController {
  const own = new AbortController();
  // Some browsers have no `AbortSignal.any`: they get as far as possible.
  const signal = other ? AbortSignal.any([other, own.signal]) : own.signal;
  return { signal, abort: (reason) => own.abort(reason) };
}

/** Runs `task` with a signal that is aborted with `late()` after `milliseconds`, or with the reason of `signal`. */
export async function withDeadline<T>(
  task: (signal: AbortSignal) => Promise<T>,
  milliseconds: number,
  late: () => Error,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  const deadline = linkedController(signal);
  const timer = clock.setTimeout(() => deadline.abort(late()), milliseconds);
  try {
    return await untilAborted(task(deadline.signal), deadline.signal);
  } finally {
    clock.clearTimeout(timer);
  }
}

/** Whether the network changed within `milliseconds`; rejects with the signal's reason when it is aborted before. */
export async function networkChange(milliseconds: number, world: Network, signal: AbortSignal): Promise<boolean> {
  const ending = linkedController(signal);
  const change = new Promise<boolean>((resolve) => world.onNetworkChange(() => resolve(true), ending.signal));
  try {
    return await Promise.race([change, wait(milliseconds, world, ending.signal).then(() => false)]);
  } finally {
    ending.abort();
  }
}
