import { RtcUserError } from '../api/errors.js';
import type { DeviceList, DeviceListData, ListedDevice } from '../api/events.js';
import type { World } from '../platform/world.js';
import { captureError } from './capture-errors.js';
import { areNamed, findDevice, isSameList, toDeviceList, type MediaKind } from './devices.js';
import {
  isIndex,
  type DeviceChoice,
  type AudioDeviceConfig,
  type PictureSize,
  type VideoDeviceConfig,
} from '../api/preview-config.js';

const LISTS = { video: 'videodevices', audio: 'audiodevices' } as const;

type Wishes = Record<string, number | boolean | undefined>;

/** A device to open. */
interface Wanted {
  kind: MediaKind;
  choice: DeviceChoice;
  wishes: MediaTrackConstraints;
}

/** Lists and opens the browser's cameras, microphones and screens. */
export class DeviceOpener {
  readonly #world: World;
  /** The devices that the page was told last: what its indices count in. */
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

  /** The devices of a kind that are there now, whatever the page was told. */
  async devices(kind: MediaKind): Promise<ListedDevice[]> {
    return (await this.#enumerate())[LISTS[kind]];
  }

  /** @throws RtcUserError 1006, 6008, or the reason of the signal */
  async openScreen(size: PictureSize, turn: AbortSignal): Promise<MediaStreamTrack[]> {
    const devices = this.#mediaDevices();
    if (!devices.getDisplayMedia) {
      throw new RtcUserError(6008, 'This browser cannot capture the screen: those of phones cannot.');
    }
    try {
      return await tracksOf(devices.getDisplayMedia({ video: pictureOf(size) }), turn);
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
    turn: AbortSignal,
  ): Promise<MediaStreamTrack[]> {
    const wanted: Wanted[] = [
      { kind: 'video', choice: video.device ?? true, wishes: pictureOf(video) },
      { kind: 'audio', choice: audio.device ?? true, wishes: soundOf(audio) },
    ];
    try {
      return await this.#open(
        wanted.filter(({ choice }) => choice !== false),
        turn,
      );
    } catch (error) {
      throw captureError(error, 'camera', this.#world);
    }
  }

  async #open(wanted: readonly Wanted[], turn: AbortSignal): Promise<MediaStreamTrack[]> {
    if (wanted.length === 0) return [];
    const capture = (constraints: MediaStreamConstraints) =>
      tracksOf(this.#mediaDevices().getUserMedia(constraints), turn);
    const lists = await this.#listsFor(wanted);
    turn.throwIfAborted();
    const isNamed = wanted.every(({ choice }, index) => choice === true || areNamed(lists[index] ?? []));
    if (isNamed) return capture(constraintsFor(wanted, lists));
    // Ids and labels are kept from a page that may not use devices yet, so it asks first.
    const asked = await capture(constraintsFor(wanted));
    try {
      const constraints = constraintsFor(wanted, await this.#listsFor(wanted));
      turn.throwIfAborted();
      if (asked.every((track) => isMeant(track, constraints))) return asked.splice(0);
      stopAll(asked);
      return await capture(constraints);
    } finally {
      stopAll(asked);
    }
  }

  /** The devices that each choice is among: an index counts in the list that the page has seen. */
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
        ? 'This browser has no cameras and microphones for pages.'
        : 'Cameras and microphones need a secure page: serve it over https.',
    );
  }
}

/** The tracks that a browser gives, unless they come too late. */
async function tracksOf(opened: Promise<MediaStream>, turn: AbortSignal): Promise<MediaStreamTrack[]> {
  const tracks = (await opened).getTracks();
  if (turn.aborted) stopAll(tracks);
  turn.throwIfAborted();
  return tracks;
}

export function stopAll(tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) track.stop();
}

/** @param lists what the choices are among; without them any device will do */
function constraintsFor(wanted: readonly Wanted[], lists?: ListedDevice[][]): MediaStreamConstraints {
  const constraints: MediaStreamConstraints = { video: false, audio: false };
  for (const [index, { kind, choice, wishes }] of wanted.entries()) {
    const list = typeof choice === 'boolean' ? undefined : lists?.[index];
    const deviceId = list && findDevice(list, choice as number | string).deviceId;
    constraints[kind] = { ...wishes, ...(deviceId && { deviceId: { exact: deviceId } }) };
  }
  return constraints;
}

/** Whether a track is of the device that is demanded. */
function isMeant(track: MediaStreamTrack, constraints: MediaStreamConstraints): boolean {
  const { deviceId } = constraints[track.kind as MediaKind] as MediaTrackConstraints;
  return !deviceId || (deviceId as ConstrainDOMStringParameters).exact === track.getSettings().deviceId;
}

function pictureOf({ width, height, framerate }: PictureSize): MediaTrackConstraints {
  return ideals({ width, height, frameRate: framerate });
}

function soundOf({ autoGainControl, echoCancellation, noiseSuppression, channelCount }: AudioDeviceConfig) {
  return ideals({ autoGainControl, echoCancellation, noiseSuppression, channelCount });
}

function ideals(wishes: Wishes): MediaTrackConstraints {
  const given = Object.entries(wishes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, ideal]) => [key, { ideal }]));
}
