import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { StatLabel, Strings } from '../strings.js';
import type { Stats } from '../webcaster-core.js';
import { size, type Numbers } from './numbers.js';

/** What the statistics show and do. */
export interface StatsView {
  words: Strings;
  numbers: Numbers;
  stats: Stats | null;
  /** The bitrates of the last minute in kbps, oldest first. */
  bitrates: readonly number[];
  /** Whether the diagnostics have been copied. */
  isCopied: boolean;
  /** The diagnostics, to be copied by hand; empty where the clipboard takes them. */
  toCopyByHand: string;
  copy: () => void;
}

export function statsPanel(view: StatsView): TemplateResult {
  const { words, bitrates, isCopied, toCopyByHand } = view;
  return html`
    <dl>
      ${rows(view).map(
        ([label, value]) =>
          html`<div>
            <dt>${words.stats[label]}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${bitrates.length > 1 ? chart(view) : nothing}
    <button part="button" type="button" @click=${view.copy}>${isCopied ? words.copied : words.copy}</button>
    ${toCopyByHand && html`<label part="field"><span>${words.copyByHand}</span><textarea part="diagnostics" readonly rows="4" .value=${toCopyByHand}></textarea></label>`}
  `;
}

/** Every row is always there, so that nothing jumps when a number comes. */
function rows({ numbers, stats }: StatsView): [StatLabel, string][] {
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

const WIDTH = 240;
const HEIGHT = 48;

function chart({ words, numbers, bitrates }: StatsView): SVGTemplateResult {
  const most = Math.max(...bitrates);
  const label = words.chart(
    numbers.bitrate(bitrates.at(-1) ?? 0),
    numbers.bitrate(Math.min(...bitrates)),
    numbers.bitrate(most),
  );
  const line = bitrates.map((bitrate, index) => point(index / (bitrates.length - 1), bitrate / (most || 1))).join(' ');
  return svg`<svg class="chart" part="chart" role="img" aria-label=${label} viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
    <polyline points=${line}></polyline>
  </svg>`;
}

/** Where a value of the chart stands, both 0 to 1. */
function point(across: number, up: number): string {
  return `${(across * WIDTH).toFixed(1)},${(HEIGHT - 2 - up * (HEIGHT - 4)).toFixed(1)}`;
}
