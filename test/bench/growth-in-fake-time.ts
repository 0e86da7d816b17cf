import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { settle } from '../core/support/fake-clock.js';
import { Studio } from '../core/support/test-rig.js';
import { slopeOf, type Holdings } from './growth.js';

/** The first of the reconnections that is looked at: until then code is compiled and caches fill. */
const WARM = 100;

/** Bytes for each reconnection: beside the report, what Node itself keeps of combined abort signals, and compiled code. */
export const NODE_HEAP_BUDGET = 1_500;

/** What there is in Node, where no browser holds anything. */
export type NodeHoldings = Pick<Holdings, 'reconnections' | 'heapKilobytes' | 'openPeers' | 'sessions'> & {
  listeners: number;
  nodes: number;
};

export interface NodeGrowth {
  looks: NodeHoldings[];
  bytesPerReconnection: number;
}

/** The same losses in a world of fakes whose clock does not wait: what the core itself holds on to. */
export async function measureGrowthInFakeTime(reconnections: number): Promise<NodeGrowth> {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  // Node keeps combined abort signals for good that are aborted while something listens, as the studio's network does.
  const studio = new Studio({ reconnect: { maxRetries: 3 } }, { onNetworkChange: () => undefined });
  await studio.goLive({ jwt: 'token' });
  const looks: NodeHoldings[] = [];
  for (let done = 1; done <= reconnections; done++) {
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(11_000);
    const openPeers = studio.peers.filter(({ connectionState }) => connectionState !== 'closed').length;
    // The studio's own records of it.
    studio.peers.splice(0, studio.peers.length - 1);
    for (const list of [studio.events, studio.journal, studio.logged, studio.server.requests]) list.length = 0;
    if (done < WARM || done % WARM > 0) continue;
    await settle();
    for (let times = 0; times < 3; times++) collectGarbage();
    looks.push({
      reconnections: done,
      heapKilobytes: process.memoryUsage().heapUsed / 1024,
      openPeers,
      sessions: studio.server.sessions.size,
      listeners: studio.peer.listenerCount + studio.peer.transport.listenerCount,
      nodes: studio.clock.pending,
    });
  }
  void studio.user.stopBroadcast();
  await studio.clock.advance(5_000);
  return { looks, bytesPerReconnection: slopeOf(looks) };
}
