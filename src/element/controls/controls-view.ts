import { html, nothing, type TemplateResult } from 'lit';
import type { Strings } from '../strings.js';
import { icon } from '../view/icons.js';
import { controlsBar } from './bar-view.js';
import type { ControlsActions, Panel, ViewModel } from './model.js';
import { actionsOnCard, controlsCard, controlsNotice, permissionHint, type ControlsNotice } from './message-view.js';
import type { Numbers } from './numbers.js';
import { settingsFields } from './settings-view.js';
import { statsPanel } from './stats-view.js';
import { time, topLine } from './top-view.js';

/** What the controls are rendered from. */
export interface ControlsView {
  readonly model: ViewModel;
  readonly actions: ControlsActions;
  readonly words: Strings;
  readonly numbers: Numbers;
}

/** The controls, part by part, for the places that the element has for them. */
export interface ControlsParts {
  /** In the pill: the time since the broadcast became live. */
  readonly time: TemplateResult;
  /** Beside the pill: mutes, quality, and what the camera can do. */
  readonly top: TemplateResult;
  /** In place of the card of the status; undefined if there is nothing to ask. */
  readonly card: TemplateResult | undefined;
  /** On the card of the status. */
  readonly actions: unknown;
  /** If nothing more important is to be said. */
  readonly notice: ControlsNotice | undefined;
  /** In place of the general sentence of a failure. */
  readonly hint: string | undefined;
  /** For screen readers, once. */
  readonly said: string;
  readonly bar: TemplateResult;
  readonly panels: TemplateResult;
}

export function controlsView(view: ControlsView): ControlsParts {
  const { model, words } = view;
  const notice = controlsNotice(view);
  return {
    time: time(view),
    top: topLine(view),
    card: controlsCard(view),
    actions: actionsOnCard(view),
    notice,
    hint: permissionHint(view),
    said: model.controls?.isCopied ? words.copied : (notice?.said ?? ''),
    bar: controlsBar(view),
    panels: html`${panel(view, 'settings', words.settings, settingsFields)}${panel(view, 'stats', words.statistics, statsPanel)}`,
  };
}

function panel(
  view: ControlsView,
  name: Panel,
  label: string,
  content: (view: ControlsView) => TemplateResult,
): TemplateResult {
  const { model, actions, words } = view;
  const isOpen = model.controls?.openPanel === name;
  const close = () => actions.toggle(null);
  return html`<div class="panel" part=${name} id=${name} role="group" aria-label=${label} ?hidden=${!isOpen}>
    ${
      isOpen
        ? html`<header>
              <h2 tabindex="-1">${label}</h2>
              <button part="button" type="button" title=${words.close} @click=${close}>
                ${icon('close')}<span class="visually-hidden">${words.close}</span>
              </button>
            </header>
            ${content(view)}`
        : nothing
    }
  </div>`;
}
