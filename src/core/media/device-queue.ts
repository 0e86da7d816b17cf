import { StoppedError } from '../api/errors.js';
import { untilAborted, withDeadline } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds that what was begun before has to end: a browser's prompt may stay open for ever. */
const PATIENCE = 1_000;

const outdated = () => new StoppedError(6005, 'It was stopped, or another choice has come in between.');

/** Those who open devices, one after the other: neither browsers nor people are asked for two at once. */
export class DeviceQueue {
  readonly #world: World;
  /** Those that are neither over nor given up. */
  readonly #open = new Set<AbortController>();
  #last: Promise<unknown> = Promise.resolve();
  #choice: Promise<void> | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Whether the page has chosen something that is not open yet. */
  get isChoosing(): boolean {
    return this.#choice !== undefined;
  }

  /**
   * Carries out `task` when what was begun before is over.
   * @param task looks at its signal after every wait: once that is aborted, what comes late is of no use
   */
  take<T>(task: (turn: AbortSignal) => Promise<T>, before = this.#last): Promise<T> {
    const turn = new AbortController();
    this.#open.add(turn);
    const { signal } = turn;
    const whole = before.then(() => {
      signal.throwIfAborted();
      return task(signal);
    });
    this.#last = whole.then(
      () => this.#open.delete(turn),
      () => this.#open.delete(turn),
    );
    return untilAborted(whole, signal);
  }

  /** The same of what the page has chosen. What was begun before it is given up where that does not end. */
  choose<T>(task: (turn: AbortSignal) => Promise<T>): Promise<T> {
    const earlier = [...this.#open];
    const before = this.#ended().catch((late: unknown) => {
      this.giveUp(earlier);
      // Only the last one of several goes on.
      if (this.#choice !== choice) throw late;
    });
    const outcome = this.take(task, before);
    const over = () => {
      if (this.#choice === choice) this.#choice = undefined;
    };
    const choice: Promise<void> = outcome.then(over, over);
    this.#choice = choice;
    return outcome;
  }

  /** Ends these tasks, by default all of them, whatever they wait for. */
  giveUp(controllers: Iterable<AbortController> = this.#open): void {
    for (const turn of [...controllers]) {
      this.#open.delete(turn);
      turn.abort(outdated());
    }
  }

  /** Resolves when nothing is being opened any more that the page has chosen. What heals by itself may take longer. */
  async settled(): Promise<void> {
    while (this.#choice) await this.#choice;
    if (this.#open.size > 0) await this.#ended().catch(() => undefined);
  }

  #ended(): Promise<unknown> {
    return withDeadline(() => this.#last, PATIENCE, outdated, this.#world);
  }
}
