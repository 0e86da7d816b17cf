import type { ReconnectConfig } from '../../../src/core/api/config.js';
import { Studio } from './test-rig.js';

/** Live for 20 s with reconnection on and a server that restarts ICE. */
export async function liveWithRepair(reconnect: Partial<ReconnectConfig> = {}, options = {}): Promise<Studio> {
  const studio = new Studio({ reconnect });
  studio.server.restartsIce = true;
  await studio.goLive({ jwt: 'token', ...options });
  await studio.clock.advance(20_000);
  return studio;
}

/** Every request to restart ICE. */
export const restartsOf = ({ server }: Studio) =>
  server.of('PATCH').filter(({ headers }) => /^"?\*"?$/.test(headers['if-match'] ?? ''));
/** What was told of every attempt. */
export const infosOf = (studio: Studio) => studio.all('BroadcastStatus').flatMap(({ data }) => data.reconnect ?? []);
/** The rungs that were announced, with their attempts. */
export const rungsOf = (studio: Studio) => infosOf(studio).map(({ rung, attempt }) => `${rung} ${attempt}`);

/** Loses the path as a change of network does: nothing comes through until ICE has found a new one. */
export const goDeaf = (studio: Studio) => (studio.peer.isDeaf = true);
