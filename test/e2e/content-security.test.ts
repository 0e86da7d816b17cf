import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { endBroadcast, errorsOf, goLive, noteStatuses, press, statusOf, until, visible } from '../support/page.js';
import { hostedBrowser } from '../support/hosted-browser.js';
import { PageHost } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
];

const SCRIPT = '<script type="module" src="/cdn/nano-webcaster.min.js"></script>';

const strictPage = (scripts: string, trusted: string) => ({
  body: `<!doctype html><html lang="en"><title>strict</title><link rel="icon" href="/icon.svg">
<script src="/violations.js"></script>${scripts}
<nano-webcaster server="/whip/strict" width="320" height="240" controls><p slot="idle">Ready</p></nano-webcaster></html>`,
  headers: { 'Content-Security-Policy': [...POLICY, `trusted-types ${trusted}`].join('; ') },
});

for (const name of selectedBrowsers(true)) {
  describe(`A page with a strict content security policy in ${name}`, () => {
    const host = new PageHost({
      '/': strictPage(SCRIPT, 'lit-html'),
      '/twice': strictPage(SCRIPT + SCRIPT.replace('.js', '.js?another-copy'), "lit-html 'allow-duplicates'"),
      '/icon.svg': { body: '<svg xmlns="http://www.w3.org/2000/svg"/>', type: 'image/svg+xml' },
      '/violations.js': {
        type: 'text/javascript',
        body: `window.violations = [];
addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
  violations.push([effectiveDirective, blockedURI, sourceFile, lineNumber].join(' ')));`,
      },
    });
    const newPage = hostedBrowser(host, () => launch(name));
    let page: Page;

    const violations = () => page.evaluate(() => (window as unknown as { violations: string[] }).violations);

    for (const [path, what] of [
      ['/', 'goes live, loses its connection, comes back and stops without breaking it'],
      ['/twice', 'goes live with two copies of the script, where duplicates are allowed'],
    ] as const) {
      it(what, async () => {
        page = await newPage();
        const errors = errorsOf(page);
        const statuses = await noteStatuses(page);
        await page.goto(host.origin + path);
        await goLive(page);
        for (const change of [{ muted: true, noPreview: true }, { controls: false }, { controls: true, lang: 'de' }]) {
          await page.$eval('nano-webcaster', (element, settings) => void Object.assign(element, settings), change);
        }
        await host.endSessions();
        await until('it is lost', async () => (await statuses()).includes('reconnecting_broadcast'));
        await until('it is back', async () => (await statuses()).at(-1) === 'broadcasting');
        await endBroadcast(page);
        await until('it is idle', async () => (await statusOf(page)) === 'idle');
        await page.$eval('nano-webcaster', (element) =>
          Object.assign(element, { server: '' })
            .start()
            .catch(() => null),
        );
        assert.equal(await statusOf(page), 'failed');
        assert.deepEqual(await violations(), []);
        assert.deepEqual(errors, []);
      });
    }

    if (name === 'chromium') {
      it('asks again after a denial by the browser’s own button, and goes live without breaking it', async () => {
        page = await newPage();
        const errors = errorsOf(page);
        await page.evaluateOnNewDocument(() => {
          const { mediaDevices } = navigator;
          const open = mediaDevices.getUserMedia.bind(mediaDevices);
          mediaDevices.getUserMedia = (constraints) =>
            'isAllowed' in window
              ? open(constraints)
              : Promise.reject(new DOMException('Permission denied', 'NotAllowedError'));
        });
        await page.goto(host.origin);
        await press(page, 'nano-webcaster >>> [part~="start-button"]');
        await visible(page, 'nano-webcaster >>> usermedia');
        await page.evaluate(() => void Object.assign(window, { isAllowed: true }));
        // Chromium takes no click on one that appeared or moved within the last half second.
        await new Promise((resolve) => setTimeout(resolve, 1500));
        await press(page, 'nano-webcaster >>> usermedia');
        await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
        assert.deepEqual(await violations(), []);
        assert.deepEqual(errors, []);
      });
    }

    it('would be told of what breaks it', async () => {
      page = await newPage();
      await page.goto(host.origin);
      await page.evaluate(() =>
        document.body.append(Object.assign(document.createElement('style'), { textContent: 'a{}' })),
      );
      await until('it is reported', async () => (await violations()).length > 0, 5);
      assert.match((await violations())[0] ?? '', /^style-src/);
    });
  });
}
