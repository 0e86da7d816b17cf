const encoder = new TextEncoder();

/** The body of an answer that goes on: what a test says comes out of it, until it or the signal of its request ends it. */
export class FakeEventStream {
  readonly #chunks: ReadableStreamReadResult<Uint8Array>[] = [];
  #failure: Error | undefined;
  #wake: () => void = () => undefined;
  #isEnded = false;

  /** False once nobody reads it any more, or it has ended. */
  get isOpen(): boolean {
    return !this.#isEnded;
  }

  /** The text as it is. */
  write(text: string | Uint8Array): void {
    this.#chunks.push({ done: false, value: typeof text === 'string' ? encoder.encode(text) : text });
    this.#wake();
  }

  /** One event of JSON, as our own ingest sends it. */
  say(report: unknown): void {
    this.write(`data: ${JSON.stringify(report)}\n\n`);
  }

  end(): void {
    this.#isEnded = true;
    this.#chunks.push({ done: true, value: undefined });
    this.#wake();
  }

  fail(error = new TypeError('network error')): void {
    this.#isEnded = true;
    this.#failure = error;
    this.#wake();
  }

  /** The signal of the request ends the body too. */
  follow(signal: AbortSignal | null | undefined): void {
    signal?.addEventListener('abort', () => this.fail(signal.reason as Error), { once: true });
  }

  getReader() {
    return { read: () => this.#read(), cancel: () => Promise.resolve() };
  }

  async #read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    for (;;) {
      if (this.#failure) throw this.#failure;
      const chunk = this.#chunks.shift();
      if (chunk) return chunk;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
