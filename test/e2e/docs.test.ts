import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { ensureDocs } from '../support/docs-site.js';
import { answerLeaving, errorsOf, press, visible } from '../support/page.js';
import { describeInChromium } from '../support/tier.js';

describeInChromium.quick('The docs site, in Chromium', {}, () => {
  const server = new DemoServer();
  let browser: Browser;
  let page: Page;
  let errors: string[];

  before(async () => {
    ensureDocs();
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
    await press(page, '.live-example nano-webcaster >>> [part~="start-button"]');
    await page.waitForSelector('.live-example nano-webcaster[status=broadcasting]');
    assert.equal((await server.sessions()).length, 1);
  });

  it('has examples with the styles and the language of their markup', async () => {
    await page.goto(`${server.url}/docs/styling.html`);
    const start = await visible(page, '.live-example nano-webcaster >>> [part~="start-button"]');
    assert.equal(await start.evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(122, 31, 162)');
    await page.goto(`${server.url}/docs/languages.html`);
    await visible(page, '.live-example nano-webcaster >>> .base[lang=es]');
  });

  it('has an example to break, which recovers', async () => {
    await page.goto(`${server.url}/docs/reconnection.html`);
    await press(page, '.live-example nano-webcaster >>> [part~="start-button"]');
    await page.waitForSelector('.live-example nano-webcaster[status=broadcasting]');
    await press(page, '.live-example fault-panel ::-p-text(Kill the session)');
    await page.waitForSelector('.live-example nano-webcaster[status=reconnecting_broadcast]');
    await page.waitForSelector('.live-example nano-webcaster[status=broadcasting]');
  });

  it('finds the page of an error by its name', async () => {
    await page.goto(`${server.url}/docs/`);
    await press(page, '#local-search button');
    const input = await page.waitForSelector('.VPLocalSearchBox input');
    await input?.type('102001');
    await page.waitForSelector('.VPLocalSearchBox li:first-child a[href^="/docs/errors/102001.html"]');
    await Promise.all([visible(page, 'h1 ::-p-text(102001)'), page.keyboard.press('Enter')]);
    assert.equal(new URL(page.url()).pathname, '/docs/errors/102001.html');
  });

  for (const [words, path] of [
    ['Safari', '/docs/browsers.html'],
    ['token', '/docs/tokens.html'],
    ['reconnect', '/docs/reconnection.html'],
    ['phones', '/docs/phones.html'],
  ] as const) {
    it(`finds a page by a word of its title first: ${words}`, async () => {
      await page.goto(`${server.url}/docs/`);
      await press(page, '#local-search button');
      const input = await page.waitForSelector('.VPLocalSearchBox input');
      await input?.type(words);
      await page.waitForSelector('.VPLocalSearchBox .result');
      await page.waitForSelector(`.VPLocalSearchBox li:first-child a[href^="${path}"]`);
    });
  }

  it('raises no error', () => assert.deepEqual(errors, []));
});
