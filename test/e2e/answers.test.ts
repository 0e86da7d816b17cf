import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { errorsOf, goLive, until, untilPlaying } from '../support/page.js';
import { PageHost, webcasterPage } from '../support/page-host.js';
import { selectedBrowsers } from '../support/tier.js';

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'POST, PATCH, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
};

for (const name of selectedBrowsers(false)) {
  describe(`What servers answer, in ${name}`, () => {
    const ingest = new DemoServer({ TOKEN: 'secret', ORIGINS: '*', PUBLIC_PLAYBACK: '1' });
    const servers: Server[] = [];
    const hosts: PageHost[] = [];
    let browser: Browser;
    let page: Page;

    before(async () => {
      await ingest.start();
      browser = await launch(name);
    });

    afterEach(async () => {
      await page.close();
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
      for (const host of hosts.splice(0)) await host.stop();
      await until('no session is left', async () => (await ingest.sessions()).length === 0, 5);
    });

    after(async () => {
      await browser.close();
      await ingest.end();
    });

    /** A server of another origin than the page's; returns its endpoint, and what it was asked. */
    async function serve(answer: RequestListener): Promise<{ endpoint: string; posts: string[] }> {
      const posts: string[] = [];
      const server = createServer((request, response) => {
        if (request.method === 'OPTIONS') return void response.writeHead(204, CORS).end();
        if (request.method === 'POST') posts.push(request.headers.authorization ?? '');
        answer(request, response);
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/whip`, posts };
    }

    /** Goes live with the element of the demo page; returns the error's message, or nothing where it is live. */
    async function start(server: string, token: string): Promise<string | undefined> {
      page = await browser.newPage();
      const errors = errorsOf(page);
      await page.goto(ingest.url);
      const message = await page.$eval(
        'nano-webcaster',
        (element, settings) =>
          Object.assign(element, settings)
            .start()
            .then(
              () => undefined,
              (error: Error) => error.message,
            ),
        { server, token },
      );
      assert.deepEqual(errors, []);
      return message;
    }

    it('is live behind a redirect to another origin, which makes the browser drop the bearer', async () => {
      const { endpoint, posts } = await serve((_, response) => {
        response.writeHead(307, { ...CORS, Location: `${ingest.url}/whip/demo` }).end();
      });
      assert.equal(await start(endpoint, 'secret'), undefined);
      await untilPlaying(page);
      assert.deepEqual(posts, ['Bearer secret']);
      assert.equal((await ingest.sessions()).length, 1);
      await page.$eval('nano-webcaster', (element) => (element as HTMLElement & { stop(): Promise<void> }).stop());
    });

    it('is live behind a 302, which makes a GET of the POST', async () => {
      const { endpoint } = await serve((_, response) => {
        response.writeHead(302, { ...CORS, Location: `${ingest.url}/whip/demo` }).end();
      });
      assert.equal(await start(endpoint, 'secret'), undefined);
      assert.equal((await ingest.sessions()).length, 1);
    });

    it('is live from a page of another origin, with a token, without an error in the console', async () => {
      const body = webcasterPage(`token="secret"`).replace('"/whip/page"', `"${ingest.url}/whip/demo"`);
      const host = new PageHost({ '/': { body } });
      await host.start();
      hosts.push(host);
      page = await browser.newPage();
      const logged: string[] = [];
      page.on('console', (message) => message.type() === 'error' && logged.push(message.text()));
      page.on('pageerror', (error) => logged.push(String(error)));
      await page.goto(host.origin);
      await goLive(page);
      assert.deepEqual(logged, []);
      await page.$eval('nano-webcaster', (element) => (element as HTMLElement & { stop(): Promise<void> }).stop());
    });

    it('says that the token is wrong', async () => {
      const message = await start(`${ingest.url}/whip/demo`, 'guessed');
      assert.match(message ?? '', /answered POST with 401/);
    });

    it('repeats what a server says about the problem', async () => {
      const { endpoint } = await serve((_, response) => {
        const problem = { title: 'Refused', detail: 'Only two streams are in your plan.' };
        response.writeHead(403, { ...CORS, 'Content-Type': 'application/problem+json' }).end(JSON.stringify(problem));
      });
      assert.equal(await start(endpoint, ''), 'The server answered POST with 403: Only two streams are in your plan.');
    });

    it('explains an answer that may not be read', async () => {
      const { endpoint } = await serve((_, response) => response.writeHead(500).end());
      assert.match((await start(endpoint, '')) ?? '', /cannot be reached, or it does not allow this page.*CORS/);
    });

    it('says that nothing listens there', async () => {
      const { endpoint } = await serve(() => undefined);
      await new Promise((resolve) => servers.pop()?.close(resolve));
      assert.match((await start(endpoint, '')) ?? '', /cannot be reached/);
    });

    it('says that a web page is no WHIP endpoint', async () => {
      const { endpoint } = await serve((_, response) => response.writeHead(200, CORS).end('<!doctype html>'));
      assert.match((await start(endpoint, '')) ?? '', /is it a WHIP endpoint/);
    });

    it('deletes a session whose answer is no use', async () => {
      const deleted: string[] = [];
      const { endpoint } = await serve((request, response) => {
        if (request.method === 'DELETE') deleted.push(request.url ?? '');
        const headers = { ...CORS, 'Access-Control-Expose-Headers': 'Location', Location: '/session/1' };
        response.writeHead(request.method === 'POST' ? 201 : 200, headers).end('v=0\r\ns=nonsense\r\n');
      });
      assert.match((await start(endpoint, '')) ?? '', /answer cannot be used/);
      await until('the session is deleted', () => deleted.length > 0, 5);
      assert.deepEqual(deleted, ['/session/1']);
    });
  });
}
