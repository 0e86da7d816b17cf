import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Method, Script } from '../support/fake-whip-server.js';
import { Studio } from '../support/studio.js';

/** What a page, a server and a network may do, in any order. */
const ACTIONS: Record<string, (studio: Studio) => unknown> = {
  signIn: (studio) => studio.signIn({ jwt: 'token' }),
  signOut: ({ user }) => user.signOut(),
  start: ({ user }) => user.startBroadcast(),
  stop: ({ user }) => user.stopBroadcast(),
  preview: ({ user }) => user.startPreview({ videoDeviceConfig: { device: 1 } }),
  stopPreview: ({ user }) => user.stopPreview(),
  giveStream: (studio) => studio.giveStream(),
  mute: ({ user }) => user.muteDevice({ kind: 'audioinput', mute: true }),
  reconnectOff: ({ user }) => user.setConfig({ reconnect: { maxRetries: 0 } }),
  reconnectOn: ({ user }) => user.setConfig({ reconnect: { maxRetries: 3, minDelay: 1, maxDelay: 3 } }),
  bitrates: ({ user }) => user.setConfig({ bitrates: { videoSendBitrate: 1000 } }),
  losePath: (studio) => studio.peers.at(-1)?.become('failed'),
  loseServer: (studio) => studio.peers.at(-1)?.transport.become('closed'),
  disconnect: (studio) => studio.peers.at(-1)?.become('disconnected'),
  noMedia: ({ path }) => (path.acknowledgesAfter = null),
  media: ({ path }) => (path.acknowledgesAfter = 60),
  noConnection: ({ path }) => (path.connectsAfter = null),
  connection: ({ path }) => (path.connectsAfter = 40),
  slowAnswer: ({ path }) => (path.readsAnswerFor = 500),
  quickAnswer: ({ path }) => (path.readsAnswerFor = 0),
  noGathering: ({ path }) => (path.gatheredAfter = null),
  noToken: (studio) => studio.signIn({ tokenProvider: () => Promise.reject(new Error('no token')) }),
  lateToken: (studio) =>
    studio.signIn({
      tokenProvider: () => new Promise((resolve) => studio.clock.setTimeout(() => resolve('late'), 700)),
    }),
};

const script: fc.Arbitrary<[Method, Script]> = fc.oneof(
  fc.tuple(
    fc.constant('POST' as const),
    fc.constantFrom<Script>({ status: 401 }, { status: 503 }, { after: 9_990 }, { after: 12_000 }, 'network error', {
      body: 'x',
    }),
  ),
  fc.tuple(fc.constant('PATCH' as const), fc.constantFrom<Script>({ status: 405 }, { status: 404 }, 'no answer')),
  fc.tuple(fc.constant('HEAD' as const), fc.constantFrom<Script>('network error', 'no answer', { after: 500 })),
);
const step = fc.record({
  action: fc.oneof(fc.constantFrom(...Object.keys(ACTIONS)), script),
  milliseconds: fc.constantFrom(0, 0, 0, 5, 10, 40, 100, 1_000, 3_000, 11_000),
  microtasks: fc.nat(12),
});

describe('any sequence of what a page, a server and a network do', () => {
  it('ends, once stopped, with no session, no timer, no further status and every promise settled', async () => {
    const unhandled: unknown[] = [];
    const collect = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', collect);
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
          const studio = new Studio({ reconnect: { maxRetries: 3, minDelay: 1, maxDelay: 3 } });
          studio.begin();
          const outcomes: Promise<unknown>[] = [];
          for (const { action, milliseconds, microtasks } of steps) {
            if (typeof action === 'string') outcomes.push(Promise.resolve(ACTIONS[action]?.(studio)));
            else studio.server.next(...action);
            if (milliseconds > 0) await studio.clock.advance(milliseconds);
            for (let passed = 0; passed < microtasks; passed++) await null;
          }
          void studio.user.stopBroadcast();
          await studio.clock.advance(3_000);
          const end = studio.events.length;
          await studio.clock.advance(200_000);
          const late = studio.outline(end).filter((name) => !name.startsWith('SignIn'));
          assert.deepEqual(late, []);
          assert.deepEqual([studio.server.sessions.size, studio.clock.pending, unhandled], [0, 0, []]);
          for (const peer of studio.peers) assert.equal(peer.connectionState, 'closed');
          checkOrder(studio.outline());
          let settled = 0;
          for (const outcome of outcomes) outcome.finally(() => settled++).catch(() => undefined);
          await studio.clock.advance(0);
          assert.equal(settled, outcomes.length, 'every promise has settled');
        }),
        { numRuns: 2_000 },
      );
    } finally {
      process.off('unhandledRejection', collect);
    }
  });
});

/** Statuses come only between the first one of a start and what ends the broadcast, in the order of design 2.4. */
function checkOrder(outline: string[]): void {
  let isLive = false;
  for (const [index, name] of outline.entries()) {
    const told = outline.slice(0, index + 1).join(', ');
    if (name === 'signalling') {
      assert.ok(!isLive, told);
      isLive = true;
    }
    if (['connected', 'broadcasting', 'reconnecting_broadcast', 'StartBroadcastSuccess'].includes(name)) {
      assert.ok(isLive, told);
    }
    if (/^(StopBroadcastSuccess|BroadcastError|StartBroadcastError (?!1006))/.test(name)) isLive = false;
  }
}
