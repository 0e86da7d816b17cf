import { StoppedError } from '../api/errors.js';
import { untilAborted, wait, withDeadline } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds that an earlier task has to end: a browser's prompt may stay open for ever. */
const PATIENCE = 1_000;

/** Why a choice of devices ended that was stopped or overtaken. */
export const outdated = () => new StoppedError(6005, 'It was stopped or replaced.');

/** Runs tasks that open devices one after the other: neither browsers nor people are asked for two at once. */
export class DeviceQueue {
  readonly #world: World;
  /** Tasks that have neither ended nor been abandoned. */
  readonly #open = new Set<AbortController>();
  #last: Promise<unknown> = Promise.resolve();
  #choice: Promise<void> | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Whether something that the page has chosen is not open yet. */
  get isChoosing(): boolean {
    return this.#choice !== undefined;
  }

  /**
   * Runs `task` after all earlier ones.
   * @param task gets the controller by which it may be abandoned: once aborted, what it opens late is of no use
   */
  run<T>(task: (controller: AbortController) => Promise<T>, before = this.#last): Promise<T> {
    const controller = new AbortController();
    this.#open.add(controller);
    const { signal } = controller;
    const whole = before.then(() => {
      signal.throwIfAborted();
      return task(controller);
    });
    const settled = new AbortController();
    const end = () => {
      this.#open.delete(controller);
      settled.abort();
    };
    const ended = whole.then(end, end);
    // The browser may still ask on behalf of an abandoned task.
    const abandoned = untilAborted(new Promise<never>(() => undefined), signal).catch(() =>
      wait(PATIENCE, this.#world, settled.signal).catch(() => undefined),
    );
    this.#last = Promise.race([ended, abandoned]);
    return untilAborted(whole, signal);
  }

  /** Runs a task for a choice of the page. Earlier tasks that do not end in time are abandoned. */
  choose<T>(task: (controller: AbortController) => Promise<T>): Promise<T> {
    const earlier = [...this.#open];
    const before = this.#ended().catch((late: unknown) => {
      this.abandon(earlier);
      // Only the last one of several goes on.
      if (this.#choice !== choice) throw late;
    });
    const outcome = this.run(task, before);
    const over = () => {
      if (this.#choice === choice) this.#choice = undefined;
    };
    const choice: Promise<void> = outcome.then(over, over);
    this.#choice = choice;
    return outcome;
  }

  /** Ends these tasks, by default all of them, whatever they wait for. */
  abandon(controllers: Iterable<AbortController> = this.#open): void {
    for (const controller of [...controllers]) {
      this.#open.delete(controller);
      controller.abort(outdated());
    }
  }

  /** Resolves when nothing that the page has chosen is being opened any more. Recovery may take longer. */
  async settled(): Promise<void> {
    while (this.#choice) await this.#choice;
    if (this.#open.size > 0) await this.#ended().catch(() => undefined);
  }

  #ended(): Promise<unknown> {
    return withDeadline(() => this.#last, PATIENCE, outdated, this.#world);
  }
}
