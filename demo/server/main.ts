/** The demo in one process on one port: the pages, the built bundle and the media ingest. For development. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { findFfmpeg } from '../../scripts/servers.mjs';
import { createIngest } from './ingest.js';
import { serveStatic, type StaticRoot } from './static-files.js';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const roots: readonly StaticRoot[] = [
  { path: '/', folder: folder('../'), hidden: ['server'] },
  { path: '/cdn/', folder: folder('../../cdn/') },
  { path: '/docs/', folder: folder('../../docs-site/') },
];

const host = process.env['HOST'] ?? 'localhost';
const port = Number(process.env['PORT'] ?? 8080);
const token = process.env['TOKEN'];
const listOf = (name: string) => (process.env[name] ?? '').split(/[\s,]+/).filter(Boolean);
const programs = findFfmpeg();
const ingest = createIngest({
  ...(token !== undefined && { token }),
  rtmp: {
    programs: programs && { ...programs, ca: process.env['RTMP_CA'] },
    hosts: listOf('RTMP_HOSTS'),
    origins: listOf('RTMP_ORIGINS'),
  },
  faults: true,
});

function newServer(): Server {
  return createServer((req, res) => {
    if (!ingest.handle(req, res)) serveStatic(roots, req, res).catch(() => res.destroy());
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
  console.log(`nano-webcaster demo: http://${host.includes(':') ? `[${host}]` : host}:${real}/`);
  return servers;
}

try {
  const servers = await start();
  const stop = async () => {
    for (const server of servers) server.close();
    await ingest.close();
    for (const server of servers) server.closeAllConnections();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
