import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import puppeteer, { type Browser, type Frame, type Page } from 'puppeteer-core';
import { CHROMIUM_FLAGS, FIREFOX_PREFERENCES, findBrowser } from '../support/installed-browsers.mjs';
import type {} from '../../src/index.js';
import type { BrowserName } from '../support/browsers.js';
import { errorsOf, goLive, press, statusOf, until } from '../support/page.js';
import { hostedBrowser } from '../support/hosted-browser.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

/** A name that browsers take for a host of the web: http pages on it are insecure. */
const INSECURE_HOST = 'studio.example';

function launchWithHost(name: BrowserName): Promise<Browser> {
  const executablePath = findBrowser(name) ?? '';
  if (name === 'chromium') {
    const args = [...CHROMIUM_FLAGS, `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`];
    return puppeteer.launch({ executablePath, args });
  }
  const extraPrefsFirefox = { ...FIREFOX_PREFERENCES, 'network.dns.localDomains': INSECURE_HOST };
  return puppeteer.launch({ browser: 'firefox', executablePath, extraPrefsFirefox });
}

for (const name of selectedBrowsers(true)) {
  describe(`An element in ${name}`, () => {
    const host = new PageHost({
      '/': { body: webcasterPage() },
      '/screen': { body: webcasterPage('source="screen"') },
      '/own-server': { body: webcasterPage().replace('"/whip/page"', '"https://media.example/whip"') },
      '/two': {
        body: webcasterPage(
          '',
          '<script type="module" src="/cdn/nano-webcaster.min.js?another-copy"></script>',
        ).replace('</body>', '<nano-webcaster server="/whip/other" width="320" height="240"></nano-webcaster></body>'),
      },
    });
    const newPage = hostedBrowser(host, () => launchWithHost(name));
    let page: Page;

    afterEach(() => until('the sessions are gone', () => host.sessions.length === 0));

    /** A page with a frame of another origin, which has the element. */
    async function openFramed(path: string, allow: string): Promise<Frame> {
      const inner = `http://127.0.0.1:${host.port}${path}`;
      const body = `<!doctype html><title>outer</title><link rel="icon" href="data:,"><iframe src="${inner}" allow="${allow}" width="400" height="500"></iframe>`;
      host.pages['/outer'] = { body };
      page = await newPage();
      await page.goto(`${host.origin}/outer`);
      return until('there is a frame', () => page.frames().find((frame) => frame.url() === inner));
    }

    async function failure(frame: Page | Frame): Promise<string> {
      await press(frame, 'nano-webcaster >>> [part~="start-button"]');
      await until('it has failed', async () => (await statusOf(frame)) === 'failed');
      const { message, shown } = await frame.$eval('nano-webcaster', ({ error, shadowRoot }) => ({
        message: error?.message ?? '',
        shown: shadowRoot?.querySelector('[data-said=alert]')?.textContent ?? '',
      }));
      // People get a sentence of their own; the technical text is for the console and "Details".
      assert.ok(shown.trim().length > 0, 'the page’s visitors are told');
      assert.doesNotMatch(shown.replace(message, ''), /NotAllowedError|getUserMedia|HTTP|POST/);
      return message;
    }

    it('goes live in an iframe that allows it', async () => {
      await goLive(await openFramed('/', 'camera; microphone; display-capture; screen-wake-lock'));
      assert.equal(host.sessions.length, 1);
    });

    it('says what an iframe lacks for camera and microphone', async () => {
      const frame = await openFramed('/', '');
      assert.match(await failure(frame), /needs allow="camera; microphone"/);
      assert.equal(host.sessions.length, 0);
    });

    it('says what an iframe lacks for the screen', async () => {
      const frame = await openFramed('/screen', 'camera; microphone');
      assert.match(await failure(frame), /needs allow="display-capture"/);
    });

    for (const path of ['/', '/own-server']) {
      it(`says on an insecure page that it needs https: ${path}`, async () => {
        page = await newPage();
        const errors = errorsOf(page);
        await page.goto(`http://${INSECURE_HOST}:${host.port}${path}`);
        assert.equal(await page.evaluate(() => isSecureContext), false);
        assert.match(await failure(page), /https/);
        assert.deepEqual(errors, []);
      });
    }

    it('is one of several, from one of two copies of the script', async () => {
      page = await newPage();
      const errors = errorsOf(page);
      await page.goto(`${host.origin}/two`);
      await page.evaluate(() => Promise.all([...document.querySelectorAll('nano-webcaster')].map((el) => el.start())));
      assert.equal(host.sessions.length, 2);
      await page.evaluate(() => document.querySelector('nano-webcaster')?.remove());
      await until('one has ended', () => host.sessions.length === 1, 5);
      assert.equal(await statusOf(page), 'broadcasting');
      assert.deepEqual(errors, []);
    });
  });
}
