import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { RtcUserError } from '../../core/errors.js';
import type { BroadcastMessage, DeviceList, EventName, ReconnectInfo, RtcUserEvent } from '../../core/events.js';
import { RtcUser, type SignInOptions } from '../../core/rtc-user.js';
import { toConfig, toPreviewConfig, type SettingName, type Settings } from '../attributes.js';
import { CORE_EVENTS, toDomEvent } from '../events.js';

/** What the element needs of its core: a `RtcUser`, or an object of the page's own that behaves like one. */
export type WebcasterCore = Pick<
  RtcUser,
  | 'on'
  | 'off'
  | 'signIn'
  | 'setConfig'
  | 'setIceServers'
  | 'startPreview'
  | 'stopPreview'
  | 'muteDevice'
  | 'setMediaStream'
  | 'startBroadcast'
  | 'stopBroadcast'
>;

/** What the element shows: `idle`, a message of the core's `BroadcastStatus`, or `failed`. */
export type Status = 'idle' | BroadcastMessage | 'failed';

export const STATUSES = [
  'idle',
  'signalling',
  'connected',
  'broadcasting',
  'reconnecting',
  'reconnecting_broadcast',
  'failed',
] as const satisfies readonly Status[];

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

/** Drives the core for the element: settings go in, status and DOM events come out. */
export class CoreController implements ReactiveController {
  readonly #host: CoreHost;
  #core: WebcasterCore | undefined;
  #status: Status = 'idle';
  #starting: Promise<void> | undefined;
  /** Changes with every stop: a start that finds another one has been overtaken. */
  #run = {};
  /** Whether the core has been told to go live and has not ended it. */
  #isCoreLive = false;
  /** Who opened the preview: what a start opens, a stop closes. */
  #previewOf: 'page' | 'start' | undefined;
  /** The capture settings that the preview was opened with. */
  #previewedAs = '';
  #givenStream: MediaStream | null = null;

  error: RtcUserError | null = null;
  reconnect: ReconnectInfo | null = null;
  /** When the next attempt to reconnect begins, in milliseconds since 1970; 0 where none is planned. */
  nextAttemptAt = 0;
  devices: DeviceList = { audiodevices: [], videodevices: [] };
  #previewStream: MediaStream | null = null;

  constructor(host: CoreHost) {
    this.#host = host;
    host.addController(this);
  }

  get status(): Status {
    return this.#status;
  }

  /** Whether there is something to stop. */
  get isActive(): boolean {
    return this.#starting !== undefined || (this.#status !== 'idle' && this.#status !== 'failed');
  }

  get core(): WebcasterCore {
    if (!this.#core) this.core = new RtcUser();
    return this.#core as WebcasterCore;
  }

  set core(core: WebcasterCore) {
    if (core === this.#core) return;
    if (this.isActive || this.#previewOf) void this.release();
    this.#unsubscribe();
    this.#core = core;
    if (this.#host.isConnected) this.#subscribe();
    this.#applyAll();
  }

  get mediaStream(): MediaStream | null {
    return this.#givenStream ?? this.#previewStream;
  }

  /** Publishes a page's own stream in place of camera and screen; null goes back to those. */
  set mediaStream(stream: MediaStream | null) {
    this.#givenStream = stream;
    this.#host.requestUpdate();
    if (stream) void this.core.setMediaStream({ stream });
    else if (this.#core) void this.#core.stopPreview();
  }

  hostConnected(): void {
    if (isServer) return;
    if (this.#core) this.#subscribe();
  }

  /** Moving an element takes it out and puts it in again at once; only what stays out is released. */
  hostDisconnected(): void {
    queueMicrotask(() => {
      if (!this.#host.isConnected) void this.release().finally(() => this.#host.isConnected || this.#unsubscribe());
    });
  }

  /** Opens camera or screen and microphone as the settings say. */
  async startPreview(): Promise<void> {
    this.#previewOf = 'page';
    await this.#openPreview();
  }

  async stopPreview(): Promise<void> {
    this.#previewOf = undefined;
    if (this.#core) await this.#core.stopPreview();
  }

  /** Goes live. While it is starting or live already, this is the same start. */
  start(): Promise<void> {
    if (this.#starting) return this.#starting;
    if (this.isActive) return Promise.resolve();
    const starting = this.#start().finally(() => {
      if (this.#starting === starting) this.#starting = undefined;
      this.#host.requestUpdate();
    });
    starting.catch(toldByEvent);
    this.#starting = starting;
    this.#host.requestUpdate();
    return starting;
  }

  async stop(): Promise<void> {
    if (!this.isActive || !this.#core) return;
    this.#run = {};
    this.#starting = undefined;
    this.#setStatus('idle');
    if (this.#isCoreLive) await this.#core.stopBroadcast();
    if (this.#previewOf === 'start') await this.stopPreview();
  }

  /** Lets go of camera, microphone and session. */
  async release(): Promise<void> {
    const stopped = this.stop();
    await Promise.all([stopped, this.#previewOf ? this.stopPreview() : stopped]);
  }

  /** Hands over what has changed and may change at any time; the rest waits for the next start. */
  settingsChanged(changed: ReadonlySet<PropertyKey>): void {
    if (!this.#core) return;
    if (CONFIG_SETTINGS.some((name) => changed.has(name))) this.#applyConfig();
    if (changed.has('muted') || changed.has('videoMuted')) this.#applyMutes();
    const isDeviceChanged = changed.has('videoDevice') || changed.has('audioDevice');
    if (isDeviceChanged && this.#previewOf && !this.#givenStream) void this.#openPreview().catch(toldByEvent);
  }

  async #start(): Promise<void> {
    const run = this.#run;
    const { core } = this;
    const { server, token, tokenProvider, iceServers, streamName, ingestUrl, videoCodec } = this.#host;
    this.#setStatus('idle');
    this.#applyAll();
    core.setIceServers(iceServers);
    const signedIn = core.signIn({ server, ...(token && { jwt: token }), ...(tokenProvider && { tokenProvider }) });
    await Promise.all([signedIn, this.#previewForStart()]);
    if (run !== this.#run) throw new RtcUserError(5001, 'The broadcast was stopped before it began.');
    this.#isCoreLive = true;
    await core.startBroadcast({
      transcodingTargets: { output: ingestUrl, streamname: streamName },
      encoding: { videoCodec },
    });
  }

  async #previewForStart(): Promise<void> {
    if (this.#givenStream) return this.core.setMediaStream({ stream: this.#givenStream });
    const isOpen = this.#previewOf && this.#previewedAs === JSON.stringify(toPreviewConfig(this.#host));
    if (isOpen) return;
    this.#previewOf ??= 'start';
    await this.#openPreview();
  }

  async #openPreview(): Promise<void> {
    const config = toPreviewConfig(this.#host);
    this.#previewedAs = JSON.stringify(config);
    this.#applyMutes();
    try {
      await this.core.startPreview(config);
    } catch (error) {
      this.#previewedAs = '';
      if (!this.#previewStream) this.#previewOf = undefined;
      throw error;
    }
  }

  #applyAll(): void {
    this.#applyConfig();
    this.#applyMutes();
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
    this.#follow(event);
    this.#host.requestUpdate();
    this.#host.dispatchEvent(toDomEvent<EventName>(event));
  };

  #follow(event: RtcUserEvent): void {
    switch (event.name) {
      case 'BroadcastStatus':
        this.reconnect = event.data.reconnect ?? null;
        this.nextAttemptAt = this.reconnect ? Date.now() + this.reconnect.delay * 1000 : 0;
        return this.#setStatus(event.data.message);
      case 'StopBroadcastSuccess':
        this.#isCoreLive = false;
        return this.#setStatus('idle');
      case 'StartPreviewError':
        // A device that cannot be switched to while live ends nothing.
        return this.#status === 'idle' ? this.#setStatus('failed', event.error) : undefined;
      case 'StartBroadcastError':
      case 'BroadcastError':
        this.#isCoreLive = false;
        return this.#setStatus('failed', event.error);
      case 'SignInError':
        return this.#setStatus('failed', event.error);
      case 'StartPreviewSuccess':
        this.#previewStream = event.data.stream;
        return;
      case 'StopPreviewSuccess':
        this.#previewStream = null;
        return;
      case 'ReceivedDeviceList':
        this.devices = event.data.devices;
    }
  }

  /** The one writer of the status. */
  #setStatus(status: Status, error: RtcUserError | null = null): void {
    this.#status = status;
    this.error = error;
    if (status !== 'reconnecting_broadcast') this.reconnect = null;
    this.#host.requestUpdate();
  }
}

/** For a failure that the core has told the page by an event. */
function toldByEvent(): void {
  // Nothing more to do.
}
