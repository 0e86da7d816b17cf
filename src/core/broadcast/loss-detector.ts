import type { LossCause } from '../api/events.js';
import { hasGrown, type Sample } from '../stats/sampler.js';
import { ReportGaps, type Patience } from './report-gaps.js';

/** What silence counts as a loss. */
const SILENCE: Patience = { shortest: 2_000, longest: 5_000, factor: 4, unknown: 10_000 };
/** For how long a server that ICE doubts may go on to report without having received anything: longer than ICE may doubt. */
const DOUBT: Patience = { shortest: 3_000, longest: 12_000, factor: 3.5, unknown: 12_000 };
/** Milliseconds between two looks after which this page must have been asleep: timers in a hidden page come each second. */
const SLEEP = 5_000;
/** Milliseconds without a packet sent after which nothing is being sent: the server has nothing to answer. */
const PAUSE = 1_000;
/** Milliseconds after a hint for which half the silence is enough. */
const ALERT = 5_000;
/** Milliseconds without any activity that were an outage: no gap by which later ones are measured. */
const OUTAGE = 10_000;
/** How much longer than usual a gap has to be after a hint. */
const ALERT_FACTOR = 1.2;

export interface Silence {
  cause: Extract<LossCause, 'network' | 'suspended'>;
  /** When the server was last active, in milliseconds on the monotonic clock. */
  lostAt: number;
}

/**
 * Reports from samples when the server has stopped to hear us: nothing comes back while packets are being sent, for four
 * times as long as the path's usual gaps. It reports it with every further sample, until there is activity.
 */
export class LossDetector {
  #last: Sample | undefined;
  #lastActivityAt = 0;
  #heardAt = 0;
  /** Undefined before the first report: the time until then is no gap between two. */
  #reportedAt: number | undefined;
  #sendingSince = 0;
  #lastSentAt = 0;
  readonly #reportGaps = new ReportGaps();
  readonly #heardGaps = new ReportGaps();
  #alert: { cause: Silence['cause']; at: number } | undefined;
  /** Since when ICE has doubts: a server can go on to report without hearing us. */
  #doubtSince = Infinity;

  /** The network may have changed, so that less silence is enough for a while. */
  alert(at: number): void {
    this.#alert = { cause: 'network', at };
  }

  /**
   * ICE was restarted. Where the old path has come back meanwhile, browsers use it for some seconds more, while the server
   * proves nothing before the new one is chosen.
   */
  startOver(): void {
    this.#alert = undefined;
    this.#reportGaps.clear();
    this.#heardGaps.clear();
  }

  /** ICE has got no answer for a while, or has got one again. */
  doubt(since: number): void {
    this.#doubtSince = since;
  }

  /**
   * Whether this page must have been asleep since the last sample: no sample has come for long, or the wall clock has moved
   * on without the monotonic one, which some browsers pause in sleep.
   */
  hasSlept({ at, wallAt }: Pick<Sample, 'at' | 'wallAt'>): boolean {
    if (!this.#last) return false;
    const elapsed = at - this.#last.at;
    return elapsed > SLEEP || wallAt - this.#last.wallAt - elapsed > SLEEP;
  }

  take(sample: Sample): Silence | null {
    const { at } = sample;
    const last = this.#last ?? sample;
    const hasSlept = this.hasSlept(sample);
    this.#last = sample;
    if (last === sample || hasSlept) {
      // What came in meanwhile may have come before the sleep.
      if (last === sample) this.#lastActivityAt = at;
      else this.#alert = { cause: 'suspended', at };
      this.#heardAt = this.#lastSentAt = this.#sendingSince = at;
      return null;
    }
    if (sample.sent > last.sent) {
      if (last.at - this.#lastSentAt > PAUSE) this.#sendingSince = at;
      this.#lastSentAt = at;
    }
    const isSending = at - this.#lastSentAt <= PAUSE;
    const quietSince = Math.max(this.#lastActivityAt, this.#sendingSince);
    const isHeard = hasGrown(last.heard, sample.heard);
    const isReported = hasGrown(last.feedback, sample.feedback);
    // Only what was seen to be silent counts as a gap, however rarely this page may look.
    const gapSince = (sign: number) => Math.max(0, last.at - Math.max(sign, this.#sendingSince));
    const wasOutage = gapSince(this.#lastActivityAt) > OUTAGE;
    if (isHeard) {
      if (!wasOutage) this.#heardGaps.add(gapSince(this.#heardAt));
      this.#heardAt = at;
    }
    if (isReported) {
      if (!wasOutage && this.#reportedAt !== undefined) this.#reportGaps.add(gapSince(this.#reportedAt));
      this.#reportedAt = at;
    }
    if (isHeard || isReported) {
      this.#lastActivityAt = at;
      if (this.#doubtSince === Infinity) return null;
      const unheardSince = Math.max(this.#heardAt, this.#sendingSince, this.#doubtSince);
      const isDeaf = at - unheardSince >= this.#heardGaps.patience(DOUBT);
      return isSending && isDeaf ? { cause: 'network', lostAt: this.#heardAt } : null;
    }
    const patience = this.#reportGaps.patience(SILENCE);
    const alert = this.#alert && at - this.#alert.at < ALERT ? this.#alert : undefined;
    const isLost =
      at - quietSince >= patience ||
      (alert !== undefined &&
        at - Math.max(quietSince, alert.at) >= Math.max(patience / 2, ALERT_FACTOR * this.#reportGaps.usual));
    return isSending && isLost ? { cause: alert?.cause ?? 'network', lostAt: this.#lastActivityAt } : null;
  }
}
