import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ReconnectConfig } from '../../../src/core/api/config.js';
import { codeOf, Studio } from '../support/test-rig.js';

/** Live, then lost with every further `POST` refused. */
async function lostFor(status: number | null, reconnect: Partial<ReconnectConfig> | null): Promise<Studio> {
  const studio = new Studio(reconnect === null ? {} : { reconnect });
  const target = { transcodingTargets: { streamname: 'show' } };
  await (reconnect?.maxRetries ? studio.goLiveWithoutRepair({ jwt: 'token' }, target) : studio.goLive({}, target));
  await studio.clock.advance(20_000);
  if (status !== null) studio.server.always('POST', { status });
  studio.losePath();
  return studio;
}

describe('giving up', () => {
  it('is one BroadcastError 5002 after maxRetries attempts, and nothing after it', async () => {
    const studio = await lostFor(503, { maxRetries: 3 });
    await studio.clock.advance(600_000);
    const lost = 'reconnecting_broadcast';
    assert.deepEqual(studio.outline(), [lost, lost, lost, 'BroadcastError 5002']);
    assert.equal(studio.server.of('POST').length, 4);
    const { error, data } = studio.last('BroadcastError');
    assert.match(error.message, /503.*\b3\b/);
    assert.equal(error.name, 'BroadcastError');
    assert.deepEqual(data, { error: error.message, text: error.message, message: error.message, code: 5002 });
    assert.deepEqual([studio.server.sessions.size, studio.clock.pending], [0, 0]);
    for (const peer of studio.peers) assert.equal(peer.connectionState, 'closed');
  });

  it('tells which stream it was (design 3: userinfo.metadata)', async () => {
    const studio = await lostFor(503, { maxRetries: 1 });
    await studio.clock.advance(60_000);
    assert.equal(studio.last('BroadcastError').error.userinfo.metadata?.streamname, 'show');
  });

  it('leaves no broadcast to stop, and the next start goes live', async () => {
    const studio = await lostFor(503, { maxRetries: 1 });
    await studio.clock.advance(60_000);
    assert.equal(await codeOf(studio.user.stopBroadcast()), 5003);
    studio.server.always('POST', null);
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.sessions.size, 1);
  });

  it('comes at the loss where reconnection is off, without a word of reconnecting (2.1)', async () => {
    for (const reconnect of [null, { maxRetries: 0 }]) {
      const studio = await lostFor(null, reconnect);
      await studio.clock.advance(0);
      assert.deepEqual(studio.outline(), ['BroadcastError 5002']);
      await studio.clock.advance(600_000);
      assert.deepEqual(studio.outline(), ['BroadcastError 5002']);
      assert.deepEqual([studio.server.of('POST').length, studio.server.sessions.size], [1, 0]);
      assert.equal(studio.clock.pending, 0);
    }
  });

  it('counts attempts over several losses in a row', async () => {
    const studio = new Studio({ reconnect: { maxRetries: 3 } });
    await studio.goLive();
    for (let losses = 0; losses < 3; losses++) {
      studio.losePath();
      await studio.untilStatus('broadcasting');
    }
    studio.losePath();
    await studio.clock.advance(60_000);
    assert.equal(studio.outline().at(-1), 'BroadcastError 5002');
    assert.equal(studio.server.of('POST').length, 4);
  });

  for (const status of [401, 405, 406, 413, 415, 422]) {
    it(`comes at once after ${status}, which is final`, async () => {
      const studio = await lostFor(status, { maxRetries: 10 });
      await studio.clock.advance(60_000);
      assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'BroadcastError 5002']);
      assert.match(studio.last('BroadcastError').error.message, new RegExp(`${status}`));
      assert.equal(studio.clock.pending, 0);
    });
  }

  it('comes after 401 only once a fresh token was refused too', async () => {
    const studio = new Studio({ reconnect: {} });
    let asked = 0;
    await studio.goLive({ tokenProvider: () => `token-${++asked}` });
    studio.server.next('POST', { status: 401 });
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.equal(asked, 3);
    studio.server.always('POST', { status: 401 });
    studio.losePath();
    await studio.clock.advance(60_000);
    assert.equal(studio.outline().at(-1), 'BroadcastError 5002');
    assert.equal(asked, 5);
  });

  it('comes at once where the server does not take a track any more', async () => {
    const studio = await lostFor(null, { maxRetries: 10 });
    studio.server.always('POST', ({ body }) => ({ body: body.replaceAll('a=sendonly', 'a=inactive') }));
    await studio.clock.advance(60_000);
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'BroadcastError 5002']);
    assert.equal(studio.server.sessions.size, 0);
  });

  for (const status of [400, 403]) {
    it(`waits after ${status} for as long as it may be our own ghost: 60 s from the last sign of life`, async () => {
      const studio = await lostFor(status, { minDelay: 5, maxDelay: 5, maxRetries: 100 });
      const { lostAt } = (await studio.clock.advance(0), studio.reconnect());
      await studio.clock.advance(300_000);
      assert.equal(studio.outline().at(-1), 'BroadcastError 5002');
      const posts = studio.server.of('POST').slice(1);
      const seconds = posts.map(({ at }) => (at + 10 - lostAt) / 1000);
      assert.ok((seconds.at(-1) ?? 0) > 60);
      assert.ok((seconds.at(-2) ?? Infinity) <= 60);
    });
  }

  it('follows the configuration of the moment: retries taken away while it waits', async () => {
    const studio = await lostFor(503, { minDelay: 4, maxDelay: 4, maxRetries: 10 });
    await studio.clock.advance(1_000);
    void studio.user.setConfig({ reconnect: { maxRetries: 0 } });
    await studio.clock.advance(60_000);
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'BroadcastError 5002']);
    assert.equal(studio.server.of('POST').length, 2, 'the wait that had begun is carried out');
  });

  it('does not come where reconnection is switched on while live', async () => {
    const studio = new Studio();
    await studio.goLive();
    void studio.user.setConfig({ reconnect: {} });
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.outline()[0], 'reconnecting_broadcast');
  });
});
