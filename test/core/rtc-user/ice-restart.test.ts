import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { ENDPOINT } from '../support/test-rig.js';
import { goDeaf, infosOf, liveWithRepair as live, restartsOf, rungsOf } from '../support/ice-restarts.js';

/** A broadcast that was stopped after its server had refused to restart ICE. */
async function stoppedAfterRefusal() {
  const studio = await live();
  studio.server.restartsIce = false;
  goDeaf(studio);
  await studio.untilStatus('broadcasting');
  void studio.user.stopBroadcast();
  await studio.untilStatus('StopBroadcastSuccess');
  return studio;
}

describe('a repair', () => {
  it('heals a silent path in the same session, and the page is told (2.3)', async () => {
    const studio = await live({ maxRetries: 7 });
    const { peer } = studio;
    const lost = studio.clock.now();
    goDeaf(studio);
    await studio.untilStatus('broadcasting');
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'connected', 'broadcasting']);
    const [info] = infosOf(studio);
    assert.ok(info && info.lostAt <= lost && info.lostAt > lost - 250);
    const { lostAt } = info;
    assert.deepEqual(info, { cause: 'network', rung: 'repair', attempt: 0, maxRetries: 7, delay: 0, lostAt });
    assert.ok(studio.clock.now() - lost < 3_000, 'within 3 s');
    assert.equal(studio.peer, peer);
    assert.deepEqual([studio.server.opened, studio.server.restarts, studio.server.of('DELETE').length], [1, 1, 0]);
    await studio.clock.advance(60_000);
    assert.equal(studio.outline().length, 3, 'and it holds');
  });

  it('asks by one PATCH of the new credentials, for any entity tag (RFC 9725 section 4.3.3)', async () => {
    const studio = await live();
    goDeaf(studio);
    await studio.untilStatus('broadcasting');
    const [restart, ...more] = restartsOf(studio);
    assert.equal(more.length, 0);
    assert.equal(restart?.headers['content-type'], 'application/trickle-ice-sdpfrag');
    assert.equal(restart?.headers['if-match'], '*');
    assert.equal(restart?.headers.authorization, 'Bearer token');
    assert.match(restart?.body ?? '', /a=ice-ufrag:peer1restart1\r\n/);
    assert.match(restart?.body ?? '', /a=candidate:/);
    assert.match(studio.peer.remoteDescription?.sdp ?? '', /a=ice-ufrag:server1\r\n/);
    assert.equal(studio.peer.signalingState, 'stable');
  });

  it('follows where ICE has failed too', async () => {
    const studio = await live();
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(rungsOf(studio), ['repair 0']);
    assert.equal(studio.server.opened, 1);
  });

  it('is no attempt that counts, however many there are', async () => {
    const studio = await live({ maxRetries: 1 });
    for (let losses = 0; losses < 10; losses++) {
      goDeaf(studio);
      await studio.untilStatus('reconnecting_broadcast');
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(3_000);
    }
    assert.deepEqual(new Set(rungsOf(studio)), new Set(['repair 0']));
    assert.deepEqual([studio.server.opened, studio.server.restarts], [1, 10]);
  });

  it('waits for minDelay from the last sign of life', async () => {
    const studio = await live({ minDelay: 6, maxDelay: 8 });
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    const { lostAt, delay } = studio.reconnect();
    assert.equal(studio.clock.now() + delay * 1000, lostAt + 6_000);
    await studio.untilStatus('broadcasting');
    const at = restartsOf(studio)[0]?.at ?? NaN;
    assert.ok(at >= lostAt + 6_000 && at <= lostAt + 6_200, `${at - lostAt} ms`);
  });

  it('sends candidates that come late after it, with its own credentials', async () => {
    const studio = await live();
    Object.assign(studio.path, { gathersAfter: 400, gatheredAfter: 500 });
    goDeaf(studio);
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(2_000);
    const late = studio.server.last('PATCH');
    assert.equal(late.headers['if-match'], '"restart-1"', 'under the entity tag of the restart');
    assert.match(late.body, /a=ice-ufrag:peer1restart1\r\n[^]*a=candidate:[^]*a=end-of-candidates/);
  });

  it('keeps mute, takes other tracks and other bitrates while it goes on', async () => {
    const studio = await live();
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    studio.server.next('PATCH', { after: 800 });
    await studio.clock.advance(300);
    void studio.user.muteDevice({ kind: 'videoinput', mute: true });
    const stream = studio.giveStream();
    void studio.user.setConfig({ bitrates: { videoSendBitrate: 700 } });
    await studio.untilStatus('broadcasting');
    const [audio, video] = studio.peer.getSenders();
    assert.deepEqual([audio?.track, video?.track], stream.getTracks());
    assert.deepEqual([audio?.track?.enabled, video?.track?.enabled], [true, false]);
    assert.equal(video?.attached.at(-1)?.wasEnabled, false);
    assert.equal(video?.encodings[0]?.maxBitrate, 700_000);
    assert.equal(studio.peers.length, 1);
  });
});

describe('a path that comes back by itself', () => {
  it('before the repair has begun needs none', async () => {
    const studio = await live({ minDelay: 6, maxDelay: 8 });
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    studio.peer.isDeaf = false;
    await studio.untilStatus('broadcasting');
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'connected', 'broadcasting']);
    await studio.clock.advance(30_000);
    assert.deepEqual([restartsOf(studio).length, studio.server.opened], [0, 1]);
    assert.equal(studio.user.report.outages[0]?.rung, 'self');
  });

  it('while a refused repair goes on is kept: the old path is in force again', async () => {
    const studio = await live();
    studio.server.next('PATCH', { status: 503, after: 700 });
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    await studio.clock.advance(300);
    studio.peer.isDeaf = false;
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(5_000);
    assert.equal(studio.peer.signalingState, 'stable');
    assert.match(studio.peer.remoteDescription?.sdp ?? '', /a=ice-ufrag:server\r\n/);
    assert.equal(studio.server.opened, 1);
    assert.equal(studio.outline().at(-1), 'broadcasting');
  });
});

describe('a repair that fails', () => {
  it('twice, 5 s each, is followed by a new session', async () => {
    const studio = await live();
    studio.path.connectsAfter = null;
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    const begun = studio.clock.now();
    await studio.clockUntilAttempt(1);
    assert.deepEqual(rungsOf(studio), ['repair 0', 'repair 0', 'replace 1']);
    const took = studio.clock.now() - begun;
    assert.ok(took >= 10_000 && took <= 11_000, `${took} ms`);
    assert.equal(studio.server.restarts, 2);
    studio.path.connectsAfter = 40;
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(3_000);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [2, 1]);
  });

  it('once may be healed by the second try', async () => {
    const studio = await live();
    studio.path.connectsAfter = null;
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    await studio.untilStatus('reconnecting_broadcast');
    studio.path.connectsAfter = 40;
    await studio.untilStatus('broadcasting');
    assert.deepEqual([studio.server.opened, studio.server.restarts], [1, 2]);
    assert.deepEqual(rungsOf(studio), ['repair 0', 'repair 0']);
  });

  it('by a refusal for good is followed by a new session at once, and no repair is tried again', async () => {
    const studio = await live();
    studio.server.restartsIce = false;
    for (const expected of [['repair 0', 'replace 1'], ['replace 1']]) {
      studio.events.length = 0;
      const lost = studio.clock.now();
      goDeaf(studio);
      await studio.untilStatus('broadcasting');
      assert.ok(studio.clock.now() - lost < 3_500);
      assert.deepEqual(rungsOf(studio), expected);
      await studio.clock.advance(15_000);
    }
    assert.equal(restartsOf(studio).length, 1);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [3, 1]);
  });

  it('by a refusal for good is remembered for the next broadcast, and forgotten with a new sign-in', async () => {
    const studio = await stoppedAfterRefusal();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    assert.equal(studio.reconnect().rung, 'replace');
    await studio.untilStatus('broadcasting');
    void studio.user.signOut();
    await studio.clock.advance(1_000);
    await studio.goLive();
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    assert.equal(studio.reconnect().rung, 'repair');
  });

  it('by a refusal for good is remembered for its endpoint alone, also where that is signed in to anew', async () => {
    const studio = await stoppedAfterRefusal();
    for (const [query, rung] of [
      ['', 'replace'],
      ['?other', 'repair'],
    ]) {
      await studio.goLive({ server: `${ENDPOINT}${query}` });
      goDeaf(studio);
      await studio.untilStatus('reconnecting_broadcast');
      assert.equal(studio.reconnect().rung, rung, query);
      void studio.user.stopBroadcast();
      await studio.untilStatus('StopBroadcastSuccess');
    }
  });

  for (const status of [404, 410]) {
    it(`with ${status} shows that the server has ended the session`, async () => {
      const studio = await live();
      studio.server.next('PATCH', { status });
      goDeaf(studio);
      await studio.untilStatus('broadcasting');
      assert.deepEqual(rungsOf(studio), ['repair 0', 'replace 1']);
      assert.deepEqual(
        infosOf(studio).map(({ cause }) => cause),
        ['network', 'server'],
      );
      assert.equal(studio.server.of('PATCH').length, 3, 'and nothing is remembered: candidates, restart, candidates');
    });
  }

  it('with 404 has a herd in mind: the wait is spread as widely as for any loss by the server', async () => {
    const posts: number[] = [];
    for (const random of [0, 0.5, 0.99]) {
      const studio = await live();
      studio.random = random;
      studio.server.next('PATCH', { status: 404 });
      goDeaf(studio);
      await studio.clockUntilAttempt(1);
      const { lostAt } = studio.reconnect();
      await studio.untilStatus('broadcasting');
      posts.push(studio.server.last('POST').at - lostAt);
    }
    const [least = 0, middle = 0, most = 0] = posts;
    assert.ok(middle - least > 1_000 && most - middle > 1_000, posts.join());
  });

  for (const status of [429, 500, 503]) {
    it(`with ${status} is tried once more, which may succeed`, async () => {
      const studio = await live();
      studio.server.next('PATCH', { status });
      goDeaf(studio);
      await studio.untilStatus('broadcasting');
      assert.deepEqual(rungsOf(studio), ['repair 0', 'repair 0']);
      assert.equal(studio.server.opened, 1);
    });
  }

  it('tries again only as late as Retry-After says', async () => {
    const studio = await live();
    studio.server.next('PATCH', { status: 503, headers: { 'Retry-After': '4' } });
    goDeaf(studio);
    await studio.untilStatus('broadcasting');
    const [first, second] = restartsOf(studio);
    const between = (second?.at ?? NaN) - (first?.at ?? NaN);
    assert.ok(between >= 4_000 && between <= 4_500, `${between} ms`);
  });

  it('hands Retry-After on to the new session', async () => {
    const studio = await live();
    studio.server.next('PATCH', { status: 503 }, { status: 503, headers: { 'Retry-After': '9' } });
    goDeaf(studio);
    await studio.clockUntilAttempt(1);
    const refused = studio.clock.now();
    await studio.untilStatus('broadcasting');
    const waited = studio.server.last('POST').at - refused;
    assert.ok(waited >= 9_000 - 1, `${waited} ms`);
  });

  it('for want of an answer is begun anew after 1 s, with other credentials', async () => {
    for (const script of ['no answer', { after: 3_000 }] as Script[]) {
      const studio = await live();
      studio.server.next('PATCH', script);
      goDeaf(studio);
      await studio.untilStatus('broadcasting');
      const [first, second] = restartsOf(studio);
      const between = (second?.at ?? NaN) - (first?.at ?? NaN);
      assert.ok(between >= 900 && between <= 1_300, `${between} ms`);
      assert.notEqual(/a=ice-ufrag:\S+/.exec(first?.body ?? '')?.[0], /a=ice-ufrag:\S+/.exec(second?.body ?? '')?.[0]);
      assert.equal(studio.server.opened, 1);
    }
  });

  it('by a network error is begun anew at once', async () => {
    const studio = await live();
    studio.server.next('PATCH', 'network error');
    goDeaf(studio);
    await studio.untilStatus('broadcasting');
    const [first, second] = restartsOf(studio);
    assert.ok((second?.at ?? NaN) - (first?.at ?? NaN) < 300);
    assert.equal(studio.server.opened, 1);
  });

  it('while the server closes DTLS is over at once, and the server is the cause', async () => {
    for (const elapsed of [0, 10, 200, 2_000]) {
      const studio = await live();
      studio.path.connectsAfter = null;
      goDeaf(studio);
      await studio.untilStatus('reconnecting_broadcast');
      await studio.clock.advance(elapsed);
      studio.path.connectsAfter = 40;
      studio.loseServer();
      await studio.clock.advance(0);
      assert.deepEqual(
        [studio.reconnect().rung, studio.reconnect().cause],
        ['replace', 'server'],
        `after ${elapsed} ms`,
      );
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(3_000);
      assert.equal(studio.server.sessions.size, 1);
    }
  });

  it('while the browser closes DTLS for want of a path is over too, and the network stays the cause', async () => {
    const studio = await live();
    studio.path.connectsAfter = null;
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    studio.peer.becomeIce('disconnected');
    studio.loseServer();
    await studio.clock.advance(0);
    assert.deepEqual([studio.reconnect().rung, studio.reconnect().cause], ['replace', 'network']);
  });
});
