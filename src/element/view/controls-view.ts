import { html, nothing, type TemplateResult } from 'lit';
import type { Strings } from '../strings.js';
import type { Quality } from '../webcaster-core.js';
import { bars, icon, type Icon } from './icons.js';
import { clock } from './numbers.js';

export type Panel = 'settings' | 'stats';

/** What the buttons show and do. */
export interface ControlsView {
  words: Strings;
  /** Whether there is something to stop. */
  isActive: boolean;
  /** Whether going live is a second try. */
  isRetry: boolean;
  isPreviewing: boolean;
  /** Whether the preview is the user's to open and close. */
  canPreview: boolean;
  muted: boolean;
  videoMuted: boolean;
  openPanel: Panel | null;
  toggleLive: () => void;
  togglePreview: () => void;
  toggleMicrophone: () => void;
  toggleCamera: () => void;
  toggleSettings: () => void;
  toggleStats: () => void;
}

/** What there is to know of a live broadcast at a glance. */
export interface FactsView {
  words: Strings;
  quality: Quality | undefined;
  /** Seconds since it is live; undefined where nothing is. */
  secondsLive: number | undefined;
}

const BARS: Record<Quality, number> = { good: 3, medium: 2, bad: 1 };

export function controlsBar(view: ControlsView): TemplateResult {
  const { words, isActive, isRetry, muted, videoMuted, openPanel } = view;
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
        @click=${view.toggleLive}
      >
        ${icon(main)}${label}
      </button>
      <button
        class="toggle microphone"
        part="button"
        type="button"
        aria-pressed=${muted}
        title=${words.microphoneOff}
        @click=${view.toggleMicrophone}
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
        @click=${view.toggleCamera}
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
        @click=${view.toggleSettings}
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
        @click=${view.toggleStats}
      >
        ${icon('stats')}<span class="visually-hidden">${words.statistics}</span>
      </button>
    </div>
  `;
}

/** Opens the preview, or closes it: one button, so that it keeps the focus. */
export function previewButton({ words, isPreviewing, canPreview, togglePreview }: ControlsView): TemplateResult {
  const label = isPreviewing ? words.closePreview : words.showPreview;
  return html`<button
    class="preview-button ${isPreviewing ? 'corner' : ''}"
    part="button preview-button"
    type="button"
    title=${label}
    ?hidden=${!canPreview}
    @click=${togglePreview}
  >
    ${icon(isPreviewing ? 'close' : 'camera')}<span class=${isPreviewing ? 'visually-hidden' : ''}>${label}</span>
  </button>`;
}

export function facts({ words, quality, secondsLive }: FactsView): TemplateResult {
  return html`
    <div class="facts" part="facts" ?hidden=${secondsLive === undefined}>
      ${
        quality
          ? html`<span class="quality" part="quality" data-quality=${quality} title=${words.quality[quality]}
              >${bars(BARS[quality])}<span class="visually-hidden">${words.quality[quality]}</span></span
            >`
          : nothing
      }
      <span class="time" part="time"
        ><span class="visually-hidden">${words.liveFor}</span> ${clock(secondsLive ?? 0)}</span
      >
    </div>
  `;
}
