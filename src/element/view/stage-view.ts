import { html, type TemplateResult } from 'lit';
import type { ElementView } from './element-view.js';
import { icon } from './icons.js';

/** The preview, with what lies over it. The element sets `srcObject` itself: a binding would set it at every render. */
export function stage({ model, language, controls }: ElementView): TemplateResult {
  const { stream, videoMuted } = model;
  const isCovered = stream ? videoMuted : !controls;
  return html`<div class="stage" part="stage">
    <video
      class="preview"
      part="preview"
      aria-label=${language.words.preview}
      autoplay
      playsinline
      tabindex="-1"
      .muted=${true}
    ></video>
    <div class="placeholder" ?hidden=${!isCovered}>${icon('camera', videoMuted)}</div>
    ${controls?.facts} ${controls?.previewButton}
  </div>`;
}
