import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { errorsOf, until } from '../support/page.js';
import { selectedBrowsers } from '../support/tier.js';

/** Headless Firefox has no screen to share. */
function standInForScreen(): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  setInterval(() => context?.fillRect(0, 0, Math.random() * 640, 360), 40);
  navigator.mediaDevices.getDisplayMedia = async () => canvas.captureStream(15);
}

for (const name of selectedBrowsers(false)) {
  describe(`The pages for RtcUser v5 in ${name}`, () => {
    const server = new DemoServer();
    let browser: Browser;

    before(async () => {
      await server.start();
      browser = await launch(name);
    });

    after(async () => {
      await browser.close();
      await server.end();
    });

    /** Opens a page, runs a test of it, and sees that it leaves no error and no session. */
    const inPage = (what: string, file: string, test: (page: Page) => Promise<void>) =>
      it(what, async () => {
        const page = await browser.newPage();
        const errors = errorsOf(page);
        if (name === 'firefox') await page.evaluateOnNewDocument(standInForScreen);
        await page.goto(`${server.url}/v5/${file}`);
        await test(page);
        await page.click('#stop');
        await until('the sessions are gone', async () => (await server.sessions()).length === 0);
        assert.deepEqual(errors, []);
        await page.close();
      });

    const untilText = (page: Page, selector: string, text: RegExp) =>
      until(`${selector} says ${text}`, async () =>
        text.test(await page.$eval(selector, (element) => element.textContent ?? '')),
      );

    type Kinds = readonly ('audio' | 'video')[];
    const BOTH: Kinds = ['audio', 'video'];

    const untilArriving = (stream: string, kinds: Kinds = BOTH) =>
      until(`${kinds.join(' and ')} of ${stream} arrive`, async () => {
        const session = (await server.sessions()).find((one) => one.stream === stream);
        return session && kinds.every((kind) => session.packets[kind] > 20);
      });

    /** Starts, and waits until more of both, or of video alone, has arrived at the ingest. */
    async function goLive(page: Page, stream: string, kinds?: Kinds) {
      await page.click('#start');
      await untilArriving(stream, kinds);
    }

    inPage('publish by the shortest of them', 'minimal.html', async (page) => {
      await goLive(page, 'v5-minimal');
      await untilText(page, '#status', /^broadcasting$/);
      const { videoWidth, muted } = await page.$eval('video', ({ videoWidth, muted }) => ({ videoWidth, muted }));
      assert.ok(videoWidth > 0 && muted, 'the preview is shown, and not heard');
    });

    inPage('publish what they draw themselves', 'external-stream.html', async (page) => {
      await goLive(page, 'v5-external', ['video']);
      await untilText(page, '#status', /^broadcasting$/);
    });

    inPage('open the devices that are chosen, also while live', 'devices.html', async (page) => {
      await untilText(page, '#status', /^\d+×\d+$/);
      const cameras = await page.$$eval('#camera option', (options) => options.map(({ value }) => value));
      assert.deepEqual(cameras.slice(0, 1), ['0']);
      assert.equal(cameras.at(-1), 'none');
      await page.select('#camera', '0');
      await page.select('#microphone', 'none');
      await untilText(page, '#status', /^\d+×\d+, no audio$/);
      await page.select('#microphone', '0');
      await untilText(page, '#status', /^\d+×\d+$/);
      await goLive(page, 'v5-devices');
      await untilText(page, '#status', /^broadcasting$/);
    });

    inPage('share the screen with the microphone', 'screen.html', async (page) => {
      await page.click('#share');
      await untilText(page, '#status', /^screen \d+×\d+$/);
      await goLive(page, 'v5-screen');
    });

    inPage('mix a sound of their own into the microphone', 'external-mixing.html', async (page) => {
      await page.waitForFunction(() => document.querySelector('video')?.srcObject);
      await page.click('#mix');
      await goLive(page, 'v5-mixing');
    });

    inPage('publish camera and screen at once, which know nothing of each other', 'multiple.html', async (page) => {
      await page.click('#share');
      for (const one of ['#camera-status', '#screen-status']) await untilText(page, one, /^previewing$/);
      await goLive(page, 'v5-camera');
      await untilArriving('v5-screen', ['video']);
      for (const one of ['#camera-status', '#screen-status']) await untilText(page, one, /^broadcasting$/);
      await page.click('#stop-camera');
      await untilText(page, '#camera-status', /^stopped$/);
      await until('one session is left', async () => (await server.sessions()).length === 1);
      await untilText(page, '#screen-status', /^broadcasting$/);
      const [left] = await server.sessions();
      assert.equal(left?.stream, 'v5-screen');
      const before = left?.packets.video ?? 0;
      await until('it goes on', async () => ((await server.sessions())[0]?.packets.video ?? 0) > before);
    });

    inPage('show statistics while they are live', 'statistics.html', async (page) => {
      await goLive(page, 'v5-statistics');
      const keys = ['videoBitrateAverage', 'audioBitrateAverage', 'framerateAverage', 'roundTripTime', 'videoCodec'];
      for (const key of keys) await untilText(page, '#results', new RegExp(key));
      await untilText(page, '#quality', /^(good|medium|bad)$/);
    });
  });
}
