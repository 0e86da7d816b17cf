/**
 * `npm run pictures`: the pictures of the demo's gallery, from its pages while they are live, and for README.md the
 * landing page while it goes live, loses its connection and recovers, as an animated image. Needs Chromium, and for the
 * animated image ffmpeg. `npm run pictures gallery` and `npm run pictures movie` make only these.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFfmpeg } from '../../demo/server/ffmpeg.mjs';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { goLive, press, statusOf, until } from '../support/page.js';

const GALLERY = fileURLToPath(new URL('../../demo/gallery/', import.meta.url));
const MOVIE = 'docs/reconnects.webp';
const MAX_BYTES = 1_000_000;
/** Milliseconds from one frame of the movie to the next. */
const FRAME = 250;
const ENCODING = ['-vf', 'scale=760:-1', '-c:v', 'libwebp_anim', '-quality', '45', '-loop', '0'];

/** Pixels of a gallery page's window; with less room, some pages would not be seen as a whole. */
const WINDOWS: Record<string, { width: number; height: number }> = {
  'embedded.html': { width: 740, height: 417 },
  'phone-first.html': { width: 360, height: 640 },
  'two-broadcasts.html': { width: 700, height: 394 },
};
const WINDOW = { width: 640, height: 360 };
/** A white margin would be an edge on dark pages. The buttons below the element have to fit into the window. */
const STYLES: Record<string, string> = {
  'own-buttons.html': 'body { max-inline-size: 540px; margin: 0 auto; }',
};
const STYLE = 'body { margin: 0; }';

const chosen = process.argv.slice(2);
const isChosen = (what: string) => chosen.length === 0 || chosen.includes(what);

const ffmpeg = findFfmpeg()?.ffmpeg;
if (isChosen('movie') && !ffmpeg)
  throw new Error('ffmpeg is needed: apt-get install ffmpeg, or set FFMPEG to its path.');

const server = new DemoServer();
await server.start();
const browser = await launch('chromium');
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function openPage(path: string, window: { width: number; height: number }) {
  const page = await browser.newPage();
  await page.setViewport(window);
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.goto(`${server.url}/${path}`);
  return page;
}

async function takePicture(file: string): Promise<void> {
  const page = await openPage(`gallery/${file}`, WINDOWS[file] ?? WINDOW);
  for (const each of page.frames()) await each.addStyleTag({ content: STYLES[file] ?? STYLE });
  const frame = page.frames()[1] ?? page;
  if (file === 'own-buttons.html') await press(page, '[command="--start"]');
  else if (file !== 'kiosk.html') await goLive(frame);
  if (file === 'two-broadcasts.html') await press(page, '[source=screen] >>> [part~="start-button"]');
  await until(`${file} is live`, async () => (await statusOf(frame)) === 'broadcasting');
  // A button under the pointer looks different.
  await page.mouse.move(0, 0);
  await pause(1.5);
  const clip = await page.$eval('body', (body) => {
    const { x, y, width, height } = body.getBoundingClientRect();
    return { x, y, width, height: Math.min(height, innerHeight) };
  });
  const path = `${GALLERY}pictures/${file.replace('.html', '')}.webp` as const;
  await page.screenshot({ path, clip, omitBackground: true, quality: 60 });
  await page.close({ runBeforeUnload: false });
}

async function recordMovie(ffmpegPath: string): Promise<void> {
  const page = await openPage('', { width: 1100, height: 1400 });
  await page.waitForSelector('nano-webcaster');
  const y = await page.$eval('#studio', (element) => element.getBoundingClientRect().top - 48);
  const to = await page.$eval('outage-timeline', (element) => element.getBoundingClientRect().bottom + 24);
  const folder = mkdtempSync(join(tmpdir(), 'readme-movie-'));
  const startedAt = Date.now();
  let [frames, isRecording] = [0, true];
  // Not by puppeteer's screencast: it encodes meanwhile, for which two cores are too few.
  const recording = (async () => {
    for (; isRecording; frames++) {
      const path = join(folder, `${String(frames).padStart(4, '0')}.png`) as `${string}.png`;
      await page.screenshot({ path, clip: { x: 0, y, width: 1100, height: to - y } });
      await pause(Math.max(0, (startedAt + (frames + 1) * FRAME - Date.now()) / 1000));
    }
  })();
  // It ends with the browser if something below fails, whose error is the one to see.
  recording.catch(() => undefined);
  await goLive(page);
  await pause(4);
  for (const fault of ['Cut media', 'Kill the session']) {
    await press(page, `fault-panel ::-p-text(${fault})`);
    await until('the loss is noticed', async () => (await statusOf(page)) === 'reconnecting_broadcast');
    await until('the broadcast is back', async () => (await statusOf(page)) === 'broadcasting');
    await pause(4);
  }
  isRecording = false;
  await recording;
  // A slow machine takes fewer pictures; the seconds in the movie stay real.
  const framerate = (frames * 1000) / (Date.now() - startedAt);
  const input = ['-framerate', String(framerate), '-i', join(folder, '%04d.png')];
  execFileSync(ffmpegPath, ['-y', '-loglevel', 'error', ...input, ...ENCODING, MOVIE]);
  rmSync(folder, { recursive: true });
  const { size } = statSync(MOVIE);
  console.log(`${MOVIE}: ${Math.round(size / 1000)} kB`);
  if (size > MAX_BYTES) throw new Error(`It has more than ${MAX_BYTES / 1000} kB.`);
}

try {
  if (isChosen('gallery')) {
    mkdirSync(`${GALLERY}pictures`, { recursive: true });
    for (const file of readdirSync(GALLERY).filter((name) => name.endsWith('.html') && !/^(index|frame)/.test(name)))
      await takePicture(file);
    console.log(`The pictures of the gallery are in ${GALLERY}pictures`);
  }
  if (isChosen('movie') && ffmpeg) await recordMovie(ffmpeg);
} finally {
  await browser.close();
  await server.end();
}
