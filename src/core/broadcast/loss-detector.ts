import type { LossCause } from '../events.js';
import { hasGrown, type Sample } from '../stats/sampler.js';

/** Milliseconds of silence that count as a loss, at least and at most. */
const SHORTEST_SILENCE = 2_000;
const LONGEST_SILENCE = 5_000;
/** How much longer than the longest of its usual gaps a silence is. */
const GAP_FACTOR = 4;
/** How many gaps are remembered: about half a minute at a look each 250 ms, and longer where reports are rare. */
const REMEMBERED_GAPS = 120;
/** How many gaps it takes to know the path. */
const ENOUGH_GAPS = 8;
/** Milliseconds between two looks after which this page must have been asleep: timers in a hidden page come each second. */
const SLEEP = 5_000;
/** Milliseconds without a packet sent after which nothing is being sent: the server has nothing to answer. */
const PAUSE = 1_000;
/** Milliseconds for which a server that ICE doubts may go on to report without having heard us. */
const LONGEST_DOUBT = 3_000;
/** Milliseconds after a hint for which half the silence is enough. */
const ALERT = 5_000;

export interface Silence {
  cause: Extract<LossCause, 'network' | 'suspended'>;
  /** When the server gave its last sign of life, in milliseconds since 1970. */
  lostAt: number;
}

/**
 * Tells from samples when the server has stopped to hear us: nothing comes back while packets are being sent, for four
 * times as long as the path's usual gaps. It tells so with every further sample, until a sign of life comes.
 */
export class LossDetector {
  #last: Sample | undefined;
  #lifeAt = 0;
  #heardAt = 0;
  #reportedAt = 0;
  #sendingSince = 0;
  #lastSentAt = 0;
  #gaps: number[] = [];
  #alert: { cause: Silence['cause']; at: number } | undefined;
  /** Since when ICE has doubts: a server can go on to report without hearing us. */
  #doubtSince = Infinity;

  /** The network may have changed, so that less silence is enough for a while. */
  alert(at: number): void {
    this.#alert = { cause: 'network', at };
  }

  /**
   * ICE was restarted. Where the old path has come back meanwhile, browsers use it for some seconds more, while the server
   * says nothing before the new one is chosen.
   */
  startOver(): void {
    this.#alert = undefined;
    this.#gaps = [];
  }

  /** ICE has got no answer for a while, or has got one again. */
  doubt(since: number): void {
    this.#doubtSince = since;
  }

  /** Whether no sample has come for so long that this page must have been asleep. */
  hasSlept(at: number): boolean {
    return this.#last !== undefined && at - this.#last.at > SLEEP;
  }

  take(sample: Sample): Silence | null {
    const { at } = sample;
    const last = this.#last ?? sample;
    const hasSlept = this.hasSlept(at);
    this.#last = sample;
    if (last === sample || hasSlept) {
      // What came in meanwhile may have come before the sleep.
      if (last === sample) this.#lifeAt = this.#reportedAt = at;
      else this.#alert = { cause: 'suspended', at };
      this.#heardAt = this.#lastSentAt = this.#sendingSince = at;
      return null;
    }
    if (sample.sent > last.sent) {
      if (last.at - this.#lastSentAt > PAUSE) this.#sendingSince = at;
      this.#lastSentAt = at;
    }
    const isSending = at - this.#lastSentAt <= PAUSE;
    const quietSince = Math.max(this.#lifeAt, this.#sendingSince);
    const isHeard = hasGrown(last.heard, sample.heard);
    const isReported = hasGrown(last.feedback, sample.feedback);
    if (isHeard) this.#heardAt = at;
    if (isReported) {
      // Only what was seen to be silent counts as a gap, however rarely this page may look.
      const gap = Math.max(0, last.at - Math.max(this.#reportedAt, this.#sendingSince));
      this.#gaps = [...this.#gaps, gap].slice(-REMEMBERED_GAPS);
      this.#reportedAt = at;
    }
    if (isHeard || isReported) {
      this.#lifeAt = at;
      const unheardSince = Math.max(this.#heardAt, this.#sendingSince, this.#doubtSince);
      return isSending && at - unheardSince >= LONGEST_DOUBT ? { cause: 'network', lostAt: this.#heardAt } : null;
    }
    const patience = this.#patience();
    const alert = this.#alert && at - this.#alert.at < ALERT ? this.#alert : undefined;
    const isLost =
      at - quietSince >= patience || (alert !== undefined && at - Math.max(quietSince, alert.at) >= patience / 2);
    return isSending && isLost ? { cause: alert?.cause ?? 'network', lostAt: this.#lifeAt } : null;
  }

  #patience(): number {
    if (this.#gaps.length < ENOUGH_GAPS) return LONGEST_SILENCE;
    const sorted = [...this.#gaps].sort((a, b) => a - b);
    const usual = sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
    return Math.min(Math.max(GAP_FACTOR * usual, SHORTEST_SILENCE), LONGEST_SILENCE);
  }
}
