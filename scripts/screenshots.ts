/**
 * `npm run screenshots`: the demo live, at both ends of the widths and in every colour scheme, into `.cache/screenshots`
 * to look at, and the picture of the README.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { launch } from '../test/support/browsers.js';
import { DemoServer } from '../test/support/demo-server.js';
import { untilPlaying } from '../test/support/page.js';

const folder = fileURLToPath(new URL('../.cache/screenshots/', import.meta.url));
const picture = fileURLToPath(new URL('../docs/live.png', import.meta.url));

const SCHEMES = {
  light: [{ name: 'prefers-color-scheme', value: 'light' }],
  dark: [{ name: 'prefers-color-scheme', value: 'dark' }],
  forced: [{ name: 'forced-colors', value: 'active' }],
};

const WIDTHS = [320, 1280];

async function shoot(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewport({ width, height: 900 });
    for (const [scheme, features] of Object.entries(SCHEMES)) {
      const client = await page.createCDPSession();
      await client.send('Emulation.setEmulatedMedia', { features });
      await page.screenshot({ path: `${folder}${name}-${width}-${scheme}.png` as `${string}.png`, fullPage: true });
      await client.detach();
    }
  }
}

mkdirSync(folder, { recursive: true });
const server = new DemoServer();
await server.start();
const browser = await launch('chromium');
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 720 });
  await page.goto(`${server.url}/`);
  await shoot(page, 'idle');
  const start = await page.waitForSelector('nano-webcaster >>> button.start');
  await start?.click();
  await untilPlaying(page);
  await shoot(page, 'live');
  await page.setViewport({ width: 1080, height: 620 });
  await page.screenshot({ path: picture as `${string}.png` });
  await server.end('SIGTERM');
  await page.waitForSelector('nano-webcaster[status=reconnecting_broadcast]');
  await shoot(page, 'reconnecting');
  await page.$eval('nano-webcaster', (element) => element.setAttribute('reconnect-max-retries', '1'));
  await page.waitForSelector('nano-webcaster[status=failed]');
  await shoot(page, 'failed');
} finally {
  await browser.close();
  await server.end();
}
console.log(`Screenshots are in ${folder}; the picture of the README is ${picture}`);
