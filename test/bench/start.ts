import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { createIngest } from '../../demo/server/ingest.js';
import { serveStatic } from '../support/static-files.js';
import { launch, type BrowserName } from '../support/browsers.js';
import { until } from '../support/page.js';
import { median, rounded, type Missed } from './numbers.js';

/** How much longer than the bare client ours may take. */
export const START_BUDGET = 1.1;

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const roots = [
  { path: '/', folder: folder('./') },
  { path: '/cdn/', folder: process.env['CDN'] ?? folder('../../cdn/') },
];

type Client = 'bare' | 'RtcUser';

interface Starts {
  startBare(): Promise<number>;
  startRtcUser(): Promise<number>;
  stop(): Promise<void>;
}

declare const starts: Starts;

/** Medians in milliseconds. */
export interface StartResult {
  bare: number;
  own: number;
  ratio: number | null;
}

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

/**
 * How long it takes from the start of a broadcast to the first media packet at the server, for `RtcUser` and for a bare
 * hand-written client, in turn on the same page, camera and server.
 */
export async function measureStart(name: BrowserName, rounds: number): Promise<StartResult> {
  const ingest = createIngest();
  const server: Server = createServer((request, response) => {
    if (request.url === '/') return void response.setHeader('Content-Type', 'text/html').end('<!doctype html>');
    if (!ingest.handle(request, response)) void serveStatic(roots, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const browser = await launch(name);

  /** The moment at which the server has its first media packet. */
  const firstMedia = async () => {
    for (;;) {
      if (ingest.sessions.some(({ packets }) => packets.audio + packets.video > 0)) return Date.now();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  const measure = async (page: Page, client: Client) => {
    const arrived = firstMedia();
    const begun = await page.evaluate((one) => (one === 'bare' ? starts.startBare() : starts.startRtcUser()), client);
    const milliseconds = (await arrived) - begun;
    await page.evaluate(() => starts.stop());
    await until('the session is gone', () => ingest.sessions.length === 0);
    return milliseconds;
  };

  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    await prepare(page);
    const times: Record<Client, number[]> = { bare: [], RtcUser: [] };
    // The first of each warms the browser up.
    for (let round = 0; round <= rounds; round++) {
      for (const client of ['bare', 'RtcUser'] as const) {
        const milliseconds = await measure(page, client);
        if (round > 0) times[client].push(milliseconds);
      }
    }
    const [bare, own] = [median(times.bare), median(times.RtcUser)];
    return { bare: Math.round(bare), own: Math.round(own), ratio: rounded(own / bare) };
  } finally {
    await browser.close();
    await ingest.close();
    server.close();
    server.closeAllConnections();
  }
}

export function missedStart(name: BrowserName, { ratio }: StartResult): Missed[] {
  const isKept = ratio !== null && ratio <= START_BUDGET;
  return isKept ? [] : [`start in ${name}: ${ratio} times the bare client, budget ${START_BUDGET}`];
}
