import { html, type TemplateResult } from 'lit';
import type { CaptureTrouble } from '../controls/model.js';
import { joined, refusalSentence, statusMessage, troubleSentence } from '../sentences.js';
import type { DeviceKind } from '../webcaster-core.js';
import type { ElementView } from './element-input.js';
import { clock } from './time.js';

/** Not in TypeScript's library yet: https://w3c.github.io/aria/#ariaNotify */
interface Notifier extends HTMLElement {
  ariaNotify?(announcement: string, options: { priority: 'normal' | 'high' }): void;
}

const hasNotify = 'ariaNotify' in (globalThis.HTMLElement?.prototype ?? {});

const KINDS: readonly DeviceKind[] = ['audioinput', 'videoinput'];

/** What screen readers announce, each line when it changes: the status politely and without the seconds, but a failure as an alert. */
export function announcements(view: ElementView): TemplateResult {
  const isFailed = view.model.status === 'failed';
  const status = sentences(view);
  const lines = [status, ...politely(view)];
  return html`
    <div class="visually-hidden" data-said="status" aria-atomic="false">
      ${lines.map((line) => html`<p>${isFailed ? '' : line}</p>`)}
    </div>
    <div class="visually-hidden" data-said="alert"><p>${isFailed ? status : ''}</p></div>
  `;
}

/**
 * Has screen readers announce what changes: by `ariaNotify`, which modal dialogs do not silence, or else by live regions. Never
 * by both, and not what was there first.
 */
export class Announcer {
  readonly #said = new WeakMap<Element, string>();

  /** Call it after every render. */
  announce(root: ParentNode): void {
    for (const line of root.querySelectorAll<Notifier>('[data-said] > p')) {
      const { textContent } = line;
      const region = line.parentElement as HTMLElement;
      const name = region.dataset['said'] ?? '';
      // Not in the template: a server cannot know what the browser has.
      if (!hasNotify) region.role = name;
      const before = this.#said.get(line);
      this.#said.set(line, textContent);
      if (before === undefined || before === textContent || !textContent) continue;
      if (hasNotify) line.ariaNotify?.(textContent, { priority: name === 'alert' ? 'high' : 'normal' });
    }
  }
}

/** A line of its own for each: one that goes away must not have the others announced again. */
function politely({ model, language, controls }: ElementView): (string | undefined)[] {
  const troubles = KINDS.map((kind) => model.troubles.find((trouble) => trouble.kind === kind));
  const sentence = (trouble?: CaptureTrouble) => trouble && troubleSentence(trouble, language.words);
  return [...troubles.map(sentence), refusalSentence(model, language.words), ...(controls?.said ?? [])];
}

function sentences({ model, language: { words }, controls }: ElementView): string {
  const status = model.steadyStatus;
  // Neither the end of the last broadcast nor "Not live" is news to whoever goes live.
  if (status === 'idle' && model.isStarting) return '';
  // Its cause is no longer known.
  if (status === 'reconnecting_broadcast' && model.status === 'reconnecting') return '';
  if (status === 'idle' && model.endedAfter !== null) return words.ended(clock(model.endedAfter));
  const { headline, sentence } = statusMessage({ ...model, status }, words);
  return joined({ headline, sentence: (model.status === 'failed' && controls?.hint) || sentence });
}
