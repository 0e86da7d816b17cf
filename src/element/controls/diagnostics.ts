import type { BroadcastReport } from '../../core/stats/report.js';
import { VERSION } from '../../core/version.js';
import type { Settings } from '../attributes.js';
import type { LoggedError } from '../controllers/broadcast-state.js';
import type { Quality, Stats, Status } from '../webcaster-core.js';

/** What support wants to know of an element. */
export interface Diagnosed {
  status: Status;
  settings: Settings;
  /** The last errors of the core, oldest first. */
  errors: readonly LoggedError[];
  report: BroadcastReport;
  stats: Stats | null;
  quality: Quality | undefined;
}

/** What is known of an element as text to hand on: no token is in it, and no URL's query. */
export function diagnose(element: Diagnosed, browser: string, now: number): string {
  const { status, settings, errors, report, stats, quality } = element;
  const toText = (at: number) => new Date(at).toISOString();
  const { token, ...others } = settings;
  const diagnostics = {
    version: VERSION,
    browser,
    time: toText(now),
    status,
    quality,
    stats,
    errors: errors.map((error) => ({ ...error, at: toText(error.at) })),
    outages: report.outages,
    settings: others,
  };
  return JSON.stringify(diagnostics, (_, value) => (typeof value === 'string' ? clean(value, token) : value), 2);
}

/** A text without a token, and of URLs without user names, queries and fragments. */
function clean(text: string, token: string): string {
  const known = token ? text.replaceAll(token, '…') : text;
  return known.replace(/[?#][^\s"']+/g, '').replace(/\/\/[^\s"'/]*@/g, '//');
}
