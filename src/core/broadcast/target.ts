import type { BroadcastTarget, StartBroadcastConfig } from '../api/start-config.js';

/** The target as the page names it. A JWT of the broadcast's own names the target itself. */
export function namedTarget({ jwt, transcodingTargets }: StartBroadcastConfig): BroadcastTarget {
  const { output, streamname } = (!jwt && transcodingTargets) || {};
  return { ...(output && { output }), ...(streamname && { streamname }) };
}
