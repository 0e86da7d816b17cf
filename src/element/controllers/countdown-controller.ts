import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Counts seconds down to a moment and has the host render at each of them. */
export class CountdownController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #until = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whole seconds that are left. */
  get seconds(): number {
    return Math.max(0, Math.ceil((this.#until - Date.now()) / 1000));
  }

  /** Counts down to a moment, in milliseconds since 1970. */
  countTo(until: number): void {
    if (until === this.#until) return;
    this.#until = until;
    this.#run();
  }

  hostConnected(): void {
    this.#run();
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #run(): void {
    this.#stop();
    if (this.seconds > 0) this.#timer = setInterval(() => this.#tick(), 1000);
  }

  #tick(): void {
    this.#host.requestUpdate();
    if (this.seconds === 0) this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
  }
}
