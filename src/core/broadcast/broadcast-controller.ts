import { Broadcast } from './broadcast.js';
import { EncoderRecovery } from './encoder-recovery.js';
import { startError } from './start-error.js';
import type { Config } from '../api/config.js';
import { type BroadcastTarget, type StartBroadcastConfig } from '../api/start-config.js';
import { RtcUserError, StoppedError } from '../api/errors.js';
import {
  BROADCAST_STATES,
  type BroadcastData,
  type BroadcastMessage,
  type EventName,
  type FrameSize,
  type ReconnectInfo,
  type RtcUserEvent,
  type WebRTCResults,
} from '../api/events.js';
import { claimsOf } from '../whip/jwt.js';
import type { LogSink } from '../platform/logger.js';
import type { Capture } from '../media/capture.js';
import type { MediaKind } from '../media/devices.js';
import { encodingFor, readEncoding } from '../api/encoding-config.js';
import type { Session } from './sign-in.js';
import { namedTarget } from './target.js';
import { qualityOf } from '../stats/quality.js';
import type { Outage } from '../stats/report.js';
import type { StatsFeed } from '../stats/stats-feed.js';
import { untilAborted } from '../platform/timing.js';
import type { SessionCleanup } from '../whip/session-cleanup.js';
import type { ServerCapabilities } from '../whip/whip-session.js';
import type { World } from '../platform/world.js';

/** What a broadcast takes of the user whose it is. */
export interface BroadcastDependencies {
  capture: Capture;
  stats: StatsFeed;
  /** The configuration in force. */
  config: () => Config;
  world: World;
  log: LogSink;
  emit: <Name extends EventName>(event: RtcUserEvent<Name>) => void;
  /** What is known of an endpoint; what is learned is written there. */
  capabilitiesOf: (endpoint: string) => ServerCapabilities;
  /** Sessions that servers have not ended yet. */
  cleanup: SessionCleanup;
  /** The kinds of media whose encoders have stalled, told of by an earlier broadcast too. */
  stalled: Set<MediaKind>;
  /** The broadcast, once started, failed for good. */
  onFailed: (error: RtcUserError) => void;
}

/** A broadcast from the call that starts it on: waits for what it needs, and reports by v5's events how it fares. */
export class BroadcastController {
  readonly #config: StartBroadcastConfig;
  readonly #session: Session | null;
  readonly #dependencies: BroadcastDependencies;
  readonly #life = new AbortController();
  #broadcast: Broadcast | undefined;
  #size: FrameSize | undefined;
  /** The target as the page named it at the start. */
  readonly #named: BroadcastTarget;
  /** What the token claims: the one given, then the newest. */
  #claims: BroadcastTarget;

  constructor(config: StartBroadcastConfig, session: Session | null, dependencies: BroadcastDependencies) {
    this.#config = config;
    this.#session = session;
    this.#dependencies = dependencies;
    this.#named = namedTarget(config);
    this.#claims = claimsOf(config.jwt || session?.givenToken);
  }

  /** Where it goes, as far as that is known: a token from a provider shows it once it was asked for. */
  get target(): BroadcastTarget {
    return { ...this.#claims, ...this.#named };
  }

  /** The losses so far, in their order. */
  get outages(): readonly Outage[] {
    return this.#broadcast?.outages ?? [];
  }

  /**
   * Resolves when the server acknowledges media.
   * @param before what has to be over first
   * @throws RtcUserError
   */
  async start(before: Promise<void>): Promise<BroadcastData> {
    try {
      return await this.#start(before);
    } catch (thrown) {
      const hasToken = this.#session?.hasToken ?? false;
      throw startError(thrown, { hasToken, namesStream: 'streamname' in this.#claims });
    }
  }

  /** Ends it in any phase. Never rejects. */
  async stop(): Promise<void> {
    this.#life.abort(new StoppedError());
    await this.#broadcast?.stop();
  }

  /** Sends the tracks that are captured now. */
  async takeTracks(): Promise<void> {
    await this.#broadcast?.takeTracks();
  }

  /** Holds what is being sent to the bitrates in force. */
  async setBitrates(): Promise<void> {
    await this.#broadcast?.setBitrates();
  }

  /** Reports statistics in both of v5's forms, and each new size of the video. */
  tellStats(results: WebRTCResults): void {
    const message = 'broadcasting';
    const stats = { results, state: BROADCAST_STATES[message], streamname: this.#streamname, text: message } as const;
    const resizedFrom = this.#noteSize(results);
    const data = { message, results, quality: qualityOf(results), ...(resizedFrom && { resizedFrom }), stats } as const;
    this.#dependencies.emit({ name: 'ReceivedWebRTCStats', data });
  }

  /** The size before, if it has changed. */
  #noteSize({ frameWidth, frameHeight }: WebRTCResults): FrameSize | undefined {
    if (!frameWidth || !frameHeight) return undefined;
    const before = this.#size;
    this.#size = { frameWidth, frameHeight };
    return before?.frameWidth === frameWidth && before.frameHeight === frameHeight ? undefined : before;
  }

  async #start(before: Promise<void>): Promise<BroadcastData> {
    const { capture, stats, config, world, log, emit, capabilitiesOf, cleanup, stalled, onFailed } = this.#dependencies;
    const { jwt } = this.#config;
    const session = this.#session;
    if (!session) throw new RtcUserError(4001, 'Sign in first.');
    const reached = session.reached.catch((error: RtcUserError) => {
      // The probe may fail where publishing would not (CORP, COEP, a server without HEAD): the POST decides.
      if (error.code !== 4000) throw new RtcUserError(4001, 'The sign-in failed, so no broadcast can start.', error);
    });
    // A person may never answer the prompt of a preview.
    const { signal } = this.#life;
    await untilAborted(
      reached.then(() => Promise.all([capture.settled(), before])),
      signal,
    );
    signal.throwIfAborted();
    const stream = capture.mutedStream();
    if (!stream.getTracks().some(({ readyState }) => readyState === 'live')) {
      throw new RtcUserError(6001, 'There is nothing to broadcast: start a preview first.');
    }
    const endpoint = session.endpoint(this.#named, this.target.streamname);
    const capabilities = capabilitiesOf(endpoint);
    capabilities.answersProbes ||= session.answersProbes;
    const data = (): BroadcastData => ({ ...this.target, stream });
    // What no error text may quote; a token of a provider claims it only once it is there.
    const secrets: string[] = [];
    const noteSecrets = () => {
      const claimed = Object.values(this.target).filter((secret) => secret !== undefined);
      secrets.push(...claimed.filter((secret) => !secrets.includes(secret)));
    };
    noteSecrets();
    const given = readEncoding(this.#config.encoding);
    const encoding = () => encodingFor(given, this.target);
    const encoders = (['audio', 'video'] as const).map(
      (kind) =>
        new EncoderRecovery({
          kind,
          videoCodec: given.videoCodec,
          codecs: () => world.senderCodecs('video'),
          kick: () => broadcast.kickEncoder(kind),
          renew: (reason, videoCodec) => broadcast.renew(reason, videoCodec),
          stalled,
          onStatus: (status) => capture.tell(status),
          log,
        }),
    );
    const broadcast = new Broadcast({
      endpoint,
      capabilities,
      stream: () => capture.mutedStream(),
      token: async () => {
        const token = await session.token(jwt);
        this.#claims = claimsOf(token);
        noteSecrets();
        return token;
      },
      iceServers: () => config().iceServers,
      cleanup,
      credentials: session.credentials,
      secrets,
      encoding,
      config,
      world,
      log,
      onStatus: (message, reconnect) => this.#tellStatus(message, reconnect),
      onStats: (all, at) => {
        stats.take(all, at);
        capture.takeStats(all, at);
        for (const encoder of encoders) encoder.takeStats(all, at);
      },
      onUnsent: ({ kind }, message) => {
        // Not that of a placeholder or a mix.
        const { label: device = '' } = capture.sources.find((track) => track.kind === kind) ?? {};
        emit({ name: 'CaptureStatus', data: { kind: `${kind as MediaKind}input`, state: 'unsent', device, message } });
      },
      onStarted: () => emit({ name: 'StartBroadcastSuccess', data: data() }),
      onFailed,
    });
    this.#broadcast = broadcast;
    await broadcast.start();
    return data();
  }

  #tellStatus(message: BroadcastMessage, reconnect?: ReconnectInfo): void {
    const { stats, log, emit } = this.#dependencies;
    // The server's own trouble with its output does not end what is sent to it.
    stats.isLive = message === 'broadcasting' || message === 'reconnecting';
    log.info(message, ...(reconnect ? [`(attempt ${reconnect.attempt} of ${reconnect.maxRetries})`] : []));
    emit({
      name: 'BroadcastStatus',
      data: {
        message,
        text: message,
        state: BROADCAST_STATES[message],
        streamname: this.#streamname,
        ...(reconnect && { reconnect }),
      },
    });
  }

  get #streamname(): string {
    return this.target.streamname ?? '';
  }
}
