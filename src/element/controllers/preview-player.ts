import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { whileConnected } from './while-connected.js';

interface PreviewHost extends ReactiveControllerHost {
  readonly renderRoot: ParentNode;
  readonly mediaStream: MediaStream | null;
}

/** Plays what is captured in the element's own `<video>`. */
export class PreviewPlayer implements ReactiveController {
  readonly #host: PreviewHost;

  constructor(host: PreviewHost) {
    this.#host = host;
    host.addController(this);
    whileConnected(host, (signal) => {
      document.addEventListener('visibilitychange', () => this.#playAgain(), { signal });
    });
  }

  /** Only if it changed: setting it again would reload the preview. */
  hostUpdated(): void {
    const video = this.#video;
    if (video && video.srcObject !== this.#host.mediaStream) video.srcObject = this.#host.mediaStream;
  }

  get #video(): HTMLVideoElement | null {
    return this.#host.renderRoot.querySelector('video');
  }

  /** Phones pause the video of a page in the background, and some do not resume it. */
  #playAgain(): void {
    if (document.visibilityState === 'hidden' || !this.#host.mediaStream) return;
    void this.#video?.play().catch(blocked);
  }
}

function blocked(): void {
  // The browser plays nothing without the person: the page's next return tries again.
}
