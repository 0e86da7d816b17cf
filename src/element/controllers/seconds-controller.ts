import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Has the host render at every whole second before a moment, and where it counts on, at every one after it. */
export class SecondsController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #countsOn: boolean;
  #moment = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, countsOn = false) {
    this.#host = host;
    this.#countsOn = countsOn;
    host.addController(this);
  }

  /** Whole seconds that are left; 0 after the moment. */
  get left(): number {
    return Math.max(0, Math.ceil((this.#moment - Date.now()) / 1000));
  }

  /** Whole seconds that have gone by since the moment; 0 before it. */
  get gone(): number {
    return Math.max(0, Math.floor((Date.now() - this.#moment) / 1000));
  }

  /** Counts to or from a moment, in milliseconds since 1970; 0 for none. */
  count(moment: number): void {
    if (moment === this.#moment) return;
    this.#moment = moment;
    this.#run();
  }

  hostConnected(): void {
    this.#run();
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
  }

  #run(): void {
    clearTimeout(this.#timer);
    if (!this.#moment || (this.left === 0 && !this.#countsOn)) return;
    const past = (this.#moment - Date.now()) % 1000;
    this.#timer = setTimeout(() => this.#tick(), past > 0 ? past : 1000 + past);
  }

  #tick(): void {
    this.#host.requestUpdate();
    this.#run();
  }
}
