import { setTimeout as delay } from 'node:timers/promises';
import nodeDatachannel, { PeerConnection, RtcpReceivingSession, type Track } from 'node-datachannel';
import { SDP_TYPE } from '../../support/http-replies.js';
import type { MediaKind } from '../../../demo/server/sdp.js';
import { accessToken, PUBLISHER, TRACK_NAMES } from './livekit.js';
import { RtpCounter } from './rtp-counter.js';

const PAYLOAD_TYPES = { OPUS: 111, H264: 102, VP8: 96 } as const;
/** Milliseconds between requests for a key frame. */
const KEY_FRAME_INTERVAL = 1000;
const GATHERING_DEADLINE = 2000;

/**
 * Watches the publisher by what livekit-server has beside WHIP for it: an offer to receive, with the names of the tracks in
 * a header. What arrives here the server has received, and could forward.
 */
export class LivekitViewer {
  readonly audio = new RtpCounter(PAYLOAD_TYPES.OPUS, 'OPUS');
  readonly video: RtpCounter;
  readonly videoCodec: 'H264' | 'VP8' | null;
  readonly #peer = new PeerConnection('viewer', { iceServers: [] });
  // What is not referred to any more is collected.
  readonly #tracks: Track[] = [];
  readonly #kinds: readonly MediaKind[];
  #askedAt = 0;

  /** @param videoCodec null where there is no video */
  constructor(videoCodec: 'H264' | 'VP8' | null) {
    this.videoCodec = videoCodec;
    this.#kinds = videoCodec ? ['audio', 'video'] : ['audio'];
    const codec = videoCodec ?? 'H264';
    this.video = new RtpCounter(PAYLOAD_TYPES[codec], codec, () => this.#askForKeyFrame());
    const audio = new nodeDatachannel.Audio('0', 'RecvOnly');
    audio.addOpusCodec(PAYLOAD_TYPES.OPUS);
    this.#receive(this.#peer.addTrack(audio), this.audio);
    if (!videoCodec) return;
    const video = new nodeDatachannel.Video('1', 'RecvOnly');
    if (codec === 'H264') video.addH264Codec(PAYLOAD_TYPES.H264);
    else video.addVP8Codec(PAYLOAD_TYPES.VP8);
    this.#receive(this.#peer.addTrack(video), this.video);
  }

  async watch(url: string, sid: string): Promise<void> {
    this.#peer.setLocalDescription();
    const end = Date.now() + GATHERING_DEADLINE;
    while (this.#peer.gatheringState() !== 'complete' && Date.now() < end) await delay(10);
    const names = this.#kinds.map((kind) => TRACK_NAMES[kind]);
    const response = await fetch(`${url}/whip/v1`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${accessToken(`viewer-of-${sid}`, { roomJoin: true, canPublish: false, hidden: true })}`,
        'Content-Type': SDP_TYPE,
        'X-LiveKit-ClientInfo': JSON.stringify({ subscribedParticipantTrackNames: { [PUBLISHER]: names } }),
      },
      body: this.#peer.localDescription()?.sdp ?? '',
    });
    const answer = await response.text();
    if (response.status !== 201) throw new Error(`The viewer was refused with ${response.status}: ${answer}`);
    this.#peer.setRemoteDescription(answer, 'answer');
  }

  close(): void {
    this.#peer.close();
  }

  #receive(track: Track, counter: RtpCounter): void {
    track.setMediaHandler(new RtcpReceivingSession());
    track.onMessage((packet) => counter.take(packet));
    this.#tracks.push(track);
  }

  #askForKeyFrame(): void {
    if (Date.now() - this.#askedAt < KEY_FRAME_INTERVAL) return;
    this.#askedAt = Date.now();
    this.#tracks.at(-1)?.requestKeyframe();
  }
}
