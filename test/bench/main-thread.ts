import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { press, until } from '../support/page.js';
import { PageHost, webcasterPage, type HostedPage } from '../support/page-host.js';
import { rounded, type Missed } from './numbers.js';

/** Milliseconds of main thread per second while live. */
export const MAIN_THREAD_BUDGET = { element: 6, controls: 25 };

/**
 * How many more callbacks per second than those of the core alone a hidden page may run: less than any timer of the
 * element has, and more than what begin and end of the measurement make of the core's.
 */
const HIDDEN_BUDGET = 0.5;

/** Seconds until what is done once is over: after a start, and after the page was hidden. */
const SETTLE_LIVE = 4;
const SETTLE_HIDDEN = 2;
/** Seconds in which the work is measured. */
const WATCHED = 20;
const WATCHED_HIDDEN = 5;

const SMALL = 'width="320" height="240" framerate="15"';

const script = (code: string): HostedPage => ({
  body: `<!doctype html><title>studio</title><link rel="icon" href="data:,"><video autoplay playsinline muted></video>
<script type="module">
const preview = document.querySelector('video');
${code}
</script>`,
});

const PAGES: Record<string, HostedPage> = {
  '/bare': script(`
    import { publishBare } from '/bare-client.js';
    const constraints = { video: { width: 320, height: 240, frameRate: 15 }, audio: true };
    preview.srcObject = await navigator.mediaDevices.getUserMedia(constraints);
    await publishBare('/whip/page', preview.srcObject);`),
  '/core': script(`
    import { RtcUser } from '/cdn/rtc-user.min.js';
    const user = new RtcUser();
    user.setConfig({ reconnect: {} });
    await user.signIn({ server: '/whip/page' });
    const { stream } = await user.startPreview({ videoDeviceConfig: { width: 320, height: 240, framerate: 15 } });
    preview.srcObject = stream;
    await user.startBroadcast();`),
  '/element': { body: webcasterPage(`${SMALL} autostart`).replace(' controls ', ' ') },
  '/controls': { body: webcasterPage(`${SMALL} autostart`) },
  '/bare-client.js': {
    type: 'text/javascript',
    body: readFileSync(new URL('bare-client.js', import.meta.url), 'utf8'),
  },
};

interface Client {
  name: string;
  path: string;
  /** A part of the element to open first. */
  opens?: readonly string[];
  /** Milliseconds per second. */
  budget?: number;
}

const STATISTICS = '[aria-controls=stats]';
const SETTINGS = '[aria-controls=settings]';

const CLIENTS: readonly Client[] = [
  { name: 'bare client', path: '/bare' },
  { name: 'core', path: '/core' },
  { name: 'element', path: '/element', budget: MAIN_THREAD_BUDGET.element },
  { name: 'with controls', path: '/controls', budget: MAIN_THREAD_BUDGET.controls },
  { name: 'with settings', path: '/controls', opens: [SETTINGS, 'summary'], budget: MAIN_THREAD_BUDGET.controls },
  { name: 'with statistics', path: '/controls', opens: [STATISTICS], budget: MAIN_THREAD_BUDGET.controls },
];

/** Work of one page's main thread, in milliseconds of processor time per second, and callbacks per second. */
export interface MainThreadResult {
  client: string;
  all: number | null;
  script: number | null;
  style: number | null;
  layout: number | null;
  callbacks: number | null;
  hidden: number | null;
  hiddenCallbacks: number | null;
  budget: number | null;
}

/** Counts what timers and frames call back; a text, since it runs before the scripts of a page. */
const COUNT_CALLBACKS = `
  globalThis.callbacks = 0;
  for (const name of ['setTimeout', 'setInterval', 'requestAnimationFrame']) {
    const original = globalThis[name];
    globalThis[name] = (callback, ...rest) => original((...values) => { callbacks++; callback(...values); }, ...rest);
  }`;

type Work = Pick<MainThreadResult, 'all' | 'script' | 'style' | 'layout' | 'callbacks'>;

async function measureWork(page: Page, session: CDPSession, seconds: number): Promise<Work> {
  const look = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const callbacks = await page.evaluate(() => (globalThis as unknown as { callbacks: number }).callbacks);
    return { ...Object.fromEntries(metrics.map(({ name, value }) => [name, value])), callbacks } as Record<
      string,
      number
    >;
  };
  const before = await look();
  const begun = performance.now();
  await delay(seconds * 1000);
  const after = await look();
  const elapsed = (performance.now() - begun) / 1000;
  const grown = (name: string, factor = 1000) =>
    rounded((factor * ((after[name] ?? NaN) - (before[name] ?? NaN))) / elapsed);
  return {
    all: grown('TaskDuration'),
    script: grown('ScriptDuration'),
    style: grown('RecalcStyleDuration'),
    layout: grown('LayoutDuration'),
    callbacks: grown('callbacks', 1),
  };
}

/** Opens a tab in front of the page. */
async function hide(page: Page): Promise<Page> {
  const opened = new Promise<Page>((resolve, reject) =>
    page.once('popup', (cover) => (cover ? resolve(cover) : reject(new Error('There is no tab in front.')))),
  );
  await page.evaluate(() => void open('about:blank'));
  const cover = await opened;
  await until('the page is hidden', () => page.evaluate(() => document.visibilityState === 'hidden'));
  return cover;
}

async function measureClient(host: PageHost, browser: Browser, client: Client): Promise<MainThreadResult> {
  const page = await browser.newPage({ type: 'window' });
  await page.evaluateOnNewDocument(COUNT_CALLBACKS);
  const session = await page.createCDPSession();
  // Other processes of the machine do not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  await page.goto(host.origin + client.path);
  await until(`${client.name} is live`, () => host.sessions.some(({ packets }) => packets.video > 0));
  for (const part of client.opens ?? []) await press(page, `nano-webcaster >>> ${part}`);
  await delay(SETTLE_LIVE * 1000);
  const work = await measureWork(page, session, WATCHED);
  const cover = await hide(page);
  await delay(SETTLE_HIDDEN * 1000);
  const hidden = await measureWork(page, session, WATCHED_HIDDEN);
  await Promise.all([page, cover].map((each) => each.close()));
  // The bare client sends no DELETE: its session ends by the server's time-out.
  await until(`the session of ${client.name} is gone`, () => host.sessions.length === 0, 60);
  return {
    client: client.name,
    ...work,
    hidden: hidden.all,
    hiddenCallbacks: hidden.callbacks,
    budget: client.budget ?? null,
  };
}

/** The main thread of one live page after another in one Chromium: each is seen, and then hidden behind another tab. */
export async function measureMainThread(): Promise<MainThreadResult[]> {
  const host = new PageHost(PAGES);
  await host.start();
  const browser = await launch('chromium');
  const results: MainThreadResult[] = [];
  try {
    for (const client of CLIENTS) results.push(await measureClient(host, browser, client));
  } finally {
    await browser.close();
    await host.stop();
  }
  return results;
}

export function missedMainThread(results: readonly MainThreadResult[]): Missed[] {
  const core = results.find(({ client }) => client === 'core')?.hiddenCallbacks ?? 0;
  return results.flatMap(({ client, all, hiddenCallbacks, budget }) => {
    if (budget === null) return [];
    const missed: Missed[] = [];
    if (all === null || all > budget) missed.push(`main thread, ${client}: ${all} ms per second, budget ${budget}`);
    if (hiddenCallbacks === null || hiddenCallbacks > core + HIDDEN_BUDGET) {
      missed.push(
        `main thread, ${client}: ${hiddenCallbacks} callbacks per second in a hidden page, of the core ${core}`,
      );
    }
    return missed;
  });
}
