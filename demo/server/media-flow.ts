import type { CodecChoice, MediaKind } from './sdp.js';

/** Without a packet for so long, a kind of media does not come. A still screen sends one picture a second. */
const GONE_MS = 2000;
/** What belongs together begins within this. */
const BEGINNING_MS = 1000;

/** Which kinds of media come in at the moment, out of those that were agreed on. */
export class MediaFlow {
  readonly #agreed: readonly MediaKind[];
  readonly #seenAt: Record<MediaKind, number> = { audio: -Infinity, video: -Infinity };
  #flowsSince = -Infinity;

  constructor(codecs: CodecChoice) {
    this.#agreed = (['audio', 'video'] as const).filter((kind) => codecs[kind]);
  }

  note(kind: MediaKind, nowMs: number): void {
    if (this.#kindsAt(nowMs).length === 0) this.#flowsSince = nowMs;
    this.#seenAt[kind] = nowMs;
  }

  /** The kinds that come; none while nothing does, or while one that has only begun may not be all. */
  coming(nowMs: number): readonly MediaKind[] {
    const kinds = this.#kindsAt(nowMs);
    return kinds.length === this.#agreed.length || nowMs - this.#flowsSince >= BEGINNING_MS ? kinds : [];
  }

  #kindsAt(nowMs: number): MediaKind[] {
    return this.#agreed.filter((kind) => nowMs - this.#seenAt[kind] < GONE_MS);
  }
}
