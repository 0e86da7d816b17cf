import { RtcUserError } from '../api/errors.js';
import type { DeviceList, DeviceListData, ListedDevice } from '../api/events.js';
import type { World } from '../platform/world.js';
import { captureError, type RequestedDevices } from './capture-errors.js';
import { areNamed, findDevice, isSameList, toDeviceList, type MediaKind } from './devices.js';
import {
  isIndex,
  type DeviceChoice,
  type AudioDeviceConfig,
  type VideoFormat,
  type VideoDeviceConfig,
} from '../api/preview-config.js';

const DEVICE_NAMES = { video: 'camera', audio: 'microphone' } as const;
const LISTS = { video: 'videodevices', audio: 'audiodevices' } as const;

/** The choice of no device. */
export const OFF = { device: false } as const;

type Ideals = Record<string, number | boolean | undefined>;

/** A device to open. */
interface Wanted {
  kind: MediaKind;
  choice: DeviceChoice;
  label: string | undefined;
  constraints: MediaTrackConstraints;
}

/** What Chromium has beyond the types of TypeScript (Screen Capture, `windowAudio`: Chrome 141). */
interface ScreenOptions extends DisplayMediaStreamOptions {
  systemAudio: 'include';
  windowAudio: 'window';
  surfaceSwitching: 'include';
  selfBrowserSurface: 'exclude';
  controller?: object;
}

/** Lists and opens the browser's cameras, microphones and screens. */
export class DeviceOpener {
  readonly #world: World;
  /** The list that the page received last: its indices refer to it. */
  #listed: DeviceList = toDeviceList([]);

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * Lists the inputs. Their labels are known only once the page may use them.
   * @throws RtcUserError 1006 on insecure pages, 6006
   */
  async list(): Promise<DeviceListData> {
    const devices = await this.#enumerate();
    const updated = !isSameList(devices, this.#listed);
    this.#listed = devices;
    return { devices, updated };
  }

  /** The devices of a kind that are connected now. */
  async devices(kind: MediaKind): Promise<ListedDevice[]> {
    return (await this.#enumerate())[LISTS[kind]];
  }

  /**
   * Opens a screen, window or tab that the person picks, with its audio if browser and person allow that.
   * @throws RtcUserError 1006, 6008, or the reason of the signal
   */
  async openScreen(format: VideoFormat, signal: AbortSignal): Promise<MediaStreamTrack[]> {
    const devices = this.#mediaDevices();
    if (!devices.getDisplayMedia) throw new RtcUserError(6008, 'This browser cannot share the screen.');
    const controller = this.#world.createCaptureController();
    // The person stays with the page instead of being taken to the shared tab.
    controller?.setFocusBehavior('no-focus-change');
    const options: ScreenOptions = {
      video: videoConstraints(format),
      audio: true,
      systemAudio: 'include',
      windowAudio: 'window',
      surfaceSwitching: 'include',
      selfBrowserSurface: 'exclude',
      ...(controller && { controller }),
    };
    try {
      return await tracksOf(devices.getDisplayMedia(options), signal);
    } catch (error) {
      throw captureError(error, 'screen', this.#world);
    }
  }

  /**
   * Opens the chosen camera and microphone by one request, so that people are asked once.
   * @throws RtcUserError 1006, 6004, 6005, or the reason of the signal
   */
  async openDevices(
    video: VideoDeviceConfig,
    audio: AudioDeviceConfig,
    signal: AbortSignal,
  ): Promise<MediaStreamTrack[]> {
    const wanted: Wanted[] = [
      {
        kind: 'video' as const,
        choice: video.device ?? true,
        label: video.deviceLabel,
        constraints: videoConstraints(video),
      },
      {
        kind: 'audio' as const,
        choice: audio.device ?? true,
        label: audio.deviceLabel,
        constraints: audioConstraints(audio),
      },
    ].filter(({ choice }) => choice !== false);
    try {
      return await this.#open(wanted, signal);
    } catch (error) {
      const names = wanted.map(({ kind }) => DEVICE_NAMES[kind]).join(' and ');
      throw captureError(error, 'camera', this.#world, names as RequestedDevices);
    }
  }

  async #open(wanted: readonly Wanted[], signal: AbortSignal): Promise<MediaStreamTrack[]> {
    if (wanted.length === 0) return [];
    const capture = (constraints: MediaStreamConstraints) =>
      tracksOf(this.#mediaDevices().getUserMedia(constraints), signal);
    const lists = await this.#listsFor(wanted);
    signal.throwIfAborted();
    const isNamed = wanted.every(({ choice }, index) => choice === true || areNamed(lists[index] ?? []));
    if (isNamed) return capture(constraintsFor(wanted, lists));
    // Browsers hide ids and labels from a page until it was allowed to use devices, so it asks first.
    const asked = await capture(constraintsFor(wanted));
    try {
      const constraints = constraintsFor(wanted, await this.#listsFor(wanted));
      signal.throwIfAborted();
      if (asked.every((track) => isMeant(track, constraints))) return asked.splice(0);
      stopAll(asked);
      return await capture(constraints);
    } finally {
      stopAll(asked);
    }
  }

  /** The devices that each choice refers to: for an index, the list that the page received. */
  #listsFor(wanted: readonly Wanted[]): Promise<ListedDevice[][]> {
    return Promise.all(
      wanted.map(async ({ kind, choice }) => {
        const seen = this.#listed[LISTS[kind]];
        const isEnough = choice === true || (isIndex(choice) && areNamed(seen));
        return isEnough ? seen : this.devices(kind);
      }),
    );
  }

  async #enumerate(): Promise<DeviceList> {
    const devices = await this.#mediaDevices()
      .enumerateDevices()
      .catch((error: unknown) => {
        throw new RtcUserError(6006, 'The devices could not be listed.', error);
      });
    return toDeviceList(devices);
  }

  #mediaDevices(): MediaDevices {
    const { mediaDevices, isSecureContext } = this.#world;
    if (mediaDevices) return mediaDevices;
    throw new RtcUserError(
      1006,
      isSecureContext
        ? 'This browser has no camera or microphone.'
        : 'Browsers allow camera access only on HTTPS pages and localhost: serve the page over https.',
    );
  }
}

/** The tracks that a browser opens, unless they come too late. */
async function tracksOf(opened: Promise<MediaStream>, signal: AbortSignal): Promise<MediaStreamTrack[]> {
  const tracks = (await opened).getTracks();
  if (signal.aborted) stopAll(tracks);
  signal.throwIfAborted();
  return tracks;
}

export function stopAll(tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) track.stop();
}

/** @param lists what the choices refer to; without them any device will do */
function constraintsFor(wanted: readonly Wanted[], lists?: ListedDevice[][]): MediaStreamConstraints {
  const constraints: MediaStreamConstraints = { video: false, audio: false };
  for (const [index, { kind, choice, label, constraints: own }] of wanted.entries()) {
    const list = typeof choice === 'boolean' ? undefined : lists?.[index];
    const deviceId = list && findDevice(list, choice as number | string, label)?.deviceId;
    constraints[kind] = { ...own, ...(deviceId && { deviceId: { exact: deviceId } }) };
  }
  return constraints;
}

/** Whether a track is of the device that is demanded. */
function isMeant(track: MediaStreamTrack, constraints: MediaStreamConstraints): boolean {
  const { deviceId } = constraints[track.kind as MediaKind] as MediaTrackConstraints;
  return !deviceId || (deviceId as ConstrainDOMStringParameters).exact === track.getSettings().deviceId;
}

function videoConstraints({ width, height, framerate }: VideoFormat): MediaTrackConstraints {
  return ideals({ width, height, frameRate: framerate });
}

function audioConstraints({
  autoGainControl,
  echoCancellation,
  noiseSuppression,
  channelCount,
}: AudioDeviceConfig): MediaTrackConstraints {
  return ideals({ autoGainControl, echoCancellation, noiseSuppression, channelCount });
}

function ideals(values: Ideals): MediaTrackConstraints {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, ideal]) => [key, { ideal }]));
}
