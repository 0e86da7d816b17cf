import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { whileConnected } from './while-connected.js';

/** What the host does when its page is left. */
export interface PageLeaveHost {
  /** Whether the browser is to ask before the page is left. */
  isLive: () => boolean;
  onLeave: () => void;
  /** The browser's page cache has brought the page back. */
  onReturn: () => void;
}

/** Reports when the page is left and when it comes back, and lets the browser ask before a live broadcast is left. */
export class PageLeaveController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #page: PageLeaveHost;

  constructor(host: ReactiveControllerHost & Element, page: PageLeaveHost) {
    this.#host = host;
    this.#page = page;
    host.addController(this);
    whileConnected(host, (signal) => this.#listen(signal));
  }

  #listen(signal: AbortSignal): void {
    addEventListener('pagehide', () => this.#page.onLeave(), { signal });
    addEventListener('pageshow', ({ persisted }) => persisted && this.#page.onReturn(), { signal });
    const view = this.#host.ownerDocument.defaultView;
    if (view !== window) view?.addEventListener('pagehide', () => this.#leaveUnlessMoved(signal), { signal });
  }

  /** The window or iframe that the element was moved to goes; the page may still take the element back. */
  #leaveUnlessMoved(connected: AbortSignal): void {
    setTimeout(() => connected.aborted || this.#page.onLeave());
  }

  /** Only if there is something to ask: the mere listener keeps pages out of some browsers' page cache. */
  hostUpdated(): void {
    if (this.#page.isLive()) addEventListener('beforeunload', this.#ask);
    else removeEventListener('beforeunload', this.#ask);
  }

  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();
}
