import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';

/** Tells when the page is left, and when the browser's page cache brings it back. */
export class PageLeaveController implements ReactiveController {
  readonly #onLeave: () => void;
  readonly #onReturn: () => void;
  #connected: AbortController | undefined;

  constructor(host: ReactiveControllerHost, onLeave: () => void, onReturn: () => void) {
    this.#onLeave = onLeave;
    this.#onReturn = onReturn;
    host.addController(this);
  }

  hostConnected(): void {
    if (isServer) return;
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    addEventListener('pagehide', () => this.#onLeave(), { signal });
    addEventListener('pageshow', ({ persisted }) => persisted && this.#onReturn(), { signal });
  }

  hostDisconnected(): void {
    this.#connected?.abort();
  }
}
