/** When one packet arrived, by its extended (unwrapped) transport sequence number. */
export interface Arrival {
  readonly sequence: number;
  /** Microseconds on any steady clock. */
  readonly time: number;
}

/** What one feedback packet reports. */
export interface FeedbackReport {
  readonly senderSsrc: number;
  readonly mediaSsrc: number;
  /** First sequence number that is reported on; those without an arrival are reported as lost. */
  readonly base: number;
  /** Sorted by sequence number, none below `base`, at least one. */
  readonly arrivals: readonly Arrival[];
  /** Counts the feedback packets, so that the sender notices lost ones. */
  readonly count: number;
}

const RTPFB_TRANSPORT_CC = 0x8f;
const RTPFB = 205;
const DELTA_UNIT_US = 250;
const REFERENCE_UNIT_US = 64_000;
const SYMBOLS_PER_CHUNK = 7;
/** Packets on which one report says something at most; the field is 16 bits, the rest is long outdated. */
const MAX_REPORTED = 2000;

/**
 * Encodes a report by draft-holmer-rmcat-transport-wide-cc-extensions-01, with status vector chunks of two-bit symbols:
 * 0 not received, 1 a delta of one byte, 2 a delta of two.
 */
export function encodeFeedback({ senderSsrc, mediaSsrc, base, arrivals, count }: FeedbackReport): Buffer {
  const last = arrivals.at(-1)?.sequence ?? base;
  const reference = Math.floor((arrivals[0]?.time ?? 0) / REFERENCE_UNIT_US);
  const symbols = new Uint8Array(last - base + 1);
  const deltas: number[] = [];
  let clock = reference * REFERENCE_UNIT_US;
  for (const { sequence, time } of arrivals) {
    const delta = Math.max(-32_768, Math.min(32_767, Math.round((time - clock) / DELTA_UNIT_US)));
    clock += delta * DELTA_UNIT_US;
    const small = delta >= 0 && delta <= 255;
    symbols[sequence - base] = small ? 1 : 2;
    deltas.push(...(small ? [delta] : [(delta >> 8) & 0xff, delta & 0xff]));
  }

  const chunks = Math.ceil(symbols.length / SYMBOLS_PER_CHUNK);
  const unpadded = 20 + chunks * 2 + deltas.length;
  const padding = (4 - (unpadded % 4)) % 4;
  const packet = Buffer.alloc(unpadded + padding);
  packet.writeUInt8(RTPFB_TRANSPORT_CC | (padding > 0 ? 0x20 : 0), 0);
  packet.writeUInt8(RTPFB, 1);
  packet.writeUInt16BE(packet.length / 4 - 1, 2);
  packet.writeUInt32BE(senderSsrc, 4);
  packet.writeUInt32BE(mediaSsrc, 8);
  packet.writeUInt16BE(base & 0xffff, 12);
  packet.writeUInt16BE(symbols.length, 14);
  packet.writeUIntBE(reference & 0xffffff, 16, 3);
  packet.writeUInt8(count & 0xff, 19);
  for (let chunk = 0; chunk < chunks; chunk++) {
    let bits = 0b11;
    for (let i = 0; i < SYMBOLS_PER_CHUNK; i++) bits = (bits << 2) | (symbols[chunk * SYMBOLS_PER_CHUNK + i] ?? 0);
    packet.writeUInt16BE(bits, 20 + chunk * 2);
  }
  Buffer.from(deltas).copy(packet, 20 + chunks * 2);
  if (padding > 0) packet.writeUInt8(padding, packet.length - 1);
  return packet;
}

/** Collects the arrivals of one transport and turns them into feedback packets. */
export class FeedbackCollector {
  readonly #senderSsrc: number;
  #arrivals = new Map<number, number>();
  #highest: number | undefined;
  #next: number | undefined;
  #mediaSsrc = 0;
  #count = 0;

  constructor(senderSsrc: number) {
    this.#senderSsrc = senderSsrc;
  }

  /** Notes a packet by the 16-bit number in its header extension. */
  add(sequence: number, time: number, mediaSsrc: number): void {
    // The first number starts one turn up, so that a packet just before it stays above zero.
    const highest = this.#highest ?? sequence + 0x10000;
    const distance = (((sequence - highest) & 0xffff) ^ 0x8000) - 0x8000;
    const extended = highest + distance;
    this.#highest = Math.max(highest, extended);
    this.#mediaSsrc = mediaSsrc;
    this.#arrivals.set(extended, time);
  }

  /** The feedback on everything since the last call, or `undefined` when nothing arrived. */
  take(): Buffer | undefined {
    if (this.#arrivals.size === 0) return undefined;
    let arrivals = [...this.#arrivals].map(([sequence, time]) => ({ sequence, time }));
    arrivals.sort((a, b) => a.sequence - b.sequence);
    this.#arrivals = new Map();
    const last = arrivals.at(-1)?.sequence ?? 0;
    arrivals = arrivals.filter(({ sequence }) => last - sequence < MAX_REPORTED);
    const first = arrivals[0]?.sequence ?? last;
    const next = this.#next ?? first;
    const base = last - next < MAX_REPORTED ? Math.min(next, first) : first;
    this.#next = last + 1;
    const report = { senderSsrc: this.#senderSsrc, mediaSsrc: this.#mediaSsrc, base, arrivals, count: this.#count };
    this.#count = (this.#count + 1) & 0xff;
    return encodeFeedback(report);
  }
}
