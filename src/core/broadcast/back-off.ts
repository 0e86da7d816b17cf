import type { ReconnectConfig } from '../api/config.js';
import type { LossCause } from '../api/events.js';

/** The maximum of `Retry-After`, in seconds. */
export const MAX_RETRY_AFTER = 120;

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
