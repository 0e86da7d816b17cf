import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createIngest, type Ingest } from '../../../demo/server/ingest.js';
import { serveStatic } from '../../../demo/server/static-files.js';
import { StatusFeed, type OutputMessage } from '../../../demo/server/status-feed.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ROOTS = [
  { path: '/', folder: folder('./') },
  { path: '/cdn/', folder: folder('../../../cdn/') },
];

const PAGE = `<!doctype html><meta charset="utf-8"><title>conformance</title><link rel="icon" href="data:,">
<video id="preview"></video>
<script src="/cdn/nanowebrtc.min.js"></script>
<script type="module" src="/lab.js"></script>`;

/** One origin with the page, the ingest, endpoints that refuse: `/status/503`, and one that reports on its RTMP output. */
export class LabServer {
  #ingest: Ingest = createIngest();
  readonly #feed = new StatusFeed();
  readonly #server: Server = createServer((request, response) => {
    // Where the broadcast is to go from here has tests of its own.
    const url = (request.url = request.url?.replace(/\?.*/, '') ?? '');
    const status = /^\/status\/(\d+)$/.exec(url)?.[1];
    if (url === '/whip/output') response.setHeader('Link', '</output>; rel="urn:x-nano-webcaster:broadcast-status"');
    if (url === '/') response.setHeader('Content-Type', 'text/html').end(PAGE);
    else if (status) response.writeHead(Number(status)).end();
    else if (url === '/output') this.#feed.add(response.writeHead(200, { 'Content-Type': 'text/event-stream' }));
    else if (!this.#ingest.handle(request, response)) void serveStatic(ROOTS, request, response);
  });

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}/`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, 'localhost', resolve));
  }

  /** Ends all sessions, as a server does that goes down. */
  async endSessions(): Promise<void> {
    const ingest = this.#ingest;
    this.#ingest = createIngest();
    await ingest.close();
  }

  /** Says how the RTMP output is. */
  reportOutput(message: OutputMessage): void {
    this.#feed.report(message, 'as the test has it');
  }

  async stop(): Promise<void> {
    this.#feed.close();
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#ingest.close();
  }
}
