import { RtcUserError } from '../errors.js';
import type { DeviceList, DeviceListData, ListedDevice, PreviewData } from '../events.js';
import type { World } from '../world.js';
import { captureError } from './capture-errors.js';
import {
  areNamed,
  findDevice,
  isIndex,
  isSameList,
  toDeviceList,
  type DeviceChoice,
  type DeviceKind,
} from './devices.js';

export interface VideoDeviceConfig {
  /** Default true. */
  device?: DeviceChoice;
  /** Pixels, wished for and not demanded, as the height and the frame rate are. */
  width?: number;
  height?: number;
  /** Frames per second. */
  framerate?: number;
  /** Default `camera`. */
  source?: 'camera' | 'screen';
}

export interface AudioDeviceConfig {
  /** Default true. */
  device?: DeviceChoice;
  /** The three filters are for speech; music is better without. Default: what the browser does. */
  autoGainControl?: boolean;
  echoCancellation?: boolean;
  noiseSuppression?: boolean;
}

export interface PreviewConfig {
  videoDeviceConfig?: VideoDeviceConfig;
  audioDeviceConfig?: AudioDeviceConfig;
  /** The id of a `<video>` that is to show the preview. */
  elementId?: string;
}

export type MediaKind = 'audio' | 'video';

/**
 * The tracks to publish: those it captured itself, or those of a page's own stream. Its own tracks live in one stream
 * that stays the same, so that players and connections follow a change of device.
 */
export class Capture {
  readonly #world: World;
  readonly #muted = { audio: false, video: false };
  /** The tracks that we switched off: a page's own decision about its tracks is not ours to turn round. */
  readonly #switchedOff = new WeakSet<MediaStreamTrack>();
  #own: MediaStream | undefined;
  #given: MediaStream | undefined;
  /** The devices that the page was told last: what its indices count in. */
  #listed: DeviceList = toDeviceList([]);
  #turn: Promise<unknown> = Promise.resolve();

  constructor(world: World) {
    this.#world = world;
  }

  /** What is to be published: a page's own stream, else what was captured here. A page may have put in new tracks. */
  mutedStream(): MediaStream {
    const stream = this.#given ?? this.#ownStream;
    for (const track of stream.getTracks()) this.#applyMute(track);
    return stream;
  }

  get #ownStream(): MediaStream {
    this.#own ??= this.#world.createStream();
    return this.#own;
  }

  /** The kinds of media that are there to be published. */
  get kinds(): string[] {
    return (this.#given ?? this.#own)?.getTracks().map(({ kind }) => kind) ?? [];
  }

  /** Resolves when nothing is being opened or stopped any more. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  /**
   * Lists the inputs. Their labels are known only once the page may use them.
   * @throws RtcUserError 1006 on insecure pages, 6006
   */
  async listDevices(): Promise<DeviceListData> {
    const devices = await this.#enumerate();
    const updated = !isSameList(devices, this.#listed);
    this.#listed = devices;
    return { devices, updated };
  }

  /**
   * Opens camera or screen and microphone, or switches to other ones. The old ones go on until the new ones are open.
   * Calls are carried out one after the other.
   * @throws RtcUserError 1006, 6001, 6004, 6005, 6008
   */
  start(config: PreviewConfig): Promise<PreviewData> {
    return this.#inTurn(() => this.#open(config));
  }

  /** Stops what was captured here. A page's own stream is only let go of, its tracks are the page's. */
  stop(): Promise<void> {
    return this.#give(undefined);
  }

  /**
   * Publishes a page's own stream, in place of what was captured here.
   * @throws RtcUserError 6001 without tracks, 1002 with two of a kind
   */
  async useStream(stream: MediaStream): Promise<void> {
    const { length: audios } = stream.getAudioTracks();
    const { length: videos } = stream.getVideoTracks();
    if (audios + videos === 0) throw new RtcUserError(6001, 'The stream has no tracks.');
    if (audios > 1 || videos > 1) throw new RtcUserError(1002, 'The stream must have at most one track of a kind.');
    await this.#give(stream);
  }

  /** Mutes what is published now and whatever takes its place. */
  mute(kind: MediaKind, isMuted: boolean): void {
    this.#muted[kind] = isMuted;
    for (const track of (this.#given ?? this.#own)?.getTracks() ?? []) this.#applyMute(track);
  }

  #applyMute(track: MediaStreamTrack): void {
    if (this.#muted[track.kind as MediaKind]) {
      if (track.enabled) this.#switchedOff.add(track);
      track.enabled = false;
    } else if (this.#switchedOff.delete(track)) {
      track.enabled = true;
    }
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task, task);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #open({ videoDeviceConfig: video = {}, audioDeviceConfig: audio = {} }: PreviewConfig): Promise<PreviewData> {
    const source = video.source ?? 'camera';
    const wantsVideo = source === 'screen' || video.device !== false;
    if (!wantsVideo && audio.device === false) {
      throw new RtcUserError(6001, 'There is nothing to capture.');
    }
    const tracks: MediaStreamTrack[] = [];
    try {
      if (source === 'screen') tracks.push(...(await this.#openScreen(video)));
      tracks.push(...(await this.#openDevices(source === 'screen' ? { device: false } : video, audio)));
    } catch (error) {
      for (const track of tracks) track.stop();
      throw error;
    }
    return this.#adopt(tracks, source);
  }

  async #openScreen({ width, height, framerate }: VideoDeviceConfig): Promise<MediaStreamTrack[]> {
    try {
      const screen = await this.#mediaDevices().getDisplayMedia({
        video: ideals({ width, height, frameRate: framerate }),
      });
      return screen.getVideoTracks();
    } catch (error) {
      throw captureError(error, 'screen', this.#world);
    }
  }

  async #openDevices(video: VideoDeviceConfig, audio: AudioDeviceConfig): Promise<MediaStreamTrack[]> {
    if (video.device === false && audio.device === false) return [];
    const { width, height, framerate } = video;
    const { autoGainControl, echoCancellation, noiseSuppression } = audio;
    try {
      const constraints = {
        video: await this.#constraints('videoinput', video.device ?? true, { width, height, frameRate: framerate }),
        audio: await this.#constraints('audioinput', audio.device ?? true, {
          autoGainControl,
          echoCancellation,
          noiseSuppression,
        }),
      };
      return (await this.#mediaDevices().getUserMedia(constraints)).getTracks();
    } catch (error) {
      throw captureError(error, 'camera', this.#world);
    }
  }

  async #constraints(kind: DeviceKind, choice: DeviceChoice, wishes: Wishes): Promise<MediaTrackConstraints | boolean> {
    if (choice === false) return false;
    if (choice === true) return ideals(wishes);
    const listed = this.#listed[LISTS[kind]];
    const devices = isIndex(choice) && areNamed(listed) ? listed : await this.#namedDevices(kind);
    const { deviceId } = findDevice(devices, choice);
    return { ...ideals(wishes), ...(deviceId && { deviceId: { exact: deviceId } }) };
  }

  /** The devices of a kind. Ids and labels are kept from a page that may not use them yet, so it asks first. */
  async #namedDevices(kind: DeviceKind): Promise<ListedDevice[]> {
    const devices = (await this.#enumerate())[LISTS[kind]];
    if (areNamed(devices)) return devices;
    const asked = await this.#mediaDevices().getUserMedia(kind === 'videoinput' ? { video: true } : { audio: true });
    const named = (await this.#enumerate())[LISTS[kind]];
    for (const track of asked.getTracks()) track.stop();
    return named;
  }

  async #enumerate(): Promise<DeviceList> {
    const devices = await this.#mediaDevices()
      .enumerateDevices()
      .catch((error: unknown) => {
        throw new RtcUserError(6006, 'The devices could not be listed.', error);
      });
    return toDeviceList(devices);
  }

  /** Takes new tracks into use, muted where they have to be before anybody can see or hear them. */
  #adopt(tracks: MediaStreamTrack[], source: 'camera' | 'screen'): PreviewData {
    for (const track of tracks) this.#applyMute(track);
    this.#given = undefined;
    this.#replaceOwn(tracks);
    return describe(this.#ownStream, source);
  }

  #give(stream: MediaStream | undefined): Promise<void> {
    return this.#inTurn(async () => {
      this.#given = stream;
      this.#replaceOwn([]);
    });
  }

  #replaceOwn(tracks: MediaStreamTrack[]): void {
    const own = this.#ownStream;
    for (const old of own.getTracks()) {
      own.removeTrack(old);
      old.stop();
    }
    for (const track of tracks) own.addTrack(track);
  }

  #mediaDevices(): MediaDevices {
    const { mediaDevices, isSecureContext } = this.#world;
    if (mediaDevices) return mediaDevices;
    throw new RtcUserError(
      1006,
      isSecureContext
        ? 'This browser has no cameras and microphones for pages.'
        : 'Cameras and microphones need a secure page: serve it over https.',
    );
  }
}

const LISTS = { videoinput: 'videodevices', audioinput: 'audiodevices' } as const;

type Wishes = Record<string, number | boolean | undefined>;

function ideals(wishes: Wishes): MediaTrackConstraints {
  const given = Object.entries(wishes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, ideal]) => [key, { ideal }]));
}

function describe(stream: MediaStream, source: 'camera' | 'screen'): PreviewData {
  const [video] = stream.getVideoTracks();
  const [audio] = stream.getAudioTracks();
  const { deviceId, width, height, frameRate: framerate } = video?.getSettings() ?? {};
  const size = { width, height, framerate };
  return {
    constraints: {
      ...(audio && { audio: { deviceId: audio.getSettings().deviceId } }),
      ...(video && { video: { deviceId, ...size, source } }),
    },
    metadata: { ...size, hasAudio: audio !== undefined, hasVideo: video !== undefined },
    stream,
  };
}
