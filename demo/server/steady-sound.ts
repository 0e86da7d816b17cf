import { RtpHeader, RtpPacket } from 'werift';
import { RtpContinuity, type RtpPlace } from './rtp-continuity.js';
import type { CodecChoice, MediaKind } from './sdp.js';

/** One packet on its way out. */
export interface Outgoing {
  readonly kind: MediaKind;
  readonly packet: RtpPacket;
}

/** Silence in Opus (RFC 6716): a frame of 20 ms without anything in it. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
const SILENCE_MS = 20;
/** Longer than the pauses of discontinuous transmission, which are 400 ms. */
const GONE_MS = 500;
/** After a stall of the network the sound comes right behind the picture, and nothing is missing. */
const DOUBT_MS = 200;
/** What lacks more is left out: the picture was away too. */
const MOST_AT_ONCE_MS = 2000;

/**
 * Sends silence where a page has agreed on sound and only its picture comes, because its microphone was closed: RTMP
 * servers and their players wait for both. The sound that comes back goes on where the silence has got to, for browsers
 * stop the clock of a track that is away.
 */
export class SteadySound {
  readonly #clockRate: number | undefined;
  readonly #continuity: RtpContinuity;
  #soundAt: number | undefined;
  #missedSince: number | undefined;
  #silence: { count: number; nextAt: number } | undefined;

  constructor({ audio }: CodecChoice) {
    this.#clockRate = audio?.clockRate;
    this.#continuity = new RtpContinuity(audio?.clockRate ?? 48_000);
  }

  /** What is to be sent on for a packet that has come: mostly itself. */
  take(kind: MediaKind, packet: RtpPacket, nowMs: number): Outgoing[] {
    if (kind === 'video') return [...this.#silenceUntil(nowMs), { kind, packet }];
    this.#soundAt = nowMs;
    this.#missedSince = this.#silence = undefined;
    return this.#place(this, packet.header, packet.payload, nowMs);
  }

  /** The picture is the clock: where nothing comes at all, nothing is to be made up. */
  #silenceUntil(nowMs: number): Outgoing[] {
    this.#soundAt ??= nowMs;
    if (this.#clockRate === undefined || nowMs - this.#soundAt < GONE_MS) return [];
    this.#missedSince ??= nowMs;
    if (nowMs - this.#missedSince < DOUBT_MS) return [];
    const isPaused = nowMs - (this.#silence?.nextAt ?? -Infinity) > MOST_AT_ONCE_MS;
    const silence = !this.#silence || isPaused ? { count: 0, nextAt: nowMs } : this.#silence;
    this.#silence = silence;
    const outgoing: Outgoing[] = [];
    for (; silence.nextAt <= nowMs; silence.nextAt += SILENCE_MS) {
      const sequenceNumber = silence.count & 0xffff;
      const timestamp = ((silence.count * this.#clockRate * SILENCE_MS) / 1000) >>> 0;
      outgoing.push(...this.#place(silence, { sequenceNumber, timestamp }, SILENCE, silence.nextAt));
      silence.count++;
    }
    return outgoing;
  }

  #place(source: object, place: RtpPlace & { readonly marker?: boolean }, payload: Buffer, atMs: number): Outgoing[] {
    const placed = this.#continuity.next(source, place, atMs);
    if (!placed) return [];
    return [
      { kind: 'audio', packet: new RtpPacket(new RtpHeader({ ...placed, marker: place.marker ?? false }), payload) },
    ];
  }
}
