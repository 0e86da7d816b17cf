import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** What is told of an RTMP output. */
export type OutputMessage = 'broadcasting' | 'reconnecting' | 'failed';

const COMMENT_INTERVAL_MS = 10_000;
const MOST_LISTENERS = 8;

/** The status channel of one session: server-sent events on how its RTMP output is. Who comes late hears the last one first. */
export class StatusFeed {
  /** The secret in the channel's URL. It gives no power over the session. */
  readonly secret = randomUUID();
  readonly #listeners = new Set<ServerResponse>();
  readonly #timer: NodeJS.Timeout;
  #last = '';

  constructor() {
    // Proxies cut connections that say nothing, and clients take them for dead.
    this.#timer = setInterval(() => this.#write(':\n\n'), COMMENT_INTERVAL_MS);
  }

  /**
   * Sends everything from now on to a response whose head has been written. Where too many listen, the oldest one has to
   * go: one that is dead shows only after minutes, and the newest is alive.
   */
  add(res: ServerResponse): void {
    const [oldest] = this.#listeners;
    if (oldest && this.#listeners.size >= MOST_LISTENERS) {
      this.#listeners.delete(oldest);
      oldest.end();
    }
    this.#listeners.add(res);
    res.once('close', () => this.#listeners.delete(res));
    res.write(this.#last || ':\n\n');
  }

  report(message: OutputMessage, reason?: string): void {
    this.#last = `data: ${JSON.stringify({ message, output: 'rtmp', reason })}\n\n`;
    this.#write(this.#last);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const res of this.#listeners) res.end();
    this.#listeners.clear();
  }

  #write(text: string): void {
    for (const res of this.#listeners) res.write(text);
  }
}
