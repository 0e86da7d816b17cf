import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimsOf, isExpired } from '../../../src/core/whip/jwt.js';
import { Studio } from '../support/test-rig.js';

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const inSeconds = (studio: Studio, seconds: number) => jwtOf({ exp: studio.clock.now() / 1000 + seconds });

describe('a token that is over', () => {
  for (const status of [401, 403]) {
    it(`ends a broadcast at its first reconnection, where the server refuses it with ${status}`, async () => {
      const studio = new Studio({ reconnect: {} });
      await studio.goLive({ jwt: inSeconds(studio, 60) });
      await studio.clock.advance(90_000);
      studio.events.length = 0;
      studio.server.always('POST', { status });
      studio.loseServer();
      await studio.clock.advance(60_000);
      assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'BroadcastError 103003']);
      assert.equal(studio.server.of('POST').length, 2);
      assert.deepEqual([studio.server.sessions.size, studio.clock.pending], [0, 0]);
    });
  }

  it('ends nothing while the server takes it: its clock decides', async () => {
    const studio = new Studio({ reconnect: {} });
    await studio.goLive({ jwt: inSeconds(studio, 60) });
    await studio.clock.advance(90_000);
    studio.loseServer();
    await studio.untilStatus('broadcasting');
  });

  it('is asked for once more, after a 403 too', async () => {
    const studio = new Studio({ reconnect: {} });
    const tokens = [inSeconds(studio, 60), inSeconds(studio, 60), inSeconds(studio, 3_600)];
    await studio.goLive({ tokenProvider: () => tokens.shift() ?? '' });
    await studio.clock.advance(90_000);
    studio.server.next('POST', { status: 403 });
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.of('POST').length, 3);
  });

  it('ends a first start with 103003', async () => {
    const studio = new Studio();
    studio.server.always('POST', { status: 403 });
    studio.begin({ jwt: inSeconds(studio, -1) });
    await studio.clock.advance(1_000);
    assert.equal(studio.outline().at(-1), 'StartBroadcastError 103003');
  });

  it('is not what a 403 says of a valid one, which may be our own ghost', async () => {
    const studio = new Studio({ reconnect: {} });
    await studio.goLive({ jwt: inSeconds(studio, 3_600) });
    studio.server.next('POST', { status: 403 });
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.outline().includes('BroadcastError 103003'), false);
  });

  it('says so by its claim alone', () => {
    assert.equal(isExpired(jwtOf({ exp: 10 }), 10_000), true);
    assert.equal(isExpired(jwtOf({ exp: 10 }), 9_999), false);
    for (const jwt of [null, undefined, '', 'opaque', 'a.b.c', jwtOf({}), jwtOf({ exp: '10' })]) {
      assert.equal(isExpired(jwt, 1e15), false);
    }
  });
});

describe('a token that names a stream', () => {
  it('has a 404 mean that stream, and else the address', async () => {
    for (const [claims, code] of [
      [{ streamname: 'show' }, 103004],
      [{}, 5001],
    ] as const) {
      const studio = new Studio();
      studio.server.always('POST', { status: 404 });
      studio.begin({ jwt: jwtOf(claims) });
      await studio.clock.advance(1_000);
      assert.equal(studio.outline().at(-1), `StartBroadcastError ${code}`);
    }
    assert.deepEqual(claimsOf(jwtOf({ streamname: 'show' })), { streamname: 'show' });
  });
});
