import { linkedController, wait, type LinkedController } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import { retryDelay } from './device-recovery.js';
import type { MediaKind } from './devices.js';

export interface Opportunity {
  /** Whether a device that the system has paused may be opened again. */
  opensPaused: boolean;
  /** Whether only time has passed. */
  isRetry: boolean;
}

/**
 * Calls back whenever a lost device may have become available: when the list of devices changes, the page is shown or the
 * permission is granted, and after a while, for as long as it watches.
 */
export class AvailabilityWatch {
  readonly #world: World;
  readonly #onOpportunity: (opportunity: Opportunity) => void;
  readonly #life = new AbortController();
  #retrying: LinkedController | undefined;
  #permission: PermissionStatus | undefined;
  #retries = 0;

  constructor(world: World, kind: MediaKind, onOpportunity: (opportunity: Opportunity) => void) {
    this.#world = world;
    this.#onOpportunity = onOpportunity;
    const { signal } = this.#life;
    const { mediaDevices, onForeground, queryPermission } = world;
    mediaDevices?.addEventListener('devicechange', () => this.#report({ opensPaused: false }), { signal });
    onForeground(() => this.#report({ opensPaused: true }), signal);
    void queryPermission(kind === 'video' ? 'camera' : 'microphone').then((permission) => {
      if (signal.aborted) return;
      this.#permission = permission;
      permission?.addEventListener('change', () => this.isGranted && this.#report({ opensPaused: false }), { signal });
    });
  }

  /** Whether the browser reports that the page may use the devices without asking anybody. */
  get isGranted(): boolean {
    return this.#permission?.state === 'granted';
  }

  /** Whether the browser reports the permission, and with it every change. */
  get isReported(): boolean {
    return this.#permission !== undefined;
  }

  /** Calls back after a delay that grows with each retry since the last event, or with the number given. */
  retryLater({ retries = this.#retries++, opensPaused = false } = {}): void {
    this.cancelRetry();
    this.#retrying = linkedController(this.#life.signal);
    wait(retryDelay(retries), this.#world, this.#retrying.signal).then(
      () => this.#onOpportunity({ opensPaused, isRetry: true }),
      () => undefined,
    );
  }

  cancelRetry(): void {
    this.#retrying?.abort();
  }

  stop(): void {
    this.#life.abort();
  }

  /** Starts again with the short delays. */
  startOver(): void {
    this.#retries = 0;
  }

  #report({ opensPaused }: Pick<Opportunity, 'opensPaused'>): void {
    this.#onOpportunity({ opensPaused, isRetry: false });
  }
}
