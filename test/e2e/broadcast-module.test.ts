import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { endBroadcast, errorsOf, goLive, press, statusOf, until, visible } from '../support/page.js';
import { hostedBrowser } from '../support/hosted-browser.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

const MODULE = '/cdn/broadcast.min.js';

/** Two elements, and the element's file under an address that its modules do not know. */
const TWO_ELEMENTS = webcasterPage('framerate="15"')
  .replace('nano-webcaster.min.js', 'nano-webcaster.min.js?mine')
  .replace('</body>', '<nano-webcaster server="/whip/other" framerate="15"></nano-webcaster></body>');

for (const name of selectedBrowsers(true)) {
  describe(`The module that broadcasts in ${name}`, () => {
    const host = new PageHost({ '/': { body: webcasterPage('framerate="15"') }, '/two': { body: TWO_ELEMENTS } });
    /** The files in `cdn/` that were asked for, each time. */
    const asked: string[] = [];
    /** Where something was published. */
    const posted: string[] = [];
    /** Answers requests for the module instead of the server. */
    let answer: ((response: ServerResponse) => void) | undefined;
    const newPage = hostedBrowser(host, () => launch(name));
    let page: Page;
    let errors: string[];

    const open = async (path: string) => {
      page = await newPage();
      errors = errorsOf(page);
      await page.goto(host.origin + path);
      await visible(page, 'nano-webcaster >>> [part~="start-button"]');
    };
    const moduleRequests = () => asked.filter((path) => path.startsWith(MODULE));
    const isCameraOn = () => page.$eval('nano-webcaster', ({ mediaStream }) => mediaStream !== null);

    beforeEach(() => {
      asked.length = posted.length = 0;
      answer = undefined;
      host.intercept = ({ method, url = '' }, response) => {
        if (method === 'POST') posted.push(url);
        if (method === 'GET' && url.startsWith('/cdn/')) asked.push(url.replace(/[.]map$/, ''));
        if (!answer || !url.startsWith(MODULE)) return false;
        answer(response);
        return true;
      };
    });

    afterEach(() => until('the session is gone', () => host.sessions.length === 0));

    it('is loaded once: with the first preview, not with the page', async () => {
      await open('/two');
      assert.deepEqual(moduleRequests(), []);
      await page.$eval('nano-webcaster', (element) => element.startPreview());
      await until('it is asked for', () => moduleRequests().length > 0);
      await goLive(page);
      await page.$$eval('nano-webcaster', async ([, other]) => other?.start());
      assert.equal(host.sessions.length, 2);
      await endBroadcast(page);
      await goLive(page);
      assert.equal(moduleRequests().length, 1);
      assert.equal(asked.filter((path) => path.includes('nano-webcaster.min.js')).length, 1);
      assert.deepEqual(errors, []);
    });

    const answers: Record<string, (response: ServerResponse) => void> = {
      'cannot be loaded': (response) => void response.writeHead(404).end(),
      // As from a cache, or from a server on which only some of the files are new.
      'is of another version': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/javascript' });
        response.end(
          'export default (version) => { throw new Error(`It has version 0.0.9, the element ${version}.`); };',
        );
      },
      'is damaged': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/javascript' }).end('export default (');
      },
    };
    for (const [what, given] of Object.entries(answers)) {
      it(`fails the start if it ${what}, leaves no camera on, and is loaded by the next try`, async () => {
        answer = given;
        await open('/');
        await press(page, 'nano-webcaster >>> [part~="start-button"]');
        const card = await visible(page, 'nano-webcaster >>> [part=card]');
        const text = await card.evaluate((shown) => (shown as HTMLElement).innerText);
        assert.match(
          text,
          /Your broadcast couldn’t start\s+Part of this page couldn’t be loaded. Try again, or contact the site./,
        );
        const failure = await page.$eval('nano-webcaster', ({ error }) => `${error?.code} ${error?.message}`);
        assert.match(failure, /^1000 broadcast[.]min[.]js could not be loaded: ./);
        assert.equal(await statusOf(page), 'failed');
        await until('the camera is off', async () => !(await isCameraOn()));

        answer = undefined;
        await press(page, 'nano-webcaster >>> [part=card] button.primary');
        await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
        assert.equal(host.sessions.length, 1);
        assert.deepEqual(errors, []);
      });
    }

    /** Runs a script with `user`, a `RtcUser` of the element's file that has a stream, and `given`, what it may change. */
    const withUser = async (script: string): Promise<string[]> => {
      const text = `(async () => {
        const { RtcUser } = await import('/cdn/nano-webcaster.min.js');
        const user = (globalThis.user ??= new RtcUser());
        const outcome = (name, promise) => promise.then(() => name + ' done', ({ code }) => name + ' ' + code);
        const canvas = document.createElement('canvas');
        const drawn = canvas.getContext('2d');
        setInterval(() => drawn.fillRect(0, 0, 20 * Math.random(), 20), 100);
        user.setMediaStream({ stream: canvas.captureStream(10) });
        ${script}
      })()`;
      return (await page.evaluate(text)) as string[];
    };

    it('may be waited for: calls go on in their order, with what they were given', async () => {
      const held: ServerResponse[] = [];
      answer = (response) => held.push(response);
      await open('/');
      const ran = withUser(`
        const given = { transcodingTargets: { streamname: 'one' } };
        const outcomes = [
          outcome('sign-in', user.signIn({ server: '/whip/a' })),
          outcome('start', user.startBroadcast(given)),
          outcome('another start', user.startBroadcast()),
          outcome('another sign-in', user.signIn({ server: '/whip/b' })),
        ];
        given.transcodingTargets.streamname = 'two';
        return Promise.all(outcomes);`);
      await until('it is asked for', () => held.length > 0);
      answer = undefined;
      for (const response of held) response.writeHead(503).end();
      assert.deepEqual(await ran, ['sign-in 4000', 'start done', 'another start 1006', 'another sign-in done']);
      assert.deepEqual(posted, ['/whip/a?stream_name=one']);
      assert.deepEqual(await withUser(`return [await outcome('stop', user.stopBroadcast())];`), ['stop done']);
      assert.deepEqual(errors, []);
    });

    it('is no longer waited for by a start that is stopped, and nothing is published', async () => {
      const held: ServerResponse[] = [];
      answer = (response) => held.push(response);
      await open('/');
      const outcomes = await withUser(`
        void user.signIn({ server: '/whip/a' });
        const start = outcome('start', user.startBroadcast());
        return [await outcome('stop', user.stopBroadcast()), await start];`);
      assert.deepEqual(outcomes, ['stop done', 'start 5001']);
      await until('it is asked for', () => held.length > 0);
      answer = undefined;
      for (const response of held) response.writeHead(503).end();
      await until('it is signed in', () => page.evaluate('user.isSignedIn()') as Promise<boolean>);
      assert.deepEqual(posted, []);
      assert.deepEqual(errors, []);
    });

    it('is there for the next call if it came too late for one', async () => {
      const held: ServerResponse[] = [];
      answer = (response) => held.push(response);
      await open('/');
      const signIn = `return [await outcome('sign-in', user.signIn({ server: '/whip/a' }))];`;
      assert.deepEqual(await withUser(signIn), ['sign-in 1000']);
      assert.equal(held.length, 1);
      answer = undefined;
      const late = await fetch(host.origin + MODULE);
      held[0]?.writeHead(200, { 'Content-Type': 'text/javascript' }).end(await late.text());
      const [address] = moduleRequests();
      await page.evaluate(`import('${address}').then(() => undefined)`);
      assert.deepEqual(await withUser(signIn), ['sign-in done']);
      assert.deepEqual(
        moduleRequests().filter((path) => path !== MODULE),
        [address],
      );
      assert.deepEqual(errors, []);
    });

    it('may be waited for: a start that is cancelled meanwhile leaves nothing behind', async () => {
      const held: ServerResponse[] = [];
      const { size: before } = host.sessionPaths;
      answer = (response) => held.push(response);
      await open('/');
      await page.$eval('nano-webcaster', (element) => void element.start().catch(() => undefined));
      await until('it is asked for', () => held.length > 0);
      await page.$eval('nano-webcaster', (element) => element.stop());
      assert.equal(await statusOf(page), 'idle');
      await until('the camera is off', async () => !(await isCameraOn()));

      answer = undefined;
      for (const response of held) response.writeHead(503).end();
      await until('it was asked for again', () => moduleRequests().length > 1);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      assert.equal(await statusOf(page), 'idle');
      assert.equal(host.sessionPaths.size, before);
      await goLive(page);
      assert.deepEqual(errors, []);
    });
  });
}
