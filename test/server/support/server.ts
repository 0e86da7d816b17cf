import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIngest, type Ingest, type IngestOptions } from '../../../demo/server/ingest.js';

/** An ingest behind an HTTP server of its own. */
export interface TestServer {
  readonly ingest: Ingest;
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts an ingest on a free port; every other path is answered with `page`. */
export async function startServer(options: IngestOptions = {}, page = 'not the ingest'): Promise<TestServer> {
  const ingest = createIngest(options);
  const server = createServer((req, res) => {
    if (!ingest.handle(req, res)) res.writeHead(200, { 'Content-Type': 'text/html' }).end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ingest,
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    async close() {
      await ingest.close();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Waits until a condition holds, or fails with what was waited for. */
export async function until(what: string, condition: () => unknown, timeoutMs = 10_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`in ${timeoutMs} ms not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
