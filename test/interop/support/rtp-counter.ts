/** What has arrived of one kind of media. */
export interface Arrived {
  packets: number;
  /** Bytes of payload. */
  bytes: number;
}

export interface ArrivedVideo extends Arrived {
  /** Frames that a decoder could show: whole, and in an unbroken row since a key frame. */
  frames: number;
  keyFrames: number;
}

const NAL_KEY_TYPES = [5, 7];

/** Counts the RTP packets of one track, and of video the frames that a decoder could show. */
export class RtpCounter {
  readonly arrived: ArrivedVideo = { packets: 0, bytes: 0, frames: 0, keyFrames: 0 };
  readonly #payloadType: number;
  readonly #codec: string;
  readonly #onBroken: () => void;
  #next: number | undefined;
  /** Since when nothing is missing: not yet, from a key frame on, and whether the frame in progress is one. */
  #isDecodable = false;
  #isWhole = false;
  #isKey = false;

  /**
   * @param codec as in `a=rtpmap`
   * @param onBroken called for every frame that cannot be shown: only a key frame mends it
   */
  constructor(payloadType: number, codec: string, onBroken: () => void = () => undefined) {
    this.#payloadType = payloadType;
    this.#codec = codec.toUpperCase();
    this.#onBroken = onBroken;
  }

  take(packet: Buffer): void {
    const payloadType = packet.readUInt8(1) & 0x7f;
    // RTCP comes the same way, and probing on a payload type of its own.
    if (packet.length < 12 || payloadType !== this.#payloadType) return;
    const payload = payloadOf(packet);
    this.arrived.packets += 1;
    this.arrived.bytes += payload.length;
    if (payload.length > 0) this.#follow(packet.readUInt16BE(2), (packet.readUInt8(1) & 0x80) !== 0, payload);
  }

  #follow(sequence: number, isLast: boolean, payload: Buffer): void {
    const ahead = this.#next === undefined ? 0 : ((sequence - this.#next) << 16) >> 16;
    // Late and sent again.
    if (ahead < 0) return;
    if (ahead > 0) this.#isDecodable = this.#isWhole = false;
    this.#next = (sequence + 1) & 0xffff;
    if (startsKeyFrame(this.#codec, payload)) this.#isKey = this.#isWhole = true;
    if (!isLast) return;
    if (this.#isKey && this.#isWhole) {
      this.arrived.keyFrames += 1;
      this.#isDecodable = true;
    }
    if (this.#isDecodable) this.arrived.frames += 1;
    else this.#onBroken();
    this.#isKey = false;
    this.#isWhole = true;
  }
}

function payloadOf(packet: Buffer): Buffer {
  const first = packet.readUInt8(0);
  let start = 12 + 4 * (first & 0x0f);
  if (first & 0x10) start += 4 + 4 * packet.readUInt16BE(start + 2);
  const padding = first & 0x20 ? packet.readUInt8(packet.length - 1) : 0;
  return packet.subarray(start, packet.length - padding);
}

function startsKeyFrame(codec: string, payload: Buffer): boolean {
  if (codec === 'VP8') return startsVp8KeyFrame(payload);
  return codec === 'H264' && startsH264KeyFrame(payload);
}

/** RFC 7741 section 4.2: the first partition of a frame begins with the bit that says whether it is a key frame. */
function startsVp8KeyFrame(payload: Buffer): boolean {
  const first = payload.readUInt8(0);
  if ((first & 0x17) !== 0x10) return false;
  let header = 1;
  if (first & 0x80) {
    const extensions = payload.readUInt8(1);
    header += 1;
    if (extensions & 0x80) header += payload.readUInt8(header) & 0x80 ? 2 : 1;
    if (extensions & 0x40) header += 1;
    if (extensions & 0x30) header += 1;
  }
  return header < payload.length && (payload.readUInt8(header) & 1) === 0;
}

/** RFC 6184: a single unit, the first one of an aggregate, or the beginning of a fragmented one. */
function startsH264KeyFrame(payload: Buffer): boolean {
  const type = payload.readUInt8(0) & 0x1f;
  if (type === 24 && payload.length > 3) return NAL_KEY_TYPES.includes(payload.readUInt8(3) & 0x1f);
  if (type !== 28) return NAL_KEY_TYPES.includes(type);
  const fragment = payload.readUInt8(1);
  return (fragment & 0x80) !== 0 && NAL_KEY_TYPES.includes(fragment & 0x1f);
}
