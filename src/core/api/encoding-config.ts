import { object, readKeys, type Rule } from './checks.js';

/** The video codecs a page can prefer, by the names of their RTP payload formats. */
export const VIDEO_CODECS = ['h264', 'vp8', 'vp9', 'av1', 'h265'] as const;
/** A video codec, by the name of its RTP payload format. */
export type VideoCodec = (typeof VIDEO_CODECS)[number];

const CONTENT_HINTS = ['motion', 'detail', 'text'] as const;
export const DEGRADATION_PREFERENCES = ['balanced', 'maintain-framerate', 'maintain-resolution'] as const;

const RULES: Record<keyof EncodingConfig, Rule> = {
  videoCodec: VIDEO_CODECS,
  h264Profile: ['cbp'],
  contentHint: CONTENT_HINTS,
  degradationPreference: DEGRADATION_PREFERENCES,
  videoMinBitrate: { min: 0, max: 34000 },
  maxFramerate: { min: 0, max: 60 },
  stereo: 'boolean',
};

/** How a broadcast is encoded, from its start through all recoveries. */
export interface EncodingConfig {
  /** The codec to send if browser and server support it. Default `h264`. */
  videoCodec?: VideoCodec;
  /** v5's request for the constrained baseline profile, which is preferred in any case. */
  h264Profile?: 'cbp';
  /** What video keeps on a path that seems to carry less, in kbps, 0 to 34000. No effect in Firefox. Default 0: none. */
  videoMinBitrate?: number;
  /** Maximum frames per second, 0 to 60. Default 0: as many as the device delivers. */
  maxFramerate?: number;
  /** What the video shows. Default: `detail` of a screen, `motion` of a camera; a track of a custom `MediaStream` keeps its own. */
  contentHint?: (typeof CONTENT_HINTS)[number];
  /**
   * What to keep if the path or the device cannot carry everything. Default: `maintain-resolution` if there is an RTMP
   * output, since recorders and players of RTMP take no other size; else the browser decides.
   */
  degradationPreference?: (typeof DEGRADATION_PREFERENCES)[number];
  /** Sends two channels of audio, with 128 kbps unless `audioSendBitrate` is set: for music. Default false. */
  stereo?: boolean;
}

export interface Encoding extends EncodingConfig {
  videoCodec: VideoCodec;
}

/**
 * Checks `config`, and adds the defaults. Unknown keys are left alone.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong number, 1003 for an unknown word, naming the key
 */
export function readEncoding(config: EncodingConfig = {}): Encoding {
  readKeys(object('encoding', config), RULES, 'encoding.');
  const { videoCodec = 'h264' } = config;
  return { ...config, videoCodec };
}

/** With what an RTMP output changes: recorders and players of RTMP take no other size. */
export function encodingFor(encoding: Encoding, { output }: { output?: string }): Encoding {
  const { degradationPreference = 'maintain-resolution' } = encoding;
  return output ? { ...encoding, degradationPreference } : encoding;
}
