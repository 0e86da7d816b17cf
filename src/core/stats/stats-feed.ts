import type { WebRTCResults } from '../api/events.js';
import type { Stats } from './sampler.js';
import { statsOf, TIMER_SLACK, toReading, withReading, type Reading } from './stats-window.js';

/** Makes v5's statistics out of what the sampler sees anyway, while they are asked for and the broadcast is live. */
export class StatsFeed {
  readonly #interval: () => number | null;
  readonly #onStats: (stats: WebRTCResults) => void;
  #readings: readonly Reading[] = [];
  #isLive = false;
  /** When the first look since the start or recovery was taken, asked for or not; in milliseconds on the monotonic clock. */
  #liveSince: number | undefined;
  /** When the current interval began, in milliseconds on the monotonic clock. */
  #since = 0;

  /** @param interval milliseconds from one report to the next; null if nobody asks */
  constructor(interval: () => number | null, onStats: (stats: WebRTCResults) => void) {
    this.#interval = interval;
    this.#onStats = onStats;
  }

  /** What was seen before a loss of the connection is forgotten. */
  set isLive(isLive: boolean) {
    if (isLive !== this.#isLive) {
      this.#startOver();
      this.#liveSince = undefined;
    }
    this.#isLive = isLive;
  }

  /** Takes what the sampler has seen. */
  take(stats: readonly Stats[], at: number): void {
    if (!this.#isLive) return this.#startOver();
    this.#liveSince ??= at;
    const interval = this.#interval();
    if (interval === null) return this.#startOver();
    const readings = withReading(this.#readings, toReading(stats, at, this.#liveSince));
    if (readings === this.#readings) return;
    this.#readings = readings;
    this.#since ||= at;
    const intervals = Math.floor((at - this.#since + TIMER_SLACK) / interval);
    if (intervals < 1) return;
    this.#since += intervals * interval;
    this.#onStats(statsOf(readings));
  }

  #startOver(): void {
    this.#readings = [];
    this.#since = 0;
  }
}
