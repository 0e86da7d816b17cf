import { asRtcUserError, RtcUserError, StoppedError } from '../api/errors.js';
import { errorEvent, type BroadcastData, type ServerStats } from '../api/events.js';
import { checkMetaData } from '../api/metadata.js';
import {
  checkStartConfig,
  withoutEffect,
  type BroadcastTarget,
  type StartBroadcastConfig,
} from '../api/start-config.js';
import type { MediaKind } from '../media/devices.js';
import { copyOutage, type BroadcastReport } from '../stats/report.js';
import { StatsFeed } from '../stats/stats-feed.js';
import { probeUrl } from '../whip/endpoint.js';
import { SessionCleanup } from '../whip/session-cleanup.js';
import { initialCapabilities, type ServerCapabilities } from '../whip/whip-session.js';
import { BroadcastController, type BroadcastDependencies } from './broadcast-controller.js';
import { reach, Session, type SignInOptions } from './sign-in.js';

/** What a publisher takes of the user whose it is. */
export interface PublisherDependencies extends Pick<
  BroadcastDependencies,
  'capture' | 'config' | 'world' | 'log' | 'emit'
> {
  /** Milliseconds from one report of statistics to the next; null if nobody asks for them. */
  statsInterval: () => number | null;
  /** Adds what is known of the broadcaster to an error. */
  describe: (error: RtcUserError) => RtcUserError;
  /** Writes a warning into the log, once in the user's life. */
  warnOnce: (message: string) => void;
}

/** All that needs a server: the sign-in, and one broadcast after another. */
export class Publisher {
  readonly #dependencies: PublisherDependencies;
  readonly #stats: StatsFeed;
  readonly #cleanup: SessionCleanup;
  /** What each endpoint turned out to be able to do. */
  readonly #capabilities = new Map<string, ServerCapabilities>();
  readonly #stalled = new Set<MediaKind>();
  #session: Session | null = null;
  #live: BroadcastController | null = null;
  #last: BroadcastController | null = null;
  #stopping: Promise<void> = Promise.resolve();

  constructor(dependencies: PublisherDependencies) {
    this.#dependencies = dependencies;
    this.#stats = new StatsFeed(dependencies.statsInterval, (results) => this.#live?.tellStats(results));
    this.#cleanup = SessionCleanup.of(dependencies.world);
  }

  /** The sign-in in force: under way, done or failed. */
  get session(): Session | null {
    return this.#session;
  }

  /** Whether a broadcast is running. */
  get isLive(): boolean {
    return this.#live !== null;
  }

  /** Where the running broadcast goes. */
  get target(): BroadcastTarget | undefined {
    return this.#live?.target;
  }

  /** What happened to the broadcast that is running, or to the last one. */
  get report(): BroadcastReport {
    return { outages: ((this.#live ?? this.#last)?.outages ?? []).map(copyOutage) };
  }

  /**
   * Keeps the credentials. Resolves when the server is reached.
   * @throws RtcUserError 1001, 1002, 1003, 4000
   */
  async signIn(options: SignInOptions): Promise<Session> {
    const session = new Session(options, this.#dependencies.world, this.#dependencies.log);
    this.#session = session;
    await session.reached;
    return session;
  }

  /** Forgets the credentials, and what the servers turned out to be able to do. */
  signOut(): void {
    this.#session = null;
    this.#capabilities.clear();
  }

  /**
   * Sees whether a server can be reached: by default that of the sign-in.
   * @throws RtcUserError 1001, 1002, 4001
   */
  async checkServer(server: string | undefined): Promise<ServerStats> {
    const { world } = this.#dependencies;
    const given = server ?? this.#session?.server;
    if (given === undefined && !this.#session) throw new RtcUserError(4001, 'Sign in before you check the server.');
    const href = probeUrl(given, world.baseUrl);
    if (href === null) {
      throw new RtcUserError(1002, 'The server cannot be checked: its host depends on the stream name.');
    }
    const { hostname } = new URL(href);
    const reachable = await reach(given, world).then(
      () => true,
      () => false,
    );
    return { hostname, domainname: hostname, reachable };
  }

  /** @throws RtcUserError 1001, 1002, 1003 if an argument is wrong, else 1006 */
  async sendMetaData(handlerName: string, jsonValues: object): Promise<void> {
    checkMetaData(handlerName, jsonValues);
    throw new RtcUserError(1006, 'WHIP carries no metadata: send it to your server by a request of your own.');
  }

  /**
   * Starts a broadcast; none may be running. Resolves when the server acknowledges media.
   * @throws RtcUserError, with a description of the broadcaster
   */
  async start(config: StartBroadcastConfig): Promise<BroadcastData> {
    checkStartConfig(config);
    for (const key of withoutEffect(config)) {
      this.#dependencies.warnOnce(`${key} has no effect: WHIP cannot tell it to a server.`);
    }
    const live = new BroadcastController(config, this.#session, this.#broadcastDependencies);
    this.#live = live;
    try {
      const data = await live.start(this.#stopping);
      this.#last = live;
      return data;
    } catch (thrown) {
      if (this.#live !== live) throw new StoppedError();
      const error = this.#dependencies.describe(asRtcUserError(thrown, 5001));
      void this.#end(live);
      throw error;
    }
  }

  /**
   * Stops the broadcast in whatever phase it is, and ends its session on the server.
   * @returns where it went; undefined if none was running
   */
  async stop(): Promise<BroadcastTarget | undefined> {
    const live = this.#live;
    if (live) await this.#end(live);
    return live?.target;
  }

  /** Sends the tracks that are captured now. */
  async takeTracks(): Promise<void> {
    await this.#live?.takeTracks();
  }

  /** Holds what is being sent to the bitrates in force. */
  async setBitrates(): Promise<void> {
    await this.#live?.setBitrates();
  }

  get #broadcastDependencies(): BroadcastDependencies {
    const { emit, describe } = this.#dependencies;
    return {
      ...this.#dependencies,
      stats: this.#stats,
      capabilitiesOf: (endpoint) => {
        const capabilities = this.#capabilities.get(endpoint) ?? initialCapabilities();
        this.#capabilities.set(endpoint, capabilities);
        return capabilities;
      },
      cleanup: this.#cleanup,
      stalled: this.#stalled,
      onFailed: (error) => {
        emit(errorEvent('BroadcastError', describe(error)));
        if (this.#live) void this.#end(this.#live);
      },
    };
  }

  /** Ends the broadcast that is running; the next start waits for that. Never rejects. */
  #end(live: BroadcastController): Promise<void> {
    this.#live = null;
    this.#stopping = Promise.all([this.#stopping, live.stop()]).then(() => undefined);
    return this.#stopping;
  }
}
