import type { Reply } from './http-replies.js';

/** How a server names the session in its 201; the real ingest's way is a relative URL. */
export type LocationStyle = 'relative' | 'absolute' | 'other-host' | 'query' | 'none' | 'twice';
export type EtagStyle = 'none' | 'star' | 'unquoted' | 'weak';

/** What a server does to a good answer. */
export interface AnswerQuirks {
  location?: LocationStyle;
  etag?: EtagStyle;
  /** No `Access-Control-Expose-Headers`: the page can read neither `Location` nor `ETag`. */
  noExposeHeaders?: boolean;
  /** Another value of that header. */
  exposes?: string;
  contentType?: string;
  /** The status in place of 201. */
  status?: number;
  lfOnly?: boolean;
  rejected?: 'audio' | 'video';
  /** Port 0 for the second section, though it stays in the BUNDLE group: it is accepted all the same. */
  bundledPortZero?: boolean;
  /** One long line that is no SDP. */
  garbled?: boolean;
  /** Values of `Link` headers, as `fetch` sees several: joined. */
  link?: string;
}

/** How the answer to an ICE restart deviates from the fragment that RFC 9725 section 4.3.3 has. */
export type RestartShape = 'full-sdp-lf' | 'session-credentials' | 'no-mid' | 'no-candidates' | 'no-group';

const EXPOSE = 'Access-Control-Expose-Headers';

/** What some servers add to their session URLs and expect back. */
export const SESSION_QUERY = '?direction=whip&key=a%2Fb';

/** The 201 of a server with these quirks; `base` is the server's own address. */
export function rewriteCreated(reply: Reply, quirks: AnswerQuirks, base: string): Reply {
  const { contentType, noExposeHeaders, exposes, status, link } = quirks;
  const body = rewriteAnswer(reply.body ?? '', quirks);
  const headers: Record<string, string> = {
    ...reply.headers,
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
    ...(link === undefined ? {} : { Link: link }),
    ...(exposes === undefined ? {} : { [EXPOSE]: exposes }),
    'Content-Length': String(Buffer.byteLength(body)),
  };
  rewriteLocation(headers, quirks.location ?? 'relative', base);
  if (quirks.etag) rewriteEtag(headers, quirks.etag);
  if (noExposeHeaders) delete headers['Access-Control-Expose-Headers'];
  return { status: status ?? reply.status, headers, body };
}

/** The answer to an ICE restart in another shape; `answer` is the session's first one. */
export function rewriteRestart({ status, headers, body = '' }: Reply, shape: RestartShape, answer: string): Reply {
  const rewritten = RESTART_SHAPES[shape](body, answer);
  return { status, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(rewritten)) }, body: rewritten };
}

const CREDENTIALS = /^a=ice-(?:ufrag|pwd):.*\r?\n/gm;
const CANDIDATES = /^a=candidate:.*\r?\n/gm;

const RESTART_SHAPES: Record<RestartShape, (fragment: string, answer: string) => string> = {
  'full-sdp-lf': (fragment, answer) => {
    const generation = [...(fragment.match(CREDENTIALS) ?? []), ...(fragment.match(CANDIDATES) ?? [])].join('');
    const without = answer.replace(CREDENTIALS, '').replace(CANDIDATES, '');
    return without.replace(/^a=mid:.*\r?\n/gm, generation).replaceAll('\r\n', '\n');
  },
  'session-credentials': (fragment) => (fragment.match(CREDENTIALS) ?? []).join('') + fragment.replace(CREDENTIALS, ''),
  'no-mid': (fragment) => fragment.replace(/^a=mid:.*\r?\n/gm, ''),
  'no-candidates': (fragment) => fragment.replace(CANDIDATES, ''),
  'no-group': (fragment) => fragment.replace(/^a=group:.*\r?\n/gm, ''),
};

/** An answer that a page of another origin may not read. */
export function withoutCors({ headers, ...reply }: Reply): Reply {
  const kept = Object.entries(headers ?? {}).filter(([name]) => !/^access-control-/i.test(name));
  return { ...reply, headers: Object.fromEntries(kept) };
}

/** An answer of which a page of another origin may read the body, and no header of its own. */
export function withoutExposed({ headers, ...reply }: Reply): Reply {
  return { ...reply, headers: { ...headers, [EXPOSE]: '' } };
}

/** A URL without its query. */
export function withoutSessionQuery(url: string): string {
  return url.replace(/\?.*$/, '');
}

function rewriteLocation(headers: Record<string, string>, style: LocationStyle, base: string): void {
  const location = headers['Location'] ?? '';
  if (style === 'none') delete headers['Location'];
  if (style === 'absolute') headers['Location'] = base + location;
  if (style === 'other-host') headers['Location'] = base.replace(/\/\/[^:/]+/, '//other.localhost') + location;
  if (style === 'query') headers['Location'] = location + SESSION_QUERY;
  // As `fetch` sees two of them: joined.
  if (style === 'twice') headers['Location'] = `${location}, ${location}`;
}

function rewriteEtag(headers: Record<string, string>, style: EtagStyle): void {
  const etag = headers['ETag'] ?? '';
  if (style === 'none') delete headers['ETag'];
  if (style === 'star') headers['ETag'] = '*';
  if (style === 'unquoted') headers['ETag'] = etag.replaceAll('"', '');
  if (style === 'weak') headers['ETag'] = `W/${etag}`;
}

function rewriteAnswer(sdp: string, { rejected, bundledPortZero, garbled, lfOnly }: AnswerQuirks): string {
  const sections = rejected ? rejectSection(sdp, rejected) : sdp;
  const ports = bundledPortZero ? sections.replace(/^(m=video) \d+/m, '$1 0') : sections;
  const answer = ports + (garbled ? 'x'.repeat(5000) : '');
  return lfOnly ? answer.replaceAll('\r\n', '\n') : answer;
}

/**
 * Port 0 for a kind of media, and its way out of the BUNDLE group (RFC 9143 section 7.3.3). Without candidates, since
 * the engine goes on for half a minute with a handshake that its client has left.
 */
function rejectSection(sdp: string, kind: string): string {
  const [session = '', ...sections] = sdp.split(/^(?=m=)/m);
  const section = sections.find((text) => text.startsWith(`m=${kind} `)) ?? '';
  const mid = /^a=mid:(\S+)/m.exec(section)?.[1] ?? '';
  const group = session.replace(/^a=group:BUNDLE.*$/m, (line) => line.replace(` ${mid}`, ''));
  const rejected = section.replace(/^m=(\w+) \d+/, 'm=$1 0').replace(/^a=(sendrecv|recvonly|sendonly)/m, 'a=inactive');
  const answer = [group, ...sections.map((text) => (text === section ? rejected : text))].join('');
  return answer.replace(/^a=candidate:.*\r\n/gm, '');
}
