import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { untilDue, type Pause } from '../../../src/core/broadcast/network-watch.js';
import type { World } from '../../../src/core/platform/world.js';
import { FakeClock } from '../support/fake-clock.js';

/** A wait in a world of its own. */
class Waiting {
  readonly clock = new FakeClock();
  readonly begun = this.clock.monotonicNow();
  readonly ending = new AbortController();
  readonly watchers = new Set<() => void>();
  isOnLine = true;
  /** Milliseconds that the wait took; a text where it failed; null while it goes on. */
  end: number | string | null = null;

  constructor(pause: Pause, isOnLine = true) {
    this.isOnLine = isOnLine;
    const { clock } = this;
    const world = {
      monotonicNow: clock.monotonicNow,
      wallNow: clock.now,
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
      isOnLine: () => this.isOnLine,
      onNetworkChange: (callback: () => void, signal: AbortSignal) => {
        this.watchers.add(callback);
        signal.addEventListener('abort', () => this.watchers.delete(callback));
      },
    } as unknown as World;
    untilDue(pause, world, this.ending.signal, {
      get isOffline() {
        return !world.isOnLine();
      },
    }).then(
      () => (this.end = clock.monotonicNow() - this.begun),
      (error: unknown) => (this.end = (error as Error).message),
    );
  }

  async change(isOnLine: boolean): Promise<void> {
    this.isOnLine = isOnLine;
    for (const callback of [...this.watchers]) callback();
    await this.clock.advance(0);
  }

  checkEnd(end: number | string | null): void {
    assert.equal(this.end, end);
    if (end === null) return;
    const listeners = getEventListeners(this.ending.signal, 'abort').length;
    assert.deepEqual([this.watchers.size, this.clock.pending, listeners], [0, 0, 0], 'nothing is left');
  }
}

describe('the wait until an attempt is due', () => {
  it('takes as long as planned where nothing changes', async () => {
    for (const planned of [0, 1, 5_000]) {
      const waiting = new Waiting({ planned, atLeast: 1_000, offline: 30_000 });
      await waiting.clock.advance(planned - 1);
      if (planned > 0) waiting.checkEnd(null);
      await waiting.clock.advance(10_000);
      waiting.checkEnd(planned);
    }
  });

  it('goes on while the browser is offline, for 30 s at most, since it can be wrong (A9)', async () => {
    const waiting = new Waiting({ planned: 5_000, atLeast: 1_000, offline: 30_000 }, false);
    await waiting.clock.advance(29_999);
    waiting.checkEnd(null);
    await waiting.clock.advance(1);
    waiting.checkEnd(30_000);
  });

  it('ends with the time offline where enough time has passed', async () => {
    const waiting = new Waiting({ planned: 5_000, atLeast: 1_000, offline: 30_000 }, false);
    await waiting.clock.advance(20_000);
    waiting.checkEnd(null);
    await waiting.change(true);
    await waiting.clock.advance(0);
    waiting.checkEnd(20_000);
  });

  it('is parked where the browser goes offline meanwhile, until 30 s from its beginning', async () => {
    for (const backAt of [20_500, null]) {
      const waiting = new Waiting({ planned: 5_000, atLeast: 1_000, offline: 30_000 });
      await waiting.clock.advance(500);
      await waiting.change(false);
      await waiting.clock.advance(20_000);
      waiting.checkEnd(null);
      if (backAt !== null) await waiting.change(true);
      await waiting.clock.advance(60_000);
      waiting.checkEnd(backAt ?? 30_000);
    }
  });

  it('is as short as it may be once the browser is back, and not shorter', async () => {
    const waiting = new Waiting({ planned: 8_000, atLeast: 2_000, offline: 30_000 });
    await waiting.change(false);
    await waiting.clock.advance(500);
    await waiting.change(true);
    await waiting.clock.advance(1_499);
    waiting.checkEnd(null);
    await waiting.clock.advance(1);
    waiting.checkEnd(2_000);
  });

  it('is never made longer by a change', async () => {
    for (const atLeast of [3_000, 30_000]) {
      const waiting = new Waiting({ planned: 3_000, atLeast, offline: 30_000 });
      for (let changes = 0; changes < 5; changes++) {
        await waiting.clock.advance(100);
        await waiting.change(true);
      }
      await waiting.clock.advance(60_000);
      waiting.checkEnd(3_000);
    }
  });

  it('outlasts any number of changes', async () => {
    const waiting = new Waiting({ planned: 60_000, atLeast: 1_000, offline: 30_000 });
    for (let changes = 0; changes < 100; changes++) {
      await waiting.clock.advance(100);
      await waiting.change(false);
      assert.equal(waiting.watchers.size, 1);
    }
    await waiting.change(true);
    await waiting.clock.advance(0);
    waiting.checkEnd(10_000);
  });

  it('is no longer than planned where the clock is set back meanwhile', async () => {
    const waiting = new Waiting({ planned: 5_000, atLeast: 1_000, offline: 30_000 });
    await waiting.clock.advance(500);
    waiting.clock.stepWallClock(-3_600_000);
    await waiting.change(false);
    await waiting.change(true);
    await waiting.clock.advance(5_000);
    assert.equal(waiting.end, 1_000);
  });

  it('ends with the reason of its signal, online or offline', async () => {
    for (const isOnLine of [true, false]) {
      const waiting = new Waiting({ planned: 5_000, atLeast: 1_000, offline: 30_000 }, isOnLine);
      await waiting.clock.advance(100);
      waiting.ending.abort(new Error('stopped'));
      await waiting.clock.advance(0);
      waiting.checkEnd('stopped');
    }
  });
});
