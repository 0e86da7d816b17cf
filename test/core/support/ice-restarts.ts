import type { ReconnectConfig } from '../../../src/core/api/config.js';
import { TestRig } from './test-rig.js';

/** Live for 20 s with reconnection on and a server that restarts ICE. */
export async function liveWithIceRestart(reconnect: Partial<ReconnectConfig> = {}, options = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect });
  rig.server.restartsIce = true;
  await rig.goLive({ jwt: 'token', ...options });
  await rig.clock.advance(20_000);
  return rig;
}

/** Every request to restart ICE. */
export const restartsOf = ({ server }: TestRig) =>
  server.of('PATCH').filter(({ headers }) => /^"?\*"?$/.test(headers['if-match'] ?? ''));
/** What was told of every attempt. */
export const infosOf = (rig: TestRig) => rig.all('BroadcastStatus').flatMap(({ data }) => data.reconnect ?? []);
/** The methods that were announced, with their attempts. */
export const methodsOf = (rig: TestRig) => infosOf(rig).map(({ method, attempt }) => `${method} ${attempt}`);

/** Loses the path as a change of network does: nothing comes through until ICE has found a new one. */
export const goDeaf = (rig: TestRig) => (rig.peer.isDeaf = true);
