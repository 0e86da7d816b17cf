import type { BitratesConfig } from '../config.js';
import { messageOf } from '../errors.js';
import type { LossCause } from '../events.js';
import type { LogSink } from '../logger.js';
import { maxBitrateOf, orderCodecs, withRtcpMuxOnly, withStartBitrate, type VideoCodec } from '../media/encoding.js';
import { Sampler, type Sample } from '../stats/sampler.js';
import { withDeadline } from '../timing.js';
import { WhipError } from '../whip/whip-error.js';
import { createSession, type TokenSource, type WhipSession } from '../whip/whip-session.js';
import type { World } from '../world.js';
import { CandidateTrickle } from './candidate-trickle.js';

/** Milliseconds that a session has until the server acknowledges its media. */
const MEDIA_DEADLINE = 10_000;
/** Milliseconds to gather candidates for an offer that has to have them. */
const GATHERING_DEADLINE = 1_500;
/** Milliseconds between looks at the statistics before and after the server has acknowledged media. */
const LOOK_OFTEN = 100;
const LOOK_CALMLY = 1_000;

const CLOSED = 'The server closed the connection.';

/** What an endpoint turned out to be able to do; shared by all connections to it. */
export interface EndpointAbilities {
  /** False once it has refused candidates by `PATCH`: from then on they are in the offer. */
  takesCandidates: boolean;
}

export interface ConnectionRequest {
  endpoint: string;
  abilities: EndpointAbilities;
  /** What is to be sent, as it is now. */
  stream: () => MediaStream;
  token: TokenSource;
  /** The page's own STUN and TURN servers; where there are none, the WHIP server's are used. */
  iceServers: RTCIceServer[];
  videoCodec: VideoCodec;
  /** The bitrates in force. */
  bitrates: () => BitratesConfig;
  world: World;
  log: LogSink;
  /** The transport is up; whether media arrives is still to be seen. */
  onConnected: () => void;
  /** Told of the clean-up of a connection that did not come about. */
  onCleanup: (done: Promise<void>) => void;
}

/** How a connection was lost. */
export interface Loss {
  cause: LossCause;
  reason: string;
  /** When the server gave its last sign of life, in milliseconds since 1970. */
  lostAt: number;
}

/** One peer connection over one WHIP session. */
export class Connection {
  /** Resolves when the connection is lost; never where it is closed from this side. */
  readonly lost: Promise<Loss>;
  readonly #request: ConnectionRequest;
  readonly #peer: RTCPeerConnection;
  readonly #life = new AbortController();
  readonly #established: Promise<void>;
  #session: WhipSession | undefined;
  #sampler: Sampler | undefined;
  #lastInbound = 0;
  #lastLifeAt: number;
  #reportLoss: (loss: Loss) => void = () => undefined;
  #reportAcknowledged: () => void = () => undefined;

  constructor(request: ConnectionRequest) {
    const { world, iceServers } = request;
    if (!world.RTCPeerConnection) throw new WhipError('rejected', 'This browser has no WebRTC (RTCPeerConnection).');
    this.#request = request;
    this.#lastLifeAt = world.now();
    this.#peer = new world.RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers });
    this.lost = new Promise((resolve) => (this.#reportLoss = resolve));
    this.#established = new Promise((resolve, reject) => {
      this.#reportAcknowledged = resolve;
      void this.lost.then(({ reason }) => reject(new WhipError('transport', reason)));
    });
    // Where publishing fails before anybody waits for it.
    this.#established.catch(() => undefined);
    this.#peer.addEventListener('connectionstatechange', () => this.#followPeer(), { signal: this.#life.signal });
  }

  /**
   * Publishes the stream; resolves when the server acknowledges its media. An attempt that fails or is aborted leaves
   * neither a peer connection nor a session behind.
   * @throws WhipError, or the reason of the signal
   */
  async open(signal: AbortSignal): Promise<void> {
    try {
      await this.#publish(signal);
      await withDeadline(
        () => this.#established,
        MEDIA_DEADLINE,
        () => new WhipError('timeout', this.#explainSilence()),
        this.#request.world,
        signal,
      );
    } catch (error) {
      this.#request.onCleanup(this.close());
      signal.throwIfAborted();
      throw error instanceof WhipError ? error : new WhipError('transport', messageOf(error), { cause: error });
    }
  }

  /** Ends the connection and deletes its session. Never rejects; may be called again. */
  async close(): Promise<void> {
    this.#life.abort();
    this.#sampler?.stop();
    this.#peer.close();
    await this.#session?.delete();
  }

  /** Sends the tracks that the stream has now: devices are switched within the session (RFC 9725 section 4.2). */
  async takeTracks(): Promise<void> {
    const tracks = this.#request.stream().getTracks();
    for (const { sender, receiver } of this.#peer.getTransceivers()) {
      const track = tracks.find(({ kind }) => kind === receiver.track.kind) ?? null;
      if (sender.track !== track) await sender.replaceTrack(track);
    }
  }

  /** Holds what is being sent to the bitrates in force. */
  async setBitrates(): Promise<void> {
    const bitrates = this.#request.bitrates();
    for (const { sender, receiver } of this.#peer.getTransceivers()) {
      const { kind } = receiver.track;
      const maxBitrate = maxBitrateOf(kind, bitrates);
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) {
        if (maxBitrate === undefined) delete encoding.maxBitrate;
        else encoding.maxBitrate = maxBitrate;
      }
      await sender.setParameters(parameters).catch((error: unknown) => {
        this.#request.log.warn(`The ${kind} bitrate could not be changed:`, error);
      });
    }
  }

  async #publish(signal: AbortSignal): Promise<void> {
    const { endpoint, abilities, token, iceServers, world, log, onCleanup } = this.#request;
    const bitrates = this.#request.bitrates();
    const trickle = new CandidateTrickle(this.#peer, this.#life.signal, world);
    this.#addTracks(this.#request.stream(), bitrates);
    if (this.#peer.getTransceivers().length === 0) throw new WhipError('transport', 'There is nothing to send.');
    const offer = await this.#peer.createOffer();
    signal.throwIfAborted();
    // The first offer goes out without candidates: a server in public needs none, and its STUN and TURN servers, which
    // come with the answer, are known before gathering begins (RFC 9725 section 4.6).
    const isGatheredFirst = !abilities.takesCandidates;
    if (isGatheredFirst) {
      await this.#peer.setLocalDescription(offer);
      await trickle.gathered(GATHERING_DEADLINE);
      signal.throwIfAborted();
    }
    const sdp = withRtcpMuxOnly(this.#peer.localDescription?.sdp ?? offer.sdp ?? '');
    const session = await createSession({ endpoint, offer: sdp, token, signal, onCleanup, world, log });
    this.#session = session;
    if (!isGatheredFirst) {
      if (iceServers.length === 0) this.#useIceServers(session.iceServers);
      await this.#peer.setLocalDescription(offer);
      signal.throwIfAborted();
    }
    await this.#takeAnswer(withStartBitrate(session.answer, bitrates.videoSendInitialBitrate));
    signal.throwIfAborted();
    for (const sender of this.#peer.getSenders()) {
      sender.transport?.addEventListener('statechange', () => this.#followTransport(sender.transport), {
        signal: this.#life.signal,
      });
    }
    if (!isGatheredFirst) void this.#trickle(trickle, session, sdp);
    if (this.#request.bitrates() !== bitrates) await this.setBitrates();
  }

  #addTracks(stream: MediaStream, bitrates: BitratesConfig): void {
    const { videoCodec, world, log } = this.#request;
    for (const track of stream.getTracks()) {
      const maxBitrate = maxBitrateOf(track.kind, bitrates);
      const transceiver = this.#peer.addTransceiver(track, {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: [maxBitrate === undefined ? {} : { maxBitrate }],
      });
      if (track.kind !== 'video') continue;
      try {
        transceiver.setCodecPreferences(orderCodecs(world.senderCodecs('video'), videoCodec));
      } catch (error) {
        log.warn('No preference for a video codec:', error);
      }
    }
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
  async #trickle(trickle: CandidateTrickle, session: WhipSession, offer: string): Promise<void> {
    const isTaken = await trickle.sendTo(session, offer).catch(() => this.#life.signal.aborted);
    if (!isTaken) this.#request.abilities.takesCandidates = false;
  }

  #followPeer(): void {
    const { connectionState } = this.#peer;
    this.#request.log.debug(`The peer connection is ${connectionState}.`);
    if (connectionState === 'connected' && !this.#sampler) {
      this.#request.onConnected();
      this.#sampler = new Sampler(this.#peer, LOOK_OFTEN, this.#request.world, (sample) => this.#takeSample(sample));
    }
    if (connectionState === 'failed') this.#lose('network', 'The path to the server broke.');
    if (connectionState === 'closed') this.#lose('server', CLOSED);
  }

  /** DTLS tells at once when the server ends the session; the state of the connection may lag behind for long. */
  #followTransport(transport: RTCDtlsTransport | null): void {
    if (transport?.state === 'closed' || transport?.state === 'failed') this.#lose('server', CLOSED);
  }

  #takeSample({ at, inbound, isReportedOn }: Sample): void {
    const isFirst = this.#lastInbound === 0;
    if (inbound <= this.#lastInbound) return;
    this.#lastInbound = inbound;
    this.#lastLifeAt = at;
    // What came before the first look was the handshake.
    if (this.#sampler?.interval === LOOK_CALMLY || (isFirst && !isReportedOn)) return;
    if (this.#sampler) this.#sampler.interval = LOOK_CALMLY;
    this.#reportAcknowledged();
  }

  #lose(cause: LossCause, reason: string): void {
    if (this.#life.signal.aborted) return;
    this.#reportLoss({ cause, reason, lostAt: this.#lastLifeAt });
  }

  #explainSilence(): string {
    const seconds = MEDIA_DEADLINE / 1000;
    if (this.#peer.connectionState === 'connected') return `The server acknowledged no media within ${seconds} s.`;
    return `No connection for media came up within ${seconds} s: UDP between here and the server may be blocked.`;
  }
}
