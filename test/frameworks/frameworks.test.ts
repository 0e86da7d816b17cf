import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { errorsOf, press, statusOf, until } from '../support/page.js';

const FRAMEWORKS = ['react', 'vue', 'svelte', 'angular', 'plain'];

/** The properties behind the boxes of each page, in their order: one is also called so as an attribute, the other is not. */
const SWITCHES = ['muted', 'videoMuted'] as const;

/** What the build ends with where no packages can be had. */
const NO_PACKAGES = 2;

const script = fileURLToPath(new URL('../../demo/frameworks/build.mjs', import.meta.url));
const { status: outcome } = spawnSync(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit'] });
const skip = outcome === NO_PACKAGES && 'The npm registry cannot be reached, and the frameworks are not here yet.';

describe('The element in a page of', { skip }, () => {
  const server = new DemoServer();
  let browser: Browser;
  let page: Page;

  before(async () => {
    assert.equal(outcome, 0, 'the pages are built');
    await server.start();
    browser = await launch('chromium');
  });

  afterEach(() => page.close());

  after(async () => {
    await browser?.close();
    await server.end();
  });

  for (const framework of FRAMEWORKS) {
    it(`${framework} takes properties, events and content from it, and goes live`, async () => {
      page = await browser.newPage();
      const errors = errorsOf(page);
      await page.goto(`${server.url}/frameworks/dist/${framework}/`);
      const slotted = await page.waitForSelector('nano-webcaster > [slot=idle]');
      assert.equal(await slotted?.evaluate((element) => element.checkVisibility()), true);
      assert.equal(await page.$eval('nano-webcaster', (element) => element.reconnectMaxRetries), 20);

      await press(page, 'main > button');
      await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
      await until('the page has heard of it', () =>
        page.$eval('output', ({ textContent }) => textContent === 'broadcasting'),
      );
      const [session] = await server.sessions();
      assert.equal(session?.stream, framework);

      for (const [place, name] of SWITCHES.entries()) {
        const isOn = () => page.$eval('nano-webcaster', (element, key) => element[key], name);
        await press(page, `label:nth-of-type(${place + 1}) input`);
        await until(`${name} is on`, isOn);
        await press(page, `label:nth-of-type(${place + 1}) input`);
        await until(`${name} is off`, async () => !(await isOn()));
      }
      await page.$eval('nano-webcaster', (element) => element.remove());
      await until('the session is gone', async () => (await server.sessions()).length === 0, 5);
      assert.deepEqual(errors, []);
    });
  }
});
