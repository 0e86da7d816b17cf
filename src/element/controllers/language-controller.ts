import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';
import { languages } from '../languages/registry.js';

/** Has the host render when the language around it changes, or when a language has come. */
export class LanguageController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #update = (): void => this.#host.requestUpdate();
  #observer: MutationObserver | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  /** The language tag of the closest ancestor with `lang`, the element included, also outside its shadow tree. */
  get tag(): string {
    return this.#closest('[lang]')?.getAttribute('lang') ?? '';
  }

  /** Whether the page sets the direction of its text nearer than its `lang`. */
  get hasDirection(): boolean {
    return this.#closest('[lang],[dir]')?.hasAttribute('dir') ?? false;
  }

  hostConnected(): void {
    if (isServer) return;
    languages.listeners.add(this.#update);
    this.#observer = new MutationObserver(this.#update);
    for (let root = this.#host.getRootNode(); ; root = root.host.getRootNode()) {
      this.#observer.observe(root, { attributes: true, attributeFilter: ['lang', 'dir'], subtree: true });
      if (!(root instanceof ShadowRoot)) break;
    }
  }

  hostDisconnected(): void {
    languages.listeners.delete(this.#update);
    this.#observer?.disconnect();
  }

  #closest(selector: string): Element | null {
    let from: Element = this.#host;
    for (;;) {
      const found = from.closest(selector);
      const root = from.getRootNode();
      if (found || !(root instanceof ShadowRoot)) return found;
      from = root.host;
    }
  }
}
