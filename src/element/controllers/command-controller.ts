import type { ReactiveControllerHost } from 'lit';
import { whileConnected } from './while-connected.js';

/** What each command of a `<button commandfor>` does. */
export type Commands = Readonly<Record<`--${string}`, () => unknown>>;

/** The event of the Invoker Commands API. */
interface CommandEvent extends Event {
  readonly command: string;
}

/** Carries out the commands of the page's own buttons: `<button commandfor="studio" command="--start">`. */
export class CommandController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #commands: Commands;

  constructor(host: ReactiveControllerHost & HTMLElement, commands: Commands) {
    this.#host = host;
    this.#commands = commands;
    whileConnected(host, (signal) => this.#listen(signal));
  }

  #listen(signal: AbortSignal): void {
    this.#host.addEventListener('command', (event) => this.#run((event as CommandEvent).command), { signal });
    if (!('commandForElement' in HTMLButtonElement.prototype)) {
      this.#host.getRootNode().addEventListener('click', (event) => this.#runFor(event), { signal });
    }
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
