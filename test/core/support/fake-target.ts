type Listener = (event: Event) => void;

/**
 * An `EventTarget` whose listeners can be counted. Node's own one holds on to the signals of its listeners so weakly
 * that it forgets some of them when memory is collected, and such listeners then stay for ever.
 */
export class FakeTarget {
  readonly #listeners = new Map<string, Set<Listener>>();

  /** How many listeners there are. */
  get listenerCount(): number {
    let count = 0;
    for (const listeners of this.#listeners.values()) count += listeners.size;
    return count;
  }

  addEventListener(type: string, listener: Listener, { signal }: AddEventListenerOptions = {}): void {
    if (signal?.aborted) return;
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    signal?.addEventListener('abort', () => listeners.delete(listener), { once: true });
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener);
  }

  dispatchEvent(event: Event): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener(event);
  }
}
