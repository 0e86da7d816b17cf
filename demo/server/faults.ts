import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from './problem.js';
import type { Publisher } from './publisher.js';

/** What the fault panel of the demo can do to a stream: see {@link Faults.begin}. */
export const FAULTS = ['cut', 'kill', 'refuse-409', 'refuse-503', 'stall', 'drop-rtmp'] as const;
export type Fault = (typeof FAULTS)[number];

/** Seconds that a fault lasts, which the panel of the demo says too. */
const SECONDS = 8;
const LASTING: readonly Fault[] = ['cut', 'refuse-409', 'refuse-503', 'stall'];
const RETRY_AFTER = '3';
/** So many streams may have faults at a time. */
const MOST_STREAMS = 50;

/** Faults on purpose, by stream. For development only. */
export class Faults {
  readonly #current = new Map<string, { fault: Fault; until: number }>();

  /**
   * Begins a fault; one that lasts ends the one before it.
   *
   * - `cut`: no packet of the publisher arrives, and none reaches it
   * - `kill`: the session ends, as when the server does
   * - `refuse-409`, `refuse-503`: the session ends, and new ones are refused
   * - `stall`: no request is answered
   * - `drop-rtmp`: the connection to the RTMP server is cut
   */
  begin(stream: string, fault: Fault, publisher: Publisher | undefined, end: (publisher: Publisher) => void): void {
    const needsPublisher = fault === 'cut' || fault === 'kill' || fault === 'drop-rtmp';
    if (needsPublisher && !publisher) throw new Problem(409, 'Nobody publishes this stream at the moment.');
    if (fault === 'drop-rtmp' && !publisher?.relay) throw new Problem(409, 'This stream does not go on by RTMP.');
    if (LASTING.includes(fault)) {
      if (this.#current.size >= MOST_STREAMS) this.#current.clear();
      this.#current.set(stream, { fault, until: Date.now() + 1000 * SECONDS });
    }
    if (fault === 'cut') publisher?.peer.cut(SECONDS);
    if (fault === 'drop-rtmp') publisher?.relay?.drop();
    if (publisher && (fault === 'kill' || fault.startsWith('refuse'))) end(publisher);
  }

  /** Lets a request for a stream wait, or refuses it. */
  async suffer(stream: string, isNewSession: boolean): Promise<void> {
    const { fault, until = 0 } = this.#current.get(stream) ?? {};
    const left = until - Date.now();
    if (left <= 0) return;
    if (fault === 'stall') await delay(left);
    if (!isNewSession) return;
    if (fault === 'refuse-409') throw new Problem(409, 'Refused on purpose: the stream is in use.');
    if (fault === 'refuse-503') {
      throw new Problem(503, 'Refused on purpose: the server is overloaded.', { 'Retry-After': RETRY_AFTER });
    }
  }
}
