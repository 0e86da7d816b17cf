import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { settle } from '../core/support/fake-clock.js';
import { TestRig } from '../core/support/test-rig.js';
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
  // Node keeps combined abort signals for good that are aborted while something listens, as the rig's network does.
  const rig = new TestRig({ reconnect: { maxRetries: 3 } }, { onNetworkChange: () => undefined });
  await rig.goLive({ jwt: 'token' });
  const looks: NodeHoldings[] = [];
  for (let done = 1; done <= reconnections; done++) {
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(11_000);
    const openPeers = rig.peers.filter(({ connectionState }) => connectionState !== 'closed').length;
    // The rig's own records of it.
    rig.peers.splice(0, rig.peers.length - 1);
    for (const list of [rig.events, rig.journal, rig.logged, rig.server.requests]) list.length = 0;
    if (done < WARM || done % WARM > 0) continue;
    await settle();
    for (let times = 0; times < 3; times++) collectGarbage();
    looks.push({
      reconnections: done,
      heapKilobytes: process.memoryUsage().heapUsed / 1024,
      openPeers,
      sessions: rig.server.sessions.size,
      listeners: rig.peer.listenerCount + rig.peer.transport.listenerCount,
      nodes: rig.clock.pending,
    });
  }
  void rig.user.stopBroadcast();
  await rig.clock.advance(5_000);
  return { looks, bytesPerReconnection: slopeOf(looks) };
}
