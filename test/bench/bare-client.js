/**
 * The least that a hand-written page does to publish over WHIP: what our start is compared with.
 * @param {(peer: RTCPeerConnection) => void} [watch] gets the connection before anything happens on it
 */
export async function publishBare(endpoint, stream, watch) {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  watch?.(peer);
  for (const track of stream.getTracks()) peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  await peer.setLocalDescription();
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: peer.localDescription.sdp,
  });
  const session = new URL(response.headers.get('Location'), response.url);
  await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  return async () => {
    peer.close();
    await fetch(session, { method: 'DELETE' });
  };
}

/** Milliseconds between a loss or a failure and the next try, as hand-written pages have it. */
const NAIVE_WAIT = 2_000;

/**
 * What existing clients do to stay live: they wait until the browser gives the connection up, and then begin anew.
 * @param {(state: string) => void} onState told of every state of every connection
 * @returns a function that ends it
 */
export function stayLiveNaively(endpoint, stream, onState) {
  let isEnding = false;
  let stop = async () => undefined;
  const begin = async () => {
    let isLost = false;
    const again = () => {
      if (isLost || isEnding) return;
      isLost = true;
      stop().catch(() => undefined);
      setTimeout(begin, NAIVE_WAIT);
    };
    const watch = (peer) => {
      stop = async () => peer.close();
      peer.addEventListener('connectionstatechange', () => {
        onState(peer.connectionState);
        if (peer.connectionState === 'failed' || peer.connectionState === 'closed') again();
      });
    };
    try {
      stop = await publishBare(endpoint, stream, watch);
    } catch {
      again();
    }
  };
  void begin();
  return () => {
    isEnding = true;
    return stop();
  };
}
