import { Problem } from './problem.js';

/** The two kinds of media the ingest passes on. */
export type MediaKind = 'audio' | 'video';

/** What the client wants: send to us or receive from us. */
export type OfferRole = 'publish' | 'play';

/** A codec of an offer, with what tells two variants of it apart. */
export interface Codec {
  readonly payloadType: number;
  /** As in `a=rtpmap`, for example `H264`. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels?: number;
  /** The value of `a=fmtp`, or an empty string. */
  readonly parameters: string;
}

/** One media section of an offer. */
export interface MediaSection {
  readonly kind: MediaKind;
  readonly mid: string;
  readonly direction: string;
  readonly codecs: readonly Codec[];
  readonly mLine: string;
  /** All lines after the `m=` line. */
  readonly lines: readonly string[];
}

/** An offer that has passed {@link parseOffer}. */
export interface Offer {
  readonly sessionLines: readonly string[];
  readonly sections: readonly MediaSection[];
  readonly ufrag: string;
  readonly pwd: string;
  readonly setup: string;
}

/** The codec picked for each kind of media in an offer. */
export type CodecChoice = Partial<Record<MediaKind, Codec>>;

const VIDEO_CODECS = ['H264', 'VP8', 'VP9', 'AV1', 'H265'];
const AUDIO_CODECS = ['OPUS'];
const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];
const MID = /^[\x21-\x7e]{1,64}$/;
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PWD = /^[A-Za-z0-9+/]{22,256}$/;

/** Splits text into lines, whatever the line ends are. */
export function splitLines(text: string): string[] {
  return text.split(/\r\n|\n|\r/).filter((line) => line !== '');
}

/** The value of the first `a=name:value` among lines, an empty string for a bare `a=name`. */
export function attribute(lines: readonly string[], name: string): string | undefined {
  for (const line of lines) {
    if (line === `a=${name}`) return '';
    if (line.startsWith(`a=${name}:`)) return line.slice(name.length + 3).trim();
  }
  return undefined;
}

/** Checks ICE credentials against the grammar of RFC 8839. */
export function areIceCredentials(ufrag: string | undefined, pwd: string | undefined): boolean {
  return UFRAG.test(ufrag ?? '') && PWD.test(pwd ?? '');
}

/** What makes two codecs the same for a decoder, for example `h264/42e0/1`. */
export function codecKey(codec: Codec): string {
  const name = codec.name.toLowerCase();
  const fmtp = formatParameters(codec.parameters);
  if (name === 'h264') {
    const profile = (fmtp.get('profile-level-id') ?? '42000a').slice(0, 4).toLowerCase();
    return `${name}/${profile}/${fmtp.get('packetization-mode') ?? '0'}`;
  }
  if (name === 'vp9') return `${name}/${fmtp.get('profile-id') ?? '0'}`;
  if (name === 'av1') return `${name}/${fmtp.get('profile') ?? '0'}`;
  if (name === 'h265') return `${name}/${fmtp.get('profile-id') ?? '1'}`;
  return name;
}

/**
 * Reads an offer and refuses, with the reason, what the ingest cannot serve as a whole (RFC 9725 section 4.4: there is
 * no partial success).
 */
export function parseOffer(sdp: string, role: OfferRole): Offer {
  const lines = splitLines(sdp);
  if (lines[0] !== 'v=0') throw new Problem(400, 'The body is not an SDP offer: it must begin with "v=0".');
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length === 0) throw new Problem(400, 'The offer has no media section.');
  if (starts.length > 2) throw new Problem(422, 'The offer may have one audio and one video section, no more.');
  const sessionLines = lines.slice(0, starts[0]);
  const sections = starts.map((start, i) => parseSection(lines.slice(start, starts[i + 1]), sessionLines, role));
  if (sections.length === 2 && sections[0]?.kind === sections[1]?.kind) {
    throw new Problem(422, `The offer has two ${sections[0]?.kind} sections; one per kind is the most.`);
  }
  if (sections[0]?.mid === sections[1]?.mid) throw new Problem(400, 'Two media sections have the same a=mid.');
  checkBundle(sessionLines, sections);
  if (role === 'publish') checkOneStream(sections);
  const first = [...(sections[0]?.lines ?? []), ...sessionLines];
  const ufrag = attribute(first, 'ice-ufrag') ?? '';
  const pwd = attribute(first, 'ice-pwd') ?? '';
  if (!areIceCredentials(ufrag, pwd)) throw new Problem(400, 'The offer needs a valid a=ice-ufrag and a=ice-pwd.');
  if (attribute(first, 'fingerprint') === undefined) throw new Problem(400, 'The offer has no a=fingerprint.');
  const setup = attribute(first, 'setup') ?? 'actpass';
  if (!['actpass', 'active', 'passive'].includes(setup)) throw new Problem(400, `a=setup:${setup} is not possible.`);
  return { sessionLines, sections, ufrag, pwd, setup };
}

/** The publisher's codecs: the first one of each section that the ingest, or what is behind it, can pass on. */
export function choosePublisherCodecs(offer: Offer, videoCodecs: readonly string[] = VIDEO_CODECS): CodecChoice {
  const choice: CodecChoice = {};
  for (const { kind, codecs } of offer.sections) {
    const supported = kind === 'audio' ? AUDIO_CODECS : videoCodecs;
    const codec = codecs.find(({ name }) => supported.includes(name.toUpperCase()));
    if (!codec) throw new Problem(422, `The offer has no ${kind} codec out of ${supported.join(', ')}.`);
    choice[kind] = codec;
  }
  return choice;
}

/** A viewer's codecs: those of the publisher, under the viewer's payload types, for nothing is transcoded. */
export function chooseViewerCodecs(offer: Offer, source: CodecChoice): CodecChoice {
  const own = choosePublisherCodecs(offer);
  for (const { kind, codecs } of offer.sections) {
    const wanted = source[kind];
    if (!wanted) continue;
    const named = codecs.filter(({ name }) => name.toLowerCase() === wanted.name.toLowerCase());
    const codec = named.find((one) => codecKey(one) === codecKey(wanted)) ?? named[0];
    if (!codec) throw new Problem(422, `The stream is sent as ${wanted.name}, which this player does not offer.`);
    own[kind] = codec;
  }
  return own;
}

/**
 * Rewrites an offer so that the engine can only answer what was chosen: one codec per section with its RTX, no simulcast
 * layers, no feedback that the ingest does not use, and no candidates (they are added one by one).
 */
export function narrowOffer(offer: Offer, choice: CodecChoice, role: OfferRole): string {
  const unusedFeedback = role === 'publish' ? /goog-remb/ : /transport-cc/;
  const sections = offer.sections.flatMap((section) => {
    const kept = keptPayloadTypes(section, choice[section.kind]);
    const head = section.mLine.split(' ', 3);
    return [
      [head[0], '9', head[2], ...kept].join(' '),
      ...section.lines.filter((line) => {
        const payloadType = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1];
        if (payloadType !== undefined && !kept.includes(payloadType)) return false;
        if (line.startsWith('a=rtcp-fb:') && unusedFeedback.test(line)) return false;
        return !/^a=(?:simulcast|rid|candidate|end-of-candidates|bundle-only)/.test(line);
      }),
    ];
  });
  const session = offer.sessionLines.filter((line) => !/^a=(?:candidate|end-of-candidates)/.test(line));
  return [...session, ...sections, ''].join('\r\n');
}

/** All candidates of an offer's first section, the only one that counts in a bundle. */
export function offerCandidates(offer: Offer): string[] {
  return (offer.sections[0]?.lines ?? [])
    .filter((line) => line.startsWith('a=candidate:'))
    .map((line) => line.slice(2));
}

function parseSection(lines: readonly string[], sessionLines: readonly string[], role: OfferRole): MediaSection {
  const mLine = lines[0] ?? '';
  const match = /^m=(\S+) (\d{1,5}) (\S+)((?: \S+)+)$/.exec(mLine);
  if (!match) throw new Problem(400, `Not a media line: "${mLine.slice(0, 80)}".`);
  const [, kind, port, protocol, formats] = match;
  if (kind !== 'audio' && kind !== 'video') throw new Problem(422, `Media of kind "${kind}" is not taken here.`);
  if (!/^(UDP|TCP)\/TLS\/RTP\/SAVPF$/.test(protocol ?? '')) throw new Problem(422, `No media over ${protocol}.`);
  const rest = lines.slice(1);
  if (port === '0' && attribute(rest, 'bundle-only') === undefined) {
    throw new Problem(422, `The ${kind} section is rejected in the offer itself (port 0).`);
  }
  const mid = attribute(rest, 'mid') ?? '';
  if (!MID.test(mid)) throw new Problem(400, `The ${kind} section needs an a=mid.`);
  if (attribute(rest, 'rtcp-mux') === undefined) throw new Problem(422, 'RTP and RTCP must share a port (a=rtcp-mux).');
  const direction = DIRECTIONS.find((one) => [...rest, ...sessionLines].includes(`a=${one}`)) ?? 'sendrecv';
  const possible = role === 'publish' ? ['sendonly', 'sendrecv'] : ['recvonly', 'sendrecv'];
  if (!possible.includes(direction)) {
    throw new Problem(422, `The ${kind} section is ${direction}; here it must be ${possible.join(' or ')}.`);
  }
  const payloadTypes = (formats ?? '').trim().split(' ').map(Number);
  return { kind, mid, direction, codecs: parseCodecs(rest, payloadTypes), mLine, lines: rest };
}

function parseCodecs(lines: readonly string[], payloadTypes: readonly number[]): Codec[] {
  return payloadTypes.flatMap((payloadType) => {
    const map = attribute(lines, 'rtpmap') === undefined ? undefined : valueFor(lines, 'rtpmap', payloadType);
    const match = /^([A-Za-z0-9_.-]+)\/(\d{1,9})(?:\/(\d{1,3}))?$/.exec(map ?? '');
    if (!match?.[1]) return [];
    const parameters = valueFor(lines, 'fmtp', payloadType) ?? '';
    const codec = { payloadType, name: match[1], clockRate: Number(match[2]), parameters };
    return [match[3] === undefined ? codec : { ...codec, channels: Number(match[3]) }];
  });
}

function valueFor(lines: readonly string[], name: string, payloadType: number): string | undefined {
  const start = `a=${name}:${payloadType} `;
  return lines
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
    .trim();
}

function formatParameters(text: string): Map<string, string> {
  return new Map(
    text.split(';').map((part) => {
      const [key = '', value = ''] = part.split('=', 2);
      return [key.trim().toLowerCase(), value.trim()];
    }),
  );
}

function keptPayloadTypes(section: MediaSection, codec: Codec | undefined): string[] {
  if (!codec) return [];
  const rtx = section.codecs.find(
    ({ name, parameters }) =>
      name.toLowerCase() === 'rtx' && formatParameters(parameters).get('apt') === String(codec.payloadType),
  );
  return [codec, ...(rtx ? [rtx] : [])].map(({ payloadType }) => String(payloadType));
}

function checkBundle(sessionLines: readonly string[], sections: readonly MediaSection[]): void {
  const bundled = sessionLines.find((line) => line.startsWith('a=group:BUNDLE'))?.split(' ') ?? [];
  if (sections.length > 1 && !sections.every(({ mid }) => bundled.includes(mid))) {
    throw new Problem(422, 'All media must share one transport (a=group:BUNDLE with every a=mid).');
  }
}

function checkOneStream(sections: readonly MediaSection[]): void {
  const streams = new Set(
    sections.flatMap(({ lines }) =>
      lines.filter((line) => line.startsWith('a=msid:')).map((line) => line.slice(7).trim().split(' ', 1)[0]),
    ),
  );
  streams.delete('-');
  if (streams.size > 1) throw new Problem(422, 'All tracks must belong to one MediaStream (a=msid).');
}
