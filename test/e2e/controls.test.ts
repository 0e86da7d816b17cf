import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { endBroadcast, errorsOf, goLive, press, statusOf, until, visible } from '../support/page.js';
import { hostedBrowser } from '../support/hosted-browser.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

/** Seconds of a live broadcast in which the preview must not flicker. */
const WATCHED = 5;

/**
 * Counts the streams given to videos in a shadow tree, of which there is the preview alone, and the times that they had
 * nothing to show. A text, since it runs before the scripts of a page.
 */
const WATCH_PREVIEW = `
  globalThis.preview = { assigned: 0, emptied: 0 };
  const { prototype } = HTMLMediaElement;
  const { get, set } = Object.getOwnPropertyDescriptor(prototype, 'srcObject');
  Object.defineProperty(prototype, 'srcObject', {
    configurable: true,
    get,
    set(stream) {
      if (this.getRootNode() instanceof ShadowRoot) {
        preview.assigned++;
        this.addEventListener('emptied', () => preview.emptied++);
      }
      set.call(this, stream);
    },
  });`;

interface PreviewCounts {
  assigned: number;
  emptied: number;
}

const COMMANDS = ['start', 'mute', 'stop'];

const buttons = COMMANDS.map((name) => `<button id="${name}" commandfor="studio" command="--${name}">${name}</button>`);

for (const name of selectedBrowsers(true)) {
  describe(`The controls in ${name}`, () => {
    const host = new PageHost({
      '/': { body: webcasterPage('framerate="15"') },
      '/commands': {
        body: webcasterPage('id="studio" framerate="15"').replace('</body>', `${buttons.join('')}</body>`),
      },
    });
    const newPage = hostedBrowser(host, () => launch(name));
    let page: Page;

    afterEach(async () => {
      host.intercept = () => false;
      await until('the session is gone', () => host.sessions.length === 0);
    });

    it('never interrupt the preview while live, whichever panel is opened', async () => {
      page = await newPage();
      const errors = errorsOf(page);
      await page.evaluateOnNewDocument(WATCH_PREVIEW);
      await page.goto(host.origin);
      const counts = () => page.evaluate(() => (globalThis as unknown as { preview: PreviewCounts }).preview);
      await goLive(page);
      const { assigned } = await counts();
      assert.equal(assigned, 1, 'the stream of the camera is shown');

      const begun = performance.now();
      for (const panel of ['stats', 'settings']) {
        await press(page, `nano-webcaster >>> [aria-controls=${panel}]`);
        await visible(page, `nano-webcaster >>> #${panel} h2`);
      }
      await press(page, 'nano-webcaster >>> summary');
      await until('it was live for long enough', () => performance.now() - begun > WATCHED * 1000);
      assert.deepEqual(await counts(), { assigned, emptied: 0 });
      assert.equal(await statusOf(page), 'broadcasting');
      assert.deepEqual(errors, []);
    });

    const answers: Record<string, (response: ServerResponse) => void> = {
      'cannot be loaded': (response) => void response.writeHead(404).end(),
      // As from a cache, or from a server on which only some of the files are new.
      'is of another version': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/javascript' });
        response.end(
          'export const version = "0.0.9"; export class Controls {} export const words = {}; export const styles = [];',
        );
      },
    };
    it('are said to be missing when their module does not come, and are there when it comes after all', async () => {
      const held: (() => void)[] = [];
      host.intercept = ({ url }, response) => {
        const isHeld = url?.startsWith('/cdn/controls.min.js') ?? false;
        const script = readFileSync(new URL('../../cdn/controls.min.js', import.meta.url));
        if (isHeld) held.push(() => response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script));
        return isHeld;
      };
      page = await newPage();
      const errors = errorsOf(page);
      // Firefox reports a page as loaded only with all of its modules.
      void page.goto(`${host.origin}/commands`).catch(() => undefined);
      const notice = await visible(page, 'nano-webcaster >>> [part=notice]');
      const text = () => notice.evaluate((shown) => (shown as HTMLElement).innerText.trim());
      await until('it says so', async () => (await text()).startsWith('The controls couldn’t be loaded.'));
      for (const answer of held) answer();
      await visible(page, 'nano-webcaster >>> [part~="bar"]');
      assert.deepEqual(errors, []);
    });

    for (const [what, answer] of Object.entries(answers)) {
      it(`are said to be missing when their module ${what}, and commands and methods work`, async () => {
        host.intercept = ({ url }, response) => {
          const isIntercepted = url?.startsWith('/cdn/controls.min.js') ?? false;
          if (isIntercepted) answer(response);
          return isIntercepted;
        };
        page = await newPage();
        const errors = errorsOf(page);
        const logged: string[] = [];
        page.on('console', (message) => message.type() === 'error' && logged.push(message.text()));
        await page.goto(`${host.origin}/commands`);
        const notice = await visible(page, 'nano-webcaster >>> [part=notice]');
        const text = () => notice.evaluate((shown) => (shown as HTMLElement).innerText.trim());
        await until('it says so', async () => (await text()).startsWith('The controls couldn’t be loaded.'));
        await until('it tells the author', () => logged.some((line) => line.includes('module of the controls')));

        await press(page, '#start');
        await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
        await press(page, '#mute');
        assert.equal(await page.$eval('nano-webcaster', ({ muted }) => muted), true);
        await press(page, '#stop');
        await until('it is idle', async () => (await statusOf(page)) === 'idle');
        await page.$eval('nano-webcaster', (element) => element.start());
        assert.equal(await statusOf(page), 'broadcasting');

        host.intercept = () => false;
        await page.evaluate(() => dispatchEvent(new Event('online')));
        await visible(page, 'nano-webcaster >>> [part~="stop-button"]');
        assert.equal(await statusOf(page), 'broadcasting');
        await endBroadcast(page);
        await until('it is idle again', async () => (await statusOf(page)) === 'idle');
        assert.deepEqual(errors, []);
      });
    }
  });
}
