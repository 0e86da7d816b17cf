import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import puppeteer, { type Browser } from 'puppeteer-core';
import { CHROMIUM_FLAGS, findBrowser } from '../../support/installed-browsers.mjs';
import type { Scene } from '../../support/fault-relay-scene.js';
import { describeBehindRelay, inScene } from '../../support/fault-relay-suite.js';
import { FaultyIngest } from '../../support/faulty-ingest.js';
import { until } from '../../support/page.js';
import { describeInChromium } from '../../support/tier.js';

const PATIENT = { minDelay: 1, maxDelay: 3, maxRetries: 20 };

async function setLifecycle({ page }: Scene, state: 'frozen' | 'active'): Promise<void> {
  const session = await page.createCDPSession();
  await session.send('Page.setWebLifecycleState', { state });
  await session.detach();
}

describeBehindRelay(['chromium', 'firefox'], 'A page', (test, name) => {
  for (const how of ['still', 'ended'] as const) {
    test(`whose own picture is ${how} has not lost its connection`, async (scene) => {
      await scene.goLive({ source: 'canvas' });
      await scene.studio.endPicture(how);
      await delay(15_000);
      await scene.assertQuiet();
      assert.equal(scene.posts.length, 1);
      const { audioPackets } = await scene.rates();
      assert.ok(audioPackets > 10, `${audioPackets} packets of audio a second`);
    });
  }

  if (name !== 'chromium') return;

  test('that was frozen for 40 s and whose media went on is told of nothing', async (scene) => {
    await scene.goLive({ reconnect: PATIENT });
    await setLifecycle(scene, 'frozen');
    await delay(40_000);
    await setLifecycle(scene, 'active');
    await scene.assertLiveAsBefore();
    await delay(3000);
    await scene.assertQuiet();
    assert.equal(scene.posts.length, 1);
  }, 120);

  test('that was frozen for 40 s and whose session has ended meanwhile comes back', async (scene) => {
    await scene.goLive({ reconnect: PATIENT });
    await setLifecycle(scene, 'frozen');
    await scene.cutFor(40);
    await setLifecycle(scene, 'active');
    await scene.untilBack(20);
    await scene.assertLiveAsBefore();
  }, 120);
});

/** What puppeteer switches off, and users have. */
const ANTI_THROTTLING = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Timers come once a minute, after 5 s instead of 5 minutes; a page with a live track is spared that. */
const INTENSIVE_THROTTLING = '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/5';

describeInChromium(
  'A tab in the background whose timers are throttled, behind a relay, in chromium',
  { concurrency: true },
  () => {
    const browsers: Browser[] = [];
    after(() => Promise.all(browsers.map((browser) => browser.close())));

    /** In a browser of its own, since only one tab of a window can be in front. */
    const test = (what: string, body: (scene: Scene<FaultyIngest>) => Promise<void>) =>
      it(what, { timeout: 90_000 }, async (context) => {
        const executablePath = findBrowser('chromium') ?? '';
        const browser = await puppeteer.launch({
          executablePath,
          args: [...CHROMIUM_FLAGS, INTENSIVE_THROTTLING],
          ignoreDefaultArgs: ANTI_THROTTLING,
        });
        browsers.push(browser);
        const summary = await inScene(browser, new FaultyIngest(), async (scene) => {
          await scene.goLive({ reconnect: PATIENT });
          const cover = await browser.newPage();
          await cover.bringToFront();
          await until('it is hidden', () => scene.page.evaluate(() => document.visibilityState === 'hidden'));
          scene.mark();
          await body(scene);
        });
        context.diagnostic(summary);
      });

    test('that has been there for long comes back in a new session', async (scene) => {
      await delay(15_000);
      scene.mark();
      await scene.ingest.endSessions();
      await scene.untilBack(25);
      await scene.studio.untilMediaArrives();
      assert.equal(scene.relay.attempts.length, 2);
    });

    test('comes back on a new path', async (scene) => {
      scene.relay.move();
      await scene.untilBack(25);
      await scene.studio.untilMediaArrives();
    });
  },
);
