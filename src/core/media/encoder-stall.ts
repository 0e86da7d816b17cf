import { hasGrown, toSample, type Sample, type Stats } from '../stats/sampler.js';
import type { MediaKind } from './devices.js';
import { followFlow, stalledFor, type Flow } from './media-flow.js';

/** Milliseconds in which nothing is encoded of what is captured, after which the encoder counts as stalled. */
const STALLED_AFTER = 5_000;
/**
 * What shows that the encoder works, what is captured, and how much of that is enough: a still screen and a placeholder
 * give hardly any frames. Browsers count no encoded samples of audio, so its packets have to do; samples are in seconds.
 */
const COUNTS = {
  video: { encoded: 'framesEncoded', captured: 'frames', enough: 25 },
  audio: { encoded: 'packetsSent', captured: 'totalSamplesDuration', enough: 2.5 },
} as const;
/** Milliseconds into the stall at which the server still has to be active: on a dead path, browsers stop to encode. */
const ACTIVE_AFTER = 3_000;
/** Milliseconds that a browser has from then on to encode again, since the path may just have come back. */
const RESUMES_WITHIN = 1_000;

const SLOWEST = { perSecond: 0.2, slack: 0 };

/** `unknown`: the browser does not count, or nothing of the kind is sent. */
export type EncoderVerdict = 'encoding' | 'stalled' | 'unknown';

/** Judges from a connection's statistics whether an encoder encodes what is captured. */
export class EncoderStallDetector {
  readonly #kind: MediaKind;
  #flow: Flow | null = null;
  #ssrc: unknown;
  #source: unknown;
  #capturedBefore = 0;
  #last: Sample | undefined;
  /** When the server was first active again long enough into the stall. */
  #activeAt: number | null = null;

  constructor(kind: MediaKind) {
    this.#kind = kind;
  }

  /** @param at milliseconds on the monotonic clock */
  take(stats: readonly Stats[], at: number): EncoderVerdict {
    const sample = toSample(stats, { at, wallAt: at });
    const isActive = this.#last !== undefined && hasGrown(this.#last.feedback, sample.feedback);
    this.#last = sample;
    const kind = this.#kind;
    const find = (type: string) => stats.find((one) => one.type === type && (one.kind ?? 'video') === kind);
    const [sent, source] = [find('outbound-rtp'), find('media-source')];
    const { encoded: encodedName, captured: capturedName, enough } = COUNTS[kind];
    const [encoded, captured] = [sent?.[encodedName], source?.[capturedName]];
    if (!sent || !source || typeof encoded !== 'number' || typeof captured !== 'number') return this.#startOver();
    if (sent.ssrc !== this.#ssrc || source.trackIdentifier !== this.#source) this.#startOver();
    [this.#ssrc, this.#source] = [sent.ssrc, source.trackIdentifier];
    const since = this.#flow?.since;
    this.#flow = followFlow(this.#flow, encoded, at, SLOWEST);
    if (this.#flow.since !== since) {
      this.#capturedBefore = captured;
      this.#activeAt = null;
    }
    if (this.#flow.isFlowing) return 'encoding';
    if (isActive && stalledFor(this.#flow) >= ACTIVE_AFTER) this.#activeAt ??= at;
    const isStalled =
      stalledFor(this.#flow) >= STALLED_AFTER &&
      captured - this.#capturedBefore >= enough &&
      this.#activeAt !== null &&
      at - this.#activeAt >= RESUMES_WITHIN;
    return isStalled ? 'stalled' : 'unknown';
  }

  /** Forgets the stall, so that another one takes its full time. */
  startOver(): void {
    this.#startOver();
  }

  #startOver(): EncoderVerdict {
    this.#flow = null;
    return 'unknown';
  }
}
