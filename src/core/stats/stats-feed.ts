import type { WebRTCResults } from '../events.js';
import type { LogSink } from '../logger.js';
import type { Stats } from './sampler.js';
import { statsOf, toReading, withReading, type Reading } from './stats-window.js';

/** Makes v5's statistics out of what the sampler sees anyway, while they are asked for and the broadcast is live. */
export class StatsFeed {
  readonly #log: LogSink;
  readonly #onStats: (stats: WebRTCResults) => void;
  #readings: readonly Reading[] = [];
  #isLive = false;
  /** When the next statistics are due, in milliseconds since 1970. */
  #due = 0;
  #size = '';
  /** Milliseconds from one telling to the next; null where nobody asks. */
  interval: number | null = null;

  constructor(log: LogSink, onStats: (stats: WebRTCResults) => void) {
    this.#log = log;
    this.#onStats = onStats;
  }

  /** What was seen before a loss of the connection is forgotten. */
  set isLive(isLive: boolean) {
    if (isLive !== this.#isLive) this.#startOver();
    this.#isLive = isLive;
  }

  /** Takes what the sampler has seen. */
  take(stats: readonly Stats[], at: number): void {
    if (!this.#isLive || this.interval === null) return this.#startOver();
    const readings = withReading(this.#readings, toReading(stats, at));
    if (readings === this.#readings) return;
    this.#readings = readings;
    this.#noteSize(readings.at(-1));
    this.#due ||= at + this.interval;
    if (at < this.#due) return;
    this.#due = Math.max(this.#due + this.interval, at);
    this.#onStats(statsOf(readings));
  }

  /** On phones a change of the picture's size may need another start: the page should be able to see it. */
  #noteSize({ video }: Reading = { at: 0 }): void {
    if (!video?.width || !video.height) return;
    const size = `${video.width}×${video.height}`;
    if (this.#size && this.#size !== size)
      this.#log.info(`The picture is sent at ${size} now, before at ${this.#size}.`);
    this.#size = size;
  }

  #startOver(): void {
    this.#readings = [];
    this.#due = 0;
  }
}
