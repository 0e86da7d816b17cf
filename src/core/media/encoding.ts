import { number, object, ofType } from '../checks.js';
import type { BitratesConfig } from '../config.js';
import { RtcUserError } from '../errors.js';
import type { MediaKind } from './devices.js';

/** The video codecs a page can prefer, by the names of their RTP payload formats. */
export const VIDEO_CODECS = ['h264', 'vp8', 'vp9', 'av1', 'h265'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

const CONTENT_HINTS = ['motion', 'detail', 'text'] as const;
const DEGRADATION_PREFERENCES = ['balanced', 'maintain-framerate', 'maintain-resolution'] as const;

/** In bps, where the page sets no bitrate for its sound: enough for music. */
const STEREO_BITRATE = 128_000;

/** How a broadcast is encoded, from its start through all recoveries. */
export interface EncodingConfig {
  /** The codec to send where browser and server can. Default `h264`. */
  videoCodec?: VideoCodec;
  /** v5's wish for the constrained baseline profile, which is what is preferred in any case. */
  h264Profile?: 'cbp';
  /** What video keeps on a path that seems to carry less, in kbps, 0 to 34000. No effect in Firefox. Default 0: none. */
  videoMinBitrate?: number;
  /** The most frames per second that are sent, 0 to 60. Default 0: all that come. */
  maxFramerate?: number;
  /** What the picture shows. Default: `detail` of a screen, `motion` of a camera; a page's own track keeps its own. */
  contentHint?: (typeof CONTENT_HINTS)[number];
  /** What to keep where the path or the device cannot carry all. Default: what the browser does. */
  degradationPreference?: (typeof DEGRADATION_PREFERENCES)[number];
  /** Sends two channels of sound, with 128 kbps unless `audioSendBitrate` says otherwise: for music. Default false. */
  stereo?: boolean;
}

export interface Encoding extends EncodingConfig {
  videoCodec: VideoCodec;
}

/**
 * The encoding that a page asks for. Keys that are not known are left alone.
 * @throws RtcUserError 1001 for a wrong type, 1002 for a wrong number, 1003 for an unknown word, naming the key
 */
export function readEncoding(config: EncodingConfig = {}): Encoding {
  object('encoding', config);
  const {
    videoCodec = 'h264',
    h264Profile,
    videoMinBitrate,
    maxFramerate,
    contentHint,
    degradationPreference,
    stereo,
  } = config;
  const one = <T>(key: string, value: T | undefined, known: readonly T[]) => {
    if (value === undefined || known.includes(value)) return;
    throw new RtcUserError(1003, `encoding.${key} must be one of ${known.join(', ')}.`);
  };
  one('videoCodec', videoCodec, VIDEO_CODECS);
  one('h264Profile', h264Profile, ['cbp']);
  one('contentHint', contentHint, CONTENT_HINTS);
  one('degradationPreference', degradationPreference, DEGRADATION_PREFERENCES);
  if (videoMinBitrate !== undefined) number('encoding.videoMinBitrate', videoMinBitrate, { min: 0, max: 34000 });
  if (maxFramerate !== undefined) number('encoding.maxFramerate', maxFramerate, { min: 0, max: 60 });
  if (stereo !== undefined) ofType('boolean', 'encoding.stereo', stereo);
  return { ...config, videoCodec };
}

/**
 * The sendable codecs with the preferred one first. It is a preference and never a requirement: the others stay in the
 * offer, since not every browser can send every codec. Of H.264 the constrained baseline profile comes first, which
 * every RTMP server and player takes.
 */
export function orderCodecs(codecs: readonly RTCRtpCodec[], preferred: VideoCodec): RTCRtpCodec[] {
  const rank = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec): number => {
    if (mimeType.toLowerCase() !== `video/${preferred}`) return 3;
    if (preferred !== 'h264') return 0;
    const isWholeFrame = /packetization-mode=1/.test(sdpFmtpLine);
    return isWholeFrame ? (/profile-level-id=42e0/i.test(sdpFmtpLine) ? 0 : 1) : 2;
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}

/** The most that a track of `kind` may use, in bps, or undefined where it is left to the browser. */
export function maxBitrateOf(kind: string, bitrates: BitratesConfig): number | undefined {
  return (kind === 'video' ? bitrates.videoSendBitrate : bitrates.audioSendBitrate) * 1000 || undefined;
}

/**
 * The answer with what browsers read nowhere else, since they take it for the receiver's wish: Chromium's first and
 * lowest video bitrate, which other engines ignore, and two channels of sound (RFC 7587 section 6.1).
 */
export function withWishes(
  answer: string,
  { videoMinBitrate = 0, stereo }: Encoding,
  bitrates: BitratesConfig,
): string {
  const google = {
    'x-google-start-bitrate': bitrates.videoSendInitialBitrate,
    'x-google-min-bitrate': videoMinBitrate,
  };
  const video = Object.entries(google).flatMap(([name, kbps]) => (kbps > 0 ? [`${name}=${Math.round(kbps)}`] : []));
  const audio = stereo && codecOf(answer, 'audio') === 'opus';
  const maxAverage = bitrates.audioSendBitrate * 1000 || STEREO_BITRATE;
  const isMusic = audio ? ['stereo=1', `maxaveragebitrate=${maxAverage}`] : [];
  return withParameters(withParameters(answer, 'video', video), 'audio', isMusic);
}

/** The codec that is sent, the first of the answer, in its own spelling; undefined where nothing is. */
export function codecOf(answer: string, kind: MediaKind): string | undefined {
  const payloadType = payloadTypeOf(answer, kind);
  return payloadType && new RegExp(`^a=rtpmap:${payloadType} ([^/\\s]+)`, 'm').exec(answer)?.[1];
}

/** What stands in the way of RTMP outputs: servers pass H.264 on as it is, and make AAC of Opus. */
export function rtmpWarnings(answer: string): string[] {
  return (['video', 'audio'] as const).flatMap((kind) => {
    const codec = codecOf(answer, kind);
    const needed = kind === 'video' ? 'H264' : 'opus';
    if (!codec || codec.toLowerCase() === needed.toLowerCase()) return [];
    return [`The ${kind} is sent as ${codec}, which few servers can send on to RTMP: they need ${needed}.`];
  });
}

function payloadTypeOf(answer: string, kind: MediaKind): string | undefined {
  return new RegExp(`^m=${kind} \\d+ \\S+ (\\d+)`, 'm').exec(answer)?.[1];
}

/** The answer with these format parameters of its first codec of a kind, in place of others of the same names. */
function withParameters(answer: string, kind: MediaKind, parameters: readonly string[]): string {
  const payloadType = payloadTypeOf(answer, kind);
  if (!payloadType || parameters.length === 0) return answer;
  const nameOf = (parameter: string) => parameter.split('=')[0]?.trim();
  const names = parameters.map(nameOf);
  const fmtp = new RegExp(`^(a=fmtp:${payloadType} )([^\\r\\n]*)`, 'm');
  if (fmtp.test(answer)) {
    return answer.replace(fmtp, (_line, start: string, given: string) => {
      const others = given.split(';').filter((parameter) => !names.includes(nameOf(parameter)));
      return start + [...others, ...parameters].join(';');
    });
  }
  const rtpmap = new RegExp(`^(a=rtpmap:${payloadType} [^\\r\\n]*)(\\r?\\n)`, 'm');
  return answer.replace(rtpmap, `$1$2a=fmtp:${payloadType} ${parameters.join(';')}$2`);
}

/**
 * The offer as it is sent: with `a=rtcp-mux-only` in every m-section that multiplexes (RFC 9725 section 4.4.1), which
 * browsers do not write themselves. Only for the wire: browsers may refuse a changed local description.
 */
export function withRtcpMuxOnly(offer: string): string {
  return offer.replace(/^a=rtcp-mux(\r?\n)(?!a=rtcp-mux-only)/gm, 'a=rtcp-mux$1a=rtcp-mux-only$1');
}
