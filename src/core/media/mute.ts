import type { MediaKind } from './devices.js';

/** What is muted, and the tracks that are switched off for it. */
export class Mute {
  readonly #muted = { audio: false, video: false };
  /** The tracks that we switched off: a page's own decision about its tracks is not ours to turn round. */
  readonly #switchedOff = new WeakSet<MediaStreamTrack>();

  set(kind: MediaKind, isMuted: boolean): void {
    this.#muted[kind] = isMuted;
  }

  /** Switches a track off or on again; to be called before anybody can see or hear the track. */
  apply(track: MediaStreamTrack): void {
    if (this.#muted[track.kind as MediaKind]) {
      if (track.enabled) this.#switchedOff.add(track);
      track.enabled = false;
    } else if (this.#switchedOff.delete(track)) {
      track.enabled = true;
    }
  }
}
