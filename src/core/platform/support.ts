import type { World } from './world.js';

/**
 * 0 fully supported; 1 not supported; 2 in part: it can publish a custom `MediaStream`, but not capture one; 3 too old: it
 * has WebRTC, but lacks what this core cannot do without.
 */
export type SupportLevel = 0 | 1 | 2 | 3;

/** @param isCurrent whether the browser has the newest of what is used here */
export function supportLevel({ RTCPeerConnection: Peer, mediaDevices }: World, isCurrent = hasNewest()): SupportLevel {
  if (!Peer) return 1;
  if (!isCurrent) return 3;
  return mediaDevices ? 0 : 2;
}

function hasNewest(): boolean {
  return 'any' in AbortSignal;
}
