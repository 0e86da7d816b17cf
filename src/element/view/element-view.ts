import { html, nothing, type TemplateResult } from 'lit';
import type { ControlsParts } from '../controls/controls-view.js';
import type { Actions, ViewModel } from '../controls/model.js';
import type { Language, StatusStrings } from '../strings.js';
import { stage } from './stage-view.js';
import { announcements, statusLine } from './status-view.js';

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

/** The whole element: the preview, the status, and what the controls add. */
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
    >
      ${noPreview ? nothing : stage(view)}
      <div class="bar" part="bar">${statusLine(view)} ${noPreview ? controls?.facts : nothing} ${controls?.bar}</div>
      ${controls?.panels} ${announcements(view)}
    </div>
  `;
}
