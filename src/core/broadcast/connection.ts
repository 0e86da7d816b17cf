import { messageOf } from '../api/errors.js';
import type { LossCause } from '../api/events.js';
import { rtmpWarnings, withRtcpMuxOnly, withWishes } from '../media/encoding.js';
import { hasGrown, Sampler, type Sample, type Stats } from '../stats/sampler.js';
import type { TimelineRecorder } from '../stats/timeline.js';
import { Signal } from '../platform/signal.js';
import { untilAborted, withDeadline } from '../platform/timing.js';
import type { TokenSource } from '../whip/http.js';
import { createSession } from '../whip/publish.js';
import { fragmentSourceOf } from '../whip/sdp-fragment.js';
import { WhipError } from '../whip/whip-error.js';
import type { ServerCapabilities, WhipSession } from '../whip/whip-session.js';
import { CandidateTrickle } from './candidate-trickle.js';
import { restartIce } from './ice-restart.js';
import { LossDetector } from './loss-detector.js';
import { Sending, type SendingRequest } from './sending.js';
import { StatusChannel } from './status-channel.js';

/** Milliseconds that a session has until the server acknowledges its media. */
const MEDIA_DEADLINE = 10_000;
/** Milliseconds to gather candidates for an offer that has to have them. */
const GATHERING_DEADLINE = 1_500;
/** Milliseconds that a repair has until the server acknowledges media again. */
const ICE_RESTART_DEADLINE = 5_000;
/** Milliseconds after which ICE is begun anew where it doubts a path that media goes over. */
const RENEW_AFTER = 8_000;
/** Milliseconds between looks at the statistics while media is waited for, and otherwise. */
const LOOK_OFTEN = 100;
const LOOK_CALMLY = 250;

const CLOSED = 'The server closed the connection.';

export interface ConnectionRequest extends SendingRequest {
  endpoint: string;
  capabilities: ServerCapabilities;
  token: TokenSource;
  /** The page's own STUN and TURN servers; where there are none, the WHIP server's are used. */
  iceServers: RTCIceServer[];
  /** Whether dead connections may hold requests, as after a change of network. */
  isPathDoubtful: boolean;
  /** Takes note of requests and of the transport. */
  recorder: TimelineRecorder;
  /** Whether ICE may be restarted: not where reconnection is off. */
  mayRestart: () => boolean;
  /** The transport is up; whether media arrives is still to be seen. */
  onConnected: () => void;
  /** Told of the browser's statistics at every look; `at` is in milliseconds on the monotonic clock. */
  onStats: (stats: readonly Stats[], at: number) => void;
  /** Told of the clean-up of a connection that did not come about. */
  onCleanup: (done: Promise<void>) => void;
}

/** How a connection was lost. */
export interface Loss {
  cause: LossCause;
  reason: string;
  /** When the server was last active, in milliseconds on the monotonic clock. */
  lostAt: number;
  /** The same as a date, in milliseconds since 1970. */
  lostAtDate: number;
  /** Whether the browser too has given the path up; a mere silence may end by itself. */
  isFinal: boolean;
}

/** One peer connection over one WHIP session. */
export class Connection {
  readonly #request: ConnectionRequest;
  readonly #peer: RTCPeerConnection;
  /** What is sent over it. */
  readonly sending: Sending;
  readonly #life = new AbortController();
  readonly #closed = new AbortController();
  readonly #losses = new Signal<Loss>();
  readonly #feedback = new Signal<void>();
  readonly #detector = new LossDetector();
  #closedLoss: Loss | undefined;
  #session: WhipSession | undefined;
  #statusChannel: StatusChannel | undefined;
  #sampler: Sampler | undefined;
  #lastSample: Sample | undefined;
  #lastActivityAt: number;
  #isAcknowledged = false;
  /** False while ICE has no answer: a server may go on to report without hearing us. */
  #isHeard = true;
  #doubtedSince = Infinity;
  #renewal = new AbortController();
  /** Of ICE: ends the sending of its candidates when the next one begins. */
  #generation = new AbortController();

  constructor(request: ConnectionRequest) {
    const { world, iceServers } = request;
    if (!world.RTCPeerConnection) throw new WhipError('rejected', 'This browser has no WebRTC (RTCPeerConnection).');
    this.#request = request;
    this.#lastActivityAt = world.monotonicNow();
    this.#peer = new world.RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers });
    const { signal } = this.#life;
    this.sending = new Sending(this.#peer, request, signal);
    this.#peer.addEventListener('connectionstatechange', () => this.#followPeer(), { signal });
    this.#peer.addEventListener('iceconnectionstatechange', () => this.#followIce(), { signal });
    world.onNetworkChange(() => this.#detector.alert(world.monotonicNow()), signal);
  }

  /** The next loss; stays away where the connection is closed from this side. A silence is told as long as it lasts. */
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

  /** What the server reports of its RTMP output; undefined where it announces nothing. */
  get statusChannel(): StatusChannel | undefined {
    return this.#statusChannel;
  }

  /** Whether an ICE restart may bring the connection back. */
  get canRestartIce(): boolean {
    return !this.closed.aborted && this.#request.capabilities.restartsIce && Boolean(this.#session?.isReachable);
  }

  /**
   * Publishes the stream; resolves when the server acknowledges its media. An attempt that fails or is aborted leaves
   * neither a peer connection nor a session behind.
   * @throws WhipError, or the reason of the signal
   */
  async open(signal: AbortSignal): Promise<void> {
    const { world } = this.#request;
    const lost = this.nextLoss().then(({ reason }) => {
      throw new WhipError('transport', reason);
    });
    // Where publishing fails before anybody waits for it.
    lost.catch(() => undefined);
    const acknowledged = this.nextFeedback();
    try {
      await this.#publish(signal);
      const late = () => new WhipError('timeout', this.#explainSilence());
      await withDeadline(() => Promise.race([acknowledged, lost]), MEDIA_DEADLINE, late, world, signal);
    } catch (error) {
      this.#request.onCleanup(this.close());
      signal.throwIfAborted();
      throw error instanceof WhipError ? error : new WhipError('transport', messageOf(error), { cause: error });
    }
  }

  /**
   * Restarts ICE in the same session; resolves when the server acknowledges media again.
   * @throws WhipError; then the old path is in force again, whether or not it is alive
   */
  async restartIce(signal: AbortSignal): Promise<void> {
    this.#renewal.abort();
    await withDeadline(
      async (deadline) => {
        await this.#restart(deadline);
        await untilAborted(this.nextFeedback(), deadline);
        this.#detector.startOver();
      },
      ICE_RESTART_DEADLINE,
      () => new WhipError('timeout', 'The repair took too long.'),
      this.#request.world,
      AbortSignal.any([signal, this.closed]),
    );
  }

  /** Ends the connection and deletes its session. Never rejects; may be called again. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#sampler?.stop();
    this.#peer.close();
    await this.#session?.delete();
  }

  async #publish(signal: AbortSignal): Promise<void> {
    const { endpoint, capabilities, isPathDoubtful, token, iceServers, encoding, world, log, recorder, onCleanup } =
      this.#request;
    const bitrates = this.#request.bitrates();
    const life = AbortSignal.any([this.#life.signal, this.#generation.signal]);
    const trickle = new CandidateTrickle(this.#peer, life, world);
    this.sending.addTracks();
    if (this.#peer.getTransceivers().length === 0) throw new WhipError('transport', 'There is nothing to send.');
    // A peer connection that is closed meanwhile leaves its promises open for ever.
    const offer = await untilAborted(this.#peer.createOffer(), signal);
    // The first offer goes out without candidates: a server in public needs none, and its STUN and TURN servers, which
    // come with the answer, are known before gathering begins (RFC 9725 section 4.6).
    const isGatheredFirst = !capabilities.takesCandidates;
    if (isGatheredFirst) {
      await untilAborted(this.#peer.setLocalDescription(offer), signal);
      await trickle.gathered(GATHERING_DEADLINE);
      signal.throwIfAborted();
    }
    const sdp = withRtcpMuxOnly(this.#peer.localDescription?.sdp ?? offer.sdp ?? '');
    const session = await createSession({
      endpoint,
      capabilities,
      offer: sdp,
      token,
      signal,
      isPathDoubtful,
      onCleanup,
      world,
      log,
      recorder,
    });
    this.#session = session;
    if (session.statusUrl)
      this.#statusChannel = new StatusChannel(session.statusUrl, { world, log }, this.#life.signal);
    if (!isGatheredFirst) {
      if (iceServers.length === 0) this.#useIceServers(session.iceServers);
      await untilAborted(this.#peer.setLocalDescription(offer), signal);
    }
    await untilAborted(this.#takeAnswer(withWishes(session.answer, encoding, bitrates)), signal);
    for (const sender of this.#peer.getSenders()) {
      sender.transport?.addEventListener('statechange', () => this.#followTransport(sender.transport), {
        signal: this.#life.signal,
      });
    }
    if (!isGatheredFirst) void this.#trickle(trickle, session, sdp, life);
    for (const warning of rtmpWarnings(session.answer)) log.warn(warning);
    if (encoding.degradationPreference || this.#request.bitrates() !== bitrates) await this.sending.setBitrates();
  }

  #useIceServers(iceServers: RTCIceServer[]): void {
    for (const server of iceServers) {
      try {
        const { iceServers: used = [], ...configuration } = this.#peer.getConfiguration();
        this.#peer.setConfiguration({ ...configuration, iceServers: [...used, server] });
      } catch (error) {
        this.#request.log.warn('An ICE server cannot be used:', error);
      }
    }
  }

  async #takeAnswer(sdp: string): Promise<void> {
    // Afterwards Chromium does not list those that the server rejected.
    const offered = this.#peer.getTransceivers();
    try {
      await this.#peer.setRemoteDescription({ type: 'answer', sdp });
    } catch (error) {
      const reason = messageOf(error).slice(0, 200);
      throw new WhipError('protocol', `The server's answer cannot be used: ${reason}`, { cause: error });
    }
    const rejected = offered.filter(({ currentDirection }) => currentDirection !== 'sendonly');
    if (rejected.length > 0) {
      const kinds = rejected.map(({ receiver }) => receiver.track.kind).join(' and ');
      throw new WhipError('rejected', `The server does not take the ${kinds} of this broadcast.`);
    }
  }

  /** Media may come up without candidates: whatever happens to them ends nothing. */
  async #trickle(trickle: CandidateTrickle, session: WhipSession, offer: string, life: AbortSignal): Promise<void> {
    const source = fragmentSourceOf(offer);
    const isTaken = source && (await trickle.sendTo(session, source).catch(() => life.aborted));
    if (!isTaken) this.#request.capabilities.takesCandidates = false;
  }

  #followPeer(): void {
    const { connectionState } = this.#peer;
    const { onConnected, onStats, recorder, world, log } = this.#request;
    log.debug(`The peer connection is ${connectionState}.`);
    if (connectionState === 'connected') recorder.note('connected');
    if (connectionState === 'connected' && !this.#sampler) {
      onConnected();
      this.#sampler = new Sampler(this.#peer, LOOK_OFTEN, world, (sample, stats) => {
        this.#takeSample(sample);
        onStats(stats, sample.at);
      });
    }
    if (connectionState === 'failed') this.#lose('network', 'The path to the server broke.', true);
    if (connectionState === 'closed') this.#loseForGood();
  }

  /** Firefox says `disconnected` at once where an address has gone, and now and then without a reason. */
  #followIce(): void {
    const now = this.#request.world.monotonicNow();
    const { iceConnectionState } = this.#peer;
    const isDoubtful = iceConnectionState === 'disconnected';
    this.#isHeard = iceConnectionState === 'connected' || iceConnectionState === 'completed';
    this.#doubtedSince = isDoubtful ? now : Infinity;
    this.#detector.doubt(this.#doubtedSince);
    if (isDoubtful) this.#detector.alert(now);
  }

  /** DTLS tells at once when the server ends the session; the state of the connection may lag behind for long. */
  #followTransport(transport: RTCDtlsTransport | null): void {
    if (transport?.state === 'closed' || transport?.state === 'failed') this.#loseForGood();
  }

  #takeSample(sample: Sample): void {
    const last = this.#lastSample;
    this.#lastSample = sample;
    // What came before the first look was the handshake, but for a report.
    const isFirstReport = sample.isReportedOn && !last?.isReportedOn;
    const isReported = isFirstReport || (last !== undefined && hasGrown(last.feedback, sample.feedback));
    this.#isHeard ||= last !== undefined && hasGrown(last.heard, sample.heard);
    if (isReported && this.#isHeard) {
      this.#isAcknowledged = true;
      this.#lastActivityAt = sample.at;
      this.#look(LOOK_CALMLY);
      this.#feedback.emit();
    }
    const silence = this.#isAcknowledged && this.#detector.take(sample);
    if (!silence) return this.#renewWhereDoubted(sample.at);
    this.#look(LOOK_OFTEN);
    this.#lose(silence.cause, 'The server was not heard from any more.', false, silence.lostAt);
  }

  /**
   * Firefox closes a path whose checks it has had no answer to for 25 s, which loss and jitter can do, though media goes
   * on over it: ICE is begun anew before that.
   */
  #renewWhereDoubted(at: number): void {
    if (at - this.#doubtedSince < RENEW_AFTER || !this.canRestartIce || !this.#request.mayRestart()) return;
    this.#doubtedSince = at;
    this.#renewal = new AbortController();
    const signal = AbortSignal.any([this.#renewal.signal, this.#life.signal]);
    this.#restart(signal).catch((error: unknown) => this.#request.log.debug('ICE was not renewed:', error));
  }

  async #restart(signal: AbortSignal): Promise<void> {
    const { world } = this.#request;
    if (!this.#session) return;
    this.#generation.abort();
    this.#generation = new AbortController();
    const life = AbortSignal.any([this.#life.signal, this.#generation.signal]);
    await restartIce({ peer: this.#peer, session: this.#session, world, signal, life });
  }

  #look(interval: number): void {
    if (this.#sampler) this.#sampler.interval = interval;
  }

  #loseForGood(): void {
    // Firefox ends DTLS by itself where ICE has got no answer for 25 s.
    const { iceConnectionState } = this.#peer;
    const isPathBroken = iceConnectionState === 'disconnected' || iceConnectionState === 'failed';
    this.#closedLoss ??= this.#lose(isPathBroken ? 'network' : 'server', CLOSED, true);
    this.#closed.abort(new WhipError('transport', CLOSED));
  }

  #lose(cause: LossCause, reason: string, isFinal: boolean, lostAt = this.#lastActivityAt): Loss | undefined {
    if (this.#life.signal.aborted || this.closed.aborted) return undefined;
    const { monotonicNow, wallNow } = this.#request.world;
    // The browser may find out first that nothing was left when the device woke up.
    const hasSlept = cause === 'network' && this.#detector.hasSlept({ at: monotonicNow(), wallAt: wallNow() });
    const lostAtDate = Math.round(wallNow() - (monotonicNow() - lostAt));
    const loss: Loss = { cause: hasSlept ? 'suspended' : cause, reason, lostAt, lostAtDate, isFinal };

    this.#losses.emit(loss);
    return loss;
  }

  #explainSilence(): string {
    const seconds = MEDIA_DEADLINE / 1000;
    if (this.#peer.connectionState === 'connected') return `The server acknowledged no media within ${seconds} s.`;
    return `No connection for media came up within ${seconds} s: UDP between here and the server may be blocked.`;
  }
}
