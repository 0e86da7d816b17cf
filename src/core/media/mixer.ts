import { RtcUserError } from '../errors.js';
import type { World } from '../world.js';

/**
 * Mixes sound from outside into what is sent, and makes the silence that is sent where no microphone is left. Holds an
 * `AudioContext` only as long as one of the two is needed.
 */
export class Mixer {
  readonly #world: World;
  readonly #onChange: () => void;
  readonly #sources = new Map<MediaStreamTrack, AudioNode>();
  #outside: MediaStreamTrack | undefined;
  #watch = new AbortController();
  #context: AudioContext | undefined;
  #destination: MediaStreamAudioDestinationNode | undefined;
  #life = new AbortController();

  /** @param onChange called when what `output` gives has changed by itself */
  constructor(world: World, onChange: () => void) {
    this.#world = world;
    this.#onChange = onChange;
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
      return microphone;
    }
    const isMixed = this.#connect([microphone, this.isMixing ? this.#outside : undefined]);
    // A context that a browser holds back or the system has interrupted would swallow the microphone.
    const isHeld = this.#context?.state !== 'running' || !isMixed;
    return isHeld && microphone ? microphone : this.#destination?.stream.getAudioTracks()[0];
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
    const context = this.#world.createAudioContext();
    if (!context) return undefined;
    this.#context = context;
    this.#destination = context.createMediaStreamDestination();
    // Without any source Chromium sends nothing at all.
    const silence = context.createConstantSource();
    silence.offset.value = 0;
    silence.connect(this.#destination);
    silence.start();
    this.#life = new AbortController();
    const { signal } = this.#life;
    // Refused until the page has been clicked or has its microphone; it is asked again whenever the page comes to the front.
    const resume = () => void (context.state !== 'running' && context.resume().catch(() => undefined));
    context.addEventListener('statechange', this.#onChange, { signal });
    this.#world.onForeground(resume, signal);
    resume();
    return context;
  }

  #close(): void {
    this.#connect([]);
    this.#life.abort();
    void this.#context?.close().catch(() => undefined);
    this.#context = this.#destination = undefined;
  }
}
