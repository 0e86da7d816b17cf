import { html, nothing, type TemplateResult } from 'lit';
import { announcements } from './announcements.js';
import type { ElementView } from './element-input.js';
import { icon } from './icons.js';
import * as shapes from './shapes.js';
import { notice, pill, statusCard } from './status-view.js';

/** The whole element: everything lies over the preview. */
export function elementView(view: ElementView): TemplateResult {
  const { model, language, hasDirection, controls } = view;
  const { noPreview } = model.settings;
  return html`
    <div
      class="base"
      part="base"
      lang=${language.tag}
      dir=${hasDirection ? nothing : language.words.dir}
      data-status=${model.steadyStatus}
      ?data-video=${model.stream !== null && !model.isAudioOnly && !noPreview}
      ?data-plain=${noPreview}
    >
      <div class="stage" part="stage">
        ${noPreview ? nothing : preview(view)}
        <div class="top" part="facts">${pill(view)} ${controls?.top}</div>
        <div class="middle">${statusCard(view)} ${controls?.card} ${notice(view)}</div>
        ${controls?.panels} ${controls?.bar}
      </div>
      ${announcements(view)}
    </div>
  `;
}

/** The element sets `srcObject` itself: a binding would set it at every render. */
function preview({ model, language, controls }: ElementView): TemplateResult {
  const { stream, videoMuted, isAudioOnly, isMirrored, status } = model;
  const isCovered = stream ? videoMuted || isAudioOnly : !controls && status === 'idle';
  return html`<video
      class="preview ${isMirrored ? 'mirrored' : ''}"
      part="preview"
      aria-label=${language.words.preview}
      autoplay
      playsinline
      tabindex="-1"
      .muted=${true}
    ></video>
    <div class="placeholder" ?hidden=${!isCovered}>
      ${icon(isAudioOnly ? shapes.microphone : shapes.camera, videoMuted && !isAudioOnly)}
    </div>`;
}
