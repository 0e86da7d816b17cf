import type { FakeClock } from './fake-clock.js';
import type { FakeStream, FakeTrack, Kind } from './fake-media.js';
import { FakeTarget } from './fake-target.js';
import { candidatesOf, offerOf } from './sdp.js';

/** How media fares between every peer connection and the server. Tests change it at any time. */
export class FakeMediaPath {
  /** Milliseconds from both descriptions to `connected`, or null for never. */
  connectsAfter: number | null = 40;
  /** Milliseconds from `connected` to the server's first report, or null for never. */
  acknowledgesAfter: number | null = 60;
  /** Milliseconds from the local description to its candidates and to their end, or null for never. */
  gathersAfter: number | null = 5;
  gatheredAfter: number | null = 20;
  /** Milliseconds that a peer connection takes to read the answer. */
  readsAnswerFor = 0;
  /** False as in older browsers, where only the time of the last report shows that the server lives. */
  countsBytes = true;
  /** Whether ICE is `connected` once the path is up, as in browsers; otherwise only a test changes its state. */
  showsIce = false;
  /** Whether the STUN responses of the server are counted; one comes every 2.5 s. */
  countsResponses = false;
  /** Nothing comes through, neither on an old path nor on a new one. */
  isCut = false;
  /** Whether an encoder of a peer connection encodes. */
  isEncoding: (peer: FakePeerConnection, kind: string) => boolean = () => true;
  /** What the video encoder aims at, in bps; undefined as in browsers that do not report it. */
  targetBitrate: number | undefined;
  /** Which preferences of codecs the browser refuses. */
  refusesCodecs: (codecs: RTCRtpCodec[]) => boolean = () => false;
  /** The size of the video that is sent. */
  frameSize = { frameWidth: 640, frameHeight: 480 };
}

export interface PeerSurroundings {
  clock: FakeClock;
  path: FakeMediaPath;
  /** Every call that changes something, of all peers. */
  journal: string[];
  peers: FakePeerConnection[];
}

/** An `RTCDtlsTransport`. */
export class FakeTransport extends FakeTarget {
  state: RTCDtlsTransportState = 'new';

  become(state: RTCDtlsTransportState): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

interface Attachment {
  kind: Kind;
  track: FakeTrack | null;
  /** Whether the track was switched on in the moment it was attached. */
  wasEnabled: boolean | undefined;
}

/** An `RTCRtpSender`. */
export class FakeSender {
  readonly kind: Kind;
  readonly attached: Attachment[] = [];
  track: FakeTrack | null = null;
  transport: FakeTransport | null = null;
  encodings: RTCRtpEncodingParameters[] = [];
  degradation: string | undefined;
  /** Why another track cannot be sent. */
  refusal: Error | undefined;

  constructor(track: FakeTrack) {
    this.kind = track.kind;
    this.#attach(track);
  }

  replaceTrack(track: FakeTrack | null): Promise<void> {
    if (track && this.refusal) return Promise.reject(this.refusal);
    this.#attach(track);
    return Promise.resolve();
  }

  getParameters() {
    return { encodings: this.encodings.map((encoding) => ({ ...encoding })) };
  }

  setParameters(parameters: { encodings: RTCRtpEncodingParameters[]; degradationPreference?: string }): Promise<void> {
    this.encodings = parameters.encodings;
    this.degradation = parameters.degradationPreference;
    return Promise.resolve();
  }

  #attach(track: FakeTrack | null): void {
    this.attached.push({ kind: this.kind, track, wasEnabled: track?.enabled });
    this.track = track;
  }
}

export interface FakeTransceiver {
  sender: FakeSender;
  receiver: { track: { kind: Kind } };
  init: RTCRtpTransceiverInit;
  currentDirection: RTCRtpTransceiverDirection | null;
  preferences: RTCRtpCodec[];
  setCodecPreferences: (codecs: RTCRtpCodec[]) => void;
}

/** An `RTCPeerConnection` that comes up and is acknowledged as its path says. */
export class FakePeerConnection extends FakeTarget {
  readonly name: string;
  ufrag: string;
  readonly transceivers: FakeTransceiver[] = [];
  readonly transport = new FakeTransport();
  configuration: RTCConfiguration;
  signalingState: RTCSignalingState = 'stable';
  iceConnectionState: RTCIceConnectionState = 'new';
  /** Nothing comes through on the path there is; a restart of ICE finds a new one. */
  isDeaf = false;
  /** How often the statistics were asked for. */
  looks = 0;
  /** Nothing is sent, as when no device delivers. */
  isSending = true;
  localDescription: RTCSessionDescriptionInit | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  readonly #surroundings: PeerSurroundings;
  readonly #timers = new Set<unknown>();
  #state: RTCPeerConnectionState = 'new';
  #isClosedByPage = false;
  #connectedAt = Infinity;
  #bytes = 300;
  #sent = 0;
  readonly #encoded = { audio: 0, video: 0 };
  #lastReport = 0;
  #responses = 0;
  #restarts = 0;
  #stableDescription: RTCSessionDescriptionInit | null = null;

  constructor(configuration: RTCConfiguration, surroundings: PeerSurroundings) {
    super();
    this.#surroundings = surroundings;
    this.configuration = configuration;
    this.name = `peer${surroundings.peers.push(this)}`;
    this.ufrag = `ufrag${surroundings.peers.length}`;
  }

  /** The browser's own word on the path, which may be wrong. */
  becomeIce(state: RTCIceConnectionState): void {
    this.iceConnectionState = state;
    this.dispatchEvent(new Event('iceconnectionstatechange'));
  }

  get connectionState(): RTCPeerConnectionState {
    return this.#state;
  }

  addTransceiver(track: FakeTrack, init: RTCRtpTransceiverInit): FakeTransceiver {
    this.#record('addTransceiver');
    const sender = new FakeSender(track);
    sender.encodings = init.sendEncodings ?? [];
    const transceiver: FakeTransceiver = {
      sender,
      receiver: { track: { kind: track.kind } },
      init,
      currentDirection: null,
      preferences: [],
      setCodecPreferences: (codecs) => {
        const { refusesCodecs } = this.#surroundings.path;
        if (refusesCodecs(codecs)) throw new DOMException('not both ways', 'InvalidModificationError');
        transceiver.preferences = codecs;
      },
    };
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  getSenders(): FakeSender[] {
    return this.transceivers.map(({ sender }) => sender);
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.#record('setConfiguration');
    this.configuration = configuration;
  }

  createOffer(options: RTCOfferOptions = {}): Promise<RTCSessionDescriptionInit> {
    this.#record('createOffer');
    if (options.iceRestart) this.ufrag = `${this.name}restart${++this.#restarts}`;
    const kinds = this.transceivers.map(({ sender }) => sender.kind);
    return Promise.resolve({ type: 'offer', sdp: offerOf(kinds, this.ufrag) });
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.#record('setLocalDescription');
    await Promise.resolve();
    if (description.type === 'rollback') {
      if (this.signalingState !== 'have-local-offer') throw new DOMException('nothing offered', 'InvalidStateError');
      this.localDescription = this.#stableDescription;
      this.signalingState = 'stable';
      return;
    }
    this.#stableDescription = this.signalingState === 'stable' ? this.localDescription : this.#stableDescription;
    this.localDescription = { ...description };
    this.signalingState = 'have-local-offer';
    for (const sender of this.getSenders()) sender.transport = this.transport;
    const { path } = this.#surroundings;
    this.#after(path.gathersAfter, () => {
      for (const candidate of candidatesOf(this.ufrag)) {
        if (this.localDescription) this.localDescription.sdp += `a=${candidate.candidate}\r\n`;
        this.#dispatchCandidate(candidate);
      }
    });
    this.#after(path.gatheredAfter, () => this.#dispatchCandidate(null));
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.#record('setRemoteDescription');
    const { clock, path } = this.#surroundings;
    if (path.readsAnswerFor === 0) await Promise.resolve();
    else await new Promise<void>((resolve) => clock.setTimeout(resolve, path.readsAnswerFor));
    const [, ...sections] = (description.sdp ?? '').split(/(?=^m=)/m);
    if (sections.length !== this.transceivers.length) throw new DOMException('bad answer', 'InvalidAccessError');
    if (this.signalingState !== 'have-local-offer') throw new DOMException('nothing offered', 'InvalidStateError');
    this.signalingState = 'stable';
    this.remoteDescription = description;
    sections.forEach((section, index) => {
      const transceiver = this.transceivers[index];
      const isTaken = /^a=recvonly/m.test(section) && !/^m=\w+ 0 /.test(section);
      if (transceiver) transceiver.currentDirection = isTaken ? 'sendonly' : 'inactive';
    });
    this.#comeUp();
  }

  getStats(): Promise<Map<string, Record<string, unknown>>> {
    this.looks += 1;
    const { clock, path } = this.#surroundings;
    const reportsFrom = this.#connectedAt + (path.acknowledgesAfter ?? Infinity);
    const isSending = this.isSending && this.getSenders().some(({ track }) => track?.readyState === 'live');
    const isHeard = !path.isCut && !this.isDeaf;
    if (isSending && this.#state === 'connected') this.#sent += 1;
    for (const kind of isSending && this.#state === 'connected' ? (['audio', 'video'] as const) : [])
      if (path.isEncoding(this, kind)) this.#encoded[kind] += 1;
    if (isSending && isHeard && this.#state === 'connected' && clock.monotonicNow() >= reportsFrom) {
      this.#bytes += 100;
      this.#lastReport = clock.monotonicNow();
    }
    if (isHeard && this.#state === 'connected') this.#responses = Math.floor(clock.monotonicNow() / 2_500);
    const stats = new Map<string, Record<string, unknown>>();
    const give = (one: Record<string, unknown> & { id: string }) => void stats.set(one.id, one);
    give({
      id: 'O',
      type: 'outbound-rtp',
      kind: 'video',
      ssrc: this.name,
      codecId: 'C',
      packetsSent: this.#sent,
      bytesSent: 1000 * this.#sent,
      framesEncoded: this.#encoded.video,
      targetBitrate: path.targetBitrate,
      ...path.frameSize,
    });
    if (this.getSenders().some(({ track }) => track?.kind === 'audio'))
      give({ id: 'OA', type: 'outbound-rtp', kind: 'audio', ssrc: `${this.name}a`, packetsSent: this.#encoded.audio });
    give({ id: 'C', type: 'codec', mimeType: 'video/H264' });
    give({
      id: 'P',
      type: 'candidate-pair',
      ...(path.countsBytes && { bytesReceived: this.#bytes }),
      ...(path.countsResponses && { responsesReceived: this.#responses }),
    });
    for (const { track } of this.getSenders()) {
      if (!track) continue;
      const source = { id: `M${track.kind}`, type: 'media-source', kind: track.kind, trackIdentifier: track.id };
      give({ ...source, ...track.statsAt(clock.monotonicNow()) });
    }
    if (this.#lastReport > 0) {
      const report = { ssrc: this.name, packetsLost: 0, roundTripTime: 0.02 };
      give({ id: 'R', type: 'remote-inbound-rtp', timestamp: this.#lastReport, ...report });
    }
    return Promise.resolve(stats);
  }

  close(): void {
    if (!this.#isClosedByPage) this.#surroundings.journal.push(`${this.name}.close`);
    this.#isClosedByPage = true;
    this.#state = 'closed';
    for (const timer of this.#timers) this.#surroundings.clock.clearTimeout(timer);
    this.#timers.clear();
  }

  /** Tells of a new state, as the browser does; a connection closed by its page stays silent. */
  become(state: RTCPeerConnectionState): void {
    if (this.#isClosedByPage) return;
    this.#state = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  get stream(): FakeStream | undefined {
    return this.transceivers[0]?.init.streams?.[0] as unknown as FakeStream | undefined;
  }

  #comeUp(): void {
    if (!this.localDescription || !this.remoteDescription) return;
    this.#after(this.#surroundings.path.connectsAfter, () => {
      if (this.#surroundings.path.isCut) return;
      this.isDeaf = false;
      this.#connectedAt = this.#surroundings.clock.monotonicNow();
      this.transport.state = 'connected';
      if (this.#surroundings.path.showsIce) this.becomeIce('connected');
      this.become('connected');
    });
  }

  #dispatchCandidate(candidate: unknown): void {
    this.dispatchEvent(Object.assign(new Event('icecandidate'), { candidate }));
  }

  #after(milliseconds: number | null, callback: () => void): void {
    if (milliseconds === null || this.#state === 'closed') return;
    const { clock } = this.#surroundings;
    const timer = clock.setTimeout(() => {
      this.#timers.delete(timer);
      callback();
    }, milliseconds);
    this.#timers.add(timer);
  }

  #record(call: string): void {
    if (this.#state === 'closed') throw new DOMException('The connection is closed.', 'InvalidStateError');
    this.#surroundings.journal.push(`${this.name}.${call}`);
  }
}

/** The class that a world hands out. */
export function peerClass(surroundings: PeerSurroundings): typeof RTCPeerConnection {
  class Peer extends FakePeerConnection {
    constructor(configuration: RTCConfiguration = {}) {
      super(configuration, surroundings);
    }
  }
  return Peer as unknown as typeof RTCPeerConnection;
}
