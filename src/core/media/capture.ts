import { RtcUserError } from '../api/errors.js';
import type { CaptureStatusData, DeviceListData, PreviewData } from '../api/events.js';
import {
  formatDifference,
  readFormat,
  readPreviewConfig,
  type CaptureRequest,
  type PreviewConfig,
  type VideoFormat,
} from '../api/preview-config.js';
import type { World } from '../platform/world.js';
import type { Stats } from '../stats/sampler.js';
import { captureMessages } from './capture-messages.js';
import { CaptureSource } from './capture-source.js';
import { DeviceOpener, OFF, stopAll } from './device-opener.js';
import { DeviceQueue } from './device-queue.js';
import type { MediaKind } from './devices.js';
import { Mixer } from './mixer.js';
import { Mute } from './mute.js';
import { openAvailable, type Opened } from './open-available.js';
import { PlaceholderFrame } from './placeholder-frame.js';

export interface CaptureCallbacks {
  /** The tracks to publish have changed without a call. */
  onChange: () => void;
  onStatus: (status: CaptureStatusData) => void;
}

/**
 * The tracks to publish: captured here, or those of a custom `MediaStream`. Captured tracks are in one stream that stays the
 * same, so that players and connections follow a change of device.
 */
export class Capture {
  readonly #world: World;
  readonly #callbacks: CaptureCallbacks;
  readonly #mute = new Mute();
  readonly #opener: DeviceOpener;
  readonly #queue: DeviceQueue;
  readonly #video: CaptureSource;
  readonly #audio: CaptureSource;
  readonly #mixer: Mixer;
  #placeholder: PlaceholderFrame | undefined;
  #own: MediaStream | undefined;
  #given: MediaStream | undefined;
  /** Whether a screen's audio is or was sent: silence replaces it so that the server keeps getting audio. */
  #sharedAudio = false;
  /** What was opened last. */
  #request: CaptureRequest | undefined;

  constructor(world: World, callbacks: CaptureCallbacks) {
    this.#world = world;
    this.#callbacks = callbacks;
    this.#opener = new DeviceOpener(world);
    this.#queue = new DeviceQueue(world);
    const dependencies = {
      world,
      opener: this.#opener,
      queue: this.#queue,
      onChange: () => this.#changed(),
      onStatus: callbacks.onStatus,
    };
    this.#video = new CaptureSource('video', dependencies);
    this.#audio = new CaptureSource('audio', dependencies);
    this.#mixer = new Mixer(world, dependencies.onChange, (isMixed) =>
      this.tell({
        kind: 'audioinput',
        state: isMixed ? 'live' : 'different',
        device: '',
        message: isMixed ? captureMessages.mixedAgain : captureMessages.notMixed,
      }),
    );
  }

  /** Reports how the encoder or the mix fares. Once it works again, reports what is still wrong with the device, if anything. */
  tell(status: CaptureStatusData): void {
    const { trouble } = status.kind === 'videoinput' ? this.#video : this.#audio;
    this.#callbacks.onStatus((status.state === 'live' && trouble) || status);
  }

  /** The stream to publish: the page's own, to which it may have added tracks, or the one captured here. */
  mutedStream(): MediaStream {
    if (this.#given) {
      this.#audio.adopt(this.#given.getAudioTracks()[0]);
      this.#video.adopt(this.#given.getVideoTracks()[0]);
    }
    // A track that is mixed or replaced by a placeholder may be sent itself again.
    for (const track of this.#tracks) this.#mute.apply(track);
    const stream = this.#published();
    for (const track of stream.getTracks()) this.#mute.apply(track);
    return stream;
  }

  /** The kinds of media to publish. */
  get kinds(): string[] {
    return (this.#given ?? this.#own)?.getTracks().map(({ kind }) => kind) ?? [];
  }

  /** Whether a camera, screen or microphone is open or being opened. */
  get isPreviewing(): boolean {
    return this.#queue.isChoosing || (!this.#given && this.#tracks.length > 0);
  }

  /** The tracks of the devices or of the custom `MediaStream`, neither mixed nor replaced by a placeholder. */
  get sources(): MediaStreamTrack[] {
    return this.#given?.getTracks() ?? this.#tracks;
  }

  get #sources(): CaptureSource[] {
    return [this.#audio, this.#video];
  }

  get #tracks(): MediaStreamTrack[] {
    return this.#sources.flatMap(({ track }) => track ?? []);
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
   * Opens camera or screen and microphone, or switches to other ones. Only what changed is opened; the old devices go on
   * until the new ones are open. Calls are carried out one after the other; one that gets no answer is abandoned for the
   * next. From then on, devices that fail are recovered.
   * @throws RtcUserError 1001, 1002, 1003, 1006, 6001, 6004, 6005, 6008
   */
  async start(config: PreviewConfig): Promise<PreviewData> {
    const request = readPreviewConfig(config);
    return this.#queue.choose((task) => this.#open(request, task));
  }

  /** Stops what was captured here, at once. A custom `MediaStream` is only let go of, its tracks are the page's. */
  stop(): void {
    this.#mixer.inject(undefined);
    this.#give(undefined);
  }

  /**
   * Publishes a custom `MediaStream`, in place of what was captured here.
   * @throws RtcUserError 6001 without tracks, 1002 with two of a kind, 1001 or 1002 with a wrong format
   */
  useStream(stream: MediaStream, format: VideoFormat = {}): void {
    const { length: audios } = stream.getAudioTracks();
    const { length: videos } = stream.getVideoTracks();
    if (audios + videos === 0) throw new RtcUserError(6001, 'The stream has no tracks.');
    if (stream.getTracks().every(({ readyState }) => readyState === 'ended')) {
      throw new RtcUserError(6001, 'The stream has no live tracks.');
    }
    if (audios > 1 || videos > 1) throw new RtcUserError(1002, 'The stream must have at most one track of a kind.');
    const requested = readFormat(format);
    this.#give(stream);
    const [video] = stream.getVideoTracks();
    const difference = video && formatDifference(requested, video.getSettings());
    if (!difference) return;
    const { label } = video;
    const message = captureMessages.different(label, difference);
    this.#callbacks.onStatus({ kind: 'videoinput', state: 'different', device: label, message });
  }

  /**
   * Mixes the audio of a page's stream into what is sent, instead of the one before; undefined takes it out.
   * @throws RtcUserError 1006 if the browser cannot mix, 6001 without live audio
   */
  inject(stream: MediaStream | undefined): void {
    const [track] = stream?.getAudioTracks() ?? [];
    if (stream && track?.readyState !== 'live') throw new RtcUserError(6001, 'The stream has no live audio track.');
    try {
      this.#mixer.inject(track);
    } finally {
      this.#changed();
    }
  }

  /**
   * Takes a connection's statistics, which show what camera and microphone deliver. A microphone that is mixed with other
   * audio does not show in them.
   */
  takeStats(stats: readonly Stats[], at: number): void {
    for (const source of this.#sources) source.takeStats(stats, at);
  }

  /** Mutes what is published now and whatever takes its place. Muting audio includes everything that is mixed in. */
  mute(kind: MediaKind, isMuted: boolean): void {
    this.#mute.set(kind, isMuted);
    if (this.#given ?? this.#own) this.mutedStream();
  }

  async #open(request: CaptureRequest, task: AbortController): Promise<PreviewData> {
    const { video, audio } = request;
    const isScreen = video.source === 'screen';
    if (!isScreen && video.device === false && audio.device === false) {
      throw new RtcUserError(6001, 'There is nothing to capture.');
    }
    const kept = this.#unchangedKind(request);
    const screen = isScreen && kept !== 'video' ? await this.#openScreen(video, task) : [];
    const opened = await this.#openDevices(request, kept, task.signal).catch((error: unknown) => {
      stopAll(screen);
      throw error;
    });
    const tracks = [...screen, ...opened.tracks];
    if (task.signal.aborted) stopAll(tracks);
    task.signal.throwIfAborted();
    if (this.#given) this.#letGo();
    this.#request = request;
    this.#use('audio', request, kept === 'audio', { ...opened, tracks: opened.tracks });
    this.#use('video', request, kept === 'video', { ...opened, tracks });
    if (kept !== 'video') this.#shareScreenAudio(screen.find(({ kind }) => kind === 'audio'));
    this.#changed();
    return this.#describe(video.source);
  }

  /** The screen is not shared on while a prompt for the microphone stays open, and its end is noticed meanwhile. */
  async #openScreen(video: CaptureRequest['video'], task: AbortController): Promise<MediaStreamTrack[]> {
    const { signal } = task;
    const tracks = await this.#opener.openScreen(video, signal);
    if (signal.aborted) stopAll(tracks);
    signal.throwIfAborted();
    signal.addEventListener('abort', () => stopAll(tracks));
    const ended = () => task.abort(new RtcUserError(6008, 'Screen sharing has ended.'));
    for (const track of tracks)
      if (track.kind === 'video') track.addEventListener('ended', ended, { signal, once: true });
    return tracks;
  }

  /** The kind that stays as it is because only the other one is chosen again. */
  #unchangedKind(request: CaptureRequest): MediaKind | undefined {
    const isSame = (kind: MediaKind) => JSON.stringify(this.#request?.[kind]) === JSON.stringify(request[kind]);
    if (this.#given || !this.#request || isSame('audio') === isSame('video')) return undefined;
    if (isSame('audio')) return 'audio';
    const isScreen = request.video.source === 'screen';
    // A screen whose sharing has ended is left alone for another microphone only.
    const isForDevice = request.audio.device !== this.#request.audio.device;
    return isScreen === this.#video.isScreen && (!isScreen || this.#video.isAlive || isForDevice) ? 'video' : undefined;
  }

  #openDevices({ video, audio }: CaptureRequest, kept: MediaKind | undefined, signal: AbortSignal): Promise<Opened> {
    const isScreen = video.source === 'screen';
    const alive = this.#sources.filter(({ isAlive, isScreen: isShared }) => isAlive && !isShared);
    const requested = {
      video: isScreen || kept === 'video' ? OFF : video,
      audio: kept === 'audio' ? OFF : audio,
      alive: alive.map(({ kind }) => kind),
      hasOther: isScreen || this.#sources.some(({ kind, isAlive }) => kind === kept && isAlive),
      makeWay: () => this.#video.makeWay(),
      reopen: () => this.#video.reopen(),
    };
    return openAvailable(requested, this.#opener, this.#world, signal);
  }

  #use(kind: MediaKind, request: CaptureRequest, isKept: boolean, { tracks, failures }: Opened): void {
    const source = kind === 'video' ? this.#video : this.#audio;
    if (isKept) {
      if (source.isAway) source.reopen();
      return;
    }
    const config = request[kind];
    const track = tracks.find((one) => one.kind === kind);
    const failure = failures.get(kind);
    if (track) source.choose(track, config);
    else if (failure) source.chooseMissing(config, failure);
    else source.release();
  }

  #give(stream: MediaStream | undefined): void {
    this.#letGo();
    this.#queue.abandon();
    this.#given = stream;
    this.#changed();
  }

  #letGo(): void {
    this.#given = this.#request = undefined;
    this.#shareScreenAudio(undefined);
    this.#video.release();
    this.#audio.release();
  }

  #shareScreenAudio(track: MediaStreamTrack | undefined): void {
    this.#mixer.shareScreenAudio(track);
    this.#sharedAudio = track !== undefined;
  }

  #changed(): void {
    this.mutedStream();
    this.#callbacks.onChange();
  }

  #published(): MediaStream {
    const [video, audio] = [this.#video, this.#audio];
    if (!video.isScreen) this.#mixer.shareScreenAudio(undefined);
    if (this.#given && !this.#mixer.isMixing && !video.isAway && !audio.isAway) {
      this.#mixer.output(undefined, false);
      this.#fill([]);
      return this.#given;
    }
    const mixed = this.#mixer.output(audio.isAway ? undefined : audio.track, audio.isAway || this.#sharedAudio);
    return this.#fill([mixed, video.isAway ? this.#placeholderTrack() : video.track]);
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

  #placeholderTrack(): MediaStreamTrack | undefined {
    this.#placeholder ??= new PlaceholderFrame(this.#world, this.#video.settings);
    return this.#placeholder.track;
  }

  #describe(source: 'camera' | 'screen'): PreviewData {
    const { track: video, settings } = this.#video;
    const { track: audio, settings: audioSettings } = this.#audio;
    const { deviceId, width, height, frameRate: framerate } = settings;
    const size = { width, height, framerate };
    return {
      constraints: {
        ...(audio && { audio: { deviceId: audioSettings.deviceId } }),
        ...(video && { video: { deviceId, ...size, source } }),
      },
      metadata: { ...size, hasAudio: audio !== undefined || this.#sharedAudio, hasVideo: video !== undefined },
      stream: this.mutedStream(),
    };
  }
}
