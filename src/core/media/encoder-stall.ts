import { hasGrown, toSample, type Sample, type Stats } from '../stats/sampler.js';
import { followFlow, stalledFor, type Flow } from './media-flow.js';

/** Milliseconds without an encoded frame, while frames are captured, after which the encoder counts as stalled. */
const STALLED_AFTER = 5_000;
/** Frames captured since then: a still screen and a placeholder give the encoder hardly any. */
const ENOUGH_CAPTURED = 25;
/** Milliseconds into the stall at which the server still has to be active: on a dead path, browsers stop to encode. */
const ACTIVE_AFTER = 3_000;
/** Milliseconds that a browser has from then on to encode again, since the path may just have come back. */
const RESUMES_WITHIN = 1_000;

const SLOWEST = { perSecond: 0.2, slack: 0 };

/** `unknown`: the browser does not count frames, or no video is sent. */
export type EncoderVerdict = 'encoding' | 'stalled' | 'unknown';

/** Judges from a connection's statistics whether the video encoder encodes what is captured. */
export class EncoderStallDetector {
  #flow: Flow | null = null;
  #ssrc: unknown;
  #source: unknown;
  #capturedBefore = 0;
  #last: Sample | undefined;
  /** When the server was first active again long enough into the stall. */
  #activeAt: number | null = null;

  /** @param at milliseconds on the monotonic clock */
  take(stats: readonly Stats[], at: number): EncoderVerdict {
    const sample = toSample(stats, { at, wallAt: at });
    const isActive = this.#last !== undefined && hasGrown(this.#last.feedback, sample.feedback);
    this.#last = sample;
    const isVideo = ({ kind, type }: Stats, wanted: string) => type === wanted && (kind ?? 'video') === 'video';
    const sent = stats.find((one) => isVideo(one, 'outbound-rtp'));
    const source = stats.find((one) => isVideo(one, 'media-source'));
    if (typeof sent?.framesEncoded !== 'number' || typeof source?.frames !== 'number') return this.#startOver();
    if (sent.ssrc !== this.#ssrc || source.trackIdentifier !== this.#source) this.#startOver();
    [this.#ssrc, this.#source] = [sent.ssrc, source.trackIdentifier];
    const since = this.#flow?.since;
    this.#flow = followFlow(this.#flow, sent.framesEncoded, at, SLOWEST);
    if (this.#flow.since !== since) {
      this.#capturedBefore = source.frames;
      this.#activeAt = null;
    }
    if (this.#flow.isFlowing) return 'encoding';
    if (isActive && stalledFor(this.#flow) >= ACTIVE_AFTER) this.#activeAt ??= at;
    const isStalled =
      stalledFor(this.#flow) >= STALLED_AFTER &&
      source.frames - this.#capturedBefore >= ENOUGH_CAPTURED &&
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
