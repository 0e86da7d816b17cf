import { LitElement, type PropertyValues, type TemplateResult } from 'lit';
import type { RtcUserError } from '../core/api/errors.js';
import type { DeviceList } from '../core/api/events.js';
import type { SignInOptions } from '../core/rtc-user.js';
import type { BroadcastReport } from '../core/stats/report.js';
import { sheetsFor } from './adopted-styles.js';
import { defineSettings, LIT_PROPERTIES, type Settings } from './attributes.js';
import { CommandController } from './controllers/command-controller.js';
import { ControlsLoader } from './controllers/controls-loader.js';
import { CoreController, type CoreHost } from './controllers/core-controller.js';
import { LanguageController } from './controllers/language-controller.js';
import { MediaSessionController } from './controllers/media-session-controller.js';
import { PageLeaveController } from './controllers/page-leave-controller.js';
import { WakeLockController } from './controllers/wake-lock-controller.js';
import { PreviewPlayer } from './controllers/preview-player.js';
import { SteadyStatusController } from './controllers/steady-status-controller.js';
import { Ticker } from './controllers/ticker.js';
import type { Actions } from './controls/model.js';
import type { NanoWebcasterEventMap } from './events.js';
import { status as english } from './languages/en/status.js';
import { languageFor } from './language-for.js';
import type { Language, OwnStrings } from './strings.js';
import { styles } from './styles/styles.js';
import { toActions } from './actions.js';
import { deviceLabels, remembered } from './remember.js';
import { Announcer } from './view/announcements.js';
import { elementView } from './view/element-view.js';
import { showCountdown } from './view/live-nodes.js';
import { focusStatus } from './view/status-view.js';
import { shownStatus, toViewModel } from './view-model.js';
import { STATUSES, type Stats, type Status, type WebcasterCore } from './webcaster-core.js';

/**
 * Puts a live broadcast from camera, microphone or screen into a page and keeps it live: it publishes over WHIP and
 * reconnects automatically. Every event of the core comes out as a DOM event that bubbles; `detail` is the core's event.
 *
 * Looks, words, language, reconnection, mutes, devices, `mediaStream`, the maximum bitrates, the wake lock and the
 * log level change at once, also while it is live; `token`, `tokenProvider` and `video-start-bitrate` with the next session,
 * `iceServers` with the next session or ICE restart; the rest with the next start.
 *
 * @tag nano-webcaster
 * @summary A live broadcast in any page.
 *
 * @fires {BroadcastStatusEvent} broadcast-status - The broadcast starts, goes on or is being recovered; see `detail.data.message` and `detail.data.reconnect`.
 * @fires {StartBroadcastSuccessEvent} start-broadcast-success - The broadcast is live; comes once for a start.
 * @fires {StartBroadcastErrorEvent} start-broadcast-error - The broadcast could not start. If no camera or microphone could be opened, `start-preview-error` fires instead; if the address is wrong, `sign-in-error`. (`RtcUser` fires them before it.)
 * @fires {BroadcastErrorEvent} broadcast-error - A live broadcast has ended for good; no event of this broadcast follows. `stop-preview-success` follows where the start opened the devices.
 * @fires {StopBroadcastSuccessEvent} stop-broadcast-success - The broadcast was stopped.
 * @fires {StopBroadcastErrorEvent} stop-broadcast-error - There was nothing to stop.
 * @fires {CaptureStatusEvent} capture-status - A camera, microphone or screen opens otherwise than requested, fails, is replaced, or is back; the broadcast goes on. See `detail.data.state`.
 * @fires {ReceivedWebRTCStatsEvent} received-webrtc-stats - Statistics of the live broadcast. Fires while the controls are shown, or after `core.enableStats()`.
 * @fires {StartPreviewSuccessEvent} start-preview-success - Camera, screen or microphone are open.
 * @fires {StartPreviewErrorEvent} start-preview-error - Camera, screen or microphone could not be opened.
 * @fires {StopPreviewSuccessEvent} stop-preview-success - Camera, screen and microphone are closed.
 * @fires {StopPreviewErrorEvent} stop-preview-error - Closing them failed; they are closed all the same.
 * @fires {ReceivedDeviceListEvent} received-device-list - The cameras and microphones that are there.
 * @fires {GetDevicesErrorEvent} get-devices-error - The devices could not be listed.
 * @fires {MuteDeviceErrorEvent} mute-device-error - Muting failed.
 * @fires {SetConfigErrorEvent} set-config-error - A configuration was not accepted.
 * @fires {SignInSuccessEvent} sign-in-success - The server can be reached.
 * @fires {SignInErrorEvent} sign-in-error - The server's address is wrong (1001, 1002), or the server did not answer the first probe (4000). 4000 does not stop a start.
 * @fires {SignOutSuccessEvent} sign-out-success - The credentials are forgotten.
 * @fires {ReceivedServerStatsEvent} received-server-stats - Whether the server can be reached, if the page has asked for it.
 * @fires {GetSelectedDeviceErrorEvent} get-selected-device-error - `getSelectedDevice` of the core was called with a `kind` that does not exist.
 * @fires {WebcasterErrorEvent} webcaster-error - The core's `Error`: a call of the core's with wrong arguments, or that WHIP cannot carry out.
 * @fires {SignOutErrorEvent} sign-out-error - Stopping the broadcast failed; the credentials are forgotten all the same.
 *
 * @attr {string} lang - The language of the element's text, as everywhere in HTML; English is there, others come with their modules.
 *
 * @slot idle - Shown while nothing is broadcast.
 * @slot requesting - Shown while the browser asks for camera, microphone or screen.
 * @slot signalling - Shown while the first connection is set up.
 * @slot connected - Shown while the connection is up and the server has not acknowledged media yet: at a start and after a loss.
 * @slot broadcasting - Shown while live.
 * @slot reconnecting - Shown while the server reconnects its RTMP output.
 * @slot reconnecting_broadcast - Shown while the broadcast is being recovered.
 * @slot failed - Shown after a preview or a start that failed, and after a broadcast that could not be recovered.
 *
 * @csspart base - The frame around everything.
 * @csspart stage - The preview, with everything that lies over it.
 * @csspart preview - The `<video>` with the preview.
 * @csspart facts - The line at the top: status, mutes, quality.
 * @csspart status - The pill with the status.
 * @csspart time - The time since the broadcast became live, in the pill.
 * @csspart mute - A pill for a microphone or camera that is off, or a screen that is hidden.
 * @csspart sharing - The pill that is there while the screen is shared.
 * @csspart quality - The button with the quality of the connection, as bars, once that is known.
 * @csspart card - The message over the middle of the stage.
 * @csspart notice - The message over the lower edge of the stage.
 * @csspart bar - The bar with the buttons: over the video, and below it if the element is narrow.
 * @csspart spacer - The space in the bar before the main button.
 * @csspart button - Every button.
 * @csspart start-button - The main button while it goes live.
 * @csspart stop-button - The main button while it ends the broadcast.
 * @csspart preview-button - The button that opens or closes the preview.
 * @csspart level - How loud the microphone is.
 * @csspart settings - The panel of the settings.
 * @csspart field - Every setting, with its label.
 * @csspart select - Every list of a setting.
 * @csspart stats - The panel of the statistics.
 * @csspart chart - The bitrate of the last minute.
 * @csspart diagnostics - The diagnostics to copy by hand, if the clipboard is blocked.
 *
 * @cssprop [--nano-webcaster-accent=oklch(52% 0.2 262)] - Colour of the main button and of the focus ring.
 * @cssprop [--nano-webcaster-accent-color=#fff] - Text on the accent colour.
 * @cssprop [--nano-webcaster-accent-hover=color-mix(in oklab, var(--nano-webcaster-accent) 86%, #000)] - The accent under the pointer.
 * @cssprop [--nano-webcaster-accent-active=color-mix(in oklab, var(--nano-webcaster-accent) 74%, #000)] - The accent while pressed.
 * @cssprop [--nano-webcaster-live=oklch(54% 0.21 27)] - Colour of being live, and of ending.
 * @cssprop [--nano-webcaster-live-color=#fff] - Text on that colour.
 * @cssprop [--nano-webcaster-warn=oklch(80% 0.15 80)] - Colour of warnings: muted, weak, reconnecting.
 * @cssprop [--nano-webcaster-warn-color=oklch(22% 0.04 80)] - Text on that colour.
 * @cssprop [--nano-webcaster-good=oklch(70% 0.17 150)] - Colour of the microphone's level.
 * @cssprop [--nano-webcaster-background=Canvas] - Background of the bar below the video and of the panels.
 * @cssprop [--nano-webcaster-color=CanvasText] - Text on the background.
 * @cssprop [--nano-webcaster-stage=color-mix(in oklab, var(--nano-webcaster-background) 94%, var(--nano-webcaster-color))] - Background of the stage without video.
 * @cssprop [--nano-webcaster-font=0.875rem / 1.45 system-ui, sans-serif] - Font.
 * @cssprop [--nano-webcaster-radius=0.75rem] - Corner radius of the element, its cards and panels.
 * @cssprop [--nano-webcaster-button-radius=calc(var(--nano-webcaster-radius) * 2 / 3)] - Corner radius of fields, and of buttons except those in the line at the top.
 * @cssprop [--nano-webcaster-border=1px solid color-mix(in oklab, currentcolor 18%, transparent)] - Line around everything.
 * @cssprop [--nano-webcaster-gap=0.5rem] - Space around and between the parts.
 * @cssprop [--nano-webcaster-shadow=0 0.25rem 1.5rem oklch(0% 0 0 / 0.25)] - Shadow of cards and panels.
 * @cssprop [--nano-webcaster-aspect-ratio=16 / 9] - Shape of the video.
 *
 * @cssstate idle - Nothing is broadcast.
 * @cssstate requesting - The browser asks for camera, microphone or screen.
 * @cssstate signalling - The first connection is set up.
 * @cssstate connected - The connection is up.
 * @cssstate broadcasting - Live.
 * @cssstate reconnecting - The server reconnects its RTMP output.
 * @cssstate reconnecting_broadcast - The broadcast is being recovered.
 * @cssstate failed - The preview or the start failed, or the broadcast could not be recovered.
 * @cssstate live - The broadcast has become live and is not over, also while it is being recovered.
 * @cssstate muted - Silence is sent.
 * @cssstate video-muted - Black video is sent.
 * @cssstate weak - Live, and viewers get less than they could: the network or this device is too slow. Known with `controls`, or after `core.enableStats()`.
 * @cssstate offline - Reconnecting, and the browser reports that it is offline.
 * @cssstate denied - Camera or microphone was not allowed.
 * @cssstate settings-open - The settings are open.
 * @cssstate stats-open - The statistics are open.
 */
export class NanoWebcaster extends LitElement implements Settings, CoreHost {
  /** @internal */
  static override styles = styles;

  /** @internal */
  static override properties = {
    ...LIT_PROPERTIES,
    iceServers: { attribute: false },
    tokenProvider: { attribute: false },
    strings: { attribute: false },
  };

  static {
    defineSettings(this.prototype);
  }

  /**
   * Registers the element, unless something is registered under that name already. A class has one name: under a second one
   * only a class that extends it can be registered.
   */
  static define(tag = 'nano-webcaster', registry: CustomElementRegistry = customElements): void {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  readonly #internals = this.attachInternals();
  readonly #core = new CoreController(this, () => (this.#hasAutostarted = false));
  /** What the person can do. @ignore */
  readonly actions: Actions = toActions(this, this.#core);
  readonly #controls = new ControlsLoader(this, this.#core);
  readonly #countdown = new Ticker(this, () => this.#showCountdown());
  readonly #language = new LanguageController(this);
  readonly #steady = new SteadyStatusController(this);
  readonly #announcer = new Announcer();
  readonly #warned = new Set<string>();
  #hasAutostarted = false;
  #hasRemembered = false;

  /**
   * The WHIP endpoint. `{streamname}` in it is replaced by the stream name. Relative URLs and `wss:` are accepted.
   * @attr
   * @takesEffect at the next start
   */
  declare server: string;
  /**
   * The name of the stream.
   * @attr
   * @takesEffect at the next start
   */
  declare streamName: string;
  /**
   * The RTMP URL that the server forwards the stream to, if it supports that. Not sent if `server` has a `{streamname}`.
   * @attr
   * @takesEffect at the next start
   */
  declare ingestUrl: string;
  /**
   * The bearer token for the server.
   * @attr
   * @takesEffect with the next session
   */
  declare token: string;
  /**
   * Whether requests to the server carry cookies, for single sign-on or sticky load balancers: `omit`, `same-origin` or
   * `include`. In a longer outage, some probes carry cookies despite `omit`, or none despite `include`.
   * @attr
   * @default 'omit'
   * @takesEffect at the next start
   */
  declare credentials: 'omit' | 'same-origin' | 'include';

  /**
   * Minimum delay before the first attempt to reconnect, in seconds, at least 1, counted from the last activity of the
   * server. If it is above `reconnect-max-delay`, both fall back to their defaults.
   * @attr
   * @default 1
   * @takesEffect at the next delay
   */
  declare reconnectMinDelay: number;
  /**
   * Maximum delay between attempts in seconds, at least 1; `Retry-After` of the server may ask for more. If it is below `reconnect-min-delay`, both
   * fall back to their defaults.
   * @attr
   * @default 8
   * @takesEffect at the next delay
   */
  declare reconnectMaxDelay: number;
  /**
   * Maximum number of successive failed attempts; 0 disables reconnection.
   * @attr
   * @default 60
   * @takesEffect at the next delay
   */
  declare reconnectMaxRetries: number;

  /**
   * What is captured: `camera` or `screen`.
   * @attr
   * @default 'camera'
   * @takesEffect at the next start
   */
  declare source: 'camera' | 'screen';
  /**
   * The camera: its id, label or index, or `none`. Empty: the browser chooses.
   * @attr
   * @takesEffect immediately
   */
  declare videoDevice: string;
  /**
   * The microphone: its id, label or index, or `none`. Empty: the browser chooses.
   * @attr
   * @takesEffect immediately
   */
  declare audioDevice: string;
  /**
   * Requested width of the video in pixels, 320 to 3840.
   * @attr
   * @default 1280
   * @takesEffect at the next start
   */
  declare width: number;
  /**
   * Requested height of the video in pixels, 240 to 2160.
   * @attr
   * @default 720
   * @takesEffect at the next start
   */
  declare height: number;
  /**
   * Requested frames per second, 1 to 60.
   * @attr
   * @default 30
   * @takesEffect at the next start
   */
  declare framerate: number;
  /**
   * `speech` filters echo and noise, `music` sends unfiltered stereo.
   * @attr
   * @default 'speech'
   * @takesEffect at the next start
   */
  declare audioMode: 'speech' | 'music';
  /**
   * Sends silence instead of the microphone.
   * @attr
   * @takesEffect immediately
   */
  declare muted: boolean;
  /**
   * Sends black video instead of the camera or screen.
   * @attr
   * @takesEffect immediately
   */
  declare videoMuted: boolean;

  /**
   * Preferred video codec, used if browser and server support it: `h264`, `vp8`, `vp9`, `av1` or `h265`.
   * @attr
   * @default 'h264'
   * @takesEffect at the next start
   */
  declare videoCodec: 'h264' | 'vp8' | 'vp9' | 'av1' | 'h265';
  /**
   * Maximum video bitrate in kbps, 0 to 34000. 0: the browser decides.
   * @attr
   * @default 0
   * @takesEffect immediately
   */
  declare videoBitrate: number;
  /**
   * Initial video bitrate in kbps, 0 to 34000. 0: the browser decides. No effect in Firefox.
   * @attr
   * @default 0
   * @takesEffect with the next session
   */
  declare videoStartBitrate: number;
  /**
   * Maximum audio bitrate in kbps, 0 to 510. 0: the browser decides, or 128 with `audio-mode="music"`.
   * @attr
   * @default 0
   * @takesEffect immediately
   */
  declare audioBitrate: number;
  /**
   * What to keep if the network or the device cannot carry everything: `balanced`, `maintain-framerate` or
   * `maintain-resolution`. Empty: `maintain-resolution` with `ingest-url` or a `token` that claims one, otherwise the browser decides.
   * @attr
   * @takesEffect at the next start
   */
  declare degradationPreference: '' | 'balanced' | 'maintain-framerate' | 'maintain-resolution';

  /**
   * Starts the broadcast as soon as the element is in the page and has a server.
   * @attr
   * @takesEffect immediately
   */
  declare autostart: boolean;
  /**
   * Shows buttons, settings and statistics.
   * @attr
   * @takesEffect immediately
   */
  declare controls: boolean;
  /**
   * Stores the devices, mutes and bitrates that the person chose, in this browser.
   * @attr
   * @takesEffect immediately
   */
  declare remember: boolean;
  /**
   * Hides the preview.
   * @attr
   * @takesEffect immediately
   */
  declare noPreview: boolean;
  /**
   * Lets the screen turn off while live.
   * @attr
   * @takesEffect immediately
   */
  declare noWakeLock: boolean;
  /**
   * How much is logged to the console: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. Wrong attributes, a
   * page that is set up incorrectly and missing controls always appear there.
   * @attr
   * @default 0
   * @takesEffect immediately
   */
  declare logLevel: number;

  /**
   * STUN and TURN servers to use instead of those that the WHIP server offers.
   * @takesEffect with the next session or ICE restart
   */
  declare iceServers: RTCIceServer[];
  /**
   * Returns the bearer token for every attempt; replaces `token`.
   * @takesEffect with the next session
   */
  declare tokenProvider: SignInOptions['tokenProvider'] | undefined;
  /**
   * Replaces single texts of the element.
   * @takesEffect immediately
   */
  declare strings: OwnStrings;

  constructor() {
    super();
    this.iceServers = [];
    this.strings = {};
    this.#upgrade('core');
    this.#upgrade('mediaStream');
    new PreviewPlayer(this);
    new PageLeaveController(this, {
      isLive: () => this.#core.isLive,
      onLeave: () => void this.#core.release(),
      onReturn: () => this.#startOver(),
    });
    new WakeLockController(this, () => this.#core.isLive && !this.noWakeLock);
    const { actions } = this;
    new MediaSessionController(this, () => this.#core.isLive, actions);
    new CommandController(this, {
      '--start': actions.start,
      '--stop': actions.stop,
      '--preview': () => this.#core.isActive || (this.mediaStream ? actions.closePreview() : actions.openPreview()),
      '--mute': () => actions.mute(!this.muted),
      '--video-mute': () => actions.muteVideo(!this.videoMuted),
      '--share-screen': () => actions.shareScreen(this.#core.source !== 'screen'),
    });
  }

  /** What the broadcast is doing; also an attribute, and a custom state of the same name. @attr */
  get status(): Status {
    return this.#core.status;
  }

  /** Why the status is `failed`. */
  get error(): RtcUserError | null {
    return this.#core.error;
  }

  /** The last statistics of the live broadcast: bitrates in kbps, times in milliseconds, losses in percent. Measured while the controls are shown, or after `core.enableStats()`; otherwise null. */
  get stats(): Stats | null {
    return this.#core.state.stats.latest;
  }

  /** The cameras and microphones that are known. */
  get devices(): DeviceList {
    return this.#core.state.devices;
  }

  /** What happened to the broadcast that is running, or to the last one: its outages, and how it recovered. */
  get report(): BroadcastReport {
    return this.core.report ?? { outages: [] };
  }

  /**
   * What is previewed and broadcast. May be set to a custom `MediaStream`; null goes back to camera or screen.
   * @takesEffect immediately
   */
  get mediaStream(): MediaStream | null {
    return this.#core.mediaStream;
  }
  /** Replaces camera and screen; null returns to them. */
  set mediaStream(stream: MediaStream | null) {
    // That of a frame is no instance of this page's class; Firefox has a class of its own for that of a canvas.
    const isStream = /MediaStream]$/.test(Object.prototype.toString.call(stream));
    if (stream && !isStream) this.warn('mediaStream must be a MediaStream; using camera or screen.');
    this.#core.mediaStream = isStream ? stream : null;
  }

  /**
   * The webcaster behind the element. May be set to any object with the interface of `RtcUser`.
   * @takesEffect immediately
   */
  get core(): WebcasterCore {
    return this.#core.core;
  }
  /** Replaces the core of the element. */
  set core(core: WebcasterCore) {
    this.#core.core = core;
  }

  /**
   * Opens camera or screen and microphone without going live. Rejects if nothing, or not what was chosen, can be opened, and
   * if it is stopped or replaced. Does nothing outside a document.
   */
  startPreview(): Promise<void> {
    return this.isConnected ? this.#core.startPreview() : Promise.resolve();
  }

  /**
   * Closes camera, screen and microphone, whoever opened them; a live broadcast then sends nothing. A custom `mediaStream`
   * goes on.
   */
  stopPreview(): Promise<void> {
    return this.#core.stopPreview();
  }

  /** Goes live; resolves when the server acknowledges media. Does nothing outside a document. */
  start(): Promise<void> {
    return this.isConnected ? this.#core.start() : Promise.resolve();
  }

  /** Stops the broadcast, and the preview that its start has opened. */
  stop(): Promise<void> {
    return this.#core.stop();
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'status'];
  }

  /** DOM morphing removes attributes that are not in the server's markup: `status` is set again. */
  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    if (name !== 'status') super.attributeChangedCallback(name, before, value);
    else if (this.hasUpdated && value !== this.status) this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Lit does not update an element again that is put back as it was.
    this.requestUpdate();
  }

  /** Another document has none of the sheets of the one before. */
  adoptedCallback(): void {
    if (this.shadowRoot) this.#adoptStyles(this.shadowRoot);
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    if (this.shadowRoot) {
      // A server rendered it without the page's language and the browser's features: hydrating would keep its text.
      this.shadowRoot.replaceChildren();
      return this.#adoptStyles(this.shadowRoot);
    }
    try {
      return super.createRenderRoot();
    } catch (error) {
      // Lit's sheets belong to the document of the script.
      if (!this.shadowRoot || this.ownerDocument === document) throw error;
      return this.#adoptStyles(this.shadowRoot);
    }
  }

  #adoptStyles(root: ShadowRoot): ShadowRoot {
    const { elementStyles } = this.constructor as typeof LitElement;
    root.adoptedStyleSheets = sheetsFor(root, [...elementStyles, ...this.#controls.styles]);
    return root;
  }

  /** Warns the page's author about a wrong value, once. */
  readonly warn = (message: string): void => {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    console.warn(`<nano-webcaster>: ${message}`);
  };

  protected override willUpdate(): void {
    if (this.remember && !this.#hasRemembered) {
      Object.assign(this, remembered(this));
      Object.assign(this.#core.state.labels, deviceLabels(this));
    }
    this.#hasRemembered = this.remember;
    this.#countdown.count(this.#core.state.nextAttemptAt);
    this.#steady.follow(shownStatus(this.#core));
  }

  protected override update(changed: PropertyValues): void {
    const focused = this.shadowRoot?.activeElement;
    super.update(changed);
    if (focused?.getClientRects().length === 0) focusStatus(this.renderRoot);
  }

  protected override updated(changed: PropertyValues): void {
    this.#showCountdown();
    this.#showStates();
    this.#announcer.announce(this.renderRoot);
    this.#core.settingsChanged(changed);
    if (this.autostart && this.server && !this.#hasAutostarted && this.isConnected) {
      this.#hasAutostarted = true;
      // Not within the update that this may be: it asks for another one.
      queueMicrotask(() => void this.start());
    }
  }

  protected override render(): TemplateResult {
    const { language, actions } = this;
    const { controls } = this.#controls;
    const model = toViewModel(this, this.#core, this.#steady.status, this.#controls.isMissing);
    return elementView({
      model,
      actions,
      language,
      hasDirection: this.#language.hasDirection,
      controls: controls?.render(model, language) ?? null,
    });
  }

  /** The element's text, in its language. @ignore */
  get language(): Language {
    // Without controls, nobody needs the text of the controls.
    return languageFor(this.#language.tag, this.strings, { ...english, ...this.#controls.words }) as Language;
  }

  #showCountdown(): void {
    const { isOffline, state } = this.#core;
    const { reconnect } = state;
    showCountdown(this.renderRoot, this.#countdown.secondsLeft, { reconnect, isOffline }, this.language.words);
  }

  #showStates(): void {
    const { status, isLive, isOffline, state } = this.#core;
    const { failure, stats } = state;
    const isReconnecting = shownStatus(this.#core) === 'reconnecting_broadcast';
    if (this.getAttribute('status') !== status) this.setAttribute('status', status);
    const openPanel = this.#controls.controls?.state.openPanel;
    const states: Record<string, boolean> = {
      muted: this.muted,
      'video-muted': this.videoMuted,
      live: state.liveSince !== null,
      weak: isLive && stats.verdict?.reason !== undefined,
      offline: isReconnecting && isOffline,
      denied: failure?.headline.startsWith('blocked') ?? false,
      'settings-open': openPanel === 'settings',
      'stats-open': openPanel === 'stats',
    };
    for (const each of STATUSES) states[each] = each === status;
    for (const [state, isOn] of Object.entries(states)) this.#internals.states[isOn ? 'add' : 'delete'](state);
  }

  /** Takes over what a page has set before the element was defined; Lit does that for its own properties only. */
  #upgrade(name: 'core' | 'mediaStream'): void {
    if (!Object.hasOwn(this, name)) return;
    const { [name]: value } = this;
    Reflect.deleteProperty(this, name);
    Object.assign(this, { [name]: value });
  }

  #startOver(): void {
    this.#hasAutostarted = false;
    this.requestUpdate();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'nano-webcaster': NanoWebcaster;
  }
  // The events bubble: they can be listened to on every element above, and on the document.
  interface HTMLElementEventMap extends NanoWebcasterEventMap {}
  interface DocumentEventMap extends NanoWebcasterEventMap {}
  interface WindowEventMap extends NanoWebcasterEventMap {}
}
