import { messageOf } from '../api/errors.js';
import { linkedController, untilAborted, withDeadline, type LinkedController } from '../platform/timing.js';
import type { TimelineRecorder } from '../stats/timeline.js';
import { WhipError } from '../whip/whip-error.js';
import type { WhipSession } from '../whip/whip-session.js';
import { restartIce } from './ice-restart.js';
import { Liveness, type LivenessRequest } from './liveness.js';
import { negotiate, useIceServers, type Negotiated, type NegotiationRequest } from './negotiation.js';
import { Sending } from './sending.js';
import { StatusChannel } from './status-channel.js';

/** Milliseconds that a session has until the server acknowledges its media. */
const MEDIA_DEADLINE = 10_000;
/** Milliseconds that an ICE restart has until the server acknowledges media again. */
const ICE_RESTART_DEADLINE = 5_000;

export interface ConnectionRequest
  extends Omit<NegotiationRequest, 'recorder'>, Omit<LivenessRequest, 'onLongDoubt' | 'recorder'> {
  /** Takes note of requests and of the transport. */
  recorder: TimelineRecorder;
  /** Whether ICE may be restarted: false while reconnection is off. */
  mayRestart: () => boolean;
}

/** One peer connection over one WHIP session. */
export class Connection {
  readonly #request: ConnectionRequest;
  readonly #peer: RTCPeerConnection;
  /** What is sent over it. */
  readonly sending: Sending;
  readonly #life = new AbortController();
  /** Whether the server acknowledges what is sent, and when the connection is lost. */
  readonly liveness: Liveness;
  #session: WhipSession | undefined;
  #statusChannel: StatusChannel | undefined;
  #renewal: LinkedController | undefined;
  #isRestarting = false;
  /** Aborts candidate trickling of this ICE generation when a restart begins. */
  #generation = linkedController(this.#life.signal);

  constructor(request: ConnectionRequest) {
    const { world } = request;
    if (!world.RTCPeerConnection) throw new WhipError('rejected', 'This browser has no WebRTC (RTCPeerConnection).');
    this.#request = request;
    this.#peer = new world.RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    const { signal } = this.#life;
    this.sending = new Sending(this.#peer, request, signal);
    this.liveness = new Liveness(this.#peer, { ...request, onLongDoubt: () => this.#renewIce() }, signal);
  }

  /** What the server reports of its RTMP output; undefined if it announces nothing. */
  get statusChannel(): StatusChannel | undefined {
    return this.#statusChannel;
  }

  /** Whether the browser has given the path up: without an ICE restart it does not come back. */
  get hasFailed(): boolean {
    const { connectionState, iceConnectionState } = this.#peer;
    return connectionState === 'failed' || iceConnectionState === 'failed';
  }

  /** Whether the server has accepted the session. */
  get hasSession(): boolean {
    return this.#session !== undefined;
  }

  /** Whether an ICE restart may bring the connection back. */
  get canRestartIce(): boolean {
    return !this.liveness.closed.aborted && Boolean(this.#session?.mayRestartIce);
  }

  /**
   * Publishes the stream; resolves when the server acknowledges its media. An attempt that fails or is aborted leaves
   * neither a peer connection nor a session behind.
   * @throws WhipError, or the reason of the signal
   */
  async open(signal: AbortSignal): Promise<void> {
    const { capabilities, world } = this.#request;
    let negotiated: Negotiated | undefined;
    const lost = this.liveness.nextLoss().then(({ reason }) => {
      throw new WhipError('transport', reason);
    });
    // Publishing may fail before anybody waits for it.
    lost.catch(() => undefined);
    const acknowledged = this.liveness.nextFeedback();
    try {
      const signals = { attempt: signal, candidates: this.#generation.signal };
      negotiated = await negotiate(this.#peer, this.sending, this.#request, signals, (session) => {
        this.#session = session;
        if (!session.statusUrl) return;
        this.#statusChannel = new StatusChannel(session.statusUrl, this.#request, this.#life.signal);
      });
      this.liveness.followTransports();
      const late = () => new WhipError('transport', this.#explainSilence());
      await withDeadline(() => Promise.race([acknowledged, lost]), MEDIA_DEADLINE, late, world, signal);
    } catch (error) {
      // Media may have needed the candidates: the next offer holds them.
      if (!signal.aborted && negotiated?.hasCandidates === false) capabilities.takesCandidates = false;
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
    this.#renewal?.abort();
    this.#isRestarting = true;
    await withDeadline(
      async (deadline) => {
        await this.#restart(deadline);
        this.liveness.expectReceipt();
        await untilAborted(this.liveness.nextFeedback(), deadline);
        this.liveness.startOver();
      },
      ICE_RESTART_DEADLINE,
      () => new WhipError('timeout', 'The ICE restart took too long.'),
      this.#request.world,
      AbortSignal.any([signal, this.liveness.closed]),
    ).finally(() => (this.#isRestarting = false));
  }

  /** Forgets that the server refused an ICE restart: the path came back automatically, so the session had been alive. */
  forgetRefusal(): void {
    this.#session?.forgetRefusal();
  }

  /** Ends the connection and deletes its session. Never rejects; may be called again. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#peer.close();
    await this.#session?.end();
  }

  /** Restarts ICE although media still flows, before the browser gives the path up. */
  #renewIce(): void {
    if (this.#isRestarting || !this.canRestartIce || !this.#request.mayRestart()) return;
    this.#renewal = linkedController(this.#life.signal);
    this.#restart(this.#renewal.signal).catch((error: unknown) =>
      this.#request.log.debug('ICE was not renewed:', error),
    );
  }

  async #restart(signal: AbortSignal): Promise<void> {
    const { world } = this.#request;
    if (!this.#session) return;
    // Their credentials may have expired since.
    useIceServers(this.#peer, this.#request, this.#request.capabilities.iceServers);
    this.#generation.abort();
    this.#generation = linkedController(this.#life.signal);
    const { videoBitrate } = this.liveness;
    const life = this.#generation.signal;
    await restartIce({ peer: this.#peer, session: this.#session, world, videoBitrate, signal, life });
  }

  #explainSilence(): string {
    const seconds = MEDIA_DEADLINE / 1000;
    if (this.#peer.connectionState === 'connected') return `The server acknowledged no media within ${seconds} s.`;
    return `No connection for media came up within ${seconds} s: UDP between here and the server may be blocked.`;
  }
}
