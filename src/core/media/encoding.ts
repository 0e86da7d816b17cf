import type { BitratesConfig } from '../config.js';

/** The video codecs a page can prefer, by the names of their RTP payload formats. */
export const VIDEO_CODECS = ['h264', 'vp8', 'vp9', 'av1', 'h265'] as const;
export type VideoCodec = (typeof VIDEO_CODECS)[number];

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
 * An answer that makes Chromium start its video at `kbps` instead of 300: a parameter of the first video codec in the
 * remote description. Other engines ignore it.
 */
export function withStartBitrate(answer: string, kbps: number): string {
  const payloadType = /^m=video \d+ \S+ (\d+)/m.exec(answer)?.[1];
  if (!payloadType || kbps <= 0) return answer;
  const parameter = `x-google-start-bitrate=${Math.round(kbps)}`;
  const fmtp = new RegExp(`^(a=fmtp:${payloadType} [^\\r\\n]*)`, 'm');
  if (fmtp.test(answer)) return answer.replace(fmtp, `$1;${parameter}`);
  const rtpmap = new RegExp(`^(a=rtpmap:${payloadType} [^\\r\\n]*)(\\r?\\n)`, 'm');
  return answer.replace(rtpmap, `$1$2a=fmtp:${payloadType} ${parameter}$2`);
}

/**
 * The offer as it is sent: with `a=rtcp-mux-only` in every m-section that multiplexes (RFC 9725 section 4.4.1), which
 * browsers do not write themselves. Only for the wire: browsers may refuse a changed local description.
 */
export function withRtcpMuxOnly(offer: string): string {
  return offer.replace(/^a=rtcp-mux(\r?\n)(?!a=rtcp-mux-only)/gm, 'a=rtcp-mux$1a=rtcp-mux-only$1');
}
