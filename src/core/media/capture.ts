import { RtcUserError } from '../errors.js';
import type { CaptureStatusData, DeviceListData, PreviewData } from '../events.js';
import type { World } from '../world.js';
import { DeviceOpener } from './device-opener.js';
import type { MediaKind } from './devices.js';
import { sentences } from './healing.js';
import { Mixer } from './mixer.js';
import { Mute } from './mute.js';
import {
  differenceOf,
  readPreviewConfig,
  readSize,
  type PictureSize,
  type PreviewConfig,
  type Wish,
} from './preview-config.js';
import { Source } from './source.js';
import { StillPicture } from './still-picture.js';
import { Turns } from './turns.js';

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
  readonly #turns: Turns;
  readonly #video: Source;
  readonly #audio: Source;
  readonly #mixer: Mixer;
  #still: StillPicture | undefined;
  #own: MediaStream | undefined;
  #given: MediaStream | undefined;
  #gift = new AbortController();

  constructor(world: World, callbacks: CaptureCallbacks) {
    this.#world = world;
    this.#callbacks = callbacks;
    this.#opener = new DeviceOpener(world);
    this.#turns = new Turns(world);
    const surroundings = {
      world,
      opener: this.#opener,
      turns: this.#turns,
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
    // What is mixed, or stood in for, may be sent itself again.
    for (const track of [...this.#devices, ...(this.#given?.getTracks() ?? [])]) this.#mute.apply(track);
    const stream = this.#published();
    for (const track of stream.getTracks()) this.#mute.apply(track);
    return stream;
  }

  /** The kinds of media that are there to be published. */
  get kinds(): string[] {
    return (this.#given ?? this.#own)?.getTracks().map(({ kind }) => kind) ?? [];
  }

  /** Whether a camera, screen or microphone is open. */
  get isPreviewing(): boolean {
    return this.#devices.length > 0;
  }

  get #devices(): MediaStreamTrack[] {
    return [this.#audio, this.#video].flatMap(({ track }) => track ?? []);
  }

  /** Resolves when nothing that the page has chosen is being opened any more. */
  settled(): Promise<void> {
    return this.#turns.settled();
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
    return this.#turns.choose((turn) => this.#open(wish, turn));
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

  /** Mutes what is published now and whatever takes its place. Of sound that is everything, a mix included. */
  mute(kind: MediaKind, isMuted: boolean): void {
    this.#mute.set(kind, isMuted);
    if (this.#given ?? this.#own) this.mutedStream();
  }

  async #open({ video, audio }: Wish, turn: AbortSignal): Promise<PreviewData> {
    const isScreen = video.source === 'screen';
    const camera = isScreen ? { ...video, device: false } : video;
    if (!isScreen && video.device === false && audio.device === false) {
      throw new RtcUserError(6001, 'There is nothing to capture.');
    }
    const tracks: MediaStreamTrack[] = [];
    try {
      if (isScreen) tracks.push(...(await this.#opener.openScreen(video, turn)));
      tracks.push(...(await this.#opener.openDevices(camera, audio, turn)));
    } catch (error) {
      for (const track of tracks) track.stop();
      throw error;
    }
    this.#letGo();
    for (const [one, config] of [
      [this.#audio, audio],
      [this.#video, video],
    ] as const) {
      const track = tracks.find(({ kind }) => kind === one.kind);
      // A screen is as large as it is.
      const isSized = one === this.#video && !isScreen;
      if (track) one.choose(track, config, isSized ? differenceIn(track, video) : undefined);
      else one.release();
    }
    this.#changed();
    return this.#describe(video.source);
  }

  #give(stream: MediaStream | undefined): void {
    this.#letGo();
    this.#given = stream;
    this.#video.release();
    this.#audio.release();
    this.#turns.giveUp();
    const { signal } = this.#gift;
    for (const track of stream?.getTracks() ?? []) {
      const kind = track.kind as MediaKind;
      const told = {
        kind: `${kind}input`,
        state: 'missing',
        device: track.label,
        message: sentences.ended(kind),
      } as const;
      track.addEventListener('ended', () => this.#callbacks.onStatus(told), { signal });
    }
    this.#changed();
  }

  #letGo(): void {
    this.#given = undefined;
    this.#gift.abort();
    this.#gift = new AbortController();
  }

  #changed(): void {
    this.mutedStream();
    this.#callbacks.onChange();
  }

  #published(): MediaStream {
    const given = this.#given;
    if (given && !this.#mixer.isMixing) {
      this.#mixer.output(undefined, false);
      this.#fill([]);
      return given;
    }
    const [video] = given ? given.getVideoTracks() : [this.#video.isAway ? this.#standIn() : this.#video.track];
    const [microphone] = given ? given.getAudioTracks() : [this.#audio.isAway ? undefined : this.#audio.track];
    return this.#fill([this.#mixer.output(microphone, !given && this.#audio.isAway), video]);
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
    if (!tracks.includes(this.#still?.track)) {
      this.#still?.stop();
      this.#still = undefined;
    }
    return own;
  }

  #standIn(): MediaStreamTrack | undefined {
    this.#still ??= new StillPicture(this.#world, this.#video.settings);
    return this.#still.track;
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
