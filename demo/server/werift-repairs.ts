/**
 * What werift 0.24.4 gets wrong for this use, mended from outside. Its version is pinned exactly because this module
 * reaches into it. Each repair has a test, in `test/server/werift-repairs.test.ts` or, where it takes two ends, in
 * `test/server/sessions.test.ts`. One more stands in {@link usableCandidate}: werift looks up every `….local` candidate
 * for 10 s, one after the other, before it goes on, and Firefox (which has several) gave up by then.
 */
import {
  MediaStreamTrack,
  RTCIceParameters,
  RTCRtpReceiver,
  type Connection,
  type Message,
  type RTCDtlsTransport,
  type RTCPeerConnection,
  type RTCRtpCodecParameters,
  type RtcpPacket,
  type RtpPacket,
} from 'werift';
import type { IceCredentials } from './fragment.js';
import { FeedbackCollector } from './transport-feedback.js';

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const FEEDBACK_INTERVAL_MS = 50;
/** SSRCs that one publisher may bring in unannounced: a few restarts of its encoder, with RTX. */
const MAX_LEARNT_SSRCS = 16;

interface StreamStatistics {
  jitter_q4: number;
  readonly clockRate: number;
}

/** The private parts of what asks for lost packets. */
interface NackHandler {
  newEstSeqNum: number;
  addPacket(packet: RtpPacket): void;
  removeLost(sequenceNumber: number): void;
  setLost(sequenceNumber: number, count: number): void;
  pruneLost(): void;
}

/** The private parts of a receiver that the repairs need. */
interface ReceiverInternals {
  nack: NackHandler;
  remoteStreams: Record<number, StreamStatistics>;
  codecs: Record<number, RTCRtpCodecParameters>;
  ssrcByRtx: Record<number, number>;
  tracks: MediaStreamTrack[];
  setupTWCC(ssrc: number): void;
  handleRTP(packet: RtpPacket, extensions: unknown, track: unknown): void;
}

/** What ICE sends and receives through. */
interface UdpTransport {
  socket?: NodeJS.EventEmitter;
  onData(data: Buffer, address: unknown): void;
  send(data: Buffer, address: unknown): Promise<void>;
}

interface PeerInternals {
  router: { ssrcTable: Record<number, unknown> };
}

let applied = false;
let nackRepaired = false;

/** Applies the repairs that concern every receiver of the process. Safe to call again. */
export function applyReceiverRepairs(): void {
  if (applied) return;
  applied = true;
  const receiver = RTCRtpReceiver.prototype as unknown as ReceiverInternals;
  // Its own feedback is built per receiver, without symbols for lost packets and without padding: browsers ignore it
  // and stay below 120 kbit/s. startTransportFeedback replaces it.
  receiver.setupTWCC = () => undefined;
  // A jump of the RTP timestamp (on RTX, or when it wraps) overflows the jitter, and every later report throws.
  const handleRTP = Reflect.get(receiver, 'handleRTP');
  receiver.handleRTP = function (packet, extensions, track) {
    if (!nackRepaired) repairNack(Object.getPrototypeOf(this.nack) as NackHandler);
    handleRTP.call(this, packet, extensions, track);
    const statistics = this.remoteStreams[packet.header.ssrc];
    if (statistics) clampJitter(statistics);
  };
}

/**
 * Sequence numbers are compared as plain numbers, so that at the turn of the 16 bits a lost packet ends all requests for
 * a whole round, and a late one has 65,000 packets requested. The class is not exported, hence its prototype.
 */
function repairNack(prototype: NackHandler): void {
  nackRepaired = true;
  const { addPacket } = prototype;
  prototype.addPacket = function (packet) {
    const { sequenceNumber } = packet.header;
    const ahead = (((sequenceNumber - this.newEstSeqNum) & 0xffff) ^ 0x8000) - 0x8000;
    const isFirst = this.newEstSeqNum === 0;
    if (isFirst || (ahead > 0 && sequenceNumber > this.newEstSeqNum)) {
      addPacket.call(this, packet);
      return;
    }
    this.removeLost(sequenceNumber);
    if (ahead <= 0) return;
    for (let i = 1; i < ahead; i++) this.setLost((this.newEstSeqNum + i) & 0xffff, 1);
    this.newEstSeqNum = sequenceNumber;
    this.pruneLost();
  };
}

/** Forgets a jitter of more than a second, which only a jump of timestamps can be. It is kept in sixteenths. */
export function clampJitter(statistics: StreamStatistics): void {
  const limit = 16 * statistics.clockRate;
  if (!(statistics.jitter_q4 >= 0 && statistics.jitter_q4 <= limit)) statistics.jitter_q4 = 0;
}

/**
 * Sends feedback on all packets of a transport, if the offer asked for it.
 * @returns Ends it.
 */
export function startTransportFeedback(pc: RTCPeerConnection, dtls: RTCDtlsTransport, senderSsrc: number): () => void {
  const id = Number(Object.entries(pc.extIdUriMap).find(([, uri]) => uri === TRANSPORT_CC)?.[0]);
  if (!id) return () => undefined;
  const collector = new FeedbackCollector(senderSsrc);
  const subscription = dtls.onRtp.subscribe(({ header }) => {
    const extension = header.extensions.find((one) => one.id === id);
    if (extension?.payload.length !== 2) return;
    collector.add(extension.payload.readUInt16BE(0), Math.round(performance.now() * 1000), header.ssrc);
  });
  const timer = setInterval(() => {
    if (dtls.state !== 'connected') return;
    const packet = collector.take();
    if (packet) dtls.sendRtcp([{ serialize: () => packet } as RtcpPacket]).catch(() => undefined);
  }, FEEDBACK_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    subscription.unSubscribe();
  };
}

/**
 * Makes the router learn SSRCs that the offer does not announce (simulcast offers name none), by payload type: without
 * this their packets are dropped.
 */
export function learnSsrcs(
  pc: RTCPeerConnection,
  dtls: RTCDtlsTransport,
  onTrack: (kind: 'audio' | 'video', track: MediaStreamTrack) => void,
): void {
  const { ssrcTable } = (pc as unknown as PeerInternals).router;
  let learnt = 0;
  dtls.onRtp.subscribe(({ header: { ssrc, payloadType } }) => {
    if (ssrcTable[ssrc] !== undefined || learnt >= MAX_LEARNT_SSRCS) return;
    for (const { receiver, kind } of pc.getTransceivers()) {
      const internals = receiver as unknown as ReceiverInternals;
      const codec = internals.codecs[payloadType];
      if (!codec) continue;
      learnt++;
      ssrcTable[ssrc] = receiver;
      if (codec.name.toLowerCase() === 'rtx') {
        const original = internals.tracks.at(-1)?.ssrc;
        if (original !== undefined) internals.ssrcByRtx[ssrc] = original;
        return;
      }
      const track = new MediaStreamTrack({ kind, ssrc, codec, remote: true });
      receiver.addTrack(track);
      onTrack(kind as 'audio' | 'video', track);
      return;
    }
  });
}

/**
 * Takes the start of ICE and DTLS out of werift's hands: its own `connect()` returns early once DTLS is up, so an ICE
 * restart would never nominate a pair, and runs DTLS twice for a restart before that.
 */
export function takeOverConnecting(pc: RTCPeerConnection): void {
  Object.defineProperty(pc, 'connect', { value: () => Promise.resolve() });
}

/**
 * Takes the checks of consent (RFC 7675) out of werift's hands: it asks once in 5 s and takes an answer after half a
 * second for none, so that a path with loss and jitter is dead to it after 30 s. Whether anything comes in, which says
 * the same, is watched by the peer itself.
 */
export function takeOverConsent(dtls: RTCDtlsTransport): void {
  const connection = dtls.iceTransport.connection as unknown as { queryConsent: () => void; consentFresh: boolean };
  connection.queryConsent = () => {
    connection.consentFresh = true;
  };
}

/** The private parts of an ICE agent that its checks need. */
interface IceAgentInternals {
  state: string;
  checkList: CheckedPair[];
  checkStart(pair: CheckedPair): unknown;
  checkComplete(pair: CheckedPair): void;
}

interface CheckedPair {
  state: number;
  remoteNominated: boolean;
  handle: unknown;
}

const CHECK_FAILED = 4;

/**
 * Goes on checking a pair that the client has nominated. werift gives a check up after a second and a half and waits for
 * the client's next one, but a browser that has nominated a pair asks again only seconds later: until then it would get
 * nothing back. A check of an earlier ICE generation that ends late counts for nothing.
 */
export function persistInChecks({ iceTransport }: Pick<RTCDtlsTransport, 'iceTransport'>): void {
  const agent = iceTransport.connection as unknown as IceAgentInternals;
  const { checkComplete } = agent;
  agent.checkComplete = (pair) => {
    if (!agent.checkList.includes(pair)) return;
    const isToGoOn = pair.state === CHECK_FAILED && pair.remoteNominated && agent.state !== 'closed';
    if (isToGoOn) pair.handle = agent.checkStart(pair);
    else checkComplete.call(agent, pair);
  };
}

/**
 * Restarts ICE on the transport alone. A renegotiation would do the same and also fire `ontrack` again and rebuild the
 * receivers.
 */
export async function restartIce(dtls: RTCDtlsTransport, { ufrag, pwd }: IceCredentials): Promise<void> {
  const ice = dtls.iceTransport;
  ice.setRemoteParams(new RTCIceParameters({ usernameFragment: ufrag, password: pwd, iceLite: false }));
  await ice.gather();
}

/**
 * A filter for incoming connectivity checks: only those of the current ICE generation of both ends count. A browser keeps
 * checking with the old credentials of this end until it has the new ones: werift would take its own username from such
 * a check, and a browser that was answered would stay with that pair for 5 s after the restart, without any feedback.
 */
export function isCurrentCheck(
  message: Pick<Message, 'getAttributeValue'>,
  { localUsername, remoteUsername }: Pick<Connection, 'localUsername' | 'remoteUsername'>,
): boolean {
  return message.getAttributeValue('USERNAME') === `${localUsername}:${remoteUsername}`;
}

/**
 * Gives every UDP socket an error handler. werift has none, and one send to an unreachable candidate address would end
 * the process.
 * @param isCut whether packets are dropped at the moment, for faults on purpose
 */
export function guardSockets(dtls: RTCDtlsTransport, isCut: () => boolean = () => false): void {
  const { protocols } = dtls.iceTransport.connection as unknown as { protocols: { transport?: UdpTransport }[] };
  for (const { transport } of protocols) {
    if (transport?.socket?.listenerCount('error') !== 0) continue;
    transport.socket.on('error', () => undefined);
    const { onData, send } = transport;
    transport.onData = (...packet) => void (isCut() || onData(...packet));
    transport.send = async (...packet) => void (isCut() || (await send(...packet)));
  }
}

/**
 * Has a packet that cannot be sent count as lost. The flights of a DTLS handshake await none of their sends, and one
 * that the socket refuses (it is closed) would end the process as an unhandled rejection.
 */
export function tolerateFailedSends({ iceTransport: { connection } }: Pick<RTCDtlsTransport, 'iceTransport'>): void {
  const { send } = connection;
  connection.send = (data) => send(data).catch(() => undefined);
}

/** Tells the peer that this DTLS connection ends (a `close_notify` alert), which werift never does. */
export async function sendCloseNotify(dtls: RTCDtlsTransport): Promise<void> {
  const socket = dtls.dtls;
  // Epoch 1 means that this end has its keys and has sent its Finished; the other end may be connected already.
  if (!socket || socket.dtls.epoch === 0) return;
  const alert = Buffer.from([1, 0]);
  const header = {
    contentType: 21,
    protocolVersion: socket.dtls.version,
    epoch: socket.dtls.epoch,
    sequenceNumber: ++socket.dtls.recordSequenceNumber,
    contentLen: alert.length,
  };
  type Plaintext = Parameters<typeof socket.cipher.encryptPacket>[0];
  const { fragment } = socket.cipher.encryptPacket({ recordLayerHeader: header, fragment: alert } as Plaintext);
  await dtls.iceTransport.connection.send(serializeRecord(header, fragment));
}

function serializeRecord(
  header: {
    contentType: number;
    protocolVersion: { major: number; minor: number };
    epoch: number;
    sequenceNumber: number;
  },
  fragment: Buffer,
): Buffer {
  const record = Buffer.alloc(13 + fragment.length);
  record.writeUInt8(header.contentType, 0);
  record.writeUInt8(header.protocolVersion.major, 1);
  record.writeUInt8(header.protocolVersion.minor, 2);
  record.writeUInt16BE(header.epoch, 3);
  record.writeUIntBE(header.sequenceNumber, 5, 6);
  record.writeUInt16BE(fragment.length, 11);
  fragment.copy(record, 13);
  return record;
}
