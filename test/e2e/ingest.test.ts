import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import type { IngestOptions } from '../../demo/server/ingest.js';
import { launch, type BrowserName } from '../support/browsers.js';
import { PAGE, type BarePage, type PageStats } from '../server/support/page.js';
import { startServer, until, type TestServer } from '../server/support/server.js';
import { itInChromium, selectedBrowsers } from '../support/tier.js';

declare const bare: BarePage;

let server: TestServer | undefined;
let browser: Browser | undefined;

async function open(name: BrowserName, options?: IngestOptions): Promise<Page> {
  server = await startServer(options, PAGE);
  browser = await launch(name);
  const page = await browser.newPage();
  await page.goto(server.origin);
  return page;
}

const publish = (page: Page, codec?: string) => page.evaluate((one) => bare.publish('/whip/test', one), codec);
const play = (page: Page) => page.evaluate(() => bare.play('/whep/test'));
const stats = (page: Page) => page.evaluate(() => bare.stats());
const remove = (page: Page, which: 'publisher' | 'viewer') => page.evaluate((one) => bare.remove(one), which);

/** Without transport-wide feedback a browser stays below 120; with it a busy machine may still hold it near 200. */
const ENOUGH_KBPS = 160;
const MAX_WINDOWS = 16;

/** What is sent and what the viewer decodes, for some seconds from now on. */
async function rates(page: Page, seconds: number) {
  const [before, began] = [await stats(page), performance.now()];
  await delay(seconds * 1000);
  const [after, took] = [await stats(page), (performance.now() - began) / 1000];
  const fps = (key: 'framesSent' | 'framesDecoded') => (after[key] - before[key]) / took;
  const kbps = ((after.bytesSent - before.bytesSent) * 8) / took / 1000;
  return { kbps, framesSent: fps('framesSent'), framesDecoded: fps('framesDecoded') };
}

/** Asserts that a picture moves at the viewer. */
async function assertPlaying(page: Page, { kbps, framesSent, framesDecoded }: Awaited<ReturnType<typeof rates>>) {
  const summary = `${kbps.toFixed(0)} kbit/s, ${framesSent.toFixed(1)} fps sent, ${framesDecoded.toFixed(1)} decoded`;
  assert.ok(framesDecoded > 10, summary);
  const now = await stats(page);
  assert.ok(now.brightness > 10, `the picture is black: ${now.brightness}`);
  assertConnected(now);
  return summary;
}

/** Asserts that a picture moves, at more than a browser sends that gets no feedback. */
async function measureEnough(page: Page, enoughKbps = ENOUGH_KBPS): Promise<void> {
  let last = await rates(page, 2);
  // A busy machine takes longer to get there; without feedback no browser ever does.
  const isEnough = () => last.kbps > enoughKbps && last.framesDecoded > 10;
  for (let windows = 1; windows < MAX_WINDOWS && !isEnough(); windows++) last = await rates(page, 2);
  const summary = await assertPlaying(page, last);
  assert.ok(last.kbps > enoughKbps, summary);
}

function assertConnected({ dtls, viewerDtls }: PageStats): void {
  assert.deepEqual([dtls, viewerDtls], ['connected', 'connected']);
}

async function publishesAndRestarts(name: BrowserName): Promise<void> {
  const page = await open(name);
  await publish(page, 'vp8');
  await play(page);
  await until('the first frames', async () => (await stats(page)).framesDecoded > 10);
  await measureEnough(page);

  const [session] = server?.ingest.sessions ?? [];
  const { status, etag, previous } = await page.evaluate(() => bare.restart());
  assert.equal(status, 200);
  assert.notEqual(etag, previous);
  await measureEnough(page);
  const [same] = server?.ingest.sessions ?? [];
  assert.deepEqual([same?.id, same?.restarts, same?.state], [session?.id, 1, 'connected']);

  assert.equal(await remove(page, 'publisher'), 200);
  assert.equal(await remove(page, 'viewer'), 200);
  assert.equal(server?.ingest.sessions.length, 0);
  await until('the end of DTLS in the browser', async () => (await stats(page)).dtls === 'closed');
}

afterEach(async () => {
  await browser?.close().catch(() => undefined);
  await server?.close();
  browser = server = undefined;
});

const options = { timeout: 120_000 };

for (const name of selectedBrowsers(true)) {
  test(`${name} publishes and plays, and after an ICE restart too`, options, async () => {
    await publishesAndRestarts(name);
  });
}

for (const name of selectedBrowsers(false)) {
  test(`${name} plays on across a change of publisher, and its killed process is dropped`, options, async () => {
    const page = await open(name, { sessionTimeout: 4 });
    await publish(page, 'vp8');
    await play(page);
    await measureEnough(page, 0);
    // The first publisher of the page is replaced, with the viewer left as it is.
    await publish(page, 'vp8');
    await until('one publisher and one viewer', () => server?.ingest.sessions.length === 2);
    await measureEnough(page, 0);
    // Another codec would need another negotiation: the viewer is told by its DTLS.
    await publish(page, 'vp9');
    await until('the end of the viewer', async () => (await stats(page)).viewerDtls === 'closed');
    await play(page);
    await measureEnough(page, 0);
    const child = browser?.process();
    assert.ok(child);
    child.kill('SIGKILL');
    await until('no session', () => server?.ingest.sessions.length === 0, 15_000);
  });
}

itInChromium.quick('chromium publishes H.264, which is passed on as it is', async () => {
  const page = await open('chromium');
  await publish(page, 'h264');
  await play(page);
  await measureEnough(page, 0);
  assert.deepEqual(
    server?.ingest.sessions.map(({ codec }) => codec.video),
    ['H264', 'H264'],
  );
});
