import type { World } from '../platform/world.js';

/** Shows a preview in a page's `<video>`, one at a time. */
export class PreviewElement {
  readonly #world: Pick<World, 'onForeground'>;
  #life = new AbortController();

  constructor(world: Pick<World, 'onForeground'>) {
    this.#world = world;
  }

  /** Shows `stream`, muted since the microphone would hear itself. */
  show(element: HTMLVideoElement, stream: MediaStream): void {
    this.stop();
    this.#life = new AbortController();
    Object.assign(element, { muted: true, autoplay: true, playsInline: true });
    // Assigning the same stream again would reload the video.
    if (element.srcObject !== stream) element.srcObject = stream;
    // iOS pauses it in the background, and autoplay does not resume it.
    const resume = () => {
      if (element.paused) element.play().catch(() => undefined);
    };
    this.#world.onForeground(resume, this.#life.signal);
  }

  /** Leaves the element alone from now on. */
  stop(): void {
    this.#life.abort();
  }
}
