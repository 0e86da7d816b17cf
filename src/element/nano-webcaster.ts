import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { RtcUserError } from '../core/errors.js';
import type { DeviceList } from '../core/events.js';
import type { SignInOptions } from '../core/rtc-user.js';
import type { BroadcastReport } from '../core/stats/report.js';
import { defineSettings, LIT_PROPERTIES, type Settings } from './attributes.js';
import { CoreController, type CoreHost } from './controllers/core-controller.js';
import { CountdownController } from './controllers/countdown-controller.js';
import { PageLeaveController } from './controllers/page-leave-controller.js';
import type { NanoWebcasterEventMap } from './events.js';
import { languageOf, wordsFor, type Strings } from './strings.js';
import { styles } from './styles.js';
import { STATUSES, type Status, type WebcasterCore } from './webcaster-core.js';

/**
 * Puts a live broadcast from camera, microphone or screen into a page and keeps it live: it publishes over WHIP and
 * reconnects by itself. Every event of the core comes out as a DOM event that bubbles; `detail` is the core's event.
 *
 * Reconnection, mutes, devices, bitrates and the log level may change while it is live; the rest holds from the next
 * start.
 *
 * @tag nano-webcaster
 * @summary A live broadcast in any page.
 *
 * @fires {BroadcastStatusEvent} broadcast-status - The broadcast goes on or is being brought back; see `detail.data.message` and `detail.data.reconnect`.
 * @fires {StartBroadcastSuccessEvent} start-broadcast-success - The broadcast is live; comes once for a start.
 * @fires {StartBroadcastErrorEvent} start-broadcast-error - The server did not let the broadcast start; before it comes `start-preview-error` where there is no camera, and `sign-in-error` where the address is wrong.
 * @fires {BroadcastErrorEvent} broadcast-error - A live broadcast was given up; nothing comes after it.
 * @fires {StopBroadcastSuccessEvent} stop-broadcast-success - The broadcast was stopped.
 * @fires {StopBroadcastErrorEvent} stop-broadcast-error - There was nothing to stop.
 * @fires {StartPreviewSuccessEvent} start-preview-success - Camera, screen or microphone are open.
 * @fires {StartPreviewErrorEvent} start-preview-error - Camera, screen or microphone could not be opened.
 * @fires {StopPreviewSuccessEvent} stop-preview-success - Camera, screen and microphone are closed.
 * @fires {StopPreviewErrorEvent} stop-preview-error - Closing them failed; they are closed all the same.
 * @fires {ReceivedDeviceListEvent} received-device-list - The cameras and microphones that are there.
 * @fires {GetDevicesErrorEvent} get-devices-error - The devices could not be listed.
 * @fires {MuteDeviceErrorEvent} mute-device-error - Muting failed.
 * @fires {SetConfigErrorEvent} set-config-error - A configuration was not accepted.
 * @fires {SignInSuccessEvent} sign-in-success - The server can be reached.
 * @fires {SignInErrorEvent} sign-in-error - The server's address is wrong (1001, 1002), or the server did not answer a first probe (4000), which ends no start.
 * @fires {SignOutSuccessEvent} sign-out-success - The credentials are forgotten.
 * @fires {ReceivedWebRTCStatsEvent} received-webrtc-stats - Statistics of the live broadcast, where they are turned on.
 * @fires {ReceivedServerStatsEvent} received-server-stats - Whether the server can be reached, where it was asked for.
 * @fires {GetSelectedDeviceErrorEvent} get-selected-device-error - The device that was asked for cannot be told.
 * @fires {WebcasterErrorEvent} webcaster-error - The core's `Error`: a call of the core's with wrong arguments, or that WHIP cannot carry out.
 * @fires {SignOutErrorEvent} sign-out-error - Stopping the broadcast failed; the credentials are forgotten all the same.
 *
 * @attr {string} lang - The language of the element's own words, as everywhere in HTML; English and German are there.
 *
 * @slot idle - Shown while nothing is broadcast.
 * @slot signalling - Shown while the first connection is set up.
 * @slot connected - Shown while the connection is up and the server has not acknowledged media yet.
 * @slot broadcasting - Shown while live.
 * @slot reconnecting - Shown while the server reconnects its RTMP output.
 * @slot reconnecting_broadcast - Shown while the broadcast is being brought back.
 * @slot failed - Shown after a start that failed, and after a broadcast was given up.
 *
 * @csspart base - The frame around everything.
 * @csspart preview - The `<video>` with the preview.
 * @csspart bar - The line below the preview.
 * @csspart status - The status in words.
 * @csspart controls - The group of the buttons.
 * @csspart button - Every button.
 *
 * @cssprop [--nano-webcaster-accent=#0b57d0] - Colour of the main button and of the focus ring.
 * @cssprop [--nano-webcaster-accent-color=#fff] - Text on the accent colour.
 * @cssprop [--nano-webcaster-background=Canvas] - Background.
 * @cssprop [--nano-webcaster-color=CanvasText] - Text.
 * @cssprop [--nano-webcaster-font=1rem / 1.4 system-ui, sans-serif] - Font.
 * @cssprop [--nano-webcaster-radius=0.75rem] - Corner radius.
 *
 * @cssstate idle - Nothing is broadcast.
 * @cssstate signalling - The first connection is set up.
 * @cssstate connected - The connection is up.
 * @cssstate broadcasting - Live.
 * @cssstate reconnecting - The server reconnects its RTMP output.
 * @cssstate reconnecting_broadcast - The broadcast is being brought back.
 * @cssstate failed - The start failed, or the broadcast was given up.
 */
export class NanoWebcaster extends LitElement implements Settings, CoreHost {
  static override styles = styles;

  static override properties = {
    ...LIT_PROPERTIES,
    iceServers: { attribute: false },
    tokenProvider: { attribute: false },
    strings: { attribute: false },
  };

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'lang'];
  }

  static {
    defineSettings(this.prototype);
  }

  /** Registers the element, unless something is registered under that name already. */
  static define(tag = 'nano-webcaster', registry: CustomElementRegistry = customElements): void {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  readonly #internals = this.attachInternals();
  readonly #core = new CoreController(this, () => (this.#hasAutostarted = false));
  readonly #countdown = new CountdownController(this);
  readonly #warned = new Set<string>();
  #hasAutostarted = false;

  /** The WHIP endpoint. A `{streamname}` in it is filled in. Relative addresses and `wss:` are fine. @attr */
  declare server: string;
  /** The name of the stream. @attr */
  declare streamName: string;
  /** The RTMP URL that the server is to send the stream on to, where it can. @attr */
  declare ingestUrl: string;
  /** The bearer token for the server. @attr */
  declare token: string;

  /** Seconds before a first attempt to reconnect, at least 1. @attr @default 1 */
  declare reconnectMinDelay: number;
  /** The longest wait between attempts in seconds, at least the shortest. @attr @default 8 */
  declare reconnectMaxDelay: number;
  /** Successive attempts before the broadcast is given up; 0 turns reconnection off. @attr @default 10 */
  declare reconnectMaxRetries: number;

  /** What is broadcast: `camera` or `screen`. @attr @default 'camera' */
  declare source: 'camera' | 'screen';
  /** The camera: its id, label or index, or `none`; empty leaves it to the browser. @attr */
  declare videoDevice: string;
  /** The microphone: its id, label or index, or `none`; empty leaves it to the browser. @attr */
  declare audioDevice: string;
  /** The wished-for width of the picture in pixels, 320 to 3840. @attr @default 1280 */
  declare width: number;
  /** The wished-for height of the picture in pixels, 240 to 2160. @attr @default 720 */
  declare height: number;
  /** The wished-for frames per second, 1 to 60. @attr @default 30 */
  declare framerate: number;
  /** `speech` filters the microphone's sound, `music` leaves it alone. @attr @default 'speech' */
  declare audioMode: 'speech' | 'music';
  /** Sends silence. @attr */
  declare muted: boolean;
  /** Sends a black picture. @attr */
  declare videoMuted: boolean;

  /** The codec to send where browser and server can: `h264`, `vp8`, `vp9`, `av1` or `h265`. @attr @default 'h264' */
  declare videoCodec: Settings['videoCodec'];
  /** The most that video may use in kbps, up to 34000; 0 leaves it to the browser. @attr @default 0 */
  declare videoBitrate: number;
  /** What video starts with in kbps, up to 34000; 0 leaves it to the browser, as Firefox always does. @attr @default 0 */
  declare videoStartBitrate: number;
  /** The most that audio may use in kbps, up to 510; 0 leaves it to the browser. @attr @default 0 */
  declare audioBitrate: number;

  /** Goes live as soon as the element is in the page and has a server. @attr */
  declare autostart: boolean;
  /** Shows buttons to start, stop and mute. @attr */
  declare controls: boolean;
  /** Shows no preview. @attr */
  declare noPreview: boolean;
  /** What goes to the console: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. @attr @default 0 */
  declare logLevel: number;

  /** STUN and TURN servers to use instead of those that the WHIP server offers. */
  declare iceServers: RTCIceServer[];
  /** Asked for the bearer token at every attempt, in place of `token`. */
  declare tokenProvider: SignInOptions['tokenProvider'] | undefined;
  /** Words to use in place of the element's own. */
  declare strings: Partial<Strings>;

  constructor() {
    super();
    this.iceServers = [];
    this.strings = {};
    this.#upgrade('core');
    this.#upgrade('mediaStream');
    new PageLeaveController(
      this,
      () => void this.#core.release(),
      () => this.#startOver(),
    );
  }

  /** What the broadcast is doing; also an attribute, and a custom state of the same name. @attr */
  get status(): Status {
    return this.#core.status;
  }

  /** Why the status is `failed`. */
  get error(): RtcUserError | null {
    return this.#core.error;
  }

  /** The cameras and microphones that are known. */
  get devices(): DeviceList {
    return this.#core.devices;
  }

  /** What happened to the broadcast that is running, or to the last one: its outages, and what healed them. */
  get report(): BroadcastReport {
    return this.core.report ?? { outages: [] };
  }

  /** What is previewed and broadcast. May be set to a stream of the page's own; null goes back to camera or screen. */
  get mediaStream(): MediaStream | null {
    return this.#core.mediaStream;
  }
  set mediaStream(stream: MediaStream | null) {
    const isStream = stream instanceof MediaStream;
    if (stream && !isStream) this.warn('mediaStream must be a MediaStream; using camera or screen.');
    this.#core.mediaStream = isStream ? stream : null;
  }

  /** The webcaster behind the element. May be set to any object with the interface of `RtcUser`. */
  get core(): WebcasterCore {
    return this.#core.core;
  }
  set core(core: WebcasterCore) {
    this.#core.core = core;
  }

  /** Opens camera or screen and microphone without going live. */
  startPreview(): Promise<void> {
    return this.isConnected ? this.#core.startPreview() : Promise.resolve();
  }

  /** Closes what `startPreview` has opened. */
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

  override connectedCallback(): void {
    super.connectedCallback();
    // Lit does not update an element again that is put back as it was.
    this.requestUpdate();
  }

  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    if (name === 'lang') this.requestUpdate();
  }

  /** With this, `moveBefore` moves the element without taking it out. */
  connectedMoveCallback(): void {
    // Nothing changes for the broadcast.
  }

  /** Tells the page's author about a wrong value, once. */
  readonly warn = (message: string): void => {
    if (this.#warned.has(message)) return;
    this.#warned.add(message);
    console.warn(`<nano-webcaster>: ${message}`);
  };

  protected override willUpdate(): void {
    this.#countdown.countTo(this.#core.nextAttemptAt);
  }

  protected override updated(changed: PropertyValues): void {
    this.#showStatus();
    this.#core.settingsChanged(new Set(changed.keys()));
    if (this.autostart && this.server && !this.#hasAutostarted && this.isConnected) {
      this.#hasAutostarted = true;
      // Not within the update that this may be: it asks for another one.
      queueMicrotask(() => void this.start());
    }
  }

  protected override render(): TemplateResult {
    const words = wordsFor(languageOf(this), this.strings);
    return html`
      <div class="base" part="base">
        ${this.noPreview ? nothing : this.#renderPreview(words)}
        <div class="bar" part="bar">
          <div class="status" part="status">
            <span class="light" data-status=${this.status} aria-hidden="true"></span>
            <div>${STATUSES.map((status) => this.#renderSlot(status, words))}</div>
          </div>
          ${this.controls ? this.#renderControls(words) : nothing}
        </div>
        <div class="visually-hidden" role="status">${this.status === 'failed' ? nothing : words[this.status]}</div>
        <div class="visually-hidden" role="alert">${this.status === 'failed' ? this.#failure(words) : nothing}</div>
      </div>
    `;
  }

  #renderPreview(words: Strings): TemplateResult {
    return html`<video
      class="preview"
      part="preview"
      aria-label=${words.preview}
      autoplay
      playsinline
      tabindex="-1"
      .muted=${true}
      .srcObject=${this.mediaStream}
    ></video>`;
  }

  /** All slots are always there, so that a page's own content is never thrown away; one is shown. */
  #renderSlot(status: Status, words: Strings): TemplateResult {
    return html`<slot name=${status} ?hidden=${status !== this.status}>${this.#renderFallback(status, words)}</slot>`;
  }

  #renderFallback(status: Status, words: Strings): unknown {
    if (status === 'failed') return this.#failure(words);
    const { reconnect } = this.#core;
    if (status !== 'reconnecting_broadcast' || reconnect?.rung !== 'replace') return words[status];
    const attempt = words.attempt(reconnect, this.#countdown.seconds);
    return html`${words[status]} <span class="attempt">${attempt}</span>`;
  }

  #renderControls(words: Strings): TemplateResult {
    const { isActive } = this.#core;
    return html`
      <div class="controls" part="controls">
        <button class=${isActive ? 'stop' : 'start'} part="button" type="button" @click=${this.#toggle}>
          ${isActive ? words.stop : words.start}
        </button>
        <button part="button" type="button" aria-pressed=${this.muted} @click=${this.#toggleMicrophone}>
          ${words.microphoneOff}
        </button>
        <button part="button" type="button" aria-pressed=${this.videoMuted} @click=${this.#toggleCamera}>
          ${words.cameraOff}
        </button>
      </div>
    `;
  }

  #failure(words: Strings): string {
    return this.error ? `${words.failed}: ${this.error.message}` : words.failed;
  }

  #showStatus(): void {
    const { status } = this.#core;
    if (this.getAttribute('status') !== status) this.setAttribute('status', status);
    for (const other of STATUSES) this.#internals.states.delete(other);
    this.#internals.states.add(status);
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

  #toggle(): void {
    void (this.#core.isActive ? this.stop() : this.#core.start());
  }

  #toggleMicrophone(): void {
    this.muted = !this.muted;
  }

  #toggleCamera(): void {
    this.videoMuted = !this.videoMuted;
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
