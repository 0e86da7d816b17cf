import { number, object, readKeys, type NumberRule, type Rule } from './checks.js';
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

/** Ids as browsers make them: hex digits in Chromium and Safari, Base64 in Firefox. */
const DEVICE_ID = /^([0-9a-f]{40,64}|[0-9a-z+/]{43}=)$/i;

/** Whether a choice can only be a browser's device id, which pages store and browsers forget. */
export function looksLikeDeviceId(choice: unknown): boolean {
  return typeof choice === 'string' && DEVICE_ID.test(choice);
}

/** The requested video format; a browser may open another one. 0: the browser decides. */
export interface VideoFormat {
  /** Pixels, 320 to 3840. */
  width?: number;
  /** Pixels, 240 to 2160. */
  height?: number;
  /** Frames per second, up to 60. */
  framerate?: number;
}

/** Which device to open. */
interface DeviceConfig {
  /** Default true. */
  device?: DeviceChoice;
  /** The label stored beside a device id: used if the browser has forgotten the id. Default none. */
  deviceLabel?: string;
}

/** Which camera or screen to open, and how. */
export interface VideoDeviceConfig extends VideoFormat, DeviceConfig {
  /** `screen` also captures the audio of the tab or system, if the browser can. Default `camera`. */
  source?: 'camera' | 'screen';
}

/** Which microphone to open, and how. */
export interface AudioDeviceConfig extends DeviceConfig {
  /** The three filters are for speech; music is better without. Default: what the browser does. */
  autoGainControl?: boolean;
  /** Removes the audio of the loudspeaker. Default: the browser decides. */
  echoCancellation?: boolean;
  /** Removes background noise. Default: the browser decides. */
  noiseSuppression?: boolean;
  /** 2 for stereo, if the microphone has it. Default: what the browser does. */
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

const FORMAT_RULES: Record<keyof VideoFormat, NumberRule> = {
  width: { min: 320, max: 3840 },
  height: { min: 240, max: 2160 },
  framerate: { min: 0, max: 60 },
};

/**
 * The numbers of `size` that are given.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong value
 */
export function readFormat(size: VideoFormat): VideoFormat {
  const read: VideoFormat = {};
  for (const key of Object.keys(FORMAT_RULES) as (keyof VideoFormat)[]) {
    const value = size[key];
    if (value !== undefined && value !== 0) read[key] = number(key, value, FORMAT_RULES[key]);
  }
  return read;
}

const VIDEO_RULES: Record<string, Rule> = { source: ['camera', 'screen'], deviceLabel: 'string' };

const AUDIO_RULES: Record<string, Rule> = {
  autoGainControl: 'boolean',
  echoCancellation: 'boolean',
  noiseSuppression: 'boolean',
  channelCount: { min: 1, max: Infinity, whole: true },
  deviceLabel: 'string',
};

/** What a preview is to open, with all defaults. */
export interface CaptureRequest {
  video: VideoDeviceConfig & Required<Pick<VideoDeviceConfig, 'device' | 'source'>>;
  audio: AudioDeviceConfig & Required<Pick<AudioDeviceConfig, 'device'>>;
}

/**
 * Checks `config`, and adds the defaults.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong value, 1003 for another source
 */
export function readPreviewConfig({ videoDeviceConfig = {}, audioDeviceConfig = {} }: PreviewConfig): CaptureRequest {
  const video: VideoDeviceConfig = object('videoDeviceConfig', videoDeviceConfig);
  const audio: AudioDeviceConfig = object('audioDeviceConfig', audioDeviceConfig);
  readKeys(video, VIDEO_RULES);
  readKeys(audio, AUDIO_RULES);
  return {
    video: {
      ...readFormat(video),
      ...(video.deviceLabel && { deviceLabel: video.deviceLabel }),
      source: video.source ?? 'camera',
      device: readDevice(video.device),
    },
    audio: { ...audio, device: readDevice(audio.device) },
  };
}

function readDevice(device: DeviceChoice = true): DeviceChoice {
  if (['boolean', 'number', 'string'].includes(typeof device)) return readChoice(device);
  throw new RtcUserError(1001, 'device must be a boolean, a number or a string.');
}

/**
 * How the opened format differs from the requested one, as the end of a sentence, or undefined. A phone that is held
 * upright swaps width and height, and cameras only approximate a frame rate.
 */
export function formatDifference(
  requested: VideoFormat,
  { width, height, frameRate }: MediaTrackSettings,
): string | undefined {
  // A value that a browser does not report, or reports as 0, counts as equal.
  const isEqual = (wanted?: number, opened?: number) => !wanted || !opened || wanted === opened;
  const isSize = (one?: number, other?: number) => isEqual(requested.width, one) && isEqual(requested.height, other);
  const isRate = !requested.framerate || !frameRate || frameRate >= 0.9 * requested.framerate;
  if ((isSize(width, height) || isSize(height, width)) && isRate) return undefined;
  const text = (one?: number, other?: number, rate?: number) =>
    [one && other ? `${one} × ${other}` : one || other, rate && `${Math.round(rate)} frames per second`]
      .filter(Boolean)
      .join(' at ');
  return `${text(width, height, frameRate)}, not with ${text(requested.width, requested.height, requested.framerate)}`;
}
