import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENDPOINT, TestRig } from '../support/test-rig.js';

const KEY = `nano-webcaster ${ENDPOINT}`;
const SHARED = Symbol.for('nano-webcaster sessions');
const LEFT = 'https://media.example/whip/sessions/left?secret=x';

/** A tab that had a session when it was loaded anew, or when it was copied. */
function studioWithLeftSession(isReload: boolean): TestRig {
  const rig = new TestRig();
  rig.isReload = isReload;
  rig.storage.setItem(KEY, LEFT);
  rig.server.sessions.add(LEFT);
  return rig;
}

describe('a session that a crashed page has left behind (T10)', () => {
  it('is deleted with the token before the first POST after a reload', async () => {
    const rig = studioWithLeftSession(true);
    await rig.goLive({ jwt: 'token' });
    assert.deepEqual(
      rig.journal.filter((entry) => entry === 'DELETE' || entry === 'POST'),
      ['DELETE', 'POST'],
    );
    assert.equal(rig.server.last('DELETE').url, LEFT);
    assert.equal(rig.server.last('DELETE').headers['authorization'], 'Bearer token');
    assert.equal(rig.server.sessions.size, 1);
  });

  it('is left alone in the copy of a tab: the other one may be live with it', async () => {
    const rig = studioWithLeftSession(false);
    await rig.goLive();
    assert.equal(rig.server.of('DELETE').length, 0);
    assert.ok(rig.server.sessions.has(LEFT));
  });

  it("is no other user's of this page, who is live with it", async () => {
    const first = new TestRig();
    await first.goLive();
    const second = new TestRig({}, { storage: first.storage as unknown as Storage, isReload: () => true });
    await second.goLive();
    assert.equal(second.server.of('DELETE').length, 0);
  });

  it('is none of a second copy of the script on the page, which is live with it, until that one has ended it', async () => {
    // What copies share, of other versions too.
    const shared = (globalThis as { [SHARED]?: Set<string> })[SHARED] ?? new Set();
    shared.add(LEFT);
    const rig = studioWithLeftSession(true);
    await rig.goLive();
    shared.delete(LEFT);
    assert.equal(rig.server.of('DELETE').length, 0);
    const later = studioWithLeftSession(true);
    await later.goLive();
    assert.equal(later.server.last('DELETE').url, LEFT);
  });

  it('keeps nobody from going live where the server does not answer, and is not asked about again', async () => {
    const rig = studioWithLeftSession(true);
    rig.server.next('DELETE', 'no answer');
    await rig.goLive();
    void rig.user.stopBroadcast();
    await rig.clock.advance(1_000);
    assert.equal(rig.storage.getItem(KEY), null);
  });

  it('is stopped in the middle of its end without a POST', async () => {
    const rig = studioWithLeftSession(true);
    rig.server.next('DELETE', { after: 500 });
    rig.begin();
    await rig.clock.advance(100);
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    assert.equal(rig.server.of('POST').length, 0);
    assert.equal(rig.outline().at(-1), 'StopBroadcastSuccess');
  });

  for (const status of [401, 403, 405, 429, 500, 503]) {
    it(`is what ${status} to DELETE leaves: it is logged and deleted after a reload, and stops nobody`, async () => {
      const rig = new TestRig({ logLevel: 2 });
      await rig.goLive({ jwt: 'token' });
      const left = rig.storage.getItem(KEY);
      rig.server.next('DELETE', { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(100);
      assert.deepEqual(rig.outline(), ['StopBroadcastSuccess']);
      assert.equal(rig.storage.getItem(KEY), left);
      assert.match(rig.logged.join(), new RegExp(`not deleted.*${status}`));
      assert.equal(rig.server.of('DELETE').filter(({ url }) => url === left).length, 1);
    });
  }

  for (const status of [200, 204, 404, 410]) {
    it(`is none after ${status} to DELETE`, async () => {
      const rig = new TestRig({ logLevel: 2 });
      await rig.goLive();
      rig.server.next('DELETE', { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(100);
      assert.equal(rig.storage.getItem(KEY), null);
      assert.doesNotMatch(rig.logged.join(), /not deleted/);
    });
  }

  it('that the server did not end is asked about again at the next start, where this one failed', async () => {
    const rig = studioWithLeftSession(true);
    rig.server.next('DELETE', { status: 503 });
    rig.server.next('POST', { status: 409 });
    rig.begin();
    await rig.clock.advance(1_000);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(
      rig.server.of('DELETE').map(({ url }) => url),
      [LEFT, LEFT],
    );
    assert.equal(rig.server.sessions.size, 1);
  });

  it('is remembered while live, by its successor after a loss, and forgotten once the server has ended it', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    assert.match(rig.storage.getItem(KEY) ?? '', /sessions\/1\?/);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(1_000);
    assert.match(rig.storage.getItem(KEY) ?? '', /sessions\/2\?/);
    const stopped = rig.user.stopBroadcast();
    await rig.clock.advance(1_000);
    await stopped;
    assert.equal(rig.storage.getItem(KEY), null);
  });

  describe('by one of two users on one endpoint, told apart by their tokens', () => {
    /** Both live: one with the session `/s/one`, two with `/s/two`. */
    async function twoUsers() {
      const one = new TestRig({ reconnect: {} });
      const two = new TestRig({ reconnect: {} }, { storage: one.storage as unknown as Storage });
      one.server.always('POST', { headers: { Location: '/s/one' } });
      two.server.always('POST', { headers: { Location: '/s/two' } });
      await one.goLive({ jwt: 'one' });
      await two.goLive({ jwt: 'two' });
      return { one, two, stored: () => one.storage.getItem(KEY)?.split(' ') ?? [] };
    }
    const stop = async ({ user, clock }: TestRig) => {
      void user.stopBroadcast();
      await clock.advance(1_000);
    };

    it('is remembered beside that of the other', async () => {
      const { stored } = await twoUsers();
      assert.deepEqual(stored(), ['https://media.example/s/one', 'https://media.example/s/two']);
    });

    for (const stopped of ['one', 'two'] as const) {
      it(`is still remembered when user ${stopped} has ended its own`, async () => {
        const users = await twoUsers();
        await stop(users[stopped]);
        const left = stopped === 'one' ? 'two' : 'one';
        assert.deepEqual(users.stored(), [`https://media.example/s/${left}`]);
        await stop(users[left]);
        assert.equal(users.one.storage.getItem(KEY), null);
      });
    }
  });

  describe('beside another one', () => {
    const OTHER = 'https://media.example/whip/sessions/other';

    function studioWithTwo(): TestRig {
      const rig = studioWithLeftSession(true);
      rig.storage.setItem(KEY, `${LEFT} ${OTHER}`);
      rig.server.sessions.add(OTHER);
      return rig;
    }

    it('is deleted with it before the first POST after a reload, and both are forgotten', async () => {
      const rig = studioWithTwo();
      await rig.goLive();
      assert.deepEqual(
        rig.journal.filter((entry) => entry === 'DELETE' || entry === 'POST'),
        ['DELETE', 'DELETE', 'POST'],
      );
      assert.deepEqual(new Set(rig.server.of('DELETE').map(({ url }) => url)), new Set([LEFT, OTHER]));
      assert.doesNotMatch(rig.storage.getItem(KEY) ?? '', / /);
    });

    it('is kept when only that one has ended, and deleted by the user whose it is', async () => {
      const rig = studioWithTwo();
      rig.server.always('DELETE', ({ url }) => (url === LEFT ? { status: 401 } : {}));
      await rig.goLive({ jwt: 'of the other' });
      const [first, ...others] = rig.storage.getItem(KEY)?.split(' ') ?? [];
      assert.deepEqual([first, others.length, others.includes(OTHER)], [LEFT, 1, false]);
      const owner = new TestRig({}, { storage: rig.storage as unknown as Storage, isReload: () => true });
      owner.server.sessions.add(LEFT);
      await owner.goLive({ jwt: 'its own' });
      assert.deepEqual(
        owner.server.of('DELETE').map(({ url, headers }) => [url, headers['authorization']]),
        [[LEFT, 'Bearer its own']],
      );
    });
  });

  it('is one of the newest eight that are remembered', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('DELETE', { status: 405 });
    await rig.goLive();
    for (let loss = 0; loss < 10; loss++) {
      await rig.clock.advance(20_000);
      rig.loseServer();
      await rig.untilStatus('broadcasting');
    }
    const stored = rig.storage.getItem(KEY)?.split(' ') ?? [];
    assert.equal(stored.length, 8);
    assert.match(stored.at(-1) ?? '', /sessions\/11\?/);
  });

  it('goes unremembered where the storage is full or forbidden', async () => {
    const rig = new TestRig();
    rig.storage.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    await rig.goLive();
    const forbidden = new TestRig({}, { storage: undefined });
    await forbidden.goLive();
    const corrupted = new TestRig({ reconnect: {} });
    corrupted.storage.getItem = () => {
      throw new DOMException('corrupted', 'InvalidStateError');
    };
    await corrupted.goLive();
    corrupted.loseServer();
    await corrupted.untilStatus('broadcasting');
    void corrupted.user.stopBroadcast();
    await corrupted.clock.advance(5_000);
    assert.equal(corrupted.server.sessions.size, 0);
  });
});
