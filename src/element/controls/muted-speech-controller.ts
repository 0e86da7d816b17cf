import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { listenTo } from './sound.js';

/** Milliseconds between two looks at the sound, and how many of its samples each look covers. */
const INTERVAL = 100;
const SAMPLES = 2048;

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
    // Without sound nothing is noticed.
    const sound = listenTo(clone, SAMPLES);
    if (!sound) return clone.stop();
    let levels: number[] = [];
    let heardAt = -Infinity;
    const look = () => {
      // Whoever stops the microphone does not know of the clone.
      if (track.readyState === 'ended') return this.#end();
      if (document.visibilityState === 'hidden') return;
      levels = [...levels, sound.level()].slice(-LOOKS);
      const now = performance.now();
      if (isSpeech(levels)) heardAt = now;
      this.#setHeard(now - heardAt < LASTS);
    };
    const timer = setInterval(look, INTERVAL);
    this.#stop = () => {
      clearInterval(timer);
      clone.stop();
      sound.close();
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
