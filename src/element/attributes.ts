import type { PropertyDeclaration } from 'lit';
import { DEFAULT_RECONNECT, type ConfigPatch } from '../core/api/config.js';
import type { LogLevel } from '../core/platform/logger.js';
import type { PreviewConfig } from '../core/api/preview-config.js';
import { DEGRADATION_PREFERENCES, VIDEO_CODECS, type EncodingConfig } from '../core/api/encoding-config.js';
import { kebabCase } from './kebab-case.js';

/** Which device to open. */
export type Device = Pick<NonNullable<PreviewConfig['videoDeviceConfig']>, 'device' | 'deviceLabel'>;

/** How one attribute is read. */
export interface Setting<Value> {
  default: Value;
  /** What is allowed, as text for a warning. */
  expects: string;
  /** The value for what a page has set, or undefined where that is wrong. */
  read: (given: unknown) => Value | undefined;
}

const text: Setting<string> = {
  default: '',
  expects: 'a text',
  read: (given) => (typeof given === 'string' ? given : undefined),
};

/** On if the attribute is there, as everywhere in HTML, whatever its value. */
const flag: Setting<boolean> = {
  default: false,
  expects: 'a boolean',
  read: (given) => given === '' || Boolean(given),
};

function number(preset: number, min: number, max = Infinity, isWhole = false): Setting<number> {
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  const read = (given: unknown) => {
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max;
    return fits && (!isWhole || Number.isInteger(value)) ? value : undefined;
  };
  return { default: preset, expects: `a ${isWhole ? 'whole ' : ''}number ${range}`, read };
}

function choice<const Choices extends readonly string[]>(choices: Choices): Setting<Choices[number]> {
  const read = (given: unknown) => choices.find((name) => name === given);
  return {
    default: choices[0] as Choices[number],
    expects: `one of ${choices.filter(Boolean).join(', ')}`,
    read,
  };
}

/** Every property of the element that has an attribute; the first choice is the default. */
export const SETTINGS = {
  server: text,
  streamName: text,
  ingestUrl: text,
  token: text,
  credentials: choice(['omit', 'same-origin', 'include']),
  reconnectMinDelay: number(DEFAULT_RECONNECT.minDelay, 1),
  reconnectMaxDelay: number(DEFAULT_RECONNECT.maxDelay, 1),
  reconnectMaxRetries: number(60, 0, Infinity, true),
  source: choice(['camera', 'screen']),
  videoDevice: text,
  audioDevice: text,
  width: number(1280, 320, 3840),
  height: number(720, 240, 2160),
  framerate: number(30, 1, 60),
  audioMode: choice(['speech', 'music']),
  muted: flag,
  videoMuted: flag,
  videoCodec: choice(VIDEO_CODECS),
  videoBitrate: number(0, 0, 34000),
  videoStartBitrate: number(0, 0, 34000),
  audioBitrate: number(0, 0, 510),
  degradationPreference: choice(['', ...DEGRADATION_PREFERENCES]),
  autostart: flag,
  controls: flag,
  noPreview: flag,
  remember: flag,
  noWakeLock: flag,
  logLevel: number(0, 0, 4, true),
} satisfies Record<string, Setting<string> | Setting<boolean> | Setting<number>>;

export type SettingName = keyof typeof SETTINGS;

/** The attribute of a property is its name in HTML's spelling. */
export { kebabCase as attributeOf };

/** The element's properties that have an attribute, with their types. */
export type Settings = { [Name in SettingName]: (typeof SETTINGS)[Name]['default'] };

/** The same for Lit, which leaves the accessors to `defineSettings`. */
export const LIT_PROPERTIES: Record<string, PropertyDeclaration> = Object.fromEntries(
  Object.keys(SETTINGS).map((name) => [name, { attribute: kebabCase(name), noAccessor: true }]),
);

/** The settings of a host as they are now, but those named. */
export function settingsOf<Hidden extends SettingName = never>(
  host: Settings,
  ...hidden: readonly Hidden[]
): Omit<Settings, Hidden> {
  const shown = Object.keys(SETTINGS).filter((name) => !hidden.some((each) => each === name)) as SettingName[];
  return Object.fromEntries(shown.map((name) => [name, host[name]])) as Omit<Settings, Hidden>;
}

type SettingsHost = Settings & {
  warn: (message: string) => void;
  requestUpdate: (name: string, before: unknown) => void;
};

/** Gives an element the settings' accessors, which read a value where it is set: attributes and properties alike. */
export function defineSettings(prototype: SettingsHost): void {
  const values = new WeakMap<SettingsHost, Partial<Record<SettingName, unknown>>>();
  for (const name of Object.keys(SETTINGS) as SettingName[]) {
    Object.defineProperty(prototype, name, {
      get(this: SettingsHost) {
        return values.get(this)?.[name] ?? SETTINGS[name].default;
      },
      set(this: SettingsHost, given: unknown) {
        const before = this[name];
        values.set(this, { ...values.get(this), [name]: readSetting(name, given, this.warn) });
        this.requestUpdate(name, before);
      },
      configurable: true,
      enumerable: true,
    });
  }
}

/**
 * The value for what a page has set. Nothing and a removed attribute mean the default, and so does a wrong value, after
 * a warning.
 */
export function readSetting(name: SettingName, given: unknown, warn: (message: string) => void): unknown {
  const setting: Setting<unknown> = SETTINGS[name];
  if (given === null || given === undefined) return setting.default;
  const value = setting.read(given);
  if (value !== undefined) return value;
  warn(`${kebabCase(name)} must be ${setting.expects}; using ${JSON.stringify(setting.default)}.`);
  return setting.default;
}

/** What `setConfig` gets. Delays that contradict each other are a wrong value of both. */
export function toConfig(settings: Settings, warn: (message: string) => void): ConfigPatch {
  const { reconnectMinDelay: minDelay, reconnectMaxDelay: maxDelay, reconnectMaxRetries: maxRetries } = settings;
  const isContradiction = minDelay > maxDelay;
  if (isContradiction) warn('reconnect-min-delay is above reconnect-max-delay; using the defaults of both.');
  return {
    logLevel: settings.logLevel as LogLevel,
    reconnect: { ...(isContradiction ? DEFAULT_RECONNECT : { minDelay, maxDelay }), maxRetries },
    bitrates: {
      videoSendInitialBitrate: settings.videoStartBitrate,
      videoSendBitrate: settings.videoBitrate,
      audioSendBitrate: settings.audioBitrate,
    },
  };
}

/**
 * What `startPreview` gets.
 * @param labels labels of devices by their ids, for a browser that has forgotten the ids
 */
export function toPreviewConfig(settings: Settings, labels: Readonly<Record<string, string>> = {}): PreviewConfig {
  const { source, width, height, framerate, audioMode } = settings;
  const isSpeech = audioMode === 'speech';
  return {
    videoDeviceConfig: { ...toDevice(settings.videoDevice, labels), source, width, height, framerate },
    audioDeviceConfig: {
      ...toDevice(settings.audioDevice, labels),
      autoGainControl: isSpeech,
      echoCancellation: isSpeech,
      noiseSuppression: isSpeech,
      ...(!isSpeech && { channelCount: 2 }),
    },
  };
}

/** How `startBroadcast` is to encode. */
export function toEncoding({ videoCodec, audioMode, degradationPreference }: Settings): EncodingConfig {
  return { videoCodec, stereo: audioMode === 'music', ...(degradationPreference && { degradationPreference }) };
}

function toDevice(device: string, labels: Readonly<Record<string, string>>): Device {
  const deviceLabel = Object.hasOwn(labels, device) ? labels[device] : undefined;
  return { device: device === 'none' ? false : device || true, ...(deviceLabel && { deviceLabel }) };
}
