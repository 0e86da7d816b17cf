/** A WHIP server on libdatachannel: it refuses ICE restarts, and steers the bitrate by REMB. Runs as a process. */
import { setTimeout as delay } from 'node:timers/promises';
import { PeerConnection, RtcpReceivingSession, type Track } from 'node-datachannel';
import { choosePublisherCodecs, narrowOffer, parseOffer, sdpLines, type MediaKind } from '../../../demo/server/sdp.js';
import { RtpCounter } from './rtp-counter.js';
import { serveWhip, type Publication } from './whip-front.js';

const GATHERING_DEADLINE = 2000;
/** Bits per second that publishers may send at most. */
const BITRATE = 4_000_000;
/** Milliseconds between requests for a key frame. */
const KEY_FRAME_INTERVAL = 1000;

/** Leaves what this server handles: one codec each, no RTX, and no feedback but REMB, NACK and PLI. */
function simplified(offer: string): { sdp: string; counters: Record<MediaKind, { type: number; codec: string }> } {
  const parsed = parseOffer(offer, 'publish');
  const codecs = choosePublisherCodecs(parsed);
  const kept = new Set(Object.values(codecs).map(({ payloadType }) => String(payloadType)));
  const lines = sdpLines(narrowOffer(parsed, codecs, 'play')).flatMap((line) => {
    if (line.startsWith('m=')) return line.split(' ', 3).join(' ') + ` ${line.split(' ')[3]}`;
    const type = /^a=(?:rtpmap|fmtp|rtcp-fb):(\d+) /.exec(line)?.[1];
    if (type !== undefined && !kept.has(type)) return [];
    if (line.startsWith('a=extmap:') && !line.includes('sdes:mid')) return [];
    return line.startsWith('a=ssrc-group:FID') ? [] : line;
  });
  const of = (kind: MediaKind) => ({ type: codecs[kind]?.payloadType ?? -1, codec: codecs[kind]?.name ?? '' });
  return { sdp: [...lines, ''].join('\r\n'), counters: { audio: of('audio'), video: of('video') } };
}

async function gathered(peer: PeerConnection): Promise<string> {
  const end = Date.now() + GATHERING_DEADLINE;
  while (peer.gatheringState() !== 'complete' && Date.now() < end) await delay(10);
  const sdp = peer.localDescription()?.sdp;
  if (!sdp?.includes('a=ice-ufrag:')) throw new Error('There is no answer.');
  return sdp;
}

async function publish(offer: string, onEnded: () => void): Promise<Publication> {
  const { sdp, counters } = simplified(offer);
  const peer = new PeerConnection('publisher', { iceServers: [] });
  // What is not referred to any more is collected, and its track with it.
  const tracks: Track[] = [];
  let askedAt = 0;
  const askForKeyFrame = (track: Track) => {
    if (Date.now() - askedAt < KEY_FRAME_INTERVAL) return;
    askedAt = Date.now();
    track.requestKeyframe();
  };
  const audio = new RtpCounter(counters.audio.type, counters.audio.codec);
  const video = new RtpCounter(counters.video.type, counters.video.codec, () => tracks.forEach(askForKeyFrame));
  peer.onTrack((track) => {
    const isVideo = track.type() === 'video';
    track.setMediaHandler(new RtcpReceivingSession());
    track.onMessage((packet) => (isVideo ? video : audio).take(packet));
    if (!isVideo) return;
    tracks.push(track);
    track.onOpen(() => track.requestBitrate(BITRATE));
  });
  peer.onStateChange((state) => {
    if (state === 'failed') peer.close();
    if (state === 'failed' || state === 'closed') onEnded();
  });
  peer.setRemoteDescription(sdp, 'offer');
  return {
    answer: await gathered(peer),
    get state() {
      return peer.state();
    },
    audio: audio.arrived,
    video: video.arrived,
    addCandidates(candidates, mid) {
      for (const candidate of candidates) peer.addRemoteCandidate(candidate, mid);
    },
    close: () => peer.close(),
  };
}

await serveWhip(publish);
