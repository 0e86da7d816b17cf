/**
 * `npm run bench`: how long it takes from the start of a broadcast to the first media packet at the server, for
 * `RtcUser` and for a bare hand-written client, in turn on the same page, camera and server. Prints a table, and the
 * same as JSON on its last line. The budget is 1.1 times the bare client.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { createIngest } from '../../demo/server/ingest.js';
import { serveStatic } from '../../demo/server/static-files.js';
import { launch, type BrowserName } from '../support/browsers.js';
import { until } from '../support/page.js';

const ROUNDS = Number(process.env['ROUNDS'] ?? 15);
const BUDGET = 1.1;

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const roots = [
  { path: '/', folder: folder('./') },
  { path: '/cdn/', folder: folder('../../cdn/') },
];

type Client = 'bare' | 'RtcUser';

interface Starts {
  startBare(): Promise<number>;
  startRtcUser(): Promise<number>;
  stop(): Promise<void>;
}

declare const starts: Starts;

const ingest = createIngest();
const server: Server = createServer((request, response) => {
  if (request.url === '/') return void response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
  if (!ingest.handle(request, response)) void serveStatic(roots, request, response);
});

/** Opens camera and clients in the page; both starts return the moment they were called, on the clock of this machine. */
async function prepare(page: Page): Promise<void> {
  await page.addScriptTag({
    type: 'module',
    content: `
      import { RtcUser } from '/cdn/rtc-user.min.js';
      import { publishBare } from '/bare-client.js';
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 }, audio: true });
      const user = new RtcUser();
      await user.signIn({ server: '/whip/bench' });
      await user.setMediaStream({ stream });
      const now = () => performance.timeOrigin + performance.now();
      let stop;
      globalThis.starts = {
        async startBare() {
          const begun = now();
          stop = await publishBare('/whip/bench', stream);
          return begun;
        },
        async startRtcUser() {
          const begun = now();
          stop = () => user.stopBroadcast();
          await user.startBroadcast();
          return begun;
        },
        stop: () => stop(),
      };`,
  });
  await page.waitForFunction('globalThis.starts');
}

/** The moment at which the server has its first media packet. */
async function firstMedia(): Promise<number> {
  for (;;) {
    if (ingest.sessions.some(({ packets }) => packets.audio + packets.video > 0)) return Date.now();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function measure(page: Page, client: Client): Promise<number> {
  const arrived = firstMedia();
  const begun = await page.evaluate((name) => (name === 'bare' ? starts.startBare() : starts.startRtcUser()), client);
  const milliseconds = (await arrived) - begun;
  await page.evaluate(() => starts.stop());
  await until('the session is gone', () => ingest.sessions.length === 0);
  return milliseconds;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

async function compare(name: BrowserName): Promise<{ bare: number; RtcUser: number; ratio: number }> {
  const browser = await launch(name);
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await prepare(page);
    const times: Record<Client, number[]> = { bare: [], RtcUser: [] };
    // The first of each warms the browser up.
    for (let round = 0; round <= ROUNDS; round++) {
      for (const client of ['bare', 'RtcUser'] as const) {
        const milliseconds = await measure(page, client);
        if (round > 0) times[client].push(milliseconds);
      }
    }
    const [bare, own] = [median(times.bare), median(times.RtcUser)];
    return { bare: Math.round(bare), RtcUser: Math.round(own), ratio: Number((own / bare).toFixed(2)) };
  } finally {
    await browser.close();
  }
}

await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
const results = { chromium: await compare('chromium'), firefox: await compare('firefox') };
console.log(`From the start to the first media at the server, median of ${ROUNDS} in turn, in milliseconds:`);
console.table(results);
console.log(`Budget: ${BUDGET} times the bare client.`);
console.log(JSON.stringify({ start: results }));
await ingest.close();
server.close();
