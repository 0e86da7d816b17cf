import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';
import { until } from '../../support/page.js';

/** Short waits, and more attempts than a long cut can use up. */
const PATIENT = { minDelay: 1, maxDelay: 3, maxRetries: 20 };
const NOISE_SECONDS = 120;

describeBehindRelay(['chromium', 'firefox'], 'A path to the server', (test) => {
  // The longest one first: the others run beside it.
  test('that loses a fifth and is up to half a second late for two minutes is never called lost', async (scene) => {
    await scene.goLive();
    scene.relay.udp({ loss: 0.2, jitter: 500 });
    const { audio, video } = scene.relay.counts;
    await delay(NOISE_SECONDS * 1000);
    await scene.assertQuiet();
    assert.ok(scene.relay.counts.audio.packets > audio.packets + 10 * NOISE_SECONDS, 'audio went on');
    assert.ok(scene.relay.counts.video.packets > video.packets + NOISE_SECONDS, 'video went on');
    scene.relay.heal();
    await scene.studio.untilMediaArrives();
    await scene.assertQuiet();
    assert.equal(scene.posts.length, 1);
  }, 200);

  test('that is silent for 40 s: the broadcast comes back in a new session, and no other is left', async (scene) => {
    await scene.goLive({ reconnect: PATIENT });
    await scene.cutFor(40);
    const before = scene.posts.length;
    await scene.untilBack(20);
    await scene.assertLiveAsBefore();
    assert.ok(before > 1, 'it was replaced');
    assert.ok(scene.posts.length <= before + 2, 'one attempt in flight, and one after it');
  }, 120);

  test.quick('that is silent for a second is nothing that a page is told of', async (scene) => {
    await scene.goLive();
    await scene.cutFor(1);
    await scene.assertLiveAsBefore();
    await scene.assertQuiet();
    assert.equal(scene.posts.length, 1);
  });

  for (const seconds of [3, 10]) {
    const register = seconds === 3 ? test.quick : test;
    register(`that is silent for ${seconds} s: the broadcast comes back in the same session`, async (scene) => {
      await scene.goLive();
      await scene.cutFor(seconds);
      const [first] = await scene.untilBack(10);
      assert.equal(first?.reconnect?.cause, 'network');
      assert.equal(first?.reconnect?.method, 'ice-restart');
      assert.equal(first?.reconnect?.attempt, 0);
      await scene.assertLiveAsBefore();
      assert.equal(scene.posts.length, 1);
      const [outage, ...others] = await scene.studio.outages();
      assert.deepEqual([outage?.cause, outage?.attempts, others.length], ['network', 0, 0]);
    });
  }

  test('that is silent to the client alone for 8 s: the broadcast comes back in the same session', async (scene) => {
    await scene.goLive();
    await scene.cutFor(8, 'to-client');
    await scene.untilBack(10);
    await scene.assertLiveAsBefore();
    assert.equal(scene.posts.length, 1);
  });

  test('that is silent to the server alone for 8 s: the session survives', async (scene) => {
    await scene.goLive();
    await scene.cutFor(8, 'to-server');
    await scene.assertLiveAsBefore();
    if ((await scene.names()).length > 0) await scene.untilBack(10);
    assert.equal(scene.posts.length, 1);
  });

  test('that is silent to the server alone for 45 s: the broadcast comes back', async (scene) => {
    await scene.goLive({ reconnect: PATIENT });
    await scene.cutFor(45, 'to-server');
    await scene.untilBack(20);
    await scene.assertLiveAsBefore();
  }, 120);

  test.quick(
    'that has gone while there is a new one: the broadcast comes back on it in the same session',
    async (scene) => {
      await scene.goLive();
      scene.relay.move();
      await scene.untilBack(15);
      await scene.assertLiveAsBefore();
      assert.equal(scene.posts.length, 1);
      assert.ok(scene.restarts.length >= 1);
    },
  );

  test('that has gone with all connections while there is a new one: the broadcast comes back on it', async (scene) => {
    await scene.goLive();
    scene.relay.move({ http: 'dead' });
    await scene.untilBack(30);
    await scene.assertLiveAsBefore();
  });

  test('that is blocked for media alone: attempts fail by their time, it is given up, and nothing is left', async (scene) => {
    await scene.goLive({ reconnect: { minDelay: 1, maxDelay: 2, maxRetries: 2 } });
    scene.relay.udp({ cut: 'both' });
    await scene.untilTold('BroadcastError 5002', 70);
    const told = await scene.told();
    const attempts = told.flatMap(({ reconnect }) => (reconnect?.method === 'new-session' ? reconnect.attempt : []));
    assert.deepEqual([...new Set(attempts)], [1, 2]);
    assert.deepEqual(
      scene.relay.attempts.map(({ status }) => status),
      [201, 201, 201],
    );
    await until('every session is deleted', () => {
      const deleted = scene.relay.requests('DELETE').map(({ url }) => url);
      return scene.posts.every(({ location }) => deleted.includes(location ?? ''));
    });
    const requests = scene.relay.requests().length;
    scene.relay.heal();
    await delay(3000);
    assert.equal(scene.relay.requests().length, requests, 'nothing is tried any more');
  }, 120);
});
