import { html, nothing, type TemplateResult } from 'lit';
import { bars, icon, type Icon } from '../view/icons.js';
import type { Quality } from '../webcaster-core.js';
import type { ControlsView } from './controls-view.js';

const BARS: Record<Quality, number> = { good: 3, medium: 2, bad: 1 };

export function controlsBar({ model, actions, words }: ControlsView): TemplateResult {
  const { isActive, failure, muted, videoMuted, controls } = model;
  const openPanel = controls?.openPanel;
  const isRetry = failure !== null && failure.step !== 'preview';
  const [main, label]: [Icon, string] = isActive
    ? ['stop', words.stop]
    : isRetry
      ? ['retry', words.retry]
      : ['live', words.start];
  return html`
    <div class="controls" part="controls">
      <button
        class="main ${isActive ? 'stop' : 'start'}"
        part="button ${isActive ? 'stop' : 'start'}-button"
        type="button"
        @click=${isActive ? actions.askToStop : actions.start}
      >
        ${icon(main)}${label}
      </button>
      <button
        class="toggle microphone"
        part="button"
        type="button"
        aria-pressed=${muted}
        title=${words.microphoneOff}
        @click=${() => actions.mute(!muted)}
      >
        ${icon('microphone', muted)}<span class="visually-hidden">${words.microphoneOff}</span>
        <span class="level" part="level" aria-hidden="true"><span></span></span>
      </button>
      <button
        class="toggle"
        part="button"
        type="button"
        aria-pressed=${videoMuted}
        title=${words.cameraOff}
        @click=${() => actions.muteVideo(!videoMuted)}
      >
        ${icon('camera', videoMuted)}<span class="visually-hidden">${words.cameraOff}</span>
      </button>
      <button
        class="toggle"
        part="button"
        type="button"
        aria-expanded=${openPanel === 'settings'}
        aria-controls="settings"
        title=${words.settings}
        @click=${() => actions.toggle('settings')}
      >
        ${icon('settings')}<span class="visually-hidden">${words.settings}</span>
      </button>
      <button
        class="toggle"
        part="button"
        type="button"
        aria-expanded=${openPanel === 'stats'}
        aria-controls="stats"
        title=${words.statistics}
        @click=${() => actions.toggle('stats')}
      >
        ${icon('stats')}<span class="visually-hidden">${words.statistics}</span>
      </button>
    </div>
  `;
}

/** The question before a live broadcast ends, in place of the buttons. */
export function stopQuestion({ actions, words }: ControlsView): TemplateResult {
  return html`
    <div class="controls" part="controls" role="alertdialog" aria-label=${words.confirmStop}>
      <p>${words.confirmStop}</p>
      <button class="main stop" part="button stop-button" type="button" @click=${actions.confirmStop}>
        ${icon('stop')}${words.confirm}
      </button>
      <button part="button" type="button" autofocus @click=${actions.keepGoing}>${words.keepGoing}</button>
    </div>
  `;
}

/** Opens the preview, or closes it: one button, so that it keeps the focus. */
export function previewButton({ model, actions, words }: ControlsView): TemplateResult {
  const { canPreview } = model;
  const isPreviewing = model.stream !== null;
  const label = isPreviewing ? words.closePreview : words.showPreview;
  return html`<button
    class="preview-button ${isPreviewing ? 'corner' : ''}"
    part="button preview-button"
    type="button"
    title=${label}
    ?hidden=${!canPreview}
    @click=${isPreviewing ? actions.closePreview : actions.openPreview}
  >
    ${icon(isPreviewing ? 'close' : 'camera')}<span class=${isPreviewing ? 'visually-hidden' : ''}>${label}</span>
  </button>`;
}

export function facts({ model, words }: ControlsView): TemplateResult {
  const quality = model.quality?.level;
  return html`
    <div class="facts" part="facts" ?hidden=${!model.isLive}>
      ${
        quality
          ? html`<span class="quality" part="quality" data-quality=${quality} title=${words.quality[quality]}
              >${bars(BARS[quality])}<span class="visually-hidden">${words.quality[quality]}</span></span
            >`
          : nothing
      }
      <span class="time" part="time"
        ><span class="visually-hidden">${words.liveFor}</span> <span class="clock"></span
      ></span>
    </div>
  `;
}
