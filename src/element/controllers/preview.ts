import { formatDifference, type PreviewConfig, type VideoFormat } from '../../core/api/preview-config.js';
import { SETTINGS, toPreviewConfig, type Device, type Settings } from '../attributes.js';
import { deviceLabels } from '../remember.js';
import type { WebcasterCore } from '../webcaster-core.js';

/** The element's settings; what the person chose is remembered by its id. */
type PreviewSettings = Settings & { id: string };

type CaptureMethods = Pick<WebcasterCore, 'startPreview' | 'stopPreview' | 'setMediaStream'>;

/** What the core captures for the element, and who wanted it: what a start opens, a stop closes. */
export class Preview {
  /** What the core has captured. */
  captured: MediaStream | null = null;
  #given: MediaStream | null;
  /** The custom `MediaStream` that the core has taken. */
  #accepted: MediaStream | null = null;
  /** What the core refused while it had nothing else: no camera takes its place, and the next start tries it again. */
  #refused: MediaStream | null = null;
  #owner: 'page' | 'start' | undefined;
  #opened: PreviewConfig | undefined;
  /** What was opened last without a failure: it is what is captured. */
  #working: PreviewConfig | undefined;
  /** Whether something was chosen before the screen, which takes over if the sharing ends. */
  #hasFallback = false;
  /** The choice of a screen whose sharing ended with nothing to go back to. */
  #endedScreen: Device | undefined;
  /** Grows with every choice after an ended screen, which is another screen to the core by its label. */
  #screenLabel = '';
  /** The newest opening under way, which may wait for the person. */
  #opening: Promise<unknown> | undefined;

  constructor(given: MediaStream | null = null) {
    this.#given = this.#accepted = given;
  }

  /** The custom `MediaStream`. */
  get given(): MediaStream | null {
    return this.#given;
  }

  get stream(): MediaStream | null {
    return this.#given ?? this.captured;
  }

  /** Whether the video differs from what the page has chosen itself: nobody misses the defaults. */
  get missesFormat(): boolean {
    const chosen: VideoFormat = { ...this.#opened?.videoDeviceConfig };
    for (const name of ['width', 'height', 'framerate'] as const)
      if (chosen[name] === SETTINGS[name].default) chosen[name] = 0;
    const [video] = this.stream?.getVideoTracks() ?? [];
    return formatDifference(chosen, video?.getSettings() ?? {}) !== undefined;
  }

  /** What the last opened capture shows. */
  get source(): 'camera' | 'screen' {
    return (!this.isScreenOver && this.#opened?.videoDeviceConfig?.source) || 'camera';
  }

  /** Whether a screen is captured: one that the person has not chosen yet is not. */
  get isScreen(): boolean {
    const video = this.#working?.videoDeviceConfig;
    return video?.source === 'screen' && video !== this.#endedScreen;
  }

  /** Whether the sharing of a screen ended and nothing was opened since. */
  get isScreenOver(): boolean {
    return this.#endedScreen !== undefined && this.#endedScreen === this.#opened?.videoDeviceConfig;
  }

  /** Whether something is being opened, for which the browser may be asking the person. */
  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  get owner(): 'page' | 'start' | undefined {
    return this.#owner;
  }

  open(owner: 'page' | 'start', core: CaptureMethods, settings: PreviewSettings): Promise<void> {
    const before = this.#owner;
    this.#owner = owner;
    this.#refused = null;
    return this.#open(core, configOf(settings), before);
  }

  /** Opens what is neither open nor being opened, by the settings. The newest of several openings decides. */
  async openForStart(core: CaptureMethods, settings: PreviewSettings): Promise<void> {
    const given = this.#given ?? this.#refused;
    if (given) return this.give(given, core, settings, false);
    // Its failure is that of the opening, which is waited for below.
    if (!this.#owner || this.isScreenOver || !this.#isOpened(configOf(settings)))
      this.open(this.#owner ?? 'start', core, settings).catch(() => undefined);
    while (this.#opening)
      await this.#opening.catch((error: unknown) => {
        if (!this.#opening && !this.#given) throw error;
      });
  }

  /**
   * Switches to the devices of the settings, and between camera and screen; while live, everything else stays as it was
   * opened.
   */
  async switch(core: CaptureMethods, settings: PreviewSettings, isLive: boolean, source = this.source): Promise<void> {
    if (!this.#owner || this.#given) return;
    const own = configOf(settings);
    const config = isLive && this.#opened ? withDevicesOf(own, this.#opened) : own;
    const opened = this.#opened?.videoDeviceConfig;
    const isOver = this.isScreenOver;
    // A camera that is chosen while the screen is shared waits for its end; after it, none is opened that nobody chose.
    const isKept =
      source === this.source && (isOver ? own.videoDeviceConfig?.device === opened?.device : source === 'screen');
    const videoDeviceConfig = isKept && opened ? opened : { ...config.videoDeviceConfig, source };
    const wanted = { ...config, videoDeviceConfig };
    if (this.#isOpened(wanted) && (isKept || !isOver)) return;
    if (isOver && !isKept) settings.source = source;
    await this.#open(core, wanted, this.#owner, isLive);
  }

  /** The setting of a device as it was opened last, or before the screen. */
  deviceOf(name: 'videoDevice' | 'audioDevice'): string {
    const { device = true } = this.#opened?.[`${name}Config`] ?? {};
    return device === true ? '' : device === false ? 'none' : String(device);
  }

  /** The screen is no longer captured. Returns whether what was chosen before took over. */
  leaveScreen(): boolean {
    if (this.source !== 'screen') return false;
    if (!this.#hasFallback) {
      this.#endedScreen = this.#opened?.videoDeviceConfig;
      return false;
    }
    const videoDeviceConfig = { ...this.#opened?.videoDeviceConfig, source: 'camera' as const };
    this.#opened = this.#working = { ...this.#opened, videoDeviceConfig };
    return true;
  }

  /** @param keepsGiven whether a custom `MediaStream` goes on */
  async close(core: CaptureMethods, keepsGiven = false): Promise<void> {
    this.#owner = undefined;
    this.#forget();
    await Promise.all([core.stopPreview(), keepsGiven && this.#given && core.setMediaStream({ stream: this.#given })]);
  }

  /** Uses a custom `MediaStream`, or goes back to camera or screen if that is live. */
  async give(
    stream: MediaStream | null,
    core: CaptureMethods,
    settings: PreviewSettings,
    isLive: boolean,
  ): Promise<void> {
    this.#refused = null;
    this.#given = stream;
    if (!stream) {
      const wasGiven = this.#accepted;
      this.#accepted = null;
      if (wasGiven || !isLive) this.#forget();
      if (!isLive) return this.close(core);
      this.#owner ??= 'start';
      return this.#open(core, configOf(settings), this.#owner, isLive);
    }
    try {
      await core.setMediaStream({ stream });
    } catch (error) {
      if (this.#given === stream) this.#given = this.#accepted;
      if (!this.stream) this.#refused = stream;
      throw error;
    }
    if (!this.#given) return;
    this.#accepted = stream;
    this.#forget();
  }

  #forget(): void {
    this.captured = null;
    this.#opened = this.#working = undefined;
    this.#hasFallback = false;
  }

  /** A page may have closed it at the core. */
  #isOpened(config: PreviewConfig): boolean {
    if (!this.captured && !this.#opening) return false;
    return JSON.stringify(this.#opened && withoutCamera(this.#opened)) === JSON.stringify(withoutCamera(config));
  }

  /** @param isLive whether the next choice is opened even if nothing is captured now */
  async #open(core: CaptureMethods, config: PreviewConfig, ownerBefore = this.#owner, isLive = false): Promise<void> {
    // Otherwise the core leaves an ended screen as it is for another microphone.
    if (this.isScreenOver && config.videoDeviceConfig !== this.#endedScreen) this.#screenLabel += '+';
    this.#opened = config;
    // A page's own core may throw instead.
    const opening = (this.#opening = (async () => core.startPreview(withoutCamera(config, this.#screenLabel)))());
    try {
      await opening;
      this.#working = config;
      this.#refused = null;
      if (this.#owner) this.#hasFallback ||= config.videoDeviceConfig?.source !== 'screen';
    } catch (error) {
      // What was open goes on; unless it was closed or opened otherwise meanwhile.
      if (this.#opened === config) {
        this.#opened = this.captured ? this.#working : undefined;
        this.#owner = this.captured ? ownerBefore : isLive ? 'start' : undefined;
      }
      throw error;
    } finally {
      if (this.#opening === opening) this.#opening = undefined;
    }
  }
}

function configOf(settings: PreviewSettings): PreviewConfig {
  return toPreviewConfig(settings, settings.remember ? deviceLabels(settings) : {});
}

/** While the screen is shared, another camera must not have the browser ask for the screen again. */
function withoutCamera(config: PreviewConfig, deviceLabel = ''): PreviewConfig {
  const { videoDeviceConfig } = config;
  if (videoDeviceConfig?.source !== 'screen') return config;
  return { ...config, videoDeviceConfig: withDevice(videoDeviceConfig, { device: true, deviceLabel }) };
}

/** `opened` with other devices. */
function withDevicesOf(devices: PreviewConfig, opened: PreviewConfig): PreviewConfig {
  return {
    videoDeviceConfig: withDevice(opened.videoDeviceConfig, devices.videoDeviceConfig),
    audioDeviceConfig: withDevice(opened.audioDeviceConfig, devices.audioDeviceConfig),
  };
}

function withDevice(opened: Device | undefined, { device = true, deviceLabel }: Device = {}) {
  const others: Device = { ...opened };
  delete others.device;
  delete others.deviceLabel;
  return { device, ...(deviceLabel && { deviceLabel }), ...others };
}
