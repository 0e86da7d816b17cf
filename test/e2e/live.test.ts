import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { selectedBrowsers } from '../support/tier.js';
import {
  endBroadcast,
  errorsOf,
  goLive,
  makePictureSmall,
  noteStatuses,
  press,
  statusOf,
  until,
  untilBlack,
  untilPlaying,
} from '../support/page.js';

for (const name of selectedBrowsers(true)) {
  describe(`The demo in ${name}`, () => {
    const server = new DemoServer({ ORIGINS: '*' });
    let browser: Browser;

    before(async () => {
      await server.start();
      browser = await launch(name);
    });

    after(async () => {
      await browser.close();
      await server.end();
    });

    async function open(path: string): Promise<Page> {
      const page = await browser.newPage();
      await page.goto(server.url + path);
      await makePictureSmall(page);
      return page;
    }

    it('goes live by one click, comes back after the server was killed and started again, and stops', async () => {
      const page = await browser.newPage();
      const errors = errorsOf(page);
      const statuses = await noteStatuses(page);
      await page.goto(`${server.url}/`);
      await press(page, 'nano-webcaster >>> [part~="start-button"]');
      await untilPlaying(page);
      assert.deepEqual(await statuses(), ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting']);

      await server.end('SIGKILL');
      await until('the loss is noticed', async () => (await statusOf(page)) === 'reconnecting_broadcast', 60);
      await server.start();
      await until('the broadcast is back', async () => (await statusOf(page)) === 'broadcasting', 60);
      await untilPlaying(page);
      assert.equal((await server.sessions()).length, 1);
      const recovery = (await statuses()).slice(4);
      assert.deepEqual(recovery.slice(-2), ['connected', 'broadcasting']);
      assert.deepEqual([...new Set(recovery.slice(0, -2))], ['reconnecting_broadcast']);

      await endBroadcast(page);
      await until('the element is idle', async () => (await statusOf(page)) === 'idle');
      await until('the session is gone', async () => (await server.sessions()).length === 0, 5);
      assert.deepEqual(errors, []);
      await page.close();
    });

    it('publishes from a page with attributes only', async () => {
      const page = await open('/attributes.html');
      await press(page, 'nano-webcaster >>> [part~="start-button"]');
      await untilPlaying(page);
      const slotted = await page.$eval('[slot=broadcasting]', (element) => element.checkVisibility());
      assert.ok(slotted, "the page's own words are shown");
      await page.close();
      await until('the session is gone', async () => (await server.sessions()).length === 0, 5);
    });

    it('publishes from a block in a CMS under a strict content security policy', async () => {
      const page = await browser.newPage();
      await page.evaluateOnNewDocument(() => {
        const violations: string[] = [];
        Object.assign(window, { violations });
        addEventListener('securitypolicyviolation', ({ violatedDirective }) => violations.push(violatedDirective));
      });
      await page.goto(`${server.url}/cms.html`);
      await goLive(page);
      assert.equal((await server.sessions())[0]?.stream, 'cms');
      assert.deepEqual(await page.evaluate(() => (window as unknown as { violations: string[] }).violations), []);
      await page.close();
      await until('the session is gone', async () => (await server.sessions()).length === 0, 5);
    });

    it('publishes from a page that drives RtcUser without the element', async () => {
      const page = await open('/rtc-user.html');
      await press(page, '#start');
      await untilPlaying(page);
      await press(page, '#stop');
      await until('the session is gone', async () => (await server.sessions()).length === 0, 5);
      await page.close();
    });

    it('publishes to a server of another origin', async () => {
      const page = await browser.newPage();
      await page.goto(`${server.url.replace('localhost', '127.0.0.1')}/`);
      await makePictureSmall(page);
      await page.$eval(
        'nano-webcaster',
        (element, url) => Object.assign(element, { server: url }),
        `${server.url}/whip/demo`,
      );
      await press(page, 'nano-webcaster >>> [part~="start-button"]');
      await untilPlaying(page);
      await endBroadcast(page);
      await until('the session is gone', async () => (await server.sessions()).length === 0, 5);
      await page.close();
    });

    it('sends a black picture while the camera is off', async () => {
      const page = await open('/');
      await page.$eval('nano-webcaster', (element) => element.setAttribute('video-muted', ''));
      await press(page, 'nano-webcaster >>> [part~="start-button"]');
      await untilBlack(page);
      await page.$eval('nano-webcaster', (element) => element.removeAttribute('video-muted'));
      await untilPlaying(page);
      await page.close();
    });
  });
}
