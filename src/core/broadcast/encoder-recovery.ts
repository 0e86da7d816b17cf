import { VIDEO_CODECS, type VideoCodec } from '../api/encoding-config.js';
import type { CaptureStatusData } from '../api/events.js';
import { captureMessages } from '../media/capture-messages.js';
import type { MediaKind } from '../media/devices.js';
import { EncoderStallDetector } from '../media/encoder-stall.js';
import type { LogSink } from '../platform/logger.js';
import type { Stats } from '../stats/sampler.js';

/** Milliseconds of encoding after which an earlier stall is forgotten, so that recovery starts with a kick again. */
const STABLE_AFTER = 60_000;
/** Milliseconds between new sessions once every codec was tried. */
const RETRY_EVERY = 30_000;

export interface EncoderRecoveryRequest {
  kind: MediaKind;
  /** The video codec that the broadcast started with. */
  videoCodec: VideoCodec;
  /** The video codecs that this browser can send. */
  codecs: () => readonly RTCRtpCodec[];
  /** Restarts the encoder in the session that is live. */
  kick: () => Promise<void>;
  /** Opens a new session, with this video codec preferred if one is named. */
  renew: (reason: string, videoCodec?: VideoCodec) => void;
  /** The kinds whose encoders have stalled and not encoded since, in an earlier broadcast too. */
  stalled: Set<MediaKind>;
  onStatus: (status: CaptureStatusData) => void;
  log: LogSink;
}

/** Recovers a stalled encoder: restarts it, then opens a new session, then for video one with each other codec. */
export class EncoderRecovery {
  readonly #request: EncoderRecoveryRequest;
  readonly #detector: EncoderStallDetector;
  /** How much was tried for this stall. */
  #tries = 0;
  #triedAt = -Infinity;
  #isStalled = false;

  constructor(request: EncoderRecoveryRequest) {
    this.#request = request;
    this.#detector = new EncoderStallDetector(request.kind);
  }

  /**
   * Takes the statistics of the live connection.
   * @param at milliseconds on the monotonic clock
   */
  takeStats(stats: readonly Stats[], at: number): void {
    const verdict = this.#detector.take(stats, at);
    if (verdict === 'encoding') this.#noteEncoding(at);
    if (verdict === 'stalled') this.#recover(at);
  }

  #noteEncoding(at: number): void {
    const { kind, stalled } = this.#request;
    this.#isStalled = false;
    if (stalled.delete(kind)) this.#tell('live', captureMessages.encoderRestarted(kind));
    if (at - this.#triedAt >= STABLE_AFTER) this.#tries = 0;
  }

  #recover(at: number): void {
    const { kind, stalled, kick, renew, log } = this.#request;
    if (!this.#isStalled) this.#tell('stalled', captureMessages.encoderStalled(kind));
    this.#isStalled = true;
    stalled.add(kind);
    const codecs = this.#codecs();
    if (this.#tries > codecs.length && at - this.#triedAt < RETRY_EVERY) return;
    this.#triedAt = at;
    this.#detector.startOver();
    const tries = this.#tries++;
    if (tries === 0) {
      void kick().catch((error: unknown) => log.warn(`The ${kind} encoder could not be restarted:`, error));
    } else {
      const codec = codecs[(tries - 1) % codecs.length];
      renew(`The ${kind} encoder has stalled${codec ? `; trying ${codec}` : ''}.`, codec);
    }
  }

  /** The codec of the start, then the others that this browser can send. Audio has one codec, which stays. */
  #codecs(): (VideoCodec | undefined)[] {
    const { kind, videoCodec, codecs } = this.#request;
    if (kind === 'audio') return [undefined];
    const sendable = new Set(codecs().map(({ mimeType }) => mimeType.toLowerCase()));
    return [videoCodec, ...VIDEO_CODECS.filter((codec) => codec !== videoCodec && sendable.has(`video/${codec}`))];
  }

  #tell(state: CaptureStatusData['state'], message: string): void {
    this.#request.onStatus({ kind: `${this.#request.kind}input`, state, device: '', message });
  }
}
