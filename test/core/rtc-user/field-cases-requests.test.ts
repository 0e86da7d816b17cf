import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { goDeaf, infosOf, liveWithIceRestart, restartsOf } from '../support/ice-restarts.js';
import { TestRig } from '../support/test-rig.js';

describe('how long an answer to POST is waited for', () => {
  const quick: Script = { after: 10 };

  /** Loses the path after 20 s; milliseconds between the first `POST` of the recovery and its others. */
  async function recoverWith(rig: TestRig, ...scripts: Script[]): Promise<number[]> {
    await rig.clock.advance(20_000);
    const before = rig.server.of('POST').length;
    rig.server.next('POST', ...scripts);
    rig.losePath();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(10_000);
    const [first = NaN, ...others] = rig.server.of('POST').slice(before);
    return others.map(({ at }) => at - (typeof first === 'object' ? first.at : NaN));
  }

  async function live(): Promise<TestRig> {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair({ jwt: 'token' });
    return rig;
  }

  for (const after of [2_000, 6_000, 9_000]) {
    it(`A6: is 1 s again after a connection held one request for ${after} ms and the next was answered at once`, async () => {
      const rig = await live();
      assert.deepEqual(await recoverWith(rig, { after }, quick), [1_000]);
      assert.deepEqual(await recoverWith(rig, 'no answer', quick), [1_000]);
    });
  }

  it('A6: is twice the time of a server that is slow, and falls again with every quick answer', async () => {
    const rig = await live();
    assert.deepEqual(await recoverWith(rig, { after: 1_800 }, { after: 1_800 }), [1_000]);
    assert.deepEqual(await recoverWith(rig, 'no answer', quick), [3_600]);
    assert.deepEqual(await recoverWith(rig, 'no answer', quick), [1_800]);
    assert.deepEqual(await recoverWith(rig, 'no answer', quick), [1_000]);
  });

  it('A6: is 5 s at most, so that two requests fit into the deadline', async () => {
    const rig = await live();
    await recoverWith(rig, { after: 8_000 }, 'no answer');
    assert.deepEqual(await recoverWith(rig, 'no answer', quick), [5_000]);
  });

  it('A6: is not learnt from a refusal', async () => {
    const rig = await live();
    await recoverWith(rig, { after: 3_000, status: 503 }, { after: 3_000, status: 503 }, quick);
    assert.deepEqual(await recoverWith(rig, 'no answer', quick), [1_000]);
  });
});

describe('a token that is refreshed within a request', () => {
  /** A provider that gives its first token at once and each later one after so many milliseconds. */
  function providerOf(rig: () => TestRig, milliseconds: number): () => Promise<string> {
    let count = 0;
    return () =>
      new Promise((resolve) => {
        const token = `token ${++count}`;
        if (count === 1) resolve(token);
        else rig().clock.setTimeout(() => resolve(token), milliseconds);
      });
  }

  for (const milliseconds of [1_500, 3_000, 9_000]) {
    it(`A14: may take ${milliseconds} ms, and the session is deleted with it`, async () => {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive({ tokenProvider: providerOf(() => rig, milliseconds) });
      await rig.clock.advance(1_000);
      rig.server.always('DELETE', ({ headers }) => (headers.authorization === 'Bearer token 1' ? { status: 401 } : {}));
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
      await rig.clock.advance(60_000);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending, rig.networkWatchers], [0, 0, 0]);
      const tokens = rig.server.of('DELETE').map(({ headers }) => headers.authorization);
      assert.deepEqual(tokens, ['Bearer token 1', 'Bearer token 2']);
    });
  }

  it('A14: that never comes leaves the session to a later DELETE', async () => {
    const rig = new TestRig({ reconnect: {} });
    let count = 0;
    const tokenProvider = () => (++count === 2 ? new Promise<string>(() => undefined) : `token ${count}`);
    await rig.goLive({ tokenProvider });
    await rig.clock.advance(1_000);
    rig.server.next('DELETE', { status: 401 }, { status: 401 });
    void rig.user.stopBroadcast();
    await rig.untilStatus('StopBroadcastSuccess');
    await rig.clock.advance(120_000);
    assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0]);
  });

  it('A14: may take 1.5 s within a POST, and within an ICE restart', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.restartsIce = true;
    rig.server.next('POST', { status: 401 });
    await rig.goLive({ tokenProvider: providerOf(() => rig, 1_500) });
    await rig.clock.advance(20_000);
    rig.server.always('PATCH', ({ headers }) => (headers.authorization === 'Bearer token 3' ? {} : { status: 401 }));
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.opened, 1);
    assert.equal(restartsOf(rig).at(-1)?.headers.authorization, 'Bearer token 3');
  });
});

describe('STUN and TURN servers that the page sets while live', () => {
  const fresh = [{ urls: 'turn:fresh.example', username: 'u', credential: 'c' }];
  const urlsOf = ({ peer }: TestRig) => peer.getConfiguration().iceServers?.map(({ urls }) => urls);

  it('A15: are set before the next ICE restart gathers', async () => {
    const rig = await liveWithIceRestart({});
    void rig.user.setConfig({ iceServers: [{ urls: 'turn:old.example', username: 'u', credential: 'c' }] });
    void rig.user.setConfig({ iceServers: fresh });
    rig.journal.length = 0;
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.opened, 1);
    assert.deepEqual(urlsOf(rig), ['turn:fresh.example']);
    const order = rig.journal.filter((entry) => /setConfiguration|createOffer/.test(entry));
    assert.match(order[0] ?? '', /setConfiguration/);
  });

  it('A15: are set for the next session, and the broadcast of the moment goes on', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair();
    void rig.user.setConfig({ iceServers: fresh });
    await rig.clock.advance(20_000);
    assert.deepEqual([rig.server.opened, rig.all('BroadcastStatus').length], [1, 0]);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(urlsOf(rig), ['turn:fresh.example']);
  });

  it('A15: leave it to those of the server once the page takes them away', async () => {
    const rig = new TestRig({ reconnect: {}, iceServers: fresh });
    const link = '<turn:server.example>; rel="ice-server"; username="u"; credential="c"; credential-type="password"';
    rig.server.always('POST', { headers: { Link: link } });
    await rig.goLiveWithoutRepair();
    assert.deepEqual(urlsOf(rig), ['turn:fresh.example']);
    void rig.user.setConfig({ iceServers: [] });
    await rig.clock.advance(20_000);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(urlsOf(rig), ['turn:server.example']);
  });

  it('A15: other settings are read when they are used too: the bitrate, and the delays of the next loss', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    void rig.user.setConfig({ bitrates: { videoSendBitrate: 700 }, reconnect: { minDelay: 4, maxDelay: 4 } });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.ok(rig.all('BroadcastStatus').some(({ data }) => data.reconnect?.delay && data.reconnect.delay > 3));
    const video = rig.peer.getTransceivers().find(({ sender }) => sender.kind === 'video');
    assert.equal(video?.sender.encodings[0]?.maxBitrate, 700_000);
  });
});

describe('a DELETE that is refused', () => {
  for (const status of [401, 403, 405, 429, 500, 501, 503]) {
    it(`says nothing about the session if it is answered with ${status}: it is sent again until it has ended`, async () => {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive();
      rig.server.next('DELETE', { status }, { status }, { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(120_000);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending, rig.networkWatchers], [0, 0, 0]);
    });
  }

  for (const status of [404, 410]) {
    it(`says that there is no session if it is answered with ${status}`, async () => {
      const rig = new TestRig({ reconnect: {} });
      rig.server.always('POST', { headers: { Location: 'https://media.example/sessions/1' } });
      await rig.goLive();
      rig.server.next('DELETE', { status });
      void rig.user.stopBroadcast();
      await rig.clock.advance(120_000);
      assert.equal(rig.server.of('DELETE').length, 1);
    });
  }

  it('by a server that ends no session at all fills neither the memory nor the next recovery', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('DELETE', { status: 405 });
    await rig.goLiveWithoutRepair();
    const counts: number[] = [];
    for (let losses = 0; losses < 30; losses++) {
      await rig.clock.advance(200_000);
      const before = rig.server.of('DELETE').length;
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      counts.push(rig.server.of('DELETE').length - before);
    }
    assert.equal(counts.at(-1), counts[15]);
  });

  it('keeps the URL of the server where an answer with a prefix came from elsewhere (A7)', async () => {
    for (const status of [401, 403, 429, 500, 503, 204]) {
      const rig = new TestRig({ reconnect: {} });
      rig.server.next('PATCH', { status: 405 }, { status }, { status });
      await rig.goLive();
      await rig.clock.advance(20_000);
      void rig.user.stopBroadcast();
      await rig.clock.advance(60_000);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0], `${status}`);
    }
  });
});

describe('a server that was killed and refuses connections', () => {
  it('is the cause from the first new session on: no delay is common to all of its clients', async () => {
    const rig = await liveWithIceRestart();
    for (const method of ['HEAD', 'POST', 'PATCH', 'DELETE'] as const) rig.server.always(method, 'network error');
    rig.path.isCut = true;
    rig.random = 0.75;
    await rig.clockUntilAttempt(3);
    const sessions = infosOf(rig).filter(({ method }) => method === 'new-session');
    assert.deepEqual([...new Set(sessions.map(({ cause }) => cause))], ['server']);
    assert.ok((sessions[0]?.delay ?? 0) > 2, `${sessions[0]?.delay}`);
  });

  it('is not the cause while the browser is offline: nothing was refused then', async () => {
    const rig = await liveWithIceRestart();
    for (const method of ['HEAD', 'POST', 'PATCH', 'DELETE'] as const) rig.server.always(method, 'network error');
    rig.path.isCut = true;
    rig.changeNetwork(false);
    await rig.clock.advance(60_000);
    assert.deepEqual([...new Set(infosOf(rig).map(({ cause }) => cause))], ['network']);
  });
});

describe('candidates that a server cannot take for the moment', () => {
  const bodiesOf = ({ server }: TestRig) => server.of('PATCH').map(({ body }) => body);

  for (const script of [{ status: 429 }, { status: 500 }, { status: 503 }, 'network error', 'no answer'] as const) {
    const name = typeof script === 'string' ? script : script.status;
    it(`are sent again after ${name}, until they are taken`, async () => {
      const rig = new TestRig({ reconnect: {} });
      rig.server.next('PATCH', script, script);
      await rig.goLive();
      await rig.clock.advance(30_000);
      const [first, ...again] = bodiesOf(rig);
      assert.match(first ?? '', /a=candidate/);
      assert.deepEqual(again, [first, first]);
    });
  }

  it('are sent again three times at most, and not once the connection has ended', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('PATCH', { status: 503 });
    await rig.goLive();
    await rig.clock.advance(60_000);
    assert.equal(rig.server.of('PATCH').length, 4);
    const other = new TestRig({ reconnect: {} });
    other.server.always('PATCH', { status: 503 });
    await other.goLive();
    void other.user.stopBroadcast();
    await other.clock.advance(60_000);
    assert.ok(other.server.of('PATCH').length <= 2);
    assert.equal(other.clock.pending, 0);
  });

  it('do not count as taken: the offer of the next try holds them', async () => {
    const rig = new TestRig();
    rig.path.connectsAfter = null;
    rig.server.always('PATCH', { status: 503 });
    rig.server.always('POST', ({ body }) => {
      rig.path.connectsAfter = body.includes('a=candidate') ? 40 : null;
      return {};
    });
    rig.begin();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.of('POST').length, 2);
  });
});
