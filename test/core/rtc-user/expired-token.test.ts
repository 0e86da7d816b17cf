import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimsOf, isExpired } from '../../../src/core/whip/jwt.js';
import { TestRig } from '../support/test-rig.js';

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const inSeconds = (rig: TestRig, seconds: number) => jwtOf({ exp: rig.clock.now() / 1000 + seconds });

describe('a token that is over', () => {
  for (const status of [401, 403]) {
    it(`ends a broadcast at its first reconnection, where the server refuses it with ${status}`, async () => {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive({ jwt: inSeconds(rig, 60) });
      await rig.clock.advance(90_000);
      rig.events.length = 0;
      rig.server.always('POST', { status });
      rig.loseServer();
      await rig.clock.advance(60_000);
      assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'BroadcastError 103003']);
      assert.equal(rig.server.of('POST').length, 2);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0]);
    });
  }

  it('ends nothing while the server takes it: its clock decides', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive({ jwt: inSeconds(rig, 60) });
    await rig.clock.advance(90_000);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
  });

  it('is asked for once more, after a 403 too', async () => {
    const rig = new TestRig({ reconnect: {} });
    const tokens = [inSeconds(rig, 60), inSeconds(rig, 60), inSeconds(rig, 3_600)];
    await rig.goLive({ tokenProvider: () => tokens.shift() ?? '' });
    await rig.clock.advance(90_000);
    rig.server.next('POST', { status: 403 });
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.of('POST').length, 3);
  });

  it('is asked for once more by a running session, after a 403 too: it is restarted and deleted', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.restartsIce = true;
    const tokens = [60, 90, 3_600].map((seconds) => inSeconds(rig, seconds));
    await rig.goLive({ tokenProvider: () => tokens.shift() ?? '' });
    await rig.clock.advance(70_000);
    rig.server.next('PATCH', { status: 403 });
    rig.peer.isDeaf = true;
    await rig.untilStatus('broadcasting');
    assert.equal(rig.user.report.outages[0]?.recoveredBy, 'ice-restart');
    await rig.clock.advance(60_000);
    rig.server.next('DELETE', { status: 403 });
    void rig.user.stopBroadcast();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.sessions.size, 0);
    assert.equal(rig.server.of('POST').length, 1);
  });

  it('ends a first start with 103003', async () => {
    const rig = new TestRig();
    rig.server.always('POST', { status: 403 });
    rig.begin({ jwt: inSeconds(rig, -1) });
    await rig.clock.advance(1_000);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 103003');
  });

  it('is not what a 403 says of a valid one, which may be our own ghost', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive({ jwt: inSeconds(rig, 3_600) });
    rig.server.next('POST', { status: 403 });
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.outline().includes('BroadcastError 103003'), false);
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
      const rig = new TestRig();
      rig.server.always('POST', { status: 404 });
      rig.begin({ jwt: jwtOf(claims) });
      await rig.clock.advance(1_000);
      assert.equal(rig.outline().at(-1), `StartBroadcastError ${code}`);
    }
    assert.deepEqual(claimsOf(jwtOf({ streamname: 'show' })), { streamname: 'show' });
  });
});
