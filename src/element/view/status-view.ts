import { html, nothing, type TemplateResult } from 'lit';
import { refusalSentence, statusMessage, troubleSentence } from '../sentences.js';
import type { Status } from '../webcaster-core.js';
import type { ElementView } from './element-input.js';
import { icon, ring } from './icons.js';
import * as shapes from './shapes.js';
import { clock } from './time.js';

type Tone = 'off' | 'busy' | 'live' | 'warn';

const TONES: Partial<Record<Status, Tone>> = {
  signalling: 'busy',
  connected: 'busy',
  broadcasting: 'live',
  reconnecting: 'warn',
  reconnecting_broadcast: 'warn',
};

/** What is shown on a card over the middle of the stage; `idle` and `broadcasting` are in the pill, `reconnecting` is a notice. */
const ON_CARD = ['requesting', 'signalling', 'connected', 'reconnecting_broadcast', 'failed'] as const;

function isOnCard(status: Status): boolean {
  return (ON_CARD as readonly Status[]).includes(status);
}

/** The status in one or two words. */
export function pill(view: ElementView): TemplateResult {
  const { model, language, controls } = view;
  const { words } = language;
  const tone = TONES[model.status] ?? 'off';
  const labels: Partial<Record<Tone, string>> = {
    off: words.pill.off,
    busy: words.pill.connecting,
    warn: model.status === 'reconnecting' ? words.pill.output : words.pill.reconnecting,
  };
  const isSlotted = model.status === 'idle' || model.status === 'broadcasting';
  const isPreview = model.status === 'idle' && model.stream !== null;
  const hasEnded = model.endedAfter !== null && !controls;
  const idle = hasEnded ? words.ended(clock(model.endedAfter)) : words.idle;
  return html`<div class="pill" part="status" data-tone=${tone} tabindex="-1">
    <span class="dot" aria-hidden="true"></span>
    <span
      >${isPreview ? `${words.preview} · ` : ''}${slot('idle', view, idle)}${slot('broadcasting', view, html`<span class="caps">${words.broadcasting}</span>`)}${isSlotted ? '' : labels[tone]}</span
    >
    ${controls?.time}
  </div>`;
}

/** For when a control that had the focus is gone: here a key that is still held down presses nothing. */
export function focusStatus(root: ParentNode): void {
  root.querySelector<HTMLElement>('.pill')?.focus({ preventScroll: true });
}

/** All slots are always there, so that a page's own content is never thrown away; one is shown. */
export function statusCard(view: ElementView): TemplateResult {
  const { model, controls } = view;
  const isShown = isOnCard(model.status) && !controls?.card;
  const message = headlineAndSentence(view);
  return html`<div class="card" part="card" ?hidden=${!isShown}>
    ${symbol(view)} ${ON_CARD.map((status) => slot(status, view, message))}
    <div class="actions">${controls?.actions}</div>
    ${controls && model.status === 'failed' ? details(view) : nothing}
  </div>`;
}

/** The one thing to know that stops nothing: an output that is restored, a device that is lost, or what the controls report. */
export function notice(view: ElementView): TemplateResult {
  const { model, language, controls } = view;
  const { words } = language;
  const isOutput = model.status === 'reconnecting';
  const lines = [
    ...model.troubles.map((trouble) => troubleSentence(trouble, words)),
    refusalSentence(model, words),
  ].filter(Boolean);
  if (model.areControlsMissing) lines.push(words.controlsMissing);
  const own = lines.length === 0 && !isOutput ? controls?.notice : undefined;
  const isShown = !isOnCard(model.status) && !controls?.card && (isOutput || lines.length > 0 || own);
  return html`<div class="notice" part="notice" data-tone=${own ? own.tone : 'warn'} ?hidden=${!isShown}>
    ${own?.icon ?? icon(shapes.warning)}
    <div>
      ${slot('reconnecting', view, words.reconnecting)} ${own ? own.text : lines.map((line) => html`<p>${line}</p>`)}
    </div>
  </div>`;
}

function symbol({ model }: ElementView): TemplateResult | unknown {
  const { status, failure, isOffline, settings } = model;
  if (status === 'reconnecting_broadcast' && isOffline) return icon(shapes.warning);
  if (status === 'failed') return icon(failure?.causeName === 'NotAllowedError' ? shapes.blocked : shapes.warning);
  if (status === 'requesting') return icon(shapes.ofRequest(settings));
  return ring();
}

function slot(status: Status, { model }: ElementView, fallback: unknown): TemplateResult {
  const isShown = status === model.slot;
  return html`<slot name=${status} ?hidden=${!isShown}>${isShown ? fallback : nothing}</slot>`;
}

function headlineAndSentence(view: ElementView): TemplateResult {
  const { model, language, controls } = view;
  const { headline, sentence } = statusMessage(model, language.words);
  return html`<strong class="headline">${headline}</strong>
    <span class="sentence">${(model.status === 'failed' && controls?.hint) || sentence}</span>
    ${model.status === 'reconnecting_broadcast' ? html`<span class="progress countdown"></span>` : nothing}
    ${model.status === 'failed' && !controls ? failureActions(view) : nothing}`;
}

function details({ model, language }: ElementView): TemplateResult {
  return html`<details ?hidden=${!model.failure} @toggle=${bringIntoView}>
    <summary>${language.words.details}</summary>
    <p dir="auto">${model.failure?.message} (${model.failure?.code})</p>
  </details>`;
}

/** In a small element, a card may be higher than its place. */
const bringIntoView = ({ target }: Event) => (target as Element).scrollIntoView({ block: 'nearest' });

/** Without controls, what can be done is part of the text that a page may replace. */
function failureActions(view: ElementView): TemplateResult {
  const { actions, language } = view;
  return html`<div class="actions">
      <button class="primary" part="button" type="button" @click=${actions.retry}>${language.words.retry}</button>
    </div>
    ${details(view)}`;
}
