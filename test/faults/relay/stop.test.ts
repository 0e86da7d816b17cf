import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { GoLive } from '../../support/fault-page.js';
import { EVERY_SECOND } from '../../support/fault-studio.js';
import type { Scene } from '../../support/fault-relay-scene.js';
import { describeBehindRelay } from '../../support/fault-relay-suite.js';
import type { FaultyIngest } from '../../support/faulty-ingest.js';
import { until } from '../../support/page.js';

interface Phase {
  settings?: Partial<GoLive>;
  /** Brings the broadcast into the phase, before or after it is live. */
  reach: (scene: Scene<FaultyIngest>) => Promise<unknown>;
  /** Stands for its kind. */
  quick?: true;
}

const QUICK = { reconnect: EVERY_SECOND };

/** What is wrong before a start, and when its phase is reached. */
const STARTING: Record<
  string,
  { prepare: (scene: Scene<FaultyIngest>) => void; isReached: (scene: Scene<FaultyIngest>) => boolean; quick?: true }
> = {
  'while the server is asked': {
    prepare: ({ ingest }) => (ingest.quirks = { refuse: 'hang' }),
    isReached: ({ posts }) => posts.length === 1,
  },
  'while the server works on it': {
    quick: true,
    prepare: ({ ingest }) => (ingest.quirks = { slowAnswer: 1500 }),
    isReached: ({ ingest }) => ingest.sessions.length === 1,
  },
  'when there is a session but no media': {
    prepare: ({ relay }) => relay.udp({ cut: 'both' }),
    isReached: ({ posts }) => posts[0]?.status === 201,
  },
};

/** Starts; the outcome is that of `startBroadcast`, or nothing as long as there is none. */
function startIn(scene: Scene<FaultyIngest>, settings: Partial<GoLive> = {}): { outcome?: unknown } {
  const begun: { outcome?: unknown } = {};
  const started = scene.studio.start({ server: scene.relay.url(scene.ingest.endpoint), ...QUICK, ...settings });
  started.then((outcome) => (begun.outcome = outcome)).catch(() => undefined);
  return begun;
}

/** Phases of a recovery. */
const RECOVERING: Record<string, Phase> = {
  'while a repair waits': {
    settings: { reconnect: { minDelay: 6, maxDelay: 8, maxRetries: 8 } },
    reach: (scene) => {
      scene.relay.udp({ cut: 'both' });
      return scene.untilTold('reconnecting_broadcast', 10);
    },
  },
  'while a repair is asked for': {
    reach: (scene) => {
      scene.ingest.quirks = { restart: 'hang' };
      scene.relay.move();
      return until('it is asked for', () => scene.restarts.length === 1, 10);
    },
  },
  'while a repair is tried': {
    quick: true,
    reach: (scene) => {
      scene.relay.udp({ cut: 'both' });
      return until('it is answered', () => scene.restarts[0]?.status === 200, 10);
    },
  },
  'while a new session waits': {
    quick: true,
    settings: { reconnect: { minDelay: 4, maxDelay: 8, maxRetries: 8 } },
    reach: async (scene) => {
      await scene.ingest.endSessions();
      return scene.untilTold('reconnecting_broadcast', 10);
    },
  },
  'while a new session is asked for': {
    reach: async (scene) => {
      scene.ingest.quirks = { refuse: 'hang' };
      await scene.ingest.endSessions();
      return until('it is asked for', () => scene.posts.length === 2, 10);
    },
  },
  'when there is a new session but no media': {
    reach: async (scene) => {
      scene.ingest.quirks = { restart: 405 };
      scene.relay.udp({ cut: 'both' });
      return until('it is answered', () => scene.posts[1]?.status === 201, 15);
    },
  },
};

/** Stops, and sees that nothing is left or comes after it; `studio.end` sees to the session. */
async function assertStops(scene: Scene<FaultyIngest>): Promise<void> {
  scene.mark();
  await scene.studio.stop();
  assert.ok(scene.seconds < 6, `${scene.seconds} s`);
  assert.equal((await scene.studio.names()).at(-1), 'StopBroadcastSuccess');
  const posts = scene.posts.length;
  scene.relay.heal();
  scene.ingest.quirks = {};
  await delay(4000);
  assert.equal(scene.posts.length, posts, 'nothing is tried any more');
  assert.equal((await scene.studio.names()).at(-1), 'StopBroadcastSuccess');
}

describeBehindRelay(['chromium', 'firefox'], 'A broadcast that is stopped', (test) => {
  for (const [when, { prepare, isReached, quick }] of Object.entries(STARTING)) {
    const register = quick ? test.quick : test;
    register(`${when} leaves nothing behind`, async (scene) => {
      prepare(scene);
      const begun = startIn(scene);
      await until('it is that far', () => isReached(scene));
      await delay(300);
      await assertStops(scene);
      assert.ok(begun.outcome, 'the promise of the start has rejected');
      assert.ok(!(await scene.studio.names()).includes('StartBroadcastSuccess'));
    });
  }

  for (const stopAt of ['signalling', 'connected', 'broadcasting', 'reconnecting_broadcast']) {
    test(`in the moment of ${stopAt} leaves nothing behind`, async (scene) => {
      const begun = startIn(scene, { stopAt });
      if (stopAt === 'reconnecting_broadcast') {
        await until('it is live', async () => (await scene.studio.names()).includes('broadcasting'));
        scene.relay.move();
      }
      await until('it has stopped', async () => (await scene.studio.names()).includes('StopBroadcastSuccess'), 20);
      const names = await scene.studio.names();
      assert.equal(names.at(-1), 'StopBroadcastSuccess');
      assert.equal(names.at(-2), stopAt);
      await delay(4000);
      assert.deepEqual(await scene.studio.names(), names);
      assert.ok(scene.posts.length <= 1);
      assert.ok('outcome' in begun, 'the promise of the start has settled');
    });
  }

  for (const [when, { settings, reach, quick }] of Object.entries(RECOVERING)) {
    const register = quick ? test.quick : test;
    register(`${when} leaves nothing behind`, async (scene) => {
      await scene.goLive(settings ?? QUICK);
      await reach(scene);
      await assertStops(scene);
    });
  }
});
