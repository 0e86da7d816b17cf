import type { LogSink } from '../platform/logger.js';
import { withoutSecrets } from '../platform/redact.js';
import { isSafeFrom } from '../platform/safe-url.js';
import { withDeadline } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import { WhipError } from './whip-error.js';

export interface WhipRequest {
  method: 'POST' | 'PATCH' | 'DELETE';
  url: string;
  /** The bearer token; without one no `Authorization` is sent (RFC 9725 section 4.7.1). */
  token: string | null;
  /** The media type of `body`. */
  contentType?: string;
  body?: string;
  ifMatch?: string | null;
  signal?: AbortSignal;
}

/** Takes note of requests. */
export interface RequestRecorder {
  /**
   * A request is sent.
   * @returns takes the status of its answer: 0 if it is not readable, null if there is none
   */
  request(method: WhipRequest['method'] | 'HEAD'): (status: number | null) => void;
}

export interface WhipContext {
  world: World;
  log: LogSink;
  recorder?: RequestRecorder;
  /** Whether requests carry cookies. Default `omit`. */
  credentials?: RequestCredentials;
  /** What no error text may quote, beside the token: the stream's name and its RTMP URL. */
  secrets?: readonly string[];
}

/** Gives the bearer token; `refresh` after the server has refused the one before. */
export type TokenSource = (refresh: boolean) => Promise<string | null>;

/** Milliseconds that the server has to answer a request of each kind. */
export const HTTP_DEADLINE = { POST: 10_000, PATCH: 5_000, DELETE: 2_000 } as const;

/**
 * Milliseconds without an answer after which a request is sent once more: after a change of network, a connection that
 * is dead without knowing it can hold the first one for many seconds, while a fresh connection works at once.
 */
export const HEDGE_AFTER = 1_000;

/** An answer whose body has been read. */
export interface WhipAnswer {
  status: number;
  ok: boolean;
  headers: Headers;
  /** Where the answer came from, after redirects. */
  url: string;
  redirected: boolean;
  body: string;
}

/** More than any session description or error text needs; the rest of a longer body is not read. */
const MAX_BODY = 256 * 1024;
/** Milliseconds for a body to come after its headers. */
const BODY_DEADLINE = 4_000;

/**
 * Sends one request of WHIP and reads its answer, whatever its status.
 * @throws WhipError `network` where no readable answer came, `protocol` for an impossible token; the signal's reason
 */
export async function send(
  request: WhipRequest,
  { world, log, recorder, credentials = 'omit', secrets }: WhipContext,
): Promise<WhipAnswer> {
  const { method, url, token, contentType, body, ifMatch, signal } = request;
  const headers = new Headers();
  if (contentType) headers.set('Content-Type', contentType);
  if (ifMatch) headers.set('If-Match', ifMatch);
  try {
    if (token) headers.set('Authorization', `Bearer ${token}`);
  } catch {
    // What was thrown may quote the token.
    throw new WhipError('protocol', 'The token has characters that no header may have.');
  }
  const finish = recorder?.request(method);
  try {
    const response = await world.fetch(url, {
      method,
      headers,
      body: body ?? null,
      // An open login dialog or a cached answer has no place here.
      credentials,
      cache: 'no-store',
      // A DELETE has to get out even if the page is going away.
      keepalive: method === 'DELETE',
      ...(signal && { signal }),
    });
    const { status, ok, redirected } = response;
    finish?.(status);
    log.debug(`${method} was answered with ${status}.`);
    const answered = await readBody(response, world);
    return { status, ok, redirected, headers: response.headers, url: response.url || url, body: answered };
  } catch (error) {
    finish?.(null);
    if (signal?.aborted) throw signal.reason;
    throw new WhipError('network', explainNoAnswer(method, url, world, secrets), { cause: error });
  }
}

/** How many redirects one request is made again behind. */
const MAX_REDIRECTS = 3;

/** Refusals that a redirect may be the reason of: the browser dropped the bearer, or made a `GET` of the `POST`. */
const LOST_IN_REDIRECT = [401, 403, 404, 405, 415];

/**
 * The answer to a request that is made again where a redirect took something away from it: browsers drop the bearer on the
 * way to another origin, and make a `GET` of a `POST` after 301 and 302 (Fetch standard, HTTP-redirect fetch).
 * @param isDone whether an answer other than those refusals is what was asked for
 */
export async function sendOnward(
  ask: (url: string) => Promise<WhipAnswer>,
  url: string,
  isDone: (answer: WhipAnswer) => boolean,
): Promise<WhipAnswer> {
  let answer = await ask(url);
  for (let redirects = 0; redirects < MAX_REDIRECTS && answer.redirected; redirects++) {
    const isLost = answer.ok ? !isDone(answer) : LOST_IN_REDIRECT.includes(answer.status);
    if (!isLost || !isSafeFrom(new URL(answer.url), url)) break;
    answer = await ask(answer.url);
  }
  return answer;
}

/** Sees whether anything answers at `url`: cheap for the server, and may be given up and made again at any time. */
export async function probe(
  url: string,
  { world, recorder, credentials = 'omit', signal }: ProbeOptions,
): Promise<void> {
  const finish = recorder?.request('HEAD');
  try {
    const { status } = await world.fetch(url, {
      method: 'HEAD',
      mode: 'no-cors',
      credentials,
      cache: 'no-store',
      signal,
    });
    finish?.(status);
  } catch (error) {
    finish?.(null);
    throw error;
  }
}

interface ProbeOptions {
  world: World;
  recorder?: RequestRecorder | undefined;
  /** Browsers keep connections for requests with and without credentials apart. Default `omit`. */
  credentials?: RequestCredentials;
  signal: AbortSignal;
}

/** The text of an answer, as far as it comes: the status and the headers count without it too. */
async function readBody(response: Response, world: World): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  const read = async () => {
    for (
      let chunk = await reader?.read();
      chunk && !chunk.done && text.length < MAX_BODY;
      chunk = await reader?.read()
    ) {
      text += decoder.decode(chunk.value, { stream: true });
    }
  };
  const silence = () => undefined;
  await withDeadline(read, BODY_DEADLINE, () => new Error(), world).catch(silence);
  reader?.cancel().catch(silence);
  return text.slice(0, MAX_BODY);
}

/**
 * `fetch` fails in the same way for a dead server, a self-signed certificate and a missing CORS header: the message names all.
 * @param secrets what the host may include: the stream's name
 */
export function explainNoAnswer(method: string, url: string, world: World, secrets: readonly string[] = []): string {
  const { origin, protocol } = new URL(url);
  const reason = world.isOnLine()
    ? `it cannot be reached, ${protocol === 'https:' ? 'its certificate is not trusted, ' : ''}or it does not allow this page to read its answers (CORS)`
    : 'the browser is offline';
  return `No answer from ${withoutSecrets(origin, secrets)} to ${method}: ${reason}.`;
}

/** The error for a server that is too slow. */
export function noAnswer(method: keyof typeof HTTP_DEADLINE): WhipError {
  return new WhipError('timeout', `The server did not answer ${method} within ${HTTP_DEADLINE[method] / 1000} s.`);
}
