import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, ENDPOINT, Studio } from '../support/test-rig.js';

describe('signing in', () => {
  it('checks that the server can be reached, without credentials and without the query', async () => {
    const studio = new Studio();
    void studio.signIn({ server: `wss://media.example/studio/whip?key=secret`, jwt: 'secret' });
    assert.equal(studio.user.isSignedIn(), false);
    await studio.clock.advance(100);
    assert.equal(studio.user.isSignedIn(), true);
    const { method, url, headers, init } = studio.server.last('HEAD');
    assert.deepEqual([method, url, headers], ['HEAD', ENDPOINT, {}]);
    assert.equal(init.credentials, 'omit');
    assert.deepEqual(studio.last('SignInSuccess').data, { server: 'wss://media.example/studio/whip', userId: '' });
    assert.equal(studio.server.requests.length, 1);
  });

  it('takes any answer for a sign of life: only the start shows whether a token is right', async () => {
    for (const status of [200, 204, 401, 404, 405, 500]) {
      const studio = new Studio();
      studio.server.next('HEAD', { status });
      void studio.signIn();
      await studio.clock.advance(100);
      assert.deepEqual(studio.outline(), ['SignInSuccess']);
    }
  });

  it('fails with 4000 where the server cannot be reached, at once or within 5 s', async () => {
    for (const script of ['network error', 'no answer'] as const) {
      const studio = new Studio();
      studio.server.next('HEAD', script);
      void studio.signIn();
      await studio.clock.advance(5_000);
      assert.deepEqual(studio.outline(), ['SignInError 4000']);
      assert.match(studio.last('SignInError').error.message, /https:\/\/media\.example/);
      assert.equal(studio.user.isSignedIn(), false);
      assert.equal(studio.clock.pending, 0);
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
      const studio = new Studio();
      void studio.signIn({ server: server as string });
      await studio.clock.advance(0);
      assert.deepEqual(studio.outline(), [`SignInError ${code}`]);
      assert.equal(studio.server.requests.length, 0);
    }
  });

  it('that is replaced by another one counts no more', async () => {
    const studio = new Studio();
    studio.server.next('HEAD', { after: 1_000 });
    const first = studio.signIn({ server: 'https://slow.example/whip' });
    const second = studio.signIn();
    await studio.clock.advance(2_000);
    assert.equal(await codeOf(first), 4000);
    await second;
    assert.equal(studio.user.isSignedIn(), true);
    assert.equal(studio.last('SignInSuccess').data.server, ENDPOINT);
  });

  it('is forgotten by signing out, after which nothing can start', async () => {
    const studio = new Studio();
    await studio.goLive();
    void studio.user.signOut();
    await studio.clock.advance(3_000);
    assert.deepEqual(studio.outline(), ['StopBroadcastSuccess', 'SignOutSuccess']);
    assert.equal(studio.server.sessions.size, 0);
    assert.equal(studio.user.isSignedIn(), false);
    assert.equal(await codeOf(studio.user.startBroadcast()), 4001);
  });

  it('in flight is ended by signing out', async () => {
    const studio = new Studio();
    const signIn = studio.signIn();
    void studio.user.signOut();
    await studio.clock.advance(100);
    assert.equal(await codeOf(signIn), 4000);
    assert.deepEqual(studio.outline().sort(), ['SignInError 4000', 'SignOutSuccess']);
    assert.equal(studio.user.isSignedIn(), false);
  });

  it('outlives a broadcast', async () => {
    const studio = new Studio();
    await studio.goLive();
    void studio.user.stopBroadcast();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.of('HEAD').length, 1);
    assert.equal(studio.server.sessions.size, 1);
  });

  it('keeps its broadcast while somebody signs in elsewhere', async () => {
    const studio = new Studio({ reconnect: {} });
    await studio.goLive({ jwt: 'first' });
    void studio.signIn({ server: 'https://other.example/whip', jwt: 'second' });
    await studio.clock.advance(1_000);
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.last('POST').url, ENDPOINT);
  });
});
