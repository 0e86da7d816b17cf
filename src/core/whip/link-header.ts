/** One link of a `Link` header: its target and its parameters, names in lower case. */
export interface Link {
  target: string;
  parameters: Map<string, string>;
}

// RFC 8288 section 3 with RFC 9110 section 5.6: "<target>" and ";"-separated parameters, whose values are tokens or
// quoted strings; commas, semicolons and angle brackets may stand inside of those.
const LINK = /<([^>]*)>((?:\s*;\s*[!#$%&'*+.^`|~\w-]+(?:\s*=\s*(?:"(?:[^"\\]|\\[^])*"|[^\s";,]*))?)*)/g;
const PARAMETER = /;\s*([!#$%&'*+.^`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\[^])*)"|([^\s";,]*)))?/g;

/** Longer headers are cut: reading them takes quadratic time. */
const MAX_HEADER = 16 * 1024;

/**
 * The links of a `Link` header (RFC 8288). `fetch` joins several headers with commas. What cannot be read is passed
 * over; of a parameter that stands twice the first counts.
 */
export function parseLinkHeader(header: string | null): Link[] {
  const links = (header ?? '').slice(0, MAX_HEADER).matchAll(LINK);
  return [...links].map(([, target = '', parameters = '']) => ({
    target: target.trim(),
    parameters: readParameters(parameters),
  }));
}

function readParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, token = ''] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, quoted === undefined ? token : quoted.replace(/\\([^])/g, '$1'));
  }
  return parameters;
}

/** Whether a link is of the relation `rel`; one link may name several (RFC 8288 section 3.3). */
export function hasRelation(link: Link, rel: string): boolean {
  return (link.parameters.get('rel') ?? '').toLowerCase().split(/\s+/).includes(rel);
}

/** Of the channel on which a server reports how the broadcast goes on behind it, by server-sent events. */
const STATUS_CHANNEL = 'urn:x-nano-webcaster:broadcast-status';

/** What the link to the status channel says, null where there is none. */
export function statusChannelOf(links: readonly Link[]): string | null {
  return links.find((link) => hasRelation(link, STATUS_CHANNEL))?.target ?? null;
}

/**
 * The ICE servers that a WHIP server offers (RFC 9725 section 4.6). Left out is what `RTCPeerConnection` would throw
 * at: other schemes, TURN without credentials, STUN with a query, credentials that are not passwords.
 */
export function iceServersOf(links: readonly Link[]): RTCIceServer[] {
  return links.filter((link) => hasRelation(link, 'ice-server')).flatMap(toIceServer);
}

function toIceServer({ target, parameters }: Link): RTCIceServer[] {
  if (/^stuns?:[^?]+$/i.test(target)) return [{ urls: target }];
  const username = parameters.get('username');
  const credential = parameters.get('credential');
  const isPassword = (parameters.get('credential-type') ?? 'password') === 'password';
  if (!/^turns?:./i.test(target) || !username || !credential || !isPassword) return [];
  return [{ urls: target, username, credential }];
}
