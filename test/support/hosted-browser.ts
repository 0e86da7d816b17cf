import { after, afterEach, before } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type { PageHost } from './page-host.js';

/**
 * Runs a host and a browser for the tests of the suite that calls it, and closes the pages of each test after it.
 * @returns what opens a page
 */
export function hostedBrowser(host: PageHost, launchBrowser: () => Promise<Browser>): () => Promise<Page> {
  let browser: Browser;
  const pages: Page[] = [];

  before(async () => {
    await host.start();
    browser = await launchBrowser();
  });

  afterEach(async () => {
    for (const page of pages.splice(0)) if (!page.isClosed()) await page.close();
  });

  after(async () => {
    await browser.close();
    await host.stop();
  });

  return async () => {
    const page = await browser.newPage();
    pages.push(page);
    return page;
  };
}
