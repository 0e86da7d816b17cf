import { isIP } from 'node:net';
import SDP from 'sdp';
import { Problem } from './problem.js';
import { areIceCredentials, attributeOf, sdpLines } from './sdp.js';

/** The body of a PATCH (RFC 8840 section 4.4), as far as it matters to a bundled session. */
export interface IceFragment {
  /** Both or neither. */
  readonly credentials?: IceCredentials;
  readonly mid?: string;
  /** `candidate:…` lines as they came, not yet checked. */
  readonly candidates: readonly string[];
}

export interface IceCredentials {
  readonly ufrag: string;
  readonly pwd: string;
}

/** More than any host has; the rest of a fragment is ignored. */
const MAX_CANDIDATES = 64;

/** Reads a fragment. Tolerates bare LF, credentials on either level, and a whole SDP around it. */
export function parseFragment(text: string): IceFragment {
  const lines = sdpLines(text);
  if (lines.length === 0) throw new Problem(400, 'The fragment is empty.');
  if (!lines.every((line) => /^[a-z]=/.test(line))) throw new Problem(400, 'The fragment has a line that is not SDP.');
  const fragment = lines.join('\n');
  const [ufrag, pwd, mid] = ['ice-ufrag', 'ice-pwd', 'mid'].map((name) => attributeOf(fragment, name));
  const candidates = SDP.matchPrefix(fragment, 'a=candidate:').map((line) => line.slice(2));
  if ((ufrag !== undefined || pwd !== undefined) && !areIceCredentials(ufrag, pwd)) {
    throw new Problem(400, 'The fragment needs a valid a=ice-ufrag together with a valid a=ice-pwd.');
  }
  if (ufrag === undefined && candidates.length === 0 && !lines.includes('a=end-of-candidates')) {
    throw new Problem(400, 'The fragment has neither ICE credentials nor candidates.');
  }
  return {
    ...(ufrag === undefined || pwd === undefined ? {} : { credentials: { ufrag, pwd } }),
    ...(mid === undefined ? {} : { mid }),
    candidates: candidates.slice(0, MAX_CANDIDATES),
  };
}

/** `candidate` of RFC 8839 section 5.1, over UDP and for RTP, which a bundle without RTCP of its own uses. */
const CANDIDATE =
  /^candidate:[A-Za-z0-9+/]{1,32} 1 (?:udp|UDP) \d{1,10} \S+ \d{1,5} typ (?:host|srflx|prflx|relay)(?: |$)/;

/**
 * Makes a candidate fit for the engine: UDP, an IP address, a valid port, and without extensions such as `generation`,
 * whose count differs between the two ends. `undefined` for one to skip, as RFC 9725 section 4.3.1 wants for names that
 * cannot be resolved (`….local`).
 */
export function usableCandidate(candidate: string): string | undefined {
  if (!CANDIDATE.test(candidate)) return undefined;
  const { foundation, protocol, priority, address, port, type } = SDP.parseCandidate(candidate);
  if (isIP(address) === 0 || port < 1 || port > 65_535) return undefined;
  // A peer-reflexive candidate cannot be signalled; a restart by some clients lists it anyway.
  const signalled = type === 'prflx' ? 'srflx' : type;
  return `candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${signalled}`;
}

/** Writes the answer to an ICE restart: the server's new credentials and all of its candidates. */
export function buildFragment(
  mids: readonly string[],
  mLine: string,
  credentials: IceCredentials,
  candidates: readonly string[],
): string {
  return [
    'a=ice-options:trickle',
    `a=group:BUNDLE ${mids.join(' ')}`,
    mLine,
    `a=mid:${mids[0] ?? '0'}`,
    `a=ice-ufrag:${credentials.ufrag}`,
    `a=ice-pwd:${credentials.pwd}`,
    ...candidates.map((candidate) => `a=${candidate.replace(/^(?!candidate:)/, 'candidate:')}`),
    'a=end-of-candidates',
    '',
  ].join('\r\n');
}

/** What an `If-Match` header asks of the current entity tag. */
export type Precondition = 'missing' | 'any' | 'match' | 'mismatch';

/** Compares `If-Match` strongly with `etag` (RFC 9110 section 13.1.1). A quoted star counts as the star. */
export function checkIfMatch(header: string | undefined, etag: string): Precondition {
  if (header === undefined) return 'missing';
  if (/^\s*(?:\*|"\*")\s*$/.test(header)) return 'any';
  for (let start = 0; start <= header.length;) {
    const comma = header.indexOf(',', start);
    const end = comma < 0 ? header.length : comma;
    if (header.slice(start, end).trim() === etag) return 'match';
    start = end + 1;
  }
  return 'mismatch';
}
