import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** How long to wait before an attempt, in milliseconds. */
export interface Pause {
  planned: number;
  /** Enough where the network has just come back. */
  atLeast: number;
}

/**
 * Waits until an attempt is due: never while the browser is offline, and not for long once it is back.
 * @param pathUp resolves if the path to the server has turned out to be back, whatever the browser says
 * @returns whether the network changed meanwhile
 */
export async function untilDue(
  { planned, atLeast }: Pause,
  world: World,
  signal: AbortSignal,
  pathUp?: Promise<unknown>,
): Promise<boolean> {
  const begun = world.monotonicNow();
  let hasChangedOnce = false;
  let isPathUp = false;
  const up = pathUp?.then(
    () => (isPathUp = true),
    () => new Promise<never>(() => undefined),
  );
  for (let left = planned; ;) {
    const change = networkChange(world.isOnLine() || isPathUp ? left : Infinity, world, signal);
    const hasChanged = await (up && !isPathUp ? Promise.race([change, up]) : change);
    hasChangedOnce ||= hasChanged;
    if (!world.isOnLine() && !isPathUp) continue;
    if (!hasChanged) return hasChangedOnce;
    left = Math.min(planned, atLeast) - Math.max(0, world.monotonicNow() - begun);
  }
}

/** Whether the network changed within `milliseconds`. */
export async function networkChange(milliseconds: number, world: World, signal: AbortSignal): Promise<boolean> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const change = new Promise<boolean>((resolve) => world.onNetworkChange(() => resolve(true), either));
  try {
    return await Promise.race([change, wait(milliseconds, world, either).then(() => false)]);
  } finally {
    ending.abort();
  }
}
