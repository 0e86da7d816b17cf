import type { ReactiveControllerHost } from 'lit';
import { monotonicNow } from './clock.js';
import { whileConnected } from './while-connected.js';

/** Calls back at every whole second around a moment, while its host is in a page that is visible. Renders nothing. */
export class Ticker {
  readonly #onTick: () => void;
  readonly #countsOn: boolean;
  #moment: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param countsOn goes on after the moment, for a clock that counts up */
  constructor(host: ReactiveControllerHost, onTick: () => void, countsOn = false) {
    this.#countsOn = countsOn;
    this.#onTick = onTick;
    whileConnected(host, (signal) => {
      document.addEventListener('visibilitychange', () => this.#tick(), { signal });
      signal.addEventListener('abort', () => clearTimeout(this.#timer));
      this.#plan();
    });
  }

  /** Whole seconds until the moment, 0 after it; null if there is none. */
  get secondsLeft(): number | null {
    return this.#moment === null ? null : Math.max(0, Math.ceil((this.#moment - monotonicNow()) / 1000));
  }

  /** Whole seconds since the moment, 0 before it; null if there is none. */
  get secondsGone(): number | null {
    return this.#moment === null ? null : Math.max(0, Math.floor((monotonicNow() - this.#moment) / 1000));
  }

  /** @param moment in milliseconds of `monotonicNow()`; null for none */
  count(moment: number | null): void {
    if (moment === this.#moment) return;
    this.#moment = moment;
    this.#plan();
  }

  #tick(): void {
    if (document.visibilityState === 'visible') this.#onTick();
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#moment === null || document.visibilityState === 'hidden') return;
    if (this.secondsLeft === 0 && !this.#countsOn) return;
    const past = (monotonicNow() - this.#moment) % 1000;
    // Timers know whole milliseconds: one that comes a fraction too early would be followed by another one.
    this.#timer = setTimeout(() => this.#tick(), Math.ceil(past < 0 ? -past : 1000 - past));
  }
}
