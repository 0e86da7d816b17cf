import { html, nothing, type TemplateResult } from 'lit';
import type { CaptureTrouble, Failure } from '../controls/model.js';
import type { StatusStrings } from '../strings.js';
import { STATUSES, type Status } from '../webcaster-core.js';
import type { ElementView } from './element-view.js';
import { icon } from './icons.js';

/** The status to be seen: the page's own text for it, or else the element's. */
export function statusLine(view: ElementView): TemplateResult {
  const { model, language } = view;
  const { words } = language;
  return html`
    <div class="status" part="status" tabindex="-1">
      <span class="light" data-status=${model.status} aria-hidden="true"></span>
      <div class="words">
        ${STATUSES.map((each) => slot(each, view))}
        <div class="detail" part="notice">
          ${model.troubles.map((trouble) => html`<p>${sentence(trouble, words)}</p>`)}
          ${model.areControlsMissing ? html`<p>${words.controlsMissing}</p>` : nothing}
        </div>
      </div>
    </div>
  `;
}

/** The same to be heard: politely and without the seconds, but its end as an alert. */
export function announcements({ model, language }: ElementView): TemplateResult {
  const { status, steadyStatus, troubles, failure, controls } = model;
  const { words } = language;
  const notice = controls?.isCopied ? words.copied : '';
  const said = [words[steadyStatus], ...troubles.map((trouble) => sentence(trouble, words)), notice].filter(Boolean);
  const isFailed = status === 'failed';
  return html`
    <div class="visually-hidden" role="status">${isFailed ? notice : said.join(' ')}</div>
    <div class="visually-hidden" role="alert">${isFailed ? failed(failure, words) : nothing}</div>
  `;
}

/** All slots are always there, so that a page's own content is never thrown away; one is shown. */
function slot(status: Status, view: ElementView): TemplateResult {
  return html`<slot name=${status} ?hidden=${status !== view.model.status}>${fallback(status, view)}</slot>`;
}

function fallback(status: Status, { model, actions, language }: ElementView): unknown {
  const { words } = language;
  const { reconnect, failure, controls } = model;
  if (status === 'failed') {
    // The button goes with the failure; what has the focus next is the status that it has brought.
    const retry = ({ target }: Event) => {
      (target as Element).closest<HTMLElement>('.status')?.focus();
      actions.retry();
    };
    return html`${failed(failure, words)}
    ${controls ? nothing : html`<button type="button" @click=${retry}>${icon('retry')}${words.retry}</button>`}`;
  }
  if (status !== 'reconnecting_broadcast' || !reconnect) return words[status];
  const progress = reconnect.method === 'ice-restart' ? words.repair : html`<span class="countdown"></span>`;
  return html`${words[status]} <span class="detail">${words.causes[reconnect.cause]} ${progress}</span>`;
}

function failed(failure: Failure | null, words: StatusStrings): string {
  return failure ? `${words.failed}: ${reason(failure, words)}` : words.failed;
}

/** Why it has failed, in the language of the element where that has a sentence for it. */
function reason({ code, causeName, message }: Failure, { errors }: StatusStrings): string {
  return errors[causeName] || errors[code] || message;
}

function sentence({ kind, problem, device, message }: CaptureTrouble, words: StatusStrings): string {
  // A label may be written in another direction than the words around it.
  return words.capture[problem]?.(kind, device && `\u2068${device}\u2069`) ?? message;
}
