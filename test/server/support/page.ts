/** What {@link PAGE} offers on `window.bare`. */
export interface BarePage {
  publish(endpoint: string, codec?: string): Promise<string>;
  play(endpoint: string): Promise<string>;
  restart(): Promise<{ status: number; etag: string; previous: string }>;
  remove(which: 'publisher' | 'viewer'): Promise<number>;
  stats(): Promise<PageStats>;
}

export interface PageStats {
  /** The browser's own estimate in bit/s, 0 where it tells none. */
  available: number;
  bytesSent: number;
  framesSent: number;
  framesDecoded: number;
  sendCodec: string;
  brightness: number;
  dtls: string;
  viewerDtls: string;
}

/**
 * A page with a WHIP publisher and a WHEP player written by hand and with nothing in them, so that a failure of these
 * tests is the ingest's own.
 */
export const PAGE = `<!doctype html><meta charset="utf-8"><title>bare</title><video autoplay muted playsinline></video>
<script type="module">
const video = document.querySelector('video');
const sessions = {};

async function connect(which, pc, endpoint) {
  const session = (sessions[which] = { pc, etag: '', url: '', held: [], holds: true });
  pc.onicecandidate = ({ candidate }) => {
    if (!candidate?.candidate || candidate.sdpMLineIndex !== 0) return;
    session.holds ? session.held.push(candidate) : trickle(session, [candidate]);
  };
  await pc.setLocalDescription();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: pc.localDescription.sdp,
  });
  if (response.status !== 201) throw new Error(response.status + ' ' + (await response.text()));
  session.url = new URL(response.headers.get('Location'), response.url).href;
  session.etag = response.headers.get('ETag');
  session.holds = false;
  await pc.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  if (session.held.length > 0) await trickle(session, session.held);
  await new Promise((resolve, reject) => {
    const check = () => {
      if (pc.connectionState === 'connected') resolve();
      if (pc.connectionState === 'failed') reject(new Error(which + ' failed'));
    };
    pc.addEventListener('connectionstatechange', check);
    setTimeout(() => reject(new Error(which + ' is still ' + pc.connectionState)), 15000);
    check();
  });
  return session.url;
}

function fragment(sdp, candidates) {
  const line = (name) => sdp.match(new RegExp('^a=' + name + ':.*$', 'm'))[0].trim();
  return [line('group'), sdp.match(/^m=.*$/m)[0].trim(), line('mid'), line('ice-ufrag'), line('ice-pwd'),
    ...candidates.map(({ candidate }) => 'a=' + candidate), ''].join('\\r\\n');
}

function patch(session, ifMatch, candidates) {
  return fetch(session.url, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/trickle-ice-sdpfrag', 'If-Match': ifMatch },
    body: fragment(session.pc.localDescription.sdp, candidates),
  });
}

async function trickle(session, candidates) {
  const response = await patch(session, session.etag, candidates);
  if (response.status !== 204) console.warn('trickle ' + response.status + ' ' + (await response.text()));
}

window.bare = {
  async publish(endpoint, codec) {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 1280, height: 720 } });
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    for (const track of stream.getTracks()) {
      const transceiver = pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      if (track.kind === 'video' && codec) {
        const { codecs } = RTCRtpSender.getCapabilities('video');
        const first = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/' + codec);
        transceiver.setCodecPreferences([...first, ...codecs.filter((one) => !first.includes(one))]);
      }
    }
    return connect('publisher', pc, endpoint);
  },

  async play(endpoint) {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    const stream = new MediaStream();
    pc.ontrack = ({ track }) => stream.addTrack(track);
    pc.addTransceiver('audio', { direction: 'recvonly' });
    pc.addTransceiver('video', { direction: 'recvonly' });
    video.srcObject = stream;
    const url = await connect('viewer', pc, endpoint);
    video.play().catch(() => undefined);
    return url;
  },

  async restart() {
    const session = sessions.publisher;
    const { pc, etag: previous } = session;
    session.held = [];
    session.holds = true;
    await pc.setLocalDescription(await pc.createOffer({ iceRestart: true }));
    const response = await patch(session, '*', []);
    const text = await response.text();
    if (response.status !== 200) throw new Error(response.status + ' ' + text);
    session.etag = response.headers.get('ETag');
    session.holds = false;
    const value = (name) => text.match(new RegExp('^a=' + name + ':(.*)$', 'm'))[1].trim();
    const candidates = text.match(/^a=candidate:.*$/gm).map((line) => line.trim() + '\\r\\n').join('');
    const old = pc.remoteDescription.sdp
      .replace(/^a=(candidate|end-of-candidates).*\\r\\n/gm, '')
      .replace(/^a=ice-ufrag:.*$/gm, 'a=ice-ufrag:' + value('ice-ufrag'))
      .replace(/^a=ice-pwd:.*$/gm, 'a=ice-pwd:' + value('ice-pwd'));
    await pc.setRemoteDescription({ type: 'answer', sdp: old.replace(/(a=ice-pwd:.*\\r\\n)/, '$1' + candidates) });
    if (session.held.length > 0) await trickle(session, session.held);
    return { status: response.status, etag: session.etag, previous };
  },

  async remove(which) {
    return (await fetch(sessions[which].url, { method: 'DELETE' })).status;
  },

  async stats() {
    const sent = [...((await sessions.publisher?.pc.getStats()) ?? new Map()).values()];
    const received = [...((await sessions.viewer?.pc.getStats()) ?? new Map()).values()];
    const outbound = sent.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
    const inbound = received.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 32;
    const context = canvas.getContext('2d');
    context.drawImage(video, 0, 0, 32, 32);
    const { data } = context.getImageData(0, 0, 32, 32);
    const dtls = (session, side) => session?.pc['get' + side]()[0]?.transport?.state ?? '';
    const pair = sent.find(({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded');
    return {
      available: pair?.availableOutgoingBitrate ?? 0,
      bytesSent: outbound?.bytesSent ?? 0,
      framesSent: outbound?.framesSent ?? 0,
      framesDecoded: inbound?.framesDecoded ?? 0,
      sendCodec: sent.find(({ id }) => id === outbound?.codecId)?.mimeType ?? '',
      brightness: data.reduce((sum, value, i) => (i % 4 === 3 ? sum : sum + value), 0) / (32 * 32 * 3),
      dtls: dtls(sessions.publisher, 'Senders'),
      viewerDtls: dtls(sessions.viewer, 'Receivers'),
    };
  },
};
</script>`;
