import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENDPOINT, Studio } from '../support/test-rig.js';

const KEY = `nano-webcaster ${ENDPOINT}`;
const LEFT = 'https://media.example/whip/sessions/left?secret=x';

/** A tab that had a session when it was loaded anew, or when it was copied. */
function studioWithLeftSession(isReload: boolean): Studio {
  const studio = new Studio();
  studio.isReload = isReload;
  studio.storage.setItem(KEY, LEFT);
  studio.server.sessions.add(LEFT);
  return studio;
}

describe('a session that a crashed page has left behind (T10)', () => {
  it('is deleted with the token before the first POST after a reload', async () => {
    const studio = studioWithLeftSession(true);
    await studio.goLive({ jwt: 'token' });
    assert.deepEqual(
      studio.journal.filter((entry) => entry === 'DELETE' || entry === 'POST'),
      ['DELETE', 'POST'],
    );
    assert.equal(studio.server.last('DELETE').url, LEFT);
    assert.equal(studio.server.last('DELETE').headers['authorization'], 'Bearer token');
    assert.equal(studio.server.sessions.size, 1);
  });

  it('is left alone in the copy of a tab: the other one may be live with it', async () => {
    const studio = studioWithLeftSession(false);
    await studio.goLive();
    assert.equal(studio.server.of('DELETE').length, 0);
    assert.ok(studio.server.sessions.has(LEFT));
  });

  it("is no other user's of this page, who is live with it", async () => {
    const first = new Studio();
    await first.goLive();
    const second = new Studio({}, { storage: first.storage as unknown as Storage, isReload: () => true });
    await second.goLive();
    assert.equal(second.server.of('DELETE').length, 0);
  });

  it('keeps nobody from going live where the server does not answer, and is not asked about again', async () => {
    const studio = studioWithLeftSession(true);
    studio.server.next('DELETE', 'no answer');
    await studio.goLive();
    void studio.user.stopBroadcast();
    await studio.clock.advance(1_000);
    assert.equal(studio.storage.getItem(KEY), null);
  });

  it('is stopped in the middle of its end without a POST', async () => {
    const studio = studioWithLeftSession(true);
    studio.server.next('DELETE', { after: 500 });
    studio.begin();
    await studio.clock.advance(100);
    void studio.user.stopBroadcast();
    await studio.clock.advance(5_000);
    assert.equal(studio.server.of('POST').length, 0);
    assert.equal(studio.outline().at(-1), 'StopBroadcastSuccess');
  });

  for (const status of [401, 403, 429, 500, 503]) {
    it(`is what ${status} to DELETE leaves: it is logged and deleted after a reload, and stops nobody`, async () => {
      const studio = new Studio({ logLevel: 2 });
      await studio.goLive({ jwt: 'token' });
      const left = studio.storage.getItem(KEY);
      studio.server.next('DELETE', { status });
      void studio.user.stopBroadcast();
      await studio.clock.advance(100);
      assert.deepEqual(studio.outline(), ['StopBroadcastSuccess']);
      assert.equal(studio.storage.getItem(KEY), left);
      assert.match(studio.logged.join(), new RegExp(`not deleted.*${status}`));
      assert.equal(studio.server.of('DELETE').length, 1);
    });
  }

  for (const status of [200, 204, 404, 405, 410]) {
    it(`is none after ${status} to DELETE`, async () => {
      const studio = new Studio({ logLevel: 2 });
      await studio.goLive();
      studio.server.next('DELETE', { status });
      void studio.user.stopBroadcast();
      await studio.clock.advance(100);
      assert.equal(studio.storage.getItem(KEY), null);
      assert.doesNotMatch(studio.logged.join(), /not deleted/);
    });
  }

  it('that the server did not end is asked about again at the next start, where this one failed', async () => {
    const studio = studioWithLeftSession(true);
    studio.server.next('DELETE', { status: 503 });
    studio.server.next('POST', { status: 409 });
    studio.begin();
    await studio.clock.advance(1_000);
    assert.equal(studio.outline().at(-1), 'StartBroadcastError 5001');
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(
      studio.server.of('DELETE').map(({ url }) => url),
      [LEFT, LEFT],
    );
    assert.equal(studio.server.sessions.size, 1);
  });

  it('is remembered while live, by its successor after a loss, and forgotten once the server has ended it', async () => {
    const studio = new Studio({ reconnect: {} });
    await studio.goLive();
    assert.match(studio.storage.getItem(KEY) ?? '', /sessions\/1\?/);
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(1_000);
    assert.match(studio.storage.getItem(KEY) ?? '', /sessions\/2\?/);
    const stopped = studio.user.stopBroadcast();
    await studio.clock.advance(1_000);
    await stopped;
    assert.equal(studio.storage.getItem(KEY), null);
  });

  it('goes unremembered where the storage is full or forbidden', async () => {
    const studio = new Studio();
    studio.storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    await studio.goLive();
    const forbidden = new Studio({}, { storage: undefined });
    await forbidden.goLive();
  });
});
