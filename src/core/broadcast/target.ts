import type { BroadcastTarget, StartBroadcastConfig } from '../api/start-config.js';
import { claimsOf } from '../whip/jwt.js';

/** The target as the page names it. A JWT of the broadcast's own names the target itself. */
export function namedTarget({ jwt, transcodingTargets }: StartBroadcastConfig): BroadcastTarget {
  const { output, streamname } = (!jwt && transcodingTargets) || {};
  return { ...(output && { output }), ...(streamname && { streamname }) };
}

/** The target as events name it: as the page does, else as its token claims. */
export function targetOf(config: StartBroadcastConfig, sessionToken: string | undefined): BroadcastTarget {
  return { ...claimsOf(config.jwt || sessionToken), ...namedTarget(config) };
}
