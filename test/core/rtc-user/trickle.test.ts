import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { candidatesOf, readFragment } from '../support/sdp.js';
import { Studio } from '../support/test-rig.js';

const SESSION = 'https://media.example/whip/sessions/1?secret=session-1';

/** Live, with the `PATCH`es answered as scripted. */
async function liveWith(scripts: Script[], headers: Record<string, string | null> = {}): Promise<Studio> {
  const studio = new Studio({ reconnect: {} });
  studio.server.next('POST', { headers });
  studio.server.next('PATCH', ...scripts);
  await studio.goLive();
  await studio.clock.advance(1_000);
  return studio;
}

const ifMatches = (studio: Studio) => studio.server.of('PATCH').map(({ headers }) => headers['if-match']);

describe('trickle (RFC 9725 section 4.3.2)', () => {
  it('sends every candidate and their end in one PATCH after the 201 (C24, C25)', async () => {
    const studio = await liveWith([]);
    const [patch, ...more] = studio.server.of('PATCH');
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
    const studio = new Studio();
    studio.server.next('POST', { after: 5_000 });
    studio.begin();
    await studio.clock.advance(4_900);
    assert.deepEqual(
      studio.server.requests.map(({ method }) => method),
      ['HEAD', 'POST'],
    );
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.of('PATCH').length, 1);
  });

  it('sends what comes late in one more PATCH, each candidate once', async () => {
    const studio = new Studio();
    Object.assign(studio.path, { gathersAfter: 5, gatheredAfter: 900 });
    await studio.goLive();
    await studio.clock.advance(2_000);
    const fragments = studio.server.of('PATCH').map(({ body }) => readFragment(body));
    assert.deepEqual(
      fragments.map(({ candidates, isLast }) => [candidates.length, isLast]),
      [
        [2, false],
        [0, true],
      ],
    );
  });

  it('says that there are none where there are none', async () => {
    const studio = new Studio();
    studio.path.gathersAfter = null;
    await studio.goLive();
    await studio.clock.advance(1_000);
    const { candidates, isLast } = readFragment(studio.server.last('PATCH').body);
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
      const studio = await liveWith([{ status }, { status }, { status }]);
      assert.deepEqual(studio.outline(), []);
      assert.ok(studio.server.of('PATCH').length <= 2);
      assert.equal(studio.server.sessions.size, 1);
    });
  }

  it('that gets no answer harms nothing', async () => {
    for (const script of ['no answer', 'network error'] as const) {
      const studio = await liveWith([script, script]);
      await studio.clock.advance(30_000);
      assert.deepEqual(studio.outline(), []);
    }
  });

  it('that is answered with 404 ends nothing: there are servers without PATCH, and media decides (T2)', async () => {
    for (const status of [404, 410]) {
      const studio = new Studio({ reconnect: {} });
      studio.server.always('PATCH', { status });
      await studio.goLive();
      await studio.clock.advance(5_000);
      assert.deepEqual(studio.outline(), []);
      assert.equal(studio.server.sessions.size, 1);
    }
  });

  it('that is refused for a moment is offered again in the next session', async () => {
    const studio = new Studio({ reconnect: {} });
    studio.server.next('PATCH', { status: 503 });
    await studio.goLive();
    studio.loseServer();
    await studio.untilStatus('reconnecting_broadcast');
    await studio.untilStatus('broadcasting');
    await studio.clock.advance(1_000);
    assert.equal(studio.server.of('PATCH').length, 2);
  });
});

describe('a server that needs candidates but does not take them by PATCH', () => {
  /** Media comes up only where candidates are in the offer. */
  function needCandidates(studio: Studio): void {
    studio.path.connectsAfter = null;
    studio.server.always('PATCH', { status: 405 });
    studio.server.always('POST', ({ body }) => {
      studio.path.connectsAfter = body.includes('a=candidate') ? 40 : null;
      return {};
    });
  }

  it('gets them in the offer of a second try, once, and the page sees one start', async () => {
    const studio = new Studio();
    needCandidates(studio);
    studio.begin();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(studio.outline(), [
      'SignInSuccess',
      'signalling',
      'connected',
      'StartBroadcastSuccess',
      'broadcasting',
    ]);
    const [first, second, ...more] = studio.server.of('POST');
    assert.deepEqual([first?.body.includes('a=candidate'), second?.body.includes('a=candidate')], [false, true]);
    assert.equal(more.length, 0);
    await studio.clock.advance(5_000);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [2, 1]);
    assert.equal(studio.server.of('PATCH').length, 1);
  });

  it('is remembered: the next connections have them at once', async () => {
    const studio = new Studio({ reconnect: {} });
    needCandidates(studio);
    await studio.goLive();
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.opened, 3);
    assert.match(studio.server.last('POST').body, /a=candidate/);
  });

  it('does not wait for the end of gathering for ever', async () => {
    const studio = new Studio();
    needCandidates(studio);
    studio.path.gatheredAfter = null;
    await studio.goLive();
    const [first, second] = studio.server.of('POST');
    assert.ok((second?.at ?? Infinity) - (first?.at ?? 0) < 12_000);
  });

  it('that does not connect with them either fails the start after the second try', async () => {
    const studio = new Studio();
    studio.path.connectsAfter = null;
    studio.server.always('PATCH', { status: 405 });
    studio.begin();
    await studio.clock.advance(60_000);
    assert.equal(studio.outline().at(-1), 'StartBroadcastError 5001');
    assert.deepEqual([studio.server.opened, studio.server.sessions.size, studio.clock.pending], [2, 0, 0]);
  });

  it('is not tried again where PATCH worked', async () => {
    const studio = new Studio();
    studio.path.connectsAfter = null;
    studio.server.always('PATCH', { status: 204 });
    studio.begin();
    await studio.clock.advance(60_000);
    assert.equal(studio.server.opened, 1);
  });

  it('is tried again where the path broke before media came, and where PATCH had no answer', async () => {
    for (const script of [{ status: 405 }, 'network error'] as const) {
      const studio = new Studio();
      studio.path.connectsAfter = null;
      studio.server.always('PATCH', script);
      studio.begin();
      await studio.clock.advance(1_000);
      studio.losePath();
      await studio.clock.advance(60_000);
      assert.equal(studio.server.opened, 2);
    }
  });
});
