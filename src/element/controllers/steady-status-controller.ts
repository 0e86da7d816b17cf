import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Status } from '../webcaster-core.js';

/** A status on the way to another one is worth a look or a word only once it has lasted this long, in milliseconds. */
const WORTH_TELLING = 300;

const ON_THE_WAY: ReadonlySet<Status> = new Set(['signalling', 'connected', 'reconnecting', 'reconnecting_broadcast']);

/** The status without those that were over in a moment: for what must neither flicker nor chatter. */
export class SteadyStatusController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #latest: Status = 'idle';
  #timer: ReturnType<typeof setTimeout> | undefined;

  status: Status = 'idle';

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  follow(status: Status): void {
    if (status === this.#latest) return;
    this.#latest = status;
    clearTimeout(this.#timer);
    if (ON_THE_WAY.has(status)) this.#timer = setTimeout(() => this.#settle(), WORTH_TELLING);
    else this.status = status;
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.status = this.#latest;
  }

  #settle(): void {
    this.status = this.#latest;
    this.#host.requestUpdate();
  }
}
