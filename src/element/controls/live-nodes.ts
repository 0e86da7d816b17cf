import type { Strings } from '../strings.js';
import { clock } from '../view/time.js';
import type { MeasuredValues } from './model.js';
import type { Numbers } from './numbers.js';
import { axisTop, chartLabel, chartPoints, statsRows } from './stats-view.js';

/** Shows the time since the broadcast became live. Renders nothing: it changes every second. */
export function showSecondsLive(root: ParentNode, seconds: number | null): void {
  const node = root.querySelector<HTMLElement>('.clock');
  const text = clock(seconds ?? 0);
  write(node, text);
  const width = `${text.length}ch`;
  if (node && node.style.inlineSize !== width) node.style.inlineSize = width;
}

/** The height of the bar in pixels: smaller steps cannot be seen. */
const LEVEL_STEPS = 24;

/** @param level 0 (silence) to 1 (full scale) */
export function showLevel(root: ParentNode, level: number): void {
  const bar = root.querySelector<HTMLElement>('.level span');
  const percent = Math.round((Math.round(level * LEVEL_STEPS) / LEVEL_STEPS) * 100);
  const transform = `translateY(${-percent}%)`;
  if (bar && bar.style.transform !== transform) bar.style.transform = transform;
}

/** Shows the last measured values in the open panel of the statistics. */
export function showMeasured(root: ParentNode, values: MeasuredValues, words: Strings, numbers: Numbers): void {
  for (const [label, text] of statsRows(values.stats, numbers)) write(root.querySelector(`[data-stat=${label}]`), text);
  const figure = root.querySelector('figure');
  if (!figure) return;
  const { bitrates } = values;
  figure.hidden = bitrates.length < 2;
  if (figure.hidden) return;
  const { line, area } = chartPoints(bitrates);
  figure.querySelector('.chart')?.setAttribute('aria-label', chartLabel(values, words, numbers));
  figure.querySelector('polyline')?.setAttribute('points', line);
  figure.querySelector('polygon')?.setAttribute('points', area);
  write(figure.querySelector('.most'), numbers.bitrate(axisTop(bitrates)));
  write(figure.querySelector('.least'), numbers.plain(0));
}

/** Changes the text node: another one would invalidate styles that mind which children an element has. */
function write(node: Element | null, text: string): void {
  if (!node || node.textContent === text) return;
  if (node.firstChild instanceof Text) node.firstChild.data = text;
  else node.textContent = text;
}
