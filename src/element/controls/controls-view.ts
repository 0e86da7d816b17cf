import { html, nothing, type TemplateResult } from 'lit';
import { controlsBar } from './bar-view.js';
import type { ControlsParts, ControlsView } from './controls-parts.js';
import type { Panel } from './model.js';
import { actionsOnCard, controlsCard, controlsNotice, permissionHint } from './message-view.js';
import { settingsFields } from './settings-view.js';
import * as shapes from './shapes.js';
import { statsPanel } from './stats-view.js';
import { time, topLine } from './top-view.js';

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
    said: [model.controls.isCopied ? words.copied : '', notice?.said],
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
  const { model, actions, words, icons } = view;
  const isOpen = model.controls.openPanel === name;
  const close = () => actions.toggle(null);
  return html`<div class="panel" part=${name} id=${name} role="group" aria-label=${label} ?hidden=${!isOpen}>
    ${
      isOpen
        ? html`<header>
              <h2 tabindex="-1">${label}</h2>
              <button part="button" type="button" title=${words.close} @click=${close}>
                ${icons.icon(shapes.close)}<span class="visually-hidden">${words.close}</span>
              </button>
            </header>
            ${content(view)}`
        : nothing
    }
  </div>`;
}
