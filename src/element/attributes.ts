import type { PropertyDeclaration } from 'lit';
import { DEFAULT_RECONNECT, type ConfigPatch } from '../core/api/config.js';
import type { LogLevel } from '../core/platform/logger.js';
import type { PreviewConfig } from '../core/api/preview-config.js';
import { DEGRADATION_PREFERENCES, VIDEO_CODECS, type EncodingConfig } from '../core/api/encoding-config.js';

/** Which device to open. */
export type Device = Pick<NonNullable<PreviewConfig['videoDeviceConfig']>, 'device' | 'deviceLabel'>;

/** How one attribute is read. */
export interface Setting<Value> {
  attribute: string;
  default: Value;
  /** What is allowed, as text for a warning. */
  expects: string;
  /** The value for what a page has set, or undefined where that is wrong. */
  read: (given: unknown) => Value | undefined;
}

function text(attribute: string): Setting<string> {
  const read = (given: unknown) => (typeof given === 'string' ? given : undefined);
  return { attribute, default: '', expects: 'a text', read };
}

/** On if the attribute is there, as everywhere in HTML, whatever its value. */
function flag(attribute: string): Setting<boolean> {
  const read = (given: unknown) => given === '' || Boolean(given);
  return { attribute, default: false, expects: 'a boolean', read };
}

function number(attribute: string, preset: number, min: number, max = Infinity, isWhole = false): Setting<number> {
  const range = max === Infinity ? `of at least ${min}` : `from ${min} to ${max}`;
  const read = (given: unknown) => {
    const value = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max;
    return fits && (!isWhole || Number.isInteger(value)) ? value : undefined;
  };
  return { attribute, default: preset, expects: `a ${isWhole ? 'whole ' : ''}number ${range}`, read };
}

function choice<const Choices extends readonly string[]>(
  attribute: string,
  choices: Choices,
): Setting<Choices[number]> {
  const read = (given: unknown) => choices.find((name) => name === given);
  return {
    attribute,
    default: choices[0] as Choices[number],
    expects: `one of ${choices.filter(Boolean).join(', ')}`,
    read,
  };
}

/** Every attribute of the element by its property; the first choice is the default. */
export const SETTINGS = {
  server: text('server'),
  streamName: text('stream-name'),
  ingestUrl: text('ingest-url'),
  token: text('token'),
  credentials: choice('credentials', ['omit', 'same-origin', 'include']),
  reconnectMinDelay: number('reconnect-min-delay', DEFAULT_RECONNECT.minDelay, 1),
  reconnectMaxDelay: number('reconnect-max-delay', DEFAULT_RECONNECT.maxDelay, 1),
  reconnectMaxRetries: number('reconnect-max-retries', 60, 0, Infinity, true),
  source: choice('source', ['camera', 'screen']),
  videoDevice: text('video-device'),
  audioDevice: text('audio-device'),
  width: number('width', 1280, 320, 3840),
  height: number('height', 720, 240, 2160),
  framerate: number('framerate', 30, 1, 60),
  audioMode: choice('audio-mode', ['speech', 'music']),
  muted: flag('muted'),
  videoMuted: flag('video-muted'),
  videoCodec: choice('video-codec', VIDEO_CODECS),
  videoBitrate: number('video-bitrate', 0, 0, 34000),
  videoStartBitrate: number('video-start-bitrate', 0, 0, 34000),
  audioBitrate: number('audio-bitrate', 0, 0, 510),
  degradationPreference: choice('degradation-preference', ['', ...DEGRADATION_PREFERENCES]),
  autostart: flag('autostart'),
  controls: flag('controls'),
  noPreview: flag('no-preview'),
  remember: flag('remember'),
  noWakeLock: flag('no-wake-lock'),
  logLevel: number('log-level', 0, 0, 4, true),
} satisfies Record<string, Setting<string> | Setting<boolean> | Setting<number>>;

export type SettingName = keyof typeof SETTINGS;

/** The element's properties that have an attribute, with their types. */
export type Settings = { [Name in SettingName]: (typeof SETTINGS)[Name]['default'] };

/** The same for Lit, which leaves the accessors to `defineSettings`. */
export const LIT_PROPERTIES: Record<string, PropertyDeclaration> = Object.fromEntries(
  Object.entries(SETTINGS).map(([name, { attribute }]) => [
    name,
    { attribute, noAccessor: true, converter: (value: string | null) => value },
  ]),
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
  warn(`${setting.attribute} must be ${setting.expects}; using ${JSON.stringify(setting.default)}.`);
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
      ...(isSpeech ? {} : { channelCount: 2 }),
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
