import type { BroadcastReport } from '../core/stats/report.js';
import { VERSION } from '../core/version.js';
import { SETTINGS, type SettingName, type Settings } from './attributes.js';
import type { Quality, Stats, Status } from './webcaster-core.js';

/** An error, and when it came in milliseconds since 1970. */
export interface LoggedError {
  at: number;
  code: number;
  message: string;
}

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
  const names = (Object.keys(SETTINGS) as SettingName[]).filter((name) => name !== 'token');
  const diagnostics = {
    version: VERSION,
    browser,
    time: toText(now),
    status,
    quality,
    stats,
    errors: errors.map((error) => ({ ...error, at: toText(error.at) })),
    outages: report.outages,
    settings: Object.fromEntries(names.map((name) => [name, settings[name]])),
  };
  return JSON.stringify(
    diagnostics,
    (_, value) => (typeof value === 'string' ? clean(value, settings.token) : value),
    2,
  );
}

/** A text without a token, and of URLs without user names, queries and fragments. */
function clean(text: string, token: string): string {
  const known = token ? text.replaceAll(token, '…') : text;
  return known.replace(/[?#][^\s"']+/g, '').replace(/\/\/[^\s"'/]*@/g, '//');
}
