import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { CHROMIUM_FLAGS, findBrowser } from '../support/installed-browsers.mjs';
import { launch, type BrowserName } from '../support/browsers.js';
import { answerLeaving, endBroadcast, errorsOf, goLive, statusOf, until, visible } from '../support/page.js';
import { hostedBrowser } from '../support/hosted-browser.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

/** Puppeteer switches the page cache off, which users have. */
function launchWithPageCache(name: BrowserName): Promise<Browser> {
  if (name !== 'chromium') return launch(name);
  const executablePath = findBrowser(name) ?? '';
  return puppeteer.launch({
    executablePath,
    args: CHROMIUM_FLAGS,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
}

for (const name of selectedBrowsers(true)) {
  describe(`Leaving a page in ${name}`, () => {
    const host = new PageHost({
      '/': { body: webcasterPage() },
      '/other': { body: '<!doctype html><title>another page</title><link rel="icon" href="data:,">' },
    });
    const newPage = hostedBrowser(host, () => launchWithPageCache(name));
    let page: Page;

    afterEach(() => untilSessions(0));

    async function open(): Promise<void> {
      page = await newPage();
      await page.goto(host.origin);
    }

    /** Puppeteer waits for more than Firefox tells of a page that comes from its cache. */
    const goBack = () => page.evaluate(() => history.back());

    const untilSessions = (count: number) =>
      until(`there are ${count} sessions`, () => host.sessions.length === count, 5);

    it('that is live is asked about, and deletes the session', async () => {
      await open();
      const asked = answerLeaving(page);
      await goLive(page);
      await untilSessions(1);
      await page.goto(`${host.origin}/other`);
      assert.equal(asked(), 1);
      await untilSessions(0);
    });

    it('that is live goes on broadcasting where the answer is no', async () => {
      await open();
      const asked = answerLeaving(page, 'stay');
      await goLive(page);
      await page.evaluate(() => location.assign('/other'));
      await until('it is asked about', () => asked() === 1);
      assert.equal(await page.evaluate(() => location.pathname), '/');
      assert.equal(await statusOf(page), 'broadcasting');
      assert.equal(host.sessions.length, 1);
    });

    it('that is live no more is asked about no more', async () => {
      await open();
      const asked = answerLeaving(page);
      await goLive(page);
      await endBroadcast(page);
      await until('it is idle', async () => (await statusOf(page)) === 'idle');
      await page.goto(`${host.origin}/other`);
      assert.equal(asked(), 0);
    });

    it('by closing its tab deletes the session', async () => {
      await open();
      await goLive(page);
      await untilSessions(1);
      await page.close();
      await untilSessions(0);
    });

    it('by a reload deletes the session, and the page comes back clean', async () => {
      await open();
      answerLeaving(page);
      await goLive(page);
      await page.reload();
      await untilSessions(0);
      assert.equal(await statusOf(page), 'idle');
      await goLive(page);
    });

    it('and coming back brings a clean element that can go live again', async () => {
      await open();
      const errors = errorsOf(page);
      answerLeaving(page);
      await page.evaluate(() => Object.assign(window, { isKept: true }));
      await goLive(page);
      await page.goto(`${host.origin}/other`);
      await untilSessions(0);
      await goBack();
      await until('it is idle', async () => (await statusOf(page).catch(() => null)) === 'idle');
      // Firefox keeps no page whose connection was open when it was left.
      if (name === 'chromium') assert.ok(await page.evaluate(() => 'isKept' in window), 'it is another page');
      assert.equal(await page.$eval('nano-webcaster', ({ mediaStream }) => mediaStream), null);
      await goLive(page);
      await untilSessions(1);
      assert.deepEqual(errors, []);
    });

    it('that is idle keeps it in the page cache, with the element as it was', async () => {
      await open();
      const asked = answerLeaving(page);
      await visible(page, 'nano-webcaster >>> [part~="start-button"]');
      await page.$eval('nano-webcaster', (element) => Object.assign(element, { muted: true, isKept: true }));
      await page.goto(`${host.origin}/other`);
      await goBack();
      await until('it is back', () =>
        page.$eval('nano-webcaster', (element) => 'isKept' in element).catch(() => false),
      );
      assert.equal(await page.$eval('nano-webcaster', ({ muted }) => muted), true);
      assert.equal(asked(), 0);
      await goLive(page);
    });
  });
}
