/**
 * Stands before a livekit-server and passes its own WHIP on as it is, both ways; beside that it has `/control` for the
 * tests, and counts what a viewer gets. Runs as a process.
 */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LivekitViewer } from './livekit-viewer.js';
import { askRoomService, PUBLISHER, ROOM, type Participant } from './livekit.js';
import type { RequestReport, ServerReport, SessionReport } from './media-server.js';

const URL_OF_LIVEKIT = process.env['LIVEKIT_URL'] ?? '';
/** Milliseconds between looks for publishers. */
const LOOK = 100;

const requests: RequestReport[] = [];
const viewers = new Map<string, LivekitViewer>();

/** There is no room before the first broadcast, and nothing at all while the server is down. */
async function publishers(): Promise<Participant[]> {
  const list = await askRoomService<{ participants?: Participant[] }>(URL_OF_LIVEKIT, 'ListParticipants', {
    room: ROOM,
  }).catch(() => ({ participants: [] }));
  return (list.participants ?? []).filter(({ identity }) => identity === PUBLISHER);
}

/** Gives every publisher a viewer of the tracks that are there. */
async function watchPublishers(): Promise<never> {
  for (;;) {
    const present = await publishers();
    for (const [sid, viewer] of viewers) {
      if (present.some((one) => one.sid === sid)) continue;
      viewer.close();
      viewers.delete(sid);
    }
    for (const { sid, tracks = [] } of present) {
      const mimeType = tracks.map((track) => track.mimeType ?? track.mime_type ?? '').find((one) => /video/i.test(one));
      const codec = mimeType === undefined ? null : /vp8/i.test(mimeType) ? 'VP8' : 'H264';
      // Audio may be there a moment before video is.
      const before = viewers.get(sid);
      if (tracks.length === 0 || (before && before.videoCodec === codec)) continue;
      before?.close();
      const viewer = new LivekitViewer(codec);
      viewers.set(sid, viewer);
      await viewer.watch(URL_OF_LIVEKIT, sid).catch((error: unknown) => {
        console.error(error);
        viewer.close();
        viewers.delete(sid);
      });
    }
    await delay(LOOK);
  }
}

async function control(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method === 'DELETE') {
    await askRoomService(URL_OF_LIVEKIT, 'RemoveParticipant', { room: ROOM, identity: PUBLISHER });
    return void res.writeHead(204).end();
  }
  const nothing = { packets: 0, bytes: 0, frames: 0, keyFrames: 0 };
  const sessions: SessionReport[] = (await publishers()).map(({ sid, state }) => ({
    id: sid,
    state,
    audio: viewers.get(sid)?.audio.arrived ?? nothing,
    video: viewers.get(sid)?.video.arrived ?? nothing,
  }));
  const report: ServerReport = { sessions, requests };
  res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(report));
}

/** Nothing is changed on the way, so that CORS headers, entity tags and errors are the server's own. */
function pass(req: IncomingMessage, res: ServerResponse): void {
  const { method = '', url = '', headers } = req;
  const upstream = request(new URL(url, URL_OF_LIVEKIT), { method, headers }, (answer) => {
    const status = answer.statusCode ?? 502;
    if (method !== 'OPTIONS' && method !== 'HEAD') requests.push({ method, url, status });
    res.writeHead(status, answer.headers);
    answer.pipe(res);
  });
  upstream.on('error', () => res.destroy());
  req.pipe(upstream);
}

const server = createServer((req, res) => {
  if (req.url !== '/control') return pass(req, res);
  control(req, res).catch(() => res.writeHead(500).end());
});
process.stdin.resume().once('end', () => process.exit());
await new Promise<void>((resolve) => server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', resolve));
console.log(`listening on ${(server.address() as AddressInfo).port}`);
await watchPublishers();
