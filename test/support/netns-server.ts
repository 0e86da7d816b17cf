/** The demo's ingest, as a process of its own on the server's side; it tells its parent all that it sees. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createIngest, type SessionInfo } from '../../demo/server/ingest.js';
import { listenSecurely } from './netns-tls.js';

/** Milliseconds between looks at the sessions. */
const LOOK = 50;

export interface ServerRequest {
  method: string;
  url: string;
  status: number;
  /** Milliseconds since 1970. */
  at: number;
  answeredAt: number;
  /** The client's address and port: one for each socket. */
  from: string;
}

export type ServerMessage =
  | { kind: 'loaded' }
  | { kind: 'listening' }
  | { kind: 'sessions'; at: number; sessions: readonly SessionInfo[] }
  | { kind: 'request'; request: ServerRequest }
  | { kind: 'socket'; at: number; from: string };

const tell = (message: ServerMessage) => void process.send?.(message, undefined, {}, () => undefined);

const ingest = createIngest();

function answer(req: IncomingMessage, res: ServerResponse): void {
  const { method = '', url = '', socket } = req;
  const request = { method, url, at: Date.now(), from: nameOf(socket) };
  res.once('finish', () =>
    tell({ kind: 'request', request: { ...request, status: res.statusCode, answeredAt: Date.now() } }),
  );
  if (ingest.handle(req, res)) return;
  res.writeHead(404, { 'Access-Control-Allow-Origin': '*' }).end();
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`;
}

/** Without TLS it is the backend of a proxy. */
async function listen(): Promise<void> {
  const version = process.env['NETNS_HTTP'];
  if (version === '1.1' || version === '2') {
    return listenSecurely(version, answer, (socket) => tell({ kind: 'socket', at: Date.now(), from: nameOf(socket) }));
  }
  const port = Number(process.env['NETNS_PORTS']);
  await new Promise<void>((listening) => void createServer(answer).listen(port, process.env['NETNS_HOST'], listening));
}

// It is ready to come up at once, however long a busy machine took to load it.
process.once('message', () => {
  void listen().then(() => tell({ kind: 'listening' }));
  setInterval(() => tell({ kind: 'sessions', at: Date.now(), sessions: ingest.sessions }), LOOK);
});
// Without its parent it has no purpose.
process.once('disconnect', () => process.exit(0));
tell({ kind: 'loaded' });
