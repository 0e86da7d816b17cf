/** HTTPS servers on the server's side, with certificates of their own making. */
import { createServer, type Server } from 'node:https';
import { createSecureServer, type Http2Session } from 'node:http2';
import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { createSelfSignedCertificate, HashAlgorithm, SignatureAlgorithm } from 'werift';

/** Milliseconds that an idle connection is kept: as common servers do it, so that a dead one is there after a fault. */
const KEEP_ALIVE = Number(process.env['NETNS_KEEP_ALIVE'] ?? 75_000);

/**
 * Listens at every port that `NETNS_PORTS` names. With HTTP/2 a browser has one connection for all requests to one port,
 * so clients that are not to share it have ports of their own.
 */
export async function listenSecurely(
  version: '1.1' | '2',
  answer: RequestListener,
  onConnection: (socket: Socket) => void = () => undefined,
): Promise<void> {
  const { keyPem: key, certPem: cert } = await createSelfSignedCertificate({
    signature: SignatureAlgorithm.ecdsa_3,
    hash: HashAlgorithm.sha256_4,
  });
  const ports = (process.env['NETNS_PORTS'] ?? '').split(',').map(Number);
  await Promise.all(
    ports.map((port) => {
      const server = newServer(version, { key, cert }, answer);
      server.keepAliveTimeout = KEEP_ALIVE;
      server.on('session', (session: Http2Session) => session.setTimeout(KEEP_ALIVE, () => session.close()));
      server.on('secureConnection', onConnection);
      return new Promise<void>((listening) => void server.listen(port, process.env['NETNS_HOST'], listening));
    }),
  );
}

function newServer(version: '1.1' | '2', identity: { key: string; cert: string }, answer: RequestListener): Server {
  if (version === '1.1') return createServer(identity, answer);
  // Its requests and responses are made to be used as those of HTTP/1.1.
  return createSecureServer({ ...identity, allowHTTP1: true }, answer as never) as unknown as Server;
}
