import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createIngest, type SessionInfo } from '../../demo/server/ingest.js';
import { serveStatic } from './static-files.js';

/** The built bundle, or another build of it. */
const CDN = [{ path: '/cdn/', folder: process.env['CDN'] ?? fileURLToPath(new URL('../../cdn', import.meta.url)) }];

/** A page, or a script of one, as a server sends it. */
export interface HostedPage {
  body: string;
  /** Default `text/html`. */
  type?: string;
  headers?: Record<string, string>;
}

/** The site of a page's author: pages of the test's own, with the headers that it wants, the bundle and an ingest. */
export class PageHost {
  readonly pages: Record<string, HostedPage>;
  /** Answers requests in place of the ingest: true where it has. */
  intercept: (req: IncomingMessage, res: ServerResponse) => boolean = () => false;
  /** The paths of the session URLs so far, each of which is a secret. */
  readonly sessionPaths = new Set<string>();
  readonly #ingest = createIngest();
  readonly #server: Server = createServer((req, res) => {
    const page = this.pages[req.url ?? ''];
    if (page) {
      const { body, type = 'text/html', headers } = page;
      return void res.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, ...headers }).end(body);
    }
    res.once('finish', () => {
      if (res.statusCode === 201) this.sessionPaths.add(String(res.getHeader('Location')));
    });
    if (this.intercept(req, res)) return;
    if (!this.#ingest.handle(req, res)) void serveStatic(CDN, req, res);
  });

  /** @param pages by their paths; may be added to at any time */
  constructor(pages: Record<string, HostedPage>) {
    this.pages = pages;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  get sessions(): readonly SessionInfo[] {
    return this.#ingest.sessions;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  /** The server ends its sessions by itself, and tells the browser so by DTLS. */
  async endSessions(): Promise<void> {
    for (const path of this.sessionPaths) await fetch(this.origin + path, { method: 'DELETE' });
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#ingest.close();
  }
}

/** A page with the element, as an author writes it. */
export function webcasterPage(attributes = '', head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>studio</title><link rel="icon" href="data:,">
<script type="module" src="/cdn/nano-webcaster.min.js"></script>${head}</head>
<body><nano-webcaster server="/whip/page" width="320" height="240" controls ${attributes}></nano-webcaster></body></html>`;
}
