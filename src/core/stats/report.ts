import type { LossCause, RecoveryMethod } from '../api/events.js';

/** One loss of the connection, and what became of it. */
export interface Outage {
  cause: LossCause;
  reason: string;
  /** When the server gave its last sign of life, in milliseconds since 1970. */
  lostAt: number;
  /** What recovered it: `browser` if the path came back on its own, null while nothing has. */
  recoveredBy: RecoveryMethod | 'browser' | null;
  /** New sessions tried. */
  attempts: number;
  /** Seconds from the last sign of life until the server acknowledged media again; null where it has not. */
  seconds: number | null;
}

/** How many outages of a broadcast are kept: it may go on for weeks. */
export const OUTAGES_KEPT = 100;

/** What happened to the broadcast that is running, or to the last one. */
export interface BroadcastReport {
  /** The last 100, oldest first. */
  outages: Outage[];
}
