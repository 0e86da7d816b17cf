import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Problem } from './problem.js';

/** What is told of an RTMP output. */
export type LegMessage = 'broadcasting' | 'reconnecting' | 'failed';

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

  /** @throws Problem 503 where too many listen already */
  checkRoom(): void {
    if (this.#listeners.size >= MOST_LISTENERS) {
      throw new Problem(503, `${MOST_LISTENERS} listen to this channel already.`, { 'Retry-After': '5' });
    }
  }

  /** Sends everything from now on to a response whose head has been written. */
  add(res: ServerResponse): void {
    this.#listeners.add(res);
    res.once('close', () => this.#listeners.delete(res));
    res.write(this.#last || ':\n\n');
  }

  report(message: LegMessage, reason?: string): void {
    this.#last = `data: ${JSON.stringify({ message, leg: 'rtmp', reason })}\n\n`;
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
