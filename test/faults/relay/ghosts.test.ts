import assert from 'node:assert/strict';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';

const PATIENT = { minDelay: 1, maxDelay: 3, maxRetries: 40 };
const STALE_SESSION_SECONDS = 35;

describeBehindRelay(['chromium', 'firefox'], 'A server after a silent loss', (test, name) => {
  for (const answer of name === 'chromium' ? ([409, 403] as const) : ([409] as const)) {
    test(`that holds the old session and answers ${answer} for ${STALE_SESSION_SECONDS} s gives a new one then`, async (scene) => {
      await scene.goLive({ reconnect: PATIENT });
      scene.ingest.quirks = { restart: 405, delete: 405, conflict: { answer, seconds: STALE_SESSION_SECONDS } };
      scene.relay.move();
      await scene.untilBack(75);
      const statuses = scene.posts.map(({ status }) => status);
      assert.deepEqual([...new Set(statuses)], [201, answer]);
      assert.equal(statuses.at(-1), 201);
      assert.equal(scene.ingest.sessions.length, 1);
      scene.ingest.quirks = {};
      await scene.assertLiveAsBefore();
    }, 140);
  }

  test.quick(
    'that takes a second and a half to answer a POST gives a new session at the first attempt',
    async (scene) => {
      await scene.goLive({ reconnect: PATIENT });
      scene.ingest.quirks = { restart: 405, slowAnswer: 1500 };
      scene.relay.move();
      const told = await scene.untilBack(40);
      assert.equal(told.findLast(({ reconnect }) => reconnect)?.reconnect?.attempt, 1);
      await scene.assertLiveAsBefore();
    },
  );
});
