import { RtcUserError } from '../errors.js';
import type { DeviceList, DeviceListData, ListedDevice } from '../events.js';
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
  type MediaKind,
} from './devices.js';
import type { AudioDeviceConfig, PictureSize, VideoDeviceConfig } from './preview-config.js';

const LISTS = { videoinput: 'videodevices', audioinput: 'audiodevices' } as const;

type Wishes = Record<string, number | boolean | undefined>;

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
    return (await this.#enumerate())[LISTS[`${kind}input`]];
  }

  /** @throws RtcUserError 1006, 6008 */
  async openScreen(size: PictureSize): Promise<MediaStreamTrack[]> {
    try {
      const screen = await this.#mediaDevices().getDisplayMedia({ video: pictureOf(size) });
      return screen.getVideoTracks();
    } catch (error) {
      throw captureError(error, 'screen', this.#world);
    }
  }

  /**
   * Opens the chosen camera and microphone by one request, so that people are asked once.
   * @throws RtcUserError 1006, 6004, 6005
   */
  async openDevices(video: VideoDeviceConfig, audio: AudioDeviceConfig): Promise<MediaStreamTrack[]> {
    if (video.device === false && audio.device === false) return [];
    try {
      const constraints = {
        video: await this.#constraints('videoinput', video.device ?? true, pictureOf(video)),
        audio: await this.#constraints('audioinput', audio.device ?? true, soundOf(audio)),
      };
      return (await this.#mediaDevices().getUserMedia(constraints)).getTracks();
    } catch (error) {
      throw captureError(error, 'camera', this.#world);
    }
  }

  async #constraints(
    kind: DeviceKind,
    choice: DeviceChoice,
    wishes: MediaTrackConstraints,
  ): Promise<MediaTrackConstraints | boolean> {
    if (choice === false) return false;
    if (choice === true) return wishes;
    const listed = this.#listed[LISTS[kind]];
    const devices = isIndex(choice) && areNamed(listed) ? listed : await this.#namedDevices(kind);
    const { deviceId } = findDevice(devices, choice);
    return { ...wishes, ...(deviceId && { deviceId: { exact: deviceId } }) };
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
