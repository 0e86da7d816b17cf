/** What the options of the core take, which their declarations do not say: found out by asking the checks themselves. */
import { DEFAULT_CONFIG, DEFAULT_RECONNECT, mergeConfig } from '../dist/core/config.js';
import { readEncoding } from '../dist/core/media/encoding.js';
import { readSize } from '../dist/core/api/preview-config.js';
import { keysOf } from './declarations.mjs';

const asPatch = (section) => (value) => mergeConfig(DEFAULT_CONFIG, { [section]: value });

/** By the call that takes them: what they are part of, their declaration, their defaults, their check. */
const SECTIONS = [
  ['setConfig', '', 'Config', DEFAULT_CONFIG, (value) => mergeConfig(DEFAULT_CONFIG, value)],
  ['setConfig', 'reconnect', 'ReconnectConfig', DEFAULT_RECONNECT, asPatch('reconnect')],
  ['setConfig', 'bitrates', 'BitratesConfig', DEFAULT_CONFIG.bitrates, asPatch('bitrates')],
  ['setConfig', 'metrics', 'MetricsConfig', DEFAULT_CONFIG.metrics, asPatch('metrics')],
  ['startPreview', 'videoDeviceConfig', 'PictureSize', {}, readSize],
  ['startBroadcast', 'encoding', 'EncodingConfig', readEncoding(), readEncoding],
];

/** Which numbers or words an option takes, as the error says for what none takes; undefined where its type says all. */
function takenBy(check, key) {
  try {
    check({ [key]: NaN });
    return undefined;
  } catch ({ message }) {
    return /must be (a (?:whole )?number .+?|one of .+?)(?:, not NaN)?\.$/.exec(message)?.[1];
  }
}

export const CORE_OPTIONS = SECTIONS.flatMap(([call, section, type, presets, check]) =>
  keysOf(type).map(({ name, comment }) => ({
    call,
    path: section ? `${section}.${name}` : name,
    comment,
    default: presets[name],
    takes: takenBy(check, name),
  })),
);
