import { html, nothing, type TemplateResult } from 'lit';
import type { ControlsParts } from '../controls/controls-view.js';
import type { Actions, ViewModel } from '../controls/model.js';
import type { Language, StatusStrings } from '../strings.js';
import { announcements } from './announcements.js';
import { icon } from './icons.js';
import { notice, pill, statusCard } from './status-view.js';

/** What the element is rendered from. */
export interface ElementView {
  readonly model: ViewModel;
  readonly actions: Actions;
  readonly language: Language<StatusStrings>;
  /** The page sets `dir` nearer than `lang`: its direction is inherited. */
  readonly hasDirection: boolean;
  /** Null without controls, and until their module is loaded. */
  readonly controls: ControlsParts | null;
}

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
      ?data-video=${model.stream !== null && !noPreview}
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
  const isCovered = stream ? videoMuted : !controls && status === 'idle';
  return html`<video
      class="preview ${isMirrored ? 'mirrored' : ''}"
      part="preview"
      aria-label=${language.words.preview}
      autoplay
      playsinline
      tabindex="-1"
      .muted=${true}
    ></video>
    <div class="placeholder" ?hidden=${!isCovered}>${icon('camera', videoMuted)}</div>`;
}
