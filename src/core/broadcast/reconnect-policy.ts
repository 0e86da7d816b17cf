import type { ReconnectConfig } from '../api/config.js';
import type { LossCause } from '../api/events.js';
import type { WhipErrorKind } from '../whip/whip-error.js';

/** The maximum of `Retry-After`, in seconds. */
export const MAX_RETRY_AFTER = 120;

/** For how many seconds after our last activity a refusal may come from our own old session on the server. */
export const STALE_SESSION_WINDOW = 60;

export interface AttemptContext extends ReconnectConfig {
  /** Which successive attempt the wait is for, counted from 1. */
  attempt: number;
  cause: LossCause;
  /** What the server asked for, in seconds. */
  retryAfter?: number | null;
}

/**
 * Seconds to wait before an attempt, or null to give up. Random between `minDelay` and a bound that doubles with every
 * attempt up to `maxDelay`, so that the broadcasters of one server do not come back simultaneously. One whose own network
 * failed shares its moment with nobody: its first wait is `minDelay`. Where the server is the cause, everybody was cut
 * off in the same moment: already the first wait is random, and every bound is doubled, up to `maxDelay`.
 */
export function waitBefore(context: AttemptContext, random: () => number): number | null {
  const { attempt, cause, minDelay, maxDelay, maxRetries } = context;
  if (attempt > maxRetries) return null;
  const least = Math.max(minDelay, Math.min(context.retryAfter ?? 0, MAX_RETRY_AFTER));
  if (cause !== 'server' && attempt === 1) return least;
  const doublings = cause === 'server' ? attempt + 1 : attempt;
  const bound = Math.min(maxDelay, minDelay * 2 ** doublings);
  return least + random() * Math.max(0, bound - least);
}

/**
 * Random numbers of which every second one mirrors the one before. Each is as evenly spread as without, but who came back
 * early and was refused comes late the next time, so that second attempts do not add to the first ones of others.
 */
export function mirrored(random: () => number): () => number {
  let before: number | null = null;
  return () => {
    const shown = before === null ? random() : 1 - before;
    before = before === null ? shown : null;
    return shown;
  };
}

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
