import { StoppedError, type RtcUserError } from '../api/errors.js';
import type { CaptureState, CaptureStatusData, ListedDevice } from '../api/events.js';
import { formatDifference, type AudioDeviceConfig, type VideoDeviceConfig } from '../api/preview-config.js';
import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import type { Stats } from '../stats/sampler.js';
import { AvailabilityWatch } from './availability-watch.js';
import { isRefusal } from './capture-errors.js';
import { captureMessages } from './capture-messages.js';
import type { DeviceOpener } from './device-opener.js';
import type { DeviceQueue } from './device-queue.js';
import { isGone, isMeant, wantedDevice, type KnownDevice } from './device-recovery.js';
import { openReplacement } from './device-replacement.js';
import type { MediaKind } from './devices.js';
import { Mute } from './mute.js';
import { TrackMonitor } from './track-monitor.js';

export interface SourceDependencies {
  world: World;
  opener: DeviceOpener;
  queue: DeviceQueue;
  /** The source has another track than before, or none. */
  onChange: () => void;
  onStatus: (status: CaptureStatusData) => void;
}

/** What the page chose, and the device that it got. */
interface Choice {
  config: VideoDeviceConfig & AudioDeviceConfig;
  device: KnownDevice;
}

/** Milliseconds after which statistics have shown whether a reopened device delivers, if there are any. */
const COUNTED_WITHIN = 10_000;

const UNKNOWN: KnownDevice = { id: '', deviceId: '' };

/** The camera, screen or microphone that a page chose. If it fails, another device is used until it can be opened again. */
export class CaptureSource {
  readonly kind: MediaKind;
  readonly #dependencies: SourceDependencies;
  #choice: Choice | null = null;
  /** What was chosen before the screen: used again when screen sharing ends. */
  #beforeScreen: Choice | null = null;
  #hadScreen = false;
  #track: MediaStreamTrack | undefined;
  #monitor: TrackMonitor | undefined;
  #availability: AvailabilityWatch | undefined;
  #current: KnownDevice = UNKNOWN;
  #settings: MediaTrackSettings = {};
  /** Whether the track ended without the page having stopped it. */
  #hasEnded = false;
  #isAway = false;
  /** Whether the track delivers only black or silence. */
  #isBlank = false;
  /** Whether the track belongs to the page: such a track is never opened, stopped or enabled here. */
  #isGiven = false;
  /** How often it was reopened without delivering anything. */
  #stalls = 0;
  /** Whether it was reopened after a stall, and nothing has shown yet that it delivers. */
  #isDoubtful = false;
  /** Somebody refused: nobody is asked again before the page chooses again or the permission is granted. */
  #isDenied = false;
  #trouble: CaptureStatusData | undefined;
  #reason: string | undefined;
  #chosen = new AbortController();

  constructor(kind: MediaKind, dependencies: SourceDependencies) {
    this.kind = kind;
    this.#dependencies = dependencies;
  }

  /** The device's track, also while a placeholder replaces it. */
  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /** Whether a placeholder has to replace what the page chose. */
  get isAway(): boolean {
    return this.#isAway;
  }

  /** The settings of the device, as they were while it delivered. */
  get settings(): MediaTrackSettings {
    return this.#settings;
  }

  /** What was reported last of the device, unless it works. */
  get trouble(): CaptureStatusData | undefined {
    return this.#trouble;
  }

  get isAlive(): boolean {
    return this.#track?.readyState === 'live';
  }

  get isScreen(): boolean {
    return this.#choice?.config.source === 'screen';
  }

  /** Uses a track that was just opened for a page's choice, instead of everything before. */
  choose(track: MediaStreamTrack, config: Choice['config']): void {
    const before = this.isScreen ? this.#beforeScreen : this.#choice;
    const replaced = this.#choice?.config.source === config.source ? this.#track : undefined;
    this.#forget();
    const opened = { id: track.label, deviceId: track.getSettings().deviceId ?? '' };
    this.#choice = { config, device: wantedDevice(config, opened) };
    if (this.isScreen) this.#beforeScreen = before;
    this.#take(track, opened, replaced);
    this.#watchAvailability();
    if (!this.isAlive) this.#recover();
  }

  /** Keeps a choice of which no device could be opened, and opens one as soon as that is possible. */
  chooseMissing(config: Choice['config'], error: RtcUserError): void {
    this.release();
    this.#choice = { config, device: UNKNOWN };
    this.#reason = error.message;
    this.#isDenied = isRefusal(error);
    this.#goAway(false);
    this.#watchAvailability();
    this.#availability?.retryLater();
  }

  /** Watches a track of the custom `MediaStream` instead of the one before; undefined if there is none. */
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
    this.#current = UNKNOWN;
    this.#settings = {};
    this.#isGiven = false;
    this.#trouble = undefined;
  }

  /** Closes the device so that another one can be opened; false if there is none to close. */
  makeWay(): boolean {
    if (!this.isAlive || !this.#choice || this.isScreen) return false;
    this.#close();
    return true;
  }

  /** Opens the device again if it was closed or lost, or another one instead. Asks even if that was refused before. */
  reopen(): void {
    this.#isDenied = false;
    this.#recover();
  }

  /** Takes a connection's statistics: they count what the device delivers. */
  takeStats(stats: readonly Stats[], at: number): void {
    if (this.#isAway) return;
    const id = this.#track?.id;
    const source = stats.find(({ type, trackIdentifier }) => type === 'media-source' && trackIdentifier === id);
    if (source) this.#monitor?.takeStats(source, at);
  }

  /** Reports to the page, unless the same was reported before. */
  #tell(state: CaptureState, message: string): void {
    const isNews = this.#trouble ? this.#trouble.message !== message : state !== 'live';
    if (!isNews) return;
    const status = { kind: `${this.kind}input`, state, device: this.#current.id, message } as const;
    this.#trouble = state === 'live' ? undefined : status;
    this.#dependencies.onStatus(status);
  }

  #forget(): void {
    this.#chosen.abort();
    this.#availability?.stop();
    this.#monitor?.stop();
    this.#availability = this.#monitor = undefined;
    this.#chosen = new AbortController();
    this.#choice = this.#beforeScreen = null;
    this.#hadScreen = this.#isDenied = this.#isAway = false;
    this.#reason = undefined;
    this.#stalls = 0;
    this.#isDoubtful = false;
  }

  #watchAvailability(): void {
    const { world } = this.#dependencies;
    this.#availability = new AvailabilityWatch(world, this.kind, (opportunity) => this.#recover(opportunity));
  }

  /** Browsers do not report it, and neither does the device. */
  #stall(): void {
    this.#tell('silent', captureMessages.stalled(this.kind, this.#current.id));
    this.#isDoubtful = true;
    this.#close();
    this.#availability?.retryLater({ retries: this.#stalls++ });
  }

  /** Stops the track; a placeholder replaces it until the next one is open. */
  #close(): void {
    this.#monitor?.stop();
    this.#isAway = this.#hasEnded = true;
    this.#dependencies.onChange();
    this.#track?.stop();
  }

  /** @param replaced of the same source: what a page disabled stays disabled */
  #take(track: MediaStreamTrack, device: KnownDevice, replaced?: MediaStreamTrack): void {
    this.#monitor?.stop();
    const before = this.#track;
    if (replaced) Mute.handOn(replaced, track);
    this.#track = track;
    // It may have been unplugged while it was being opened: then no event follows.
    this.#hasEnded = track.readyState === 'ended';
    this.#current = device;
    this.#settings = track.getSettings();
    if (this.#choice && isMeant(this.#choice.device, device)) this.#choice.device = device;
    const { groupId, displaySurface } = this.#settings;
    // Of a custom `MediaStream`'s tracks only those of devices have a group.
    const mayPause = this.#isGiven ? !groupId || displaySurface !== undefined : this.isScreen;
    if (this.#isOwn('video')) track.contentHint = this.isScreen ? 'detail' : 'motion';
    const monitor = new TrackMonitor(
      this.#dependencies.world,
      { track, mayPause, isJudged: !this.#isGiven, isCounted: this.#stalls > 0 },
      {
        onEnded: () => {
          this.#hasEnded = true;
          this.#recover();
        },
        onLost: (isPaused) => this.#goAway(isPaused),
        onResumed: () => this.#comeBack(),
        onStalled: () => this.#stall(),
        onFlowing: () => {
          this.#stalls = 0;
          if (this.#isDoubtful) this.#trust();
        },
        onBlank: (isBlank) => {
          this.#isBlank = isBlank;
          if (!this.#isAway) this.#tellCurrent();
        },
      },
    );
    this.#monitor = monitor;
    this.#isBlank = false;
    if (monitor.isDelivering) this.#comeBack();
    else {
      monitor.expectMedia();
      this.#dependencies.onChange();
    }
    before?.stop();
    if (this.#isOwn('video') && !this.isScreen) monitor.probeFrames();
  }

  #isOwn(kind: MediaKind): boolean {
    return this.kind === kind && !this.#isGiven;
  }

  #goAway(isPaused: boolean): void {
    this.#isAway = true;
    if (isPaused) {
      this.#tell('paused', captureMessages.paused(this.kind, this.#current.id));
      this.#reopenLater();
    } else if (this.#isGiven) this.#tell('missing', captureMessages.trackEnded(this.kind));
    else if (this.isScreen) this.#tell('missing', captureMessages.screenEnded);
    else this.#tell(this.#isDenied ? 'blocked' : 'missing', captureMessages.missing(this.kind, this.#reason));
    this.#dependencies.onChange();
  }

  /** A device may stay paused without an event: it is reopened, but late, since the system has a reason. */
  #reopenLater(): void {
    this.#availability?.retryLater({ retries: Infinity, opensPaused: true });
  }

  #comeBack(): void {
    this.#isAway = false;
    this.#reason = undefined;
    this.#dependencies.onChange();
    if (this.#isDoubtful) this.#tellLater();
    else this.#tellCurrent();
  }

  /** One that delivered nothing before is called live once it delivers, or if nobody counts for a while what it delivers. */
  #tellLater(): void {
    const monitor = this.#monitor;
    wait(COUNTED_WITHIN, this.#dependencies.world, this.#chosen.signal).then(
      () => {
        if (this.#monitor !== monitor || this.#isAway || !this.#isDoubtful) return;
        if (monitor?.isCounting) this.#tellLater();
        else this.#trust();
      },
      () => undefined,
    );
  }

  #trust(): void {
    this.#isDoubtful = false;
    this.#tellCurrent();
  }

  /** Reports whether the captured device is the chosen one, opened as requested, and delivers something. */
  #tellCurrent(): void {
    const chosen = this.#choice?.device ?? this.#current;
    const isChosen = chosen.id === this.#current.id;
    const replaced = this.#hadScreen ? 'the screen' : isChosen ? null : chosen.id || 'the chosen device';
    // A screen has the size that it has.
    const difference = this.#choice && !this.isScreen && formatDifference(this.#choice.config, this.#settings);
    const blank = this.kind === 'video' ? captureMessages.blank : captureMessages.silent;
    if (this.#isBlank) this.#tell('silent', blank(this.#current.id));
    else if (replaced) this.#tell('substituted', captureMessages.substituted(this.#current.id, replaced));
    else if (difference) this.#tell('different', captureMessages.different(chosen.id, difference));
    else this.#tell('live', captureMessages.live(chosen.id));
  }

  /** @param opensPaused whether a device that the system has paused is opened again */
  #recover({ opensPaused = false, isRetry = false } = {}): void {
    const { signal } = this.#chosen;
    this.#availability?.cancelRetry();
    if (!isRetry) this.#availability?.startOver();
    // Without reports of a grant, the person who returns to the page may have given it.
    if (opensPaused && !isRetry && !this.#availability?.isReported) this.#isDenied = false;
    const { queue } = this.#dependencies;
    const recovered = queue.run((task) => this.#openNext(AbortSignal.any([signal, task.signal]), opensPaused));
    // It was abandoned for another choice, which may fail.
    recovered.catch((error: unknown) => {
      if (error instanceof StoppedError && !signal.aborted) this.#recover({ opensPaused });
    });
  }

  /** @param life ends when the page chooses something else, or cannot wait any longer */
  async #openNext(life: AbortSignal, opensPaused: boolean): Promise<void> {
    if (life.aborted || !this.#choice) return;
    if (this.#track?.readyState === 'ended' && !this.#hasEnded) return;
    const wasScreen = this.isScreen;
    if (wasScreen && !this.#leaveScreen()) return;
    if (this.#availability?.isGranted) this.#isDenied = false;
    // A missing device is opened again even if its track has stayed alive.
    const mustReopen = () => (this.#track?.muted ? opensPaused : this.#isAway);
    const search = {
      kind: this.kind,
      config: this.#choice.config,
      preferred: this.#choice.device,
      last: this.#current,
      inUse: (devices: readonly ListedDevice[]) => (this.#isThere(devices) && !mustReopen() ? this.#current : null),
      opener: this.#dependencies.opener,
    };
    const nothing = { opened: null, devices: [{ ...this.#current, index: 0 }], failure: undefined };
    const { opened, devices, failure } = this.#isDenied ? nothing : await openReplacement(search, life);
    if (life.aborted) return opened?.track.stop();
    if (failure) {
      this.#reason = failure.message;
      this.#isDenied = isRefusal(failure);
    }
    if (opened) this.#take(opened.track, opened.device, wasScreen ? undefined : this.#track);
    const isThere = this.#isThere(devices);
    if (!isThere) this.#goAway(false);
    if (!isThere || failure) this.#availability?.retryLater();
    else if (this.#isAway) this.#reopenLater();
  }

  #isThere(devices: readonly ListedDevice[]): boolean {
    return this.isAlive && !isGone(devices, this.#current);
  }

  /** Whether the camera of before is to be opened because screen sharing has ended. */
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
}
