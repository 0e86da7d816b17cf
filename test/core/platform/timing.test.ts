import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, it } from 'node:test';
import { untilAborted, wait, withDeadline } from '../../../src/core/platform/timing.js';
import { FakeClock, settle } from '../support/fake-clock.js';

const late = () => new Error('late');
const never = () => new Promise<never>(() => undefined);

/** How a promise stands after everything has settled. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
  let state = 'pending';
  promise.then(
    (value) => (state = `fulfilled: ${String(value)}`),
    (error: unknown) => (state = `rejected: ${(error as Error).message}`),
  );
  await settle();
  return state;
}

describe('a wait', () => {
  it('takes its time, and no time where it is none', async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    const waiting = wait(1_000, clock, signal);
    await clock.advance(999);
    assert.equal(await stateOf(waiting), 'pending');
    await clock.advance(1);
    assert.equal(await stateOf(waiting), 'fulfilled: undefined');
    const none = wait(-5, clock, signal);
    await clock.advance(0);
    assert.equal(await stateOf(none), 'fulfilled: undefined');
    assert.deepEqual([clock.pending, getEventListeners(signal, 'abort').length], [0, 0]);
  });

  it('ends with the reason of its signal and leaves no timer', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const waiting = wait(1_000, clock, controller.signal);
    controller.abort(new Error('stopped'));
    assert.equal(await stateOf(waiting), 'rejected: stopped');
    assert.equal(await stateOf(wait(1_000, clock, controller.signal)), 'rejected: stopped');
    assert.equal(clock.pending, 0);
  });

  it('of weeks does not overflow into none, as timers of browsers do', async () => {
    const clock = new FakeClock();
    const set: number[] = [];
    const recording = {
      ...clock,
      setTimeout: (callback: () => void, milliseconds: number) => {
        set.push(milliseconds);
        return clock.setTimeout(callback, milliseconds);
      },
    };
    void wait(1e12, recording, new AbortController().signal);
    assert.ok(set.every((milliseconds) => milliseconds < 2 ** 31));
  });
});

describe('a promise until a signal', () => {
  it('settles as it does where nothing is aborted, and leaves no listener', async () => {
    const { signal } = new AbortController();
    assert.equal(await stateOf(untilAborted(Promise.resolve(7), signal)), 'fulfilled: 7');
    assert.equal(await stateOf(untilAborted(Promise.reject(new Error('no')), signal)), 'rejected: no');
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });
});

describe('a task with a deadline', () => {
  it('is told when its time is up, and fails then', async () => {
    const clock = new FakeClock();
    let told: AbortSignal | undefined;
    const outcome = withDeadline((signal) => ((told = signal), never()), 1_000, late, clock);
    outcome.catch(() => undefined);
    await clock.advance(999);
    assert.equal(told?.aborted, false);
    await clock.advance(1);
    assert.equal(told.aborted, true);
    assert.equal(await stateOf(outcome), 'rejected: late');
  });

  it('fails with the reason of its signal, before or while it runs', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const running = withDeadline(never, 1_000, late, clock, controller.signal);
    running.catch(() => undefined);
    controller.abort(new Error('stopped'));
    assert.equal(await stateOf(running), 'rejected: stopped');
    assert.equal(await stateOf(withDeadline(never, 1_000, late, clock, controller.signal)), 'rejected: stopped');
    assert.equal(clock.pending, 0);
  });

  it('leaves neither timer nor listener, also where the task throws at once', async () => {
    const clock = new FakeClock();
    const { signal } = new AbortController();
    assert.equal(await stateOf(withDeadline(() => Promise.resolve(1), 1_000, late, clock, signal)), 'fulfilled: 1');
    const failing = withDeadline(
      () => {
        throw new Error('at once');
      },
      1_000,
      late,
      clock,
      signal,
    );
    assert.equal(await stateOf(failing), 'rejected: at once');
    assert.deepEqual([clock.pending, getEventListeners(signal, 'abort').length], [0, 0]);
  });
});
