import type { World } from './world.js';

/** 0 fully supported, 1 not supported, 2 supported in part: the browser is old, or the page is not secure. */
export type SupportLevel = 0 | 1 | 2;

export function supportLevel({ RTCPeerConnection: Peer, mediaDevices }: World): SupportLevel {
  if (!Peer || !('addTransceiver' in Peer.prototype)) return 1;
  const isCurrent = 'setConfiguration' in Peer.prototype && 'connectionState' in Peer.prototype;
  return isCurrent && mediaDevices ? 0 : 2;
}
