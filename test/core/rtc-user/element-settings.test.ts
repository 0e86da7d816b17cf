import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ElementHost } from '../support/element-host.js';
import { restartsOf } from '../support/ice-restarts.js';

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const authorizationOf = ({ rig }: ElementHost) => rig.server.last('POST').headers['authorization'];

async function reconnect({ rig }: ElementHost): Promise<void> {
  rig.loseServer();
  await rig.untilStatus('broadcasting');
}

describe('a token that the page sets while live', () => {
  it('is used for the next session', async () => {
    const host = new ElementHost({ token: 'old' });
    await host.goLive();
    assert.equal(authorizationOf(host), 'Bearer old');
    host.set({ token: 'fresh' });
    await reconnect(host);
    assert.equal(authorizationOf(host), 'Bearer fresh');
  });

  it('is used where there was none before', async () => {
    const host = new ElementHost();
    await host.goLive();
    host.set({ token: 'fresh' });
    await reconnect(host);
    assert.equal(authorizationOf(host), 'Bearer fresh');
  });

  it('is sent no longer once it is removed', async () => {
    const host = new ElementHost({ token: 'old' });
    await host.goLive();
    host.set({ token: '' });
    await reconnect(host);
    assert.equal(authorizationOf(host), undefined);
  });

  it('changes nothing if it is the same', async () => {
    const host = new ElementHost({ token: 'old' });
    await host.goLive();
    const posts = host.rig.server.of('POST').length;
    host.set({ token: 'old' });
    await host.rig.clock.advance(30_000);
    assert.equal(host.rig.server.of('POST').length, posts);
    await reconnect(host);
    assert.equal(authorizationOf(host), 'Bearer old');
  });

  it('is used by the next attempt when it is set while reconnecting', async () => {
    const host = new ElementHost({ token: 'old' });
    const { rig } = host;
    await host.goLive();
    rig.server.always('POST', ({ headers }) => (headers['authorization'] === 'Bearer fresh' ? {} : { status: 401 }));
    rig.loseServer();
    await rig.clockUntilAttempt(2);
    host.set({ token: 'fresh' });
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.all('BroadcastError'), []);
  });

  it('is used by a start that is under way', async () => {
    const host = new ElementHost({ token: 'old' });
    let allow: () => void = () => undefined;
    host.rig.devices.gate = new Promise((resolve) => (allow = resolve));
    void host.controller.start();
    await host.rig.clock.advance(500);
    host.set({ token: 'fresh' });
    allow();
    await host.rig.untilStatus('broadcasting');
    assert.equal(authorizationOf(host), 'Bearer fresh');
  });

  it('ends the session when the server refuses the old one', async () => {
    const host = new ElementHost({ token: 'old' });
    const { rig } = host;
    await host.goLive();
    host.set({ token: 'fresh' });
    rig.server.always('DELETE', ({ headers }) => (headers['authorization'] === 'Bearer fresh' ? {} : { status: 401 }));
    void host.controller.stop();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.last('DELETE').headers['authorization'], 'Bearer fresh');
    assert.equal(rig.server.sessions.size, 0);
  });

  for (const isRenewed of [false, true])
    it(`${isRenewed ? 'keeps the broadcast alive' : 'is needed'} once the old one has expired`, async () => {
      const host = new ElementHost();
      const { rig } = host;
      const inSeconds = (seconds: number) => jwtOf({ exp: rig.clock.now() / 1000 + seconds });
      const [old, fresh] = [inSeconds(60), inSeconds(3_600)];
      host.set({ token: old });
      await host.goLive();
      await rig.clock.advance(90_000);
      if (isRenewed) host.set({ token: fresh });
      rig.events.length = 0;
      rig.server.always('POST', ({ headers }) => (headers['authorization'] === `Bearer ${old}` ? { status: 401 } : {}));
      rig.loseServer();
      await rig.clock.advance(60_000);
      const outcome = isRenewed ? ['connected', 'broadcasting'] : ['BroadcastError 103003', 'StopPreviewSuccess'];
      assert.deepEqual(rig.outline().slice(-outcome.length), outcome);
    });

  it('fills the events with its claims at a start', async () => {
    const host = new ElementHost({ token: jwtOf({ streamname: 'show' }) });
    await host.goLive();
    assert.equal(host.rig.last('BroadcastStatus').data.streamname, 'show');
  });
});

describe('a start of the element that the server refuses with 401', () => {
  for (const [token, code] of [
    ['wrong', 103003],
    ['', 103001],
  ] as const)
    it(`fails with ${code} ${token ? 'with' : 'without'} a token`, async () => {
      const host = new ElementHost({ token });
      host.rig.server.always('POST', { status: 401 });
      void host.controller.start();
      await host.rig.clock.advance(3_000);
      assert.equal(host.controller.error?.code, code);
    });
});

describe('a token provider that the page sets while live', () => {
  it('is asked for the next session', async () => {
    const host = new ElementHost({ tokenProvider: () => 'old' });
    await host.goLive();
    host.set({ tokenProvider: () => Promise.resolve('fresh') });
    await reconnect(host);
    assert.equal(authorizationOf(host), 'Bearer fresh');
  });

  it('replaces the token', async () => {
    const host = new ElementHost({ token: 'old' });
    await host.goLive();
    host.set({ tokenProvider: () => 'fresh' });
    await reconnect(host);
    assert.equal(authorizationOf(host), 'Bearer fresh');
  });

  for (const nothing of [null, undefined])
    it(`leaves the token when it is set to ${nothing}`, async () => {
      const host = new ElementHost({ token: 'kept', tokenProvider: () => 'old' });
      await host.goLive();
      host.set({ tokenProvider: nothing as undefined });
      await reconnect(host);
      assert.equal(authorizationOf(host), 'Bearer kept');
    });
});

describe('ICE servers that the page sets while live', () => {
  const fresh = [{ urls: 'turn:fresh.example', username: 'u', credential: 'c' }];
  const usedBy = ({ rig }: ElementHost) => rig.peer.getConfiguration().iceServers;

  it('are used by the next session', async () => {
    const host = new ElementHost();
    await host.goLive();
    host.set({ iceServers: fresh });
    await reconnect(host);
    assert.deepEqual(usedBy(host), fresh);
  });

  it('are used by an ICE restart', async () => {
    const host = new ElementHost();
    const { rig } = host;
    rig.server.restartsIce = true;
    await host.goLive();
    await rig.clock.advance(20_000);
    host.set({ iceServers: fresh });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.deepEqual([restartsOf(rig).length, rig.peers.length, usedBy(host)], [1, 1, fresh]);
  });

  it('are used by the next attempt when they are set while reconnecting', async () => {
    const host = new ElementHost();
    const { rig } = host;
    await host.goLive();
    rig.server.next('POST', { status: 503 });
    rig.loseServer();
    await rig.clockUntilAttempt(2);
    host.set({ iceServers: fresh });
    await rig.untilStatus('broadcasting');
    assert.deepEqual(usedBy(host), fresh);
  });

  it('are used no longer once they are removed', async () => {
    const host = new ElementHost({ iceServers: fresh });
    await host.goLive();
    assert.deepEqual(usedBy(host), fresh);
    host.set({ iceServers: [] });
    await reconnect(host);
    assert.deepEqual(usedBy(host) ?? [], []);
  });
});
