import type { ServerResponse } from 'node:http';
import type { OutputMessage, StatusFeed } from '../../../demo/server/status-feed.js';

export interface Report {
  message: OutputMessage;
  output: string;
  reason?: string;
}

/** Listens to a status channel from inside. */
export class Listener {
  hasEnded = false;
  #text = '';
  #onClose: () => void = () => undefined;

  constructor(feed: StatusFeed) {
    const response: Pick<ServerResponse, 'write' | 'end' | 'once'> = Object.assign(Object.create(null), {
      write: (text: string) => (this.#text += text),
      end: () => (this.hasEnded = true),
      once: (_: string, listener: () => void) => (this.#onClose = listener),
    });
    feed.add(response as ServerResponse);
  }

  get reports(): Report[] {
    return [...this.#text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data) as Report);
  }

  get messages(): OutputMessage[] {
    return this.reports.map(({ message }) => message);
  }

  goAway(): void {
    this.#onClose();
  }
}
