import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer-core';
import type { GoLive, Told } from './fault-page.js';
import type { FaultRelay } from './fault-relay.js';
import type { Direction } from './fault-relay-udp.js';
import { EVERY_SECOND, Studio, type StudioServer } from './fault-studio.js';
import { until } from './page.js';

/** What arrives at the server in a second. */
export interface Rates {
  audioPackets: number;
  videoFrames: number;
  videoKilobits: number;
}

/**
 * The shares of the usual rates that are enough for "as before": a fresh bandwidth estimate starts low, and a browser that finds
 * its machine too busy to encode takes a third of the frames away, four times over.
 */
const AS_BEFORE: Rates = { audioPackets: 0.5, videoFrames: 0.15, videoKilobits: 0.15 };
/** Seconds after which that has to be so. */
const AS_BEFORE_WITHIN = 20;
/** Statuses of a start, which come before everything else. */
const STATUSES_OF_START = 4;
/** What recovery consists of. */
const RECOVERY = /^(reconnecting_broadcast )+connected broadcasting$/;

/** A page that publishes by way of a relay, and what stands on both sides of it. */
export class Scene<Server extends StudioServer = StudioServer> {
  readonly page: Page;
  readonly relay: FaultRelay;
  readonly ingest: Server;
  readonly studio: Studio;
  /** When the fault began, in milliseconds since 1970. */
  faultAt = Date.now();
  #usual: Rates | undefined;

  private constructor(page: Page, relay: FaultRelay, ingest: Server, studio: Studio) {
    this.page = page;
    this.relay = relay;
    this.ingest = ingest;
    this.studio = studio;
  }

  static async open<Server extends StudioServer>(
    page: Page,
    relay: FaultRelay,
    ingest: Server,
  ): Promise<Scene<Server>> {
    return new Scene(page, relay, ingest, await Studio.open(page, ingest));
  }

  /** Goes live by way of the relay with the microphone muted, and learns what usually arrives. */
  async goLive(settings: Partial<GoLive> = {}): Promise<void> {
    const server = this.relay.url(this.ingest.endpoint);
    await this.studio.goLive({ server, reconnect: EVERY_SECOND, ...settings });
    await this.studio.mute();
    this.#usual = await this.rates();
    this.mark();
  }

  /** From `at` on the fault is there (ms since 1970): times are counted from then. */
  mark(at = Date.now()): void {
    this.faultAt = at;
  }

  /** Makes UDP fall silent for some seconds, and sees that nothing gets through. */
  async cutFor(seconds: number, cut: 'both' | Direction = 'both'): Promise<void> {
    this.relay.udp({ cut });
    this.mark();
    await delay(seconds * 1000);
    const { lastMediaAt } = this.relay.counts;
    if (cut !== 'to-client') assert.ok(lastMediaAt <= this.faultAt + 50, 'media went round the relay');
    this.relay.udp({ cut: 'none' });
  }

  /** Seconds since the fault began. */
  get seconds(): number {
    return (Date.now() - this.faultAt) / 1000;
  }

  /** What the page was told after its start. */
  async told(): Promise<Told[]> {
    return (await this.studio.told()).slice(STATUSES_OF_START);
  }

  async names(): Promise<string[]> {
    return (await this.told()).map(({ name }) => name);
  }

  /** When the page was told something for the first time, in seconds after the fault. */
  async secondsUntil(name: string): Promise<number> {
    const found = (await this.told()).find((one) => one.name === name);
    assert.ok(found, `the page was not told ${name}`);
    return (found.at - this.faultAt) / 1000;
  }

  untilTold(name: string, seconds = 30): Promise<string> {
    return until(`the page is told ${name}`, async () => (await this.names()).find((one) => one === name), seconds);
  }

  /** The requests for an ICE restart so far. */
  get restarts() {
    return this.relay.requests('PATCH').filter(({ headers }) => headers['if-match']?.includes('*'));
  }

  get posts() {
    return this.relay.requests('POST');
  }

  async rates(seconds = 2): Promise<Rates> {
    const before = this.relay.counts;
    const since = performance.now();
    await delay(seconds * 1000);
    const after = this.relay.counts;
    const elapsed = (performance.now() - since) / 1000;
    return {
      audioPackets: (after.audio.packets - before.audio.packets) / elapsed,
      videoFrames: (after.video.frames - before.video.frames) / elapsed,
      videoKilobits: ((after.video.bytes - before.video.bytes) * 8) / 1000 / elapsed,
    };
  }

  /** Resolves when the page was told that the broadcast is back; it came in the right order. */
  async untilBack(seconds = 30): Promise<Told[]> {
    await until('it is back', async () => (await this.names()).at(-1) === 'broadcasting', seconds);
    assert.match((await this.names()).join(' '), RECOVERY);
    return this.told();
  }

  /** Nothing but the start was told. */
  async assertQuiet(): Promise<void> {
    assert.deepEqual(await this.told(), []);
  }

  /** The server gets as much as before, in one session, and what was muted is muted. */
  async assertLiveAsBefore(): Promise<void> {
    const usual = this.#usual;
    assert.ok(usual, 'it was never live');
    let rates: Rates = usual;
    const isAsBefore = async () => {
      rates = await this.rates();
      return (Object.keys(usual) as (keyof Rates)[]).every((key) => rates[key] >= usual[key] * AS_BEFORE[key]);
    };
    const comesAsBefore = until('as much arrives as before', isAsBefore, AS_BEFORE_WITHIN).catch((error: Error) => {
      throw new Error(`${error.message}: usually ${JSON.stringify(usual)}, now ${JSON.stringify(rates)}`);
    });
    await Promise.all([comesAsBefore, this.studio.untilMediaArrives()]);
    assert.deepEqual(await this.studio.sent(), [false, true], 'what is muted has changed');
  }

  /** What the page was told, and what was asked of the server, in seconds after the fault. */
  async summary(): Promise<string> {
    const since = (at: number) => ((at - this.faultAt) / 1000).toFixed(1);
    const told = (await this.told()).map(({ name, at }) => `${name} ${since(at)}`);
    const asked = [...this.posts.slice(1), ...this.restarts].map(({ method, at }) => `${method} ${since(at)}`);
    return [...told, ...asked].join(', ') || 'nothing was told or asked';
  }

  /** The course of things in seconds after the fault, for the reader of a failure. */
  async course(): Promise<string> {
    const since = (at: number) => ((at - this.faultAt) / 1000).toFixed(2).padStart(7);
    const told = await this.studio.told().catch(() => []);
    const outages = await this.studio.outages().catch(() => []);
    const lines = [
      ...outages.map(({ lostAt, cause, reason, recoveredBy }) => ({
        at: lostAt,
        text: `last activity; ${cause}: ${reason} Recovered by ${recoveredBy}.`,
      })),
      ...told.map(({ at, name, message, reconnect }) => ({
        at,
        text: `told ${name} ${message} ${reconnect ? JSON.stringify(reconnect) : ''}`,
      })),
      ...this.relay.requests().map(({ at, method, status, answeredAt, isAborted, url }) => ({
        at,
        text: `${method} ${url.slice(0, 16)} -> ${status ?? ''}${answeredAt ? ` at ${since(answeredAt)}` : ''}${isAborted ? ' aborted' : ''}`,
      })),
    ];
    const sorted = lines.sort((a, b) => a.at - b.at).map(({ at, text }) => `${since(at)} ${text}`);
    const { audio, video, toServer, toClient, dropped } = this.relay.counts;
    return [
      ...sorted,
      `${since(Date.now())} now; ${JSON.stringify({ audio, video, toServer, toClient, dropped })}`,
    ].join('\n');
  }
}
