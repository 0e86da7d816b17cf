import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, ENDPOINT, TestRig } from '../support/test-rig.js';

describe('signing in', () => {
  it('checks that the server can be reached, without credentials and without the query', async () => {
    const rig = new TestRig();
    void rig.signIn({ server: `wss://media.example/studio/whip?key=secret`, jwt: 'secret' });
    assert.equal(rig.user.isSignedIn(), false);
    await rig.clock.advance(100);
    assert.equal(rig.user.isSignedIn(), true);
    const { method, url, headers, init } = rig.server.last('HEAD');
    assert.deepEqual([method, url, headers], ['HEAD', ENDPOINT, {}]);
    assert.equal(init.credentials, 'omit');
    assert.deepEqual(rig.last('SignInSuccess').data, { server: 'wss://media.example/studio/whip', userId: '' });
    assert.equal(rig.server.requests.length, 1);
  });

  it('takes any answer for a sign of life: only the start shows whether a token is right', async () => {
    for (const status of [200, 204, 401, 404, 405, 500]) {
      const rig = new TestRig();
      rig.server.next('HEAD', { status });
      void rig.signIn();
      await rig.clock.advance(100);
      assert.deepEqual(rig.outline(), ['SignInSuccess']);
    }
  });

  it('fails with 4000 where the server cannot be reached, at once or within 5 s', async () => {
    for (const script of ['network error', 'no answer'] as const) {
      const rig = new TestRig();
      rig.server.next('HEAD', script);
      void rig.signIn();
      await rig.clock.advance(5_000);
      assert.deepEqual(rig.outline(), ['SignInError 4000']);
      assert.match(rig.last('SignInError').error.message, /https:\/\/media\.example/);
      assert.equal(rig.user.isSignedIn(), false);
      assert.equal(rig.clock.pending, 0);
    }
  });

  it('fails with 1001 or 1002 where there is no address, and asks no server', async () => {
    for (const [server, code] of [
      [undefined, 1001],
      [7, 1001],
      ['', 1002],
      ['http://media.example/whip', 1002],
      ['https://user:password@media.example/whip', 1002],
    ] as const) {
      const rig = new TestRig();
      void rig.signIn({ server: server as string });
      await rig.clock.advance(0);
      assert.deepEqual(rig.outline(), [`SignInError ${code}`]);
      assert.equal(rig.server.requests.length, 0);
    }
  });

  it('that is replaced by another one counts no more', async () => {
    const rig = new TestRig();
    rig.server.next('HEAD', { after: 1_000 });
    const first = rig.signIn({ server: 'https://slow.example/whip' });
    const second = rig.signIn();
    await rig.clock.advance(2_000);
    assert.equal(await codeOf(first), 4000);
    await second;
    assert.equal(rig.user.isSignedIn(), true);
    assert.equal(rig.last('SignInSuccess').data.server, ENDPOINT);
  });

  it('is forgotten by signing out, after which nothing can start', async () => {
    const rig = new TestRig();
    await rig.goLive();
    void rig.user.signOut();
    await rig.clock.advance(3_000);
    assert.deepEqual(rig.outline(), ['StopBroadcastSuccess', 'SignOutSuccess']);
    assert.equal(rig.server.sessions.size, 0);
    assert.equal(rig.user.isSignedIn(), false);
    assert.equal(await codeOf(rig.user.startBroadcast()), 4001);
  });

  it('in flight is ended by signing out', async () => {
    const rig = new TestRig();
    const signIn = rig.signIn();
    void rig.user.signOut();
    await rig.clock.advance(100);
    assert.equal(await codeOf(signIn), 4000);
    assert.deepEqual(rig.outline().sort(), ['SignInError 4000', 'SignOutSuccess']);
    assert.equal(rig.user.isSignedIn(), false);
  });

  it('outlives a broadcast', async () => {
    const rig = new TestRig();
    await rig.goLive();
    void rig.user.stopBroadcast();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.of('HEAD').length, 1);
    assert.equal(rig.server.sessions.size, 1);
  });

  it('keeps its broadcast while somebody signs in elsewhere', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive({ jwt: 'first' });
    void rig.signIn({ server: 'https://other.example/whip', jwt: 'second' });
    await rig.clock.advance(1_000);
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.last('POST').url, ENDPOINT);
  });
});
