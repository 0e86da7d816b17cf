import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { createServer, type Server } from 'node:tls';
import { promisify } from 'node:util';
import { RtpHeader, RtpPacket } from 'werift';
import { FfmpegRun } from '../../demo/server/ffmpeg-run.js';
import { findFfmpeg } from '../../demo/server/ffmpeg.mjs';
import { findServer } from '../support/media-servers.mjs';
import { describeInChromium } from '../support/tier.js';

const OPUS = { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, parameters: '' };
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);
/** The first byte of an RTMP client: the version of the protocol. */
const RTMP_VERSION = 3;

const programs = findFfmpeg();
const missing = [findServer('ffmpeg'), findServer('openssl')].find((one) => 'missing' in one);

describeInChromium('The certificate of an RTMPS server', { skip: missing?.missing ?? false }, () => {
  let folder: string;
  let ca: string;
  let server: Server;
  /** What each client began with, once it had accepted the certificate. */
  const begun: (number | undefined)[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtmps-'));
    ca = join(folder, 'ca.pem');
    const key = join(folder, 'key.pem');
    const what = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
    const how = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', ca];
    await promisify(execFile)('openssl', [...how, ...what]);
    server = createServer({ key: await readFile(key), cert: await readFile(ca) }, (socket) => {
      socket.on('error', () => undefined).once('data', (data: Buffer) => begun.push(data[0]) && socket.destroy());
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
  });

  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  /** Sends sound to the server until ffmpeg gives up, and returns why it did. */
  async function send(authority?: string): Promise<string> {
    assert.ok(programs);
    const { port } = server.address() as AddressInfo;
    const target = { url: `rtmps://localhost:${port}/live/KEY`, hostname: 'localhost', port };
    const events = { onLive: () => undefined, onKeyframeNeeded: () => undefined };
    const run = await FfmpegRun.start(target, { audio: OPUS }, { ...programs, ca: authority }, events);
    let count = 0;
    const timer = setInterval(() => {
      const place = { sequenceNumber: ++count & 0xffff, timestamp: count * 960 };
      run.send('audio', new RtpPacket(new RtpHeader(place), SILENCE));
    }, 20);
    const reason = await run.ended;
    clearInterval(timer);
    return reason;
  }

  it('has to be valid: nothing is sent to a server that nobody vouches for', async () => {
    assert.match(await send(), /^The RTMP server did not take the stream: /);
    assert.deepEqual(begun, []);
  });

  it('may be of an authority that the developer trusts', async () => {
    await send(ca);
    assert.deepEqual(begun, [RTMP_VERSION]);
  });
});
