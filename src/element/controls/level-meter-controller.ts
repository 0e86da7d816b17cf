import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** What counts as silence, in decibels below full scale. */
const SILENCE = -60;

/** Milliseconds between two looks at the sound. */
const INTERVAL = 50;

/** Measures how loud a stream is, only while somebody looks. */
export class LevelMeterController implements ReactiveController {
  readonly #show: (level: number) => void;
  #track: MediaStreamTrack | undefined;
  #context: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param show is given the level, 0 (silence) to 1 (as loud as can be), many times a second */
  constructor(host: ReactiveControllerHost, show: (level: number) => void) {
    this.#show = show;
    host.addController(this);
  }

  /** Listens to the first audio track of a stream, or to nothing. */
  measure(stream: MediaStream | null): void {
    const track = stream?.getAudioTracks().find(({ readyState }) => readyState === 'live');
    if (track === this.#track) return;
    this.#stop();
    if (track) this.#start(track);
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #start(track: MediaStreamTrack): void {
    this.#track = track;
    let analyser: AnalyserNode;
    try {
      this.#context = new AudioContext();
      analyser = new AnalyserNode(this.#context, { fftSize: 2048 });
      this.#context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
    } catch {
      // No AudioContext, or one too many; Firefox takes no track of another sample rate (Mozilla bug 1674892). The meter stands still.
      return;
    }
    const context = this.#context;
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'hidden') return;
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
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = 10 * Math.log10(power);
  return Math.min(1, Math.max(0, 1 - decibels / SILENCE));
}
