import assert from 'node:assert/strict';
import { describeBehindRelay } from '../support/fault-relay-suite.js';
import { describeIn } from '../support/fault-studio.js';
import type { Quirks, Refusal } from '../support/faulty-ingest.js';

/** What one server is like, as its source and its users tell; docs/servers.md has it in words. */
interface Ways {
  quirks: Quirks;
  /** How it turns a broadcaster away while it still holds the session of before. */
  ghost?: Refusal;
  /** Whether a broadcast that has to take a new path keeps its session; left out where the session is on another host. */
  restartsIce?: boolean;
  token?: string;
  /** Stands for its kind: one that keeps the session, and one that makes a new one. */
  quick?: true;
}

const SERVERS: Record<string, Ways> = {
  MediaMTX: {
    quick: true,
    quirks: {
      location: 'query',
      etag: 'star',
      exposes: 'ETag, ID, Accept-Patch, Link, Location',
      restartShape: 'no-group',
      restartExposesNothing: true,
      probe: 405,
    },
    restartsIce: true,
  },
  "Janus's WHIP server with strict entity tags": {
    quirks: { exposes: 'Location, Link', patch: 412, restart: 'unless-quoted' },
    ghost: 403,
    restartsIce: true,
  },
  "LiveKit's ingress": {
    quirks: {
      etag: 'unquoted',
      exposes: 'Location',
      noCorsOnErrors: true,
      allowHeaders: '*',
      bareStarOnly: true,
      restart: 'unless-wrapped',
      restartShape: 'full-sdp-lf',
    },
    restartsIce: true,
  },
  "livekit-server's own WHIP": {
    quirks: { etag: 'unquoted', exposes: '*', patch: 204, restartDelay: 0 },
    restartsIce: true,
  },
  galene: {
    quirks: { exposes: 'Location, Content-Type, Link, ETag', restartExposesNothing: true, noCorsOnErrors: true },
    restartsIce: true,
  },
  OvenMediaEngine: {
    quirks: {
      location: 'query',
      etag: 'unquoted',
      exposes: 'Location, Link, ETag',
      patch: 204,
      restart: 'ignored',
      noCorsOnErrors: true,
      plainErrors: true,
    },
    ghost: 409,
    restartsIce: false,
  },
  SRS: {
    quick: true,
    quirks: { location: 'query', etag: 'none', exposes: '*', allowHeaders: '*', patch: 'publish' },
    ghost: 'reset',
    restartsIce: false,
  },
  'Broadcast Box': {
    quirks: { etag: 'none', exposes: '*', allowHeaders: '*', patch: 204, restart: 400, delete: 204 },
    ghost: 400,
    restartsIce: false,
  },
  strom: { quirks: {}, ghost: 503 },
  'Cloudflare Stream': { quirks: { patch: 204, restart: 'ignored' }, restartsIce: false },
  'Dolby Millicast': { quirks: { location: 'other-host', plainErrors: true } },
  'AWS IVS': { quirks: { redirect: '307-cross-origin', token: 'secret' }, token: 'secret' },
};

/** Seconds for which the old session is held. */
const STALE_SESSION_SECONDS = 1.5;

describeIn(['chromium'], 'A broadcast that the server has ended', (test) => {
  for (const [server, { quirks, ghost, token, quick }] of Object.entries(SERVERS)) {
    const register = quick ? test.quick : test;
    register(`comes back on a server with the ways of ${server}`, async (studio, ingest) => {
      const conflict = ghost && { conflict: { answer: ghost, seconds: STALE_SESSION_SECONDS } };
      ingest.quirks = quirks;
      await studio.lose({ ...quirks, ...conflict }, token ? { tokens: [token] } : {});
      const told = await studio.untilBack();
      const names = told.map(({ name }) => name);
      assert.deepEqual(names.slice(-2), ['connected', 'broadcasting']);
      assert.ok(!names.some((name) => name.includes('Error')), names.join());
      assert.deepEqual(await studio.sent(), [false, true]);
      assert.equal(ingest.sessions.length, 1);
      await studio.stop();
      // The one that was lost may be deleted again meanwhile.
      assert.ok(ingest.deleted.includes(ingest.requests('POST').at(-1)?.session ?? ''), ingest.deleted.join());
    });
  }
});

describeBehindRelay(['chromium'], 'A broadcast that has to take a new path', (test) => {
  for (const [server, { quirks, restartsIce, quick }] of Object.entries(SERVERS)) {
    if (restartsIce === undefined) continue;
    const way = restartsIce ? 'keeps its session' : 'gets a new session';
    const register = quick ? test.quick : test;
    register(`${way} on a server with the ways of ${server}`, async (scene) => {
      scene.ingest.quirks = quirks;
      await scene.goLive();
      scene.relay.move();
      const told = await scene.untilBack(45);
      const method = told.findLast(({ reconnect }) => reconnect)?.reconnect?.method;
      assert.equal(method, restartsIce ? 'ice-restart' : 'new-session');
      await scene.assertLiveAsBefore();
    });
  }
});
