import { RtpHeader, RtpPacket } from 'werift';
import { MediaSession } from './media-session.js';
import type { PeerTimeouts } from './peer.js';
import { RtpContinuity } from './rtp-continuity.js';
import { chooseViewerCodecs, codecKey, type CodecChoice, type MediaKind, type Offer } from './sdp.js';

/** What a viewer asks for. */
export interface ViewerEvents {
  onKeyframeNeeded(): void;
  onGone(viewer: Viewer, reason: string): void;
}

/** A WHEP session: sends one stream on to a player, also across a change of publisher. */
export class Viewer extends MediaSession {
  readonly kind = 'whep';
  readonly #events: ViewerEvents;
  /** What the player decodes, in the publisher's terms. */
  #source: CodecChoice;
  readonly #continuity: Record<MediaKind, RtpContinuity>;

  constructor(stream: string, offer: Offer, source: CodecChoice, timeouts: PeerTimeouts, events: ViewerEvents) {
    const codecs = chooseViewerCodecs(offer, source);
    super('play', stream, offer, codecs, timeouts, (reason) => events.onGone(this, reason));
    this.#events = events;
    this.#source = source;
    this.#continuity = {
      audio: new RtpContinuity(codecs.audio?.clockRate ?? 48_000),
      video: new RtpContinuity(codecs.video?.clockRate ?? 90_000),
    };
  }

  override async answer(): Promise<string> {
    const answer = await super.answer();
    for (const { sender, kind } of this.peer.pc.getTransceivers()) {
      if (kind !== 'video') continue;
      sender.onPictureLossIndication.subscribe(() => {
        this.keyframeRequests++;
        this.#events.onKeyframeNeeded();
      });
    }
    return answer;
  }

  /** Whether this player can go on with what a new publisher sends. */
  canPlay(source: CodecChoice): boolean {
    return (['audio', 'video'] as const).every((kind) => {
      const [before, after] = [this.#source[kind], source[kind]];
      return !after || !this.codecs[kind] || (before !== undefined && codecKey(before) === codecKey(after));
    });
  }

  /** Sends a packet of the publisher `source` on. */
  forward(source: object, kind: MediaKind, packet: RtpPacket): void {
    if (this.peer.state !== 'connected') return;
    const transceiver = this.peer.pc.getTransceivers().find((one) => one.kind === kind);
    if (!transceiver) return;
    const { header, payload } = packet;
    const isNewSource = this.#continuity[kind].isNewSource(source);
    const place = this.#continuity[kind].next(source, header, performance.now());
    if (!place) return;
    if (isNewSource && kind === 'video') this.#events.onKeyframeNeeded();
    this.count(kind, payload.length);
    // A header of its own for every viewer: the sender writes into it.
    const own = new RtpHeader({ ...place, marker: header.marker });
    transceiver.sender.sendRtp(new RtpPacket(own, payload)).catch(() => undefined);
  }

  protected onConnected(): void {
    this.#events.onKeyframeNeeded();
  }
}
