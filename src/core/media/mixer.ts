import { RtcUserError } from '../api/errors.js';
import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds for which sound from outside may be missing before the page is told. */
const PATIENCE = 1_000;

/**
 * Mixes sound from outside into what is sent, and makes the silence that is sent where no microphone is left. Holds an
 * `AudioContext` only as long as one of the two is needed.
 */
export class Mixer {
  readonly #world: World;
  readonly #onChange: () => void;
  readonly #onHeard: (isHeard: boolean) => void;
  readonly #sources = new Map<MediaStreamTrack, AudioNode>();
  #outside: MediaStreamTrack | undefined;
  #watch = new AbortController();
  #context: AudioContext | undefined;
  #destination: MediaStreamAudioDestinationNode | undefined;
  #life = new AbortController();
  #isHeard = true;
  #isTold = false;
  #doubt = new AbortController();

  /**
   * @param onChange called when what `output` gives has changed by itself
   * @param onHeard told when the sound from outside is not sent, and when it is again
   */
  constructor(world: World, onChange: () => void, onHeard: (isHeard: boolean) => void) {
    this.#world = world;
    this.#onChange = onChange;
    this.#onHeard = onHeard;
  }

  /** Whether sound from outside is there to be mixed in. */
  get isMixing(): boolean {
    return this.#outside?.readyState === 'live';
  }

  /**
   * Mixes in this track, in place of the one before; undefined takes that out. The track stays the page's.
   * @throws RtcUserError 1006 where the browser cannot mix
   */
  inject(track: MediaStreamTrack | undefined): void {
    const canMix = !track || (this.#ensureContext() && this.#sourceOf(track));
    if (!canMix) throw new RtcUserError(1006, 'This browser cannot mix this sound (AudioContext).');
    this.#watch.abort();
    this.#watch = new AbortController();
    this.#outside = track;
    track?.addEventListener('ended', this.#onChange, { signal: this.#watch.signal });
  }

  /**
   * What is to be sent: the microphone itself, or the mix with it. Without a microphone it is what comes from outside,
   * else silence where `needsSound`.
   */
  output(microphone: MediaStreamTrack | undefined, needsSound: boolean): MediaStreamTrack | undefined {
    const isPlain = !this.isMixing && (microphone || !needsSound);
    if (isPlain || !this.#ensureContext()) {
      this.#close();
      this.#note(!this.isMixing);
      return microphone;
    }
    this.#resume();
    const isMixed = this.#connect([microphone, this.isMixing ? this.#outside : undefined]);
    // A context that a browser holds back or the system has interrupted would swallow the microphone.
    const isHeld = this.#context?.state !== 'running' || !isMixed;
    this.#note(!this.isMixing || !isHeld);
    return isHeld && microphone ? microphone : this.#destination?.stream.getAudioTracks()[0];
  }

  #note(isHeard: boolean): void {
    if (isHeard === this.#isHeard) return;
    this.#isHeard = isHeard;
    this.#doubt.abort();
    this.#doubt = new AbortController();
    const tell = () => {
      if (this.#isTold === isHeard) this.#onHeard(isHeard);
      this.#isTold = !isHeard;
    };
    if (isHeard) tell();
    else wait(PATIENCE, this.#world, this.#doubt.signal).then(tell, () => undefined);
  }

  /** Mixes these tracks and no others; false where one cannot be mixed. */
  #connect(tracks: (MediaStreamTrack | undefined)[]): boolean {
    for (const [track, source] of this.#sources) {
      if (tracks.includes(track)) continue;
      source.disconnect();
      this.#sources.delete(track);
    }
    return tracks.every((track) => !track || this.#sourceOf(track));
  }

  /** A track's place in the mix. Firefox takes none of another sample rate (Mozilla bug 1674892). */
  #sourceOf(track: MediaStreamTrack): AudioNode | undefined {
    const known = this.#sources.get(track);
    if (known || !this.#context || !this.#destination) return known;
    const stream = this.#world.createStream();
    stream.addTrack(track);
    try {
      const source = this.#context.createMediaStreamSource(stream);
      source.connect(this.#destination);
      this.#sources.set(track, source);
      return source;
    } catch {
      return undefined;
    }
  }

  #ensureContext(): AudioContext | undefined {
    if (this.#context) return this.#context;
    let context: AudioContext | undefined;
    try {
      context = this.#world.createAudioContext();
      if (!context) return undefined;
      const destination = context.createMediaStreamDestination();
      // Without any source Chromium sends nothing at all.
      const silence = context.createConstantSource();
      silence.offset.value = 0;
      silence.connect(destination);
      silence.start();
      this.#destination = destination;
    } catch {
      // Without a device for output, or with too many contexts on a page, a browser may have none left.
      // One that has been closed already is closed.
      void context?.close().catch(() => undefined);
      return undefined;
    }
    this.#context = context;
    this.#life = new AbortController();
    const { signal } = this.#life;
    context.addEventListener('statechange', this.#onChange, { signal });
    this.#world.onForeground(this.#resume, signal);
    this.#world.onGesture(this.#resume, signal);
    return context;
  }

  /** Refused until the page has been clicked or has its microphone, so it is asked for again and again. */
  readonly #resume = (): void => {
    const context = this.#context;
    // Refused until the page has been touched; the next touch asks again.
    if (context?.state !== 'running') context?.resume().catch(() => undefined);
  };

  #close(): void {
    this.#connect([]);
    this.#life.abort();
    void this.#context?.close().catch(() => undefined);
    this.#context = this.#destination = undefined;
  }
}
