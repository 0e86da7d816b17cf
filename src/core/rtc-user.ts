import { Broadcast } from './broadcast/broadcast.js';
import { startError } from './broadcast/start-error.js';
import { DEFAULT_CONFIG, mergeConfig, type Config, type ConfigPatch } from './config.js';
import { claimsOf, endpointUrl, probeUrl, withoutQuery, type BroadcastTarget } from './endpoint.js';
import { asRtcUserError, RtcUserError, StoppedError, type ErrorCode } from './errors.js';
import {
  BROADCAST_STATES,
  errorEvent,
  EventHub,
  type BroadcastData,
  type BroadcastMessage,
  type DeviceListData,
  type ErrorEventName,
  type EventName,
  type PreviewData,
  type ReconnectInfo,
  type RtcUserEvent,
  type RtcUserHandler,
} from './events.js';
import { createLogger, type LogSink } from './logger.js';
import { Capture } from './media/capture.js';
import { readEncoding, type EncodingConfig } from './media/encoding.js';
import type { PictureSize, PreviewConfig } from './media/preview-config.js';
import type { BroadcastReport } from './stats/report.js';
import { supportLevel, type SupportLevel } from './support.js';
import { withDeadline } from './timing.js';
import { probe } from './whip/http.js';
import { untriedAbilities, type EndpointAbilities } from './whip/whip-session.js';
import { browserWorld, type World } from './world.js';

/** Milliseconds that a server has to show that it can be reached. */
const PROBE_DEADLINE = 5_000;

export interface SignInOptions {
  /** The WHIP endpoint; may hold a `{streamname}` to fill in. */
  server: string;
  /** The bearer token. A JWT's claims `ingesturl` and `streamname` fill the events. */
  jwt?: string;
  /** v5's older name of `jwt`. */
  token?: string;
  /** Asked for the bearer token at every attempt, in place of `jwt`. */
  tokenProvider?: () => string | Promise<string>;
}

export interface StartBroadcastConfig {
  transcodingTargets?: BroadcastTarget;
  /** Replaces the token of `signIn`, and the targets. */
  jwt?: string;
  encoding?: EncodingConfig;
}

export interface MuteConfig {
  kind: 'videoinput' | 'audioinput';
  mute: boolean;
}

export interface InjectConfig {
  stream: MediaStream;
  /** `['audio']`, the default, mixes the stream's sound in; an empty list takes it out. */
  tracks?: string[];
}

/** Where a `RtcUser` takes things from instead of the browser's globals, and where its log goes. */
export interface RtcUserOptions {
  world?: Partial<World>;
  log?: LogSink;
}

interface Session {
  options: SignInOptions;
  /** Rejects where the server cannot be reached, or has no address. */
  reached: Promise<void>;
  isReached: boolean;
  /** What the endpoint turned out to be able to do. */
  abilities: EndpointAbilities;
}

/** A broadcast from the call that starts it on. */
interface Live {
  target: BroadcastTarget;
  broadcast?: Broadcast;
}

/**
 * The headless webcaster: captures, publishes over WHIP and keeps the broadcast live. Names, options and events are
 * those of nanoStream Webcaster v5; every method also returns a promise for its outcome, which may be ignored.
 */
export class RtcUser {
  readonly #world: World;
  readonly #events: EventHub;
  readonly #capture: Capture;
  readonly #log: LogSink;
  #config: Config = DEFAULT_CONFIG;
  #iceServers: RTCIceServer[] = [];
  #session: Session | null = null;
  #live: Live | null = null;
  #lastBroadcast: Broadcast | null = null;
  #stopping: Promise<void> = Promise.resolve();

  constructor({ world, log = console }: RtcUserOptions = {}) {
    this.#world = { ...browserWorld(), ...world };
    this.#events = new EventHub(this.#world.reportError);
    this.#log = createLogger(() => this.#config.logLevel, log);
    this.#capture = new Capture(this.#world, {
      onChange: () => void this.#live?.broadcast?.takeTracks(),
      onStatus: (data) => {
        this.#log.warn(data.message);
        this.#emit({ name: 'CaptureStatus', data });
      },
    });
  }

  /** Whether this browser can broadcast: 0 yes, 1 no, 2 in part. */
  static checkSupport(): SupportLevel {
    return supportLevel(browserWorld());
  }

  checkSupport(): SupportLevel {
    return supportLevel(this.#world);
  }

  on<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): this {
    this.#events.add(name, handler);
    return this;
  }

  once<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): this {
    this.#events.add(name, handler, true);
    return this;
  }

  off<Name extends EventName>(name: Name, handler: RtcUserHandler<Name>): this {
    this.#events.remove(name, handler);
    return this;
  }

  /**
   * Checks the server's address, sees whether the server can be reached, and keeps the credentials: WHIP itself has no
   * sign-in, so a wrong token shows at the start. Emits `SignInSuccess` or `SignInError` (1001, 1002, 4000).
   */
  signIn(options: SignInOptions): Promise<void> {
    const session: Session = {
      options: { ...options },
      reached: this.#reach(options?.server),
      isReached: false,
      abilities: untriedAbilities(),
    };
    this.#session = session;
    return this.#outcome('SignInError', 4000, async () => {
      await session.reached;
      if (this.#session !== session) throw new RtcUserError(4000, 'Another sign-in or a sign-out came in between.');
      session.isReached = session.abilities.answersProbes = true;
      this.#emit({ name: 'SignInSuccess', data: { server: withoutQuery(options.server), userId: '' } });
    });
  }

  /** Forgets the credentials; stops a running broadcast before. Emits `SignOutSuccess`. */
  signOut(): Promise<void> {
    return this.#outcome('SignOutError', 1000, async () => {
      this.#session = null;
      if (this.#live) await this.stopBroadcast();
      this.#emit({ name: 'SignOutSuccess', data: {} });
    });
  }

  isSignedIn(): boolean {
    return this.#session?.isReached ?? false;
  }

  /**
   * Merges `config` into the configuration in force, section by section, at any time. Emits `SetConfigError` (1001,
   * 1002) where a value is wrong; then nothing of `config` is taken.
   */
  setConfig(config: ConfigPatch): Promise<void> {
    return this.#outcome('SetConfigError', 1000, async () => {
      const { bitrates } = this.#config;
      this.#config = mergeConfig(this.#config, config);
      if (this.#config.bitrates !== bitrates) await this.#live?.broadcast?.setBitrates();
    });
  }

  /** STUN and TURN servers to use instead of those that the WHIP server offers; from the next connection on. */
  setIceServers(iceServers: RTCIceServer[]): void {
    this.#iceServers = iceServers;
  }

  /** Lists cameras and microphones. Emits `ReceivedDeviceList` or `GetDevicesError` (1006, 6006). */
  getDevices(): Promise<DeviceListData> {
    return this.#outcome('GetDevicesError', 6006, () => this.#listDevices());
  }

  /**
   * Opens camera or screen and microphone; while it previews or broadcasts, switches to other ones. Emits
   * `StartPreviewSuccess` and `ReceivedDeviceList`, or `StartPreviewError` (1004, 1006, 6001, 6004, 6005, 6008).
   */
  startPreview(config?: PreviewConfig): Promise<PreviewData> {
    return this.#outcome('StartPreviewError', 6005, async () => {
      const { elementId } = config ?? {};
      const element = elementId === undefined ? null : this.#videoElement(elementId);
      const preview = await this.#capture.start(config ?? {});
      // Shown, and not heard: the microphone would hear itself.
      if (element)
        Object.assign(element, { srcObject: preview.stream, muted: true, autoplay: true, playsInline: true });
      await this.#live?.broadcast?.takeTracks();
      this.#emit({ name: 'StartPreviewSuccess', data: preview });
      await this.#listDevices();
      return preview;
    });
  }

  /** Stops camera, screen and microphone, and with them a running broadcast's picture. Emits `StopPreviewSuccess`. */
  stopPreview(): Promise<void> {
    return this.#outcome('StopPreviewError', 1000, async () => {
      await this.#capture.stop();
      await this.#live?.broadcast?.takeTracks();
      this.#emit({ name: 'StopPreviewSuccess', data: {} });
    });
  }

  /** Mutes or unmutes what is sent, now and after every change of device or connection. Emits `MuteDeviceError`. */
  muteDevice(config: MuteConfig): Promise<void> {
    return this.#outcome('MuteDeviceError', 1000, async () => {
      const { kind, mute } = config;
      const isKnown = kind === 'videoinput' || kind === 'audioinput';
      if (!isKnown) throw new RtcUserError(1003, 'kind must be "videoinput" or "audioinput".');
      if (typeof mute !== 'boolean') throw new RtcUserError(1001, 'mute must be a boolean.');
      this.#capture.mute(kind === 'videoinput' ? 'video' : 'audio', mute);
    });
  }

  /**
   * Publishes a stream of the page's own: its tracks are never stopped or switched on here. A size is only compared with
   * what the stream has. Rejects with 1001, 1002, 1004, 6001.
   */
  setMediaStream(config: { stream: MediaStream } & PictureSize): Promise<void> {
    return this.#outcome('StartPreviewError', 6001, async () => {
      await this.#capture.useStream(streamOf(config), config);
      await this.#live?.broadcast?.takeTracks();
    });
  }

  /**
   * Mixes the sound of a stream of the page's own into what is sent, in place of what was mixed in before. It stays
   * through every change of device until `stopPreview`; without `'audio'` in `tracks` it is taken out. Muting
   * `audioinput` silences all of it. Rejects with 1003, 1004, 1006, 6001.
   */
  injectExternalMediaStream(config: InjectConfig): Promise<void> {
    return this.#outcome('StartPreviewError', 6001, async () => {
      const { tracks = ['audio'] } = config ?? {};
      const isKnown = Array.isArray(tracks) && tracks.every((kind) => kind === 'audio');
      if (!isKnown) throw new RtcUserError(1003, "tracks may hold 'audio' alone: nothing else can be mixed in.");
      await this.#capture.inject(tracks.length > 0 ? streamOf(config) : undefined);
      await this.#live?.broadcast?.takeTracks();
    });
  }

  /**
   * Goes live with what is being previewed. Waits for a sign-in and a preview that are under way. Emits the statuses
   * `signalling`, `connected`, then `StartBroadcastSuccess` and the status `broadcasting`; or `StartBroadcastError`
   * (1001, 1002, 1003, 1006, 4001, 5001, 6001, 101001, 102001, 103001, 103003). Once live, every loss is healed as
   * `reconnect` says; `BroadcastError` 5002 comes when that has failed for good.
   */
  startBroadcast(config?: StartBroadcastConfig): Promise<BroadcastData> {
    return this.#outcome('StartBroadcastError', 5001, async () => {
      if (this.#live) throw new RtcUserError(1006, 'A broadcast is running already: stop it first.');
      const live: Live = { target: targetOf(config ?? {}, this.#session?.options) };
      this.#live = live;
      try {
        return await this.#start(live, config ?? {});
      } catch (thrown) {
        if (this.#live !== live) throw new StoppedError();
        const { jwt, token, tokenProvider } = this.#session?.options ?? {};
        const error = startError(thrown, Boolean(config?.jwt || jwt || token || tokenProvider));
        this.#describe(error);
        this.#live = null;
        throw error;
      }
    });
  }

  /**
   * Stops the broadcast in whatever phase it is, and ends its session on the server. Emits `StopBroadcastSuccess`, or
   * `StopBroadcastError` 5003 where none is running.
   */
  stopBroadcast(): Promise<void> {
    return this.#outcome('StopBroadcastError', 5003, async () => {
      const live = this.#live;
      if (!live) throw new RtcUserError(5003, 'No broadcast is running.');
      this.#live = null;
      this.#stopping = live.broadcast?.stop() ?? this.#stopping;
      await this.#stopping;
      this.#emit({ name: 'StopBroadcastSuccess', data: live.target });
    });
  }

  /** What happened to the broadcast that is running, or to the last one: its outages, and what healed them. */
  get report(): BroadcastReport {
    return { outages: (this.#lastBroadcast?.outages ?? []).map((outage) => ({ ...outage })) };
  }

  async #reach(server: unknown): Promise<void> {
    const url = probeUrl(server, this.#world.baseUrl);
    const { origin } = new URL(url);
    await withDeadline(
      (signal) => probe(url, this.#world, signal),
      PROBE_DEADLINE,
      () => new RtcUserError(4000, `${origin} did not answer within ${PROBE_DEADLINE / 1000} s.`),
      this.#world,
    ).catch((error: unknown) => {
      throw error instanceof RtcUserError ? error : new RtcUserError(4000, `${origin} cannot be reached.`, error);
    });
  }

  async #start(live: Live, config: StartBroadcastConfig): Promise<BroadcastData> {
    const encoding = readEncoding(config.encoding);
    const session = this.#session;
    if (!session) throw new RtcUserError(4001, 'Sign in before you start a broadcast.');
    await session.reached.catch((error: RtcUserError) => {
      // The probe may fail where publishing would not (CORP, COEP, a server without HEAD): the POST decides.
      if (error.code !== 4000) throw new RtcUserError(4001, 'The sign-in failed, so no broadcast can start.', error);
    });
    await Promise.all([this.#capture.settled(), this.#stopping]);
    if (this.#live !== live) throw new StoppedError();
    const stream = this.#capture.mutedStream();
    if (!stream.getTracks().some(({ readyState }) => readyState === 'live')) {
      throw new RtcUserError(6001, 'There is nothing to broadcast: start a preview first.');
    }
    const data: BroadcastData = { ...live.target, stream };
    const { server, jwt, token, tokenProvider } = session.options;
    this.#lastBroadcast = live.broadcast = new Broadcast({
      endpoint: endpointUrl(server, namedTarget(config), this.#world.baseUrl, live.target.streamname),
      abilities: session.abilities,
      stream: () => this.#capture.mutedStream(),
      token: async () => config.jwt || (await tokenProvider?.()) || jwt || token || null,
      iceServers: this.#iceServers,
      encoding,
      config: () => this.#config,
      world: this.#world,
      log: this.#log,
      onStatus: (message, reconnect) => this.#emitStatus(live, message, reconnect),
      onStarted: () => this.#emit({ name: 'StartBroadcastSuccess', data }),
      onFailed: (error) => {
        this.#emit(errorEvent('BroadcastError', this.#describe(error)));
        this.#live = null;
      },
    });
    await live.broadcast.start();
    return data;
  }

  async #listDevices(): Promise<DeviceListData> {
    const data = await this.#capture.listDevices();
    this.#emit({ name: 'ReceivedDeviceList', data });
    return data;
  }

  #videoElement(id: string): HTMLVideoElement {
    const element = globalThis.document?.getElementById(id);
    if (!element || !('srcObject' in element)) throw new RtcUserError(1004, `There is no <video id="${id}">.`);
    return element as HTMLVideoElement;
  }

  #emitStatus({ target }: Live, message: BroadcastMessage, reconnect?: ReconnectInfo): void {
    this.#log.info(message, ...(reconnect ? [`(attempt ${reconnect.attempt} of ${reconnect.maxRetries})`] : []));
    this.#emit({
      name: 'BroadcastStatus',
      data: {
        message,
        text: message,
        state: BROADCAST_STATES[message],
        streamname: target.streamname ?? '',
        ...(reconnect && { reconnect }),
      },
    });
  }

  #emit<Name extends EventName>(event: RtcUserEvent<Name>): void {
    this.#events.emit(event);
  }

  /** The promise of a method whose failure is also an event; ignoring it is no unhandled rejection. */
  #outcome<T>(name: ErrorEventName, code: ErrorCode, task: () => Promise<T>): Promise<T> {
    const outcome = (async () => task())().catch((thrown: unknown) => {
      const error = this.#describe(asRtcUserError(thrown, code));
      if (!(error instanceof StoppedError)) this.#emit(errorEvent(name, error));
      throw error;
    });
    outcome.catch(() => undefined);
    return outcome;
  }

  /** Adds what is known of the broadcaster, and logs the error, once. */
  #describe(error: RtcUserError): RtcUserError {
    if (error.userinfo.metadata) return error;
    const { kinds } = this.#capture;
    const server = this.#session?.options.server;
    error.userinfo.metadata = {
      isSignedIn: this.isSignedIn(),
      hasAudio: kinds.includes('audio'),
      hasVideo: kinds.includes('video'),
      server: typeof server === 'string' ? withoutQuery(server) : undefined,
      streamname: this.#live?.target.streamname,
    };
    this.#log.error(`${error.code} ${error.message}`);
    return error;
  }
}

function streamOf(config: { stream: MediaStream } | undefined): MediaStream {
  if (typeof config?.stream?.getTracks === 'function') return config.stream;
  throw new RtcUserError(1004, 'stream must be a MediaStream.');
}

/** What the page says of the target. A JWT of the broadcast's own names the target itself. */
function namedTarget({ jwt, transcodingTargets }: StartBroadcastConfig): BroadcastTarget {
  const { output, streamname } = (!jwt && transcodingTargets) || {};
  return { ...(output && { output }), ...(streamname && { streamname }) };
}

/** What events tell of the target: what the page says, else what its token claims. */
function targetOf(config: StartBroadcastConfig, session: SignInOptions | undefined): BroadcastTarget {
  return { ...claimsOf(config.jwt || session?.jwt), ...namedTarget(config) };
}
