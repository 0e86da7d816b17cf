import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { levelOf } from './level-meter-controller.js';

/** Milliseconds between two looks at the sound. */
const INTERVAL = 100;

/** The level from which a look counts as speech: -36 dB, well above the noise of a room. */
const LOUD = 0.4;

/** How many of the last looks have to be loud, so that neither a cough nor a bump counts. */
const LOOKS = 20;
const LOUD_LOOKS = 6;

/** Milliseconds for which the speech counts after it was heard last. */
const LASTS = 4000;

/** Whether somebody speaks, by the levels of the last looks. */
export function isSpeech(levels: readonly number[]): boolean {
  return levels.slice(-LOOKS).filter((level) => level >= LOUD).length >= LOUD_LOOKS;
}

/**
 * Notices when the person speaks into a muted microphone. A muted track delivers silence, so it listens to a clone, which
 * is sent nowhere.
 */
export class MutedSpeechController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #track: MediaStreamTrack | undefined;
  #stop: () => void = () => undefined;
  #isHeard = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether speech was heard within the last seconds. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  /** Listens to the first audio track of a stream, or to nothing. */
  listen(stream: MediaStream | null): void {
    const track = stream?.getAudioTracks().find(({ readyState }) => readyState === 'live');
    if (track === this.#track) return;
    this.#end();
    if (track) this.#begin(track);
  }

  hostDisconnected(): void {
    this.#end();
  }

  #begin(track: MediaStreamTrack): void {
    this.#track = track;
    const clone = track.clone();
    clone.enabled = true;
    let context: AudioContext | undefined;
    let analyser: AnalyserNode;
    try {
      context = new AudioContext();
      analyser = new AnalyserNode(context, { fftSize: 2048 });
      context.createMediaStreamSource(new MediaStream([clone])).connect(analyser);
    } catch {
      // As for the meter: no AudioContext, or a sample rate that Firefox does not take. Nothing is noticed.
      void context?.close();
      clone.stop();
      return;
    }
    const opened = context;
    const samples = new Float32Array(analyser.fftSize);
    let levels: number[] = [];
    let heardAt = -Infinity;
    const look = () => {
      // Whoever stops the microphone does not know of the clone.
      if (track.readyState === 'ended') return this.#end();
      if (document.visibilityState === 'hidden') return;
      analyser.getFloatTimeDomainData(samples);
      levels = [...levels, levelOf(samples)].slice(-LOOKS);
      const now = performance.now();
      if (isSpeech(levels)) heardAt = now;
      this.#setHeard(now - heardAt < LASTS);
    };
    const timer = setInterval(look, INTERVAL);
    this.#stop = () => {
      clearInterval(timer);
      clone.stop();
      void opened.close();
    };
  }

  #end(): void {
    this.#stop();
    this.#stop = () => undefined;
    this.#track = undefined;
    this.#setHeard(false);
  }

  #setHeard(isHeard: boolean): void {
    if (isHeard === this.#isHeard) return;
    this.#isHeard = isHeard;
    this.#host.requestUpdate();
  }
}
