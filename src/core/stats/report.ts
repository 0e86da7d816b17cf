import type { LossCause, RecoveryRung } from '../events.js';

/** One loss of the connection, and what became of it. */
export interface Outage {
  cause: LossCause;
  reason: string;
  /** When the server gave its last sign of life, in milliseconds since 1970. */
  lostAt: number;
  /** What healed it; `self` where the path came back before anything was done, null where nothing has healed it. */
  rung: RecoveryRung | 'self' | null;
  /** New sessions tried. */
  attempts: number;
  /** Seconds from the last sign of life until the server acknowledged media again; null where it has not. */
  seconds: number | null;
}

/** What happened to the broadcast that is running, or to the last one. */
export interface BroadcastReport {
  outages: Outage[];
}
