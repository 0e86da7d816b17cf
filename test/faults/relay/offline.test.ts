import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserName } from '../../support/browsers.js';
import type { Scene } from '../../support/fault-relay-scene.js';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';

const FEW = { minDelay: 1, maxDelay: 2, maxRetries: 2 };

/** Tells the page that it is offline, or online again; Firefox cannot be told, so that its page is. */
async function setOffline({ page }: Scene, isOffline: boolean, name: BrowserName): Promise<void> {
  if (name === 'chromium') {
    const session = await page.createCDPSession();
    // Its state lasts as long as the domain is on.
    await session.send('Network.enable');
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await session.send('Network.overrideNetworkState', { offline: isOffline, ...unlimited });
    return;
  }
  await page.evaluate(`
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => ${!isOffline} });
    dispatchEvent(new Event('${isOffline ? 'offline' : 'online'}'));
  `);
}

describeBehindRelay(['chromium', 'firefox'], 'A browser that is offline', (test, name) => {
  test('for 30 s: nothing is asked or counted meanwhile, and it comes back at once', async (scene) => {
    await scene.goLive({ reconnect: FEW });
    scene.relay.blackOut();
    await setOffline(scene, true, name);
    await scene.untilTold('reconnecting_broadcast', 8);
    const { length } = scene.relay.requests();
    await delay(30_000 - scene.seconds * 1000);
    assert.equal(scene.relay.requests().length, length, 'nothing is asked while it is offline');
    assert.deepEqual([...new Set(await scene.names())], ['reconnecting_broadcast']);
    const back = Date.now();
    scene.relay.heal();
    await setOffline(scene, false, name);
    const told = await scene.untilBack(15);
    const seconds = ((told.at(-1)?.at ?? Infinity) - back) / 1000;
    assert.ok(seconds < 5, `${seconds} s`);
    assert.ok(
      told.every(({ reconnect }) => (reconnect?.attempt ?? 0) <= 1),
      'no attempt was counted',
    );
    await scene.assertLiveAsBefore();
  });

  test.quick('for 4 s comes back in the same session', async (scene) => {
    await scene.goLive({ reconnect: FEW });
    scene.relay.blackOut();
    await setOffline(scene, true, name);
    await delay(4000);
    scene.relay.heal();
    await setOffline(scene, false, name);
    await scene.untilBack(10);
    assert.equal(scene.posts.length, 1);
    await scene.assertLiveAsBefore();
  });

  test('in name alone, while everything goes through, is torn down by nothing', async (scene) => {
    await scene.goLive({ reconnect: FEW });
    await setOffline(scene, true, name);
    await delay(6000);
    await setOffline(scene, false, name);
    await delay(4000);
    await scene.assertQuiet();
    assert.equal(scene.posts.length, 1);
    await scene.assertLiveAsBefore();
  });

  test.quick('and online in the moment when silence is noticed: there is one POST', async (scene) => {
    await scene.goLive({ reconnect: FEW });
    scene.ingest.quirks = { restart: 405 };
    scene.relay.move();
    await delay(1000);
    await setOffline(scene, true, name);
    await setOffline(scene, false, name);
    await scene.untilBack(15);
    await delay(2000);
    assert.equal(scene.relay.attempts.length, 2);
    await scene.assertLiveAsBefore();
  });
});
