import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { TestRig } from '../support/test-rig.js';
import { runs } from '../support/runs.js';

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

function holdingsOf(rig: TestRig, abortListeners: number): Holdings {
  const targets = rig.peers.flatMap((peer) => [peer, peer.transport]);
  return {
    timers: rig.clock.pending,
    sessions: rig.server.sessions.size,
    openPeers: rig.peers.filter(({ connectionState }) => connectionState !== 'closed').length,
    peerListeners: targets.reduce((count, { listenerCount }) => count + listenerCount, 0),
    abortListeners,
  };
}

const LOSSES = runs(200, 1_000);

describe(`${LOSSES} losses`, () => {
  it('are as many recoveries, and nothing grows', async () => {
    const signals = watchSignals();
    try {
      const rig = new TestRig({ reconnect: { maxRetries: 3 } });
      await rig.goLive({ jwt: 'token' });
      await rig.clock.advance(20_000);
      const before = holdingsOf(rig, signals.count());
      assert.deepEqual([before.sessions, before.openPeers, before.timers], [1, 1, 1]);
      for (let cycle = 1; cycle <= LOSSES; cycle++) {
        rig.events.length = 0;
        rig.journal.length = 0;
        rig.random = (cycle % 10) / 10;
        // One in five comes back by its second attempt only.
        if (cycle % 5 === 0) rig.server.next('POST', cycle % 2 ? { status: 503 } : 'network error');
        if (cycle % 2) rig.losePath();
        else rig.loseServer();
        await rig.untilStatus('broadcasting');
        await rig.clock.advance(11_000);
        if (cycle % 100 === 0) assert.deepEqual(holdingsOf(rig, signals.count()), before, `cycle ${cycle}`);
      }
      assert.equal(rig.server.opened, LOSSES + 1);
      void rig.user.stopBroadcast();
      void rig.user.stopPreview();
      await rig.clock.advance(5_000);
      assert.deepEqual(holdingsOf(rig, signals.count()), {
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

  it('may be of the encoder, whose replaced sessions leave nothing behind', async () => {
    const signals = watchSignals();
    try {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive({ jwt: 'token' });
      await rig.clock.advance(20_000);
      const before = holdingsOf(rig, signals.count());
      rig.path.isEncoding = () => false;
      await rig.clock.advance(600_000);
      rig.path.isEncoding = () => true;
      await rig.clock.advance(60_000);
      assert.ok(rig.server.opened > 10, `${rig.server.opened} sessions`);
      assert.deepEqual(holdingsOf(rig, signals.count()), before);
    } finally {
      signals.end();
    }
  });

  it('may come one after the other without rest as long as each attempt holds for 10 s', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 1 } });
    await rig.goLive();
    for (let cycle = 0; cycle < 100; cycle++) {
      await rig.clock.advance(12_000);
      rig.events.length = 0;
      rig.losePath();
      await rig.untilStatus('broadcasting');
    }
    assert.equal(rig.server.sessions.size, 1);
  });
});

describe('a hundred broadcasts of one user', () => {
  it('leave nothing behind', async () => {
    const rig = new TestRig();
    void rig.signIn();
    rig.giveStream();
    for (let number = 0; number < 100; number++) {
      rig.events.length = 0;
      void rig.user.startBroadcast();
      await rig.untilStatus('broadcasting');
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
    }
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size, rig.clock.pending], [100, 0, 0]);
  });
});
