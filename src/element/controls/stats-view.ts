import { html, type TemplateResult } from 'lit';
import type { StatLabel, Strings } from '../strings.js';
import type { Stats } from '../webcaster-core.js';
import type { ControlsView } from './controls-parts.js';
import type { MeasuredValues } from './model.js';
import { size, type Numbers } from './numbers.js';

const WIDTH = 240;
const HEIGHT = 48;

const STATS = [
  'video',
  'audio',
  'picture',
  'framerate',
  'packetLoss',
  'roundTripTime',
  'sendDelay',
] as const satisfies readonly StatLabel[];

/** The values and the chart are written by `live-nodes.ts`, once a second. */
export function statsPanel({ model, actions, words }: ControlsView): TemplateResult {
  const { isCopied, diagnostics } = model.controls;
  return html`<div class="fields">
    <figure hidden>
      <figcaption>${words.chartSpan}</figcaption>
      <div class="axis" aria-hidden="true"><span class="most"></span><span class="least"></span></div>
      <svg
        class="chart"
        part="chart"
        role="img"
        aria-label=${words.chartSpan}
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
      >
        <polygon></polygon>
        <polyline></polyline>
      </svg>
    </figure>
    <dl>
      ${STATS.map(
        (label) =>
          html`<div>
            <dt>${words.stats[label]}</dt>
            <dd data-stat=${label}></dd>
          </div>`,
      )}
    </dl>
    <button part="button" type="button" @click=${actions.copyDiagnostics}>
      ${isCopied ? words.copied : words.copy}
    </button>
    ${diagnostics && html`<label part="field"><span>${words.copyByHand}</span><textarea part="diagnostics" readonly rows="4" .value=${diagnostics}></textarea></label>`}
  </div>`;
}

/** Every row is always there, so that nothing jumps when a number comes. */
export function statsRows(stats: Stats | null, numbers: Numbers): [StatLabel, string][] {
  const { videoBitrate, videoCodec, audioBitrate, audioCodec } = stats ?? {};
  const { frameWidth, frameHeight, framerate, packetLoss, roundTripTime, videoSendDelay } = stats ?? {};
  const known = (value: number | undefined, toText: (value: number) => string) =>
    value === undefined ? undefined : toText(value);
  const bitrate = (value: number | undefined) => known(value, (kbps) => numbers.bitrate(kbps));
  return [
    ['video', joined(bitrate(videoBitrate), videoCodec)],
    ['audio', joined(bitrate(audioBitrate), audioCodec)],
    ['picture', joined(frameWidth && frameHeight && size(frameWidth, frameHeight))],
    ['framerate', joined(known(framerate, (value) => numbers.plain(value)))],
    ['packetLoss', joined(known(packetLoss, (value) => numbers.percent(value)))],
    ['roundTripTime', joined(known(roundTripTime, (value) => numbers.milliseconds(value)))],
    ['sendDelay', joined(known(videoSendDelay, (value) => numbers.milliseconds(value)))],
  ];
}

function joined(...texts: (string | number | false | undefined)[]): string {
  return texts.filter(Boolean).join(', ') || '–';
}

/** The chart as text. */
export function chartLabel({ stats, bitrates }: MeasuredValues, words: Strings, numbers: Numbers): string {
  return words.chart(
    numbers.bitrate((stats && bitrates.at(-1)) ?? 0),
    numbers.bitrate(Math.min(...bitrates)),
    numbers.bitrate(Math.max(...bitrates)),
  );
}

/** The upper end of the axis: the next value of two digits, so that it seldom changes. */
export function axisTop(bitrates: readonly number[]): number {
  const most = Math.max(...bitrates, 10);
  const step = 10 ** (Math.floor(Math.log10(most)) - 1) * 5;
  return Math.ceil(most / step) * step;
}

/** The points of the line, and of the area below it. */
export function chartPoints(bitrates: readonly number[]): { line: string; area: string } {
  const top = axisTop(bitrates);
  const line = bitrates.map((bitrate, index) => point(index / (bitrates.length - 1), bitrate / top)).join(' ');
  return { line, area: `0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}` };
}

/** Where a value of the chart stands, both 0 to 1. */
function point(across: number, up: number): string {
  return `${(across * WIDTH).toFixed(1)},${((1 - up) * HEIGHT).toFixed(1)}`;
}
