/**
 * `npm run readme-movie`: records the demo's landing page while it goes live, loses its connection and recovers, as an animated
 * image for README.md. Needs Chromium and ffmpeg.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../test/support/browsers.js';
import { DemoServer } from '../test/support/demo-server.js';
import { goLive, press, statusOf, until } from '../test/support/page.js';
import { findFfmpeg } from './servers.mjs';

const OUTPUT = 'docs/reconnects.webp';
const FRAMES_PER_SECOND = 4;
const WIDTH = 760;
const MAX_BYTES = 1_000_000;

const ffmpeg = findFfmpeg()?.ffmpeg;
if (!ffmpeg) throw new Error('ffmpeg is needed: apt-get install ffmpeg, or set FFMPEG to its path.');

const folder = mkdtempSync(join(tmpdir(), 'readme-movie-'));
const server = new DemoServer();
await server.start();
const browser = await launch('chromium');
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1100, height: 1400 });
  await page.goto(`${server.url}/`);
  await page.waitForSelector('nano-webcaster');
  const from = await page.$eval('#studio', (element) => element.getBoundingClientRect().top - 48);
  const to = await page.$eval('outage-timeline', (element) => element.getBoundingClientRect().bottom + 24);
  let frames = 0;
  let isRecording = true;
  const startedAt = Date.now();
  const recording = (async () => {
    for (; isRecording; frames++) {
      const path = join(folder, `${String(frames).padStart(4, '0')}.png`) as `${string}.png`;
      await page.screenshot({ path, clip: { x: 0, y: from, width: 1100, height: to - from } });
      const wait = startedAt + ((frames + 1) * 1000) / FRAMES_PER_SECOND - Date.now();
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait)));
    }
  })();
  const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await goLive(page);
  await pause(4);
  await press(page, 'fault-panel ::-p-text(Cut media)');
  await until('the loss is noticed', async () => (await statusOf(page)) === 'reconnecting_broadcast');
  await until('the broadcast is back', async () => (await statusOf(page)) === 'broadcasting');
  await pause(4);
  await press(page, 'fault-panel ::-p-text(Kill the session)');
  await until('the loss is noticed', async () => (await statusOf(page)) === 'reconnecting_broadcast');
  await until('the broadcast is back', async () => (await statusOf(page)) === 'broadcasting');
  await pause(4);
  isRecording = false;
  await recording;
  // A slow machine takes fewer pictures; the seconds in the movie stay real.
  const framerate = (frames * 1000) / (Date.now() - startedAt);
  const input = ['-framerate', String(framerate), '-i', join(folder, '%04d.png')];
  const encoding = ['-vf', `scale=${WIDTH}:-1`, '-c:v', 'libwebp_anim', '-quality', '45', '-loop', '0'];
  execFileSync(ffmpeg, ['-y', '-loglevel', 'error', ...input, ...encoding, OUTPUT]);
  const { size } = statSync(OUTPUT);
  console.log(`${OUTPUT}: ${frames} frames, ${Math.round(size / 1000)} kB`);
  if (size > MAX_BYTES) throw new Error(`It has more than ${MAX_BYTES / 1000} kB.`);
} finally {
  await browser.close();
  await server.end();
  rmSync(folder, { recursive: true, force: true });
}
