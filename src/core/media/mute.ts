import type { MediaKind } from './devices.js';

/** Who has switched a track off: several users of a page may send the same track. */
const mutedBy = new WeakMap<MediaStreamTrack, Set<Mute>>();

/** What is muted, and the tracks that are switched off for it. */
export class Mute {
  readonly #muted = { audio: false, video: false };
  /** The tracks that we switched off: a page's own decision about its tracks is not ours to turn round. */
  readonly #switchedOff = new Set<MediaStreamTrack>();

  set(kind: MediaKind, isMuted: boolean): void {
    this.#muted[kind] = isMuted;
    // A page gets those that were let go of back as they were given.
    for (const track of [...this.#switchedOff]) this.apply(track);
  }

  /** Switches a track off or on again; to be called before anybody can see or hear the track. */
  apply(track: MediaStreamTrack): void {
    const users = mutedBy.get(track);
    if (this.#muted[track.kind as MediaKind]) {
      if (users) users.add(this);
      else if (track.enabled) mutedBy.set(track, new Set([this]));
      if (mutedBy.has(track)) this.#remember(track);
      track.enabled = false;
    } else if (users?.delete(this)) {
      this.#switchedOff.delete(track);
      if (users.size > 0) return;
      mutedBy.delete(track);
      track.enabled = true;
    }
  }

  /** Keeps off what takes the place of a track that the page itself has switched off. */
  static handOn(before: MediaStreamTrack, after: MediaStreamTrack): void {
    if (!before.enabled && !mutedBy.has(before)) after.enabled = false;
  }

  #remember(track: MediaStreamTrack): void {
    for (const one of this.#switchedOff) if (one.readyState === 'ended') this.#switchedOff.delete(one);
    this.#switchedOff.add(track);
  }
}
