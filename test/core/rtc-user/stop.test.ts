import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventName } from '../../../src/core/api/events.js';
import { codeOf, Studio } from '../support/test-rig.js';

const RECONNECT = { minDelay: 4, maxDelay: 8, maxRetries: 10 };

/** Every phase of a broadcast, and how to get there. */
const PHASES: Record<string, (studio: Studio) => Promise<unknown>> = {
  'in the same moment': async (studio) => studio.begin(),
  'before the sign-in is answered': async (studio) => {
    studio.server.next('HEAD', { after: 3_000 });
    studio.begin();
    await studio.clock.advance(1_000);
  },
  'while the token is awaited': async (studio) => {
    const { clock } = studio;
    studio.begin({ tokenProvider: () => new Promise((resolve) => clock.setTimeout(() => resolve('late'), 3_000)) });
    await clock.advance(1_000);
  },
  'while the POST is awaited': async (studio) => {
    studio.server.next('POST', { after: 1_000 });
    studio.begin();
    await studio.clock.advance(500);
  },
  'while a slow POST is awaited': async (studio) => {
    studio.server.next('POST', { after: 8_000 });
    studio.begin();
    await studio.clock.advance(500);
  },
  'while the POST of a second token is awaited': async (studio) => {
    studio.server.next('POST', { status: 401 }, { after: 1_000 });
    let asked = 0;
    studio.begin({ tokenProvider: () => `token ${++asked}` });
    await studio.clock.advance(500);
  },
  'while candidates are gathered for the offer': async (studio) => {
    studio.server.next('PATCH', { status: 405 });
    studio.path.connectsAfter = null;
    studio.path.gatheredAfter = null;
    studio.begin();
    await studio.clock.advance(10_500);
    assert.equal(studio.peers.length, 2);
    assert.equal(studio.server.of('POST').length, 1);
  },
  'while the answer is being read': async (studio) => {
    studio.path.readsAnswerFor = 1_000;
    studio.begin();
    await studio.clock.advance(500);
    assert.equal(studio.server.opened, 1);
  },
  'between the 201 and the connection': async (studio) => {
    studio.path.connectsAfter = 5_000;
    studio.begin();
    await studio.clock.advance(1_000);
    assert.equal(studio.server.opened, 1);
  },
  'while candidates are on their way': async (studio) => {
    studio.server.next('PATCH', { after: 2_000 });
    studio.path.connectsAfter = 5_000;
    studio.begin();
    await studio.clock.advance(1_000);
    assert.equal(studio.server.of('PATCH').length, 1);
  },
  'when connected but not acknowledged': async (studio) => {
    studio.path.acknowledgesAfter = 5_000;
    studio.begin();
    await studio.untilStatus('connected');
  },
  'when live': (studio) => studio.goLive(),
  'when live for long': async (studio) => {
    await studio.goLive();
    await studio.clock.advance(60_000);
  },
  'during the wait before a repair': async (studio) => {
    studio.server.restartsIce = true;
    await studio.goLive();
    studio.losePath();
    await studio.clock.advance(1_000);
    assert.equal(studio.reconnect().rung, 'repair');
  },
  'while the PATCH of a repair is awaited': async (studio) => {
    studio.server.restartsIce = true;
    await studio.goLive();
    await studio.clock.advance(1_000);
    studio.server.next('PATCH', { after: 800 });
    studio.losePath();
    await studio.clock.advance(4_300);
    assert.deepEqual([studio.server.of('PATCH').length, studio.server.restarts], [2, 0]);
  },
  'between a repair and its media': async (studio) => {
    studio.server.restartsIce = true;
    await studio.goLive();
    studio.path.connectsAfter = 4_000;
    studio.losePath();
    await studio.clock.advance(4_500);
    assert.equal(studio.server.restarts, 1);
  },
  'between the two tries of a repair': async (studio) => {
    studio.server.restartsIce = true;
    await studio.goLive();
    await studio.clock.advance(1_000);
    studio.server.next('PATCH', { status: 503 });
    studio.losePath();
    await studio.clock.advance(4_500);
    assert.deepEqual([studio.server.of('PATCH').length, studio.reconnect().rung], [2, 'repair']);
  },
  'during the wait before an attempt': async (studio) => {
    await studio.goLiveWithoutRepair();
    studio.losePath();
    await studio.clock.advance(1_000);
    assert.equal(studio.reconnect().attempt, 1);
  },
  "during an attempt's POST": async (studio) => {
    await studio.goLiveWithoutRepair();
    studio.server.next('POST', { after: 1_000 });
    studio.losePath();
    await studio.clock.advance(4_500);
    assert.equal(studio.server.of('POST').length, 2);
  },
  "between an attempt's 201 and its connection": async (studio) => {
    await studio.goLiveWithoutRepair();
    studio.path.connectsAfter = 5_000;
    studio.losePath();
    await studio.clock.advance(4_500);
    assert.equal(studio.server.opened, 2);
  },
  'during the wait after a failed attempt': async (studio) => {
    await studio.goLiveWithoutRepair();
    studio.server.next('POST', { status: 503 });
    studio.losePath();
    await studio.clock.advance(5_000);
    assert.equal(studio.reconnect().attempt, 2);
  },
  'after a recovery': async (studio) => {
    await studio.goLive();
    studio.losePath();
    await studio.untilStatus('broadcasting');
  },
};

/** Stops, and sees that the stop is complete: what was told, and what is left on the server and in the clock. */
async function stopAndCheck(studio: Studio): Promise<void> {
  const before = studio.events.length;
  let openAtTheEnd = NaN;
  const stop = studio.user.stopBroadcast();
  studio.user.on('StopBroadcastSuccess', () => (openAtTheEnd = studio.server.sessions.size));
  // What goes out in the very moment of the stop may: everything else is too late.
  await studio.clock.advance(0);
  const requestsBefore = studio.server.requests.length;
  await studio.clock.advance(2_600);
  await stop;
  const outline = studio.outline(before);
  assert.ok(outline.includes('StopBroadcastSuccess'), outline.join());
  const afterStop = outline.slice(outline.indexOf('StopBroadcastSuccess') + 1);
  assert.deepEqual(
    afterStop.filter((name) => name !== 'SignInSuccess'),
    [],
    'nothing comes after the stop',
  );
  assert.equal(outline.includes('StartBroadcastError'), false);
  await studio.clock.advance(300_000);
  assert.equal(studio.server.sessions.size, 0, 'no session is left');
  assert.ok(Number.isInteger(openAtTheEnd));
  const further = studio.server.requests.slice(requestsBefore).map(({ method }) => method);
  assert.deepEqual(
    further.filter((method) => method !== 'DELETE' && method !== 'HEAD'),
    [],
    'no further request',
  );
  assert.equal(studio.clock.pending, 0, 'no timer is left');
  for (const peer of studio.peers) assert.equal(peer.connectionState, 'closed', peer.name);
  assert.deepEqual(studio.outline(before), outline, 'and nothing comes later');
}

describe('stopping', () => {
  for (const [phase, reach] of Object.entries(PHASES)) {
    it(`${phase} is told as StopBroadcastSuccess and leaves nothing behind`, async () => {
      const studio = new Studio({ reconnect: RECONNECT });
      await reach(studio);
      await stopAndCheck(studio);
    });

    it(`${phase} lets the next start go live`, async () => {
      const studio = new Studio({ reconnect: RECONNECT });
      await reach(studio);
      void studio.user.stopBroadcast();
      Object.assign(studio.path, { connectsAfter: 40, acknowledgesAfter: 60, gatheredAfter: 20, readsAnswerFor: 0 });
      void studio.user.startBroadcast();
      await studio.untilStatus('StartBroadcastSuccess');
      await studio.clock.advance(20_000);
      assert.equal(studio.server.sessions.size, 1);
    });
  }

  it('is over only once the server has ended the session, which a new start would collide with', async () => {
    for (const phase of ['while the POST is awaited', 'between the 201 and the connection', 'when live']) {
      const studio = new Studio();
      await PHASES[phase]?.(studio);
      let isOver = false;
      void studio.user.stopBroadcast().then(() => (isOver = true));
      await studio.clock.advanceUntil(() => isOver);
      assert.deepEqual([studio.server.opened, studio.server.sessions.size], [1, 0], phase);
    }
  });

  it('does not wait longer than 2.5 s for a server that does not answer', async () => {
    const studio = new Studio();
    await studio.goLive();
    studio.server.always('DELETE', 'no answer');
    void studio.user.stopBroadcast();
    await studio.clock.advance(2_500);
    assert.deepEqual(studio.outline(), ['StopBroadcastSuccess']);
    assert.equal(studio.clock.pending, 0);
  });

  it('succeeds whatever the server answers to the DELETE (T8)', async () => {
    for (const script of [{ status: 404 }, { status: 405 }, { status: 500 }, 'network error'] as const) {
      const studio = new Studio();
      await studio.goLive();
      studio.server.next('DELETE', script);
      void studio.user.stopBroadcast();
      await studio.clock.advance(100);
      assert.deepEqual(studio.outline(), ['StopBroadcastSuccess']);
    }
  });

  it('fails with 5003 where nothing runs, and while it stops already', async () => {
    const studio = new Studio();
    assert.equal(await codeOf(studio.user.stopBroadcast()), 5003);
    await studio.goLive();
    void studio.user.stopBroadcast();
    assert.equal(await codeOf(studio.user.stopBroadcast()), 5003);
    await studio.clock.advance(100);
    assert.deepEqual(studio.outline().sort(), ['StopBroadcastError 5003', 'StopBroadcastSuccess']);
  });

  it('rejects the promise of a start that it ends', async () => {
    const studio = new Studio();
    void studio.signIn();
    studio.giveStream();
    const start = studio.user.startBroadcast();
    await studio.clock.advance(15);
    void studio.user.stopBroadcast();
    await studio.clock.advance(100);
    assert.equal(await codeOf(start), 5001);
    assert.equal(
      studio.outline().some((name) => name.startsWith('StartBroadcastError')),
      false,
    );
  });

  it('is not followed by the failure of a sign-in or a token that the start has waited for', async () => {
    for (const reach of ['before the sign-in is answered', 'while the token is awaited']) {
      const studio = new Studio();
      studio.server.next('HEAD', reach.includes('sign-in') ? 'no answer' : {});
      const tokenProvider = () =>
        new Promise<string>((_, reject) => studio.clock.setTimeout(() => reject(new Error('no token')), 3_000));
      studio.begin({ tokenProvider });
      await studio.clock.advance(1_000);
      void studio.user.stopBroadcast();
      await studio.clock.advance(20_000);
      const failures = studio.outline().filter((name) => name.startsWith('StartBroadcastError'));
      assert.deepEqual(failures, [], reach);
    }
  });

  it('asks for no token any more', async () => {
    const studio = new Studio();
    let asked = 0;
    studio.server.next('POST', { status: 401, after: 1_000 });
    studio.begin({ tokenProvider: () => `token ${++asked}` });
    await studio.clock.advance(500);
    void studio.user.stopBroadcast();
    await studio.clock.advance(5_000);
    assert.equal(asked, 1);
  });

  it('keeps the preview', async () => {
    const studio = new Studio();
    void studio.user.startPreview();
    void studio.signIn();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    void studio.user.stopBroadcast();
    await studio.clock.advance(100);
    assert.ok(studio.devices.tracks.every(({ readyState }) => readyState === 'live'));
  });

  for (const name of ['BroadcastStatus', 'StartBroadcastSuccess'] as EventName[]) {
    it(`from inside any handler of ${name} leaves nothing behind`, async () => {
      for (const nth of [1, 2, 3, 4, 5, 6]) {
        const studio = new Studio({ reconnect: RECONNECT });
        let left = nth;
        let stop: Promise<void> | undefined;
        studio.user.on(name, () => {
          if (--left === 0) stop = studio.user.stopBroadcast();
        });
        studio.begin();
        await studio.clock.advance(5_000);
        if (!stop) studio.losePath();
        await studio.clock.advance(60_000);
        if (name === 'StartBroadcastSuccess' && nth > 1) continue;
        assert.ok(stop, `event ${nth} came`);
        assert.equal(studio.outline().at(-1), 'StopBroadcastSuccess');
        assert.deepEqual([studio.server.sessions.size, studio.clock.pending], [0, 0], `after event ${nth}`);
      }
    });
  }

  // Between two steps of the engine, where a connection is neither the old one's nor the new one's yet.
  it('in any moment from the start to after a recovery, down to the single microtask, leaves nothing behind', async () => {
    const failures = new Map<string, string[]>();
    for (let timers = 0; timers <= 20; timers++) {
      for (let microtasks = 0; microtasks <= 30; microtasks++) {
        const studio = new Studio({ reconnect: { minDelay: 1, maxDelay: 2 } });
        await studio.reachMoment(timers, microtasks);
        await stopAndCheck(studio).catch(({ message }: Error) => {
          failures.set(message, [...(failures.get(message) ?? []), `${timers} timers and ${microtasks} microtasks`]);
        });
      }
    }
    assert.deepEqual(Object.fromEntries(failures), {});
  });

  it('between a loss by the server and what follows it leaves nothing behind', async () => {
    for (let microtasks = 0; microtasks <= 12; microtasks++) {
      const studio = new Studio({ reconnect: RECONNECT });
      await studio.goLive();
      studio.loseServer();
      for (let passed = 0; passed < microtasks; passed++) await null;
      await stopAndCheck(studio);
      assert.equal(studio.networkWatchers, 0, `after ${microtasks} microtasks`);
    }
  });

  it('in any moment of a repair, down to the single microtask, leaves nothing behind', async () => {
    const failures = new Map<string, string[]>();
    let [repairs, moments] = [0, 0];
    for (const connectsAfter of [40, null]) {
      for (let timers = 7; timers <= 24; timers++) {
        for (let microtasks = 0; microtasks <= 30; microtasks++) {
          const studio = new Studio({ reconnect: { minDelay: 1, maxDelay: 2 } });
          studio.server.restartsIce = true;
          studio.user.once('StartBroadcastSuccess', () => (studio.path.connectsAfter = connectsAfter));
          await studio.reachMoment(timers, microtasks);
          moments += 1;
          if (studio.outline().at(-1) === 'reconnecting_broadcast') repairs += 1;
          await stopAndCheck(studio).catch(({ message }: Error) => {
            failures.set(message, [...(failures.get(message) ?? []), `${timers} timers and ${microtasks} microtasks`]);
          });
        }
      }
    }
    assert.deepEqual(Object.fromEntries(failures), {});
    assert.ok(repairs > moments / 4, `${repairs} of ${moments} moments are of a repair`);
  });
});
