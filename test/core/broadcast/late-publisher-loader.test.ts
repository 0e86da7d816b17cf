import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { latePublisherLoader } from '../../../src/core/broadcast/late-publisher-loader.js';
import * as publisher from '../../../src/core/broadcast/publisher.js';
import { codeOf } from '../support/test-rig.js';
import { FakeClock, settle } from '../support/fake-clock.js';

type Module = typeof publisher;

/** A loader whose requests the test answers, and what its callers have got, in their order. */
function loader() {
  const clock = new FakeClock();
  const requests: { succeed: () => void; fail: () => void }[] = [];
  const load = () =>
    new Promise<Module>((resolve, reject) => {
      requests.push({ succeed: () => resolve(publisher), fail: () => reject(new TypeError('It cannot be fetched.')) });
    });
  const withPublisher = latePublisherLoader(load);
  const came: string[] = [];
  const call = (name: string) => {
    const use = async () => void came.push(name);
    return withPublisher(clock, use).catch((error: { code: number }) => void came.push(`${name} ${error.code}`));
  };
  return { clock, requests, withPublisher, came, call };
}

describe('the module that broadcasts, loaded late', () => {
  it('is asked for once by all who come while it loads, who go on in their order', async () => {
    const { requests, came, call } = loader();
    void call('first');
    await settle();
    void call('second');
    void call('third');
    requests[0]?.succeed();
    await settle();
    void call('fourth');
    await settle();
    assert.deepEqual(came, ['first', 'second', 'third', 'fourth']);
    assert.equal(requests.length, 1);
  });

  it('keeps the order of those who come in any microtask in which it arrives', async () => {
    for (let after = 0; after < 12; after++) {
      const { requests, came, call } = loader();
      void call('first');
      requests[0]?.succeed();
      for (let turn = 0; turn < after; turn++) await Promise.resolve();
      void call('second');
      await settle();
      assert.deepEqual(came, ['first', 'second'], `${after} microtasks later`);
    }
  });

  it('is asked for again at once if that failed, and then by the next caller', async () => {
    const { requests, came, call } = loader();
    void call('first');
    requests[0]?.fail();
    await settle();
    requests[1]?.fail();
    await settle();
    assert.deepEqual(came, ['first 1000']);
    assert.equal(requests.length, 2);
    void call('second');
    requests[2]?.succeed();
    await settle();
    assert.deepEqual(came, ['first 1000', 'second']);
  });

  it('is waited for 10 s by each caller', async () => {
    const { clock, requests, came, call } = loader();
    void call('first');
    await clock.advance(9_900);
    void call('second');
    await clock.advance(200);
    assert.deepEqual(came, ['first 1000']);
    requests[0]?.succeed();
    await clock.advance(1_000);
    assert.deepEqual(came, ['first 1000', 'second']);
    assert.equal(requests.length, 1);
    assert.equal(clock.pending, 0);
  });

  it('is asked for again where an answer does not come, and is there for the next call when it has come after all', async () => {
    const { clock, requests, came, call } = loader();
    void call('first');
    await clock.advance(10_000);
    void call('second');
    await settle();
    assert.equal(requests.length, 2);
    requests[0]?.succeed();
    await settle();
    void call('third');
    await settle();
    assert.deepEqual(came, ['first 1000', 'third']);
    requests[1]?.fail();
    await clock.advance(20_000);
    void call('fourth');
    await clock.advance(20_000);
    assert.deepEqual(came, ['first 1000', 'third', 'second 1000', 'fourth']);
  });

  it('passes on what its caller throws, and is loaded all the same', async () => {
    const { clock, requests, withPublisher } = loader();
    const failing = withPublisher(clock, async () => {
      throw Object.assign(new Error(), { code: 5001 });
    });
    requests[0]?.succeed();
    assert.equal(await codeOf(failing), 5001);
    assert.equal(await withPublisher(clock, async ({ name }) => name), 'Publisher');
    assert.equal(requests.length, 1);
  });
});
