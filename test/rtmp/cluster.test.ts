import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { CORS_HEADERS } from '../../demo/server/http.js';
import { serveStatic } from '../../demo/server/static-files.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { FAULT_PAGE, type PageStudio } from '../support/fault-page.js';
import { until } from '../support/page.js';
import { describeInChromium } from '../support/tier.js';

declare const studio: PageStudio;

const CDN = fileURLToPath(new URL('../../cdn', import.meta.url));
const TOKEN = 'secret';

/** Sends each new session to the server in turn by 307, as a load balancer does that keeps out of the way of media. */
class Balancer {
  /** Where new sessions go; none while it is undefined. */
  target: DemoServer | undefined;
  /** What each `POST` was answered with. */
  readonly answers: number[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((req, res) => {
      if (req.url === '/') return void res.writeHead(200, { 'Content-Type': 'text/html' }).end(FAULT_PAGE);
      if (req.url !== '/whip/studio') return void serveStatic([{ path: '/cdn/', folder: CDN }], req, res);
      if (req.method !== 'POST') return void res.writeHead(204, CORS_HEADERS).end();
      const isOverloaded = this.target === undefined;
      this.answers.push(isOverloaded ? 503 : 307);
      const where = isOverloaded ? { 'Retry-After': '2' } : { Location: `${this.target?.url}/whip/studio` };
      res.writeHead(isOverloaded ? 503 : 307, { ...CORS_HEADERS, ...where }).end();
    });
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describeInChromium('A cluster of two servers behind a redirect', {}, () => {
  const [first, second] = [new DemoServer({ TOKEN }), new DemoServer({ TOKEN })];
  const balancer = new Balancer();
  let browser: Browser;
  let page: Page;

  before(async () => {
    await Promise.all([first.start(), second.start(), balancer.start()]);
    balancer.target = first;
    browser = await launch('chromium');
    page = await browser.newPage();
    await page.goto(balancer.url);
    await page.waitForFunction(() => 'studio' in window);
  });

  after(async () => {
    await browser.close();
    await Promise.all([first.end(), second.end()]);
    balancer.end();
  });

  const told = () => page.evaluate(() => studio.told);

  /** Resolves when a server has media of the one session, and more of it after that. */
  async function untilMediaArrives(server: DemoServer): Promise<void> {
    const packets = async () => (await server.sessions())[0]?.packets.video ?? 0;
    const before = await packets();
    await until('media arrives', async () => (await packets()) > before + 10);
  }

  it('is found by way of the redirect, with the token', async () => {
    const settings = {
      server: `${balancer.url}/whip/studio`,
      tokens: [TOKEN],
      reconnect: { minDelay: 1, maxDelay: 2, maxRetries: 20 },
    };
    assert.equal(await page.evaluate((one) => studio.goLive(one), settings), null);
    await untilMediaArrives(first);
    assert.deepEqual(await second.sessions(), []);
  });

  it('takes the broadcast over to the other one where the first is drained and then killed', async (test) => {
    const from = (await told()).length;
    balancer.target = second;
    const killed = Date.now();
    await first.end('SIGKILL');
    const back = await until('it is back', async () => {
      const [last] = (await told()).slice(-1);
      return last?.name === 'broadcasting' && last.at > killed ? last : undefined;
    });
    const since = (await told()).slice(from);
    await untilMediaArrives(second);
    assert.equal((await second.sessions()).length, 1);
    assert.equal(since[0]?.name, 'reconnecting_broadcast');
    test.diagnostic(
      `seen ${(since[0]?.at ?? 0) - killed} ms after the kill, back on the other one after ${back.at - killed} ms`,
    );
  });

  it('takes it back where the second says farewell, after Retry-After where nobody has room at first', async (test) => {
    await first.start();
    const from = (await told()).length;
    const refused = balancer.answers.length;
    balancer.target = undefined;
    const ended = Date.now();
    await second.end('SIGTERM');
    await until('a new session was refused', () => balancer.answers.length > refused);
    balancer.target = first;
    await until('it is back', async () => (await told()).slice(from).at(-1)?.name === 'broadcasting');
    await untilMediaArrives(first);
    const since = (await told()).slice(from);
    const [announced, again] = since.filter(({ name }) => name === 'reconnecting_broadcast');
    assert.equal(announced?.reconnect?.cause, 'server');
    assert.ok((again?.reconnect?.delay ?? 0) >= 2, 'Retry-After is heeded');
    assert.deepEqual(balancer.answers.slice(refused), [503, 307]);
    test.diagnostic(
      `seen ${(announced?.at ?? 0) - ended} ms after the farewell, back ${(since.at(-1)?.at ?? 0) - ended} ms after it`,
    );
  });

  it('has no session left after the stop', async () => {
    await page.evaluate(() => studio.stop());
    await second.start();
    await until(
      'no session is left',
      async () => [...(await first.sessions()), ...(await second.sessions())].length === 0,
    );
    assert.deepEqual(await page.evaluate(() => studio.errors), []);
  });
});
