import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import type { Stats } from '../stats/sampler.js';
import { probeForBlackFrames } from './black-frame-probe.js';
import type { MediaKind } from './devices.js';
import { followFlow, stalledFor, type Flow, type FlowRule } from './media-flow.js';

/** Milliseconds for which a track may be ended or muted before that counts. */
const LOST_AFTER = 1_000;
/** Milliseconds without frames or samples after which a device counts as dead; no camera is that slow. */
const STALLED_AFTER = 5_000;
/** Milliseconds of exact zeros after which a microphone counts as silent: a room is never that quiet. */
const SILENT_AFTER = 60_000;
/** Firefox sends the last frame again every second. */
const REPEATED_FRAMES = 1.2;
/** Seconds of samples per second. */
const SAMPLES: FlowRule = { perSecond: 0.1, slack: 0.05 };
const ANY: FlowRule = { perSecond: 0, slack: 0 };

export interface TrackObserver {
  /** The track has ended without being stopped. */
  onEnded: () => void;
  /** The track has been ended or paused by the system for a second. */
  onLost: (isPaused: boolean) => void;
  /** The system has resumed the track. */
  onResumed: () => void;
  /** Statistics show that the live track delivers no frames or samples. */
  onStalled: () => void;
  /** Statistics show that it delivers. */
  onFlowing: () => void;
  /** The track delivers only black or silence, or something again. */
  onBlank: (isBlank: boolean) => void;
}

export interface MonitoredTrack {
  track: MediaStreamTrack;
  /** Whether it may deliver nothing and be fine: a screen on which nothing moves, a canvas that nobody draws on. */
  mayPause: boolean;
  /** Whether statistics and content are judged: only for devices that were opened here. */
  isJudged: boolean;
  /** Whether the browser has counted what the device delivered before: then 0 is nothing. */
  isCounted: boolean;
}

/** Watches one track: whether it is there, and whether it delivers. */
export class TrackMonitor {
  readonly #world: World;
  readonly #monitored: MonitoredTrack;
  readonly #observer: TrackObserver;
  readonly #frameRate: number;
  readonly #life = new AbortController();
  #flow: Flow | null = null;
  #energy: Flow | null = null;
  #isSilent = false;

  constructor(world: World, monitored: MonitoredTrack, observer: TrackObserver) {
    this.#world = world;
    this.#monitored = monitored;
    this.#observer = observer;
    const { track, mayPause } = monitored;
    this.#frameRate = track.getSettings().frameRate || 30;
    const { signal } = this.#life;
    const ended = () => {
      this.expectMedia();
      observer.onEnded();
    };
    track.addEventListener('ended', ended, { signal });
    if (mayPause) return;
    track.addEventListener('mute', () => this.expectMedia(), { signal });
    track.addEventListener('unmute', observer.onResumed, { signal });
  }

  get isDelivering(): boolean {
    const { track, mayPause } = this.#monitored;
    return track.readyState === 'live' && (mayPause || !track.muted);
  }

  /** Whether statistics show how much it delivers. */
  get isCounting(): boolean {
    return this.#flow !== null;
  }

  /** Looks for black frames in a camera's video for as long as it is monitored. */
  probeFrames(): void {
    void probeForBlackFrames(this.#monitored.track, this.#world, this.#life.signal, this.#observer.onBlank);
  }

  /** Reports the track as lost unless it delivers a second from now. */
  expectMedia(): void {
    wait(LOST_AFTER, this.#world, this.#life.signal).then(
      () => this.isDelivering || this.#observer.onLost(this.#monitored.track.readyState === 'live'),
      () => undefined,
    );
  }

  /**
   * Takes the `media-source` entry of this track from a connection's statistics; they show stalls in hidden pages too.
   * @param at milliseconds on the monotonic clock
   */
  takeStats(source: Stats, at: number): void {
    const { track, mayPause, isJudged, isCounted } = this.#monitored;
    if (!isJudged || mayPause || !track.enabled || track.muted) return this.#forgetStats();
    const isVideo = (track.kind as MediaKind) === 'video';
    const amount = Number((isVideo ? source.frames : source.totalSamplesDuration) ?? 0);
    // 0 also stands for what a browser does not count.
    if (!amount && !isCounted) return this.#forgetStats();
    const rule = isVideo ? { perSecond: Math.min(REPEATED_FRAMES, this.#frameRate / 2), slack: 1 } : SAMPLES;
    this.#flow = followFlow(this.#flow, amount, at, rule);
    if (this.#flow.isFlowing) this.#observer.onFlowing();
    if (stalledFor(this.#flow) >= STALLED_AFTER) return this.#observer.onStalled();
    if (typeof source.totalAudioEnergy === 'number') this.#judgeEnergy(source.totalAudioEnergy, at);
  }

  stop(): void {
    this.#life.abort();
  }

  #judgeEnergy(energy: number, at: number): void {
    this.#energy = followFlow(this.#energy, energy, at, ANY);
    const isSilent = stalledFor(this.#energy) >= SILENT_AFTER || (this.#isSilent && !this.#energy.isFlowing);
    if (isSilent === this.#isSilent) return;
    this.#isSilent = isSilent;
    this.#observer.onBlank(isSilent);
  }

  #forgetStats(): void {
    this.#flow = this.#energy = null;
  }
}
