import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { candidatesOf, readFragment } from '../support/sdp.js';
import { TestRig } from '../support/test-rig.js';

const SESSION = 'https://media.example/whip/sessions/1?secret=session-1';

/** Live, with the `PATCH`es answered as scripted. */
async function liveWith(scripts: Script[], headers: Record<string, string | null> = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect: {} });
  rig.server.next('POST', { headers });
  rig.server.next('PATCH', ...scripts);
  await rig.goLive();
  await rig.clock.advance(1_000);
  return rig;
}

const ifMatches = (rig: TestRig) => rig.server.of('PATCH').map(({ headers }) => headers['if-match']);

describe('trickle (RFC 9725 section 4.3.2)', () => {
  it('sends every candidate and their end in one PATCH after the 201 (C24, C25)', async () => {
    const rig = await liveWith([]);
    const [patch, ...more] = rig.server.of('PATCH');
    assert.equal(more.length, 0);
    assert.equal(patch?.url, SESSION);
    assert.equal(patch.headers['content-type'], 'application/trickle-ice-sdpfrag');
    assert.equal(patch.init.method, 'PATCH');
    assert.deepEqual(readFragment(patch.body), {
      sessionLines: ['a=ice-options:trickle', 'a=group:BUNDLE 0 1'],
      mediaLines: ['m=audio 9 UDP/TLS/RTP/SAVPF 111 0'],
      mid: '0',
      ufrag: 'ufrag1',
      pwd: 'password-of-ufrag1-0123456789',
      candidates: candidatesOf('ufrag1').map(({ candidate }) => candidate),
      isLast: true,
      unknown: [],
    });
  });

  it('sends nothing before the 201, however long it takes', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { after: 5_000 });
    rig.begin();
    await rig.clock.advance(4_900);
    assert.deepEqual(
      rig.server.requests.map(({ method }) => method),
      ['HEAD', 'POST'],
    );
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.of('PATCH').length, 1);
  });

  it('sends what comes late in one more PATCH, each candidate once', async () => {
    const rig = new TestRig();
    Object.assign(rig.path, { gathersAfter: 5, gatheredAfter: 900 });
    await rig.goLive();
    await rig.clock.advance(2_000);
    const fragments = rig.server.of('PATCH').map(({ body }) => readFragment(body));
    assert.deepEqual(
      fragments.map(({ candidates, isLast }) => [candidates.length, isLast]),
      [
        [2, false],
        [0, true],
      ],
    );
  });

  it('says that there are none where there are none', async () => {
    const rig = new TestRig();
    rig.path.gathersAfter = null;
    await rig.goLive();
    await rig.clock.advance(1_000);
    const { candidates, isLast } = readFragment(rig.server.last('PATCH').body);
    assert.deepEqual([candidates, isLast], [[], true]);
  });

  it('matches the raw entity tag, never quoted anew, and none where there is none (C29, T2)', async () => {
    for (const etag of ['"strong"', 'W/"weak"', 'bare', '*']) {
      assert.deepEqual(ifMatches(await liveWith([], { ETag: etag })), [etag]);
    }
    assert.deepEqual(ifMatches(await liveWith([], { ETag: null })), [undefined]);
  });

  it('tries once more after 428 and 412 (C20)', async () => {
    assert.deepEqual(ifMatches(await liveWith([{ status: 428 }], { ETag: null })), [undefined, '*']);
    assert.deepEqual(ifMatches(await liveWith([{ status: 412 }], { ETag: 'W/"weak"' })), ['W/"weak"', '"weak"']);
    assert.deepEqual(ifMatches(await liveWith([{ status: 412 }], { ETag: null })), [undefined, '*']);
  });

  for (const status of [400, 401, 405, 409, 412, 415, 422, 428, 500, 501]) {
    it(`that is refused with ${status} harms nothing and is given up`, async () => {
      const rig = await liveWith([{ status }, { status }, { status }]);
      assert.deepEqual(rig.outline(), []);
      assert.ok(rig.server.of('PATCH').length <= 2);
      assert.equal(rig.server.sessions.size, 1);
    });
  }

  it('that gets no answer harms nothing', async () => {
    for (const script of ['no answer', 'network error'] as const) {
      const rig = await liveWith([script, script]);
      await rig.clock.advance(30_000);
      assert.deepEqual(rig.outline(), []);
    }
  });

  it('that is answered with 404 ends nothing: there are servers without PATCH, and media decides (T2)', async () => {
    for (const status of [404, 410]) {
      const rig = new TestRig({ reconnect: {} });
      rig.server.always('PATCH', { status });
      await rig.goLive();
      await rig.clock.advance(5_000);
      assert.deepEqual(rig.outline(), []);
      assert.equal(rig.server.sessions.size, 1);
    }
  });

  it('that is refused for a moment is offered again in the next session', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.next('PATCH', { status: 503 });
    await rig.goLive();
    rig.loseServer();
    await rig.untilStatus('reconnecting_broadcast');
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(1_000);
    assert.equal(rig.server.of('PATCH').length, 2);
  });
});

describe('a server that needs candidates but does not take them by PATCH', () => {
  /** Media comes up only where candidates are in the offer. */
  function needCandidates(rig: TestRig): void {
    rig.path.connectsAfter = null;
    rig.server.always('PATCH', { status: 405 });
    rig.server.always('POST', ({ body }) => {
      rig.path.connectsAfter = body.includes('a=candidate') ? 40 : null;
      return {};
    });
  }

  it('gets them in the offer of a second try, once, and the page sees one start', async () => {
    const rig = new TestRig();
    needCandidates(rig);
    rig.begin();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.outline(), [
      'SignInSuccess',
      'signalling',
      'connected',
      'StartBroadcastSuccess',
      'broadcasting',
    ]);
    const [first, second, ...more] = rig.server.of('POST');
    assert.deepEqual([first?.body.includes('a=candidate'), second?.body.includes('a=candidate')], [false, true]);
    assert.equal(more.length, 0);
    await rig.clock.advance(5_000);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [2, 1]);
    const ofSecond = rig.server.of('PATCH').filter(({ url }) => url.endsWith('session-2'));
    assert.ok(ofSecond.length > 0, 'it is asked again whether it takes any, by their end');
    assert.ok(!ofSecond.some(({ body }) => body.includes('a=candidate')), 'no candidate of the offer is sent again');
  });

  it('is remembered: the next connections have them at once', async () => {
    const rig = new TestRig({ reconnect: {} });
    needCandidates(rig);
    await rig.goLive();
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.opened, 3);
    assert.match(rig.server.last('POST').body, /a=candidate/);
  });

  it('does not wait for the end of gathering for ever', async () => {
    const rig = new TestRig();
    needCandidates(rig);
    rig.path.gatheredAfter = null;
    await rig.goLive();
    const [first, second] = rig.server.of('POST');
    assert.ok((second?.at ?? Infinity) - (first?.at ?? 0) < 12_000);
  });

  it('that does not connect with them either fails the start after the second try', async () => {
    const rig = new TestRig();
    rig.path.connectsAfter = null;
    rig.server.always('PATCH', { status: 405 });
    rig.begin();
    await rig.clock.advance(60_000);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.deepEqual([rig.server.opened, rig.server.sessions.size, rig.clock.pending], [2, 0, 0]);
  });

  it('has them in the offer of a later start, whose failure then has another reason: one POST', async () => {
    const rig = new TestRig();
    needCandidates(rig);
    await rig.goLive();
    void rig.user.stopBroadcast();
    await rig.clock.advance(3_000);
    rig.forget();
    rig.server.always('POST', { body: 'v=0\r\n' });
    void rig.user.startBroadcast();
    await rig.untilStatus('StartBroadcastError 5001');
    assert.deepEqual([rig.server.of('POST').length, rig.server.of('POST')[0]?.body.includes('a=candidate')], [1, true]);
  });

  it('is not tried again where PATCH worked', async () => {
    const rig = new TestRig();
    rig.path.connectsAfter = null;
    rig.server.always('PATCH', { status: 204 });
    rig.begin();
    await rig.clock.advance(60_000);
    assert.equal(rig.server.opened, 1);
  });

  it('is tried again where the path broke before media came, and where PATCH had no answer', async () => {
    for (const script of [{ status: 405 }, 'network error'] as const) {
      const rig = new TestRig();
      rig.path.connectsAfter = null;
      rig.server.always('PATCH', script);
      rig.begin();
      await rig.clock.advance(1_000);
      rig.losePath();
      await rig.clock.advance(60_000);
      assert.equal(rig.server.opened, 2);
    }
  });
});
