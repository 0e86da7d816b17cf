import { createHmac } from 'node:crypto';

/** How a test's own livekit-server is asked: it knows one key, and everything happens in one room. */
export const API_KEY = 'interop';
export const API_SECRET = 'a-secret-that-only-tests-on-loopback-know';
export const ROOM = 'studio';
export const PUBLISHER = 'publisher';
/** The names that it gives to what comes by WHIP. */
export const TRACK_NAMES = { audio: 'synthesized-microphone', video: 'synthesized-camera' } as const;

/** Seconds for which a token is good: longer than any test. */
const LIFETIME = 3600;

/** What `ListParticipants` tells of one. */
export interface Participant {
  sid: string;
  identity: string;
  state: string;
  tracks?: { type?: string; mimeType?: string; mime_type?: string }[];
}

/** An access token: a JWT with the grants under `video`. */
export function accessToken(identity: string, grants: Record<string, unknown>): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: API_KEY, sub: identity, nbf: seconds - 10, exp: seconds + LIFETIME };
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ ...claims, video: { room: ROOM, ...grants } })}`;
  return `${signed}.${createHmac('sha256', API_SECRET).update(signed).digest('base64url')}`;
}

/** Asks the room service; rejects where the server is down or says no. */
export async function askRoomService<T>(url: string, method: string, request: object): Promise<T> {
  const response = await fetch(`${url}/twirp/livekit.RoomService/${method}`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${accessToken('interop', { roomAdmin: true, roomList: true })}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(request),
  });
  if (!response.ok) throw new Error(`${method} was answered with ${response.status}.`);
  return (await response.json()) as T;
}

/**
 * As little as a server of a test needs, and nothing that leads outside. Media has one `address`: `node_ip` stands for every other in
 * candidates, and whether the socket behind one of two that look alike is kept is left to chance.
 */
export function livekitConfiguration(port: number, udpPort: number, address: string): string {
  return `
port: ${port}
bind_addresses: ['127.0.0.1']
keys: { ${API_KEY}: ${API_SECRET} }
logging: { level: error }
rtc:
  udp_port: ${udpPort}
  tcp_port: 0
  node_ip: ${address}
  ips: { includes: ['${address}/32'] }
  use_external_ip: false
  enable_loopback_candidate: true
  stun_servers: ['127.0.0.1:9']
  # The viewer that counts reports nothing on its bandwidth.
  congestion_control: { enabled: false }
`;
}
