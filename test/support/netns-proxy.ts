/** A TLS proxy with HTTP/2 in front of the ingest, as a process of its own: it stays up while the ingest is killed or frozen. */
import { request as forward } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { listenSecurely } from './netns-tls.js';

const [host, port] = [process.env['NETNS_BACKEND_HOST'], Number(process.env['NETNS_BACKEND_PORT'])];
/** Headers of one hop only (RFC 9113 section 8.2.2). */
const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'host'];

function pass(req: Http2ServerRequest, res: Http2ServerResponse): void {
  const headers = Object.entries(req.headers).filter(([name]) => !name.startsWith(':') && !HOP.includes(name));
  const backend = forward(
    { host, port, method: req.method, path: req.url, headers: Object.fromEntries(headers), agent: false },
    (answer) => {
      const kept = Object.entries(answer.headers).filter(([name]) => !HOP.includes(name));
      res.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept));
      answer.pipe(res);
    },
  );
  backend.once('error', () => {
    // As nginx: a readable status is not to be had from a proxy that adds no CORS headers.
    if (!res.headersSent) res.writeHead(502);
    res.end();
  });
  res.once('close', () => backend.destroy());
  req.pipe(backend);
}

await listenSecurely('2', pass as never);
// Without its parent it has no purpose.
process.once('disconnect', () => process.exit(0));
process.send?.({ kind: 'listening' });
