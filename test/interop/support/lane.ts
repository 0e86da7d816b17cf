import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import { FaultRelay } from '../../support/fault-relay.js';
import { errorsOf, until } from '../../support/page.js';
import type { Outage, PageServer, Publisher, Told } from './interop-page.js';
import type { MediaServer, SessionReport } from './media-server.js';
import { makeServer, type ServerName } from './servers.js';

declare const publisher: Publisher;

const STARTED = ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting'];
/** Milliseconds over which media is measured. */
const MEASURED = 2000;
/** The same, for what is loud. */
const LOUD = 1000;
/** Milliseconds after a recovery at which media has to be as before: a path without feedback decays by then. */
export const HOLD = 10_000;
/** Milliseconds more that it has to come to that. */
const RISE = 10_000;
/**
 * A packet of silence is smaller than this part of what the fake microphones beep. On a busy machine silence took twice its bytes
 * once, 0.87 of the beeps': that nothing is unmuted shows at the tracks first.
 */
const SILENT = 0.9;

/** What arrives in a second. */
export interface Flow {
  audioPackets: number;
  audioBytes: number;
  /** Bytes in a packet of audio before it was muted. */
  loudness: number;
  videoBytes: number;
  frames: number;
}

/** A browser page that publishes to a server of its own, through a relay where the network is to fail. */
export class Lane {
  readonly server: MediaServer;
  readonly relay: FaultRelay | undefined;
  readonly #page: Page;
  readonly #errors: string[];
  #loudness = 0;

  private constructor(server: MediaServer, relay: FaultRelay | undefined, page: Page) {
    this.server = server;
    this.relay = relay;
    this.#page = page;
    this.#errors = errorsOf(page);
  }

  /** Runs a test on a lane of its own, and checks what has to be so at the end of every test. */
  static async run(
    { browser, pages, name, relayed }: { browser: Browser; pages: PageServer; name: ServerName; relayed: boolean },
    test: (lane: Lane) => Promise<void>,
  ): Promise<void> {
    const server = await makeServer(name);
    await server.start();
    const relay = relayed ? new FaultRelay(server.endpoint) : undefined;
    await relay?.start();
    // A window of its own keeps a page from being hidden behind another.
    const page = await browser.newPage({ type: 'window' });
    try {
      const lane = new Lane(server, relay, page);
      await page.goto(pages.url);
      await page.waitForFunction(() => 'publisher' in window);
      await test(lane);
      await lane.#end();
    } finally {
      await page.close();
      relay?.stop();
      await server.stop();
    }
  }

  /** Starts a broadcast with the microphone muted, and returns what arrives of it. */
  async goLive(): Promise<Flow> {
    await this.#start(true);
    const { audioBytes, audioPackets } = await this.flow(LOUD);
    this.#loudness = audioBytes / audioPackets;
    await this.#page.evaluate(() => publisher.mute());
    return this.flow();
  }

  /** Starts a broadcast without a camera. */
  async goLiveWithAudioAlone(): Promise<void> {
    await this.#start(false);
    await until('audio arrives', async () => (await this.session()).audio.packets > 10);
  }

  told(): Promise<Told[]> {
    return this.#page.evaluate(() => publisher.told);
  }

  async names(): Promise<string[]> {
    return (await this.told()).map(({ name }) => name);
  }

  /** What the page was told since it was live for the first time. */
  async toldSince(): Promise<Told[]> {
    return (await this.told()).slice(STARTED.length);
  }

  outages(): Promise<Outage[]> {
    return this.#page.evaluate(() => publisher.outages());
  }

  /** Resolves when the page was told of a loss. */
  async untilLost(losses = 1): Promise<void> {
    await until(
      'the page is told of the loss',
      async () => (await this.toldSince()).filter(({ reconnect }) => reconnect !== undefined).length >= losses,
    );
  }

  /** Resolves when the page was told that it is live. */
  async untilLive(seconds = 45): Promise<void> {
    await until('it is live', async () => (await this.names()).at(-1) === 'broadcasting', seconds);
  }

  /** The one session there is. */
  async session(): Promise<SessionReport> {
    const sessions = await this.server.sessions();
    assert.equal(sessions.length, 1, `one session, not ${JSON.stringify(sessions)}`);
    return sessions[0] as SessionReport;
  }

  /** What arrives in a second, once frames do; by then an old session has to have gone. */
  async flow(milliseconds = MEASURED): Promise<Flow> {
    await until('there is one session', async () => (await this.server.sessions()).length === 1, 5);
    const { id, video } = await this.session();
    const frames = async () => (await this.session()).video.frames;
    await until('frames arrive', async () => (await frames()) > video.frames + 5, 20);
    const begun = Date.now();
    const before = await this.session();
    await delay(milliseconds);
    const after = await this.session();
    assert.equal(after.id, id);
    const seconds = (Date.now() - begun) / 1000;
    return {
      audioPackets: (after.audio.packets - before.audio.packets) / seconds,
      loudness: this.#loudness,
      audioBytes: (after.audio.bytes - before.audio.bytes) / seconds,
      videoBytes: (after.video.bytes - before.video.bytes) / seconds,
      frames: (after.video.frames - before.video.frames) / seconds,
    };
  }

  /**
   * Sees that media comes, that it is as it was `later`, and that what was muted still is. A bitrate that has
   * decayed by then does not come back, unlike what a busy machine took, or a server that asks for all it has missed.
   */
  async holds(before: Flow, later = HOLD): Promise<void> {
    await this.flow();
    await delay(later);
    const connections = await this.#page.evaluate(() => publisher.sent());
    assert.deepEqual(connections, [
      [
        { kind: 'audio', enabled: false, readyState: 'live' },
        { kind: 'video', enabled: true, readyState: 'live' },
      ],
    ]);
    const end = Date.now() + RISE;
    let now = await this.flow();
    while (!isLike(before, now)) {
      assert.ok(Date.now() < end, `before ${JSON.stringify(before)}, now ${JSON.stringify(now)}`);
      now = await this.flow();
    }
  }

  async #start(withVideo: boolean): Promise<void> {
    const { endpoint, token } = this.server;
    const url = this.relay?.url(endpoint) ?? endpoint;
    const start = (server: string, video: boolean, jwt?: string) => publisher.goLive(server, video, jwt);
    assert.equal(await this.#page.evaluate(start, url, withVideo, token), null);
    assert.deepEqual(await this.names(), STARTED);
  }

  async #end(): Promise<void> {
    await this.#page.evaluate(() => publisher.stop());
    const names = await this.names();
    assert.equal(names.at(-1), 'StopBroadcastSuccess');
    await until('no session is left', async () => (await this.server.sessions()).length === 0, 5);
    await delay(1000);
    assert.deepEqual(await this.names(), names, 'nothing comes after the end');
    assert.deepEqual(await this.server.sessions(), []);
    assert.deepEqual(await this.#page.evaluate(() => publisher.sent()), [], 'no connection is left');
    assert.deepEqual([...this.#errors, ...(await this.#page.evaluate(() => publisher.errors))], []);
  }
}

/**
 * What is left where a browser finds its machine too busy to encode: it takes a third of the frames away, four times over, and is
 * slow to give them back. What decays for another reason falls lower.
 */
const LEFT_BY_OVERUSE = 0.15;

function isLike(before: Flow, now: Flow): boolean {
  return (
    now.audioPackets >= 0.7 * before.audioPackets &&
    now.videoBytes >= LEFT_BY_OVERUSE * before.videoBytes &&
    now.frames >= LEFT_BY_OVERUSE * before.frames &&
    now.audioBytes / now.audioPackets <= SILENT * before.loudness
  );
}
