/** What an offer made by {@link offer} may differ in. */
export interface OfferParts {
  session?: string[];
  audio?: string[];
  video?: string[];
  direction?: string;
  /** Whole media sections, instead of audio and video. */
  sections?: string[][];
}

const TRANSPORT = [
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789abcdef012345',
  `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
  'a=setup:actpass',
  'a=rtcp-mux',
];

/** An audio section as browsers write it, shortened. */
export function audioSection(direction = 'sendonly', extra: string[] = []): string[] {
  return [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 0',
    ...TRANSPORT,
    'a=mid:0',
    `a=${direction}`,
    ...(direction === 'recvonly' ? [] : ['a=msid:stream track-a', 'a=ssrc:1001 cname:x']),
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2',
    'a=fmtp:63 111/111',
    'a=rtpmap:0 PCMU/8000',
    ...extra,
  ];
}

/** A video section with VP8, H.264 in two variants, VP9, and RTX for all of them. */
export function videoSection(direction = 'sendonly', extra: string[] = []): string[] {
  const codec = (payloadType: number, name: string, fmtp?: string) => [
    `a=rtpmap:${payloadType} ${name}/90000`,
    ...['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map((one) => `a=rtcp-fb:${payloadType} ${one}`),
    ...(fmtp ? [`a=fmtp:${payloadType} ${fmtp}`] : []),
    `a=rtpmap:${payloadType + 1} rtx/90000`,
    `a=fmtp:${payloadType + 1} apt=${payloadType}`,
  ];
  const h264 = (mode: number, profile: string) =>
    `level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`;
  return [
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 104 105 98 99',
    ...TRANSPORT,
    'a=mid:1',
    'a=extmap:2 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    `a=${direction}`,
    ...(direction === 'recvonly' ? [] : ['a=msid:stream track-v', 'a=ssrc:2001 cname:x']),
    ...codec(96, 'VP8'),
    ...codec(102, 'H264', h264(1, '42001f')),
    ...codec(104, 'H264', h264(1, '64001f')),
    ...codec(98, 'VP9', 'profile-id=0'),
    ...extra,
  ];
}

/** A valid offer of audio and video, changed by `parts`. */
export function offer({ session = [], audio = [], video = [], direction, sections }: OfferParts = {}): string {
  const media = sections ?? [audioSection(direction, audio), videoSection(direction, video)];
  return [
    'v=0',
    'o=- 1 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0 1',
    'a=extmap-allow-mixed',
    ...session,
    ...media.flat(),
    '',
  ].join('\r\n');
}
