/** The module behind `controls` cannot be loaded. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { press, statusOf, until, visible } from '../support/page.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

const BUTTON = '<button commandfor="studio" command="--start">Start</button>';

for (const name of selectedBrowsers(true)) {
  describe(`An element without its controls' module in ${name}`, () => {
    const host = new PageHost({
      '/': { body: webcasterPage('id="studio"').replace('</body>', `${BUTTON}</body>`) },
    });
    host.intercept = (req, res) => {
      const isControls = req.url?.startsWith('/cdn/controls.min.js') === true;
      if (isControls) res.writeHead(404).end();
      return isControls;
    };
    let browser: Browser;
    let page: Page;

    before(async () => {
      await host.start();
      browser = await launch(name);
      page = await browser.newPage();
      await page.goto(host.origin);
    });

    after(async () => {
      await browser.close();
      await host.stop();
    });

    const noticeOf = () =>
      page.$eval('nano-webcaster', ({ shadowRoot }) => {
        const notice = shadowRoot?.querySelector<HTMLElement>('[part=notice]');
        return notice?.checkVisibility() ? notice.innerText : '';
      });

    it('says so', async () => {
      await until('it is said', async () => (await noticeOf()).includes('The controls couldn’t be loaded.'));
      assert.equal(await statusOf(page), 'idle');
    });

    it('goes live by a command', async () => {
      await press(page, 'button');
      await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
    });

    it('has its controls when the browser is back online, and is still live', async () => {
      host.intercept = () => false;
      await page.evaluate(() => void dispatchEvent(new Event('online')));
      await visible(page, 'nano-webcaster >>> [part=bar]');
      assert.equal(await noticeOf(), '');
      assert.equal(await statusOf(page), 'broadcasting');
    });
  });
}
