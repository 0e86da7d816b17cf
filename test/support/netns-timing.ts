import { appendFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { BrowserName } from './browsers.js';

/** What brought the media back: the browser alone, an ICE restart in the same session, or a new session. */
export type HealedBy = 'itself' | 'ice-restart' | 'new-session';

/** What one fault did to a broadcast; all times in seconds. */
export interface Timing {
  browser: BrowserName;
  fault: string;
  /** From the fault to `reconnecting_broadcast`; null where the page was told nothing. */
  told: number | null;
  /** From the path back, or a new path up, to media at the server; null where it never stopped or never came. */
  media: number | null;
  /** The longest time without media at the server. */
  gap: number;
  healedBy: HealedBy;
  /** Counted attempts. */
  attempts: number;
}

/** Shows a timing with its test; where `TIMINGS` names a file, a line of JSON is added to it. */
export function record(context: TestContext, timing: Timing): void {
  const { told, media, gap, healedBy, attempts } = timing;
  const parts = [
    told === null ? 'told nothing' : `told after ${told.toFixed(2)} s`,
    media === null ? '' : `media ${media.toFixed(2)} s after the path`,
    `longest gap ${gap.toFixed(2)} s`,
    `healed by ${healedBy}`,
    `${attempts} attempts`,
  ];
  context.diagnostic(`${timing.browser}, ${timing.fault}: ${parts.filter(Boolean).join(', ')}`);
  const file = process.env['TIMINGS'];
  if (file) appendFileSync(file, `${JSON.stringify(timing)}\n`);
}
