import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { StoppedError, type RtcUserError } from '../../core/api/errors.js';
import type { DeviceList, EventName, ReconnectInfo, RtcUserEvent } from '../../core/api/events.js';
import { RtcUser, type SignInOptions } from '../../core/rtc-user.js';
import { SETTINGS, toConfig, toEncoding, type SettingName, type Settings } from '../attributes.js';
import type { LoggedError } from '../diagnostics.js';
import { CORE_EVENTS, toDomEvent } from '../dom-event.js';
import type { CaptureProblem, DeviceKind, Status, WebcasterCore } from '../webcaster-core.js';
import { Preview } from './preview.js';
import { StatsHistory } from './stats-history.js';

/** What the element hands over beside its settings. */
export interface CoreHost extends ReactiveControllerHost, HTMLElement, Settings {
  iceServers: RTCIceServer[];
  tokenProvider: SignInOptions['tokenProvider'] | undefined;
  warn: (message: string) => void;
}

const CONFIG_SETTINGS: readonly SettingName[] = [
  'logLevel',
  'reconnectMinDelay',
  'reconnectMaxDelay',
  'reconnectMaxRetries',
  'videoBitrate',
  'videoStartBitrate',
  'audioBitrate',
];

/** A camera or microphone that is not as it was chosen. */
export interface CaptureTrouble {
  kind: DeviceKind;
  problem: CaptureProblem;
  device: string;
  /** A sentence in English. */
  message: string;
}

/** Drives the core for the element: settings go in, status and DOM events come out. */
export class CoreController implements ReactiveController {
  readonly #host: CoreHost;
  readonly #onReleased: () => void;
  #core: WebcasterCore | undefined;
  #preview = new Preview();
  #status: Status = 'idle';
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Changes with every stop: a start that finds another one has been overtaken. */
  #run = {};
  /** Whether the core was told to go live, by whomever, and has not ended that. */
  #isCoreLive = false;
  #measures = false;
  #isPreviewFailed = false;
  #troubles: readonly CaptureTrouble[] = [];

  readonly stats = new StatsHistory();
  /** The last errors of all kinds, oldest first. */
  errors: readonly LoggedError[] = [];
  error: RtcUserError | null = null;
  /** When the broadcast became live, in milliseconds since 1970; 0 where none is live. Losses do not change it. */
  liveSince = 0;
  reconnect: ReconnectInfo | null = null;
  /** When the next attempt to reconnect begins, in milliseconds since 1970; 0 where none is planned. */
  nextAttemptAt = 0;
  devices: DeviceList = { audiodevices: [], videodevices: [] };

  /** @param onReleased called when everything was let go of because the element was taken out of its document */
  constructor(host: CoreHost, onReleased: () => void) {
    this.#host = host;
    this.#onReleased = onReleased;
    host.addController(this);
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether there is something to stop. */
  get isActive(): boolean {
    return this.#starting !== undefined || (this.#status !== 'idle' && this.#status !== 'failed');
  }

  /** Whether others see the broadcast, or will again. */
  get isLive(): boolean {
    return this.liveSince > 0 || this.#status.startsWith('reconnecting');
  }

  /** Whether it was a preview of the page's or user's that failed, and no start. */
  get isPreviewFailed(): boolean {
    return this.#status === 'failed' && this.#isPreviewFailed;
  }

  /** What is wrong with what is captured, the newest last; one of a kind. */
  get troubles(): readonly CaptureTrouble[] {
    return this.#troubles;
  }

  get core(): WebcasterCore {
    return this.#core ?? this.#take(new RtcUser());
  }

  set core(core: WebcasterCore) {
    if (core === this.#core) return;
    if (this.#core) {
      void this.release();
      this.#unsubscribe();
      this.#isCoreLive = false;
      this.#stopping = undefined;
      this.#preview = new Preview(this.#preview.given);
    }
    this.#take(core);
  }

  get mediaStream(): MediaStream | null {
    return this.#preview.stream;
  }

  /** Publishes a page's own stream in place of camera and screen; null goes back to those. */
  set mediaStream(stream: MediaStream | null) {
    this.#host.requestUpdate();
    this.#troubles = [];
    void this.#preview.give(stream, this.core, this.#host, this.#isCoreLive).catch(toldByEvent);
  }

  /** Whether the page has given a stream of its own. */
  get isStreamGiven(): boolean {
    return this.#preview.given !== null;
  }

  hostConnected(): void {
    if (isServer) return;
    this.#unsubscribe();
    this.#subscribe();
  }

  /** Moving an element takes it out and puts it in again at once; only what stays out is released. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (this.#host.isConnected) return;
      this.#onReleased();
      void this.release().finally(() => this.#host.isConnected || this.#unsubscribe());
    });
  }

  /** Opens camera or screen and microphone as the settings say. */
  startPreview(): Promise<void> {
    const { core } = this;
    this.#applyMutes();
    return ignorable(this.#preview.open('page', core, this.#host));
  }

  stopPreview(): Promise<void> {
    return ignorable(this.#core ? this.#preview.close(this.#core) : Promise.resolve());
  }

  /** Goes live. While it is starting or live already, this is the same start. */
  start(): Promise<void> {
    if (this.#starting) return this.#starting;
    if (this.isActive) return Promise.resolve();
    const starting = this.#start().finally(() => {
      if (this.#starting === starting) this.#starting = undefined;
      this.#host.requestUpdate();
    });
    this.#starting = ignorable(starting);
    this.#host.requestUpdate();
    return starting;
  }

  /** Ends the broadcast, and the preview that its start has opened; after a failure too. Never rejects. */
  stop(): Promise<void> {
    const isNeeded = this.isActive || this.#isCoreLive || this.#preview.owner === 'start';
    if (!this.#core || !isNeeded) return this.#stopping ?? Promise.resolve();
    this.#run = {};
    this.#starting = undefined;
    if (this.#status !== 'failed') this.#setStatus('idle');
    const steps = [
      this.#stopping,
      this.#isCoreLive && this.#core.stopBroadcast().catch(toldByEvent),
      this.#preview.owner === 'start' && this.stopPreview().catch(toldByEvent),
    ];
    this.#isCoreLive = false;
    const stopping: Promise<void> = Promise.all(steps).then(() => {
      if (this.#stopping === stopping) this.#stopping = undefined;
    });
    this.#stopping = stopping;
    return stopping;
  }

  /** Does again what has failed. */
  retry(): Promise<void> {
    return this.isPreviewFailed ? this.startPreview() : this.start();
  }

  /** Has the list of devices brought up to date. */
  listDevices(): void {
    void Promise.resolve(this.core.getDevices?.()).catch(toldByEvent);
  }

  /** Has the live broadcast measured, or not any more. */
  measure(isWanted: boolean): void {
    if (isWanted === this.#measures) return;
    this.#measures = isWanted;
    this.#core?.enableStats?.(isWanted);
  }

  /** Lets go of camera, microphone and session; the element is as new. Never rejects. */
  async release(): Promise<void> {
    const stopped = this.stop();
    this.#setStatus('idle');
    await Promise.all([stopped, this.#preview.owner && this.stopPreview().catch(toldByEvent)]);
  }

  /** Hands over what has changed and may change at any time; the rest waits for the next start. */
  settingsChanged(changed: ReadonlySet<PropertyKey>): void {
    if (!this.#core) return;
    if (CONFIG_SETTINGS.some((name) => changed.has(name))) this.#applyConfig();
    if (changed.has('muted') || changed.has('videoMuted')) this.#applyMutes();
    if (changed.has('videoDevice') || changed.has('audioDevice')) {
      void this.#preview.switchDevices(this.#core, this.#host, this.#isCoreLive).catch(toldByEvent);
    }
  }

  async #start(): Promise<void> {
    const run = this.#run;
    // What is being stopped must not be taken for what this start opens.
    if (this.#stopping) await this.#stopping;
    if (run !== this.#run) throw new StoppedError();
    const { core } = this;
    const { server, token, tokenProvider, iceServers, streamName, ingestUrl } = this.#host;
    this.#setStatus('idle');
    void core.setConfig({ iceServers });
    this.#applyAll();
    const signedIn = core.signIn({ server, ...(token && { jwt: token }), ...(tokenProvider && { tokenProvider }) });
    await Promise.all([signedIn.catch(unlessUnreachable), this.#preview.openForStart(core, this.#host)]);
    if (run !== this.#run) throw new StoppedError();
    this.#isCoreLive = true;
    await core.startBroadcast({
      transcodingTargets: { output: ingestUrl, streamname: streamName },
      encoding: toEncoding(this.#host),
    });
  }

  #take(core: WebcasterCore): WebcasterCore {
    this.#core = core;
    if (this.#host.isConnected) this.#subscribe();
    this.#applyAll();
    return core;
  }

  #applyAll(): void {
    this.#applyConfig();
    this.#applyMutes();
    if (this.#measures) this.#core?.enableStats?.(true);
  }

  #applyConfig(): void {
    void this.#core?.setConfig(toConfig(this.#host, this.#host.warn));
  }

  #applyMutes(): void {
    const { muted, videoMuted } = this.#host;
    void this.#core?.muteDevice({ kind: 'audioinput', mute: muted });
    void this.#core?.muteDevice({ kind: 'videoinput', mute: videoMuted });
  }

  #subscribe(): void {
    for (const name of CORE_EVENTS) this.#core?.on(name, this.#handleEvent);
  }

  #unsubscribe(): void {
    for (const name of CORE_EVENTS) this.#core?.off(name, this.#handleEvent);
  }

  readonly #handleEvent = (event: RtcUserEvent): void => {
    if ('error' in event) this.#log(event.error);
    this.#follow(event);
    this.#host.requestUpdate();
    this.#host.dispatchEvent(toDomEvent<EventName>(event));
  };

  #log({ code, message }: RtcUserError): void {
    this.errors = [...this.errors, { at: Date.now(), code, message }].slice(-ERRORS_KEPT);
  }

  #follow(event: RtcUserEvent): void {
    switch (event.name) {
      case 'BroadcastStatus':
        this.#isCoreLive = true;
        this.#setStatus(event.data.message);
        if (event.data.message === 'broadcasting') this.liveSince ||= Date.now();
        this.reconnect = event.data.reconnect ?? null;
        this.nextAttemptAt = this.reconnect ? Date.now() + (this.reconnect.delay ?? 0) * 1000 : 0;
        return;
      case 'StopBroadcastSuccess':
        this.#isCoreLive = false;
        return this.#setStatus('idle');
      case 'StartBroadcastError':
      case 'BroadcastError':
        // One that a page starts beside the running one ends nothing.
        this.#isCoreLive = event.name === 'StartBroadcastError' && event.error.code === RUNNING_ALREADY;
        return this.#isCoreLive ? undefined : this.#fail(event.error);
      case 'SignInError':
        // One that comes after a stop concerns nobody any more, and a probe without an answer does not decide.
        return this.#starting && event.error.code !== UNREACHABLE ? this.#fail(event.error) : undefined;
      case 'StartPreviewError': {
        // A device that cannot be switched to while live ends nothing.
        const isStart = this.#starting !== undefined;
        if (this.#status !== 'idle' || !(isStart || this.#preview.owner === 'page')) return;
        this.#fail(event.error);
        this.#isPreviewFailed = !isStart;
        return;
      }
      case 'StartPreviewSuccess':
        this.#preview.captured = event.data.stream;
        if (this.#isPreviewFailed) this.#setStatus('idle');
        return;
      case 'StopPreviewSuccess':
        this.#preview.captured = null;
        this.#troubles = [];
        return;
      case 'ReceivedDeviceList':
        this.devices = event.data.devices;
        return;
      case 'CaptureStatus': {
        const { kind, state, device, message } = event.data;
        const others = this.#troubles.filter((trouble) => trouble.kind !== kind);
        const isTrouble =
          state !== 'live' && (state !== 'different' || kind === 'audioinput' || isPictureChosen(this.#host));
        this.#troubles = isTrouble ? [...others, { kind, problem: state, device, message }] : others;
        return;
      }
      case 'ReceivedWebRTCStats':
        if (this.#isCoreLive) this.stats.take(event.data);
    }
  }

  /** A failed start, or a broadcast given up, leaves no camera open that a start has opened. */
  #fail(error: RtcUserError): void {
    this.#setStatus('failed', error);
    if (this.#preview.owner === 'start') void this.stopPreview();
  }

  /** The one writer of the status. */
  #setStatus(status: Status, error: RtcUserError | null = null): void {
    this.#status = status;
    this.error = error;
    this.reconnect = null;
    this.nextAttemptAt = 0;
    this.#isPreviewFailed = false;
    if (status === 'idle' || status === 'failed') {
      this.liveSince = 0;
      this.stats.clear();
    }
    this.#host.requestUpdate();
  }
}

/** Whether the page wants a picture of its own: nobody misses the one of the defaults. */
function isPictureChosen(settings: Settings): boolean {
  return (['width', 'height', 'framerate'] as const).some((name) => settings[name] !== SETTINGS[name].default);
}

const ERRORS_KEPT = 10;

/** The code of a start where a broadcast is running. */
const RUNNING_ALREADY = 1006;

/** The code of a probe that had no answer: publishing may succeed all the same. */
const UNREACHABLE = 4000;

function unlessUnreachable(error: RtcUserError): void {
  if (error.code !== UNREACHABLE) throw error;
}

/** For a promise whose failure the core tells by an event: nobody has to wait for it. */
function ignorable<T>(promise: Promise<T>): Promise<T> {
  promise.catch(toldByEvent);
  return promise;
}

/** The core has told the page by an event what failed. */
function toldByEvent(): void {
  // Nothing more to do.
}
