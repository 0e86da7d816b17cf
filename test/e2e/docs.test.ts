import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { answerLeaving, errorsOf, press } from '../support/page.js';
import { describeInChromium } from '../support/tier.js';

describeInChromium.quick('The site of the docs, in Chromium', {}, () => {
  const server = new DemoServer();
  let browser: Browser;
  let page: Page;
  let errors: string[];

  before(async () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    execFileSync(process.execPath, ['scripts/docs-site.mjs'], { cwd: root });
    await server.start();
    browser = await launch('chromium');
    page = await browser.newPage();
    errors = errorsOf(page);
    // The first test leaves it live, so that leaving it asks.
    answerLeaving(page);
  });

  after(async () => {
    await browser.close();
    await server.end();
  });

  it('has examples that go live', async () => {
    await page.goto(`${server.url}/docs/first-broadcast.html`);
    const start = await page.waitForSelector('.live nano-webcaster >>> button.start');
    await start?.click();
    await page.waitForSelector('.live nano-webcaster[status=broadcasting]');
    assert.equal((await server.sessions()).length, 1);
  });

  it('has examples that look and speak as they are written', async () => {
    await page.goto(`${server.url}/docs/styling.html`);
    const start = await page.waitForSelector('.live nano-webcaster >>> button.start');
    assert.equal(await start?.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(122, 31, 162)');
    await page.goto(`${server.url}/docs/languages.html`);
    await page.waitForSelector('.live nano-webcaster >>> .base[lang=es]');
  });

  it('has an example to break, which comes back', async () => {
    await page.goto(`${server.url}/docs/reconnection.html`);
    await press(page, '.live nano-webcaster >>> button.start');
    await page.waitForSelector('.live nano-webcaster[status=broadcasting]');
    await press(page, '.live fault-panel ::-p-text(Kill the session)');
    await page.waitForSelector('.live nano-webcaster[status=reconnecting_broadcast]');
    await page.waitForSelector('.live nano-webcaster[status=broadcasting]');
  });

  it('leads from a word to the section that speaks of it', async () => {
    await page.goto(`${server.url}/docs/`);
    await page.type('#search', 'broadcast-failed');
    await page.waitForSelector('#found a[href^="/docs/errors/5002.html"]');
    await page.type('#search', ' nonsense');
    await page.waitForFunction(() => document.querySelector('#found')?.textContent === 'Nothing was found.');
    await page.$eval('#search', (input) => ((input as HTMLInputElement).value = ''));
    await page.type('#search', '102001');
    await page.waitForSelector('#found a[href^="/docs/errors/102001.html"]');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.equal(new URL(page.url()).pathname, '/docs/errors/102001.html');
  });

  it('raises no error', () => assert.deepEqual(errors, []));
});
