import { RtcUserError } from '../api/errors.js';
import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds for which additional audio may be missing before it is reported. */
const PATIENCE = 1_000;

/** Where additional audio comes from: a custom `MediaStream`, or the screen that is shared. */
export type AdditionalAudio = 'injected' | 'screen';

/**
 * Mixes additional audio with the microphone, and makes the silence that is sent if no microphone is left. Holds an
 * `AudioContext` only as long as one of the two is needed.
 */
export class Mixer {
  readonly #world: World;
  readonly #onChange: () => void;
  readonly #onMixed: (isMixed: boolean) => void;
  readonly #nodes = new Map<MediaStreamTrack, AudioNode>();
  readonly #additional = new Map<AdditionalAudio, { track: MediaStreamTrack; life: AbortController }>();
  #context: AudioContext | undefined;
  #destination: MediaStreamAudioDestinationNode | undefined;
  #life = new AbortController();
  #isMixed = true;
  #isTold = false;
  #doubt = new AbortController();

  /**
   * @param onChange called when the track of `output` has changed
   * @param onMixed called when additional audio is not sent, and when it is again
   */
  constructor(world: World, onChange: () => void, onMixed: (isMixed: boolean) => void) {
    this.#world = world;
    this.#onChange = onChange;
    this.#onMixed = onMixed;
  }

  /** Whether there is additional audio to mix. */
  get isMixing(): boolean {
    return this.#tracks.length > 0;
  }

  get #tracks(): MediaStreamTrack[] {
    return [...this.#additional.values()].flatMap(({ track }) => (track.readyState === 'live' ? track : []));
  }

  /**
   * Mixes in a page's track instead of the one before; undefined takes that out. The track stays the page's.
   * @throws RtcUserError 1006 if the browser cannot mix
   */
  inject(track: MediaStreamTrack | undefined): void {
    const canMix = !track || (this.#ensureContext() && this.#nodeOf(track));
    if (!canMix) throw new RtcUserError(1006, 'This browser cannot mix this audio.');
    this.#add('injected', track);
  }

  /** Mixes in the screen's audio instead of the one before, which is stopped; undefined takes that out. */
  shareScreenAudio(track: MediaStreamTrack | undefined): void {
    this.#additional.get('screen')?.track.stop();
    this.#add('screen', track);
  }

  #add(kind: AdditionalAudio, track: MediaStreamTrack | undefined): void {
    this.#additional.get(kind)?.life.abort();
    this.#additional.delete(kind);
    if (!track) return;
    const life = new AbortController();
    this.#additional.set(kind, { track, life });
    track.addEventListener('ended', this.#onChange, { signal: life.signal });
  }

  /**
   * The track to send: the microphone's, or the mix with it. Without a microphone it is the additional audio, else
   * silence if `needsAudio`.
   */
  output(microphone: MediaStreamTrack | undefined, needsAudio: boolean): MediaStreamTrack | undefined {
    const isPlain = !this.isMixing && (microphone || !needsAudio);
    if (isPlain || !this.#ensureContext()) {
      this.#close();
      this.#note(!this.isMixing);
      return microphone;
    }
    this.#resume();
    const isMixed = this.#connect([microphone, ...this.#tracks]);
    // A context that a browser holds back or the system has interrupted would swallow the microphone.
    const isHeld = this.#context?.state !== 'running' || !isMixed;
    this.#note(!this.isMixing || !isHeld);
    return isHeld && microphone ? microphone : this.#destination?.stream.getAudioTracks()[0];
  }

  #note(isMixed: boolean): void {
    if (isMixed === this.#isMixed) return;
    this.#isMixed = isMixed;
    this.#doubt.abort();
    this.#doubt = new AbortController();
    const tell = () => {
      if (this.#isTold === isMixed) this.#onMixed(isMixed);
      this.#isTold = !isMixed;
    };
    if (isMixed) tell();
    else wait(PATIENCE, this.#world, this.#doubt.signal).then(tell, () => undefined);
  }

  /** Mixes exactly these tracks; false if one cannot be mixed. */
  #connect(tracks: (MediaStreamTrack | undefined)[]): boolean {
    for (const [track, source] of this.#nodes) {
      if (tracks.includes(track)) continue;
      source.disconnect();
      this.#nodes.delete(track);
    }
    return tracks.every((track) => !track || this.#nodeOf(track));
  }

  /** The node of a track in the mix. Firefox accepts only tracks of its own sample rate (Mozilla bug 1674892). */
  #nodeOf(track: MediaStreamTrack): AudioNode | undefined {
    const known = this.#nodes.get(track);
    if (known || !this.#context || !this.#destination) return known;
    const stream = this.#world.createStream();
    stream.addTrack(track);
    try {
      const source = this.#context.createMediaStreamSource(stream);
      source.connect(this.#destination);
      this.#nodes.set(track, source);
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
      // A browser may refuse it without an output device, or with too many contexts on a page.
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

  readonly #resume = (): void => {
    const context = this.#context;
    // Refused until the page was clicked or has its microphone; the next click tries again.
    if (context?.state !== 'running') context?.resume().catch(() => undefined);
  };

  #close(): void {
    this.#connect([]);
    this.#life.abort();
    void this.#context?.close().catch(() => undefined);
    this.#context = this.#destination = undefined;
  }
}
