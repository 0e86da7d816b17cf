import type { MediaStreamTrack, RtpPacket } from 'werift';
import { MediaSession } from './media-session.js';
import type { PeerTimeouts } from './peer.js';
import { choosePublisherCodecs, type MediaKind, type Offer } from './sdp.js';
import { learnSsrcs, startTransportFeedback } from './werift-repairs.js';

/** What a publisher hands on. */
export interface PublisherEvents {
  onPacket(kind: MediaKind, packet: RtpPacket): void;
  onGone(publisher: Publisher, reason: string): void;
}

const KEYFRAME_INTERVAL_MS = 400;

/** A WHIP session: receives media and keeps the browser's bandwidth estimation fed. */
export class Publisher extends MediaSession {
  readonly kind = 'whip';
  readonly #events: PublisherEvents;
  #stopFeedback: () => void = () => undefined;
  #videoSsrc: number | undefined;
  #lastKeyframeRequest = -Infinity;

  constructor(stream: string, offer: Offer, timeouts: PeerTimeouts, events: PublisherEvents) {
    super('publish', stream, offer, choosePublisherCodecs(offer), timeouts, (reason) => {
      this.#stopFeedback();
      events.onGone(this, reason);
    });
    this.#events = events;
  }

  override async answer(): Promise<string> {
    const answer = await super.answer();
    const { pc } = this.peer;
    const [dtls] = pc.dtlsTransports;
    for (const { receiver, kind } of pc.getTransceivers()) {
      for (const track of receiver.tracks) this.#listen(kind as MediaKind, track);
    }
    if (dtls) {
      learnSsrcs(pc, dtls, (kind, track) => this.#listen(kind, track));
      this.#stopFeedback = startTransportFeedback(pc, dtls, pc.getTransceivers()[0]?.sender.ssrc ?? 1);
    }
    return answer;
  }

  /** Asks the browser for a key frame, at most every 0.4 s. */
  requestKeyframe(): void {
    const now = performance.now();
    const video = this.peer.pc.getTransceivers().find(({ kind }) => kind === 'video');
    if (this.#videoSsrc === undefined || !video || now - this.#lastKeyframeRequest < KEYFRAME_INTERVAL_MS) return;
    this.#lastKeyframeRequest = now;
    this.keyframeRequests++;
    video.receiver.sendRtcpPLI(this.#videoSsrc).catch(() => undefined);
  }

  override close(): Promise<void> {
    this.#stopFeedback();
    return super.close();
  }

  protected onConnected(): void {
    // Nothing to do: media comes by itself.
  }

  #listen(kind: MediaKind, track: MediaStreamTrack): void {
    track.onReceiveRtp.subscribe((packet) => {
      if (kind === 'video') this.#videoSsrc = packet.header.ssrc;
      this.count(kind, packet.payload.length);
      this.#events.onPacket(kind, packet);
    });
  }
}
