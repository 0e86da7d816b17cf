import { html, type TemplateResult } from 'lit';
import { statusMessage, troubleSentence } from '../sentences.js';
import type { ElementView } from './element-input.js';
import { clock } from './time.js';

/** Not in TypeScript's library yet: https://w3c.github.io/aria/#ariaNotify */
interface Notifier extends HTMLElement {
  ariaNotify?(announcement: string, options: { priority: 'normal' | 'high' }): void;
}

const hasNotify = 'ariaNotify' in (globalThis.HTMLElement?.prototype ?? {});

/** What screen readers announce: the status politely and without the seconds, but a failure as an alert. */
export function announcements(view: ElementView): TemplateResult {
  const isFailed = view.model.status === 'failed';
  return html`
    <div class="visually-hidden" data-said="status">${isFailed ? '' : politely(view)}</div>
    <div class="visually-hidden" data-said="alert">${isFailed ? sentences(view) : ''}</div>
  `;
}

/**
 * Has screen readers announce what changes: by `ariaNotify`, which modal dialogs do not silence, or else by live regions. Never
 * by both, and not what was there first.
 */
export class Announcer {
  readonly #said = new Map<string, string>();

  /** Call it after every render. */
  announce(root: ParentNode): void {
    for (const node of root.querySelectorAll<Notifier>('[data-said]')) {
      const { textContent, dataset } = node;
      const name = dataset['said'] ?? '';
      // Not in the template: a server cannot know what the browser has.
      if (!hasNotify) node.role = name;
      const before = this.#said.get(name);
      this.#said.set(name, textContent);
      if (before === undefined || before === textContent || !textContent) continue;
      if (hasNotify) node.ariaNotify?.(textContent, { priority: name === 'alert' ? 'high' : 'normal' });
    }
  }
}

function politely(view: ElementView): string {
  const { model, language, controls } = view;
  const troubles = model.troubles.map((trouble) => troubleSentence(trouble, language.words));
  return [sentences(view), ...troubles, controls?.said].filter(Boolean).join(' ');
}

function sentences({ model, language: { words }, controls }: ElementView): string {
  const status = model.steadyStatus;
  // Neither the end of the last broadcast nor "Not live" is news to whoever goes live.
  if (status === 'idle' && model.isStarting) return '';
  if (status === 'idle' && model.endedAfter !== null) return words.ended(clock(model.endedAfter));
  const { headline, sentence } = statusMessage({ ...model, status }, words);
  return sentence ? `${headline}. ${(model.status === 'failed' && controls?.hint) || sentence}` : headline;
}
