import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { errorsOf, makePictureSmall, until, untilPlaying } from '../support/page.js';

describe('The fault panel of the demo', () => {
  const server = new DemoServer();
  let browser: Browser;

  before(async () => {
    await server.start();
    browser = await launch('chromium');
  });

  after(async () => {
    await browser.close();
    await server.end();
  });

  it('breaks the stream on purpose, which then comes back by itself', async () => {
    const page = await browser.newPage();
    const errors = errorsOf(page);
    await page.goto(`${server.url}/`);
    await makePictureSmall(page);
    const press = async (label: string) => {
      const button = await page.waitForSelector(`fault-panel ::-p-text(${label})`);
      await button?.click();
    };
    const panel = () => page.$eval('fault-panel [role=status]', ({ textContent }) => textContent);
    const status = () => page.$eval('nano-webcaster', (element) => element.getAttribute('status'));

    await press('Kill the session');
    await until(
      'the panel says why not',
      async () => (await panel()) === 'Nobody publishes this stream at the moment.',
    );

    await (await page.waitForSelector('nano-webcaster >>> button.start'))?.click();
    await untilPlaying(page);
    await press('Drop the RTMP output');
    await until('the panel says why not', async () => (await panel()) === 'This stream does not go on by RTMP.');
    for (const label of ['Refuse with 503', 'Cut media']) {
      await press(label);
      await until(`${label} is noticed`, async () => (await status()) === 'reconnecting_broadcast');
      await until('the broadcast is back', async () => (await status()) === 'broadcasting', 60);
    }
    await untilPlaying(page);
    assert.equal((await server.sessions()).length, 1);
    assert.deepEqual(errors, []);
    await page.close();
    await until('the session is gone', async () => (await server.sessions()).length === 0, 30);
  });
});
