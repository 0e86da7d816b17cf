import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import { launch, type BrowserName } from './browsers.js';
import type { GoLive, Outage, PageStudio, Told } from './fault-page.js';
import type { SessionInfo } from '../../demo/server/ingest.js';
import { FaultyIngest, type Quirks } from './faulty-ingest.js';
import { errorsOf, until } from './page.js';
import { selectedTests, type Register } from './tier.js';

declare const studio: PageStudio;

/** No wait but a second, so that a test knows when an attempt is to come. */
export const EVERY_SECOND = { minDelay: 1, maxDelay: 1, maxRetries: 8 };

type StudioTest = [what: string, body: (studio: Studio, ingest: FaultyIngest) => Promise<void>];

/** What a broadcast ends with. */
const ENDED = /^(StopBroadcastSuccess|StartBroadcastError \d+|BroadcastError \d+)$/;
/** Milliseconds after which a browser hangs. */
const MAX_TEST = 90_000;
/** Several pages at a time shorten the waiting; as many belong to each of the files beside. */
const AT_A_TIME = 2;

/** Describes a suite in every browser of `browsers`; each of its tests has a page and an ingest of its own. */
export function describeIn(
  browsers: readonly BrowserName[],
  title: string,
  suite: (test: Register<StudioTest>, name: BrowserName) => void,
  flags: readonly string[] = [],
): void {
  for (const name of browsers) {
    const tests = selectedTests(name, suite);
    if (tests.length === 0) continue;
    describe(`${title} in ${name}`, { concurrency: AT_A_TIME }, () => {
      let browser: Browser;
      before(async () => {
        browser = await launch(name, flags);
      });
      after(() => browser.close());
      for (const [what, body] of tests) it(what, { timeout: MAX_TEST }, () => inStudio(browser, body));
    });
  }
}

/** Runs a test with an ingest and a page of its own, and checks what has to be so at the end of every test. */
async function inStudio(
  browser: Browser,
  test: (studio: Studio, ingest: FaultyIngest) => Promise<void>,
): Promise<void> {
  const ingest = new FaultyIngest();
  await ingest.start();
  // A window of its own keeps a page from being hidden behind another.
  const page = await browser.newPage({ type: 'window' });
  try {
    const studio = await Studio.open(page, ingest);
    await test(studio, ingest);
    await studio.end();
  } finally {
    await page.close();
    await ingest.stop();
  }
}

/** What a studio publishes to: a faulty ingest in this process or in another one, itself or by way of a relay. */
export interface StudioServer {
  readonly pageUrl: string;
  readonly endpoint: string;
  readonly sessions: readonly SessionInfo[] | Promise<readonly SessionInfo[]>;
  quirks: Quirks;
  endSessions(): Promise<void>;
}

/** The page that publishes to a faulty ingest, driven from the test. */
export class Studio {
  readonly #page: Page;
  readonly #ingest: StudioServer;
  readonly #errors: string[];

  private constructor(page: Page, ingest: StudioServer) {
    this.#page = page;
    this.#ingest = ingest;
    this.#errors = errorsOf(page);
  }

  static async open(page: Page, ingest: StudioServer): Promise<Studio> {
    const opened = new Studio(page, ingest);
    await page.goto(ingest.pageUrl);
    await page.waitForFunction(() => 'studio' in window);
    return opened;
  }

  get page(): Page {
    return this.#page;
  }

  /** Starts a broadcast; the error where it fails, nothing where it is live. */
  start(settings: Partial<GoLive> = {}): Promise<{ code: number; message: string } | null> {
    const all = { server: this.#ingest.endpoint, ...settings };
    return this.#page.evaluate((one) => studio.goLive(one), all);
  }

  /** Starts a broadcast, and sees that its media arrives. */
  async goLive(settings: Partial<GoLive> = {}): Promise<void> {
    assert.equal(await this.start(settings), null);
    await this.untilMediaArrives();
    assert.deepEqual(await this.names(), ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting']);
  }

  /** Starts a broadcast that is to fail, and sees that the page is told so; returns the error. */
  async failToStart(quirks: Quirks, settings: Partial<GoLive> = {}): Promise<{ code: number; message: string }> {
    this.#ingest.quirks = quirks;
    const error = await this.start(settings);
    assert.ok(error, 'it is live');
    const [first, ...others] = await this.told();
    assert.equal(first?.name, 'signalling');
    assert.equal(others.at(-1)?.name, `StartBroadcastError ${error.code}`);
    assert.equal(others.at(-1)?.message, error.message);
    return error;
  }

  /** Goes live with the microphone muted, then changes the server's ways and lets it end the session. */
  async lose(quirks: Quirks, settings: Partial<GoLive> = {}): Promise<void> {
    await this.goLive({ reconnect: EVERY_SECOND, ...settings });
    await this.mute();
    this.#ingest.quirks = quirks;
    await this.#ingest.endSessions();
    // The farewell by DTLS is one datagram; without it ICE notices, only later.
    await this.untilTold('reconnecting_broadcast', 40);
  }

  stop(): Promise<void> {
    return this.#page.evaluate(() => studio.stop());
  }

  mute(): Promise<void> {
    return this.#page.evaluate(() => studio.mute());
  }

  /** Which of the tracks that are being sent are not muted: audio and video, in the order of the offer. */
  sent(): Promise<boolean[]> {
    return this.#page.evaluate(() => studio.sent());
  }

  /** Lets the page's own stream fall silent: nothing is drawn any more, or its video track ends. */
  endPicture(how: 'still' | 'ended'): Promise<void> {
    return this.#page.evaluate((one) => studio.endPicture(one), how);
  }

  /** What the core reports on its outages. */
  outages(): Promise<Outage[]> {
    return this.#page.evaluate(() => studio.outages());
  }

  told(): Promise<Told[]> {
    return this.#page.evaluate(() => studio.told);
  }

  async names(): Promise<string[]> {
    return (await this.told()).map(({ name }) => name);
  }

  async untilTold(name: string, seconds = 30): Promise<void> {
    await until(`the page is told ${name}`, async () => (await this.names()).includes(name), seconds);
  }

  /** Resolves when the page was told that the broadcast is back, and media arrives; returns what it was told since. */
  async untilBack(seconds = 45): Promise<Told[]> {
    const since = async () => (await this.told()).slice(4);
    await until('it is back', async () => (await since()).at(-1)?.name === 'broadcasting', seconds);
    await this.untilMediaArrives();
    return since();
  }

  /** Resolves when the one session there is has got more of both kinds of media, and again some time later. */
  async untilMediaArrives(): Promise<void> {
    const [{ id } = { id: '' }, ...others] = await this.#ingest.sessions;
    assert.deepEqual(others, [], 'one session is enough');
    const packets = async () => {
      const session = (await this.#ingest.sessions).find((one) => one.id === id);
      assert.ok(session, 'the session has gone');
      return session.packets;
    };
    const before = await packets();
    const grows = (by: number) => {
      const hasGrown = async () => {
        const { audio, video } = await packets();
        return audio >= before.audio + by && video >= before.video + by;
      };
      return until(`${by} packets more`, hasGrown, 20);
    };
    await grows(10);
    await delay(1000);
    await grows(30);
  }

  /** Stops where that is still to be done, and checks what has to be so at the end of every test. */
  async end(): Promise<void> {
    if (await this.#isLive()) await this.stop();
    const names = await this.names();
    await until('no session is left', async () => (await this.#ingest.sessions).length === 0, 8);
    await delay(100);
    assert.deepEqual(await this.names(), names, 'nothing comes after the end');
    assert.match(names.at(-1) ?? '', ENDED);
    // What Firefox says about an answer it must not show is no error of the page's.
    const errors = this.#errors.filter((message) => !message.startsWith('Cross-Origin Request Blocked'));
    assert.deepEqual([...errors, ...(await this.#page.evaluate(() => studio.errors))], []);
  }

  async #isLive(): Promise<boolean> {
    const names = await this.names();
    return names.includes('signalling') && !ENDED.test(names.at(-1) ?? '');
  }
}
