import type { LossCause, RecoveryMethod } from '../api/events.js';
import type { TimelineEntry } from './timeline.js';

/** One loss of the connection, and what became of it. */
export interface Outage {
  /** Why the connection was lost. */
  cause: LossCause;
  /** The reason in a sentence, for developers. */
  reason: string;
  /** When the server was last active, in milliseconds since 1970. */
  lostAt: number;
  /** What recovered it: `browser` if the path came back on its own, null while nothing has. */
  recoveredBy: RecoveryMethod | 'browser' | null;
  /** New sessions tried. */
  attempts: number;
  /** Seconds from the last activity until the server acknowledged media again; null where it has not. */
  seconds: number | null;
  /** What happened from its detection to its end, at most 50 entries; empty in all but the last ten outages. */
  timeline: TimelineEntry[];
}

/** How many outages of a broadcast are kept, and how many timelines: it may go on for weeks. */
export const OUTAGES_KEPT = 100;
const TIMELINES_KEPT = 10;

/** Adds an outage, and forgets what is too old. */
export function keepOutage(outages: Outage[], outage: Outage): void {
  outages.push(outage);
  if (outages.length > OUTAGES_KEPT) outages.shift();
  outages.at(-TIMELINES_KEPT - 1)?.timeline.splice(0);
}

/** An outage that does not change any more. */
export function copyOutage(outage: Outage): Outage {
  return { ...outage, timeline: outage.timeline.map((entry) => ({ ...entry })) };
}

/** What happened to the broadcast that is running, or to the last one. */
export interface BroadcastReport {
  /** The last 100, oldest first. */
  outages: Outage[];
}
