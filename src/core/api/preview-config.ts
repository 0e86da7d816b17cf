import { number, object, ofType } from './checks.js';
import { RtcUserError } from './errors.js';

/**
 * Which device to open: `true` whichever the browser picks, `false` none, or an index in the list of devices, a device
 * id or a label. All but labels may come as strings, as they do from a `<select>`; the empty string leaves the choice to
 * the browser.
 */
export type DeviceChoice = boolean | number | string;

/** What a page chose: v4's pages have `true` and `false` as the values of a `<select>`. */
export function readChoice(choice: DeviceChoice): DeviceChoice {
  if (choice === 'false') return false;
  return choice === 'true' || choice === '' ? true : choice;
}

export function isIndex(choice: DeviceChoice): boolean {
  return typeof choice === 'number' || /^\d+$/.test(String(choice));
}

/** A picture as it is wished for; a browser may open another one. 0 leaves a number to the browser. */
export interface PictureSize {
  /** Pixels, 320 to 3840. */
  width?: number;
  /** Pixels, 240 to 2160. */
  height?: number;
  /** Frames per second, up to 60. */
  framerate?: number;
}

/** Which camera or screen to open, and how. */
export interface VideoDeviceConfig extends PictureSize {
  /** Default true. */
  device?: DeviceChoice;
  /** Default `camera`. */
  source?: 'camera' | 'screen';
}

/** Which microphone to open, and how. */
export interface AudioDeviceConfig {
  /** Default true. */
  device?: DeviceChoice;
  /** The three filters are for speech; music is better without. Default: what the browser does. */
  autoGainControl?: boolean;
  /** Removes the sound of the loudspeaker. Default: the browser decides. */
  echoCancellation?: boolean;
  /** Removes background noise. Default: the browser decides. */
  noiseSuppression?: boolean;
  /** 2 for stereo, where the microphone has it. Default: what the browser does. */
  channelCount?: number;
}

/** What `startPreview` opens. */
export interface PreviewConfig {
  /** The camera or screen. Default: the camera that the browser chooses. */
  videoDeviceConfig?: VideoDeviceConfig;
  /** The microphone. Default: the one that the browser chooses. */
  audioDeviceConfig?: AudioDeviceConfig;
  /** The id of a `<video>` that is to show the preview. */
  elementId?: string;
  /** v5 had it; no effect. */
  useWebView?: boolean;
}

const RULES = { width: { min: 320, max: 3840 }, height: { min: 240, max: 2160 }, framerate: { min: 0, max: 60 } };

/**
 * The numbers of `size` that are given.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong value
 */
export function readSize(size: PictureSize): PictureSize {
  const read: PictureSize = {};
  for (const key of Object.keys(RULES) as (keyof PictureSize)[]) {
    const value = size[key];
    if (value !== undefined && value !== 0) read[key] = number(key, value, RULES[key]);
  }
  return read;
}

/** What a preview is to open, every choice made. */
export interface Wish {
  video: VideoDeviceConfig & Required<Pick<VideoDeviceConfig, 'device' | 'source'>>;
  audio: AudioDeviceConfig & Required<Pick<AudioDeviceConfig, 'device'>>;
}

/**
 * What `config` wishes for.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong value, 1003 for another source
 */
export function readPreviewConfig({ videoDeviceConfig = {}, audioDeviceConfig = {} }: PreviewConfig): Wish {
  const video: VideoDeviceConfig = object('videoDeviceConfig', videoDeviceConfig);
  const audio: AudioDeviceConfig = object('audioDeviceConfig', audioDeviceConfig);
  const { source = 'camera' } = video;
  if (source !== 'camera' && source !== 'screen') throw new RtcUserError(1003, 'source must be "camera" or "screen".');
  for (const key of ['autoGainControl', 'echoCancellation', 'noiseSuppression'] as const) {
    if (audio[key] !== undefined) ofType('boolean', key, audio[key]);
  }
  if (audio.channelCount !== undefined) {
    number('channelCount', audio.channelCount, { min: 1, max: Infinity, whole: true });
  }
  return {
    video: { ...readSize(video), source, device: readDevice(video.device) },
    audio: { ...audio, device: readDevice(audio.device) },
  };
}

function readDevice(device: DeviceChoice = true): DeviceChoice {
  if (['boolean', 'number', 'string'].includes(typeof device)) return readChoice(device);
  throw new RtcUserError(1001, 'device must be a boolean, a number or a string.');
}

/**
 * How what was opened differs from what was wished for, as the end of a sentence, or undefined. A phone that is held
 * upright turns the picture, and cameras come close to a frame rate at best.
 */
export function differenceOf(
  wished: PictureSize,
  { width, height, frameRate }: MediaTrackSettings,
): string | undefined {
  // What a browser does not tell, or tells as 0, is as it was wished for.
  const isEqual = (wish?: number, have?: number) => !wish || !have || wish === have;
  const isSize = (one?: number, other?: number) => isEqual(wished.width, one) && isEqual(wished.height, other);
  const isRate = !wished.framerate || !frameRate || frameRate >= 0.9 * wished.framerate;
  if ((isSize(width, height) || isSize(height, width)) && isRate) return undefined;
  const text = (one?: number, other?: number, rate?: number) =>
    [one && other ? `${one} × ${other}` : one || other, rate && `${Math.round(rate)} frames per second`]
      .filter(Boolean)
      .join(' at ');
  return `${text(width, height, frameRate)}, not with ${text(wished.width, wished.height, wished.framerate)}`;
}
