import type { BroadcastTarget } from '../api/start-config.js';

/** The claims of a JWT. It is read and not verified: that is the server's part. Anything that is not a JWT has none. */
function payloadOf(jwt: string | null | undefined): Record<string, unknown> {
  const payload = String(jwt).split('.')[1];
  if (!payload) return {};
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    return (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** What a JWT claims about the broadcast. */
export function claimsOf(jwt: string | null | undefined): BroadcastTarget {
  const { ingesturl, streamname } = payloadOf(jwt);
  return {
    ...(typeof ingesturl === 'string' && { output: ingesturl }),
    ...(typeof streamname === 'string' && { streamname }),
  };
}

/** Whether a JWT has expired by its `exp`. `now` is in milliseconds since 1970. */
export function isExpired(jwt: string | null | undefined, now: number): boolean {
  const { exp } = payloadOf(jwt);
  return typeof exp === 'number' && exp * 1000 <= now;
}
