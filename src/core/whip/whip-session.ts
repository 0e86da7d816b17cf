import { withDeadline } from '../timing.js';
import {
  isSafe,
  resolveSafely,
  send,
  statusError,
  type Surroundings,
  type WhipAnswer,
  type WhipRequest,
} from './http.js';
import { iceServersOf, parseLinkHeader } from './link-header.js';
import { WhipError } from './whip-error.js';

const SDP = 'application/sdp';
const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';

/** Milliseconds that the server has to answer a request of each kind. */
export const HTTP_DEADLINE = { POST: 10_000, PATCH: 5_000, DELETE: 2_000 } as const;

/** Milliseconds after which even an answer that nobody waits for any more is not waited for. */
const LATE_ANSWER_DEADLINE = 60_000;

/** Refusals that a redirect may be the reason of: the browser dropped the bearer, or made a `GET` of the `POST`. */
const LOST_IN_REDIRECT = new Set([401, 403, 404, 405, 415]);

/** How servers refuse candidates for good; other errors pass. */
const TAKES_NO_CANDIDATES = new Set([400, 404, 405, 410, 412, 415, 422, 428, 501]);

/** Gives the bearer token; `refresh` after the server has refused the one before. */
export type TokenSource = (refresh: boolean) => Promise<string | null>;

/** One session on a WHIP server, from its `201` to its `DELETE` (RFC 9725). */
export class WhipSession {
  /** The answer to our offer. */
  readonly answer: string;
  /** STUN and TURN servers that the server offers. */
  readonly iceServers: RTCIceServer[];
  /** Null where the server does not tell: then there is no `PATCH` and no `DELETE`. */
  readonly #url: string | null;
  readonly #token: string | null;
  readonly #surroundings: Surroundings;
  #etag: string | null;
  #deleted: Promise<void> | undefined;

  constructor({ headers, url, body }: WhipAnswer, token: string | null, { world, log }: Surroundings) {
    const location = headers.get('Location');
    // Parsers of browsers want the last line ended, and none before the first.
    this.answer = `${body.trim()}\r\n`;
    this.iceServers = iceServersOf(parseLinkHeader(headers.get('Link')));
    // Relative to where the redirects ended, not to where they began (RFC 9110 section 10.2.2).
    this.#url = location === null ? null : resolveSafely(location, url);
    this.#etag = headers.get('ETag');
    this.#token = token;
    this.#surroundings = { world, log };
    if (!this.#url) log.warn('The server gave no readable session URL.');
  }

  /**
   * Sends candidates to the server.
   * @returns false where the server does not take them: an older or a simpler server, never a reason to end a broadcast
   * @throws WhipError where no answer came; the reason of the signal
   */
  async trickle(fragment: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#url) return false;
    let { status } = await this.#patch(fragment, this.#etag, signal);
    // 428: the entity tag was not readable for us or is wanted as `*`; 412: it was weakened on its way.
    if (status === 428) ({ status } = await this.#patch(fragment, this.#etag ?? '*', signal));
    else if (status === 412) ({ status } = await this.#patch(fragment, this.#etag?.replace(/^W\//, '') ?? '*', signal));
    return !TAKES_NO_CANDIDATES.has(status);
  }

  /** Ends the session on the server, once. Never rejects: what the server does not end now, its time-out will. */
  delete(): Promise<void> {
    this.#deleted ??= this.#delete();
    return this.#deleted;
  }

  #patch(body: string, ifMatch: string | null, signal: AbortSignal): Promise<WhipAnswer> {
    return this.#send({ method: 'PATCH', contentType: SDP_FRAGMENT, body, ifMatch }, signal);
  }

  async #delete(): Promise<void> {
    if (!this.#url) return;
    try {
      await this.#send({ method: 'DELETE' });
    } catch (error) {
      this.#surroundings.log.warn('The session was not deleted:', error);
    }
  }

  #send(
    request: Pick<WhipRequest, 'body' | 'contentType' | 'ifMatch'> & { method: 'PATCH' | 'DELETE' },
    signal?: AbortSignal,
  ) {
    const { method } = request;
    return withDeadline(
      (deadline) =>
        send({ ...request, url: this.#url ?? '', token: this.#token, signal: deadline }, this.#surroundings),
      HTTP_DEADLINE[method],
      () => noAnswer(method),
      this.#surroundings.world,
      signal,
    );
  }
}

/** What publishing needs. */
export interface SessionRequest extends Surroundings {
  endpoint: string;
  /** The session description to publish. */
  offer: string;
  token: TokenSource;
  signal: AbortSignal;
  /** Told of work that goes on after the request has failed: an answer that is still to come, and its session's end. */
  onCleanup: (done: Promise<void>) => void;
}

/**
 * Publishes an offer by `POST`, with a fresh token once more after a 401. The request itself is never cut off, since
 * its answer would leave a session behind: one that comes after the deadline or the abort gets its session deleted.
 * @throws WhipError, or the reason of the signal
 */
export async function createSession(request: SessionRequest): Promise<WhipSession> {
  const { world, signal, onCleanup } = request;
  const token = await withDeadline(
    () => request.token(false),
    HTTP_DEADLINE.POST,
    () => new WhipError('timeout', 'The token provider gave no token.'),
    world,
    signal,
  );
  let publishing: Promise<WhipSession> | undefined;
  try {
    return await withDeadline(
      (wanted) => (publishing = publish(request, token, wanted)),
      HTTP_DEADLINE.POST,
      () => noAnswer('POST'),
      world,
      signal,
    );
  } catch (error) {
    // A request that fails later has left nothing behind.
    if (publishing) onCleanup(publishing.then((session) => session.delete()).catch(() => undefined));
    throw error;
  }
}

async function publish(request: SessionRequest, firstToken: string | null, wanted: AbortSignal): Promise<WhipSession> {
  const { world } = request;
  let token = firstToken;
  let answer = await post(request, token, wanted);
  if (answer.status === 401) {
    wanted.throwIfAborted();
    token = await request.token(true);
    wanted.throwIfAborted();
    if (token !== firstToken) answer = await post(request, token, wanted);
  }
  if (!isCreated(answer)) {
    throw answer.ok
      ? new WhipError(
          'protocol',
          `The endpoint answered POST with ${answer.status} but no session: is it a WHIP endpoint?`,
          answer,
        )
      : statusError('POST', answer, token, world.now());
  }
  const session = new WhipSession(answer, token, request);
  if (!isSessionDescription(answer)) {
    await session.delete();
    throw new WhipError('protocol', 'The server answered POST with 201 but no SDP.', answer);
  }
  return session;
}

/**
 * One `POST`, and a second one where a redirect took something away from the first: browsers drop the bearer on the way
 * to another origin, and make a `GET` of a `POST` after 301 and 302 (Fetch standard, HTTP-redirect fetch).
 */
async function post(request: SessionRequest, token: string | null, wanted: AbortSignal): Promise<WhipAnswer> {
  const { world, endpoint, offer } = request;
  const late = new AbortController();
  const timer = world.setTimeout(() => late.abort(), LATE_ANSWER_DEADLINE);
  const sendTo = (url: string) =>
    send({ method: 'POST', url, token, contentType: SDP, body: offer, signal: late.signal }, request);
  try {
    const answer = await sendTo(endpoint);
    const isLost = LOST_IN_REDIRECT.has(answer.status) || (answer.ok && !isCreated(answer));
    if (!answer.redirected || !isLost || wanted.aborted || !isSafe(new URL(answer.url))) return answer;
    return await sendTo(answer.url);
  } finally {
    world.clearTimeout(timer);
  }
}

function noAnswer(method: keyof typeof HTTP_DEADLINE): WhipError {
  return new WhipError('timeout', `The server did not answer ${method} within ${HTTP_DEADLINE[method] / 1000} s.`);
}

/** Some servers answer with another success than 201. */
function isCreated(answer: WhipAnswer): boolean {
  return answer.status === 201 || (answer.ok && isSessionDescription(answer));
}

function isSessionDescription({ body }: WhipAnswer): boolean {
  return /^\s*v=0\r?\n/.test(body);
}
