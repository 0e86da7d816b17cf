import assert from 'node:assert/strict';
import { connect, createServer } from 'node:http2';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createIngest } from '../../demo/server/ingest.js';

test('An ingest on an HTTP/2 server answers HEAD as other methods', async () => {
  const ingest = createIngest({ origins: ['*'] });
  const server = createServer((req, res) => {
    ingest.handle(req as unknown as IncomingMessage, res as unknown as ServerResponse);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    for (const [path, expected] of [['/whip/one', 204] as const, ['/session/none', 404] as const]) {
      const stream = client.request({ ':method': 'HEAD', ':path': path });
      const [headers] = (await once(stream, 'response', { signal: AbortSignal.timeout(5_000) })) as [
        Record<string, unknown>,
      ];
      assert.equal(headers[':status'], expected, path);
    }
  } finally {
    client.destroy();
    server.close();
    await ingest.close();
  }
});
