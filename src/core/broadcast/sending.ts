import type { BitratesConfig } from '../api/config.js';
import type { LogSink } from '../platform/logger.js';
import type { MediaKind } from '../media/devices.js';
import { maxBitrateOf, orderCodecs } from '../media/encoding.js';
import { type Encoding } from '../api/encoding-config.js';
import { untilAborted } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** By how much a stalled encoder's resolution is lowered. */
const LOWER_RESOLUTION = 1.5;

export interface SendingRequest {
  /** What is to be sent, as it is now. */
  stream: () => MediaStream;
  /** How it is encoded; a token of a provider may name an output, which changes a default. */
  encoding: () => Encoding;
  /** The bitrates in force. */
  bitrates: () => BitratesConfig;
  /** A track of a kind that the server has refused: it is not offered again. */
  leftOut: () => MediaStreamTrack | undefined;
  world: World;
  log: LogSink;
}

/** What one peer connection sends: its tracks, codecs and bitrates. */
export class Sending {
  readonly #peer: RTCPeerConnection;
  readonly #request: SendingRequest;
  readonly #life: AbortSignal;
  /** Tracks that take more than another track of their kind: a new negotiation. */
  readonly #refused = new WeakSet<MediaStreamTrack>();
  #taking: Promise<void> = Promise.resolve();

  /** @param life ends what is still being switched when the connection is closed */
  constructor(peer: RTCPeerConnection, request: SendingRequest, life: AbortSignal) {
    this.#peer = peer;
    this.#request = request;
    this.#life = life;
  }

  /** Adds a send-only transceiver for the first track of each kind; they are the first of the connection. */
  addTracks(): void {
    const { bitrates, leftOut } = this.#request;
    const { maxFramerate } = this.#request.encoding();
    const stream = this.#stream();
    const first = [...stream.getAudioTracks().slice(0, 1), ...stream.getVideoTracks().slice(0, 1)];
    for (const track of first.filter((one) => one !== leftOut())) {
      const maxBitrate = maxBitrateOf(track.kind, bitrates());
      const transceiver = this.#peer.addTransceiver(track, {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: [
          {
            ...(maxBitrate !== undefined && { maxBitrate }),
            ...(track.kind === 'video' && maxFramerate && { maxFramerate }),
          },
        ],
      });
      if (track.kind !== 'video') continue;
      this.#preferCodec(transceiver);
    }
  }

  /** Sends the tracks that the stream has now: devices are switched within the session (RFC 9725 section 4.2). */
  takeTracks(): Promise<void> {
    // One after the other: what a sender sends shows only when a switch is done.
    this.#taking = this.#taking.then(() => this.#switchTracks());
    return this.#taking;
  }

  /** A track that is there to be sent and that this connection, as it was negotiated, does not send. */
  get lackedTrack(): MediaStreamTrack | undefined {
    const live = this.#stream()
      .getTracks()
      .filter(({ readyState }) => readyState === 'live');
    return live.find((track) => !this.sends(track.kind) || this.#refused.has(track));
  }

  /** Whether a kind of track was negotiated. */
  sends(kind: string): boolean {
    return this.#peer.getTransceivers().some(({ receiver }) => receiver.track.kind === kind);
  }

  /** Holds what is being sent to the bitrates in force. */
  async setBitrates(): Promise<void> {
    const bitrates = this.#request.bitrates();
    const { degradationPreference } = this.#request.encoding();
    for (const { sender, receiver } of this.#peer.getTransceivers()) {
      const { kind } = receiver.track;
      const maxBitrate = maxBitrateOf(kind, bitrates);
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) {
        if (maxBitrate === undefined) delete encoding.maxBitrate;
        else encoding.maxBitrate = maxBitrate;
      }
      if (degradationPreference && kind === 'video') Object.assign(parameters, { degradationPreference });
      await untilAborted(sender.setParameters(parameters), this.#life).catch((error: unknown) => {
        this.#request.log.warn(`The ${kind} encoding could not be changed:`, error);
      });
    }
  }

  /** Some browsers refuse codecs that they send and do not receive; then those that they do both with are preferred. */
  #preferCodec(transceiver: RTCRtpTransceiver): void {
    const { encoding, world, log } = this.#request;
    const sendable = orderCodecs(world.senderCodecs('video'), encoding().videoCodec);
    const keyOf = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec) => `${mimeType} ${sdpFmtpLine}`.toLowerCase();
    const receivable = new Set(world.receiverCodecs('video').map(keyOf));
    const both = sendable.filter((codec) => receivable.has(keyOf(codec)));
    try {
      transceiver.setCodecPreferences(sendable);
    } catch {
      try {
        transceiver.setCodecPreferences(both);
      } catch (error) {
        log.warn('The browser accepts no preference for a video codec:', error);
      }
    }
  }

  /**
   * Restarts an encoder by turning its encodings off and on; video at a lower resolution, since encoders fail at some.
   * @throws DOMException if the browser refuses
   */
  async kickEncoder(kind: MediaKind): Promise<void> {
    const sender = this.#peer.getSenders().find(({ track }) => track?.kind === kind);
    if (!sender) return;
    const change = (apply: (encoding: RTCRtpEncodingParameters) => void) => {
      const parameters = sender.getParameters();
      parameters.encodings.forEach(apply);
      return untilAborted(sender.setParameters(parameters), this.#life);
    };
    await change((encoding) => (encoding.active = false));
    await change((encoding) => {
      encoding.active = true;
      if (kind === 'video') encoding.scaleResolutionDownBy = LOWER_RESOLUTION;
    });
  }

  async #switchTracks(): Promise<void> {
    for (const { sender, receiver } of this.#peer.getTransceivers()) {
      const { kind } = receiver.track;
      const tracks = this.#stream().getTracks();
      const track = tracks.find((one) => one.kind === kind) ?? null;
      if (sender.track === track) continue;
      await untilAborted(sender.replaceTrack(track), this.#life).catch((error: unknown) => {
        if (this.#life.aborted) return undefined;
        this.#request.log.warn(`The ${kind} track could not be changed:`, error);
        if (track) this.#refused.add(track);
        // What is not to be sent any more is beyond our mute. Only a closed sender refuses null, and after the end of the
        // connection nobody waits for it.
        return untilAborted(sender.replaceTrack(null), this.#life).catch(() => undefined);
      });
    }
  }

  #stream(): MediaStream {
    const stream = this.#request.stream();
    const { contentHint } = this.#request.encoding();
    if (contentHint) for (const track of stream.getVideoTracks()) track.contentHint = contentHint;
    return stream;
  }
}
