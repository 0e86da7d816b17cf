import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';
import type { HttpFault } from '../../support/fault-relay.js';
import { until } from '../../support/page.js';

/** How HTTP can fail while media goes through. */
const FAULTS: Record<string, HttpFault> = {
  'is not answered': 'hold',
  'is cut off': 'reset',
  'is answered with 502': 502,
};

describeBehindRelay(['chromium', 'firefox'], 'HTTP to the server that fails while media goes through', (test, name) => {
  for (const [what, fault] of Object.entries(FAULTS)) {
    if (name === 'firefox' && fault === 502) continue;
    test(`and ${what} is nothing that a page is told of`, async (scene) => {
      await scene.goLive();
      scene.relay.http(fault);
      await delay(8000);
      await scene.assertLiveAsBefore();
      await scene.assertQuiet();
      scene.relay.heal();
      assert.equal(scene.posts.length, 1);
    });

    const register = fault === 'hold' ? test.quick : test;
    register(`and ${what}: a stop ends the broadcast on both sides`, async (scene) => {
      await scene.goLive();
      scene.relay.http(fault);
      scene.mark();
      await scene.studio.stop();
      assert.ok(scene.seconds < 6, `${scene.seconds} s`);
      assert.deepEqual(await scene.names(), ['StopBroadcastSuccess']);
      // DTLS says what HTTP cannot.
      await until('the session has ended', async () => (await scene.ingest.sessions).length === 0, 6);
      scene.relay.heal();
      await delay(2000);
      assert.equal(scene.posts.length, 1);
    });

    register(`and ${what}: a loss of media at that time is healed when HTTP is back`, async (scene) => {
      await scene.goLive({ reconnect: { minDelay: 1, maxDelay: 2, maxRetries: 20 } });
      scene.relay.http(fault);
      scene.relay.move();
      await delay(12_000);
      assert.deepEqual([...new Set(await scene.names())], ['reconnecting_broadcast']);
      scene.relay.heal();
      await scene.untilBack(20);
      await scene.assertLiveAsBefore();
    });
  }
});
