import { number, object, readKeys, type NumberRule, type Rule } from './checks.js';
import { RtcUserError } from './errors.js';
import type { LogLevel } from '../platform/logger.js';

/** How a lost broadcast reconnects. */
export interface ReconnectConfig {
  /** Seconds, at least 1: no attempt starts earlier after the loss. Default 1. */
  minDelay: number;
  /** Seconds, at least 1 and at least `minDelay`: no wait is longer, except by `Retry-After` or offline. Default 8. */
  maxDelay: number;
  /** Successive attempts before the broadcast ends for good, a whole number; 0 turns reconnection off. Default 10. */
  maxRetries: number;
}

/** Limits for the bitrates of a broadcast. */
export interface BitratesConfig {
  /**
   * What video starts with, in kbps, 0 to 34000; 0 leaves it to the browser. No effect in Firefox. A lower bound is
   * `encoding.videoMinBitrate` of `startBroadcast`. Default 0.
   */
  videoSendInitialBitrate: number;
  /** The maximum for video, in kbps, 0 to 34000; 0 leaves it to the browser. Default 0. */
  videoSendBitrate: number;
  /** The maximum for audio, in kbps, 0 to 510; 0 leaves it to the browser. Default 0. */
  audioSendBitrate: number;
}

/** v5's options for an upload of statistics. They are checked and kept, but nothing is uploaded. */
export interface MetricsConfig extends Partial<Record<CustomField, string>> {
  /** Checked and kept; no effect. */
  accountId?: string;
  /** Checked and kept; no effect. */
  accountKey?: string;
  /** Checked and kept; no effect. */
  eventId?: string;
  /** Seconds, 1 to 10. */
  statsInterval?: number;
}

type CustomField = `customField${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10}`;

/** The configuration in force. */
export interface Config {
  /** How much is logged: 0 nothing, 1 errors, 2 warnings, 3 status changes, 4 everything. Default 0. */
  logLevel: LogLevel;
  /** Null until a `reconnect` section is given: reconnection is off. */
  reconnect: ReconnectConfig | null;
  /** Limits for the bitrates. */
  bitrates: BitratesConfig;
  /** STUN and TURN servers to use instead of those that the WHIP server offers; from the next connection or ICE restart on. Default none. */
  iceServers: RTCIceServer[];
  /** v5's options for an upload of statistics; no effect. */
  metrics: MetricsConfig;
}

/** What `setConfig` takes: any part of it. A key that is left out keeps its value, at first the default. */
export interface ConfigPatch {
  /** How much is logged, 0 to 4. Takes effect immediately. */
  logLevel?: LogLevel;
  /** Enables and configures reconnection. Takes effect at the next delay. */
  reconnect?: Partial<ReconnectConfig>;
  /** Limits for the bitrates. Take effect immediately, the initial bitrate with the next session. */
  bitrates?: Partial<BitratesConfig>;
  /** STUN and TURN servers to use instead of those that the WHIP server offers. Take effect with the next connection or ICE restart. */
  iceServers?: RTCIceServer[];
  /** v5's options for an upload of statistics; no effect. */
  metrics?: MetricsConfig;
  /** Older versions of v5 had it; no effect. `startBroadcast` takes `encoding.videoCodec`. */
  codecs?: {
    /** No effect. */
    videoCodec?: string;
  };
}

export const DEFAULT_RECONNECT: Readonly<ReconnectConfig> = { minDelay: 1, maxDelay: 8, maxRetries: 10 };

export const DEFAULT_CONFIG: Readonly<Config> = {
  logLevel: 0,
  reconnect: null,
  bitrates: { videoSendInitialBitrate: 0, videoSendBitrate: 0, audioSendBitrate: 0 },
  iceServers: [],
  metrics: {},
};

const LOG_LEVEL: NumberRule = { min: 0, max: 4, whole: true };

const RECONNECT_RULES: Record<keyof ReconnectConfig, NumberRule> = {
  minDelay: { min: 1, max: Infinity },
  maxDelay: { min: 1, max: Infinity },
  maxRetries: { min: 0, max: Infinity, whole: true },
};

const BITRATE_RULES: Record<keyof BitratesConfig, NumberRule> = {
  videoSendInitialBitrate: { min: 0, max: 34000 },
  videoSendBitrate: { min: 0, max: 34000 },
  audioSendBitrate: { min: 0, max: 510 },
};

const CUSTOM_FIELDS = Array.from({ length: 10 }, (_, index) => `customField${index + 1}`);

const METRICS_RULES: Record<string, Rule> = {
  ...Object.fromEntries(['accountId', 'accountKey', 'eventId', ...CUSTOM_FIELDS].map((key) => [key, 'string'])),
  statsInterval: { min: 1, max: 10 },
};

/**
 * The configuration `current` with `patch` merged in, section by section. Sections and keys that are not known are left
 * alone: v5 pages send some that have no meaning over WHIP.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong value, naming the key; `current` is never changed.
 */
export function mergeConfig(current: Readonly<Config>, patch: unknown): Config {
  const { logLevel, reconnect, bitrates, iceServers, metrics } = object('config', patch);
  const merged: Config = {
    logLevel: logLevel === undefined ? current.logLevel : (number('logLevel', logLevel, LOG_LEVEL) as LogLevel),
    reconnect:
      reconnect === undefined
        ? current.reconnect
        : mergeSection('reconnect', current.reconnect ?? DEFAULT_RECONNECT, reconnect, RECONNECT_RULES),
    bitrates:
      bitrates === undefined ? current.bitrates : mergeSection('bitrates', current.bitrates, bitrates, BITRATE_RULES),
    iceServers: iceServers === undefined ? current.iceServers : servers(iceServers),
    metrics: metrics === undefined ? current.metrics : mergeSection('metrics', current.metrics, metrics, METRICS_RULES),
  };
  const { minDelay = 0, maxDelay = 0 } = merged.reconnect ?? {};
  if (minDelay > maxDelay) {
    throw new RtcUserError(
      1002,
      `reconnect.minDelay (${minDelay}) must not be above reconnect.maxDelay (${maxDelay}).`,
    );
  }
  return merged;
}

function mergeSection<Section extends object>(
  name: string,
  current: Readonly<Section>,
  patch: unknown,
  rules: Record<string, Rule>,
): Section {
  return { ...current, ...readKeys(object(name, patch), rules, `${name}.`) };
}

/** What the URLs and credentials are worth, the browser finds out. */
function servers(value: unknown): RTCIceServer[] {
  if (!Array.isArray(value)) throw new RtcUserError(1001, 'iceServers must be an array.');
  return value.map((server, index) => object(`iceServers[${index}]`, server) as unknown as RTCIceServer);
}
