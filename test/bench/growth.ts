import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'puppeteer-core';
import { FaultyIngest } from '../support/faulty-ingest.js';
import { until } from '../support/page.js';
import type { Rig } from './lane.js';
import type { Missed } from './numbers.js';
import { launchForMany, type PageServer } from './page-server.js';

declare const rig: Rig;
declare const peers: { open(): number; made: number };

/** Users on the page, who all lose their sessions together: `minDelay` allows each of them one loss in some seconds. */
const USERS = 10;
/** The first of the reconnections that is looked at: until then caches fill. */
const WARM = 100;
/** Bytes of heap for each reconnection: an entry of the report, which is kept on purpose, and nothing else. */
export const HEAP_BUDGET = 400;
/** Bytes by which the heap varies between two looks, whatever happens. */
const HEAP_NOISE = 150_000;

/** Counts connections without holding them. */
const COUNT_PEERS = `{
  const refs = new Set();
  const peers = {
    made: 0,
    open() {
      let open = 0;
      for (const ref of refs) {
        const peer = ref.deref();
        if (!peer || peer.signalingState === 'closed') refs.delete(ref);
        else open++;
      }
      return open;
    },
  };
  globalThis.peers = peers;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...settings) {
      super(...settings);
      peers.made++;
      refs.add(new WeakRef(this));
    }
  };
}`;

/** What there is after so many reconnections. */
export interface Holdings {
  reconnections: number;
  heapKilobytes: number;
  listeners: number;
  nodes: number;
  openPeers: number;
  sessions: number;
}

export interface GrowthResult {
  users: number;
  seconds: number;
  looks: Holdings[];
  /** By which the heap grows with every reconnection, from the first look to the last. */
  bytesPerReconnection: number;
}

/** Lets a real server end real sessions again and again, in Chromium, and looks at what piles up. */
export async function measureGrowth(pages: PageServer, reconnections: number): Promise<GrowthResult> {
  const begun = Date.now();
  const ingest = new FaultyIngest();
  await ingest.start();
  const browser = await launchForMany('chromium');
  try {
    const page = await pages.open(browser, COUNT_PEERS);
    const devtools = await page.createCDPSession();
    await devtools.send('Performance.enable');
    for (let user = 0; user < USERS; user++) await publish(page, `user-${user}`, ingest.origin);
    await untilLive(page, ingest, USERS);
    const looks: Holdings[] = [];
    for (let done = 0; done <= reconnections; done += USERS) {
      const isDue = done >= WARM && done % WARM === 0;
      if (isDue) {
        looks.push({ reconnections: done, ...(await look(page, devtools, ingest)) });
        console.log(`  ${done} reconnections after ${Math.round((Date.now() - begun) / 1000)} s`);
      }
      if (done === reconnections) break;
      await ingest.endSessions();
      await untilLive(page, ingest, done + 2 * USERS);
    }
    await page.evaluate(() => rig.stop());
    return { users: USERS, seconds: (Date.now() - begun) / 1000, looks, bytesPerReconnection: slopeOf(looks) };
  } finally {
    await browser.close();
    await ingest.stop();
  }
}

export function missedGrowth(
  where: string,
  { looks, bytesPerReconnection }: Pick<GrowthResult, 'looks' | 'bytesPerReconnection'>,
  budget: number,
): Missed[] {
  const [first] = looks;
  const last = looks.at(-1);
  if (!first || !last || first === last) return [`growth ${where}: there is nothing to compare`];
  const missed = (['listeners', 'nodes', 'openPeers', 'sessions'] as const)
    .filter((key) => last[key] > first[key])
    .map((key) => `growth ${where}: ${key} went from ${first[key]} to ${last[key]}`);
  const tolerated = budget + HEAP_NOISE / (last.reconnections - first.reconnections);
  if (bytesPerReconnection > tolerated) {
    missed.push(`growth ${where}: ${Math.round(bytesPerReconnection)} bytes a reconnection, budget ${budget}`);
  }
  return missed;
}

/** Bytes of heap by reconnection: the slope of the line through all looks. */
export function slopeOf(looks: readonly Pick<Holdings, 'reconnections' | 'heapKilobytes'>[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(looks.map(({ reconnections }) => reconnections));
  const y = mean(looks.map(({ heapKilobytes }) => heapKilobytes));
  const along = looks.map((one) => (one.reconnections - x) * (one.heapKilobytes - y));
  const square = looks.map((one) => (one.reconnections - x) ** 2);
  return (1024 * mean(along)) / mean(square);
}

function publish(page: Page, name: string, origin: string): Promise<void> {
  const settings = {
    kind: 'own' as const,
    media: 'video' as const,
    server: `${origin}/whip/${name}`,
    // The shortest waits that there are, and no end of them.
    reconnect: { minDelay: 1, maxDelay: 1, maxRetries: 1_000_000 },
    isForgetful: true,
  };
  return page.evaluate((one, given) => rig.publish(one, given), name, settings);
}

/** Until every user has been live so often in all, and every session has media. */
async function untilLive(page: Page, ingest: FaultyIngest, times: number): Promise<void> {
  await until(`all are live again, ${times} times in all`, async () => {
    return (await page.evaluate(() => rig.recoveries())) >= times;
  });
  await until('media arrives', () => ingest.sessions.every(({ packets }) => packets.audio + packets.video > 5));
}

async function look(page: Page, devtools: CDPSession, ingest: FaultyIngest): Promise<Omit<Holdings, 'reconnections'>> {
  // Requests that clean up end, and so does the browser's own work on connections that are gone.
  await delay(1_500);
  for (let times = 0; times < 3; times++) {
    await devtools.send('HeapProfiler.collectGarbage');
    await delay(200);
  }
  const { metrics } = await devtools.send('Performance.getMetrics');
  const metric = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? NaN;
  return {
    heapKilobytes: Math.round(metric('JSHeapUsedSize') / 1024),
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    openPeers: await page.evaluate(() => peers.open()),
    sessions: ingest.sessions.length,
  };
}
