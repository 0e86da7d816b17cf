import { redact } from '../platform/redact.js';
import type { WhipAnswer } from './http.js';
import { isExpired } from './jwt.js';
import { WhipError } from './whip-error.js';

/** Characters of an error text that are shown. */
const MAX_DETAIL = 300;

/** The error for an answer that refuses a request, with the server's own text except for secrets. */
export function statusError(
  method: string,
  answer: WhipAnswer,
  token: string | null,
  now: number,
  secrets: readonly string[] = [],
): WhipError {
  const { status, headers } = answer;
  const words = detailOf(answer.body, headers.get('Content-Type') ?? '');
  const detail = redact(words, [token, ...secrets]).slice(0, MAX_DETAIL);
  return new WhipError('status', `The server answered ${method} with ${status}${detail && `: ${detail}`}.`, {
    status,
    retryAfter: retryAfterOf(headers.get('Retry-After'), now),
    isTokenExpired: isRefusedAsExpired(answer, token, now),
  });
}

/**
 * Whether an answer to `DELETE` means that the session has ended, or that there is none. A 405 means neither: it comes from
 * proxies too, and the session may live.
 */
export function isEnded({ ok, status }: WhipAnswer): boolean {
  return ok || status === 404 || status === 410;
}

/** Whether an answer refuses a token that has expired by its own `exp`. */
export function isRefusedAsExpired({ status }: WhipAnswer, token: string | null, now: number): boolean {
  return (status === 401 || status === 403) && isExpired(token, now);
}

/**
 * The text of an error body: `detail` or `title` of problem details (RFC 9457), the `error` or `message` that
 * other servers send as JSON, or a plain text.
 */
export function detailOf(body: string, contentType: string): string {
  let detail: unknown = /^text\/plain\b/i.test(contentType) ? body : '';
  if (/\bjson\b/i.test(contentType)) {
    try {
      const problem = JSON.parse(body) as Record<string, unknown> | null;
      detail = [problem?.detail, problem?.title, problem?.error, problem?.message].find(
        (text) => typeof text === 'string',
      );
    } catch {
      // A body that is not the JSON it claims to be has no reason to give.
    }
  }
  return typeof detail === 'string' ? detail.trim().replace(/\s+/g, ' ').replace(/\.$/, '') : '';
}

/** `Retry-After` in seconds from now: it comes as seconds or as an HTTP date (RFC 9110 section 10.2.3). */
export function retryAfterOf(value: string | null, now: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  // A date starts with its day's name; `Date.parse` alone would take much else for one.
  // Of its three forms one does not name the zone, which is always GMT.
  const date = /^[a-z]{3,9},? /i.test(text) ? Date.parse(text.replace(/( GMT)?$/, ' GMT')) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, (date - now) / 1000);
}
