interface Timer {
  id: number;
  at: number;
  callback: () => void;
}

/** Lets everything happen that needs no time: all promises that can settle have settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const ORIGIN = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is told to move. Timers of the same moment fire in the order they were set. */
export class FakeClock {
  readonly #timers = new Map<number, Timer>();
  #now = ORIGIN;
  #wallStep = 0;
  #paused = 0;
  #lastId = 0;

  /** Milliseconds since 1970, as the wall clock has it. */
  readonly now = (): number => this.#now + this.#wallStep;

  /** The same without steps of the wall clock. */
  get trueNow(): number {
    return this.#now;
  }

  /** How far the wall clock is ahead. */
  get wallStep(): number {
    return this.#wallStep;
  }

  readonly monotonicNow = (): number => this.#now - ORIGIN - this.#paused;

  readonly setTimeout = (callback: () => void, milliseconds: number): number => {
    const id = ++this.#lastId;
    this.#timers.set(id, { id, at: this.#now + Math.max(milliseconds, 0), callback });
    return id;
  };

  readonly clearTimeout = (timer: unknown): void => {
    this.#timers.delete(timer as number);
  };

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Moves on by `milliseconds`, timer by timer; between two of them everything settles. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    await settle();
    while (this.fireNext(end)) await settle();
    this.#now = end;
  }

  /** Moves on from timer to timer until `isReached`; false where that does not come about within `limit`. */
  async advanceUntil(isReached: () => boolean, limit = 600_000): Promise<boolean> {
    const end = this.#now + limit;
    await settle();
    while (!isReached() && this.fireNext(end)) await settle();
    return isReached();
  }

  /** Sleeps as a closed laptop does: no timer fires meanwhile, and what was due is late. */
  sleep(milliseconds: number, { isMonotonicPaused = false } = {}): void {
    this.#now += milliseconds;
    if (isMonotonicPaused) this.#paused += milliseconds;
  }

  /** Sets the wall clock forward, or back by a negative number of milliseconds. */
  stepWallClock(milliseconds: number): void {
    this.#wallStep += milliseconds;
  }

  /** Jumps to the next timer up to `end` and fires it, without letting anything settle; false where there is none. */
  fireNext(end = Infinity): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers.values()) {
      if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    }
    if (!next) return false;
    this.#timers.delete(next.id);
    this.#now = Math.max(this.#now, next.at);
    next.callback();
    return true;
  }
}
