import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ownPolicy, PEER_POLICIES } from './herd-policies.js';
import { dice, simulateHerd, type HerdPolicy } from './herd.js';

const SCENE = { clients: 10_000, down: 5, admittedShare: 1 / 20, retryAfter: null };

const inStep: HerdPolicy = { name: 'every two seconds', wait: () => 2 };
const evenly: HerdPolicy = { name: 'as fast as the server admits', wait: (_turn, random) => 6 + random() * 20 };

describe('a simulated herd', () => {
  it('is the same for the same seed, and another one for another', () => {
    const [once, again, other] = [1, 1, 2].map((seed) => simulateHerd(ownPolicy(), { ...SCENE, seed }));
    assert.deepEqual(once, again);
    assert.notDeepEqual(once, other);
  });

  it('that comes in step is a wave of all who are not back yet', () => {
    const { worstSecond, requestsPerClient, gaveUp } = simulateHerd(inStep, SCENE);
    assert.ok(worstSecond > 19 && worstSecond <= 20, `${worstSecond}`);
    assert.ok(requestsPerClient > 5);
    assert.equal(gaveUp, 0);
  });

  it('that comes as the server admits it is back in the ideal time, by one request each', () => {
    const { worstSecond, backRatio, requestsPerClient } = simulateHerd(evenly, SCENE);
    assert.ok(worstSecond < 1.2, `${worstSecond}`);
    assert.ok(backRatio !== null && backRatio < 1.15, `${backRatio}`);
    assert.ok(requestsPerClient < 1.2, `${requestsPerClient}`);
  });

  it('asks no dead server anything', () => {
    const { requestsPerClient, backRatio, gaveUp } = simulateHerd(
      { name: 'once', wait: ({ attempt }) => (attempt > 1 ? null : 1) },
      SCENE,
    );
    assert.deepEqual([requestsPerClient, backRatio, gaveUp], [0, null, 1]);
  });

  it('hands on what the server asks for', () => {
    const asked = new Set<number | null>();
    const policy: HerdPolicy = {
      name: 'as told',
      wait: ({ retryAfter }) => {
        asked.add(retryAfter);
        return retryAfter ?? 6;
      },
    };
    simulateHerd(policy, { ...SCENE, retryAfter: 3 });
    assert.deepEqual([...asked], [null, 3]);
  });

  it('comes to the same for ten times as many clients', () => {
    const [few, many] = [10_000, 100_000].map((clients) => simulateHerd(ownPolicy(), { ...SCENE, clients }));
    assert.ok(Math.abs((few?.worstSecond ?? 0) - (many?.worstSecond ?? 9)) < 0.3);
  });

  it('of this project burdens a server less than that of any other client', () => {
    const own = simulateHerd(ownPolicy(), SCENE).worstSecond;
    for (const policy of PEER_POLICIES) {
      assert.ok(simulateHerd(policy, SCENE).worstSecond > own, policy.name);
    }
  });
});

describe('dice', () => {
  it('show every number from 0 to below 1 about as often', () => {
    const random = dice(7);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let thrown = 0; thrown < 10_000; thrown++) {
      const index = Math.floor(random() * 10);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    assert.ok(
      counts.every((count) => count > 900 && count < 1100),
      counts.join(),
    );
  });
});
