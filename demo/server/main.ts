/** The demo in one process on one port: pages with the sources, docs, and the media ingest. For development. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startDevServer } from '@web/dev-server';
import { findFfmpeg } from './ffmpeg.mjs';
import { decideAccess } from './access.js';
import { senderOf } from './http.js';
import { createIngest } from './ingest.js';
import { guardPages } from './pages.js';

const CONFIG = fileURLToPath(new URL('../web-dev-server.config.mjs', import.meta.url));
/** Milliseconds until a request has to be there as a whole. */
const REQUEST_TIMEOUT = 30_000;

const host = process.env['HOST'] ?? 'localhost';
const port = Number(process.env['PORT'] ?? 8080);
const listOf = (name: string) => (process.env[name] ?? '').split(/[\s,]+/).filter(Boolean);
const access = { hosts: [host, ...listOf('HOSTS')], origins: listOf('ORIGINS') };
const programs = findFfmpeg();
const ingest = createIngest({
  ...access,
  token: process.env['TOKEN'],
  publicPlayback: process.env['PUBLIC_PLAYBACK'] === '1',
  rtmp: { programs: programs && { ...programs, ca: process.env['RTMP_CA'] }, hosts: listOf('RTMP_HOSTS') },
  faults: true,
});

/** Listens on nothing itself: its own listening would be on all interfaces. Gets the requests for its WebSocket here. */
const webSockets = createServer();
const devServer = await startDevServer({
  argv: ['--config', CONFIG],
  autoExitProcess: false,
  logStartMessage: false,
  config: {
    middlewareMode: { server: webSockets },
    middleware: [ingest.middleware, guardPages(access)],
  },
});
const answer = devServer.koaApp.callback();

function newServer(): Server {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT }, (req, res) => void answer(req, res));
  return server.on('upgrade', (req, socket, head) => {
    if (decideAccess(senderOf(req), access).isAllowed) webSockets.emit('upgrade', req, socket, head);
    else socket.destroy();
  });
}

function listen(server: Server, address: string, at: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(at, address, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code === 'EADDRINUSE') return `Port ${port} is in use. Set another one: PORT=8081 npm start`;
  if (error.code === 'EACCES') return `Port ${port} needs more rights. Set another one: PORT=8080 npm start`;
  return `Cannot listen on ${host}:${port}: ${error.message}`;
}

async function start(): Promise<Server[]> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT=${process.env['PORT']} is no port.`);
  const servers = [newServer()];
  const real = await listen(servers[0] as Server, host === 'localhost' ? '127.0.0.1' : host, port).catch(
    (error: unknown) => {
      throw new Error(explain(error as NodeJS.ErrnoException));
    },
  );
  if (host === 'localhost') {
    // Browsers may try ::1 first; a machine without IPv6 does well without.
    const second = newServer();
    await listen(second, '::1', real).then(
      () => servers.push(second),
      () => undefined,
    );
  }
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${real}/`;
  console.log(`nano-webcaster demo: ${address}\nDocs: ${address}docs/`);
  return servers;
}

try {
  const servers = await start();
  const stop = async () => {
    for (const server of servers) server.close();
    await Promise.all([ingest.close(), devServer.stop()]);
    for (const server of servers) server.closeAllConnections();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
