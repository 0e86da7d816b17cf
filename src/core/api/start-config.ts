import { number, object, ofType } from './checks.js';
import { RtcUserError } from './errors.js';
import { readEncoding, type EncodingConfig } from './encoding-config.js';

/** Where a broadcast is to go behind the server. */
export interface BroadcastTarget {
  /** RTMP URL. */
  output?: string;
  /** The name of the stream. */
  streamname?: string;
}

/** Where the server sends the broadcast, as in v5. */
export interface TranscodingTargets extends BroadcastTarget {
  /** v5's server made AAC of this many bps. WHIP cannot ask a server for that, so it has no effect. */
  audiobitrate?: number;
  /** v5's server sent these on with its RTMP `connect`. WHIP has no place for them, so they have no effect. */
  rtmpconnectinfo?: Record<string, string | number | boolean>;
}

/** What `startBroadcast` takes. */
export interface StartBroadcastConfig {
  /** The name of the stream and its RTMP target. */
  transcodingTargets?: TranscodingTargets;
  /** Replaces the token of `signIn`, and the targets. */
  jwt?: string;
  /** How the broadcast is encoded. */
  encoding?: EncodingConfig;
}

/**
 * Checks what `startBroadcast` was given.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong value, 1003 for what is not one of a list
 */
export function checkStartConfig(config: unknown): StartBroadcastConfig {
  const { transcodingTargets = {}, encoding = {}, jwt } = object('config', config);
  const {
    output,
    streamname,
    audiobitrate = 0,
    rtmpconnectinfo = {},
  } = object('transcodingTargets', transcodingTargets);
  const texts = { jwt, 'transcodingTargets.output': output, 'transcodingTargets.streamname': streamname };
  for (const [key, text] of Object.entries(texts)) {
    if (text != null) ofType('string', key, text);
  }
  number('transcodingTargets.audiobitrate', audiobitrate, { min: 0, max: Infinity });
  const info = object('transcodingTargets.rtmpconnectinfo', rtmpconnectinfo);
  if (Object.values(info).some((value) => typeof value === 'object')) {
    throw new RtcUserError(1002, 'transcodingTargets.rtmpconnectinfo must be flat.');
  }
  readEncoding(encoding as EncodingConfig);
  return config as StartBroadcastConfig;
}

/** The options that have no effect over WHIP. */
export function withoutEffect({ transcodingTargets: targets }: StartBroadcastConfig): string[] {
  return (['audiobitrate', 'rtmpconnectinfo'] as const).filter((key) => targets?.[key]);
}
