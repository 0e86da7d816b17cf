import type { Strings } from '../strings.js';
import type { MeasuredValues } from './model.js';
import { clock, type Numbers } from './numbers.js';
import { chartLabel, chartPoints, statsRows } from './stats-view.js';

/** Shows the time since the broadcast became live. Renders nothing: it changes every second. */
export function showSecondsLive(root: ParentNode, seconds: number | null): void {
  write(root.querySelector('.clock'), clock(seconds ?? 0));
}

/** @param level 0 (silence) to 1 (full scale) */
export function showLevel(root: ParentNode, level: number): void {
  root.querySelector<HTMLElement>('.level')?.style.setProperty('--level', level.toFixed(2));
}

/** Shows the last measured values in the open panel of the statistics. */
export function showMeasured(root: ParentNode, values: MeasuredValues, words: Strings, numbers: Numbers): void {
  for (const [label, text] of statsRows(values.stats, numbers)) write(root.querySelector(`[data-stat=${label}]`), text);
  const chart = root.querySelector('.chart');
  if (!chart) return;
  const hasLine = values.bitrates.length > 1;
  chart.toggleAttribute('hidden', !hasLine);
  if (!hasLine) return;
  chart.setAttribute('aria-label', chartLabel(values.bitrates, words, numbers));
  chart.querySelector('polyline')?.setAttribute('points', chartPoints(values.bitrates));
}

function write(node: Element | null, text: string): void {
  if (node && node.textContent !== text) node.textContent = text;
}
