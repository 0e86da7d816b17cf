import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SignInOptions } from '../../../src/core/rtc-user.js';
import { infosOf, liveWithIceRestart } from '../support/ice-restarts.js';
import { ENDPOINT, TestRig } from '../support/test-rig.js';

const KEY = `nano-webcaster ${ENDPOINT}`;
const LEFT = 'https://media.example/whip/sessions/left?secret=x';
const METHODS = ['HEAD', 'POST', 'PATCH', 'DELETE'] as const;
const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const nameOf = (script: object | string) => (typeof script === 'string' ? script : JSON.stringify(script));

describe('a browser that reports offline for ever while requests work (A9)', () => {
  it('delays no loss after the one that an answer has recovered', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 3 } });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    rig.changeNetwork(false);
    for (const isFirst of [true, false]) {
      const lostAt = rig.clock.now();
      rig.losePath();
      await rig.untilStatus('broadcasting');
      assert.equal(rig.clock.now() - lostAt > 5_000, isFirst);
      await rig.clock.advance(20_000);
    }
  });

  it('delays no loss if it did so before the start, and uses up no attempts for want of probes', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 1 } });
    rig.isOnLine = false;
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    const lostAt = rig.clock.now();
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.ok(rig.clock.now() - lostAt < 5_000);
  });
});

describe('a probe that fails where publishing does not', () => {
  for (const script of ['network error', 'no answer'] as const) {
    for (const maxRetries of [1, 3, 60]) {
      it(`by ${script} delays the recovery and does not prevent it, with ${maxRetries} retries`, async () => {
        const rig = await liveWithIceRestart({ maxRetries });
        rig.server.always('HEAD', script);
        rig.losePath();
        await rig.untilStatus('broadcasting');
      });
    }
  }
});

describe('a session that a DELETE has not ended', () => {
  for (const script of ['network error', 'no answer', { status: 500 }, { status: 405 }] as const) {
    it(`is forgotten in favour of newer ones on a server that ends none: ${nameOf(script)}`, async () => {
      const rig = new TestRig({ reconnect: {} });
      rig.server.always('DELETE', script);
      await rig.goLiveWithoutRepair();
      const urls: number[] = [];
      for (let losses = 0; losses < 18; losses++) {
        await rig.clock.advance(200_000);
        const before = rig.server.of('DELETE').length;
        rig.loseServer();
        await rig.untilStatus('broadcasting');
        urls.push(
          new Set(
            rig.server
              .of('DELETE')
              .slice(before)
              .map(({ url }) => url),
          ).size,
        );
      }
      // Each of 13 sessions is asked for at one URL, or at two.
      assert.ok(Math.max(...urls) <= 26 && urls.at(-1) === urls[15], urls.join());
    });
  }

  for (const status of [408, 429, 500, 503]) {
    it(`is asked for until the server is no longer busy, however long it answers ${status}`, async () => {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive();
      rig.server.always('DELETE', { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(600_000);
      rig.server.always('DELETE', null);
      await rig.clock.advance(60_000);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending, rig.networkWatchers], [0, 0, 0]);
    });
  }
});

describe('a session that was left before a reload', () => {
  function reloaded(): TestRig {
    const rig = new TestRig({ reconnect: {} });
    rig.isReload = true;
    rig.storage.setItem(KEY, LEFT);
    rig.server.sessions.add(LEFT);
    return rig;
  }

  for (const script of [{ status: 503 }, { status: 403 }, 'network error', 'no answer'] as const) {
    it(`is asked for before the POST and later if the first DELETE fails: ${nameOf(script)}`, async () => {
      const rig = reloaded();
      rig.server.next('DELETE', script, script);
      rig.server.always('POST', () => (rig.server.sessions.has(LEFT) ? { status: 409 } : {}));
      rig.begin();
      await rig.clock.advance(30_000);
      assert.equal(rig.server.sessions.has(LEFT), false);
    });
  }

  it('is deleted with a slow token, and with a fresh one after a 401', async () => {
    const rig = reloaded();
    let count = 0;
    const tokenProvider = () =>
      new Promise<string>((resolve) => rig.clock.setTimeout(() => resolve(`token ${++count}`), 3_000));
    rig.server.always('DELETE', ({ headers }) => (headers.authorization === 'Bearer token 1' ? { status: 401 } : {}));
    await rig.goLive({ tokenProvider });
    assert.equal(rig.server.sessions.has(LEFT), false);
  });

  it('is not deleted any more if the new session has the same URL', async () => {
    const rig = reloaded();
    rig.server.next('DELETE', { status: 503 }, { status: 503 });
    rig.server.always('POST', { headers: { Location: LEFT } });
    await rig.goLive();
    await rig.clock.advance(120_000);
    assert.equal(rig.server.sessions.has(LEFT), true);
  });

  it('is the live one after a second POST was answered too late', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    rig.server.next('POST', { after: 4_000 });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(20_000);
    assert.deepEqual([...rig.server.sessions], [rig.storage.getItem(KEY)]);
  });
});

describe('a server that gives all sessions the same URL', () => {
  const URL_OF_ALL = 'https://media.example/whip/one';

  async function live(options: Partial<SignInOptions> = {}): Promise<TestRig> {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('POST', { headers: { Location: URL_OF_ALL } });
    await rig.goLiveWithoutRepair(options);
    return rig;
  }

  it('keeps the live one although the first DELETE of the old one was held by a dead connection', async () => {
    const rig = await live();
    rig.server.next('DELETE', 'no answer');
    rig.losePath();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(60_000);
    assert.deepEqual([...rig.server.sessions], [URL_OF_ALL]);
  });

  it('keeps the live one although the old token was refused and the provider is slow', async () => {
    let asked = 0;
    const tokenProvider = async () => {
      if (++asked === 2) await new Promise<void>((resolve) => rig.clock.setTimeout(resolve, 3_000));
      return `token ${asked}`;
    };
    const rig: TestRig = await live({ tokenProvider });
    rig.server.next('DELETE', { status: 401 });
    rig.losePath();
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.outline().at(-1), ...rig.server.sessions], ['broadcasting', URL_OF_ALL]);
  });

  it('has the live one remembered although the end of the old one was answered later', async () => {
    const rig = await live();
    rig.server.next('DELETE', { after: 950 });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(2_000);
    assert.equal(rig.storage.getItem(KEY), URL_OF_ALL);
  });
});

describe('a token provider', () => {
  it('that fails offline is no answer of the server: no attempt is used up', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 2 } });
    let isReachable = true;
    const tokenProvider = () => (isReachable ? 'token' : Promise.reject(new TypeError('Failed to fetch')));
    await rig.goLiveWithoutRepair({ tokenProvider });
    await rig.clock.advance(20_000);
    isReachable = false;
    for (const method of METHODS) rig.server.always(method, 'network error');
    rig.changeNetwork(false);
    rig.loseServer();
    await rig.clock.advance(300_000);
    assert.deepEqual([...new Set(infosOf(rig).map(({ attempt }) => attempt))], [1]);
    isReachable = true;
    for (const method of METHODS) rig.server.always(method, null);
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
  });

  for (const wrong of [5, {}, true, new Promise<string>(() => undefined)]) {
    it(`that gives ${String(wrong)} once delays a recovery`, async () => {
      let asked = 0;
      const tokenProvider = () => (++asked === 2 ? (wrong as string) : 'token');
      const rig = new TestRig({ reconnect: {} });
      await rig.goLiveWithoutRepair({ tokenProvider });
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      assert.equal(asked, 3);
    });
  }

  it('that gives no text fails a start with an error that says so', async () => {
    const rig = new TestRig();
    rig.begin({ tokenProvider: () => 5 as unknown as string });
    await rig.clock.advance(1_000);
    assert.match(rig.last('StartBroadcastError').error.message, /token must be a string/);
  });
});

describe('a wall clock that is wrong (A11)', () => {
  for (const status of [401, 403]) {
    for (const [name, seconds, step] of [
      ['set forward while live', 3_600, 86_400_000],
      ['ahead all the time', -3_600, 0],
    ] as const) {
      it(`and ${name} makes no expired token of one ${status}`, async () => {
        const rig = new TestRig({ reconnect: {} });
        await rig.goLive({ jwt: jwtOf({ exp: rig.clock.now() / 1000 + seconds }) });
        await rig.clock.advance(20_000);
        rig.clock.stepWallClock(step);
        rig.server.next('POST', { status }, { status });
        rig.losePath();
        await rig.untilStatus('broadcasting');
      });
    }
  }
});

describe('a camera that is added while the server is busy (A16)', () => {
  for (const script of [{ status: 500 }, { status: 503 }, 'network error', 'no answer'] as const) {
    it(`leaves the live session alone and is tried again: ${nameOf(script)}`, async () => {
      const rig = new TestRig({ reconnect: { maxRetries: 1 } });
      await rig.goLiveWith('audio');
      const [live = ''] = rig.server.sessions;
      rig.server.next('POST', script, script);
      void rig.user.startPreview();
      rig.server.onRequest = ({ method }) => {
        if (method === 'POST') assert.ok(rig.server.sessions.has(live));
      };
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(1_000);
      assert.deepEqual([rig.server.of('POST').length, rig.server.sessions.size], [4, 1]);
    });
  }

  it('gets a session in place of the old one in the end, and is stopped in between', async () => {
    for (const isStopped of [false, true]) {
      const rig = new TestRig({ reconnect: { maxRetries: 3 } });
      await rig.goLiveWith('audio');
      rig.server.always('POST', () => (rig.server.sessions.size > 0 ? { status: 500 } : {}));
      void rig.user.startPreview();
      await rig.clock.advance(2_000);
      if (isStopped) void rig.user.stopBroadcast();
      await rig.untilStatus(isStopped ? 'StopBroadcastSuccess' : 'broadcasting');
      await rig.clock.advance(1_000);
      assert.equal(rig.server.sessions.size, isStopped ? 0 : 1);
      if (isStopped) assert.equal(rig.clock.pending, 0);
    }
  });
});

describe('a camera that is added while the browser reports offline for ever (A9, A16)', () => {
  it('has shown by an answer that requests work: no later attempt waits for the network', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 3 } });
    await rig.goLiveWith('audio');
    rig.changeNetwork(false);
    rig.server.next('POST', { status: 503 });
    void rig.user.startPreview();
    await rig.clock.advance(1_000);
    rig.peers[0]?.become('failed');
    await rig.untilStatus('broadcasting');
    assert.deepEqual(
      infosOf(rig).filter(({ waitingFor }) => waitingFor === 'network'),
      [],
    );
  });
});

describe('a loss while the camera waits for a busy server (A16)', () => {
  it('is recovered as what it is, and the camera is added afterwards', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.restartsIce = true;
    await rig.goLiveWith('audio');
    rig.server.next('POST', { status: 503 });
    void rig.user.startPreview();
    await rig.clock.advance(1_000);
    rig.peers[0]?.become('failed');
    await rig.untilStatus('broadcasting');
    const [outage] = rig.user.report.outages;
    assert.deepEqual([outage?.cause, outage?.recoveredBy], ['network', 'ice-restart']);
    await rig.clock.advance(5_000);
    assert.deepEqual([rig.user.report.outages[1]?.cause, rig.server.sessions.size], ['tracks', 1]);
  });
});

describe('a server without RTCP whose path comes up late (A13)', () => {
  for (const [connectsAfter, isCounted] of [
    [3_000, false],
    [6_000, true],
    [8_500, false],
  ] as const) {
    it(`is live on consent after ${connectsAfter} ms, STUN responses ${isCounted ? '' : 'not '}counted`, async () => {
      const rig = new TestRig({ logLevel: 2 });
      rig.path.connectsAfter = connectsAfter;
      rig.begin();
      assert.ok(await rig.clock.advanceUntil(() => rig.peers.length > 0));
      const { peer } = rig;
      const getStats = peer.getStats.bind(peer);
      peer.getStats = async () => {
        if (peer.iceConnectionState === 'new') peer.becomeIce('connected');
        const stats = await getStats();
        stats.delete('R');
        const responsesReceived = isCounted && Math.floor(rig.clock.now() / 2_500);
        stats.set('P', {
          id: 'P',
          type: 'candidate-pair',
          bytesReceived: 300,
          ...(isCounted && { responsesReceived }),
        });
        return stats;
      };
      await rig.untilStatus('broadcasting');
      assert.match(rig.logged.join(' '), /sends no RTCP reports/);
    });
  }
});

describe('ICE servers that are set while live (A15)', () => {
  it('and that the browser refuses cost a warning, not the broadcast', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 1 }, logLevel: 2 });
    await rig.goLiveWithoutRepair();
    const Peer = Object.getPrototypeOf(rig.peer.constructor) as { prototype: typeof rig.peer };
    const { setConfiguration } = Peer.prototype;
    Peer.prototype.setConfiguration = function (configuration) {
      if (JSON.stringify(configuration).includes('bogus')) throw new DOMException('no URL', 'SyntaxError');
      setConfiguration.call(this, configuration);
    };
    try {
      void rig.user.setConfig({ iceServers: [{ urls: 'bogus' }, { urls: 'stun:good.example' }] });
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      assert.deepEqual(rig.peer.getConfiguration().iceServers, [{ urls: 'stun:good.example' }]);
      assert.match(rig.logged.join(' '), /ICE server cannot be used/);
    } finally {
      Peer.prototype.setConfiguration = setConfiguration;
    }
  });

  it('and taken away are not used for the next ICE restart', async () => {
    const rig = await liveWithIceRestart();
    void rig.user.setConfig({ iceServers: [{ urls: 'stun:mine.example' }] });
    for (const expected of [1, 0]) {
      rig.peer.isDeaf = true;
      await rig.untilStatus('broadcasting');
      assert.equal(rig.peer.getConfiguration().iceServers?.length, expected);
      void rig.user.setConfig({ iceServers: [] });
      await rig.clock.advance(20_000);
    }
  });
});
