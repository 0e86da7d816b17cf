import { number, object, ofType } from './api/checks.js';
import { DEFAULT_CONFIG, mergeConfig, type Config, type ConfigPatch } from './api/config.js';
import { asRtcUserError, RtcUserError, StoppedError, type ErrorCode } from './api/errors.js';
import { EventEmitter } from './api/event-emitter.js';
import {
  errorEvent,
  type BroadcastData,
  type DeviceListData,
  type ErrorEventName,
  type PreviewData,
  type ServerStats,
} from './api/events.js';
import type { Publisher } from './broadcast/publisher.js';
import { withPublisher } from './broadcast/publisher-loader.js';
import type { SignInOptions } from './broadcast/sign-in.js';
import { createLogger, LEVEL_OF, type LogSink } from './platform/logger.js';
import { Capture } from './media/capture.js';
import { outdated } from './media/device-queue.js';
import { PreviewElement } from './media/preview-element.js';
import type { AudioDeviceConfig, PreviewConfig, VideoDeviceConfig, VideoFormat } from './api/preview-config.js';
import type { StartBroadcastConfig } from './api/start-config.js';
import type { BroadcastReport } from './stats/report.js';
import { untilAborted } from './platform/timing.js';
import { supportLevel, type SupportLevel } from './platform/support.js';
import { describeUserAgent } from './platform/user-agent.js';
import { browserWorld, type World } from './platform/world.js';

export type { SignInOptions, StartBroadcastConfig };

/** What `muteDevice` takes. */
export interface MuteConfig {
  /** Which kind of device to mute. */
  kind: 'videoinput' | 'audioinput';
  /** True mutes, false unmutes. */
  mute: boolean;
}

/** What `injectExternalMediaStream` takes. */
export interface InjectConfig {
  /** The stream whose sound is mixed in. */
  stream: MediaStream;
  /** `['audio']`, the default, mixes the stream's audio in; an empty list takes it out. */
  tracks?: string[];
}

/** What `getSelectedDevice` takes. */
export interface SelectedDeviceConfig {
  /** Which kind of device to return. */
  kind: 'videoinput' | 'audioinput';
}

/** What a `RtcUser` uses in place of the browser's globals, and who gets its log. */
export interface RtcUserOptions {
  /** Dependencies to inject instead of the browser's globals, for tests. */
  world?: Partial<World>;
  /** Where the log is written. Default: `console`. */
  log?: LogSink;
}

/**
 * The headless webcaster: captures, publishes over WHIP and keeps the broadcast live. Names, options and events are those
 * of nanoStream Webcaster v5. Every method whose outcome is reported by an event also returns a promise for it, which may be
 * ignored; `getSelectedDevice` gives its tracks at once.
 */
export class RtcUser extends EventEmitter {
  readonly #world: World;
  readonly #capture: Capture;
  readonly #previewElement: PreviewElement;
  readonly #log: LogSink;
  readonly #statsIntervals = new Map<object, number>();
  readonly #warned = new Set<string>();
  #config: Config = DEFAULT_CONFIG;
  /** What older pages chose before a preview, and what the last preview was asked for and opened with. */
  #chosenDevices: PreviewConfig = {};
  #lastPreview: PreviewConfig = {};
  #openPreview: PreviewConfig = {};
  /** Changes with whatever closes a preview: one that opens and finds another value has been overtaken. */
  #previewRun = {};
  /** What needs a server: undefined until it is first asked for. */
  #publisher: Publisher | undefined;
  /** The options of the last sign-in. */
  #signInOptions: SignInOptions | null = null;
  /** Ends the start that is under way. */
  #starting: AbortController | null = null;

  constructor({ world, log = console }: RtcUserOptions = {}) {
    const wholeWorld = { ...browserWorld(), ...world };
    super(wholeWorld.reportError);
    this.#world = wholeWorld;
    this.#log = createLogger(() => this.#config.logLevel, log);
    this.#previewElement = new PreviewElement(this.#world);
    this.#capture = new Capture(this.#world, {
      onChange: () => void this.#publisher?.takeTracks(),
      onStatus: (data) => {
        this.#log.warn(data.message);
        this.emit({ name: 'CaptureStatus', data });
      },
    });
  }

  /** Whether this browser can broadcast: 0 yes, 1 no, 2 in part, 3 too old. */
  static checkSupport(): SupportLevel {
    return supportLevel(browserWorld());
  }

  /** Whether this user can broadcast: 0 yes, 1 no, 2 in part, 3 too old. */
  checkSupport(): SupportLevel {
    return supportLevel(this.#world);
  }

  /**
   * Checks the server's address, sees whether the server can be reached, and keeps the credentials: WHIP itself has no
   * sign-in, so a wrong token shows at the start. Emits `SignInSuccess` or `SignInError` (1000, 1001, 1002, 1003, 4000).
   */
  signIn(options: SignInOptions): Promise<void> {
    const given = { ...options };
    this.#signInOptions = given;
    if (given.token) this.#warnOnce('token is deprecated; write jwt in its place.');
    if (given.bintuApiKey) this.#warnOnce('bintuApiKey has no effect: WHIP servers take a token.');
    return this.#outcome('SignInError', 4000, async () => {
      const { shownServer = '' } = await this.#publish((publisher) => publisher.signIn(given));
      if (this.#signInOptions !== given) {
        throw new RtcUserError(4000, 'Another sign-in or sign-out came in between.');
      }
      this.emit({ name: 'SignInSuccess', data: { server: shownServer, userId: '' } });
    });
  }

  /** Forgets the credentials and stops a running broadcast. Emits `SignOutSuccess`. */
  signOut(): Promise<void> {
    return this.#outcome('SignOutError', 1000, async () => {
      if (this.#signInOptions) ignored(this.#publish(async (publisher) => publisher.signOut()));
      this.#signInOptions = null;
      if (this.#isBroadcasting) await this.stopBroadcast();
      this.emit({ name: 'SignOutSuccess', data: {} });
    });
  }

  /** Whether the server of the last sign-in has answered. */
  isSignedIn(): boolean {
    return this.#publisher?.session?.isReached ?? false;
  }

  /**
   * Merges `config` into the configuration in force, section by section, at any time. Emits `SetConfigError` (1001,
   * 1002) where a value is wrong; then nothing of `config` is taken.
   */
  setConfig(config: ConfigPatch): Promise<void> {
    return this.#outcome('SetConfigError', 1000, async () => {
      const { bitrates } = this.#config;
      this.#config = mergeConfig(this.#config, config);
      if (config.metrics) this.#warnOnce('metrics are not uploaded: use the event ReceivedWebRTCStats.');
      if (this.#config.bitrates !== bitrates) await this.#publisher?.setBitrates();
    });
  }

  /**
   * Sees whether the server can be reached: by default that of the sign-in. Emits `ReceivedServerStats`, which holds what
   * can be known of a WHIP server from outside; or `Error` (1000, 1001, 1002, 4001).
   */
  checkServer(server?: string | { server: string }): Promise<ServerStats> {
    return this.#outcome('Error', 1000, async () => {
      const given = typeof server === 'object' ? server?.server : server;
      const stats = await this.#publish((publisher) => publisher.checkServer(given));
      this.emit({ name: 'ReceivedServerStats', data: { stats } });
      return stats;
    });
  }

  /**
   * Turns `ReceivedWebRTCStats` on or off, at any time; the event only comes while the broadcast is live, and for as long as
   * one of its owners wants it. Emits `Error` (1001, 1002) if an argument is wrong.
   * @param enable by default true
   * @param interval milliseconds from one event to the next, at least 1000, by default 1000; ignored when turning off. The
   * shortest of all owners counts.
   * @param owner who wants the statistics, by default the page; turning them off only ends what the same owner turned on
   */
  enableStats(enable = true, interval = 1000, owner: object = this): Promise<void> {
    return this.#outcome('Error', 1000, async () => {
      const isOn = ofType('boolean', 'enable', enable);
      if (isOn) this.#statsIntervals.set(owner, number('interval', interval, { min: 1000, max: Infinity }));
      else this.#statsIntervals.delete(owner);
    });
  }

  /**
   * Checks its arguments and fails all the same: WHIP carries no metadata to a server. Emits `Error` (1000, 1001, 1002, 1003,
   * 1006).
   * @param handlerName `onMetaData` or `onCuePoint`
   * @param jsonValues an object of at most 6 levels
   */
  sendMetaData(handlerName: string, jsonValues: object): Promise<void> {
    return this.#outcome('Error', 1000, () =>
      this.#publish((publisher) => publisher.sendMetaData(handlerName, jsonValues)),
    );
  }

  /** Lists cameras and microphones. Emits `ReceivedDeviceList` or `GetDevicesError` (1006, 6006). */
  getDevices(): Promise<DeviceListData> {
    return this.#outcome('GetDevicesError', 6006, () => this.#listDevices());
  }

  /** Whether this browser can capture the screen. */
  isScreenCaptureAvailable(): boolean {
    return typeof this.#world.mediaDevices?.getDisplayMedia === 'function';
  }

  /**
   * The track of the device in use, or of the custom `MediaStream`, as a list of one or none. It is never that of a mix or a
   * placeholder. Cameras of phones can be flipped, zoomed and lit through it (`getCapabilities`, `applyConstraints`). Emits `GetSelectedDeviceError` (1003) and is empty for no kind.
   */
  getSelectedDevice(config: SelectedDeviceConfig): MediaStreamTrack[] {
    const { kind } = config ?? {};
    void this.#outcome('GetSelectedDeviceError', 1003, async () => kindOf(kind));
    return this.#capture.sources.filter((track) => track.readyState === 'live' && `${track.kind}input` === kind);
  }

  /**
   * Opens camera or screen and microphone; while it previews or broadcasts, switches to other ones, and opens only what
   * changed. A screen comes with its audio, if browser and person allow it; that is mixed with the microphone. If only one
   * kind of device can be opened, a placeholder or silence replaces the other until it can, which `CaptureStatus` reports;
   * an explicitly chosen device has to be opened. A screen whose sharing has ended is not asked for again where only the
   * microphone is another one. Emits `StartPreviewSuccess` and `ReceivedDeviceList`, or `StartPreviewError` (1001,
   * 1002, 1003, 1004, 1006, 6001, 6004, 6005, 6006, 6008). One that is stopped, or overtaken by another choice while nobody
   * answers, rejects without an event.
   */
  startPreview(config?: PreviewConfig): Promise<PreviewData> {
    return this.#outcome('StartPreviewError', 6005, async () => {
      object('config', config ?? {});
      this.#loadEarly();
      const wanted = { ...this.#chosenDevices, ...config };
      const element = wanted.elementId === undefined ? null : this.#videoElement(wanted.elementId);
      this.#lastPreview = wanted;
      const run = this.#previewRun;
      const preview = await this.#capture.start(wanted).catch((error: unknown) => {
        if (this.#lastPreview === wanted) this.#lastPreview = this.#openPreview;
        throw error;
      });
      this.#openPreview = wanted;
      await this.#publisher?.takeTracks();
      if (run !== this.#previewRun) throw outdated();
      if (element) this.#previewElement.show(element, preview.stream);
      this.emit({ name: 'StartPreviewSuccess', data: preview });
      // Its failure is reported by an event of its own.
      await this.getDevices().catch(() => undefined);
      return preview;
    });
  }

  /** Stops camera, screen and microphone; a running broadcast then sends nothing. Emits `StopPreviewSuccess`. */
  stopPreview(): Promise<void> {
    return this.#outcome('StopPreviewError', 1000, async () => {
      this.#previewRun = {};
      this.#capture.stop();
      this.#previewElement.stop();
      await this.#publisher?.takeTracks();
      this.emit({ name: 'StopPreviewSuccess', data: {} });
    });
  }

  /** Mutes or unmutes what is sent, now and after every change of device or connection. Emits `MuteDeviceError`. */
  muteDevice(config: MuteConfig): Promise<void> {
    return this.#outcome('MuteDeviceError', 1000, async () => {
      const kind = kindOf(config?.kind);
      this.#capture.mute(kind, ofType('boolean', 'mute', config.mute));
    });
  }

  /**
   * Publishes a custom `MediaStream`: its tracks are never stopped or enabled here, but if one ends, a placeholder or
   * silence replaces it. A format is only compared with the stream's. Browsers draw a canvas seldom or not at all while the
   * page is hidden. Emits `StartPreviewError` (1001, 1002, 1004, 6001).
   */
  setMediaStream(config: { stream: MediaStream } & VideoFormat): Promise<void> {
    return this.#outcome('StartPreviewError', 6001, async () => {
      const stream = streamOf(config);
      this.#loadEarly();
      this.#capture.useStream(stream, config);
      this.#previewRun = {};
      // Chromium has the canvas at the track, Firefox at the stream.
      if ([stream, ...stream.getTracks()].some((one) => 'canvas' in one)) {
        this.#warnOnce('The video of a canvas may stand still while the page is hidden.');
      }
      await this.#publisher?.takeTracks();
    });
  }

  /**
   * Mixes the audio of a custom `MediaStream` into what is sent, instead of the one injected before. It stays through
   * every change of device until `stopPreview`; without `'audio'` in `tracks` it is taken out. Muting `audioinput` silences
   * all of it. Emits `StartPreviewError` (1003, 1004, 1006, 6001).
   */
  injectExternalMediaStream(config: InjectConfig): Promise<void> {
    return this.#outcome('StartPreviewError', 6001, async () => {
      const { tracks = ['audio'] } = config ?? {};
      const isKnown = Array.isArray(tracks) && tracks.every((kind) => kind === 'audio');
      if (!isKnown) throw new RtcUserError(1003, "tracks may contain only 'audio': nothing else can be mixed in.");
      this.#capture.inject(tracks.length > 0 ? streamOf(config) : undefined);
      await this.#publisher?.takeTracks();
    });
  }

  /**
   * Goes live with what is being previewed. Waits for a sign-in and a preview that are under way. Emits the statuses
   * `signalling`, `connected`, then `StartBroadcastSuccess` and the status `broadcasting`; or `StartBroadcastError`
   * (1000, 1001, 1002, 1003, 1006, 4001, 5001, 6001, 101001, 102001, 103001, 103003, 103004). Once live, every loss is recovered
   * by the section `reconnect`; `BroadcastError` comes when that has failed for good: 5002, 103003 if the token has expired, 109000
   * where the server gives up its RTMP output.
   */
  startBroadcast(config: StartBroadcastConfig = {}): Promise<BroadcastData> {
    return this.#outcome('StartBroadcastError', 5001, async () => {
      if (this.#isBroadcasting) throw new RtcUserError(1006, 'A broadcast is running already: stop it first.');
      // The page may change its objects before what publishes is there.
      const given = copyOf(config);
      if (given !== config) {
        const { transcodingTargets, encoding } = given;
        Object.assign(given, { transcodingTargets: copyOf(transcodingTargets), encoding: copyOf(encoding) });
      }
      const starting = (this.#starting = new AbortController());
      const started = this.#publish(async (publisher) => {
        starting.signal.throwIfAborted();
        return publisher.start(given);
      });
      try {
        return await untilAborted(started, starting.signal);
      } finally {
        if (this.#starting === starting) this.#starting = null;
      }
    });
  }

  /**
   * Stops the broadcast in whatever phase it is, and ends its session on the server. Emits `StopBroadcastSuccess`, or
   * `StopBroadcastError` 5003 where none is running.
   */
  stopBroadcast(): Promise<void> {
    return this.#outcome('StopBroadcastError', 5003, async () => {
      if (!this.#isBroadcasting) throw new RtcUserError(5003, 'No broadcast is running.');
      this.#starting?.abort(new StoppedError());
      this.#starting = null;
      const target = await this.#publisher?.stop();
      this.emit({ name: 'StopBroadcastSuccess', data: { ...target } });
    });
  }

  /** What happened to the broadcast that is running, or to the last one: its outages, and how it recovered. */
  get report(): BroadcastReport {
    return this.#publisher?.report ?? { outages: [] };
  }

  /** Deprecated: chooses the camera of the next preview, and of the running one. */
  setVideoDevice(videoDeviceConfig: VideoDeviceConfig): void {
    this.#deprecated('setVideoDevice', 'startPreview({ videoDeviceConfig })');
    this.#chooseDevices({ videoDeviceConfig });
  }

  /** Deprecated: chooses the microphone of the next preview, and of the running one. */
  setAudioDevice(audioDeviceConfig: AudioDeviceConfig): void {
    this.#deprecated('setAudioDevice', 'startPreview({ audioDeviceConfig })');
    this.#chooseDevices({ audioDeviceConfig });
  }

  /** Deprecated: `muteDevice` of `videoinput`. */
  muteVideo(mute: boolean): Promise<void> {
    this.#deprecated('muteVideo', 'muteDevice()');
    return this.muteDevice({ kind: 'videoinput', mute });
  }

  /** Deprecated: `muteDevice` of `audioinput`. */
  muteAudio(mute: boolean): Promise<void> {
    this.#deprecated('muteAudio', 'muteDevice()');
    return this.muteDevice({ kind: 'audioinput', mute });
  }

  /** Deprecated: `getSelectedDevice` of `videoinput`. */
  getSelectedVideoDevice(): MediaStreamTrack[] {
    this.#deprecated('getSelectedVideoDevice', 'getSelectedDevice()');
    return this.getSelectedDevice({ kind: 'videoinput' });
  }

  /** Deprecated: `getSelectedDevice` of `audioinput`. */
  getSelectedAudioDevice(): MediaStreamTrack[] {
    this.#deprecated('getSelectedAudioDevice', 'getSelectedDevice()');
    return this.getSelectedDevice({ kind: 'audioinput' });
  }

  /** Deprecated: sets the section `iceServers` of `setConfig`. */
  setIceServers(iceServers: RTCIceServer[]): Promise<void> {
    this.#deprecated('setIceServers', 'setConfig({ iceServers })');
    return this.setConfig({ iceServers });
  }

  /** Deprecated, and does nothing: browsers capture the screen without an extension. */
  addScreenCaptureExtension(_name: string): void {
    this.#deprecated('addScreenCaptureExtension', 'nothing');
  }

  /** Whether there is something to stop. */
  get #isBroadcasting(): boolean {
    return this.#starting !== null || this.#publisher?.isLive === true;
  }

  /** Calls that wait for the module go on in the order in which they were made. */
  #publish<T>(task: (publisher: Publisher) => Promise<T>): Promise<T> {
    if (this.#publisher) return task(this.#publisher);
    return withPublisher(this.#world, (Publisher) => {
      this.#publisher ??= new Publisher({
        capture: this.#capture,
        config: () => this.#config,
        statsInterval: () => (this.#statsIntervals.size > 0 ? Math.min(...this.#statsIntervals.values()) : null),
        world: this.#world,
        log: this.#log,
        emit: (event) => this.emit(event),
        describe: (error) => this.#describe(error),
        warnOnce: (message) => this.#warnOnce(message),
      });
      return task(this.#publisher);
    });
  }

  /** A page with a preview is likely to go live. */
  #loadEarly(): void {
    ignored(withPublisher(this.#world, async () => undefined));
  }

  async #listDevices(): Promise<DeviceListData> {
    const data = await this.#capture.listDevices();
    this.emit({ name: 'ReceivedDeviceList', data });
    return data;
  }

  #videoElement(id: string): HTMLVideoElement {
    const element = globalThis.document?.getElementById(id);
    if (!element || !('srcObject' in element)) throw new RtcUserError(1004, `There is no <video id="${id}">.`);
    return element as HTMLVideoElement;
  }

  #deprecated(name: string, newer: string): void {
    this.#warnOnce(`${name}() is deprecated; write ${newer} in its place.`);
  }

  /** A warning that the level keeps back may come another time. */
  #warnOnce(message: string): void {
    if (this.#config.logLevel < LEVEL_OF.warn || this.#warned.has(message)) return;
    this.#warned.add(message);
    this.#log.warn(message);
  }

  #chooseDevices(devices: PreviewConfig): void {
    this.#chosenDevices = { ...this.#chosenDevices, ...devices };
    if (this.#capture.isPreviewing) void this.startPreview({ ...this.#lastPreview, ...devices });
  }

  /** The promise of a method whose failure is also an event; ignoring it is no unhandled rejection. */
  #outcome<T>(name: ErrorEventName, code: ErrorCode, task: () => Promise<T>): Promise<T> {
    const outcome = (async () => task())().catch((thrown: unknown) => {
      const error = this.#describe(asRtcUserError(thrown, code));
      if (!(error instanceof StoppedError)) this.emit(errorEvent(name, error));
      throw error;
    });
    ignored(outcome);
    return outcome;
  }

  /** Adds what is known of the broadcaster, and logs the error, once. */
  #describe(error: RtcUserError): RtcUserError {
    if (error.userinfo.metadata) return error;
    const { kinds } = this.#capture;
    error.userinfo.metadata = {
      isSignedIn: this.isSignedIn(),
      hasAudio: kinds.includes('audio'),
      hasVideo: kinds.includes('video'),
      server: this.#publisher?.session?.shownServer,
      streamname: this.#publisher?.target?.streamname,
      ...describeUserAgent(this.#world.userAgent),
    };
    this.#log.error(`${error.code} ${error.message}`);
    return error;
  }
}

/** For a promise whose failure an event reports, or the next call meets again: nobody has to handle it. */
function ignored(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

/** A copy of an object; anything else is left for the check. */
function copyOf<T>(value: T): T {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : value;
}

function streamOf(config: { stream: MediaStream } | undefined): MediaStream {
  if (typeof config?.stream?.getTracks === 'function') return config.stream;
  throw new RtcUserError(1004, 'stream must be a MediaStream.');
}

/** @throws RtcUserError 1003 */
function kindOf(kind: unknown): 'video' | 'audio' {
  if (kind === 'videoinput') return 'video';
  if (kind === 'audioinput') return 'audio';
  throw new RtcUserError(1003, 'kind must be "videoinput" or "audioinput".');
}
