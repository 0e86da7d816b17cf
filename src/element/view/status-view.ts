import { html, nothing, type TemplateResult } from 'lit';
import type { RtcUserError } from '../../core/api/errors.js';
import type { ReconnectInfo } from '../../core/api/events.js';
import type { CaptureTrouble } from '../controllers/core-controller.js';
import type { Strings } from '../strings.js';
import { STATUSES, type Status } from '../webcaster-core.js';
import { icon } from './icons.js';

/** What is known of the status. */
export interface StatusView {
  words: Strings;
  status: Status;
  /** The status without those that were over in a moment. */
  steadyStatus: Status;
  error: RtcUserError | null;
  reconnect: ReconnectInfo | null;
  /** Seconds until the attempt to reconnect begins. */
  secondsLeft: number;
  troubles: readonly CaptureTrouble[];
  /** What else is to be said aloud once. */
  notice: string;
  /** Tries again what has failed; undefined where other buttons are there for that. */
  retry: ((event: Event) => void) | undefined;
}

/** The status to be seen: the page's own words for it, or else the element's. */
export function statusLine(view: StatusView): TemplateResult {
  const { status, words, troubles } = view;
  return html`
    <div class="status" part="status" tabindex="-1">
      <span class="light" data-status=${status} aria-hidden="true"></span>
      <div class="words">
        ${STATUSES.map((each) => slot(each, view))}
        <div class="detail" part="notice">${troubles.map((trouble) => html`<p>${sentence(trouble, words)}</p>`)}</div>
      </div>
    </div>
  `;
}

/** The same to be heard: politely and without the seconds, but its end as an alert. */
export function announcements(view: StatusView): TemplateResult {
  const { status, steadyStatus, words, troubles, notice } = view;
  const said = [words[steadyStatus], ...troubles.map((trouble) => sentence(trouble, words)), notice].filter(Boolean);
  const isFailed = status === 'failed';
  return html`
    <div class="visually-hidden" role="status">${isFailed ? notice : said.join(' ')}</div>
    <div class="visually-hidden" role="alert">${isFailed ? failure(view) : nothing}</div>
  `;
}

/** All slots are always there, so that a page's own content is never thrown away; one is shown. */
function slot(status: Status, view: StatusView): TemplateResult {
  return html`<slot name=${status} ?hidden=${status !== view.status}>${fallback(status, view)}</slot>`;
}

function fallback(status: Status, view: StatusView): unknown {
  const { words, reconnect, secondsLeft, retry } = view;
  if (status === 'failed') {
    return html`${failure(view)}
    ${retry && html`<button type="button" @click=${retry}>${icon('retry')}${words.retry}</button>`}`;
  }
  if (status !== 'reconnecting_broadcast' || !reconnect) return words[status];
  const progress = reconnect.method === 'ice-restart' ? words.repair : words.attempt(reconnect, secondsLeft);
  return html`${words[status]} <span class="detail">${words.causes[reconnect.cause]} ${progress}</span>`;
}

function failure({ words, error }: StatusView): string {
  return error ? `${words.failed}: ${reason(error, words)}` : words.failed;
}

/** Why it has failed, in the language of the element where that has a sentence for it. */
function reason({ code, cause, message }: RtcUserError, { errors }: Strings): string {
  return (cause instanceof Error && errors[cause.name]) || errors[code] || message;
}

function sentence({ kind, problem, device, message }: CaptureTrouble, words: Strings): string {
  // A label may be written in another direction than the words around it.
  return words.capture[problem]?.(kind, device && `\u2068${device}\u2069`) ?? message;
}
