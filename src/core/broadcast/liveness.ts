import type { LossCause } from '../api/events.js';
import type { LogSink } from '../platform/logger.js';
import { Signal } from '../platform/signal.js';
import type { World } from '../platform/world.js';
import { hasGrown, Sampler, type Sample, type Stats } from '../stats/sampler.js';
import type { TimelineRecorder } from '../stats/timeline.js';
import { WhipError } from '../whip/whip-error.js';
import { LossDetector } from './loss-detector.js';
import { ReceiptWatch } from './receipt-watch.js';

/** Milliseconds of doubt about a path that still carries media after which ICE is restarted. */
const RENEW_AFTER = 8_000;
/** Milliseconds between samples while media is awaited, and otherwise. */
const SAMPLE_OFTEN = 100;
const SAMPLE_CALMLY = 250;

/**
 * Milliseconds after the transport came up from which on consent alone proves life (RFC 7675): some servers never send RTCP
 * reports. Longer if the browser does not count STUN responses, so that only its own verdict on the path is left.
 */
const CONSENT_AFTER = 5_000;
const UNCOUNTED_CONSENT_AFTER = 8_000;
/** The same after the negotiation, however late the transport came up: a session has 10 s. */
const LATEST_CONSENT_AFTER = 9_500;

const CLOSED = 'The server closed the connection.';

/** How a connection was lost. */
export interface Loss {
  cause: LossCause;
  reason: string;
  /** When the server was last active, in milliseconds on the monotonic clock. */
  lostAt: number;
  /** The same as a date, in milliseconds since 1970. */
  lostAtDate: number;
  /** Whether the browser too has given the path up; a mere lack of feedback may end on its own. */
  isFinal: boolean;
}

export interface LivenessRequest {
  world: World;
  log: LogSink;
  /** Takes note of the transport. */
  recorder: Pick<TimelineRecorder, 'note'>;
  /** Called when the transport is up; whether media arrives is still unknown. */
  onConnected: () => void;
  /** Receives the browser's statistics with every sample; `at` is in milliseconds on the monotonic clock. */
  onStats: (stats: readonly Stats[], at: number) => void;
  /** Called when ICE has doubted a path for long that still carries media. */
  onLongDoubt: () => void;
}

/** Watches one peer connection: whether the server acknowledges media, and when the connection is lost. */
export class Liveness {
  readonly #peer: RTCPeerConnection;
  readonly #request: LivenessRequest;
  readonly #life: AbortSignal;
  readonly #closed = new AbortController();
  readonly #losses = new Signal<Loss>();
  readonly #feedback = new Signal<void>();
  readonly #detector = new LossDetector();
  readonly #receipts = new ReceiptWatch();
  #closedLoss: Loss | undefined;
  #sampler: Sampler | undefined;
  #lastSample: Sample | undefined;
  #lastActivityAt: number;
  #isAcknowledged = false;
  #connectedAt = 0;
  #negotiatedAt = Infinity;
  /** What proves life on a server that never reported. */
  #consent: 'counted' | 'uncounted' | null = null;
  /** False while ICE has no answer: a server may go on to report without hearing us. */
  #isHeard = true;
  #doubtedSince = Infinity;
  #videoBitrate: number | null = null;

  /** @param life ends the watch */
  constructor(peer: RTCPeerConnection, request: LivenessRequest, life: AbortSignal) {
    const { world } = request;
    this.#peer = peer;
    this.#request = request;
    this.#life = life;
    this.#lastActivityAt = world.monotonicNow();
    peer.addEventListener('connectionstatechange', () => this.#followPeer(), { signal: life });
    peer.addEventListener('iceconnectionstatechange', () => this.#followIce(), { signal: life });
    world.onNetworkChange(() => this.#detector.alert(world.monotonicNow()), life);
    life.addEventListener('abort', () => this.#sampler?.stop());
  }

  /** Resolves with the next loss, and never once `life` has ended. A lack of feedback is reported as long as it lasts. */
  nextLoss(): Promise<Loss> {
    return this.#closedLoss ? Promise.resolve(this.#closedLoss) : this.#losses.next();
  }

  /** Resolves when the server next acknowledges media. */
  nextFeedback(): Promise<void> {
    return this.#feedback.next();
  }

  /** Aborted when the server has closed the connection. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The loss by which it was closed. */
  get closedLoss(): Loss | undefined {
    return this.#closedLoss;
  }

  /** DTLS shows at once when the server ends the session; the state of the connection may lag behind for long. */
  followTransports(): void {
    this.#negotiatedAt = this.#request.world.monotonicNow();
    for (const { transport } of this.#peer.getSenders()) {
      const follow = () => {
        if (transport?.state === 'closed' || transport?.state === 'failed') this.#loseForGood();
      };
      transport?.addEventListener('statechange', follow, { signal: this.#life });
    }
  }

  /** The encoder's target when the server last acknowledged media, in kbps; null if the browser does not report it. */
  get videoBitrate(): number | null {
    return this.#videoBitrate;
  }

  /** A new path is in use from now on: only media that is received after this is acknowledged. */
  expectReceipt(): void {
    this.#receipts.expectOnNewPath(this.#request.world.monotonicNow());
  }

  /** Forgets the usual gaps of the path, since ICE was restarted. */
  startOver(): void {
    this.#detector.startOver();
  }

  #followPeer(): void {
    const { connectionState } = this.#peer;
    const { onConnected, onStats, recorder, world, log } = this.#request;
    log.debug(`The peer connection is ${connectionState}.`);
    if (connectionState === 'connected') recorder.note('connected');
    if (connectionState === 'connected' && !this.#sampler) {
      onConnected();
      this.#connectedAt = world.monotonicNow();
      this.#sampler = new Sampler(this.#peer, SAMPLE_OFTEN, world, (sample, stats) => {
        this.#takeSample(sample, stats);
        onStats(stats, sample.at);
      });
    }
    if (connectionState === 'failed') this.#lose('network', 'The path to the server broke.', true);
    if (connectionState === 'closed') this.#loseForGood();
  }

  /** Firefox reports `disconnected` at once when an address has gone, and now and then without a reason. */
  #followIce(): void {
    const now = this.#request.world.monotonicNow();
    const { iceConnectionState } = this.#peer;
    const isDoubtful = iceConnectionState === 'disconnected';
    this.#isHeard = iceConnectionState === 'connected' || iceConnectionState === 'completed';
    this.#doubtedSince = isDoubtful ? now : Infinity;
    this.#detector.doubt(this.#doubtedSince);
    if (isDoubtful) this.#detector.alert(now);
  }

  #takeSample(sample: Sample, stats: readonly Stats[]): void {
    // ICE may live on without DTLS.
    if (this.closed.aborted) return;
    const last = this.#lastSample;
    this.#lastSample = sample;
    // What came before the first sample was the handshake, unless it was a report.
    const isFirstReport = sample.isReportedOn && !last?.isReportedOn;
    const isReported = isFirstReport || (last !== undefined && hasGrown(last.feedback, sample.feedback));
    const isAnswered = last !== undefined && hasGrown(last.heard, sample.heard);
    this.#isHeard ||= isAnswered;
    if (isReported) this.#consent = null;
    else this.#relyOnConsent(sample);
    // The next response may come after the deadline of the session.
    const isFirst = this.#consent && !this.#isAcknowledged && this.#isConsentDue(sample.at);
    const hasConsent = this.#consent === 'uncounted' ? this.#isHeard : (this.#consent && isAnswered) || isFirst;
    const isActive = (isReported && this.#isHeard) || hasConsent;
    const isReceived = this.#receipts.take(sample.at, stats);
    if (isActive || isAnswered) this.#lastActivityAt = sample.at;
    if (isActive && isReceived) this.#acknowledge(stats);
    const isWatched = this.#isAcknowledged && this.#consent !== 'uncounted';
    const silence = isWatched && this.#detector.take(sample);
    if (!silence) return this.#reportLongDoubt(sample.at);
    // Doubt counts from when media flows again: what is silent is recovered otherwise.
    if (this.#doubtedSince < sample.at) this.#doubtedSince = sample.at;
    this.#sampleEach(SAMPLE_OFTEN);
    this.#lose(silence.cause, 'The server sent no feedback any more.', false, silence.lostAt);
  }

  #acknowledge(stats: readonly Stats[]): void {
    this.#receipts.settle();
    const target = stats.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video')?.targetBitrate;
    this.#videoBitrate = typeof target === 'number' ? Math.round(target / 1000) : null;
    this.#isAcknowledged = true;
    this.#sampleEach(SAMPLE_CALMLY);
    this.#feedback.emit();
  }

  /** A server that answers STUN and never sends RTCP is live: its media is not acknowledged, but wanted. */
  #relyOnConsent({ at, heard, sent }: Sample): void {
    if (this.#isAcknowledged || this.#consent || sent === 0) return;
    const { iceConnectionState } = this.#peer;
    const isUp = iceConnectionState === 'connected' || iceConnectionState === 'completed';
    const isCounted = [...heard.values()].some((count) => count > 0);
    const elapsed = this.#isConsentDue(at) ? Infinity : at - this.#connectedAt;
    if (isCounted && elapsed >= CONSENT_AFTER) this.#consent = 'counted';
    else if (isUp && elapsed >= UNCOUNTED_CONSENT_AFTER) this.#consent = 'uncounted';
    if (this.#consent) {
      this.#request.log.warn('The server sends no RTCP reports, only STUN responses.');
    }
  }

  #isConsentDue(at: number): boolean {
    return at - this.#negotiatedAt >= LATEST_CONSENT_AFTER;
  }

  /** Firefox closes a path whose checks got no answer for 25 s, which loss and jitter can cause while media still flows. */
  #reportLongDoubt(at: number): void {
    if (at - this.#doubtedSince < RENEW_AFTER) return;
    this.#doubtedSince = at;
    this.#request.onLongDoubt();
  }

  #sampleEach(interval: number): void {
    if (this.#sampler) this.#sampler.interval = interval;
  }

  #loseForGood(): void {
    // Firefox ends DTLS on its own when ICE got no answer for 25 s.
    const { iceConnectionState } = this.#peer;
    const isPathBroken = iceConnectionState === 'disconnected' || iceConnectionState === 'failed';
    this.#closedLoss ??= this.#lose(isPathBroken ? 'network' : 'server', CLOSED, true);
    this.#closed.abort(new WhipError('transport', CLOSED));
  }

  #lose(cause: LossCause, reason: string, isFinal: boolean, lostAt = this.#lastActivityAt): Loss | undefined {
    if (this.#life.aborted || this.closed.aborted) return undefined;
    const { monotonicNow, wallNow } = this.#request.world;
    // The browser may find out first that nothing was left when the device woke up.
    const hasSlept = cause === 'network' && this.#detector.hasSlept({ at: monotonicNow(), wallAt: wallNow() });
    const lostAtDate = Math.round(wallNow() - (monotonicNow() - lostAt));
    const loss: Loss = { cause: hasSlept ? 'suspended' : cause, reason, lostAt, lostAtDate, isFinal };
    this.#receipts.expectOnOldPath(monotonicNow());
    this.#losses.emit(loss);
    return loss;
  }
}
