import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';

/** The state of an RTMP output. */
export type OutputMessage = 'broadcasting' | 'reconnecting' | 'failed';

const COMMENT_INTERVAL_MS = 10_000;
const MOST_LISTENERS = 8;

/** The status channel of one session: server-sent events about its RTMP output. A late listener gets the last one first. */
export class StatusFeed {
  /** The secret in the channel's URL. It gives no power over the session. */
  readonly secret = randomUUID();
  readonly #listeners = new Set<Writable>();
  readonly #timer: NodeJS.Timeout;
  #last = '';

  constructor() {
    // Proxies cut connections that say nothing, and clients take them for dead.
    this.#timer = setInterval(() => this.#write(':\n\n'), COMMENT_INTERVAL_MS);
  }

  /**
   * Sends all further events to `listener`, which is ended with the channel. If there are too many, the oldest is ended:
   * a dead one is noticed only after minutes, and the newest is alive.
   */
  add(listener: Writable): void {
    const [oldest] = this.#listeners;
    if (oldest && this.#listeners.size >= MOST_LISTENERS) {
      this.#listeners.delete(oldest);
      oldest.end();
    }
    this.#listeners.add(listener);
    listener.once('close', () => this.#listeners.delete(listener));
    listener.write(this.#last || ':\n\n');
  }

  report(message: OutputMessage, reason?: string): void {
    this.#last = `data: ${JSON.stringify({ message, output: 'rtmp', reason })}\n\n`;
    this.#write(this.#last);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const listener of this.#listeners) listener.end();
    this.#listeners.clear();
  }

  #write(text: string): void {
    for (const listener of this.#listeners) listener.write(text);
  }
}
