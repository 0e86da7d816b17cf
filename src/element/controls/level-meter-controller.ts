import type { ReactiveControllerHost } from 'lit';
import { whileConnected } from '../controllers/while-connected.js';
import { listenTo, type Sound } from './sound.js';

/** Milliseconds between two looks at the sound, and how many of its samples each look covers: nearly all. */
const INTERVAL = 100;
const SAMPLES = 4096;

/** Measures how loud a stream is, only while its host can be seen. */
export class LevelMeterController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #show: (level: number) => void;
  #stream: MediaStream | null = null;
  #track: MediaStreamTrack | undefined;
  #sound: Sound | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isOnScreen = true;

  /** @param show is given the level, 0 (silence) to 1 (as loud as can be), several times a second */
  constructor(host: ReactiveControllerHost & Element, show: (level: number) => void) {
    this.#host = host;
    this.#show = show;
    whileConnected(host, (signal) => this.#watch(signal));
  }

  /** Listens to the first audio track of a stream, or to nothing. */
  measure(stream: MediaStream | null): void {
    this.#stream = stream;
    const isSeen = this.#isOnScreen && document.visibilityState === 'visible';
    const track = isSeen ? stream?.getAudioTracks().find(({ readyState }) => readyState === 'live') : undefined;
    if (track === this.#track) return;
    this.#stop();
    if (track) this.#start(track);
  }

  #watch(signal: AbortSignal): void {
    document.addEventListener('visibilitychange', () => this.measure(this.#stream), { signal });
    signal.addEventListener('abort', () => {
      this.#isOnScreen = true;
      this.measure(null);
    });
    if (!('IntersectionObserver' in window)) return;
    const observer = new IntersectionObserver((entries) => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting ?? true;
      this.measure(this.#stream);
    });
    observer.observe(this.#host);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  #start(track: MediaStreamTrack): void {
    this.#track = track;
    // Without sound the meter stands still.
    const sound = listenTo(track, SAMPLES);
    this.#sound = sound;
    if (!sound) return;
    this.#timer = setInterval(() => {
      // Not every browser fires an event for every way of hiding a page.
      if (document.visibilityState === 'hidden') return this.measure(this.#stream);
      this.#show(sound.level());
    }, INTERVAL);
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#sound?.close();
    if (this.#sound) this.#show(0);
    this.#sound = undefined;
    this.#track = undefined;
  }
}
