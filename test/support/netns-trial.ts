import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Told } from './fault-page.js';
import { MediaTimeline } from './netns-media.js';
import type { NetnsLane } from './netns-lane.js';
import type { HealedBy } from './netns-timing.js';
import type { Witnessed } from './netns-witness.js';
import { until } from './page.js';

/** What the page is told of a start. */
const STARTED = ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting'];
const RECONNECT = { minDelay: 1, maxDelay: 8, maxRetries: 10 };

/** Milliseconds for the bitrate to settle after the start, and to be what it was after a fault. */
const SETTLING = 5_000;
/** Milliseconds over which a bitrate is measured. */
const WINDOW = 3_000;
/** Seconds for the bitrate to come back where it has not at the time of the checks. */
const PATIENCE = 15;

/** One broadcast that meets one fault. */
export class Trial {
  readonly #lane: NetnsLane;
  #id = '';
  #restarts = 0;
  #bitrate = 0;
  /** When the fault began, and when there was a path again, in milliseconds since 1970. */
  faultAt = 0;
  pathAt = 0;

  private constructor(lane: NetnsLane) {
    this.#lane = lane;
  }

  /** Goes live with the microphone muted, and waits for the bitrate to settle. */
  static async begin(lane: NetnsLane): Promise<Trial> {
    const trial = new Trial(lane);
    const settings = JSON.stringify({ server: lane.server.endpoint, reconnect: RECONNECT });
    assert.equal(await lane.browser.evaluate(`studio.goLive(${settings})`), null);
    await lane.browser.evaluate('studio.mute()');
    await delay(SETTLING);
    const [session] = lane.server.sessions;
    assert.ok(session && session.packets.video > 0, 'its media does not arrive');
    trial.#id = session.id;
    trial.#restarts = session.restarts;
    trial.#bitrate = trial.media.bitrate(Date.now() - WINDOW, Date.now());
    assert.deepEqual(await trial.names(), STARTED);
    return trial;
  }

  get media(): MediaTimeline {
    return new MediaTimeline(this.#lane.server.looks);
  }

  /** Does something to the network that takes the path away. */
  cut(fault: () => void): void {
    fault();
    this.faultAt = Date.now();
    this.pathAt = this.faultAt;
  }

  /** Does something to the network that gives a path again. */
  mend(remedy: () => void): void {
    remedy();
    this.pathAt = Date.now();
  }

  told(): Promise<Told[]> {
    return this.#lane.browser.evaluate<Told[]>('studio.told');
  }

  async names(): Promise<string[]> {
    return (await this.told()).map(({ name }) => name);
  }

  /** What the page was told since the broadcast was live first. */
  async toldOfRecovery(): Promise<Told[]> {
    return (await this.told()).slice(STARTED.length);
  }

  witnessed(): Promise<Witnessed[]> {
    return this.#lane.browser.evaluate<Witnessed[]>('witnessed');
  }

  /** Resolves when the server has media again and the page was told that it is live. */
  async untilBack(seconds: number): Promise<void> {
    const hasCome = () => this.media.hasCome(this.pathAt, this.faultAt);
    await until('media is at the server again', hasCome, seconds);
    const isLive = async () => (await this.names()).at(-1) === 'broadcasting';
    await until('the page is told that it is live', isLive, seconds);
  }

  /** Seconds from the path to media that has come to stay. */
  get mediaAfterPath(): number | null {
    const back = this.media.backSince(this.pathAt, this.faultAt);
    return back === undefined ? null : (back - this.pathAt) / 1000;
  }

  /**
   * Checks what has to be so some time after every fault, media that arrives among it.
   * @param least how much of the bitrate of before there has to be
   */
  async checkAfterwards(least: number): Promise<void> {
    const { server, browser } = this.#lane;
    const bitrate = () => this.media.bitrate(Date.now() - WINDOW, Date.now());
    // A machine that is busy with other tests encodes less for some time; what decays does not come back.
    const isBack = () => bitrate() > this.#bitrate * least;
    await until(`${this.#bitrate.toFixed()} kbit/s, as before the fault`, isBack, PATIENCE);
    assert.equal(server.sessions.length, 1, 'one session is left');
    assert.deepEqual(await browser.evaluate('studio.sent()'), [false, true], 'the microphone alone is muted');
  }

  /** Ends the broadcast, and sees that nothing is left of it. */
  async stop(): Promise<void> {
    const { server, browser } = this.#lane;
    await browser.evaluate('studio.stop()');
    await until('no session is left', () => server.sessions.length === 0, 8);
    assert.equal((await this.names()).at(-1), 'StopBroadcastSuccess');
    assert.deepEqual([...(await browser.errors()), ...(await browser.evaluate<string[]>('studio.errors'))], []);
  }

  get healedBy(): HealedBy {
    const [session] = this.#lane.server.sessions;
    if (session?.id !== this.#id) return 'new-session';
    return session.restarts > this.#restarts ? 'ice-restart' : 'itself';
  }

  /** All that page, browser and server know, in the order of time, for whoever has to find out why. */
  async describe(): Promise<string> {
    const { server } = this.#lane;
    const told = (await this.told()).map(({ name, at, message, reconnect }) => ({
      at,
      what: `told ${name} ${message} ${reconnect ? JSON.stringify(reconnect) : ''}`,
    }));
    const requests = server.requests.map(({ at, method, url, status, from, answeredAt }) => ({
      at,
      what: `server: ${method} ${url.slice(0, 14)} ${status} after ${answeredAt - at} ms, from ${from}`,
    }));
    const sockets = server.sockets.map(({ at, from }) => ({ at, what: `server: TLS with ${from}` }));
    const steps = [
      { at: this.faultAt, what: '--- fault' },
      { at: this.pathAt, what: '--- path' },
    ];
    const browser = (await this.witnessed()).map(({ at, what }) => ({ at, what: `browser: ${what}` }));
    const all = [...told, ...requests, ...sockets, ...browser, ...steps].sort((a, b) => a.at - b.at);
    const lines = all
      .filter(({ at }) => at >= this.faultAt - 100)
      .map(({ at, what }) => `${((at - this.faultAt) / 1000).toFixed(2)} ${what.trim()}`);
    const outages = await this.#lane.browser.evaluate<unknown>('studio.outages()').catch(() => 'unknown');
    const sessions = server.sessions.map(
      ({ id, states, restarts }) => `${id} ${states.join(' ')}, restarts ${restarts}`,
    );
    return [
      ...lines,
      `media gaps: ${this.media.describeGaps(this.faultAt, Date.now())}`,
      `sessions: ${sessions.join('; ')}`,
      `outages: ${JSON.stringify(outages)}`,
      `load of the machine: ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
    ].join('\n');
  }
}
