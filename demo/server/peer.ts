import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import {
  IceCandidate,
  RTCPeerConnection,
  RTCRtpCodecParameters,
  useSdesMid,
  useTransportWideCC,
  type RTCDtlsTransport,
} from 'werift';
import { usableCandidate, type IceCredentials } from './fragment.js';
import { Problem } from './problem.js';
import { narrowOffer, offerCandidates, sdpLines, type CodecChoice, type Offer, type OfferRole } from './sdp.js';
import {
  applyReceiverRepairs,
  guardSockets,
  isCurrentCheck,
  persistInChecks,
  restartIce,
  sendCloseNotify,
  takeOverConnecting,
  takeOverConsent,
  tolerateFailedSends,
} from './werift-repairs.js';

/** Where a connection stands. `closed` is final. */
export type PeerState = 'connecting' | 'connected' | 'closed';

/** How a peer watches its client, in seconds. */
export interface PeerTimeouts {
  /** From the answer to ICE and DTLS being up. */
  readonly connect: number;
  /** Without any packet from the client. */
  readonly silence: number;
}

/** What happens to a peer. */
export interface PeerEvents {
  onConnected(): void;
  /** Once, and only when it was not {@link Peer.close} that ended it. */
  onGone(reason: string): void;
}

const CLOSE_FLUSH_MS = 20;

/** One peer connection with a browser: it answers an offer, keeps ICE going, and notices when the client is gone. */
export class Peer {
  readonly pc: RTCPeerConnection;
  readonly #role: OfferRole;
  readonly #events: PeerEvents;
  readonly #timeouts: PeerTimeouts;
  #state: PeerState = 'connecting';
  #ufrag = '';
  #history: string[] = [];
  /** Until when, on the clock of `performance`, no packet goes in or out. */
  #cutUntil = -Infinity;
  #connectTimer: NodeJS.Timeout | undefined;
  #silenceTimer: NodeJS.Timeout | undefined;
  #lastSign = performance.now();

  constructor(role: OfferRole, choice: CodecChoice, timeouts: PeerTimeouts, events: PeerEvents) {
    applyReceiverRepairs();
    this.#role = role;
    this.#timeouts = timeouts;
    this.#events = events;
    this.pc = new RTCPeerConnection({
      codecs: { audio: codecParameters('audio', choice), video: codecParameters('video', choice) },
      headerExtensions:
        role === 'publish'
          ? { audio: [useSdesMid(), useTransportWideCC()], video: [useSdesMid(), useTransportWideCC()] }
          : { audio: [useSdesMid()], video: [useSdesMid()] },
      bundlePolicy: 'max-bundle',
      iceServers: [],
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: hostAddresses(),
      iceFilterStunResponse: (message) => {
        this.#lastSign = performance.now();
        return isCurrentCheck(message, this.#dtls.iceTransport.connection);
      },
    });
  }

  get state(): PeerState {
    return this.#state;
  }

  /** All states of ICE and DTLS so far, for tests and for a look at what went wrong. */
  get states(): readonly string[] {
    return this.#history;
  }

  /** The one transport of the bundle. */
  get #dtls(): RTCDtlsTransport {
    const [dtls] = this.pc.dtlsTransports;
    if (!dtls) throw new Error('no transport yet');
    return dtls;
  }

  /** Whether the ICE credentials of a fragment are those of the session's current generation. */
  isCurrent({ ufrag }: IceCredentials): boolean {
    return ufrag === this.#ufrag;
  }

  /** Takes the offer and returns the answer, with all candidates of this host. Connecting begins at once. */
  async answer(offer: Offer, choice: CodecChoice): Promise<string> {
    try {
      await this.pc.setRemoteDescription({ type: 'offer', sdp: narrowOffer(offer, choice, this.#role) });
      for (const transceiver of this.pc.getTransceivers()) {
        transceiver.setDirection(this.#role === 'publish' ? 'recvonly' : 'sendonly');
      }
      this.#dtls.role = offer.setup === 'active' ? 'server' : 'client';
      takeOverConnecting(this.pc);
      takeOverConsent(this.#dtls);
      persistInChecks(this.#dtls);
      tolerateFailedSends(this.#dtls);
      await this.pc.setLocalDescription(await this.pc.createAnswer());
    } catch (error) {
      await this.close();
      throw new Problem(400, `The offer cannot be answered: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#ufrag = offer.ufrag;
    this.#watch();
    this.addCandidates(offerCandidates(offer));
    this.#startIce();
    return withMuxOnly(this.pc.localDescription?.sdp ?? '', offer);
  }

  /** Adds the client's candidates. Those that cannot be used are skipped. */
  addCandidates(candidates: readonly string[]): void {
    if (this.#state === 'closed') return;
    for (const candidate of candidates) {
      const usable = usableCandidate(candidate);
      const parsed = usable === undefined ? undefined : IceCandidate.fromJSON({ candidate: usable, sdpMLineIndex: 0 });
      if (parsed) this.#dtls.iceTransport.addRemoteCandidate(parsed)?.catch(() => undefined);
    }
  }

  /** Begins a new ICE generation in the same session. */
  async restart(credentials: IceCredentials, candidates: readonly string[]): Promise<void> {
    this.#ufrag = credentials.ufrag;
    await restartIce(this.#dtls, credentials);
    this.addCandidates(candidates);
    this.#startIce();
  }

  /** The server's credentials and candidates of the current generation. */
  get localIce(): { credentials: IceCredentials; candidates: string[] } {
    const { localParameters, localCandidates } = this.#dtls.iceTransport;
    return {
      credentials: { ufrag: localParameters.usernameFragment, pwd: localParameters.password },
      candidates: localCandidates.map((candidate) => candidate.toJSON().candidate ?? ''),
    };
  }

  /** Lets no packet in or out for so many seconds, whatever ICE does meanwhile. */
  cut(seconds: number): void {
    this.#cutUntil = performance.now() + 1000 * seconds;
  }

  /** Ends the connection and tells the client so. */
  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    this.#setState('closed');
    clearTimeout(this.#connectTimer);
    clearInterval(this.#silenceTimer);
    const [dtls] = this.pc.dtlsTransports;
    if (dtls) await sendCloseNotify(dtls).catch(() => undefined);
    // The socket sends asynchronously; closing it at once would drop the alert.
    await delay(CLOSE_FLUSH_MS);
    await this.pc.close().catch(() => undefined);
  }

  #startIce(): void {
    guardSockets(this.#dtls, () => performance.now() < this.#cutUntil);
    this.#dtls.iceTransport.start().catch(() => undefined);
  }

  #watch(): void {
    const dtls = this.#dtls;
    const ice = dtls.iceTransport;
    ice.onStateChange.subscribe((state) => {
      this.#note(`ice:${state}`);
      if (state === 'connected' && dtls.state === 'new') {
        dtls.start().catch((error: unknown) => this.#gone(`DTLS failed: ${String(error)}`));
      }
      // Later on the session is kept for as long as anything comes in, or for another restart (RFC 9725 section 4.3.3).
      if (state === 'failed' && this.#state === 'connecting') this.#gone('ICE found no path to the client');
    });
    dtls.onStateChange.subscribe((state) => {
      this.#note(`dtls:${state}`);
      if (state === 'connected') this.#connected();
      if (state === 'closed' || state === 'failed') this.#gone(`DTLS ${state}`);
    });
    ice.connection.onData.subscribe(() => {
      this.#lastSign = performance.now();
    });
    this.#connectTimer = setTimeout(() => this.#gone('not connected in time'), this.#timeouts.connect * 1000);
  }

  #connected(): void {
    if (this.#state !== 'connecting') return;
    clearTimeout(this.#connectTimer);
    this.#setState('connected');
    this.#lastSign = performance.now();
    this.#silenceTimer = setInterval(() => {
      if (performance.now() - this.#lastSign > this.#timeouts.silence * 1000) this.#gone('no packet for too long');
    }, 500);
    this.#events.onConnected();
  }

  #gone(reason: string): void {
    if (this.#state === 'closed') return;
    this.#note(reason);
    void this.close();
    this.#events.onGone(reason);
  }

  #setState(state: PeerState): void {
    this.#state = state;
    this.#note(state);
  }

  #note(entry: string): void {
    this.#history = [...this.#history.slice(-49), entry];
  }
}

/** All IPv4 addresses of this host, loopback first: the browser of the developer is on the same machine. */
function hostAddresses(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family }) => family === 'IPv4');
  return addresses.sort((a, b) => Number(b.internal) - Number(a.internal)).map(({ address }) => address);
}

function codecParameters(kind: 'audio' | 'video', choice: CodecChoice): RTCRtpCodecParameters[] {
  const codec = choice[kind];
  if (!codec) return [];
  const own = new RTCRtpCodecParameters({ mimeType: `${kind}/${codec.name}`, clockRate: codec.clockRate });
  if (kind === 'audio') return [own];
  return [own, new RTCRtpCodecParameters({ mimeType: 'video/rtx', clockRate: codec.clockRate })];
}

function withMuxOnly(answer: string, offer: Offer): string {
  const offered = offer.sections.every(({ lines }) => lines.includes('a=rtcp-mux-only'));
  const lines = sdpLines(answer).flatMap((line) =>
    offered && line === 'a=rtcp-mux' ? [line, 'a=rtcp-mux-only'] : [line],
  );
  return [...lines, ''].join('\r\n');
}
