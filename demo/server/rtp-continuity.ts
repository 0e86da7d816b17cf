/** What of an RTP header places a packet in its stream. */
export interface RtpPlace {
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

/** How many packets back a late one is still sent on; later ones are of no use to a player. */
const WINDOW = 1024;
/** A source that is away shorter than this leaves a gap in time of at least this, so that frames never share a time. */
const MIN_GAP_MS = 20;

/**
 * Renumbers the packets of changing sources into one unbroken RTP stream, so that a player notices no more of a new
 * publisher than a pause.
 */
export class RtpContinuity {
  readonly #clockRate: number;
  #source: object | undefined;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #highest = 0;
  #timestamp = 0;
  #sentAt = 0;
  #seen = new Set<number>();

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** Whether `source` differs from the one before. */
  isNewSource(source: object): boolean {
    return this.#source !== source;
  }

  /** The packet's place in the outgoing stream, or `undefined` for one to drop: a duplicate or far too late. */
  next(source: object, place: RtpPlace, nowMs: number): RtpPlace | undefined {
    if (this.#source !== source) this.#attach(source, place, nowMs);
    const sequenceNumber = (place.sequenceNumber + this.#sequenceOffset) & 0xffff;
    const timestamp = (place.timestamp + this.#timestampOffset) >>> 0;
    const ahead = (((sequenceNumber - this.#highest) & 0xffff) ^ 0x8000) - 0x8000;
    if (ahead <= -WINDOW || this.#seen.has(sequenceNumber)) return undefined;
    this.#seen.add(sequenceNumber);
    if (ahead > 0) {
      for (let i = 1; i <= Math.min(ahead, WINDOW); i++) this.#seen.delete((this.#highest + i - WINDOW) & 0xffff);
      this.#highest = sequenceNumber;
      this.#timestamp = timestamp;
      this.#sentAt = nowMs;
    }
    if (ahead > WINDOW) this.#seen = new Set([sequenceNumber]);
    return { sequenceNumber, timestamp };
  }

  #attach(source: object, place: RtpPlace, nowMs: number): void {
    const isFirst = this.#source === undefined;
    this.#source = source;
    if (isFirst) {
      this.#highest = (place.sequenceNumber - 1) & 0xffff;
      return;
    }
    // Late packets from before the first one of this source would land on numbers of the source before it.
    for (let i = 0; i < WINDOW; i++) this.#seen.add((this.#highest - i) & 0xffff);
    const gap = Math.round((Math.max(nowMs - this.#sentAt, MIN_GAP_MS) * this.#clockRate) / 1000);
    this.#sequenceOffset = (this.#highest + 1 - place.sequenceNumber) & 0xffff;
    this.#timestampOffset = (this.#timestamp + gap - place.timestamp) >>> 0;
  }
}
