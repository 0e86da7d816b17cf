import { ofType } from '../api/checks.js';
import { RtcUserError } from '../api/errors.js';
import type { BroadcastTarget } from '../api/start-config.js';
import { isSafe, withoutQuery } from '../platform/safe-url.js';

/** Also as URL parsers and CMSs write it. */
const PLACEHOLDER = /(?:\{|%7b)streamname(?:\}|%7d)/gi;

/**
 * The WHIP endpoint for a broadcast. A `{streamname}` in `server` is filled in; otherwise target and name are added as
 * `stream_url` and `stream_name`, which is what nanoStream Cloud takes. `wss:` is read as `https:`.
 * @param target what the page names; a token's claims are known to the server anyway
 * @param baseUrl what a relative `server` is relative to
 * @param claimedName the stream name that a token claims: for the placeholder, if the page names none
 * @throws RtcUserError 1001, 1002 where it is no address for a broadcast
 */
export function endpointUrl(server: unknown, target: BroadcastTarget, baseUrl?: string, claimedName = ''): string {
  const given = ofType('string', 'server', server);
  if (given.trim() === '') throw new RtcUserError(1002, 'server must be the URL of a WHIP endpoint.');
  const { output, streamname } = target;
  const hasPlaceholder = given.search(PLACEHOLDER) >= 0;
  const name = streamname || claimedName;
  if (hasPlaceholder && !name) {
    throw new RtcUserError(1002, 'server has a {streamname} to fill in, but no stream name is given.');
  }
  // A URL would take them for a way up in its path.
  if (hasPlaceholder && /^\.\.?$/.test(name)) throw new RtcUserError(1002, 'This is no stream name.');
  const url = parse(given, name, baseUrl);
  if (hasPlaceholder) return url.href;
  // The query may be signed, so it stays byte for byte as it was.
  const added = { stream_url: output, stream_name: streamname };
  return Object.entries(added).reduce((href, [key, value]) => (value ? withQuery(href, key, value) : href), url.href);
}

/** Replaces a parameter of the query or appends it. */
function withQuery(href: string, key: string, value: string): string {
  const [path, ...rest] = href.split('?');
  const query = rest.join('?');
  const kept = query.split('&').filter((pair) => pair.split('=')[0] !== key);
  return `${path}?${[...(query ? kept : []), new URLSearchParams([[key, value]]).toString()].join('&')}`;
}

/** A host or a scheme that was mistyped, which would be read as a path on the page's own server. */
const LOOKS_LIKE_HOST = /^(?:(?:localhost|\[.+?\]|[^\s/?#:.]+(?:\.[^\s/?#:.]+)+\.?)(?::\d*)?|[\w.-]+:\d+)(?=[/?#]|$)/i;
const LOOKS_LIKE_SCHEME = /^(?:https?|wss?)(?::(?!\/\/)|[^\w:/]*\/\/)/i;

/** @throws RtcUserError 1002 if `server` only looks like a URL. No request with a token may go where it would lead */
function assertWholeUrl(server: string, baseUrl: string | undefined): void {
  const given = server.trim();
  if (!LOOKS_LIKE_HOST.test(given) && !LOOKS_LIKE_SCHEME.test(given)) return;
  let resolved = '';
  try {
    resolved = ` It would be read as ${withoutQuery(new URL(given, baseUrl).href)}.`;
  } catch {
    // Without a page there is nothing to read it against.
  }
  throw new RtcUserError(
    1002,
    `server lacks its scheme.${resolved} Begin with https:// or http://, or ./ for a path of this page's server.`,
  );
}

function parse(server: string, streamname: string, baseUrl: string | undefined): URL {
  assertWholeUrl(server, baseUrl);
  let url: URL;
  try {
    const filledIn = server.replace(PLACEHOLDER, encodeURIComponent(streamname));
    url = new URL(filledIn.trim().replace(/^wss:/i, 'https:').replace(/^ws:/i, 'http:'), baseUrl);
  } catch (error) {
    throw new RtcUserError(1002, 'server and stream name do not make a URL.', error);
  }
  if (url.username || url.password) throw new RtcUserError(1002, 'server must not hold a user name; use a token.');
  if (!isSafe(url)) throw new RtcUserError(1002, 'server must be an https URL; http is for localhost only.');
  url.hash = '';
  return url;
}

/**
 * An address of the server that shows whether it can be reached, before the target of the broadcast is known.
 * @returns null if the stream's name is part of the host
 * @throws RtcUserError as `endpointUrl` does
 */
export function probeUrl(server: unknown, baseUrl?: string): string | null {
  const whole = new URL(endpointUrl(server, { streamname: 'name' }, baseUrl));
  const other = new URL(endpointUrl(server, { streamname: 'other' }, baseUrl));
  if (whole.host !== other.host) return null;
  const [fixedPart = ''] = String(server).split(PLACEHOLDER);
  return withoutQuery(endpointUrl(fixedPart || '.', {}, baseUrl));
}
