/** The demo's ingest behind TLS, as a process of its own on the server's side; it tells its parent all that it sees. */
import { createServer, type Server } from 'node:https';
import { createSecureServer, type Http2Session } from 'node:http2';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createSelfSignedCertificate, HashAlgorithm, SignatureAlgorithm } from 'werift';
import { createIngest, type SessionInfo } from '../../demo/server/ingest.js';

/** Milliseconds between looks at the sessions. */
const LOOK = 50;
/** Milliseconds that an idle socket of HTTP is kept: as common servers do it, so that a dead one is there after a fault. */
const KEEP_ALIVE = Number(process.env['NETNS_KEEP_ALIVE'] ?? 75_000);

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

const ingest = createIngest({ origins: ['*'] });

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

/** HTTP/1.1, or HTTP/2 where it is asked for: with it a browser has one socket for all requests. */
async function newServer(): Promise<Server> {
  const { keyPem: key, certPem: cert } = await createSelfSignedCertificate({
    signature: SignatureAlgorithm.ecdsa_3,
    hash: HashAlgorithm.sha256_4,
  });
  if (process.env['NETNS_HTTP'] !== '2') return createServer({ key, cert }, answer);
  // Its requests and responses are made to be used as those of HTTP/1.1.
  return createSecureServer({ key, cert, allowHTTP1: true }, answer as never) as unknown as Server;
}

const server = await newServer();
server.keepAliveTimeout = KEEP_ALIVE;
server.on('session', (session: Http2Session) => session.setTimeout(KEEP_ALIVE, () => session.close()));
server.on('secureConnection', (socket: Socket) => tell({ kind: 'socket', at: Date.now(), from: nameOf(socket) }));
// It is ready to come up at once, however long a busy machine took to load it.
process.once('message', () => {
  server.listen(Number(process.env['NETNS_PORT']), process.env['NETNS_HOST'], () => tell({ kind: 'listening' }));
  setInterval(() => tell({ kind: 'sessions', at: Date.now(), sessions: ingest.sessions }), LOOK);
});
// Without its parent it has no purpose.
process.once('disconnect', () => process.exit(0));
tell({ kind: 'loaded' });
