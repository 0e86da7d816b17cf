import { html, nothing, type TemplateResult } from 'lit';
import type { Strings } from '../strings.js';
import { controlsBar, facts, previewButton, stopQuestion } from './bar-view.js';
import type { ControlsActions, Panel, ViewModel } from './model.js';
import type { Numbers } from './numbers.js';
import { settingsFields } from './settings-view.js';
import { statsPanel } from './stats-view.js';

/** What the controls are rendered from. */
export interface ControlsView {
  readonly model: ViewModel;
  readonly actions: ControlsActions;
  readonly words: Strings;
  readonly numbers: Numbers;
}

/** The controls, part by part, for the places that the element has for them. */
export interface ControlsParts {
  readonly facts: TemplateResult;
  readonly previewButton: TemplateResult;
  readonly bar: TemplateResult;
  readonly panels: TemplateResult;
}

export function controlsView(view: ControlsView): ControlsParts {
  const { words } = view;
  return {
    facts: facts(view),
    previewButton: previewButton(view),
    bar: view.model.controls?.isConfirmingStop ? stopQuestion(view) : controlsBar(view),
    panels: html`${panel(view, 'settings', words.settings, settingsFields)}${panel(view, 'stats', words.statistics, statsPanel)}`,
  };
}

function panel(
  view: ControlsView,
  name: Panel,
  label: string,
  content: (view: ControlsView) => TemplateResult,
): TemplateResult {
  const isOpen = view.model.controls?.openPanel === name;
  return html`<div class="panel" part=${name} id=${name} role="group" aria-label=${label} ?hidden=${!isOpen}>
    ${isOpen ? content(view) : nothing}
  </div>`;
}
