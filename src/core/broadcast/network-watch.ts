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
 * @returns whether the network changed meanwhile
 */
export async function untilDue({ planned, atLeast }: Pause, world: World, signal: AbortSignal): Promise<boolean> {
  const begun = world.monotonicNow();
  let hasChangedOnce = false;
  for (let left = planned; ;) {
    const hasChanged = await networkChange(world.isOnLine() ? left : Infinity, world, signal);
    hasChangedOnce ||= hasChanged;
    if (!world.isOnLine()) continue;
    if (!hasChanged) return hasChangedOnce;
    left = Math.min(planned, atLeast) - Math.max(0, world.monotonicNow() - begun);
  }
}

/** Whether the network changed within `milliseconds`. */
async function networkChange(milliseconds: number, world: World, signal: AbortSignal): Promise<boolean> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const change = new Promise<boolean>((resolve) => world.onNetworkChange(() => resolve(true), either));
  try {
    return await Promise.race([change, wait(milliseconds, world, either).then(() => false)]);
  } finally {
    ending.abort();
  }
}
