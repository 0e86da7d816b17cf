import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';

/** What each command of a `<button commandfor>` does. */
export type Commands = Readonly<Record<`--${string}`, () => unknown>>;

/** The event of the Invoker Commands API. */
interface CommandEvent extends Event {
  readonly command: string;
}

/** Carries out the commands of the page's own buttons: `<button commandfor="studio" command="--start">`. */
export class CommandController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #commands: Commands;
  #connected: AbortController | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, commands: Commands) {
    this.#host = host;
    this.#commands = commands;
    host.addController(this);
  }

  hostConnected(): void {
    if (isServer) return;
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    this.#host.addEventListener('command', (event) => this.#run((event as CommandEvent).command), { signal });
    if (!('commandForElement' in HTMLButtonElement.prototype)) {
      this.#host.getRootNode().addEventListener('click', (event) => this.#runFor(event), { signal });
    }
  }

  hostDisconnected(): void {
    this.#connected?.abort();
  }

  #run(command: string): void {
    if (Object.hasOwn(this.#commands, command)) this.#commands[command as `--${string}`]?.();
  }

  /** For browsers without the Invoker Commands API. */
  #runFor(event: Event): void {
    const [target] = event.composedPath();
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[commandfor]') : null;
    if (!button || button.disabled || event.defaultPrevented) return;
    if (button.getAttribute('commandfor') === this.#host.id) this.#run(button.getAttribute('command') ?? '');
  }
}
