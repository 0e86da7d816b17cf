import type { World } from './world.js';

/** 0 fully supported; 1 not supported; 2 in part: it can publish a page's own stream, but not capture one. */
export type SupportLevel = 0 | 1 | 2;

export function supportLevel({ RTCPeerConnection: Peer, mediaDevices }: World): SupportLevel {
  if (!Peer) return 1;
  return mediaDevices ? 0 : 2;
}
