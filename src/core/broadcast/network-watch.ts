import { networkChange } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds between attempts while the browser reports that it is offline, which can be wrong. */
export const OFFLINE_RETRY = 30_000;

/** How long to wait before an attempt, in milliseconds. */
export interface Pause {
  planned: number;
  /** Enough if the network has just come back. */
  atLeast: number;
  /** The same while the browser is offline, at least. */
  offline: number;
}

/** What an attempt waits for, and for how many milliseconds; null while it waits for the network. */
export interface Waiting {
  waitingFor: 'network' | null;
  delay: number | null;
}

/**
 * The browser's word on whether it is online. It is a hint: an answer to a request refutes `offline` until the browser
 * notices another change.
 */
export class OnlineHint {
  readonly #world: World;
  #isRefuted = false;

  constructor(world: World, signal: AbortSignal) {
    this.#world = world;
    world.onNetworkChange(() => (this.#isRefuted = false), signal);
  }

  get isOffline(): boolean {
    return !this.#world.isOnLine() && !this.#isRefuted;
  }

  /** A request was answered. */
  refute(): void {
    this.#isRefuted = true;
  }
}

/**
 * Waits until an attempt is due: longer while the browser is offline, and not for long once it is back.
 * @param report receives what is waited for, at first and whenever that changes
 * @param pathUp resolves if the path to the server has turned out to be back, whatever the browser reports
 * @returns whether the network changed meanwhile
 */
export async function untilDue(
  { planned, atLeast, offline }: Pause,
  world: World,
  signal: AbortSignal,
  hint: Pick<OnlineHint, 'isOffline'>,
  report: (waiting: Waiting) => void = () => undefined,
  pathUp?: Promise<unknown>,
): Promise<boolean> {
  const begun = world.monotonicNow();
  let due = planned;
  let hasChangedOnce = false;
  let isPathUp = false;
  let told: Waiting['waitingFor'] | undefined;
  const up = pathUp?.then(
    () => (isPathUp = true),
    () => new Promise<never>(() => undefined),
  );
  for (;;) {
    const isOffline = hint.isOffline && !isPathUp;
    const elapsed = Math.max(0, world.monotonicNow() - begun);
    const left = (isOffline ? Math.max(due, offline) : due) - elapsed;
    const isDue = left <= 0;
    const waitingFor = isOffline && !isDue ? 'network' : null;
    if (waitingFor !== told) report({ waitingFor, delay: waitingFor ? null : Math.max(0, left) });
    told = waitingFor;
    if (isDue) return hasChangedOnce;
    const change = networkChange(left, world, signal);
    const hasChanged = await (up && !isPathUp ? Promise.race([change, up]) : change);
    if (hasChanged) due = Math.min(due, atLeast);
    // A timer is right even on a clock that pauses in sleep.
    else if (!isOffline) due = 0;
    else return (report({ waitingFor: null, delay: 0 }), hasChangedOnce);
    hasChangedOnce ||= hasChanged;
  }
}
