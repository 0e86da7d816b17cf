import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { Studio } from '../support/test-rig.js';

/** What piles up where something is forgotten. */
interface Holdings {
  timers: number;
  sessions: number;
  openPeers: number;
  peerListeners: number;
  abortListeners: number;
}

/** Counts listeners on the abort signals that are made while it watches. */
function watchSignals(): { count: () => number; end: () => void } {
  const signals = new Set<AbortSignal>();
  const add = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...given) {
    if (this instanceof AbortSignal) signals.add(this);
    return add.apply(this, given);
  };
  return {
    count: () => {
      let count = 0;
      for (const signal of signals) {
        if (signal.aborted) signals.delete(signal);
        else count += getEventListeners(signal, 'abort').length;
      }
      return count;
    },
    end: () => (EventTarget.prototype.addEventListener = add),
  };
}

function holdingsOf(studio: Studio, abortListeners: number): Holdings {
  const targets = studio.peers.flatMap((peer) => [peer, peer.transport]);
  return {
    timers: studio.clock.pending,
    sessions: studio.server.sessions.size,
    openPeers: studio.peers.filter(({ connectionState }) => connectionState !== 'closed').length,
    peerListeners: targets.reduce((count, { listenerCount }) => count + listenerCount, 0),
    abortListeners,
  };
}

describe('a thousand losses', () => {
  it('are a thousand recoveries, and nothing grows', async () => {
    const signals = watchSignals();
    try {
      const studio = new Studio({ reconnect: { maxRetries: 3 } });
      await studio.goLive({ jwt: 'token' });
      await studio.clock.advance(20_000);
      const before = holdingsOf(studio, signals.count());
      assert.deepEqual([before.sessions, before.openPeers, before.timers], [1, 1, 1]);
      for (let cycle = 1; cycle <= 1_000; cycle++) {
        studio.events.length = 0;
        studio.journal.length = 0;
        studio.random = (cycle % 10) / 10;
        // One in five comes back by its second attempt only.
        if (cycle % 5 === 0) studio.server.next('POST', cycle % 2 ? { status: 503 } : 'network error');
        if (cycle % 2) studio.losePath();
        else studio.loseServer();
        await studio.untilStatus('broadcasting');
        await studio.clock.advance(11_000);
        if (cycle % 100 === 0) assert.deepEqual(holdingsOf(studio, signals.count()), before, `cycle ${cycle}`);
      }
      assert.equal(studio.server.opened, 1_001);
      void studio.user.stopBroadcast();
      void studio.user.stopPreview();
      await studio.clock.advance(5_000);
      assert.deepEqual(holdingsOf(studio, signals.count()), {
        timers: 0,
        sessions: 0,
        openPeers: 0,
        peerListeners: 0,
        abortListeners: 0,
      });
    } finally {
      signals.end();
    }
  });

  it('may come one after the other without rest as long as each attempt holds for 10 s', async () => {
    const studio = new Studio({ reconnect: { maxRetries: 1 } });
    await studio.goLive();
    for (let cycle = 0; cycle < 100; cycle++) {
      await studio.clock.advance(12_000);
      studio.events.length = 0;
      studio.losePath();
      await studio.untilStatus('broadcasting');
    }
    assert.equal(studio.server.sessions.size, 1);
  });
});

describe('a hundred broadcasts of one user', () => {
  it('leave nothing behind', async () => {
    const studio = new Studio();
    void studio.signIn();
    studio.giveStream();
    for (let number = 0; number < 100; number++) {
      studio.events.length = 0;
      void studio.user.startBroadcast();
      await studio.untilStatus('broadcasting');
      void studio.user.stopBroadcast();
      await studio.untilStatus('StopBroadcastSuccess');
    }
    await studio.clock.advance(60_000);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size, studio.clock.pending], [100, 0, 0]);
  });
});
