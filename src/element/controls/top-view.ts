import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Quality } from '../webcaster-core.js';
import { otherCamera } from './camera.js';
import type { ControlsView } from './controls-parts.js';
import * as shapes from './shapes.js';

const BARS: Record<Quality, number> = { good: 3, medium: 2, bad: 1 };

/** The time since the broadcast became live; its node is written once a second. */
export function time({ model, words }: ControlsView): TemplateResult {
  return html`<span class="time" part="time" ?hidden=${model.status !== 'broadcasting'}
    ><span class="visually-hidden">${words.liveFor}</span> <span class="clock"></span
  ></span>`;
}

/** What viewers do not get, how well the connection carries it, and what belongs to the preview. */
export function topLine(view: ControlsView): TemplateResult {
  const { model, words } = view;
  const { stream, muted, videoMuted, isAudioOnly, isVideoOnly, isSharingScreen } = model;
  const hidden = isSharingScreen ? words.screenHidden : words.videoMuted;
  return html`
    ${muted && stream && !isVideoOnly ? mutePill(view, 'microphone', words.muted) : nothing}
    ${videoMuted && stream && !isAudioOnly ? mutePill(view, isSharingScreen ? 'screen' : 'camera', hidden) : nothing}
    ${isSharingScreen && !videoMuted ? screenPill(view) : nothing}
    <span class="corner"> ${flipButton(view)} ${qualityButton(view)} ${closeButton(view)}</span>
  `;
}

function screenPill({ icons, words }: ControlsView): TemplateResult {
  return html`<span class="pill" part="sharing">${icons.icon(icons.shapes.screen)}${words.sharingScreen}</span>`;
}

function mutePill({ icons }: ControlsView, name: 'microphone' | 'camera' | 'screen', label: string): TemplateResult {
  return html`<span class="pill" part="mute" data-tone="warn">${icons.icon(icons.shapes[name], true)}${label}</span>`;
}

/** The quality of the connection; opens the statistics. */
function qualityButton({ model, actions, words }: ControlsView): TemplateResult | typeof nothing {
  const { quality, isLive, controls } = model;
  if (!isLive) return nothing;
  const toggleStats = () => actions.toggle('stats');
  const label = quality ? words.quality[quality.level] : words.statistics;
  return html`<button
    class="quality"
    part="button ${quality ? 'quality' : ''}"
    type="button"
    aria-expanded=${controls.openPanel === 'stats'}
    aria-controls="stats"
    data-quality=${quality?.level ?? nothing}
    title=${label}
    @click=${toggleStats}
  >
    ${bars(quality ? BARS[quality.level] : 0)}<span class="visually-hidden">${label}</span>
  </button>`;
}

/** Bars like a phone's reception: all, two, or one of three. */
function bars(filled: number): SVGTemplateResult {
  return svg`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    ${[0, 1, 2].map(
      (bar) =>
        svg`<path class=${bar < filled ? 'full' : 'empty'} d=${`M${3 + bar * 7} 20v-${6 + bar * 5}h4v${6 + bar * 5}Z`}></path>`,
    )}
  </svg>`;
}

function flipButton({ model, actions, words, icons }: ControlsView): TemplateResult | typeof nothing {
  const other = otherCamera(model);
  if (!other) return nothing;
  const flip = () => actions.choose({ videoDevice: other });
  return html`<button part="button" type="button" title=${words.flipCamera} @click=${flip}>
    ${icons.icon(shapes.flip)}<span class="visually-hidden">${words.flipCamera}</span>
  </button>`;
}

function closeButton({ model, actions, words, icons }: ControlsView): TemplateResult | typeof nothing {
  if (!model.canPreview || !model.stream) return nothing;
  return html`<button
    part="button preview-button"
    type="button"
    title=${words.closePreview}
    @click=${actions.closePreview}
  >
    ${icons.icon(shapes.close)}<span class="visually-hidden">${words.closePreview}</span>
  </button>`;
}
