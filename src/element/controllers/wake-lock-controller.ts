import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { whileConnected } from './while-connected.js';

/**
 * Keeps the screen on as long as its host wants that: a device whose screen goes dark stops its camera. Where the
 * browser cannot, or does not want to, nothing happens.
 */
export class WakeLockController implements ReactiveController {
  readonly #isWanted: () => boolean;
  #request: Promise<WakeLockSentinel | undefined> | undefined;

  constructor(host: ReactiveControllerHost, isWanted: () => boolean) {
    this.#isWanted = isWanted;
    host.addController(this);
    whileConnected(host, (signal) => {
      // Browsers take the lock back from a page that is hidden.
      document.addEventListener('visibilitychange', this.#takeAnew, { signal });
    });
  }

  hostUpdated(): void {
    if (!this.#isWanted()) this.#release();
    else if (document.visibilityState === 'visible') this.#request ??= requestLock();
  }

  readonly #takeAnew = (): void => {
    this.#release();
    this.hostUpdated();
  };

  #release(): void {
    void this.#request?.then((lock) => lock?.release());
    this.#request = undefined;
  }
}

async function requestLock(): Promise<WakeLockSentinel | undefined> {
  try {
    return await navigator.wakeLock.request('screen');
  } catch {
    // Missing on insecure pages; refused in frames without `allow`, and to save the battery.
    return undefined;
  }
}
