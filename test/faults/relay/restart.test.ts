import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';
import type { RestartShape } from '../../support/fault-rewrites.js';
import type { Quirks } from '../../support/faulty-ingest.js';
import { until } from '../../support/page.js';

/** Statuses by which servers say that they cannot restart ICE, or not now. */
const REFUSALS = [400, 404, 405, 428, 501];
/** Seconds from a refusal to the request for a new session. */
const REFUSAL_TO_POST = 2;

/** What looks like consent, or is none that comes, and leaves the path as it was. */
const FRUITLESS: Record<string, Quirks> = {
  'is taken for candidates and ignored': { restart: 'ignored' },
  'is never answered': { restart: 'hang' },
  'is answered after its time': { restartDelay: 7000 },
};

/** What a broadcaster can restart with all the same. */
const SHAPES: Record<string, RestartShape> = {
  'with a whole description and LF alone': 'full-sdp-lf',
  'with credentials at session level': 'session-credentials',
  'without mid': 'no-mid',
};

describeBehindRelay(['chromium', 'firefox'], 'An ICE restart', (test, name) => {
  const isChromium = name === 'chromium';

  for (const status of isChromium ? REFUSALS : [405]) {
    const register = status === 405 ? test.quick : test;
    register(`that is refused on a new path with ${status} is followed by a new session at once`, async (scene) => {
      await scene.goLive();
      scene.ingest.quirks = { restart: status };
      scene.relay.move();
      await scene.untilBack(20);
      // A request that is slow to be answered is sent again, and some refusals are worth another form.
      const refused = scene.restarts.findLast((restart) => restart.status !== undefined);
      const [, post] = scene.posts;
      assert.equal(refused?.status, status);
      const seconds = ((post?.at ?? Infinity) - (refused?.answeredAt ?? 0)) / 1000;
      assert.ok(seconds <= REFUSAL_TO_POST, `${seconds} s`);
      assert.equal(scene.relay.attempts.length, 2);
      await scene.assertLiveAsBefore();
    });
  }

  for (const [what, shape] of Object.entries(isChromium ? SHAPES : {})) {
    test(`that is answered ${what} keeps the session`, async (scene) => {
      scene.ingest.quirks = { restartShape: shape };
      await scene.goLive();
      scene.relay.move();
      await scene.untilBack(15);
      assert.equal(scene.posts.length, 1);
      await scene.assertLiveAsBefore();
    });
  }

  test('that is answered without candidates leads back, in this session or in another', async (scene) => {
    scene.ingest.quirks = { restartShape: 'no-candidates' };
    await scene.goLive();
    scene.relay.move();
    await scene.untilBack(30);
    await scene.assertLiveAsBefore();
  });

  for (const [what, quirks] of Object.entries(FRUITLESS)) {
    test(`that ${what} is given up in favour of a new session`, async (scene) => {
      scene.ingest.quirks = quirks;
      await scene.goLive();
      scene.relay.move();
      await scene.untilBack(30);
      await scene.assertLiveAsBefore();
    });
  }

  for (const restart of [405, 501, 'ignored', 'hang'] as const) {
    test(`that ends with ${restart} where the old path lives again keeps the session`, async (scene) => {
      await scene.goLive();
      scene.ingest.quirks = { restart, restartDelay: 1000 };
      scene.relay.udp({ cut: 'both' });
      await until('it is asked for', () => scene.restarts.length === 1, 10);
      scene.relay.udp({ cut: 'none' });
      await scene.untilBack(15);
      await delay(3000);
      assert.equal(scene.posts.length, 1);
      await scene.assertLiveAsBefore();
    });
  }

  if (!isChromium) return;

  test('that wants "*" in quotes leads back, in this session or in another', async (scene) => {
    scene.ingest.quirks = { restart: 'unless-quoted' };
    await scene.goLive();
    scene.relay.move();
    await scene.untilBack(15);
    assert.ok(scene.relay.attempts.length <= 2);
    await scene.assertLiveAsBefore();
  });

  test.quick('that wants a whole description leads back, in this session or in another', async (scene) => {
    scene.ingest.quirks = { restart: 'unless-wrapped' };
    await scene.goLive();
    scene.relay.move();
    await scene.untilBack(15);
    assert.ok(scene.relay.attempts.length <= 2);
    await scene.assertLiveAsBefore();
  });

  test('that was refused is tried once more in the next session, and no more often', async (scene) => {
    scene.ingest.quirks = { restart: 405 };
    await scene.goLive();
    scene.relay.move();
    await scene.untilBack(20);
    const before = scene.restarts.length;
    assert.ok(before >= 1);
    await delay(1500);
    scene.relay.move();
    await until('there is a third session', () => scene.relay.attempts.length === 3, 15);
    await scene.untilTold('broadcasting');
    await until('it is back', async () => (await scene.names()).at(-1) === 'broadcasting', 15);
    assert.equal(scene.restarts.length, before + 1);
    await scene.assertLiveAsBefore();
  });
});
