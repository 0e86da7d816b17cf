import { untilAborted, withDeadline } from '../platform/timing.js';
import { readAnswer } from './answer.js';
import { isEnded, isRefusedAsExpired, statusError } from './http-errors.js';
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
import { resolveReference } from '../platform/safe-url.js';
import { iceServersOf, parseLinkHeader, statusChannelOf } from './link-header.js';
import type { DeleteOutcome, SessionCleanup } from './session-cleanup.js';
import { withEndpointPrefix } from './session-url.js';
import { forgetSession, rememberSession } from './session-memory.js';
import { asDescription, parseFragment, type IceDescription } from './sdp-fragment.js';
import { isPassing, isUnanswered, isUnreadable, WhipError } from './whip-error.js';

const SDP_FRAGMENT = 'application/trickle-ice-sdpfrag';

/** How servers refuse candidates, or restarts of ICE, for as long as the session lives; other errors pass. */
const REFUSES_PATCH = [400, 405, 412, 415, 422, 428, 501];

/** Statuses of a server that does not know a session URL or the method at all, such as the site beside a proxied server. */
const NOT_FOUND = [404, 405, 501];

/** Refusals of a server that knows the session; others may come from a proxy. */
const KNOWS_SESSION = [400, 409, 412, 415, 422, 428];

/** How often the time for an answer to `DELETE` is doubled at most. */
const MAX_PATIENCE = 3;

/** What an endpoint showed; shared by all sessions on it. Only what a session of the moment confirms is relied on. */
export interface ServerCapabilities {
  /** Whether a probe has been answered. */
  answersProbes: boolean;
  /** Milliseconds that its answers to `POST` take, as far as recent sessions showed. */
  answerTime: number;
  /** False after a session whose candidates were refused: the next offer holds them, and its session is asked again. */
  takesCandidates: boolean;
  /** The STUN and TURN servers of the last session, for offers that are gathered before the `POST`. */
  iceServers: RTCIceServer[];
  /** Whether it took a token that had expired by our clock, which then is wrong. */
  takesExpiredTokens: boolean;
  /** `If-Match` of a restart: RFC 9725 has the bare wildcard in its rule and the quoted one in its example. */
  wildcard: '*' | '"*"';
  /** Whether it reads fragments only if they look like whole session descriptions. */
  wantsDescriptions: boolean;
}

/** Those of an endpoint that has not been tried yet. */
export function initialCapabilities(): ServerCapabilities {
  return {
    answersProbes: false,
    answerTime: 0,
    takesCandidates: true,
    iceServers: [],
    takesExpiredTokens: false,
    wildcard: '*',
    wantsDescriptions: false,
  };
}

/** What a session keeps of the request that made it. */
export interface SessionSource extends WhipContext {
  endpoint: string;
  capabilities: ServerCapabilities;
  token: TokenSource;
  cleanup: SessionCleanup;
}

/** Milliseconds that a token provider has. */
const TOKEN_DEADLINE = 10_000;

/**
 * The token for a request. Its provider has a deadline of its own, which does not count into that of the request.
 * @throws WhipError `timeout`; the reason of the signal
 */
export function askForToken(
  { token, world }: Pick<SessionSource, 'token' | 'world'>,
  isRefresh: boolean,
  signal?: AbortSignal,
): Promise<string | null> {
  const late = () => new WhipError('timeout', 'The token provider gave no token.');
  return withDeadline(() => token(isRefresh), TOKEN_DEADLINE, late, world, signal);
}

/** One session on a WHIP server, from its `201` to its `DELETE` (RFC 9725). */
export class WhipSession {
  /** The answer to our offer. */
  readonly answer: string;
  /** STUN and TURN servers that the server offers. */
  readonly iceServers: RTCIceServer[];
  /** Where the server reports how the broadcast goes on behind it; null where it does not. A secret. */
  readonly statusUrl: string | null;
  /** Null if the server gives none: then there is no `PATCH` and no `DELETE`. */
  #url: string | null;
  /** The same with the endpoint's prefix, which a proxy may have stripped, or without it if that has helped. */
  #otherUrl: string | null;
  #isProxyTold = false;
  readonly #source: SessionSource;
  #token: string | null;
  #refresh: Promise<string | null> | undefined;
  #etag: string | null;
  #restartsIce = true;
  #hasRefusedRestart = false;
  /** Whether a `PATCH` was answered readably: false if the first one, with candidates, was not. */
  #answersPatches: boolean | null = null;
  #deleting: Promise<DeleteOutcome> | undefined;
  /** How often `DELETE` got no answer. */
  #unanswered = 0;

  constructor({ headers, url, body }: WhipAnswer, token: string | null, source: SessionSource) {
    const { endpoint, log } = source;
    // `fetch` joins several: some servers have one for each redirect.
    const location = headers.get('Location')?.split(/, +/).at(-1);
    const { answer, warnings } = readAnswer(body);
    this.answer = answer;
    const links = parseLinkHeader(headers.get('Link'));
    const channel = statusChannelOf(links);
    this.iceServers = iceServersOf(links);
    // Relative to where the redirects ended, not to where they began (RFC 9110 section 10.2.2).
    const session = location === undefined ? { url: null } : resolveReference(location, url, endpoint);
    this.#url = session.url;
    this.#otherUrl = session.url && withEndpointPrefix(session.url, endpoint);
    this.statusUrl = channel === null ? null : resolveReference(channel, url, endpoint).url;
    this.#etag = headers.get('ETag');
    this.#token = token;
    this.#source = source;
    for (const warning of warnings) log.warn(warning);
    if (this.#url && !source.cleanup.isHeldByAnother(this.#url, this)) source.cleanup.claim(this.#url, this);
    const reason = 'problem' in session ? `: ${session.problem}` : '';
    if (!this.#url) {
      log.warn(`The server gave no usable session URL${reason}. The session cannot be restarted or deleted.`);
    }
  }

  get endpoint(): string {
    return this.#source.endpoint;
  }

  /** Takes the session URL over from an earlier session that has the same one, which then does not delete it. */
  claim(): void {
    if (!this.#url) return;
    const { cleanup, endpoint, world } = this.#source;
    cleanup.claim(this.#url, this);
    rememberSession(endpoint, this.#url, world.storage);
  }

  /**
   * Sends candidates to the server.
   * @returns false where the server does not take them: an older or a simpler server, never a reason to end a broadcast
   * @throws WhipError where no answer came, or one that proves nothing about candidates; the reason of the signal
   */
  async trickle(fragment: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#url) return false;
    let answer = await this.#patch(fragment, this.#etag, signal).catch((error: unknown) => {
      if (isUnreadable(error)) this.#answersPatches ??= false;
      throw error;
    });
    // 428: the entity tag was not readable for us or is wanted as `*`; 412: it was weakened on its way.
    if (answer.status === 428) answer = await this.#patch(fragment, this.#etag ?? '*', signal);
    else if (answer.status === 412)
      answer = await this.#patch(fragment, this.#etag?.replace(/^W\//, '') ?? '*', signal);
    const { status } = answer;
    // A server without the method has no restart either, as far as this session goes; others take one kind of PATCH only.
    if (status === 405 || status === 501) this.#restartsIce = false;
    if (REFUSES_PATCH.includes(status)) return false;
    if (!answer.ok) throw this.#refusal('PATCH', answer);
    return true;
  }

  /** Whether the session can be asked to restart ICE: it has a URL, and the server has not refused it to this session. */
  get mayRestartIce(): boolean {
    return this.#url !== null && this.#restartsIce && !this.#hasRefusedRestart;
  }

  /** Forgets that a restart was refused: the refusal came while no media proved that the session was alive. */
  forgetRefusal(): void {
    this.#hasRefusedRestart = false;
  }

  /**
   * Asks the server to restart ICE with our new credentials, in the forms that servers want them in.
   * @throws WhipError where it does not: `protocol` where it refuses, which is remembered until `forgetRefusal`
   */
  async restart(fragment: string, signal: AbortSignal): Promise<IceDescription> {
    const { capabilities, world } = this.#source;
    // Kept only if they are taken: the other form may have got no answer.
    let { wildcard, wantsDescriptions } = capabilities;
    const ask = () =>
      this.#patch(wantsDescriptions ? asDescription(fragment) : fragment, wildcard, signal).catch(
        async (error: unknown) => {
          // No page may read the refusals of many servers (CORS); the most frequent is the one of another form.
          if (this.#answersPatches !== false || !isUnreadable(error)) throw error;
          // At a loss the network is the likelier reason, unless the server can be reached.
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
    if (!answer.ok && !REFUSES_PATCH.includes(answer.status)) throw this.#refusal('PATCH', answer);
    this.#hasRefusedRestart = true;
    throw new WhipError('protocol', `The server does not restart ICE: it answered with ${answer.status}.`, answer);
  }

  /** Ends the session on the server; what it has not ended is asked for again later. Never rejects. */
  end(): Promise<void> {
    return this.#source.cleanup.end(this);
  }

  /** Asks the server once to end the session. Never rejects. */
  delete(): Promise<DeleteOutcome> {
    this.#deleting ??= this.#delete().finally(() => (this.#deleting = undefined));
    return this.#deleting;
  }

  async #patch(body: string, ifMatch: string | null, signal: AbortSignal): Promise<WhipAnswer> {
    const patch = { method: 'PATCH', contentType: SDP_FRAGMENT, body, ifMatch } as const;
    const answer = await this.#send(patch, HTTP_DEADLINE.PATCH, signal);
    this.#answersPatches = true;
    return answer;
  }

  async #delete(): Promise<DeleteOutcome> {
    const { cleanup, endpoint, world, log } = this.#source;
    if (!this.#url || cleanup.isHeldByAnother(this.#url, this)) return 'ended';
    // A slow server answers nothing else in time, however often it is asked.
    const patience = (HTTP_DEADLINE.DELETE - HEDGE_AFTER) * 2 ** Math.min(this.#unanswered, MAX_PATIENCE);
    const ask = (milliseconds: number) => this.#send({ method: 'DELETE' }, milliseconds);
    try {
      // On a path that is down, each one would hold one of the browser's connections.
      const answer = await ask(this.#unanswered ? patience : HEDGE_AFTER).catch((error: unknown) => {
        if (this.#unanswered || !isUnanswered(error)) throw error;
        return ask(patience);
      });
      if (!isEnded(answer)) throw this.#refusal('DELETE', answer);
      // Meanwhile a newer session may have got the same URL.
      if (!cleanup.isHeldByAnother(this.#url, this)) {
        cleanup.release(this.#url);
        forgetSession(endpoint, this.#url, world.storage);
      }
      return 'ended';
    } catch (error) {
      log.warn('The session was not deleted:', error);
      if (isUnanswered(error)) this.#unanswered++;
      return isPassing(error) ? 'undecided' : 'refused';
    }
  }

  #refusal(method: SessionMessage['method'], answer: WhipAnswer): WhipError {
    return statusError(method, answer, this.#token, this.#source.world.wallNow(), this.#source.secrets);
  }

  /** Once more at the other URL if the session is unknown at the one: neither answer decides where the session is. */
  async #send(request: SessionMessage, milliseconds: number, signal?: AbortSignal): Promise<WhipAnswer> {
    const answer = await this.#sendWithToken(request, this.#url ?? '', milliseconds, signal);
    const other = this.#otherUrl;
    const { cleanup, endpoint, log, world } = this.#source;
    if (other === null || !NOT_FOUND.includes(answer.status) || cleanup.isHeldByAnother(other, this)) return answer;
    const isPatch = request.method === 'PATCH';
    if (isPatch && this.#isProxyTold) return answer;
    const second = await this.#sendWithToken(request, other, milliseconds, signal).catch(() => null);
    if (second?.ok || KNOWS_SESSION.includes(second?.status ?? 0)) {
      const before = this.#url ?? '';
      if (!cleanup.isHeldByAnother(before, this)) cleanup.release(before);
      cleanup.claim(other, this);
      if (forgetSession(endpoint, before, world.storage)) rememberSession(endpoint, other, world.storage);
      [this.#url, this.#otherUrl] = [other, this.#url];
      return second ?? answer;
    }
    if (isPatch && NOT_FOUND.includes(second?.status ?? 0)) {
      this.#isProxyTold = true;
      log.warn(PREFIX_WARNING);
    }
    return answer;
  }

  /** Sends a request, and once more with a fresh token if the last one was refused. */
  async #sendWithToken(
    request: SessionMessage,
    url: string,
    milliseconds: number,
    signal?: AbortSignal,
  ): Promise<WhipAnswer> {
    const ask = () =>
      withDeadline(
        async (deadline) => {
          // A second DELETE would end the newer session that has got the same URL since the first one.
          if (request.method === 'DELETE' && this.#source.cleanup.isHeldByAnother(url, this)) throw noAnswer('DELETE');
          const sendTo = (to: string) =>
            send({ ...request, url: to, token: this.#token, signal: deadline }, this.#source);
          return await sendOnward(sendTo, url, () => true);
        },
        milliseconds,
        () => noAnswer(request.method),
        this.#source.world,
        signal,
      );
    const answer = await ask();
    const before = this.#token;
    if (answer.status !== 401 && !isRefusedAsExpired(answer, before, this.#source.world.wallNow())) return answer;
    await this.#refreshToken(signal);
    return this.#token === before ? answer : ask();
  }

  /** Asks for a fresh token, once for all requests that wait for it. */
  async #refreshToken(signal?: AbortSignal): Promise<void> {
    this.#refresh ??= askForToken(this.#source, true).finally(() => (this.#refresh = undefined));
    const refresh = this.#refresh.then((token) => void (this.#token = token));
    await (signal ? untilAborted(refresh, signal) : refresh);
  }
}

type SessionMessage = Pick<WhipRequest, 'body' | 'contentType' | 'ifMatch'> & { method: 'PATCH' | 'DELETE' };

const PREFIX_WARNING =
  'The session URL is unknown: a proxy seems to strip a prefix of the path without changing Location. Sessions cannot be ' +
  'restarted or deleted.';
