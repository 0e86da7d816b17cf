import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventName } from '../../../src/core/api/events.js';
import { codeOf, TestRig } from '../support/test-rig.js';
import { sweep } from '../support/runs.js';

const RECONNECT = { minDelay: 4, maxDelay: 8, maxRetries: 10 };

/** Every phase of a broadcast, and how to get there. */
const PHASES: Record<string, (rig: TestRig) => Promise<unknown>> = {
  'in the same moment': async (rig) => rig.begin(),
  'before the sign-in is answered': async (rig) => {
    rig.server.next('HEAD', { after: 3_000 });
    rig.begin();
    await rig.clock.advance(1_000);
  },
  'while the token is awaited': async (rig) => {
    const { clock } = rig;
    rig.begin({ tokenProvider: () => new Promise((resolve) => clock.setTimeout(() => resolve('late'), 3_000)) });
    await clock.advance(1_000);
  },
  'while the POST is awaited': async (rig) => {
    rig.server.next('POST', { after: 1_000 });
    rig.begin();
    await rig.clock.advance(500);
  },
  'while a slow POST is awaited': async (rig) => {
    rig.server.next('POST', { after: 8_000 });
    rig.begin();
    await rig.clock.advance(500);
  },
  'while the POST of a second token is awaited': async (rig) => {
    rig.server.next('POST', { status: 401 }, { after: 1_000 });
    let asked = 0;
    rig.begin({ tokenProvider: () => `token ${++asked}` });
    await rig.clock.advance(500);
  },
  'while candidates are gathered for the offer': async (rig) => {
    rig.server.next('PATCH', { status: 405 });
    rig.path.connectsAfter = null;
    rig.path.gatheredAfter = null;
    rig.begin();
    await rig.clock.advance(10_500);
    assert.equal(rig.peers.length, 2);
    assert.equal(rig.server.of('POST').length, 1);
  },
  'while the answer is being read': async (rig) => {
    rig.path.readsAnswerFor = 1_000;
    rig.begin();
    await rig.clock.advance(500);
    assert.equal(rig.server.opened, 1);
  },
  'between the 201 and the connection': async (rig) => {
    rig.path.connectsAfter = 5_000;
    rig.begin();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.opened, 1);
  },
  'while candidates are on their way': async (rig) => {
    rig.server.next('PATCH', { after: 2_000 });
    rig.path.connectsAfter = 5_000;
    rig.begin();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.of('PATCH').length, 1);
  },
  'when connected but not acknowledged': async (rig) => {
    rig.path.acknowledgesAfter = 5_000;
    rig.begin();
    await rig.untilStatus('connected');
  },
  'when live': (rig) => rig.goLive(),
  'when live for long': async (rig) => {
    await rig.goLive();
    await rig.clock.advance(60_000);
  },
  'during the wait before a repair': async (rig) => {
    rig.server.restartsIce = true;
    await rig.goLive();
    rig.losePath();
    await rig.clock.advance(1_000);
    assert.equal(rig.reconnect().method, 'ice-restart');
  },
  'while the PATCH of a repair is awaited': async (rig) => {
    rig.server.restartsIce = true;
    await rig.goLive();
    await rig.clock.advance(1_000);
    rig.server.next('PATCH', { after: 800 });
    rig.losePath();
    await rig.clock.advance(4_300);
    assert.deepEqual([rig.server.of('PATCH').length, rig.server.restarts], [2, 0]);
  },
  'between a repair and its media': async (rig) => {
    rig.server.restartsIce = true;
    await rig.goLive();
    rig.path.connectsAfter = 4_000;
    rig.losePath();
    await rig.clock.advance(4_500);
    assert.equal(rig.server.restarts, 1);
  },
  'between the two tries of a repair': async (rig) => {
    rig.server.restartsIce = true;
    await rig.goLive();
    await rig.clock.advance(1_000);
    rig.server.next('PATCH', { status: 503 });
    rig.losePath();
    await rig.clock.advance(4_500);
    assert.deepEqual([rig.server.of('PATCH').length, rig.reconnect().method], [2, 'ice-restart']);
  },
  'during the wait before an attempt': async (rig) => {
    await rig.goLiveWithoutRepair();
    rig.losePath();
    await rig.clock.advance(1_000);
    assert.equal(rig.reconnect().attempt, 1);
  },
  "during an attempt's POST": async (rig) => {
    await rig.goLiveWithoutRepair();
    rig.server.next('POST', { after: 1_000 });
    rig.losePath();
    await rig.clock.advance(4_500);
    assert.equal(rig.server.of('POST').length, 2);
  },
  "between an attempt's 201 and its connection": async (rig) => {
    await rig.goLiveWithoutRepair();
    rig.path.connectsAfter = 5_000;
    rig.losePath();
    await rig.clock.advance(4_500);
    assert.equal(rig.server.opened, 2);
  },
  'during the wait after a failed attempt': async (rig) => {
    await rig.goLiveWithoutRepair();
    rig.server.next('POST', { status: 503 });
    rig.losePath();
    await rig.clock.advance(5_000);
    assert.equal(rig.reconnect().attempt, 2);
  },
  'after a recovery': async (rig) => {
    await rig.goLive();
    rig.losePath();
    await rig.untilStatus('broadcasting');
  },
};

/** Stops, and sees that the stop is complete: what was told, and what is left on the server and in the clock. */
async function stopAndCheck(rig: TestRig): Promise<void> {
  const before = rig.events.length;
  let openAtTheEnd = NaN;
  const stop = rig.user.stopBroadcast();
  rig.user.on('StopBroadcastSuccess', () => (openAtTheEnd = rig.server.sessions.size));
  // What goes out in the very moment of the stop may: everything else is too late.
  await rig.clock.advance(0);
  const requestsBefore = rig.server.requests.length;
  await rig.clock.advance(2_600);
  await stop;
  const outline = rig.outline(before);
  assert.ok(outline.includes('StopBroadcastSuccess'), outline.join());
  const afterStop = outline.slice(outline.indexOf('StopBroadcastSuccess') + 1);
  assert.deepEqual(
    afterStop.filter((name) => name !== 'SignInSuccess'),
    [],
    'nothing comes after the stop',
  );
  assert.equal(outline.includes('StartBroadcastError'), false);
  await rig.clock.advance(300_000);
  assert.equal(rig.server.sessions.size, 0, 'no session is left');
  assert.ok(Number.isInteger(openAtTheEnd));
  const further = rig.server.requests.slice(requestsBefore).map(({ method }) => method);
  assert.deepEqual(
    further.filter((method) => method !== 'DELETE' && method !== 'HEAD'),
    [],
    'no further request',
  );
  assert.equal(rig.clock.pending, 0, 'no timer is left');
  for (const peer of rig.peers) assert.equal(peer.connectionState, 'closed', peer.name);
  assert.deepEqual(rig.outline(before), outline, 'and nothing comes later');
}

describe('stopping', () => {
  for (const [phase, reach] of Object.entries(PHASES)) {
    it(`${phase} is told as StopBroadcastSuccess and leaves nothing behind`, async () => {
      const rig = new TestRig({ reconnect: RECONNECT });
      await reach(rig);
      await stopAndCheck(rig);
    });

    it(`${phase} lets the next start go live`, async () => {
      const rig = new TestRig({ reconnect: RECONNECT });
      await reach(rig);
      void rig.user.stopBroadcast();
      Object.assign(rig.path, { connectsAfter: 40, acknowledgesAfter: 60, gatheredAfter: 20, readsAnswerFor: 0 });
      void rig.user.startBroadcast();
      await rig.untilStatus('StartBroadcastSuccess');
      await rig.clock.advance(20_000);
      assert.equal(rig.server.sessions.size, 1);
    });
  }

  it('is over only once the server has ended the session, which a new start would collide with', async () => {
    for (const phase of ['while the POST is awaited', 'between the 201 and the connection', 'when live']) {
      const rig = new TestRig();
      await PHASES[phase]?.(rig);
      let isOver = false;
      void rig.user.stopBroadcast().then(() => (isOver = true));
      await rig.clock.advanceUntil(() => isOver);
      assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 0], phase);
    }
  });

  it('does not wait longer than 2.5 s for a server that does not answer', async () => {
    const rig = new TestRig();
    await rig.goLive();
    rig.server.always('DELETE', 'no answer');
    void rig.user.stopBroadcast();
    await rig.clock.advance(2_500);
    assert.deepEqual(rig.outline(), ['StopBroadcastSuccess']);
    assert.equal(rig.clock.pending, 1, 'DELETE is sent again later');
    rig.server.always('DELETE', null);
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.server.sessions.size, rig.clock.pending, rig.networkWatchers], [0, 0, 0]);
    assert.deepEqual(rig.outline(), ['StopBroadcastSuccess']);
  });

  it('succeeds whatever the server answers to the DELETE (T8)', async () => {
    for (const script of [{ status: 404 }, { status: 405 }, { status: 500 }, 'network error'] as const) {
      const rig = new TestRig();
      await rig.goLive();
      rig.server.next('DELETE', script);
      void rig.user.stopBroadcast();
      await rig.clock.advance(100);
      assert.deepEqual(rig.outline(), ['StopBroadcastSuccess']);
    }
  });

  it('fails with 5003 where nothing runs, and while it stops already', async () => {
    const rig = new TestRig();
    assert.equal(await codeOf(rig.user.stopBroadcast()), 5003);
    await rig.goLive();
    void rig.user.stopBroadcast();
    assert.equal(await codeOf(rig.user.stopBroadcast()), 5003);
    await rig.clock.advance(100);
    assert.deepEqual(rig.outline().sort(), ['StopBroadcastError 5003', 'StopBroadcastSuccess']);
  });

  it('rejects the promise of a start that it ends', async () => {
    const rig = new TestRig();
    void rig.signIn();
    rig.giveStream();
    const start = rig.user.startBroadcast();
    await rig.clock.advance(15);
    void rig.user.stopBroadcast();
    await rig.clock.advance(100);
    assert.equal(await codeOf(start), 5001);
    assert.equal(
      rig.outline().some((name) => name.startsWith('StartBroadcastError')),
      false,
    );
  });

  it('is not followed by the failure of a sign-in or a token that the start has waited for', async () => {
    for (const reach of ['before the sign-in is answered', 'while the token is awaited']) {
      const rig = new TestRig();
      rig.server.next('HEAD', reach.includes('sign-in') ? 'no answer' : {});
      const tokenProvider = () =>
        new Promise<string>((_, reject) => rig.clock.setTimeout(() => reject(new Error('no token')), 3_000));
      rig.begin({ tokenProvider });
      await rig.clock.advance(1_000);
      void rig.user.stopBroadcast();
      await rig.clock.advance(20_000);
      const failures = rig.outline().filter((name) => name.startsWith('StartBroadcastError'));
      assert.deepEqual(failures, [], reach);
    }
  });

  it('asks for no token any more', async () => {
    const rig = new TestRig();
    let asked = 0;
    rig.server.next('POST', { status: 401, after: 1_000 });
    rig.begin({ tokenProvider: () => `token ${++asked}` });
    await rig.clock.advance(500);
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    assert.equal(asked, 1);
  });

  it('keeps the preview', async () => {
    const rig = new TestRig();
    void rig.user.startPreview();
    void rig.signIn();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    void rig.user.stopBroadcast();
    await rig.clock.advance(100);
    assert.ok(rig.devices.tracks.every(({ readyState }) => readyState === 'live'));
  });

  for (const name of ['BroadcastStatus', 'StartBroadcastSuccess'] as EventName[]) {
    it(`from inside any handler of ${name} leaves nothing behind`, async () => {
      for (const nth of [1, 2, 3, 4, 5, 6]) {
        const rig = new TestRig({ reconnect: RECONNECT });
        let left = nth;
        let stop: Promise<void> | undefined;
        rig.user.on(name, () => {
          if (--left === 0) stop = rig.user.stopBroadcast();
        });
        rig.begin();
        await rig.clock.advance(5_000);
        if (!stop) rig.losePath();
        await rig.clock.advance(60_000);
        if (name === 'StartBroadcastSuccess' && nth > 1) continue;
        assert.ok(stop, `event ${nth} came`);
        assert.equal(rig.outline().at(-1), 'StopBroadcastSuccess');
        assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0], `after event ${nth}`);
      }
    });
  }

  // Between two steps of the engine, where a connection is neither the old one's nor the new one's yet.
  it('in any moment from the start to after a recovery, down to the single microtask, leaves nothing behind', async () => {
    const failures = new Map<string, string[]>();
    for (let timers = 0; timers <= 20; timers++) {
      for (const microtasks of sweep(0, 30, timers)) {
        const rig = new TestRig({ reconnect: { minDelay: 1, maxDelay: 2 } });
        await rig.reachMoment(timers, microtasks);
        await stopAndCheck(rig).catch(({ message }: Error) => {
          failures.set(message, [...(failures.get(message) ?? []), `${timers} timers and ${microtasks} microtasks`]);
        });
      }
    }
    assert.deepEqual(Object.fromEntries(failures), {});
  });

  it('between a loss by the server and what follows it leaves nothing behind', async () => {
    for (let microtasks = 0; microtasks <= 12; microtasks++) {
      const rig = new TestRig({ reconnect: RECONNECT });
      await rig.goLive();
      rig.loseServer();
      for (let passed = 0; passed < microtasks; passed++) await null;
      await stopAndCheck(rig);
      assert.equal(rig.networkWatchers, 0, `after ${microtasks} microtasks`);
    }
  });

  it('in any moment of a repair, down to the single microtask, leaves nothing behind', async () => {
    const failures = new Map<string, string[]>();
    let [repairs, moments] = [0, 0];
    for (const connectsAfter of [40, null]) {
      for (let timers = 7; timers <= 24; timers++) {
        for (const microtasks of sweep(0, 30, timers)) {
          const rig = new TestRig({ reconnect: { minDelay: 1, maxDelay: 2 } });
          rig.server.restartsIce = true;
          rig.user.once('StartBroadcastSuccess', () => (rig.path.connectsAfter = connectsAfter));
          await rig.reachMoment(timers, microtasks);
          moments += 1;
          if (rig.outline().at(-1) === 'reconnecting_broadcast') repairs += 1;
          await stopAndCheck(rig).catch(({ message }: Error) => {
            failures.set(message, [...(failures.get(message) ?? []), `${timers} timers and ${microtasks} microtasks`]);
          });
        }
      }
    }
    assert.deepEqual(Object.fromEntries(failures), {});
    assert.ok(repairs > moments / 4, `${repairs} of ${moments} moments are of a repair`);
  });
});
