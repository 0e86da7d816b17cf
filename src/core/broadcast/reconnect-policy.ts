import type { LossCause } from '../api/events.js';
import type { WhipErrorKind } from '../whip/whip-error.js';

export * from './back-off.js';

/** For how many seconds after our last activity a refusal may come from our own old session on the server. */
export const STALE_SESSION_WINDOW = 60;

export interface FailureContext {
  /** Seconds since the server last was active on this broadcast. */
  sinceLastActivity: number;
}

/** How an attempt failed. */
export interface FailedAttempt {
  /** `status` where the server answered with an error; `rejected` where it took the session but not every track. */
  kind: WhipErrorKind;
  /** The HTTP status; null where there was no answer. */
  status: number | null;
  /** Whether the server refused a token that has expired by its own `exp`. Default false. */
  isTokenExpired?: boolean;
}

const FINAL_STATUS = new Set([401, 405, 406, 413, 415, 422]);
const TEMPORARY_STATUS = new Set([404, 408, 409, 410, 423, 425, 429]);

/**
 * Whether a failed attempt would end the recovery of a broadcast that was live if it were repeated. 401 counts after one
 * refresh of the token. 400, 403 and unknown 4xx may come from our own stale session on the server for a while, so they count
 * only after that. Everything else is temporary: every 5xx, a time-out, a network or CORS error.
 */
export function isFinal(failure: FailedAttempt, { sinceLastActivity }: FailureContext): boolean {
  const { kind, status, isTokenExpired } = failure;
  if (kind === 'rejected' || isTokenExpired) return true;
  if (status === null || status < 400 || status > 499 || TEMPORARY_STATUS.has(status)) return false;
  return FINAL_STATUS.has(status) || sinceLastActivity > STALE_SESSION_WINDOW;
}

/** How often in a row, and over how many seconds, a final failure has to come: a restarting server answers strange things once. */
const FINAL_FAILURES = 3;
const FINAL_SECONDS = 10;

/** Final failures in a row. */
export interface FinalFailures {
  count: number;
  /** When the first came, in seconds on the monotonic clock. */
  since: number;
}

/** The final failures in a row after one more failed attempt. */
export function countFinal(before: FinalFailures | null, isFinalFailure: boolean, now: number): FinalFailures | null {
  if (!isFinalFailure) return null;
  return { count: (before?.count ?? 0) + 1, since: before?.since ?? now };
}

/** Whether a failure ends the recovery: repeated often enough, or a token that has expired by its own `exp`. */
export function endsRecovery(
  failures: FinalFailures | null,
  { isTokenExpired }: Pick<FailedAttempt, 'isTokenExpired'>,
  now: number,
): boolean {
  if (isTokenExpired) return true;
  return failures !== null && failures.count >= FINAL_FAILURES && now - failures.since >= FINAL_SECONDS;
}

/** Seconds within which an attempt that fails was refused, not lost on its way: two probes are sent a second apart. */
const REFUSED_WITHIN = 2;

/**
 * The cause of a loss after a failed attempt. An attempt that is refused at once, by a server error or a refused connection,
 * shows that the network works and the server does not: its clients must not come back simultaneously.
 */
export function causeAfter(cause: LossCause, failure: FailedAttempt, seconds: number, isOnLine: boolean): LossCause {
  const isServerError = (failure.status ?? 0) >= 500;
  const isRefused = failure.kind === 'network' && seconds <= REFUSED_WITHIN;
  return isOnLine && (isServerError || isRefused) ? 'server' : cause;
}
