import { ofType } from '../api/checks.js';
import { RtcUserError } from '../api/errors.js';
import type { BroadcastTarget } from '../api/start-config.js';
import { isSafe, withoutQuery } from '../platform/safe-url.js';

const PLACEHOLDER = /\{streamname\}/g;

/**
 * The WHIP endpoint for a broadcast. A `{streamname}` in `server` is filled in; otherwise target and name are added as
 * `stream_url` and `stream_name`, which is what nanoStream Cloud takes. `wss:` is read as `https:`.
 * @param target what the page names; a token's claims are known to the server anyway
 * @param baseUrl what a relative `server` is relative to
 * @param claimedName the stream name that a token claims: for the placeholder, where the page names none
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
  if (!hasPlaceholder) {
    if (output) url.searchParams.set('stream_url', output);
    if (streamname) url.searchParams.set('stream_name', streamname);
  }
  return url.href;
}

function parse(server: string, streamname: string, baseUrl: string | undefined): URL {
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
 * An address of the server that shows whether it can be reached, before it is known where the broadcast is to go.
 * @throws RtcUserError as `endpointUrl` does
 */
export function probeUrl(server: unknown, baseUrl?: string): string {
  endpointUrl(server, { streamname: 'name' }, baseUrl);
  const [fixedPart = ''] = String(server).split(PLACEHOLDER);
  return withoutQuery(endpointUrl(fixedPart, {}, baseUrl));
}
