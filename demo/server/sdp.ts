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

/**
 * What an offer may have at most; those of browsers stay far below. Its size as a whole is limited where the body is
 * read.
 */
export const OFFER_LIMITS = { sections: 2, attributes: 1000, payloadTypes: 128, candidates: 128 } as const;

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
 * Reads an offer in one pass and refuses, with the reason, what the ingest cannot serve as a whole (RFC 9725 section
 * 4.4: there is no partial success).
 *
 * The npm package `sdp-transform` is not used: it sorts lines by meaning and repeats only those it knows, but what the
 * client wrote has to reach the engine line by line and in its order (`rtcp-mux-only`, several fingerprints, SSRC
 * groups).
 *
 * @throws Problem 400, or 422 for what is valid and not served here
 */
export function parseOffer(sdp: string, role: OfferRole): Offer {
  const [session, ...media] = readLevels(sdp);
  const sections = media.map((level) => parseSection(level, session, role));
  const [first, second] = sections;
  if (first?.kind === second?.kind) {
    throw new Problem(422, `The offer has two ${first?.kind} sections; one per kind is the most.`);
  }
  if (first?.mid === second?.mid) throw new Problem(400, 'Two media sections have the same a=mid.');
  checkBundle(session.lines, sections);
  if (role === 'publish') checkOneStream(media);
  const value = (name: string) => media[0]?.attributes.get(name) ?? session.attributes.get(name);
  const ufrag = value('ice-ufrag') ?? '';
  const pwd = value('ice-pwd') ?? '';
  if (!areIceCredentials(ufrag, pwd)) throw new Problem(400, 'The offer needs a valid a=ice-ufrag and a=ice-pwd.');
  if (value('fingerprint') === undefined) throw new Problem(400, 'The offer has no a=fingerprint.');
  const setup = value('setup') ?? 'actpass';
  if (!['actpass', 'active', 'passive'].includes(setup)) {
    throw new Problem(400, `a=setup:${setup.slice(0, 80)} is not possible.`);
  }
  return { sessionLines: session.lines, sections, ufrag, pwd, setup };
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

/** The session level of a description, or one media section: its lines and what is looked up in them. */
interface Level {
  /** An empty string for the session level. */
  readonly mLine: string;
  readonly lines: string[];
  /** The first value of each attribute, an empty string for a bare one. */
  readonly attributes: Map<string, string>;
  /** The first value of `rtpmap` and `fmtp` for each payload type, by for example `rtpmap:96`. */
  readonly formats: Map<string, string>;
  readonly streams: Set<string>;
}

function newLevel(mLine = ''): Level {
  return { mLine, lines: [], attributes: new Map(), formats: new Map(), streams: new Set() };
}

/** The session level and one or two media sections. */
function readLevels(sdp: string): [Level, ...Level[]] {
  const lines = splitLines(sdp);
  if (lines[0] !== 'v=0') throw new Problem(400, 'The body is not an SDP offer: it must begin with "v=0".');
  const levels: [Level, ...Level[]] = [newLevel()];
  let level = levels[0];
  const left = { ...OFFER_LIMITS } as Record<keyof typeof OFFER_LIMITS, number>;
  for (const line of lines) {
    if (line.startsWith('m=')) {
      if (--left.sections < 0) throw new Problem(422, 'The offer may have one audio and one video section, no more.');
      levels.push((level = newLevel(line)));
      continue;
    }
    level.lines.push(line);
    if (!line.startsWith('a=')) continue;
    if (--left.attributes < 0) throw tooMany('a= lines', OFFER_LIMITS.attributes);
    if (line.startsWith('a=candidate:') && --left.candidates < 0) throw tooMany('candidates', OFFER_LIMITS.candidates);
    index(level, line);
  }
  if (levels.length === 1) throw new Problem(400, 'The offer has no media section.');
  return levels;
}

function index({ attributes, formats, streams }: Level, line: string): void {
  const colon = line.indexOf(':');
  const name = line.slice(2, colon < 0 ? undefined : colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).trim();
  if (!attributes.has(name)) attributes.set(name, value);
  if (name === 'msid') streams.add(value.split(' ', 1)[0] ?? '');
  if (name !== 'rtpmap' && name !== 'fmtp') return;
  const space = value.indexOf(' ');
  const key = `${name}:${value.slice(0, Math.max(0, space))}`;
  if (!formats.has(key)) formats.set(key, value.slice(space + 1).trim());
}

function tooMany(what: string, most: number): Problem {
  return new Problem(400, `The offer has more than ${most} ${what}.`);
}

function parseSection(level: Level, session: Level, role: OfferRole): MediaSection {
  const { mLine, lines, attributes } = level;
  const [start = '', port = '', protocol = '', ...formats] = mLine.split(' ', OFFER_LIMITS.payloadTypes + 4);
  const isComplete = /^m=\S+$/.test(start) && /^\d{1,5}$/.test(port) && formats.length > 0;
  if (!isComplete || formats.some((format) => !/^\S+$/.test(format))) {
    throw new Problem(400, `Not a media line: "${mLine.slice(0, 80)}".`);
  }
  if (formats.length > OFFER_LIMITS.payloadTypes) {
    throw tooMany('payload types in a section', OFFER_LIMITS.payloadTypes);
  }
  const kind = start.slice(2);
  if (kind !== 'audio' && kind !== 'video') {
    throw new Problem(422, `Media of kind "${kind.slice(0, 80)}" is not taken here.`);
  }
  if (!/^(UDP|TCP)\/TLS\/RTP\/SAVPF$/.test(protocol)) {
    throw new Problem(422, `No media over ${protocol.slice(0, 80)}.`);
  }
  if (port === '0' && !attributes.has('bundle-only')) {
    throw new Problem(422, `The ${kind} section is rejected in the offer itself (port 0).`);
  }
  const mid = attributes.get('mid') ?? '';
  if (!MID.test(mid)) throw new Problem(400, `The ${kind} section needs an a=mid.`);
  if (!attributes.has('rtcp-mux')) throw new Problem(422, 'RTP and RTCP must share a port (a=rtcp-mux).');
  const directionOf = (one: Level) => DIRECTIONS.find((direction) => one.attributes.get(direction) === '');
  const direction = directionOf(level) ?? directionOf(session) ?? 'sendrecv';
  const possible = role === 'publish' ? ['sendonly', 'sendrecv'] : ['recvonly', 'sendrecv'];
  if (!possible.includes(direction)) {
    throw new Problem(422, `The ${kind} section is ${direction}; here it must be ${possible.join(' or ')}.`);
  }
  return { kind, mid, direction, codecs: parseCodecs(level, formats), mLine, lines };
}

function parseCodecs({ formats }: Level, payloadTypes: readonly string[]): Codec[] {
  return payloadTypes.flatMap((payloadType) => {
    const match = /^([A-Za-z0-9_.-]+)\/(\d{1,9})(?:\/(\d{1,3}))?$/.exec(formats.get(`rtpmap:${payloadType}`) ?? '');
    if (!match?.[1]) return [];
    const parameters = formats.get(`fmtp:${payloadType}`) ?? '';
    const codec = { payloadType: Number(payloadType), name: match[1], clockRate: Number(match[2]), parameters };
    return [match[3] === undefined ? codec : { ...codec, channels: Number(match[3]) }];
  });
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

function checkOneStream(media: readonly Level[]): void {
  const streams = new Set(media.flatMap(({ streams: ids }) => [...ids]));
  streams.delete('-');
  if (streams.size > 1) throw new Problem(422, 'All tracks must belong to one MediaStream (a=msid).');
}
