import type { BitratesConfig } from '../api/config.js';
import type { Encoding, VideoCodec } from '../api/encoding-config.js';
import type { MediaKind } from './devices.js';

/** In bps, if the page sets no bitrate for its sound: enough for music. */
const STEREO_BITRATE = 128_000;

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

/** The maximum for a track of `kind`, in bps, or undefined where it is left to the browser. */
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
  const audio = stereo && codecOf(answer, 'audio')?.toLowerCase() === 'opus';
  const maxAverage = bitrates.audioSendBitrate * 1000 || STEREO_BITRATE;
  const isMusic = audio ? ['stereo=1', `maxaveragebitrate=${maxAverage}`] : [];
  const withVideo = withParameters(answer, payloadTypeOf(answer, 'video'), video);
  return withParameters(withVideo, payloadTypeOf(answer, 'audio'), isMusic);
}

/**
 * The answer with a video bitrate, in kbps, that Chromium starts its estimate from at once. Without it a restarted path keeps an
 * estimate that has fallen to a few kbps without feedback, or starts from 300 kbps on another network.
 */
export function withStartBitrate(answer: string, kbps: number): string {
  // Chromium ignores a value that it has taken before.
  const isTaken = new RegExp(`x-google-start-bitrate=${kbps}\\b`).test(answer);
  const start = `x-google-start-bitrate=${isTaken ? kbps + 1 : kbps}`;
  return withParameters(answer, payloadTypeOf(answer, 'video'), [start]);
}

/** The codec that is sent, the first of the answer, in its own spelling; undefined where nothing is. */
export function codecOf(answer: string, kind: MediaKind): string | undefined {
  const payloadType = payloadTypeOf(answer, kind);
  return payloadType && new RegExp(`^a=rtpmap:${payloadType} ([^/\\s]+)`, 'm').exec(answer)?.[1];
}

/** What hinders RTMP outputs: servers pass H.264 on as it is, and make AAC of Opus. */
export function rtmpWarnings(answer: string): string[] {
  return (['video', 'audio'] as const).flatMap((kind) => {
    const codec = codecOf(answer, kind);
    const needed = kind === 'video' ? 'H264' : 'opus';
    if (!codec || codec.toLowerCase() === needed.toLowerCase()) return [];
    return [`The ${kind} is sent as ${codec}, but RTMP needs ${needed}.`];
  });
}

function payloadTypeOf(answer: string, kind: MediaKind): string | undefined {
  return new RegExp(`^m=${kind} \\d+ \\S+ (\\d+)`, 'm').exec(answer)?.[1];
}

/** A description with these format parameters of a payload type, in place of others of the same names. */
function withParameters(sdp: string, payloadType: string | undefined, parameters: readonly string[]): string {
  if (!payloadType || parameters.length === 0) return sdp;
  const nameOf = (parameter: string) => parameter.split('=')[0]?.trim().toLowerCase();
  const names = parameters.map(nameOf);
  const fmtp = new RegExp(`^(a=fmtp:${payloadType} )([^\\r\\n]*)`, 'm');
  if (fmtp.test(sdp)) {
    return sdp.replace(fmtp, (_line, start: string, given: string) => {
      const others = given.split(';').filter((parameter) => !names.includes(nameOf(parameter)));
      return start + [...others, ...parameters].join(';');
    });
  }
  const rtpmap = new RegExp(`^(a=rtpmap:${payloadType} [^\\r\\n]*)(\\r?\\n)`, 'm');
  return sdp.replace(rtpmap, `$1$2a=fmtp:${payloadType} ${parameters.join(';')}$2`);
}

/**
 * The offer as it is sent: with `a=rtcp-mux-only` in every m-section that multiplexes (RFC 9725 section 4.4.1), which
 * browsers do not write themselves. Only for the wire: browsers may refuse a changed local description.
 */
export function withRtcpMuxOnly(offer: string): string {
  return offer.replace(/^a=rtcp-mux(\r?\n)(?!a=rtcp-mux-only)/gm, 'a=rtcp-mux$1a=rtcp-mux-only$1');
}

/**
 * The offer as it is sent for music: recorders and RTMP outputs read two channels from the publisher's own description (RFC
 * 7587 section 6.1). Only for the wire, as above.
 */
export function withStereo(offer: string): string {
  const [, type] = /^a=rtpmap:(\d+) opus\//im.exec(offer) ?? [];
  return withParameters(offer, type, ['sprop-stereo=1', 'stereo=1']);
}
