import { withoutSecrets } from '../../core/platform/redact.js';
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

/**
 * Describes an element as text to hand on. Neither the token, the ingest URL nor any URL's query is in it. The path of the
 * server's address is, without the stream name if that has at least four characters: for RTMP, it is the key to the stream.
 */
export function diagnose(element: Diagnosed, browser: string, now: number): string {
  const { status, settings, errors, report, stats, quality } = element;
  const toText = (at: number) => new Date(at).toISOString();
  const { token, ingestUrl, streamName, ...others } = settings;
  // A token may be written with its scheme.
  const secrets = [...token.split(/\s+/), ingestUrl, streamName];
  const hide = (text: string) => text && '…';
  const diagnostics = {
    version: VERSION,
    browser,
    time: toText(now),
    status,
    quality,
    stats,
    errors: errors.map((error) => ({ ...error, at: toText(error.at) })),
    outages: report.outages,
    settings: { ...others, ingestUrl: hide(ingestUrl), streamName: hide(streamName) },
  };
  return JSON.stringify(diagnostics, (_, value) => (typeof value === 'string' ? clean(value, secrets) : value), 2);
}

/** A text without secrets, without URLs other than those of the web, and of these without user names, queries and fragments. */
function clean(text: string, secrets: readonly string[]): string {
  return withoutSecrets(text, secrets)
    .replace(/\b(?!https?:)[a-z][a-z\d+.-]{0,20}:\/\/[^\s"']*/gi, '…')
    .replace(/[?#][^\s"']+/g, '')
    .replace(/\/\/[^\s"'/]*@/g, '//');
}
