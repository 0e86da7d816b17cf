import { html, type TemplateResult } from 'lit';
import { statusMessage, troubleSentence } from '../sentences.js';
import type { ElementView } from './element-input.js';
import { clock } from './time.js';

/** What screen readers say: the status politely and without the seconds, but a failure as an alert. */
export function announcements(view: ElementView): TemplateResult {
  const isFailed = view.model.status === 'failed';
  return html`
    <div class="visually-hidden" role="status">${isFailed ? '' : politely(view)}</div>
    <div class="visually-hidden" role="alert">${isFailed ? sentences(view) : ''}</div>
  `;
}

function politely(view: ElementView): string {
  const { model, language, controls } = view;
  const troubles = model.troubles.map((trouble) => troubleSentence(trouble, language.words));
  return [sentences(view), ...troubles, controls?.said].filter(Boolean).join(' ');
}

function sentences({ model, language: { words }, controls }: ElementView): string {
  const status = model.steadyStatus;
  if (status === 'idle' && model.endedAfter !== null) return words.ended(clock(model.endedAfter));
  const { headline, sentence } = statusMessage({ ...model, status }, words);
  return sentence ? `${headline}. ${(model.status === 'failed' && controls?.hint) || sentence}` : headline;
}
