import { html, type TemplateResult } from 'lit';
import type { StatLabel, Strings } from '../strings.js';
import type { Stats } from '../webcaster-core.js';
import type { ControlsView } from './controls-view.js';
import { size, type Numbers } from './numbers.js';

const WIDTH = 240;
const HEIGHT = 48;

/** The values and the chart are written by `live-nodes.ts`, once a second. */
export function statsPanel({ model, actions, words }: ControlsView): TemplateResult {
  const { isCopied = false, diagnostics = '' } = model.controls ?? {};
  return html`
    <dl>
      ${STATS.map(
        (label) =>
          html`<div>
            <dt>${words.stats[label]}</dt>
            <dd data-stat=${label}></dd>
          </div>`,
      )}
    </dl>
    <svg class="chart" part="chart" role="img" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" hidden>
      <polyline></polyline>
    </svg>
    <button part="button" type="button" @click=${actions.copyDiagnostics}>
      ${isCopied ? words.copied : words.copy}
    </button>
    ${diagnostics && html`<label part="field"><span>${words.copyByHand}</span><textarea part="diagnostics" readonly rows="4" .value=${diagnostics}></textarea></label>`}
  `;
}

const STATS = [
  'video',
  'audio',
  'picture',
  'framerate',
  'packetLoss',
  'roundTripTime',
  'sendDelay',
] as const satisfies readonly StatLabel[];

/** Every row is always there, so that nothing jumps when a number comes. */
export function statsRows(stats: Stats | null, numbers: Numbers): [StatLabel, string][] {
  const { videoBitrate, videoCodec, audioBitrate, audioCodec } = stats ?? {};
  const { frameWidth, frameHeight, framerate, packetLoss, roundTripTime, videoSendDelay } = stats ?? {};
  return [
    [
      'video',
      joined(
        known(videoBitrate, (value) => numbers.bitrate(value)),
        videoCodec,
      ),
    ],
    [
      'audio',
      joined(
        known(audioBitrate, (value) => numbers.bitrate(value)),
        audioCodec,
      ),
    ],
    ['picture', joined(frameWidth && frameHeight && size(frameWidth, frameHeight))],
    ['framerate', joined(known(framerate, (value) => numbers.plain(value)))],
    ['packetLoss', joined(known(packetLoss, (value) => numbers.percent(value)))],
    ['roundTripTime', joined(known(roundTripTime, (value) => numbers.milliseconds(value)))],
    ['sendDelay', joined(known(videoSendDelay, (value) => numbers.milliseconds(value)))],
  ];
}

function known(value: number | undefined, toText: (value: number) => string): string | undefined {
  return value === undefined ? undefined : toText(value);
}

function joined(...texts: (string | number | false | undefined)[]): string {
  return texts.filter(Boolean).join(', ') || '–';
}

/** The chart in words. */
export function chartLabel(bitrates: readonly number[], words: Strings, numbers: Numbers): string {
  return words.chart(
    numbers.bitrate(bitrates.at(-1) ?? 0),
    numbers.bitrate(Math.min(...bitrates)),
    numbers.bitrate(Math.max(...bitrates)),
  );
}

export function chartPoints(bitrates: readonly number[]): string {
  const most = Math.max(...bitrates);
  return bitrates.map((bitrate, index) => point(index / (bitrates.length - 1), bitrate / (most || 1))).join(' ');
}

/** Where a value of the chart stands, both 0 to 1. */
function point(across: number, up: number): string {
  return `${(across * WIDTH).toFixed(1)},${(HEIGHT - 2 - up * (HEIGHT - 4)).toFixed(1)}`;
}
