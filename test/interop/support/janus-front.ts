/** The WHIP side of a Janus: every publisher joins its VideoRoom, which forwards the media here. Runs as a process. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Problem } from '../../../demo/server/problem.js';
import { choosePublisherCodecs, parseOffer, type MediaKind } from '../../../demo/server/sdp.js';
import { JanusClient, type JanusAnswer } from './janus-client.js';
import { RtpCounter } from './rtp-counter.js';
import { serveWhip, type Publication } from './whip-front.js';

const URL_OF_JANUS = process.env['JANUS_URL'] ?? '';
const ROOM = Number(process.env['JANUS_ROOM']);
/** Milliseconds between requests for a key frame. */
const KEY_FRAME_INTERVAL = 1000;

let current: Promise<JanusClient> | undefined;

/** The connection to Janus, which may have been started again. */
function janus(): Promise<JanusClient> {
  current ??= JanusClient.open(URL_OF_JANUS).then(
    (client) => {
      void client.closed.then(() => (current = undefined));
      return client;
    },
    () => {
      current = undefined;
      throw new Problem(503, 'Janus is down.');
    },
  );
  return current;
}

async function publish(offer: string, onEnded: () => void): Promise<Publication> {
  const client = await janus();
  let state = 'connecting';
  const sockets: Socket[] = [];
  const end = () => {
    if (state === 'closed') return;
    state = 'closed';
    for (const socket of sockets) socket.close();
    onEnded();
  };
  const handle = await client.attach((event) => {
    if (event.janus === 'webrtcup') state = 'connected';
    if (event.janus !== 'hangup') return;
    end();
    client.detach(handle).catch(() => undefined);
  });
  void client.closed.then(end);

  const joined = await client.message(handle, { request: 'joinandconfigure', ptype: 'publisher', room: ROOM }, offer);
  const publisher = Number(joined.plugindata?.data['id']);
  const answer = answerOf(joined);
  let askedAt = 0;
  const askForKeyFrame = () => {
    if (Date.now() - askedAt < KEY_FRAME_INTERVAL) return;
    askedAt = Date.now();
    client.message(handle, { request: 'configure', keyframe: true }).catch(() => undefined);
  };
  const counters = { audio: counterOf(answer, 'audio'), video: counterOf(answer, 'video', askForKeyFrame) };
  const streams = [];
  for (const { kind, mid } of parseOffer(offer, 'publish').sections) {
    const socket = createSocket('udp4', (packet) => counters[kind].take(packet));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    sockets.push(socket);
    streams.push({ mid, port: socket.address().port });
  }
  const forwarder = await client.attach();
  const where = { room: ROOM, publisher_id: publisher, host: '127.0.0.1' };
  await client.message(forwarder, { request: 'rtp_forward', ...where, streams });
  await client.detach(forwarder);
  return {
    answer,
    get state() {
      return state;
    },
    audio: counters.audio.arrived,
    video: counters.video.arrived,
    addCandidates: (candidates, mid) =>
      client.trickle(
        handle,
        candidates.map((candidate) => ({ candidate, sdpMid: mid })),
      ),
    restart: async (newOffer) => answerOf(await client.message(handle, { request: 'configure' }, newOffer)),
    close: async () => {
      end();
      await client.hangUp(handle);
      await client.detach(handle);
    },
  };
}

function answerOf({ jsep }: JanusAnswer): string {
  if (!jsep) throw new Problem(500, 'Janus gave no answer.');
  return jsep.sdp;
}

/** Counts what Janus has settled on, and forwards as it comes. */
function counterOf(answer: string, kind: MediaKind, onBroken?: () => void): RtpCounter {
  const opposite = answer.replaceAll('a=recvonly', 'a=sendonly');
  const codec = choosePublisherCodecs(parseOffer(opposite, 'publish'))[kind];
  return new RtpCounter(codec?.payloadType ?? -1, codec?.name ?? '', onBroken);
}

await serveWhip(publish);
