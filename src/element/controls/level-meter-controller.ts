import { isServer, type ReactiveController, type ReactiveControllerHost } from 'lit';

/** What counts as silence, in decibels below full scale. */
const SILENCE = -60;

/** Milliseconds between two looks at the sound, and how many of its samples each look covers: nearly all. */
const INTERVAL = 100;
const SAMPLES = 4096;

/** Measures how loud a stream is, only while its host can be seen. */
export class LevelMeterController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #show: (level: number) => void;
  #stream: MediaStream | null = null;
  #track: MediaStreamTrack | undefined;
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  #connected: AbortController | undefined;
  #isOnScreen = true;

  /** @param show is given the level, 0 (silence) to 1 (as loud as can be), several times a second */
  constructor(host: ReactiveControllerHost & Element, show: (level: number) => void) {
    this.#host = host;
    this.#show = show;
    host.addController(this);
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

  hostConnected(): void {
    if (isServer) return;
    this.#connected = new AbortController();
    const { signal } = this.#connected;
    document.addEventListener('visibilitychange', () => this.measure(this.#stream), { signal });
    const observer = new IntersectionObserver((entries) => {
      this.#isOnScreen = entries.at(-1)?.isIntersecting ?? true;
      this.measure(this.#stream);
    });
    observer.observe(this.#host);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  hostDisconnected(): void {
    this.#connected?.abort();
    this.#isOnScreen = true;
    this.measure(null);
  }

  #start(track: MediaStreamTrack): void {
    this.#track = track;
    let analyser: AnalyserNode;
    try {
      this.#context = new AudioContext();
      analyser = new AnalyserNode(this.#context, { fftSize: SAMPLES });
      this.#context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    } catch {
      // No AudioContext, or one too many; Firefox takes no track of another sample rate (Mozilla bug 1674892). The meter stands still.
      return;
    }
    const context = this.#context;
    const samples = new Float32Array(SAMPLES);
    this.#timer = setInterval(() => {
      // Not every browser fires an event for every way of hiding a page.
      if (document.visibilityState === 'hidden') return this.measure(this.#stream);
      // Browsers let a page listen only once the user has done something on it.
      if (context.state === 'suspended' && navigator.userActivation?.hasBeenActive) void context.resume().catch(closed);
      analyser.getFloatTimeDomainData(samples);
      this.#show(levelOf(samples));
    }, INTERVAL);
  }

  #stop(): void {
    clearInterval(this.#timer);
    void this.#context?.close().catch(closed);
    if (this.#context) this.#show(0);
    this.#context = undefined;
    this.#track = undefined;
  }
}

function closed(): void {
  // It was closed before it had begun.
}

/** The loudness of samples between -1 and 1, on a scale of decibels from 0 to 1. */
export function levelOf(samples: Float32Array): number {
  let power = 0;
  for (const sample of samples) power += sample * sample;
  const decibels = 10 * Math.log10(power / samples.length);
  return Math.min(1, Math.max(0, 1 - decibels / SILENCE));
}
