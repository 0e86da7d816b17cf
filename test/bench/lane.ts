import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer-core';
import type { SessionInfo } from '../../demo/server/ingest.js';
import { FaultRelay } from '../support/fault-relay.js';
import { IngestProcess } from '../support/fault-relay-ingest.js';
import type { Outage, Told } from '../support/fault-page.js';
import { until } from '../support/page.js';
import type { PageServer } from './page-server.js';

/** Ours, or one that waits until the browser gives the connection up and begins anew. */
export type ClientKind = 'own' | 'bare';
export type Media = 'video' | 'audio';

export interface ClientSettings {
  kind: ClientKind;
  /** Video with audio, audio alone, or audio with video that needs a high bitrate. */
  media: Media | 'demanding';
  server: string;
  reconnect: { minDelay?: number; maxDelay?: number; maxRetries?: number };
  /** Keeps no log of its statuses. */
  isForgetful?: boolean;
}

/** What the page's script offers. */
export interface Rig {
  publish(name: string, settings: ClientSettings): void;
  told(name: string): Told[];
  outages(name: string): Outage[];
  recoveries(): number;
  stop(): Promise<void>;
}

declare const rig: Rig;

/** How much of each session had arrived, by its name. */
type Arrived = ReadonlyMap<string, number>;

/** Milliseconds between two looks at what has arrived. */
const LOOK = 20;

/** One client and the relay that it publishes by. */
export class Client {
  readonly name: string;
  readonly relay: FaultRelay;
  readonly #page: Page;

  constructor(name: string, relay: FaultRelay, page: Page) {
    this.name = name;
    this.relay = relay;
    this.#page = page;
  }

  told(): Promise<Told[]> {
    return this.#page.evaluate((name) => rig.told(name), this.name);
  }

  outages(): Promise<Outage[]> {
    return this.#page.evaluate((name) => rig.outages(name), this.name);
  }

  /** When it was told one of `names` for the first time after a moment; nothing where it was not in time. */
  async whenTold(since: number, names: readonly string[], seconds: number): Promise<number | null> {
    for (const end = Date.now() + seconds * 1000; ;) {
      const found = (await this.told()).find(({ name, at }) => at >= since && names.includes(name));
      if (found) return found.at;
      if (Date.now() > end) return null;
      await delay(100);
    }
  }
}

/** A page with clients, each behind a relay of its own, and the server that all of them publish to. */
export class Lane {
  readonly ingest = new IngestProcess();
  readonly clients = new Map<string, Client>();
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Opens a page whose clients are all live; `names` are pairs like `own video`. */
  static async open(pages: PageServer, browser: Browser, names: readonly `${ClientKind} ${Media}`[]): Promise<Lane> {
    const lane = new Lane(await pages.open(browser));
    try {
      await lane.ingest.start();
      for (const name of names) await lane.#publish(name);
      await until('all are live', async () => {
        const arrived = await lane.#arrivedByStream();
        return names.every((name) => (arrived.get(streamOf(name)) ?? 0) > 30);
      });
      return lane;
    } catch (error) {
      await lane.close();
      throw error;
    }
  }

  client(name: string): Client {
    const client = this.clients.get(name);
    if (!client) throw new Error(`There is no client ${name}.`);
    return client;
  }

  /** Does the same to the relays of all clients. */
  each(fault: (relay: FaultRelay) => void): void {
    for (const { relay } of this.clients.values()) fault(relay);
  }

  /** What has arrived so far; nothing while the server is away. */
  async arrived(): Promise<Arrived> {
    return new Map((await this.sessions()).map(({ id, packets }) => [id, packets.audio + packets.video]));
  }

  /** When more media of a client arrived than `before`, in milliseconds since 1970; nothing where none did in time. */
  async whenMediaArrives(name: string, before: Arrived, seconds: number): Promise<number | null> {
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await delay(LOOK)) {
      const sessions = (await this.sessions()).filter(({ stream }) => stream === streamOf(name));
      if (sessions.some(({ id, packets }) => packets.audio + packets.video > (before.get(id) ?? 0))) return Date.now();
    }
    return null;
  }

  async close(): Promise<void> {
    await this.#page.close();
    for (const { relay } of this.clients.values()) relay.stop();
    await this.ingest.stop();
  }

  async #publish(name: string): Promise<void> {
    const [kind, media] = name.split(' ') as [ClientKind, Media];
    const endpoint = new URL(`/whip/${streamOf(name)}`, this.ingest.endpoint).href;
    const relay = new FaultRelay(endpoint);
    await relay.start();
    this.clients.set(name, new Client(name, relay, this.#page));
    const settings: ClientSettings = { kind, media, server: relay.url(endpoint), reconnect: {} };
    await this.#page.evaluate((one, given) => rig.publish(one, given), name, settings);
  }

  /** What the server has; nothing while it is away. */
  async sessions(): Promise<readonly SessionInfo[]> {
    try {
      return await this.ingest.sessions;
    } catch {
      return [];
    }
  }

  async #arrivedByStream(): Promise<Map<string, number>> {
    const sums = new Map<string, number>();
    for (const { stream, packets } of await this.sessions()) {
      sums.set(stream, (sums.get(stream) ?? 0) + packets.audio + packets.video);
    }
    return sums;
  }
}

const streamOf = (name: string) => name.replace(' ', '-');

/** Runs tasks, `atATime` of them side by side; what they give is in their order. */
export async function sideBySide<T>(tasks: readonly (() => Promise<T>)[], atATime: number): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < tasks.length; index = next++) {
      const task = tasks[index];
      if (task) results[index] = await task();
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return results;
}
