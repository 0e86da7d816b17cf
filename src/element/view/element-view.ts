import { html, nothing, type TemplateResult } from 'lit';
import type { ViewModel } from '../controls/model.js';
import { announcements } from './announcements.js';
import type { ElementView } from './element-input.js';
import { icon } from './icons.js';
import * as shapes from './shapes.js';
import { notice, pill, statusCard } from './status-view.js';

/** The whole element: everything lies over the preview. */
export function elementView(view: ElementView): TemplateResult {
  const { model, language, hasDirection, controls } = view;
  const { noPreview } = model.settings;
  const hasPicture = model.stream !== null && !isAudioOnly(model);
  return html`
    <div
      class="base"
      part="base"
      lang=${language.tag}
      dir=${hasDirection ? nothing : language.words.dir}
      data-status=${model.steadyStatus}
      ?data-video=${hasPicture && !noPreview}
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
  const { stream, videoMuted, isMirrored, status } = model;
  const hasPicture = !isAudioOnly(model);
  const isCovered = stream ? videoMuted || !hasPicture : !controls && status === 'idle';
  const symbol = hasPicture ? icon(shapes.camera, videoMuted) : icon(shapes.microphone);
  return html`<video
      class="preview ${isMirrored ? 'mirrored' : ''}"
      part="preview"
      aria-label=${language.words.preview}
      autoplay
      playsinline
      tabindex="-1"
      .muted=${true}
    ></video>
    <div class="placeholder" ?hidden=${!isCovered}>${symbol}</div>`;
}

/** Whether there is nothing to see: of the stream, or while there is none, by the settings. */
function isAudioOnly({ stream, settings }: ViewModel): boolean {
  if (stream) return stream.getAudioTracks().length > 0 && stream.getVideoTracks().length === 0;
  return settings.source === 'camera' && settings.videoDevice === 'none';
}
