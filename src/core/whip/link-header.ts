/** One link of a `Link` header: its target and its parameters, names in lower case. */
export interface Link {
  target: string;
  parameters: Map<string, string>;
}

const NAME = /\s*;\s*([!#$%&'*+.^`|~\w-]+)/y;
const EQUALS = /\s*=\s*/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const TOKEN = /[^\s";,]*/y;

/** Longer headers are cut. */
const MAX_HEADER = 64 * 1024;

/**
 * The links of a `Link` header (RFC 8288 section 3): `<target>` and parameters behind semicolons, whose values are tokens or
 * quoted strings, in which commas, semicolons and angle brackets may stand. `fetch` joins several headers with commas. What
 * cannot be read is passed over; of a parameter that stands twice the first counts. Each character is read once.
 */
export function parseLinkHeader(header: string | null): Link[] {
  const text = (header ?? '').slice(0, MAX_HEADER);
  const links: Link[] = [];
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (;;) {
    const start = text.indexOf('<', at);
    const end = start < 0 ? -1 : text.indexOf('>', start);
    if (end < 0) return links;
    at = end + 1;
    const parameters = new Map<string, string>();
    for (let name = take(NAME); name; name = take(NAME)) {
      const key = name[1]?.toLowerCase() ?? '';
      const hasValue = take(EQUALS) !== null;
      const quoted = hasValue ? take(QUOTED) : null;
      const value = quoted ? quoted[1]?.replace(/\\([^])/g, '$1') : hasValue ? take(TOKEN)?.[0] : '';
      if (!parameters.has(key)) parameters.set(key, value ?? '');
    }
    links.push({ target: text.slice(start + 1, end).trim(), parameters });
  }
}

/** Whether a link is of the relation `rel`; one link may name several (RFC 8288 section 3.3). */
export function hasRelation(link: Link, rel: string): boolean {
  return (link.parameters.get('rel') ?? '').toLowerCase().split(/\s+/).includes(rel);
}

/** Of the channel on which a server reports how the broadcast goes on behind it, by server-sent events. */
const STATUS_CHANNEL = 'urn:x-nano-webcaster:broadcast-status';

/** The link to the status channel, null if there is none. */
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
