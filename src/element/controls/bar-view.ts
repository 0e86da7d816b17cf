import { html, nothing, type TemplateResult } from 'lit';
import { troubleSentence } from '../sentences.js';
import type { ControlsView } from './controls-parts.js';
import { deviceOptions, deviceValue, options, type DeviceSetting } from './device-options.js';
import * as shapes from './shapes.js';

/** Everything one click away: microphone, camera, screen, settings, and going live. */
export function controlsBar(view: ControlsView): TemplateResult {
  const { model, actions, words, icons } = view;
  const { muted, videoMuted, controls, source, isSharingScreen } = model;
  const isOpen = controls.openPanel === 'settings';
  const toggleSettings = () => actions.toggle('settings');
  const toggleScreen = () => actions.shareScreen(source !== 'screen');
  const toggleCamera = () => actions.muteVideo(!videoMuted);
  const toggleMicrophone = () => actions.mute(!muted);
  return html`
    <div class="bar" part="bar">
      <div class="split" ?hidden=${model.isVideoOnly}>
        ${muteButton(view, 'microphone', muted, words.microphoneOff, toggleMicrophone)}
        ${menu(view, 'audioDevice', words.chooseMicrophone)}
      </div>
      <div class="split" ?hidden=${model.isAudioOnly && (source === 'page' || model.settings.videoDevice === 'none')}>
        ${muteButton(view, 'camera', videoMuted, isSharingScreen ? words.hideScreen : words.cameraOff, toggleCamera)}
        ${menu(view, 'videoDevice', words.chooseCamera)}
      </div>
      ${
        model.canShareScreen
          ? html`<button
              class="tool ${source === 'screen' ? 'on' : ''}"
              part="button"
              type="button"
              aria-pressed=${source === 'screen'}
              title=${words.shareScreen}
              @click=${toggleScreen}
            >
              ${icons.icon(icons.shapes.screen)}<span class="visually-hidden">${words.shareScreen}</span>
            </button>`
          : nothing
      }
      <button
        class="tool"
        part="button"
        type="button"
        aria-expanded=${isOpen}
        aria-controls="settings"
        title=${words.settings}
        @click=${toggleSettings}
      >
        ${icons.icon(shapes.settings)}<span class="visually-hidden">${words.settings}</span>
      </button>
      <span class="spacer" part="spacer"></span>
      ${mainButton(view)}
    </div>
  `;
}

/** Only the microphone has a level: for the camera there is the preview. */
function muteButton(
  { icons, model, words }: ControlsView,
  name: 'microphone' | 'camera',
  isOff: boolean,
  label: string,
  toggle: () => void,
): TemplateResult {
  const kind = name === 'camera' ? 'videoinput' : 'audioinput';
  const trouble = model.troubles.find((one) => one.kind === kind);
  return html`<button
    class="tool ${isOff ? 'off' : ''} ${trouble ? 'lost' : ''}"
    part="button"
    type="button"
    aria-pressed=${isOff}
    title=${trouble ? troubleSentence(trouble, words) : label}
    @click=${toggle}
  >
    ${icons.icon(icons.shapes[name === 'camera' && model.isSharingScreen ? 'screen' : name], isOff)}<span
      class="visually-hidden"
      >${label}</span
    >
    ${name === 'microphone' ? html`<span class="level" part="level" aria-hidden="true"><span></span></span>` : nothing}
  </button>`;
}

/**
 * Goes live, and ends. In between it does nothing: the second click of a double click must not cancel what the first one
 * started. It stays the same button, so that it keeps the focus.
 */
function mainButton({ model, actions, words }: ControlsView): TemplateResult {
  const isConnecting = model.status === 'signalling' || model.status === 'connected';
  const isStarting = model.isStarting || isConnecting;
  const isEnd = model.isActive && !isStarting;
  const label = isStarting && model.status !== 'requesting' ? words.pill.connecting : isEnd ? words.stop : words.start;
  const act = isStarting ? undefined : isEnd ? actions.askToStop : actions.start;
  return html`<button
    class="main ${isEnd ? 'end' : model.status === 'failed' ? '' : 'primary'}"
    part="button ${isEnd ? 'stop-button' : 'start-button'}"
    type="button"
    aria-disabled=${isStarting ? 'true' : nothing}
    @click=${act}
  >
    ${label}
  </button>`;
}

/** The devices, as a list that the browser opens: on phones it is the system's own. */
function menu(view: ControlsView, name: DeviceSetting, label: string): TemplateResult {
  const { model, actions, icons } = view;
  const choose = ({ target }: Event) => actions.choose({ [name]: (target as HTMLSelectElement).value });
  return html`<span class="menu">
    ${icons.icon(shapes.more)}
    <select aria-label=${label} title=${label} ?disabled=${model.source === 'page'} @change=${choose}>
      ${options(deviceOptions(view, name), deviceValue(model, name))}
    </select>
  </span>`;
}
