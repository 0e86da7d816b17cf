import { asRtcUserError, StoppedError } from '../api/errors.js';
import type { CaptureState, CaptureStatusData, ListedDevice } from '../api/events.js';
import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import type { DeviceOpener } from './device-opener.js';
import type { MediaKind } from './devices.js';
import { countOn, isFrozen, type FrameCount } from './frame-watch.js';
import { isGone, nextDevice, RETRY_AFTER, sentences, type KnownDevice } from './device-recovery.js';
import { Mute } from './mute.js';
import { probePicture } from './black-frame-probe.js';
import type { AudioDeviceConfig, VideoDeviceConfig } from '../api/preview-config.js';
import type { DeviceQueue } from './device-queue.js';

/** Milliseconds for which a device may deliver nothing before something stands in for it and the page is told. */
const PATIENCE = 1_000;

export interface SourceDependencies {
  world: World;
  opener: DeviceOpener;
  queue: DeviceQueue;
  /** What the source gives is another track than before, or none. */
  onChange: () => void;
  onStatus: (status: CaptureStatusData) => void;
}

/** What the page chose, and the device that it got by that. */
interface Choice {
  config: VideoDeviceConfig & AudioDeviceConfig;
  device: KnownDevice;
}

/**
 * The camera, the screen or the microphone that a page chose. Where that fails, another device takes its place until it
 * is back; the page is told.
 */
export class Source {
  readonly kind: MediaKind;
  readonly #dependencies: SourceDependencies;
  #choice: Choice | null = null;
  /** What was chosen before the screen: it is gone back to when the screen is not shared any more. */
  #beforeScreen: Choice | null = null;
  #hadScreen = false;
  #track: MediaStreamTrack | undefined;
  #current: KnownDevice = { id: '', deviceId: '' };
  #settings: MediaTrackSettings = {};
  /** Whether it ended by itself: where it did not, the page has stopped it. */
  #hasEnded = false;
  #isAway = false;
  /** Whether the track is the page's own: it is never opened, stopped or switched on here. */
  #isGiven = false;
  /** Whether it may deliver nothing and be well: a screen on which nothing moves, a canvas that nobody draws on. */
  #isSteady = false;
  #count: FrameCount | null = null;
  /** How often it was opened again without any frame. */
  #freezes = 0;
  /** Somebody said no: nobody is asked again before the page chooses again. */
  #isForbidden = false;
  #told = '';
  /** How what was chosen is not what was wished for, as a sentence. */
  #difference: string | undefined;
  #reason: string | undefined;
  #retries = 0;
  #chosen = new AbortController();
  #captured = new AbortController();
  #retrying = new AbortController();

  constructor(kind: MediaKind, dependencies: SourceDependencies) {
    this.kind = kind;
    this.#dependencies = dependencies;
  }

  /** The device's track, also while something stands in for it. */
  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** Whether something has to stand in for what the page chose. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** What the device gave, while it did. */
  get settings(): MediaTrackSettings {
    return this.#settings;
  }

  /** Whether the device is there, or what has taken its place. */
  get isAlive(): boolean {
    return this.#track?.readyState === 'live';
  }

  get #isScreen(): boolean {
    return this.#choice?.config.source === 'screen';
  }

  /**
   * Takes what a page chose and has just been opened, in place of everything before.
   * @param difference how it is not what was wished for, as a sentence
   */
  choose(track: MediaStreamTrack, config: Choice['config'], difference?: string): void {
    const before = this.#isScreen ? this.#beforeScreen : this.#choice;
    const replaced = this.#choice?.config.source === config.source ? this.#track : undefined;
    this.#forget();
    const { signal } = this.#chosen;
    const { deviceId = '' } = track.getSettings();
    this.#choice = { config, device: { id: track.label, deviceId } };
    this.#difference = difference;
    if (this.#isScreen) this.#beforeScreen = before;
    this.#take(track, this.#choice.device, replaced);
    const { mediaDevices, onForeground } = this.#dependencies.world;
    mediaDevices?.addEventListener('devicechange', () => this.#recover(), { signal });
    onForeground(() => this.#recover(true), signal);
  }

  /** Watches a track of the page's own in place of the one before; undefined where there is none. */
  adopt(track: MediaStreamTrack | undefined): void {
    if (track === this.#track) return;
    this.#forget();
    this.#track = undefined;
    this.#isGiven = true;
    if (track) this.#take(track, { id: track.label, deviceId: '' });
  }

  /** Lets go of everything. */
  release(): void {
    this.#forget();
    if (!this.#isGiven) this.#track?.stop();
    this.#track = undefined;
    this.#isGiven = false;
    this.#told = '';
  }

  /** Closes the device so that another one can be opened; false where there is none to close. */
  makeWay(): boolean {
    if (!this.isAlive || !this.#choice || this.#isScreen) return false;
    this.#close();
    return true;
  }

  /** Opens the device again that was closed, or another one in its place. */
  reopen(): void {
    this.#recover();
  }

  /** Takes what a connection has counted of the track's frames so far: that shows in hidden pages too. */
  count(frames: number, at: number): void {
    const { enabled, muted } = this.#track ?? {};
    const isJudged = enabled && !muted && this.#choice && !this.#isAway && !this.#isSteady;
    if (!isJudged) return void (this.#count = null);
    this.#count = countOn(this.#count, frames, at, this.#settings.frameRate);
    if (this.#count.isWell) this.#freezes = 0;
    if (isFrozen(this.#count)) this.#freeze();
  }

  /** Tells the page, unless that is what it was told last. */
  #tell(state: CaptureState, message: string): void {
    const isNews = this.#told ? this.#told !== message : state !== 'live';
    if (!isNews) return;
    this.#told = state === 'live' ? '' : message;
    this.#dependencies.onStatus({ kind: `${this.kind}input`, state, device: this.#current.id, message });
  }

  #forget(): void {
    for (const life of [this.#chosen, this.#captured, this.#retrying]) life.abort();
    this.#chosen = new AbortController();
    this.#choice = this.#beforeScreen = null;
    this.#hadScreen = this.#isForbidden = this.#isAway = false;
    this.#reason = this.#difference = undefined;
    this.#retries = this.#freezes = 0;
  }

  /** A browser tells of it as little as the camera does. */
  #freeze(): void {
    this.#tell('silent', sentences.frozen(this.#current.id));
    this.#close();
    this.#retry(this.#freezes++);
  }

  /** Stops the track; something stands in for it until the next one is open. */
  #close(): void {
    this.#captured.abort();
    this.#isAway = this.#hasEnded = true;
    this.#dependencies.onChange();
    this.#track?.stop();
  }

  /** Heals after a while, longer and longer; then only a change makes another try. */
  #retry(times: number): void {
    const after = RETRY_AFTER[times];
    if (after === undefined) return;
    this.#retrying = new AbortController();
    wait(after, this.#dependencies.world, this.#retrying.signal).then(
      () => this.#recover(false, true),
      () => undefined,
    );
  }

  /** @param replaced of the same source: what a page switched off stays off */
  #take(track: MediaStreamTrack, device: KnownDevice, replaced?: MediaStreamTrack): void {
    this.#captured.abort();
    this.#captured = new AbortController();
    const { signal } = this.#captured;
    const before = this.#track;
    if (replaced) Mute.handOn(replaced, track);
    this.#track = track;
    this.#hasEnded = false;
    this.#current = device;
    this.#settings = track.getSettings();
    this.#count = null;
    const { groupId, displaySurface } = this.#settings;
    // Of a page's own tracks those of devices alone have a group.
    this.#isSteady = this.#isGiven ? !groupId || displaySurface !== undefined : this.#isScreen;
    if (this.#isOwn('video')) track.contentHint = this.#isScreen ? 'detail' : 'motion';
    track.addEventListener('ended', () => this.#end(signal), { signal });
    if (!this.#isSteady) {
      track.addEventListener('mute', () => this.#doubt(signal), { signal });
      track.addEventListener('unmute', () => this.#comeBack(), { signal });
    }
    this.#comeBack();
    before?.stop();
    if (this.#isOwn('video') && !this.#isScreen) {
      const { world } = this.#dependencies;
      void probePicture(track, world, signal, (isSilent) =>
        isSilent ? this.#tell('silent', sentences.silent(device.id)) : this.#tellPlace(),
      );
    }
    if (!this.#isDelivering) this.#doubt(signal);
  }

  #isOwn(kind: MediaKind): boolean {
    return this.kind === kind && !this.#isGiven;
  }

  #end(captured: AbortSignal): void {
    this.#hasEnded = true;
    this.#doubt(captured);
    this.#recover();
  }

  get #isDelivering(): boolean {
    return this.isAlive && (this.#isSteady || !this.#track?.muted);
  }

  #doubt(captured: AbortSignal): void {
    const { world } = this.#dependencies;
    wait(PATIENCE, world, captured).then(
      () => this.#isDelivering || this.#goAway(this.isAlive),
      () => undefined,
    );
  }

  #goAway(isPaused: boolean): void {
    this.#isAway = true;
    if (isPaused) this.#tell('paused', sentences.paused(this.kind, this.#current.id));
    else if (this.#isGiven) this.#tell('missing', sentences.ended(this.kind));
    else this.#tell('missing', this.#isScreen ? sentences.unshared : sentences.missing(this.kind, this.#reason));
    this.#dependencies.onChange();
  }

  #comeBack(): void {
    this.#isAway = false;
    this.#reason = undefined;
    this.#dependencies.onChange();
    this.#tellPlace();
  }

  /** Tells whose place the device has that is captured. */
  #tellPlace(): void {
    const { id } = this.#choice?.device ?? this.#current;
    const lost = this.#hadScreen ? 'the screen' : id === this.#current.id ? null : id;
    if (lost === null && this.#difference) this.#tell('different', this.#difference);
    else if (lost === null) this.#tell('live', sentences.live(id));
    else this.#tell('substituted', sentences.substituted(this.#current.id, lost));
  }

  /** @param isBack whether the page has just come to the foreground, where a device that was taken away may be had again */
  #recover(isBack = false, isRetry = false): void {
    const { signal } = this.#chosen;
    this.#retrying.abort();
    if (!isRetry) this.#retries = 0;
    const { queue } = this.#dependencies;
    const mended = queue.take((turn) => this.#mend(AbortSignal.any([signal, turn]), isBack));
    // It was given up for another choice, which may fail.
    mended.catch((error: unknown) => {
      if (error instanceof StoppedError && !signal.aborted) this.#recover(isBack);
    });
  }

  /** @param life ends when the page chooses something else, or cannot wait any longer */
  async #mend(life: AbortSignal, isBack: boolean): Promise<void> {
    if (life.aborted || !this.#choice) return;
    if (this.#track?.readyState === 'ended' && !this.#hasEnded) return;
    const wasScreen = this.#isScreen;
    if (wasScreen && !this.#leaveScreen()) return;
    const { opener } = this.#dependencies;
    const refused = new Set<string>();
    let devices: ListedDevice[] = [{ ...this.#current, index: 0 }];
    while (!this.#isForbidden) {
      devices = await opener.devices(this.kind).catch(() => [{ ...this.#current, index: 0 }]);
      if (life.aborted) return;
      // What was missing is opened anew, even where its track has lived on.
      const isPaused = this.#track?.muted === true;
      const isUsable = this.#isThere(devices) && !(isPaused ? isBack : this.#isAway);
      const current = isUsable ? this.#current : null;
      const next = nextDevice({ devices, preferred: this.#choice.device, current, refused });
      if (!next) break;
      try {
        const track = await this.#open(next, life);
        if (life.aborted) return track?.stop();
        if (track) this.#take(track, next, wasScreen ? undefined : this.#track);
        break;
      } catch (error) {
        if (life.aborted) return;
        const { message, cause } = asRtcUserError(error, 6005);
        this.#reason = message;
        refused.add(next.deviceId);
        this.#isForbidden = cause instanceof Error && cause.name === 'NotAllowedError';
      }
    }
    if (!this.#isThere(devices)) this.#goAway(false);
    if (refused.size > 0 && !this.#isForbidden) this.#retry(this.#retries++);
  }

  #isThere(devices: readonly ListedDevice[]): boolean {
    return this.isAlive && !isGone(devices, this.#current);
  }

  /** Whether the camera of before is to be opened in place of a screen that is not shared any more. */
  #leaveScreen(): boolean {
    if (this.isAlive) return false;
    if (!this.#beforeScreen) {
      this.#goAway(false);
      return false;
    }
    this.#choice = this.#beforeScreen;
    this.#hadScreen = true;
    return true;
  }

  async #open({ deviceId }: KnownDevice, life: AbortSignal): Promise<MediaStreamTrack | undefined> {
    const config = { ...this.#choice?.config, device: deviceId || true };
    const none = { device: false };
    const { opener } = this.#dependencies;
    const isVideo = this.kind === 'video';
    return (await opener.openDevices(isVideo ? config : none, isVideo ? none : config, life))[0];
  }
}
