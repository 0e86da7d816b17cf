/** A recurring event that can be awaited. */
export class Signal<T> {
  #resolve: (value: T) => void = () => undefined;
  #next: Promise<T> = this.#renew();

  next(): Promise<T> {
    return this.#next;
  }

  emit(value: T): void {
    this.#resolve(value);
    this.#next = this.#renew();
  }

  #renew(): Promise<T> {
    return new Promise((resolve) => (this.#resolve = resolve));
  }
}
