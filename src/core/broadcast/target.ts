import type { BroadcastTarget, StartBroadcastConfig } from '../api/start-config.js';
import { claimsOf } from '../whip/jwt.js';

/** What the page says of the target. A JWT of the broadcast's own names the target itself. */
export function namedTarget({ jwt, transcodingTargets }: StartBroadcastConfig): BroadcastTarget {
  const { output, streamname } = (!jwt && transcodingTargets) || {};
  return { ...(output && { output }), ...(streamname && { streamname }) };
}

/** What events tell of the target: what the page says, else what its token claims. */
export function targetOf(config: StartBroadcastConfig, sessionToken: string | undefined): BroadcastTarget {
  return { ...claimsOf(config.jwt || sessionToken), ...namedTarget(config) };
}
