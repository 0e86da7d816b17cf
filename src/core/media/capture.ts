import { asRtcUserError, RtcUserError } from '../api/errors.js';
import type { CaptureStatusData, DeviceListData, PreviewData } from '../api/events.js';
import type { Stats } from '../stats/sampler.js';
import { untilAborted } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import { DeviceOpener, stopAll } from './device-opener.js';
import type { MediaKind } from './devices.js';
import { sentences } from './device-recovery.js';
import { Mixer } from './mixer.js';
import { Mute } from './mute.js';
import {
  differenceOf,
  readPreviewConfig,
  readSize,
  type PictureSize,
  type PreviewConfig,
  type Wish,
} from '../api/preview-config.js';
import { Source } from './source.js';
import { PlaceholderFrame } from './placeholder-frame.js';
import { DeviceQueue } from './device-queue.js';

export interface CaptureCallbacks {
  /** What is to be published has changed by itself. */
  onChange: () => void;
  onStatus: (status: CaptureStatusData) => void;
}

/**
 * The tracks to publish: those it captured itself, or those of a page's own stream. Its own tracks live in one stream
 * that stays the same, so that players and connections follow a change of device.
 */
export class Capture {
  readonly #world: World;
  readonly #callbacks: CaptureCallbacks;
  readonly #mute = new Mute();
  readonly #opener: DeviceOpener;
  readonly #queue: DeviceQueue;
  readonly #video: Source;
  readonly #audio: Source;
  readonly #mixer: Mixer;
  #placeholder: PlaceholderFrame | undefined;
  #own: MediaStream | undefined;
  #given: MediaStream | undefined;
  /** What was opened last. */
  #wish: Wish | undefined;

  constructor(world: World, callbacks: CaptureCallbacks) {
    this.#world = world;
    this.#callbacks = callbacks;
    this.#opener = new DeviceOpener(world);
    this.#queue = new DeviceQueue(world);
    const surroundings = {
      world,
      opener: this.#opener,
      queue: this.#queue,
      onChange: () => this.#changed(),
      onStatus: callbacks.onStatus,
    };
    this.#video = new Source('video', surroundings);
    this.#audio = new Source('audio', surroundings);
    this.#mixer = new Mixer(world, surroundings.onChange, (isHeard) =>
      callbacks.onStatus({
        kind: 'audioinput',
        state: isHeard ? 'live' : 'different',
        device: '',
        message: isHeard ? sentences.heard : sentences.unheard,
      }),
    );
  }

  /** What is to be published: a page's own stream, else what was captured here. A page may have put in new tracks. */
  mutedStream(): MediaStream {
    if (this.#given) {
      this.#audio.adopt(this.#given.getAudioTracks()[0]);
      this.#video.adopt(this.#given.getVideoTracks()[0]);
    }
    // What is mixed, or stood in for, may be sent itself again.
    for (const track of this.#tracks) this.#mute.apply(track);
    const stream = this.#published();
    for (const track of stream.getTracks()) this.#mute.apply(track);
    return stream;
  }

  /** The kinds of media that are there to be published. */
  get kinds(): string[] {
    return (this.#given ?? this.#own)?.getTracks().map(({ kind }) => kind) ?? [];
  }

  /** Whether a camera, screen or microphone is open or being opened. */
  get isPreviewing(): boolean {
    return this.#queue.isChoosing || (!this.#given && this.#tracks.length > 0);
  }

  /** What the page chose or gave, as it is: neither mixed nor stood in for. */
  get sources(): MediaStreamTrack[] {
    return this.#given?.getTracks() ?? this.#tracks;
  }

  get #tracks(): MediaStreamTrack[] {
    return [this.#audio, this.#video].flatMap(({ track }) => track ?? []);
  }

  /** Resolves when nothing that the page has chosen is being opened any more. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  /**
   * Lists the inputs. Their labels are known only once the page may use them.
   * @throws RtcUserError 1006 on insecure pages, 6006
   */
  listDevices(): Promise<DeviceListData> {
    return this.#opener.list();
  }

  /**
   * Opens camera or screen and microphone, or switches to other ones. The old ones go on until the new ones are open.
   * Calls are carried out one after the other; one that gets no answer is given up for the next. From then on what fails
   * is healed.
   * @throws RtcUserError 1001, 1002, 1003, 1006, 6001, 6004, 6005, 6008
   */
  async start(config: PreviewConfig): Promise<PreviewData> {
    const wish = readPreviewConfig(config);
    return this.#queue.choose((turn) => this.#open(wish, turn));
  }

  /** Stops what was captured here, at once. A page's own stream is only let go of, its tracks are the page's. */
  stop(): void {
    this.#mixer.inject(undefined);
    this.#give(undefined);
  }

  /**
   * Publishes a page's own stream, in place of what was captured here.
   * @throws RtcUserError 6001 without tracks, 1002 with two of a kind, 1001 or 1002 with a wrong size
   */
  useStream(stream: MediaStream, size: PictureSize = {}): void {
    const { length: audios } = stream.getAudioTracks();
    const { length: videos } = stream.getVideoTracks();
    if (audios + videos === 0) throw new RtcUserError(6001, 'The stream has no tracks.');
    if (stream.getTracks().every(({ readyState }) => readyState === 'ended')) {
      throw new RtcUserError(6001, 'All tracks of the stream have ended.');
    }
    if (audios > 1 || videos > 1) throw new RtcUserError(1002, 'The stream must have at most one track of a kind.');
    const wished = readSize(size);
    this.#give(stream);
    const [video] = stream.getVideoTracks();
    const message = video && differenceIn(video, wished);
    if (message) this.#callbacks.onStatus({ kind: 'videoinput', state: 'different', device: video.label, message });
  }

  /**
   * Mixes the sound of a page's stream into what is sent, in place of what was mixed in before; undefined takes it out.
   * @throws RtcUserError 1006 where the browser cannot mix, 6001 without sound
   */
  inject(stream: MediaStream | undefined): void {
    const [track] = stream?.getAudioTracks() ?? [];
    if (stream && track?.readyState !== 'live') throw new RtcUserError(6001, 'The stream has no sound.');
    try {
      this.#mixer.inject(track);
    } finally {
      this.#changed();
    }
  }

  /** Takes a connection's statistics: they count the frames of the camera. */
  count(stats: readonly Stats[], at: number): void {
    const id = this.#video.track?.id;
    const source = stats.find(({ type, trackIdentifier }) => type === 'media-source' && trackIdentifier === id);
    if (source) this.#video.count(Number(source.frames ?? 0), at);
  }

  /** Mutes what is published now and whatever takes its place. Of sound that is everything, a mix included. */
  mute(kind: MediaKind, isMuted: boolean): void {
    this.#mute.set(kind, isMuted);
    if (this.#given ?? this.#own) this.mutedStream();
  }

  async #open(wish: Wish, turn: AbortSignal): Promise<PreviewData> {
    const { video, audio } = wish;
    const isScreen = video.source === 'screen';
    if (!isScreen && video.device === false && audio.device === false) {
      throw new RtcUserError(6001, 'There is nothing to capture.');
    }
    const keepsScreen = isScreen && this.#isOtherSound(wish);
    const tracks: MediaStreamTrack[] = [];
    const opened = (late: MediaStreamTrack[]) => {
      tracks.push(...late);
      if (turn.aborted) stopAll(tracks);
    };
    try {
      if (isScreen && !keepsScreen) opened(await this.#opener.openScreen(video, turn));
      // A screen is not shared on while a prompt for the microphone is left open.
      await untilAborted(this.#openDevices(wish, turn).then(opened), turn);
      turn.throwIfAborted();
    } catch (error) {
      stopAll(tracks);
      throw error;
    }
    if (this.#given) this.#letGo();
    this.#wish = wish;
    for (const [one, config] of [
      [this.#audio, audio],
      [this.#video, video],
    ] as const) {
      const isVideo = one === this.#video;
      if (isVideo && keepsScreen) continue;
      const track = tracks.find(({ kind }) => kind === one.kind);
      // A screen is as large as it is.
      if (track) one.choose(track, config, isVideo && !isScreen ? differenceIn(track, video) : undefined);
      else one.release();
    }
    this.#changed();
    return this.#describe(video.source);
  }

  /** Whether a screen that is shared may go on: people are not asked for it again because of a microphone. */
  #isOtherSound({ video, audio }: Wish): boolean {
    const isSame = (kind: keyof Wish, one: Wish['video' | 'audio']) =>
      JSON.stringify(this.#wish?.[kind]) === JSON.stringify(one);
    return !this.#given && this.#video.isAlive && isSame('video', video) && !isSame('audio', audio);
  }

  async #openDevices({ video, audio }: Wish, turn: AbortSignal): Promise<MediaStreamTrack[]> {
    const isScreen = video.source === 'screen';
    const open = () => this.#opener.openDevices(isScreen ? { device: false } : video, audio, turn);
    try {
      return await open();
    } catch (error) {
      const { cause } = asRtcUserError(error, 6005);
      const name = cause instanceof Error ? cause.name : '';
      if (isScreen && audio.device === true && name === 'NotFoundError') {
        this.#callbacks.onStatus({ kind: 'audioinput', state: 'missing', device: '', message: sentences.alone });
        return [];
      }
      const isInTheWay =
        name === 'NotReadableError' && !isScreen && video.device !== false && !turn.aborted && this.#video.makeWay();
      if (!isInTheWay) throw error;
    }
    // Some phones open one camera at a time.
    return open().catch((error: unknown) => {
      this.#video.reopen();
      throw error;
    });
  }

  #give(stream: MediaStream | undefined): void {
    this.#letGo();
    this.#queue.giveUp();
    this.#given = stream;
    this.#changed();
  }

  #letGo(): void {
    this.#given = undefined;
    this.#video.release();
    this.#audio.release();
  }

  #changed(): void {
    this.mutedStream();
    this.#callbacks.onChange();
  }

  #published(): MediaStream {
    const [video, audio] = [this.#video, this.#audio];
    if (this.#given && !this.#mixer.isMixing && !video.isAway && !audio.isAway) {
      this.#mixer.output(undefined, false);
      this.#fill([]);
      return this.#given;
    }
    const sound = this.#mixer.output(audio.isAway ? undefined : audio.track, audio.isAway);
    return this.#fill([sound, video.isAway ? this.#standIn() : video.track]);
  }

  /** Our own stream with these tracks and no others, muted before anybody can see or hear them. */
  #fill(tracks: (MediaStreamTrack | undefined)[]): MediaStream {
    const own = (this.#own ??= this.#world.createStream());
    for (const old of own.getTracks()) if (!tracks.includes(old)) own.removeTrack(old);
    for (const track of tracks) {
      if (!track || own.getTracks().includes(track)) continue;
      this.#mute.apply(track);
      own.addTrack(track);
    }
    if (!tracks.includes(this.#placeholder?.track)) {
      this.#placeholder?.stop();
      this.#placeholder = undefined;
    }
    return own;
  }

  #standIn(): MediaStreamTrack | undefined {
    this.#placeholder ??= new PlaceholderFrame(this.#world, this.#video.settings);
    return this.#placeholder.track;
  }

  #describe(source: 'camera' | 'screen'): PreviewData {
    const { track: video, settings } = this.#video;
    const { track: audio, settings: sound } = this.#audio;
    const { deviceId, width, height, frameRate: framerate } = settings;
    const size = { width, height, framerate };
    return {
      constraints: {
        ...(audio && { audio: { deviceId: sound.deviceId } }),
        ...(video && { video: { deviceId, ...size, source } }),
      },
      metadata: { ...size, hasAudio: audio !== undefined, hasVideo: video !== undefined },
      stream: this.mutedStream(),
    };
  }
}

/** How a track is not what was wished for, as a sentence. */
function differenceIn(track: MediaStreamTrack, wished: PictureSize): string | undefined {
  const difference = differenceOf(wished, track.getSettings());
  return difference && sentences.different(track.label, difference);
}
