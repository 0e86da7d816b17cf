import { withDeadline } from '../platform/timing.js';
import { readAnswer } from './answer.js';
import { assertEnded, statusError } from './http-errors.js';
import {
  HEDGE_AFTER,
  HTTP_DEADLINE,
  noAnswer,
  probe,
  send,
  sendOnward,
  type WhipContext,
  type TokenSource,
  type WhipAnswer,
  type WhipRequest,
} from './http.js';
import { resolveSafely } from '../platform/safe-url.js';
import { iceServersOf, parseLinkHeader, statusChannelOf } from './link-header.js';
import { forgetSession, rememberSession } from './stale-session.js';
import { asDescription, parseFragment, type IceDescription } from './sdp-fragment.js';
import { isUnanswered, isUnreadable, WhipError } from './whip-error.js';

const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';

/** How servers refuse candidates for good; other errors pass. */
const TAKES_NO_CANDIDATES = [400, 404, 405, 410, 412, 415, 422, 428, 501];

/** How servers say that they restart no ICE, and will not; other errors pass. */
const RESTARTS_NO_ICE = [400, 405, 412, 415, 422, 428, 501];

/** What an endpoint turned out to be able to do; shared by all sessions on it. */
export interface ServerCapabilities {
  /** Whether a probe has been answered. */
  answersProbes: boolean;
  /** Milliseconds that its slowest answer to a `POST` took. */
  slowestAnswer: number;
  /** False once it has refused candidates by `PATCH`: from then on they are in the offer. */
  takesCandidates: boolean;
  /** False once it has refused to restart ICE: from then on every loss takes a new session. */
  restartsIce: boolean;
  /** `If-Match` of a restart: RFC 9725 has the bare wildcard in its rule and the quoted one in its example. */
  wildcard: '*' | '"*"';
  /** Whether it reads fragments only where they look like whole session descriptions. */
  wantsDescriptions: boolean;
  /** Whether a `PATCH` was answered so that a page may read it: false where the first, with candidates, was not. */
  answersPatches: boolean | null;
}

/** Those of an endpoint that has not been tried yet. */
export function initialCapabilities(): ServerCapabilities {
  return {
    answersProbes: false,
    slowestAnswer: 0,
    takesCandidates: true,
    restartsIce: true,
    wildcard: '*',
    wantsDescriptions: false,
    answersPatches: null,
  };
}

/** What a session keeps of the request that made it. */
export interface SessionSource extends WhipContext {
  endpoint: string;
  capabilities: ServerCapabilities;
  token: TokenSource;
}

/** One session on a WHIP server, from its `201` to its `DELETE` (RFC 9725). */
export class WhipSession {
  /** The answer to our offer. */
  readonly answer: string;
  /** STUN and TURN servers that the server offers. */
  readonly iceServers: RTCIceServer[];
  /** Where the server reports how the broadcast goes on behind it; null where it does not. A secret. */
  readonly statusUrl: string | null;
  /** Null where the server does not tell: then there is no `PATCH` and no `DELETE`. */
  readonly #url: string | null;
  readonly #source: SessionSource;
  #token: string | null;
  #etag: string | null;
  #deleted: Promise<void> | undefined;

  constructor({ headers, url, body }: WhipAnswer, token: string | null, source: SessionSource) {
    const { endpoint, world, log } = source;
    // `fetch` joins several: some servers have one for each redirect.
    const location = headers.get('Location')?.split(/, +/).at(-1);
    this.answer = readAnswer(body);
    const links = parseLinkHeader(headers.get('Link'));
    const channel = statusChannelOf(links);
    this.iceServers = iceServersOf(links);
    // Relative to where the redirects ended, not to where they began (RFC 9110 section 10.2.2).
    this.#url = location === undefined ? null : resolveSafely(location, url);
    this.statusUrl = channel === null ? null : resolveSafely(channel, url);
    this.#etag = headers.get('ETag');
    this.#token = token;
    this.#source = source;
    if (this.#url) rememberSession(endpoint, this.#url, world.storage);
    else log.warn('The server gave no readable session URL.');
  }

  /**
   * Sends candidates to the server.
   * @returns false where the server does not take them: an older or a simpler server, never a reason to end a broadcast
   * @throws WhipError where no answer came; the reason of the signal
   */
  async trickle(fragment: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#url) return false;
    let { status } = await this.#patch(fragment, this.#etag, signal).catch((error: unknown) => {
      if (isUnreadable(error)) this.#source.capabilities.answersPatches ??= false;
      throw error;
    });
    // 428: the entity tag was not readable for us or is wanted as `*`; 412: it was weakened on its way.
    if (status === 428) ({ status } = await this.#patch(fragment, this.#etag ?? '*', signal));
    else if (status === 412) ({ status } = await this.#patch(fragment, this.#etag?.replace(/^W\//, '') ?? '*', signal));
    // A server without the method has no restart either; others take the one kind of PATCH and not the other.
    if (status === 405 || status === 501) this.#source.capabilities.restartsIce = false;
    return !TAKES_NO_CANDIDATES.includes(status);
  }

  /** Whether the session can be asked to restart ICE at all. */
  get isReachable(): boolean {
    return this.#url !== null;
  }

  /**
   * Asks the server to restart ICE with our new credentials, in the forms that servers want them in.
   * @throws WhipError where it does not: `protocol` where it never will, which is remembered
   */
  async restart(fragment: string, signal: AbortSignal): Promise<IceDescription> {
    const { capabilities, world } = this.#source;
    // Kept only where they are taken: the other form may have got no answer.
    let { wildcard, wantsDescriptions } = capabilities;
    const ask = () =>
      this.#patch(wantsDescriptions ? asDescription(fragment) : fragment, wildcard, signal).catch(
        async (error: unknown) => {
          // No page may read the refusals of many servers (CORS); the most frequent is the one of another form.
          if (capabilities.answersPatches !== false || !isUnreadable(error)) throw error;
          // At a loss the network is the likelier reason, but where the server can be reached.
          await probe(this.#url ?? '', { world, recorder: this.#source.recorder, signal }).catch(() => {
            throw error;
          });
          return { status: 400, ok: false, headers: new Headers(), url: '', redirected: false, body: '' };
        },
      );
    let answer = await ask();
    if ([409, 412, 428].includes(answer.status)) {
      wildcard = wildcard === '*' ? '"*"' : '*';
      answer = await ask();
    }
    if (answer.status === 400) {
      wantsDescriptions = !wantsDescriptions;
      answer = await ask();
    }
    const ice = answer.ok ? parseFragment(answer.body) : null;
    if (ice) {
      Object.assign(capabilities, { wildcard, wantsDescriptions });
      this.#etag = answer.headers.get('ETag');
      return ice;
    }
    if (!answer.ok && !RESTARTS_NO_ICE.includes(answer.status)) {
      throw statusError('PATCH', answer, this.#token, world.wallNow());
    }
    capabilities.restartsIce = false;
    throw new WhipError('protocol', `The server does not restart ICE: it answered with ${answer.status}.`, answer);
  }

  /** Ends the session on the server, once. Never rejects: what the server does not end now, its time-out will. */
  delete(): Promise<void> {
    this.#deleted ??= this.#delete();
    return this.#deleted;
  }

  async #patch(body: string, ifMatch: string | null, signal: AbortSignal): Promise<WhipAnswer> {
    const patch = { method: 'PATCH', contentType: SDP_FRAGMENT, body, ifMatch } as const;
    const answer = await this.#send(patch, HTTP_DEADLINE.PATCH, signal);
    this.#source.capabilities.answersPatches = true;
    return answer;
  }

  async #delete(): Promise<void> {
    if (!this.#url) return;
    const { endpoint, world, log } = this.#source;
    const ask = (milliseconds: number) => this.#send({ method: 'DELETE' }, milliseconds);
    try {
      const answer = await ask(HEDGE_AFTER).catch((error: unknown) => {
        if (!isUnanswered(error)) throw error;
        return ask(HTTP_DEADLINE.DELETE - HEDGE_AFTER);
      });
      assertEnded(answer, this.#token, world.wallNow());
      forgetSession(endpoint, this.#url, world.storage);
    } catch (error) {
      log.warn('The session was not deleted:', error);
    }
  }

  /** Once more with a fresh token where the one of before has run out. */
  async #send(
    request: Pick<WhipRequest, 'body' | 'contentType' | 'ifMatch'> & { method: 'PATCH' | 'DELETE' },
    milliseconds: number,
    signal?: AbortSignal,
  ): Promise<WhipAnswer> {
    return withDeadline(
      async (deadline) => {
        const sendTo = (url: string) => send({ ...request, url, token: this.#token, signal: deadline }, this.#source);
        const ask = () => sendOnward(sendTo, this.#url ?? '', () => true);
        const answer = await ask();
        if (answer.status !== 401) return answer;
        const token = await this.#source.token(true);
        if (token === this.#token) return answer;
        this.#token = token;
        return ask();
      },
      milliseconds,
      () => noAnswer(request.method),
      this.#source.world,
      signal,
    );
  }
}
