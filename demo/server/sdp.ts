import SDP from 'sdp';
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
const M_LINE = /^m=\S+ \d{1,5} \S+(?: \S+)+$/;
const RTPMAP = /^a=rtpmap:(?:0|[1-9]\d{0,2}) [A-Za-z0-9_.-]+\/\d{1,9}(?:\/\d{1,3})?$/;
const MID = /^[\x21-\x7e]{1,64}$/;
const UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const PWD = /^[A-Za-z0-9+/]{22,256}$/;

/** The lines of SDP without empty ones and without space around them, whatever the line ends are. */
export function sdpLines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The value of the first `a=name:value` of a section, or of any lines of SDP. */
export function attributeOf(section: string, name: string): string | undefined {
  const prefix = `a=${name}:`;
  return SDP.matchPrefix(section, prefix)[0]?.slice(prefix.length);
}

/** Checks ICE credentials against the grammar of RFC 8839. */
export function areIceCredentials(ufrag: string | undefined, pwd: string | undefined): boolean {
  return UFRAG.test(ufrag ?? '') && PWD.test(pwd ?? '');
}

/** What makes two codecs the same for a decoder, for example `h264/42e0/1`. */
export function codecKey(codec: Codec): string {
  const name = codec.name.toLowerCase();
  const fmtp = formatParameters(codec);
  if (name === 'h264') {
    return `${name}/${(fmtp['profile-level-id'] ?? '42000a').slice(0, 4)}/${fmtp['packetization-mode'] ?? '0'}`;
  }
  if (name === 'vp9') return `${name}/${fmtp['profile-id'] ?? '0'}`;
  if (name === 'av1') return `${name}/${fmtp['profile'] ?? '0'}`;
  if (name === 'h265') return `${name}/${fmtp['profile-id'] ?? '1'}`;
  return name;
}

/**
 * Reads an offer and refuses, with the reason, what the ingest cannot serve as a whole (RFC 9725 section 4.4: there is no
 * partial success).
 *
 * The npm package `sdp` reads sections and lines, and leaves their order to the client: what it wrote has to reach the
 * engine line by line (several fingerprints, SSRC groups), so `sdp-transform`, which sorts lines by meaning, does not fit.
 * The package checks nothing, so limits and grammar are checked here before it reads.
 *
 * @throws Problem 400, or 422 for what is valid and not served here
 */
export function parseOffer(text: string, role: OfferRole): Offer {
  const lines = sdpLines(text);
  if (lines[0] !== 'v=0') throw new Problem(400, 'The body is not an SDP offer: it must begin with "v=0".');
  checkLimits(lines);
  const [session = '', ...media] = SDP.splitSections(lines.join('\r\n'));
  const sections = media.map((section) => parseSection(section, session, role));
  const [first, second] = sections;
  if (first?.kind === second?.kind) {
    throw new Problem(422, `The offer has two ${first?.kind} sections; one per kind is the most.`);
  }
  if (first?.mid === second?.mid) throw new Problem(400, 'Two media sections have the same a=mid.');
  checkBundle(session, sections);
  if (role === 'publish') checkOneStream(media);
  // The first section of a bundle has the transport of all, and the session level has what the section leaves out.
  const transport = `${media[0] ?? ''}${session}`;
  const { usernameFragment: ufrag = '', password: pwd = '' } = SDP.getIceParameters(transport, '') ?? {};
  if (!areIceCredentials(ufrag, pwd)) throw new Problem(400, 'The offer needs a valid a=ice-ufrag and a=ice-pwd.');
  const [fingerprint] = SDP.matchPrefix(transport, 'a=fingerprint:');
  if (!fingerprint) throw new Problem(400, 'The offer has no a=fingerprint.');
  const setup = attributeOf(transport, 'setup') ?? 'actpass';
  if (!['actpass', 'active', 'passive'].includes(setup)) {
    throw new Problem(400, `a=setup:${setup.slice(0, 80)} is not possible.`);
  }
  return { sessionLines: sdpLines(session), sections, ufrag, pwd, setup };
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

function checkLimits(lines: readonly string[]): void {
  const count = (start: string) => lines.filter((line) => line.startsWith(start)).length;
  const sections = count('m=');
  if (sections === 0) throw new Problem(400, 'The offer has no media section.');
  if (sections > OFFER_LIMITS.sections) {
    throw new Problem(422, 'The offer may have one audio and one video section, no more.');
  }
  if (count('a=') > OFFER_LIMITS.attributes) throw tooMany('a= lines', OFFER_LIMITS.attributes);
  if (count('a=candidate:') > OFFER_LIMITS.candidates) throw tooMany('candidates', OFFER_LIMITS.candidates);
}

function tooMany(what: string, most: number): Problem {
  return new Problem(400, `The offer has more than ${most} ${what}.`);
}

function parseSection(text: string, session: string, role: OfferRole): MediaSection {
  const [mLine = '', ...lines] = sdpLines(text);
  if (!M_LINE.test(mLine)) throw new Problem(400, `Not a media line: "${mLine.slice(0, 80)}".`);
  const { kind, protocol, fmt = '' } = SDP.parseMLine(mLine);
  const payloadTypes = fmt.split(' ');
  if (payloadTypes.length > OFFER_LIMITS.payloadTypes) {
    throw tooMany('payload types in a section', OFFER_LIMITS.payloadTypes);
  }
  if (kind !== 'audio' && kind !== 'video') {
    throw new Problem(422, `Media of kind "${kind.slice(0, 80)}" is not taken here.`);
  }
  if (!/^(UDP|TCP)\/TLS\/RTP\/SAVPF$/.test(protocol)) {
    throw new Problem(422, `No media over ${protocol.slice(0, 80)}.`);
  }
  if (SDP.isRejected(mLine) && !lines.includes('a=bundle-only')) {
    throw new Problem(422, `The ${kind} section is rejected in the offer itself (port 0).`);
  }
  const mid = attributeOf(text, 'mid') ?? '';
  if (!MID.test(mid)) throw new Problem(400, `The ${kind} section needs an a=mid.`);
  if (!lines.includes('a=rtcp-mux')) throw new Problem(422, 'RTP and RTCP must share a port (a=rtcp-mux).');
  const direction = SDP.getDirection(text, session);
  const possible = role === 'publish' ? ['sendonly', 'sendrecv'] : ['recvonly', 'sendrecv'];
  if (!possible.includes(direction)) {
    throw new Problem(422, `The ${kind} section is ${direction}; here it must be ${possible.join(' or ')}.`);
  }
  return { kind, mid, direction, codecs: parseCodecs(text, payloadTypes), mLine, lines };
}

/** The codecs in the order of the `m=` line, which is the client's preference. */
function parseCodecs(section: string, payloadTypes: readonly string[]): Codec[] {
  const formats = SDP.matchPrefix(section, 'a=fmtp:');
  const codecs = SDP.matchPrefix(section, 'a=rtpmap:')
    .filter((line) => RTPMAP.test(line))
    .map((line) => SDP.parseRtpMap(line));
  return payloadTypes.flatMap((payloadType) => {
    const codec = codecs.find((one) => String(one.payloadType) === payloadType);
    if (!codec) return [];
    const { name, clockRate, channels } = codec;
    const start = `a=fmtp:${payloadType} `;
    const parameters =
      formats
        .find((line) => line.startsWith(start))
        ?.slice(start.length)
        .trim() ?? '';
    return [{ payloadType: codec.payloadType, name, clockRate, channels, parameters }];
  });
}

/** The parameters by name, without spaces and all in lower case. */
function formatParameters({ payloadType, parameters }: Codec): Record<string, string | undefined> {
  return SDP.parseFmtp(`a=fmtp:${payloadType} ${parameters.replace(/\s+/g, '').toLowerCase()}`);
}

function keptPayloadTypes(section: MediaSection, codec: Codec | undefined): string[] {
  if (!codec) return [];
  const rtx = section.codecs.find(
    (one) => one.name.toLowerCase() === 'rtx' && formatParameters(one)['apt'] === String(codec.payloadType),
  );
  return [codec, ...(rtx ? [rtx] : [])].map(({ payloadType }) => String(payloadType));
}

function checkBundle(session: string, sections: readonly MediaSection[]): void {
  const bundled = SDP.matchPrefix(session, 'a=group:BUNDLE')[0]?.split(' ') ?? [];
  if (sections.length > 1 && !sections.every(({ mid }) => bundled.includes(mid))) {
    throw new Problem(422, 'All media must share one transport (a=group:BUNDLE with every a=mid).');
  }
}

function checkOneStream(media: readonly string[]): void {
  const lines = media.flatMap((section) => SDP.matchPrefix(section, 'a=msid:'));
  const streams = new Set(lines.map((line) => line.slice('a=msid:'.length).trim().split(' ', 1)[0]));
  streams.delete('-');
  if (streams.size > 1) throw new Problem(422, 'All tracks must belong to one MediaStream (a=msid).');
}
