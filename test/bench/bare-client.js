/** The least that a hand-written page does to publish over WHIP: what our start is compared with. */
export async function publishBare(endpoint, stream) {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
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
