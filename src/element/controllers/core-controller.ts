import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { StoppedError, type RtcUserError } from '../../core/api/errors.js';
import type { EventName, RtcUserEvent } from '../../core/api/events.js';
import { RtcUser, type SignInOptions } from '../../core/rtc-user.js';
import { settingsOf, toConfig, toEncoding, type SettingName, type Settings } from '../attributes.js';
import { CORE_EVENTS, toDomEvent } from '../dom-event.js';
import { remember, remembered } from '../remember.js';
import { askedFor } from '../sentences.js';
import type { Status, WebcasterCore } from '../webcaster-core.js';
import { BroadcastState, SCREEN_FAILED, UNREACHABLE } from './broadcast-state.js';
import { PermissionController } from './permission-controller.js';
import { Preview } from './preview.js';

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

const DEVICE_SETTINGS = ['videoDevice', 'audioDevice'] as const;

/** Milliseconds for which the notice of a device that could not be opened is shown. */
const REFUSAL_SHOWN = 15_000;

/** Drives the core for the element: settings go in, status and DOM events come out. */
export class CoreController implements ReactiveController {
  readonly #host: CoreHost;
  readonly #onReleased: () => void;
  #core: WebcasterCore | undefined;
  readonly #state = new BroadcastState();
  #preview = new Preview();
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  /** Changes with every stop: a start that finds another one has been overtaken. */
  #run = {};
  /** How many captures wait for the browser, which may be asking the person. */
  #requests = 0;
  /** How many starts wait for their captures; one that was stopped may wait still. */
  #openings = 0;
  #measures = false;
  /** What the page had chosen before the person switched between camera and screen. */
  #ownSource: Settings['source'] | undefined;
  /** How often that was put back: what was being switched then decides no more. */
  #restored = 0;
  #refusalTimer: ReturnType<typeof setTimeout> | undefined;

  readonly permission: PermissionController;

  /** @param onReleased called when everything was released because the element left its document */
  constructor(host: CoreHost, onReleased: () => void) {
    this.#host = host;
    this.#onReleased = onReleased;
    this.permission = new PermissionController(host);
    host.addController(this);
  }

  get status(): Status {
    return this.#state.status;
  }

  get error(): RtcUserError | null {
    return this.#state.error;
  }

  get state(): Omit<BroadcastState, 'set' | 'follow' | 'clearTroubles'> {
    return this.#state;
  }

  /** Every setting, as it is now. */
  get settings(): Settings {
    return settingsOf(this.#host);
  }

  /** Whether a start is under way. */
  get isStarting(): boolean {
    return this.#starting !== undefined;
  }

  /** Whether there is something to stop. */
  get isActive(): boolean {
    return this.isStarting || this.#isUnderWay;
  }

  /** Whether the status is that of a broadcast. */
  get #isUnderWay(): boolean {
    return !['idle', 'requesting', 'failed'].includes(this.status);
  }

  /** Whether others see the broadcast, or will again. */
  get isLive(): boolean {
    const { liveSince, reconnect } = this.#state;
    return liveSince !== null || reconnect !== null || this.status.startsWith('reconnecting');
  }

  /** Whether the browser reports that it is offline. */
  get isOffline(): boolean {
    const { reconnect } = this.#state;
    if (reconnect && this.status === 'connected') return false;
    return reconnect?.waitingFor === 'network' || globalThis.navigator?.onLine === false;
  }

  /** What the stream shows: of which kind the last opened preview is. */
  get source(): 'camera' | 'screen' | 'page' {
    return this.isStreamGiven ? 'page' : this.#preview.source;
  }

  /** Whether viewers see a screen instead of a camera. */
  get isSharingScreen(): boolean {
    return !this.isStreamGiven && this.#preview.captured !== null && this.#preview.isScreen;
  }

  get core(): WebcasterCore {
    return this.#core ?? this.#take(new RtcUser());
  }

  set core(core: WebcasterCore) {
    if (core === this.#core) return;
    if (this.#core) {
      void this.release();
      if (this.#measures) this.#core.enableStats?.(false, undefined, this);
      this.#unsubscribe();
      this.#stopping = undefined;
      this.#preview = new Preview(this.#preview.given);
    }
    this.#take(core);
  }

  get mediaStream(): MediaStream | null {
    return this.#preview.stream;
  }

  /** Publishes a custom `MediaStream` in place of camera and screen; null goes back to those. */
  set mediaStream(stream: MediaStream | null) {
    this.#host.requestUpdate();
    this.#state.clearTroubles();
    this.#restoreSource();
    void this.#preview.give(stream, this.core, this.#host, this.#state.isCoreLive).catch(() => {
      this.#host.requestUpdate();
    });
  }

  /** Whether the video misses the format that the page has chosen. */
  get missesFormat(): boolean {
    return this.#preview.missesFormat;
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

  /** Frameworks take elements out and put them back, some after an await; only one that stays out is released. */
  hostDisconnected(): void {
    setTimeout(() => {
      if (this.#host.isConnected) return;
      this.#onReleased();
      void this.release().finally(() => this.#host.isConnected || this.#unsubscribe());
    });
  }

  /** Opens camera or screen and microphone by the settings. */
  startPreview(): Promise<void> {
    const { core } = this;
    // What failed before is tried otherwise.
    if (this.status === 'failed') this.#setStatus('idle');
    this.#applyMutes();
    return ignorable(this.#request(() => this.#preview.open('page', core, this.#host)));
  }

  stopPreview(): Promise<void> {
    return this.#core ? this.#closePreview(true) : Promise.resolve();
  }

  /** Goes live. While it is starting or live already, this is the same start. */
  start(): Promise<void> {
    if (this.#starting) return this.#starting;
    if (this.isActive) return Promise.resolve();
    const starting = this.#start().finally(() => {
      if (this.#starting === starting) this.#starting = undefined;
      this.#closeUnlessRestarted();
      this.#host.requestUpdate();
    });
    this.#starting = ignorable(starting);
    this.#host.requestUpdate();
    return starting;
  }

  /** Ends the broadcast, and the preview that its start has opened; after a failure too. Never rejects. */
  stop(): Promise<void> {
    if (this.#preview.owner !== 'page') this.#restoreSource();
    const isNeeded = this.isActive || this.#state.isCoreLive || this.#preview.owner === 'start';
    if (!this.#core || !isNeeded) return this.#stopping ?? Promise.resolve();
    this.#run = {};
    this.#starting = undefined;
    if (this.status !== 'failed') this.#setStatus('idle');
    const steps = [
      this.#stopping,
      this.#state.isCoreLive && this.#core.stopBroadcast().catch(toldByEvent),
      this.#preview.owner === 'start' && this.#closePreview().catch(toldByEvent),
    ];
    this.#state.isCoreLive = false;
    const stopping: Promise<void> = Promise.all(steps).then(() => {
      if (this.#stopping === stopping) this.#stopping = undefined;
    });
    this.#stopping = stopping;
    return stopping;
  }

  /** Does again what has failed. */
  retry(): Promise<void> {
    const { step, code } = this.#state.failure ?? {};
    if (step !== 'preview') return this.start();
    return code === SCREEN_FAILED ? this.switchSource('screen') : this.startPreview();
  }

  /**
   * Switches between camera and screen until the capture is closed, while live too. If the person closes the browser's picker,
   * the setting goes back to what is still captured, or to what it was. Never rejects.
   */
  async switchSource(source: Settings['source']): Promise<void> {
    const { owner, source: shown, isScreenOver } = this.#preview;
    const before = owner && !isScreenOver ? shown : this.#host.source;
    if (this.isStreamGiven || (owner && shown === source)) return;
    const own = this.#ownSource;
    this.#ownSource ??= this.#host.source;
    this.#host.source = source;
    const restored = this.#restored;
    try {
      if (owner) await this.#request(() => this.#switch(source));
      else if (!this.isActive) await this.startPreview();
      this.#settleSource();
    } catch {
      if (restored !== this.#restored || this.#host.source !== source) return;
      this.#host.source = before;
      this.#ownSource = own;
    }
  }

  /** Brings the list of devices up to date. */
  listDevices(): void {
    void Promise.resolve(this.core.getDevices?.()).catch(toldByEvent);
  }

  /** Has the live broadcast measured, or no longer. */
  measure(isWanted: boolean): void {
    if (isWanted === this.#measures) return;
    this.#measures = isWanted;
    // An element that is only moved keeps them.
    if (!this.#host.controls) this.#state.stats.clear();
    this.#core?.enableStats?.(isWanted, undefined, this);
  }

  /** Lets go of camera, microphone and session; the element is as new. Never rejects. */
  async release(): Promise<void> {
    const stopped = this.stop();
    this.#setStatus('idle');
    this.#state.clearTroubles();
    clearTimeout(this.#refusalTimer);
    await Promise.all([stopped, this.#preview.owner && this.#closePreview().catch(toldByEvent)]);
  }

  /** Hands over what has changed and may change at any time; the rest waits for the next start. */
  settingsChanged(changed: ReadonlyMap<PropertyKey, unknown>): void {
    if (!this.#core) return;
    // At first the page's own core may have others.
    if (changed.get('iceServers')) this.#applyIceServers();
    if (CONFIG_SETTINGS.some((name) => changed.has(name))) this.#applyConfig();
    if (changed.has('muted') || changed.has('videoMuted')) this.#applyMutes();
    const devices = DEVICE_SETTINGS.filter((name) => changed.has(name));
    if (devices.length > 0) this.#switchDevices(devices);
  }

  #switchDevices(names: readonly (typeof DEVICE_SETTINGS)[number][]): void {
    const { settings: tried } = this;
    this.#switch().catch(() => {
      // While live, what was captured before still is.
      if (!this.#state.isCoreLive || !this.#preview.captured) return;
      if (this.#preview.isScreenOver) this.#host.source = 'screen';
      for (const name of names) {
        if (this.#host[name] !== tried[name]) continue;
        const isRemembered = tried.remember && remembered(this.#host)[name] === tried[name];
        this.#host[name] = this.#preview.deviceOf(name);
        if (isRemembered) remember(this.#host, { [name]: this.#host[name] }, this.#state.labels);
      }
    });
  }

  #switch(source?: Settings['source']): Promise<void> {
    const switched = this.#preview.switch(this.core, this.#host, this.#state.isCoreLive, source);
    if (this.#state.refusal && this.#preview.isOpening) {
      // So that the same one is announced again.
      this.#state.refusal = null;
      this.#host.requestUpdate();
    }
    return switched;
  }

  async #start(): Promise<void> {
    const run = this.#run;
    // What is being stopped must not be taken for what this start opens.
    if (this.#stopping) await this.#stopping;
    if (run !== this.#run) throw new StoppedError();
    const { core } = this;
    const { server, token, credentials, streamName, ingestUrl } = this.#host;
    this.#setStatus('idle');
    this.#applyIceServers();
    this.#applyAll();
    const signedIn = core.signIn({
      server,
      ...(token && { jwt: token }),
      // Read for every attempt: the page may renew either while live.
      tokenProvider: async () => (await this.#host.tokenProvider?.()) || this.#host.token,
      ...(credentials !== 'omit' && { credentials }),
    });
    this.#openings++;
    const opened = this.#request(() => this.#preview.openForStart(core, this.#host)).finally(() => this.#openings--);
    await Promise.all([signedIn.catch(unlessUnreachable), opened]);
    if (run !== this.#run) throw new StoppedError();
    this.#state.isCoreLive = true;
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
    if (this.#measures) this.#core?.enableStats?.(true, undefined, this);
  }

  #applyConfig(): void {
    void this.#core?.setConfig(toConfig(this.#host, this.#host.warn));
  }

  #applyIceServers(): void {
    const { iceServers } = this.#host;
    void this.#core?.setConfig({ iceServers });
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

  /**
   * Opens camera, microphone or screen: with the status `requesting` for as long as the browser asks the person. A capture
   * beside a live broadcast does not change the status.
   */
  async #request(open: () => Promise<void>): Promise<void> {
    // What it shows is known only now.
    const opened = open().finally(() => this.#host.requestUpdate());
    this.#state.endedAfter = null;
    // What is open already asks nobody.
    if (!this.#preview.isOpening || !this.permission.willAsk(this.#host) || this.#isUnderWay) return opened;
    this.#requests++;
    this.#setStatus('requesting');
    try {
      await opened;
    } finally {
      this.#requests--;
      if (this.#requests === 0 && this.status === 'requesting') this.#setStatus('idle');
    }
  }

  readonly #handleEvent = (event: RtcUserEvent): void => {
    if (event.name === 'StartPreviewSuccess') this.#preview.captured = event.data.stream;
    if (event.name === 'StopPreviewSuccess') this.#preview.captured = null;
    const { isScreen } = this.#preview;
    if (isScreenEnded(event) && isScreen) {
      if (this.#preview.leaveScreen()) {
        this.#host.source = 'camera';
        this.#settleSource();
      }
      // Another one may have been chosen while the screen was shared.
      this.#switchDevices(['videoDevice']);
    }
    const { refusal } = this.#state;
    const isChanged = this.#state.follow(event, {
      isStarting: this.isStarting,
      isStopping: this.#stopping !== undefined,
      isPreviewOwn: this.#preview.owner === 'page',
      isOpeningForStart: this.#openings > 0,
      isScreen,
      isGiven: this.isStreamGiven,
      asked: askedFor(this.#host),
      isOffline: this.isOffline,
    });
    // However a broadcast ends, it leaves no camera open that its start has opened. "Try again" asks for the same source.
    if (isChanged && this.status === 'failed' && this.#preview.owner === 'start') {
      void ignorable(this.#preview.close(this.core));
    } else if (event.name === 'StopBroadcastSuccess') this.#closeUnlessRestarted();
    if (isChanged) this.#host.requestUpdate();
    if (this.#state.refusal !== refusal) {
      clearTimeout(this.#refusalTimer);
      this.#refusalTimer = setTimeout(() => {
        this.#state.refusal = null;
        this.#host.requestUpdate();
      }, REFUSAL_SHOWN);
    }
    this.#host.dispatchEvent(toDomEvent<EventName>(event));
  };

  /** The page may start the next broadcast at once, with what is open. */
  #closeUnlessRestarted(): void {
    if (this.#preview.owner !== 'start') return;
    setTimeout(() => {
      if (this.#preview.owner === 'start' && !this.#starting && this.status === 'idle') void this.#closePreview();
    });
  }

  /** What the person chose to share ends too, or the next start would ask for it. */
  #closePreview(keepsGiven?: boolean): Promise<void> {
    this.#restoreSource();
    return ignorable(this.#preview.close(this.core, keepsGiven));
  }

  #restoreSource(): void {
    this.#restored++;
    this.#host.source = this.#ownSource ?? this.#host.source;
    this.#ownSource = undefined;
  }

  /** The person is back at what the page had chosen, which it may change from now on. */
  #settleSource(): void {
    if (this.#ownSource === this.#host.source) this.#ownSource = undefined;
  }

  #setStatus(status: Status): void {
    this.#state.set(status);
    this.#host.requestUpdate();
  }
}

/** If the person ends the sharing of the screen in the browser, the camera takes over, or a placeholder without a camera. */
function isScreenEnded({ name, data }: RtcUserEvent): boolean {
  const isOver = name === 'CaptureStatus' && ['substituted', 'blocked', 'missing'].includes(data.state);
  return isOver && data.kind === 'videoinput';
}

function unlessUnreachable(error: RtcUserError): void {
  if (error.code !== UNREACHABLE) throw error;
}

/** For a promise whose failure the core reports by an event: nobody has to wait for it. */
function ignorable<T>(promise: Promise<T>): Promise<T> {
  promise.catch(toldByEvent);
  return promise;
}

/** The core has told the page by an event what failed. */
function toldByEvent(): void {
  // Nothing more to do.
}
