import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { ENDPOINT, type TestRig } from '../support/test-rig.js';
import { goDeaf, infosOf, liveWithIceRestart as live, restartsOf, methodsOf } from '../support/ice-restarts.js';

/** A broadcast that was stopped after its server had refused to restart ICE. */
async function stoppedAfterRefusal() {
  const rig = await live();
  rig.server.restartsIce = false;
  goDeaf(rig);
  await rig.untilStatus('broadcasting');
  void rig.user.stopBroadcast();
  await rig.untilStatus('StopBroadcastSuccess');
  return rig;
}

/** A broadcast that has lost media and HTTP for 14 s. */
async function cutOff(): Promise<TestRig> {
  const rig = await live();
  rig.server.always('HEAD', 'no answer');
  goDeaf(rig);
  await rig.untilStatus('reconnecting_broadcast');
  await rig.clock.advance(12_000);
  return rig;
}

describe('a repair', () => {
  it('heals a silent path in the same session, and the page is told (2.3)', async () => {
    const rig = await live({ maxRetries: 7 });
    const { peer } = rig;
    const lost = rig.clock.now();
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'connected', 'broadcasting']);
    const [info] = infosOf(rig);
    assert.ok(info && info.lostAt <= lost && info.lostAt > lost - 250);
    const { lostAt } = info;
    assert.deepEqual(info, {
      cause: 'network',
      method: 'ice-restart',
      attempt: 0,
      maxRetries: 7,
      delay: 0,
      waitingFor: null,
      lostAt,
    });
    assert.ok(rig.clock.now() - lost < 3_000, 'within 3 s');
    assert.equal(rig.peer, peer);
    assert.deepEqual([rig.server.opened, rig.server.restarts, rig.server.of('DELETE').length], [1, 1, 0]);
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().length, 3, 'and it holds');
  });

  it('asks by one PATCH of the new credentials, for any entity tag (RFC 9725 section 4.3.3)', async () => {
    const rig = await live();
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    const [restart, ...more] = restartsOf(rig);
    assert.equal(more.length, 0);
    assert.equal(restart?.headers['content-type'], 'application/trickle-ice-sdpfrag');
    assert.equal(restart?.headers['if-match'], '*');
    assert.equal(restart?.headers.authorization, 'Bearer token');
    assert.match(restart?.body ?? '', /a=ice-ufrag:peer1restart1\r\n/);
    assert.match(restart?.body ?? '', /a=candidate:/);
    assert.match(rig.peer.remoteDescription?.sdp ?? '', /a=ice-ufrag:server1\r\n/);
    assert.equal(rig.peer.signalingState, 'stable');
  });

  it('goes on with the video bitrate of before the loss, with another value each time', async () => {
    const rig = await live();
    rig.path.targetBitrate = 2_500_000;
    await rig.clock.advance(2_000);
    const starts: (string | undefined)[] = [];
    for (let losses = 0; losses < 2; losses++) {
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      // The estimate falls while nothing comes back.
      rig.path.targetBitrate = 30_000;
      await rig.untilStatus('broadcasting');
      rig.path.targetBitrate = 2_500_000;
      await rig.clock.advance(3_000);
      starts.push(/x-google-start-bitrate=(\d+)/.exec(rig.peer.remoteDescription?.sdp ?? '')?.[1]);
    }
    assert.deepEqual(starts, ['2500', '2501']);
  });

  it('leaves the bitrate alone if the browser does not report it', async () => {
    const rig = await live();
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    assert.doesNotMatch(rig.peer.remoteDescription?.sdp ?? '', /x-google/);
  });

  it('follows reports that arrive late on a path that has failed (Firefox)', async () => {
    const rig = await live();
    rig.server.next('HEAD', { after: 1_500 });
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    rig.peer.iceConnectionState = 'failed';
    rig.peer.isDeaf = false;
    await rig.clock.advance(500);
    goDeaf(rig);
    await rig.clock.advance(500);
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast']);
    await rig.untilStatus('broadcasting');
    assert.deepEqual([restartsOf(rig).length, rig.user.report.outages[0]?.recoveredBy], [1, 'ice-restart']);
  });

  it('gives way to a new session if the path was down until the browser gave it up', async () => {
    const rig = await cutOff();
    rig.peer.become('failed');
    rig.server.always('HEAD', null);
    await rig.untilStatus('broadcasting');
    assert.deepEqual([restartsOf(rig).length, rig.user.report.outages[0]?.recoveredBy], [0, 'new-session']);
  });

  it('follows once HTTP is up again, if the browser has not given the path up', async () => {
    const rig = await cutOff();
    assert.equal(restartsOf(rig).length, 0);
    rig.server.always('HEAD', null);
    await rig.untilStatus('broadcasting');
    assert.deepEqual([restartsOf(rig).length, rig.user.report.outages[0]?.recoveredBy], [1, 'ice-restart']);
    assert.equal(rig.server.opened, 1);
  });

  it('is sent once where the path comes back meanwhile and was doubtful for long (Firefox)', async () => {
    for (let heardAfter = 0; heardAfter <= 1_000; heardAfter += 50) {
      const rig = await live();
      rig.server.always('HEAD', 'no answer');
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      await rig.clock.advance(4_000);
      rig.peer.becomeIce('disconnected');
      await rig.clock.advance(10_250);
      rig.server.always('HEAD', { after: 50 });
      rig.server.always('PATCH', { after: 150 });
      await rig.clock.advance(heardAfter);
      rig.peer.isDeaf = false;
      await rig.clock.advance(300);
      rig.peer.becomeIce('connected');
      await rig.clock.advance(4_000);
      assert.ok(rig.outline().includes('broadcasting'), `heard after ${heardAfter} ms`);
      assert.ok(restartsOf(rig).length <= 1, `${restartsOf(rig).length} restarts, heard after ${heardAfter} ms`);
      assert.equal(rig.peer.signalingState, 'stable');
      assert.equal(rig.server.opened, 1);
    }
  });

  it('follows a path that the browser has given up, if HTTP was never down', async () => {
    const rig = await live({ minDelay: 6 });
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    rig.peer.become('failed');
    await rig.untilStatus('broadcasting');
    assert.deepEqual([restartsOf(rig).length, rig.user.report.outages[0]?.recoveredBy], [1, 'ice-restart']);
  });

  it('follows where ICE has failed too', async () => {
    const rig = await live();
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(methodsOf(rig), ['ice-restart 0']);
    assert.equal(rig.server.opened, 1);
  });

  it('is no attempt that counts, however many there are', async () => {
    const rig = await live({ maxRetries: 1 });
    for (let losses = 0; losses < 10; losses++) {
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(3_000);
    }
    assert.deepEqual(new Set(methodsOf(rig)), new Set(['ice-restart 0']));
    assert.deepEqual([rig.server.opened, rig.server.restarts], [1, 10]);
  });

  it('waits for minDelay from the last sign of life', async () => {
    const rig = await live({ minDelay: 6, maxDelay: 8 });
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    const { lostAt, delay } = rig.reconnect();
    assert.equal(rig.clock.now() + (delay ?? 0) * 1000, lostAt + 6_000);
    await rig.untilStatus('broadcasting');
    const at = restartsOf(rig)[0]?.at ?? NaN;
    assert.ok(at >= lostAt + 6_000 && at <= lostAt + 6_200, `${at - lostAt} ms`);
  });

  it('sends candidates that come late after it, with its own credentials', async () => {
    const rig = await live();
    Object.assign(rig.path, { gathersAfter: 400, gatheredAfter: 500 });
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(2_000);
    const late = rig.server.last('PATCH');
    assert.equal(late.headers['if-match'], '"restart-1"', 'under the entity tag of the restart');
    assert.match(late.body, /a=ice-ufrag:peer1restart1\r\n[^]*a=candidate:[^]*a=end-of-candidates/);
  });

  it('keeps mute, takes other tracks and other bitrates while it goes on', async () => {
    const rig = await live();
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    rig.server.next('PATCH', { after: 800 });
    await rig.clock.advance(300);
    void rig.user.muteDevice({ kind: 'videoinput', mute: true });
    const stream = rig.giveStream();
    void rig.user.setConfig({ bitrates: { videoSendBitrate: 700 } });
    await rig.untilStatus('broadcasting');
    const [audio, video] = rig.peer.getSenders();
    assert.deepEqual([audio?.track, video?.track], stream.getTracks());
    assert.deepEqual([audio?.track?.enabled, video?.track?.enabled], [true, false]);
    assert.equal(video?.attached.at(-1)?.wasEnabled, false);
    assert.equal(video?.encodings[0]?.maxBitrate, 700_000);
    assert.equal(rig.peers.length, 1);
  });
});

describe('a path that comes back by itself', () => {
  it('before the repair has begun needs none', async () => {
    const rig = await live({ minDelay: 6, maxDelay: 8 });
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    rig.peer.isDeaf = false;
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'connected', 'broadcasting']);
    await rig.clock.advance(30_000);
    assert.deepEqual([restartsOf(rig).length, rig.server.opened], [0, 1]);
    assert.equal(rig.user.report.outages[0]?.recoveredBy, 'browser');
  });

  it('while a refused repair goes on is kept: the old path is in force again', async () => {
    const rig = await live();
    rig.server.next('PATCH', { status: 503, after: 700 });
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    await rig.clock.advance(300);
    rig.peer.isDeaf = false;
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(5_000);
    assert.equal(rig.peer.signalingState, 'stable');
    assert.match(rig.peer.remoteDescription?.sdp ?? '', /a=ice-ufrag:server\r\n/);
    assert.equal(rig.server.opened, 1);
    assert.equal(rig.outline().at(-1), 'broadcasting');
  });
});

describe('a repair that fails', () => {
  it('twice, 5 s each, is followed by a new session', async () => {
    const rig = await live();
    rig.path.connectsAfter = null;
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    const begun = rig.clock.now();
    await rig.clockUntilAttempt(1);
    assert.deepEqual(methodsOf(rig), ['ice-restart 0', 'ice-restart 0', 'new-session 1']);
    const took = rig.clock.now() - begun;
    assert.ok(took >= 10_000 && took <= 11_000, `${took} ms`);
    assert.equal(rig.server.restarts, 2);
    rig.path.connectsAfter = 40;
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(3_000);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [2, 1]);
  });

  it('once may be healed by the second try', async () => {
    const rig = await live();
    rig.path.connectsAfter = null;
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    await rig.untilStatus('reconnecting_broadcast');
    rig.path.connectsAfter = 40;
    await rig.untilStatus('broadcasting');
    assert.deepEqual([rig.server.opened, rig.server.restarts], [1, 2]);
    assert.deepEqual(methodsOf(rig), ['ice-restart 0', 'ice-restart 0']);
  });

  it('by a refusal is followed by a new session at once, and is tried once in each session (A4)', async () => {
    const rig = await live();
    rig.server.restartsIce = false;
    for (const expected of [1, 2].map(() => ['ice-restart 0', 'new-session 1'])) {
      rig.events.length = 0;
      const lost = rig.clock.now();
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      assert.ok(rig.clock.now() - lost < 3_500);
      assert.deepEqual(methodsOf(rig), expected);
      await rig.clock.advance(15_000);
    }
    assert.deepEqual(
      restartsOf(rig).map(({ url }) => url.replace(/.*session-/, '')),
      ['1', '2'],
    );
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [3, 1]);
  });

  it('by a refusal is forgotten with the next broadcast, also where the endpoint is signed in to anew', async () => {
    const rig = await stoppedAfterRefusal();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    assert.equal(rig.reconnect().method, 'ice-restart');
    void rig.user.stopBroadcast();
    await rig.untilStatus('StopBroadcastSuccess');
    for (const query of ['', '?other']) {
      await rig.goLive({ server: `${ENDPOINT}${query}` });
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      assert.equal(rig.reconnect().method, 'ice-restart', query);
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
    }
  });

  for (const status of [404, 410]) {
    it(`with ${status} shows that the server has ended the session`, async () => {
      const rig = await live();
      rig.server.next('PATCH', { status });
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      assert.deepEqual(methodsOf(rig), ['ice-restart 0', 'new-session 1']);
      assert.deepEqual(
        infosOf(rig).map(({ cause }) => cause),
        ['network', 'server'],
      );
      // The site beside a proxied server answers with 404 too, so the endpoint's prefix is tried once (A7).
      const paths = rig.server.of('PATCH').map(({ url }) => new URL(url).pathname);
      const session = (number: number) => `/whip/sessions/${number}`;
      const withPrefix = status === 404 ? [`/studio${session(1)}`] : [];
      assert.deepEqual(paths, [session(1), session(1), ...withPrefix, session(2)], 'and nothing is remembered');
    });
  }

  it('with 404 has a herd in mind: the wait is spread as widely as for any loss by the server', async () => {
    const posts: number[] = [];
    for (const random of [0, 0.5, 0.99]) {
      const rig = await live();
      rig.random = random;
      rig.server.next('PATCH', { status: 404 });
      goDeaf(rig);
      await rig.clockUntilAttempt(1);
      const { lostAt } = rig.reconnect();
      await rig.untilStatus('broadcasting');
      posts.push(rig.server.last('POST').at - lostAt);
    }
    const [least = 0, middle = 0, most = 0] = posts;
    assert.ok(middle - least > 1_000 && most - middle > 1_000, posts.join());
  });

  for (const status of [429, 500, 503]) {
    it(`with ${status} is tried once more, which may succeed`, async () => {
      const rig = await live();
      rig.server.next('PATCH', { status });
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      assert.deepEqual(methodsOf(rig), ['ice-restart 0', 'ice-restart 0']);
      assert.equal(rig.server.opened, 1);
    });
  }

  it('tries again only as late as Retry-After says', async () => {
    const rig = await live();
    rig.server.next('PATCH', { status: 503, headers: { 'Retry-After': '4' } });
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    const [first, second] = restartsOf(rig);
    const between = (second?.at ?? NaN) - (first?.at ?? NaN);
    assert.ok(between >= 4_000 && between <= 4_500, `${between} ms`);
  });

  it('hands Retry-After on to the new session', async () => {
    const rig = await live();
    rig.server.next('PATCH', { status: 503 }, { status: 503, headers: { 'Retry-After': '9' } });
    goDeaf(rig);
    await rig.clockUntilAttempt(1);
    const refused = rig.clock.now();
    await rig.untilStatus('broadcasting');
    const waited = rig.server.last('POST').at - refused;
    assert.ok(waited >= 9_000 - 1, `${waited} ms`);
  });

  it('for want of an answer is begun anew after 1 s, with other credentials', async () => {
    for (const script of ['no answer', { after: 3_000 }] as Script[]) {
      const rig = await live();
      rig.server.next('PATCH', script);
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      const [first, second] = restartsOf(rig);
      const between = (second?.at ?? NaN) - (first?.at ?? NaN);
      assert.ok(between >= 900 && between <= 1_300, `${between} ms`);
      assert.notEqual(/a=ice-ufrag:\S+/.exec(first?.body ?? '')?.[0], /a=ice-ufrag:\S+/.exec(second?.body ?? '')?.[0]);
      assert.equal(rig.server.opened, 1);
    }
  });

  it('by a network error is begun anew at once', async () => {
    const rig = await live();
    rig.server.next('PATCH', 'network error');
    goDeaf(rig);
    await rig.untilStatus('broadcasting');
    const [first, second] = restartsOf(rig);
    assert.ok((second?.at ?? NaN) - (first?.at ?? NaN) < 300);
    assert.equal(rig.server.opened, 1);
  });

  it('while the server closes DTLS is over at once, and the server is the cause', async () => {
    for (const elapsed of [0, 10, 200, 2_000]) {
      const rig = await live();
      rig.path.connectsAfter = null;
      goDeaf(rig);
      await rig.untilStatus('reconnecting_broadcast');
      await rig.clock.advance(elapsed);
      rig.path.connectsAfter = 40;
      rig.loseServer();
      await rig.clock.advance(0);
      assert.deepEqual(
        [rig.reconnect().method, rig.reconnect().cause],
        ['new-session', 'server'],
        `after ${elapsed} ms`,
      );
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(3_000);
      assert.equal(rig.server.sessions.size, 1);
    }
  });

  it('while the browser closes DTLS for want of a path is over too, and the network stays the cause', async () => {
    const rig = await live();
    rig.path.connectsAfter = null;
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    rig.peer.becomeIce('disconnected');
    rig.loseServer();
    await rig.clock.advance(0);
    assert.deepEqual([rig.reconnect().method, rig.reconnect().cause], ['new-session', 'network']);
  });
});
