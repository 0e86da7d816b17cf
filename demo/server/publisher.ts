import type { MediaStreamTrack, RtpPacket } from 'werift';
import { MediaSession } from './media-session.js';
import type { PeerTimeouts } from './peer.js';
import { RtmpRelay, type RtmpOptions } from './rtmp-relay.js';
import type { RtmpTarget } from './rtmp-target.js';
import { Problem } from './problem.js';
import { choosePublisherCodecs, type CodecChoice, type MediaKind, type Offer } from './sdp.js';
import { learnSsrcs, startTransportFeedback } from './werift-repairs.js';

/** What a publisher hands on. */
export interface PublisherEvents {
  onPacket(kind: MediaKind, packet: RtpPacket): void;
  onGone(publisher: Publisher, reason: string): void;
}

/** Where a publisher's stream goes by RTMP. */
export interface RtmpOutput extends RtmpOptions {
  readonly target: RtmpTarget;
}

const KEYFRAME_INTERVAL_MS = 400;
/** What RTMP can carry. */
const RTMP_VIDEO_CODECS = ['H264'];

/** A WHIP session: receives media and keeps the browser's bandwidth estimation fed. */
export class Publisher extends MediaSession {
  readonly kind = 'whip';
  /** Sends the stream on by RTMP, where it is to go there. */
  readonly relay: RtmpRelay | undefined;
  readonly #events: PublisherEvents;
  #stopFeedback: () => void = () => undefined;
  #videoSsrc: number | undefined;
  #lastKeyframeRequest = -Infinity;

  constructor(stream: string, offer: Offer, timeouts: PeerTimeouts, events: PublisherEvents, rtmp?: RtmpOutput) {
    super('publish', stream, offer, chooseCodecs(offer, rtmp), timeouts, (reason) => {
      this.#stop();
      events.onGone(this, reason);
    });
    this.#events = events;
    if (rtmp?.programs) {
      const { target, programs, reconnect } = rtmp;
      const onKeyframeNeeded = () => this.requestKeyframe();
      this.relay = new RtmpRelay(target, this.codecs, { programs, reconnect, onKeyframeNeeded });
    }
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

  override async close(): Promise<void> {
    await Promise.all([this.#stop(), super.close()]);
  }

  protected onConnected(): void {
    // Nothing to do: media comes by itself.
  }

  async #stop(): Promise<void> {
    this.#stopFeedback();
    await this.relay?.close();
  }

  #listen(kind: MediaKind, track: MediaStreamTrack): void {
    track.onReceiveRtp.subscribe((packet) => {
      if (kind === 'video') this.#videoSsrc = packet.header.ssrc;
      this.count(kind, packet.payload.length);
      this.#events.onPacket(kind, packet);
      this.relay?.forward(kind, packet);
    });
  }
}

/** @throws Problem 501, 422 where the stream cannot go on by RTMP */
function chooseCodecs(offer: Offer, rtmp: RtmpOutput | undefined): CodecChoice {
  if (!rtmp) return choosePublisherCodecs(offer);
  if (!rtmp.programs) {
    throw new Problem(
      501,
      'This server has no ffmpeg to send RTMP with (Debian: apt-get install ffmpeg; else set FFMPEG to its path).',
    );
  }
  const video = offer.sections.find(({ kind }) => kind === 'video');
  if (video && !video.codecs.some(({ name }) => RTMP_VIDEO_CODECS.includes(name.toUpperCase()))) {
    throw new Problem(422, 'RTMP carries H.264, which this browser does not offer; no video is transcoded here.');
  }
  return choosePublisherCodecs(offer, RTMP_VIDEO_CODECS);
}
