import type { World } from '../platform/world.js';

/** Milliseconds between two frames: servers and players take a stream without any for a dead one. */
const FRAME_EVERY = 250;
/** Two greys that look the same: browsers send no frame where nothing was drawn. */
const GREYS = ['#202020', '#212121'] as const;

/** A plain picture that goes on in place of a camera or a screen, so that encoders and RTMP outputs live. */
export class PlaceholderFrame {
  readonly #world: World;
  readonly #context: CanvasRenderingContext2D | null | undefined;
  readonly track: MediaStreamTrack | undefined;
  #timer: unknown;
  #frames = 0;

  /** @param size what the camera had, so that the encoder need not change anything */
  constructor(world: World, { width, height }: MediaTrackSettings) {
    this.#world = world;
    const canvas = world.createCanvas();
    if (!canvas) return;
    Object.assign(canvas, { width: width || 640, height: height || 360 });
    try {
      this.#context = canvas.getContext('2d');
      [this.track] = canvas.captureStream().getVideoTracks();
      this.#draw();
    } catch {
      // A browser that guards against fingerprints may refuse it: then there is no placeholder frame.
    }
  }

  stop(): void {
    this.#world.clearTimeout(this.#timer);
    this.track?.stop();
  }

  #draw(): void {
    if (!this.#context) return;
    this.#context.fillStyle = GREYS[this.#frames++ % 2] as string;
    this.#context.fillRect(0, 0, this.#context.canvas.width, this.#context.canvas.height);
    this.#timer = this.#world.setTimeout(() => this.#draw(), FRAME_EVERY);
  }
}
