import { html, nothing, type TemplateResult } from 'lit';
import { clock } from '../view/time.js';
import type { ControlsNotice, ControlsView } from './controls-parts.js';
import type { ControlsActions, ControlsModel } from './model.js';
import { permissionPlace } from './permission-place.js';

/** Chromium's element: https://w3c.github.io/mediacapture-extensions/ */
interface UserMediaElement extends HTMLElement {
  readonly stream: MediaStream | null;
  readonly error: DOMException | null;
}

/** What is asked or offered in place of the status: whether to end, to cancel a start, or before a preview, to open one. */
export function controlsCard(view: ControlsView): TemplateResult | undefined {
  const { model } = view;
  if (model.controls.isConfirmingStop) return stopQuestion(view);
  if (model.status !== 'idle') return undefined;
  if (model.isStarting) return startCard(view);
  return model.stream ? undefined : greenRoom(view);
}

/** The server is being reached: nothing is known of a connection yet. */
function startCard({ actions, words, icons }: ControlsView): TemplateResult {
  return html`<div class="card" part="card">
    ${icons.ring()}
    <strong class="headline">${words.signalling}</strong>
    <div class="actions">
      <button part="button" type="button" @click=${onFirstClick(actions.stop)}>${words.cancel}</button>
    </div>
  </div>`;
}

/** The second click of a double click finds another button in the place of the first. */
function onFirstClick(act: () => void): (click: MouseEvent) => void {
  return ({ detail }) => void (detail > 1 || act());
}

function stopQuestion({ actions, words }: ControlsView): TemplateResult {
  return html`<div class="card" part="card" role="alertdialog" aria-label=${words.confirmStop}>
    <strong class="headline">${words.confirmStop}</strong>
    <div class="actions">
      <button data-focus part="button" type="button" @click=${actions.keepGoing}>${words.keepGoing}</button>
      <button class="danger" part="button" type="button" @click=${onFirstClick(actions.confirmStop)}>
        ${words.confirm}
      </button>
    </div>
  </div>`;
}

function greenRoom({ model, actions, words, icons }: ControlsView): TemplateResult | undefined {
  const { endedAfter, canPreview, settings, isAudioOnly, isVideoOnly } = model;
  const hasButton = canPreview && !settings.noPreview;
  if (!hasButton && endedAfter === null) return undefined;
  const devices = isVideoOnly ? words.greenRoomVideo : words.greenRoom;
  const camera = settings.source === 'screen' ? words.shareScreen : devices;
  const question = isAudioOnly ? words.greenRoomAudio : camera;
  return html`<div class="card" part="card">
    ${icons.icon(icons.shapes.ofRequest(settings))}
    <strong class="headline">${endedAfter === null ? question : words.ended(clock(endedAfter))}</strong>
    <div class="actions">
      <button
        part="button preview-button"
        type="button"
        ?hidden=${!hasButton}
        @click=${onFirstClick(actions.openPreview)}
      >
        ${words.showPreview}
      </button>
    </div>
  </div>`;
}

/** What can be done about the status. */
export function actionsOnCard({ model, actions, words }: ControlsView): TemplateResult | typeof nothing {
  const { status, isStarting, failure } = model;
  if (status === 'failed') {
    if (failure?.headline === 'setup') return nothing;
    if (canAskHere(model)) return permissionButton(actions);
    // The button goes with the failure; what has the focus next is the main button.
    const retry = ({ target }: Event) => {
      (target as Element).closest('.stage')?.querySelector<HTMLElement>('.main')?.focus();
      actions.retry();
    };
    return html`<button class="primary" part="button" type="button" @click=${retry}>${words.retry}</button>`;
  }
  const isCancellable = ['requesting', 'signalling', 'connected'].includes(status);
  const cancel = onFirstClick(status === 'requesting' && !isStarting ? actions.closePreview : actions.stop);
  return isCancellable ? html`<button part="button" type="button" @click=${cancel}>${words.cancel}</button>` : nothing;
}

export function controlsNotice({ model, words, icons }: ControlsView): ControlsNotice | undefined {
  const { icon, shapes } = icons;
  const { quality, isLive, stream, source, status, controls, isAudioOnly, endedAfter } = model;
  if (isLive && controls.isSpeechMuted) {
    const text = words.mutedSpeech;
    return { tone: 'warn', icon: icon(shapes.microphone, true), text, said: text };
  }
  if (isLive && quality?.reason) {
    const { level, reason } = quality;
    // Nothing is as urgent as a network that carries hardly anything.
    const text = words.weak[level === 'bad' ? 'bad' : reason];
    return { tone: level === 'bad' ? 'live' : 'warn', icon: icon(shapes.warning), text, said: text };
  }
  const labels = stream
    ?.getTracks()
    .map(({ label }) => label)
    .filter(Boolean)
    .join(' · ');
  // Screens and custom MediaStreams have labels that are no names.
  const text = endedAfter === null ? source === 'camera' && labels : words.ended(clock(endedAfter));
  if (status !== 'idle' || !text) return undefined;
  return { tone: 'plain', icon: icon(isAudioOnly ? shapes.microphone : shapes.camera), text };
}

/** What to do about a denial: press the browser's own button, or find the permission in this browser's settings. */
export function permissionHint({ model, words }: ControlsView): string | undefined {
  if (!isDenied(model)) return undefined;
  return canAskHere(model) ? words.allowHere : words.allow[permissionPlace(navigator.userAgent)];
}

function isDenied({ failure }: ControlsModel): boolean {
  return failure?.sentence === 'NotAllowedError';
}

/** Chromium's button asks for both, so it is only for those who need both. */
function canAskHere(model: ControlsModel): boolean {
  const { hasPermissionElement, controls, settings } = model;
  const isBoth = settings.videoDevice !== 'none' && settings.audioDevice !== 'none';
  return hasPermissionElement && isBoth && controls.canAskHere && isDenied(model);
}

/** Draws and words itself; it can ask again if `getUserMedia` may no longer do so. */
function permissionButton(actions: ControlsActions): TemplateResult {
  const use = ({ target }: Event) => actions.usePermission((target as UserMediaElement).stream);
  // Another denial leaves the button as it is.
  const fail = ({ target }: Event) =>
    (target as UserMediaElement).error?.name === 'NotAllowedError' || actions.permissionElementFailed();
  return html`<usermedia class="permission" part="button" @stream=${use} @error=${fail}></usermedia>`;
}
