import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { createIngest, type Ingest } from '../../demo/server/ingest.js';
import { serveStatic } from '../support/static-files.js';
import { findFfmpeg } from '../../demo/server/ffmpeg.mjs';
import { findServer } from '../support/media-servers.mjs';
import { launch } from '../support/browsers.js';
import { FAULT_PAGE, type PageStudio, type Told } from '../support/fault-page.js';
import { until } from '../support/page.js';
import { itInChromium } from '../support/tier.js';
import { childrenOf } from './support/children.js';
import { RtmpServer } from './support/rtmp-server.js';

declare const studio: PageStudio;

const CDN = fileURLToPath(new URL('../../cdn', import.meta.url));
const STREAM = 'KEY';
/** Short, so that an output that is gone for good is soon given up, and long enough for a server to be started again. */
const RECONNECT = { minDelay: 1, maxDelay: 1, maxRetries: 8 };

const programs = findFfmpeg();
const nginx = findServer('nginx-rtmp');
const missing = !programs ? findServer('ffmpeg') : nginx;
const isHere = programs !== undefined && 'found' in nginx;

describe('A broadcast that goes on by RTMP', { skip: isHere ? false : 'missing' in missing && missing.missing }, () => {
  const rtmp = new RtmpServer('found' in nginx ? nginx.found : {});
  const ffprobe = programs?.ffmpeg.replace(/ffmpeg$/, 'ffprobe') ?? '';
  let ingest: Ingest;
  let server: Server;
  let browser: Browser;
  let page: Page;
  let origin: string;
  let begun: number;
  const logged: string[] = [];

  before(async () => {
    await rtmp.start();
    ingest = createIngest({ rtmp: { programs, reconnect: RECONNECT }, faults: true });
    server = createServer((req, res) => {
      if (ingest.handle(req, res)) return;
      if (req.url === '/') res.writeHead(200, { 'Content-Type': 'text/html' }).end(FAULT_PAGE);
      else void serveStatic([{ path: '/cdn/', folder: CDN }], req, res);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    browser = await launch('chromium');
    page = await browser.newPage();
    page.on('console', (message) => logged.push(message.text()));
    await page.goto(origin);
    await page.waitForFunction(() => 'studio' in window);
    await page.addScriptTag({ type: 'module', url: '/cdn/nano-webcaster.min.js' });
    await page.evaluate(() => {
      const element = document.createElement('nano-webcaster');
      element.innerHTML = '<p slot="broadcasting">Live</p><p slot="reconnecting">One moment</p>';
      element.core = studio.user;
      element.logLevel = 2;
      document.body.append(element);
    });
    begun = Date.now();
    assert.equal(await page.evaluate((server) => studio.goLive({ server }), endpoint()), null);
    await untilTold('broadcasting', 0, begun);
  });

  after(async () => {
    await browser.close();
    await ingest.close();
    server.close();
    server.closeAllConnections();
    await rtmp.end();
  });

  const told = () => page.evaluate(() => studio.told);
  const endpoint = (target = rtmp.url) =>
    `${origin}/whip/studio?${new URLSearchParams({ stream_url: target, stream_name: STREAM }).toString()}`;

  /** The first of such a name after so many things were told; with the milliseconds that it took from `since`. */
  async function untilTold(name: string, from: number, since: number): Promise<Told & { took: number }> {
    const find = async () => (await told()).slice(from).find((one) => one.name === name);
    const found = await until(`the page is told ${name}`, find, 40);
    return { ...found, took: found.at - since };
  }

  /** Resolves when the element shows what the page has for a status, and nothing else. */
  async function untilShown(text: string): Promise<void> {
    const shown = () =>
      page.$$eval('nano-webcaster > p', (slotted) =>
        slotted.filter((one) => one.checkVisibility()).map(({ textContent }) => textContent),
      );
    await until(`the element shows “${text}”`, async () => (await shown()).join() === text, 5);
  }

  /** A player that comes at a bad moment has to come again. */
  async function untilPlayable(): Promise<void> {
    const isPlayable = async () => {
      const { codecs, width, frames } = await rtmp.play(STREAM, ffprobe);
      return codecs.join() === 'aac,h264' && width > 0 && frames >= 10;
    };
    await until('it plays as H.264 and AAC', () => isPlayable().catch(() => false), 40);
  }

  /** Opens camera and microphone anew, or the camera alone. */
  const capture = (hasSound: boolean) =>
    page.evaluate(async (device) => {
      const videoDeviceConfig = { device: true, width: 320, height: 240, framerate: 15 };
      await studio.user.startPreview({ videoDeviceConfig, audioDeviceConfig: { device } });
    }, hasSound);

  const ffmpegs = () => childrenOf(process.pid, 'ffmpeg');

  itInChromium.quick(
    'is broadcasting when the RTMP server has its stream, which plays as H.264 and AAC',
    async (test: TestContext) => {
      const { took } = await untilTold('broadcasting', 0, begun);
      const names = (await told()).map(({ name }) => name);
      assert.deepEqual(names, ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting']);
      await untilPlayable();
      test.diagnostic(`broadcasting, with the RTMP output, ${took} ms after the start`);
    },
  );

  itInChromium.quick(
    'is reconnecting where the RTMP server is killed, and back when it is: in the same session',
    async (test) => {
      const [session] = ingest.sessions;
      const from = (await told()).length;
      const killed = Date.now();
      await rtmp.kill();
      const { took } = await untilTold('reconnecting', from, killed);
      const reason = 'The RTMP output is reconnecting: The connection to the RTMP server broke';
      await until('the page logs why', () => logged.some((line) => line.includes(reason)));
      await untilShown('One moment');
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      assert.deepEqual(
        (await told()).slice(from).map(({ name }) => name),
        ['reconnecting'],
        'and nothing else is told',
      );

      await rtmp.start();
      const again = Date.now();
      const back = await untilTold('broadcasting', from, again);
      await untilShown('Live');
      await untilPlayable();
      const [same, ...others] = ingest.sessions;
      assert.deepEqual([same?.id, same?.restarts, others.length], [session?.id, 0, 0]);
      const packets = same?.packets.video ?? 0;
      await until('media still comes in', () => (ingest.sessions[0]?.packets.video ?? 0) > packets);
      test.diagnostic(`reconnecting ${took} ms after the kill; broadcasting ${back.took} ms after the new start`);
    },
  );

  itInChromium('is reconnecting where the RTMP server takes nothing any more', async (test) => {
    const from = (await told()).length;
    rtmp.freeze();
    const frozen = Date.now();
    const { took } = await untilTold('reconnecting', from, frozen);
    rtmp.thaw();
    await untilTold('broadcasting', from, frozen);
    await untilPlayable();
    test.diagnostic(`reconnecting ${took} ms after the RTMP server froze`);
  });

  itInChromium(
    'goes on where the page closes its microphone, with silence, and where it opens another one',
    async (test) => {
      const from = (await told()).length;
      const [ffmpeg] = await ffmpegs();
      await capture(false);
      const packets = () => ingest.sessions[0]?.packets.audio;
      await until('no sound comes in any more', async () => {
        const before = packets();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return packets() === before;
      });
      const silent = Date.now();
      // Longer than a server that takes nothing is borne with.
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      await untilPlayable();
      const took = Date.now() - silent;
      await capture(true);
      await until('sound comes in again', async () => {
        const before = packets() ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return (packets() ?? 0) > before;
      });
      await untilPlayable();
      assert.deepEqual((await told()).slice(from), [], 'the page is told nothing');
      assert.deepEqual(await ffmpegs(), [ffmpeg], 'in one connection');
      test.diagnostic(`played ${took} ms after the last sound`);
    },
  );

  itInChromium(
    'goes on with the session that takes the place of the one before, by one output at a time',
    async (test) => {
      const from = (await told()).length;
      const [before] = await ffmpegs();
      const killed = Date.now();
      const body = JSON.stringify({ stream: 'studio', fault: 'kill' });
      await fetch(`${origin}/api/faults`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
      const { took } = await untilTold('broadcasting', from, killed);
      await untilPlayable();
      const [now, ...others] = await ffmpegs();
      assert.notEqual(now, before);
      assert.deepEqual(others, []);
      const names = (await told()).slice(from).map(({ name }) => name);
      // The first one comes again for every attempt.
      const inOrder = names.filter((name, i) => name !== names[i - 1]);
      assert.deepEqual(inOrder, ['reconnecting_broadcast', 'connected', 'broadcasting']);
      test.diagnostic(`broadcasting ${took} ms after the session was ended, by a new session and output`);
    },
  );

  itInChromium('ends with one 109000 where the RTMP server is gone for good, and leaves no session', async (test) => {
    const from = (await told()).length;
    const killed = Date.now();
    await rtmp.kill();
    const { took, message } = await untilTold('BroadcastError 109000', from, killed);
    assert.match(
      message,
      /^The server has given up its RTMP output: The RTMP server cannot be reached \(ECONNREFUSED\)\.$/,
    );
    await until('no session is left', () => ingest.sessions.length === 0, 5);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const names = (await told()).slice(from).map(({ name }) => name);
    assert.deepEqual(names, ['reconnecting', 'BroadcastError 109000']);
    assert.deepEqual(await page.evaluate(() => studio.errors), []);
    test.diagnostic(`109000 ${took} ms after the kill, by ${RECONNECT.maxRetries} attempts a second apart`);
  });

  itInChromium('is refused with a reason where it may not go', async () => {
    const refusals: [string, number, RegExp][] = [
      ['rtmp://live.example/app', 102001, /403: This development server sends RTMP to this machine only\./],
      ['file:///etc/passwd', 5001, /400: stream_url must be an rtmp or rtmps URL\./],
    ];
    for (const [target, code, message] of refusals) {
      const error = await page.evaluate((server) => studio.goLive({ server }), endpoint(target));
      assert.equal(error?.code, code);
      assert.match(error?.message ?? '', message);
    }
    assert.deepEqual(ingest.sessions, []);
  });
});
