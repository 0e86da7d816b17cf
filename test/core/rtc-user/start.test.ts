import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BROADCAST_STATES } from '../../../src/core/api/events.js';
import { codeOf, ENDPOINT, Studio } from '../support/test-rig.js';

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const CLAIMS = { ingesturl: 'rtmp://rtmp.example/live', streamname: 'claimed' };

describe('starting', () => {
  it('tells signalling, connected, the success, then broadcasting, in the form of v5', async () => {
    const studio = new Studio();
    const stream = studio.begin({}, { transcodingTargets: { output: 'rtmp://rtmp.example/live', streamname: 'show' } });
    await studio.untilStatus('broadcasting');
    assert.deepEqual(studio.outline(), [
      'SignInSuccess',
      'signalling',
      'connected',
      'StartBroadcastSuccess',
      'broadcasting',
    ]);
    assert.deepEqual(
      studio.all('BroadcastStatus').map(({ data }) => data),
      (['signalling', 'connected', 'broadcasting'] as const).map((message) => ({
        message,
        text: message,
        state: BROADCAST_STATES[message],
        streamname: 'show',
      })),
    );
    assert.deepEqual(
      [4, 5, 6],
      studio.all('BroadcastStatus').map(({ data }) => data.state),
    );
    assert.deepEqual(studio.last('StartBroadcastSuccess').data, {
      output: 'rtmp://rtmp.example/live',
      streamname: 'show',
      stream,
    });
  });

  it('succeeds only once the server has acknowledged media', async () => {
    for (const countsBytes of [true, false]) {
      const studio = new Studio();
      Object.assign(studio.path, { countsBytes, acknowledgesAfter: 3_000 });
      studio.begin();
      await studio.clock.advance(3_000);
      assert.equal(studio.outline().at(-1), 'connected');
      await studio.clock.advance(500);
      assert.equal(studio.outline().at(-1), 'broadcasting');
    }
  });

  it('fails where the server acknowledges no media within 10 s, and leaves no session', async () => {
    const studio = new Studio({ reconnect: {} });
    studio.path.acknowledgesAfter = null;
    studio.begin();
    await studio.clock.advance(60_000);
    assert.deepEqual(studio.outline(), ['SignInSuccess', 'signalling', 'connected', 'StartBroadcastError 5001']);
    assert.match(studio.last('StartBroadcastError').error.message, /acknowledged no media within 10 s/);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size, studio.clock.pending], [1, 0, 0]);
  });

  it('fails where no connection comes up, with the likely reason', async () => {
    const studio = new Studio();
    studio.path.connectsAfter = null;
    studio.begin();
    await studio.clock.advance(60_000);
    assert.deepEqual(studio.outline(), ['SignInSuccess', 'signalling', 'StartBroadcastError 5001']);
    assert.match(studio.last('StartBroadcastError').error.message, /UDP/);
    assert.equal(studio.server.sessions.size, 0);
  });

  it('fails at once where the path breaks or the server ends the session meanwhile', async () => {
    for (const lose of [(studio: Studio) => studio.losePath(), (studio: Studio) => studio.loseServer()]) {
      const studio = new Studio({ reconnect: {} });
      studio.path.acknowledgesAfter = null;
      studio.begin();
      await studio.untilStatus('connected');
      lose(studio);
      await studio.clock.advance(100);
      assert.equal(studio.outline().at(-1), 'StartBroadcastError 5001');
      assert.equal(studio.server.sessions.size, 0);
    }
  });

  it('waits for a sign-in in flight', async () => {
    const studio = new Studio();
    studio.server.next('HEAD', { after: 3_000 });
    studio.begin();
    await studio.clock.advance(2_900);
    assert.deepEqual(studio.outline(), []);
    await studio.untilStatus('broadcasting');
  });

  it('waits for a preview that is being opened', async () => {
    const studio = new Studio();
    void studio.signIn();
    void studio.user.startPreview();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.peer.getSenders().length, 2);
  });

  it('fails with 4001 where nobody signed in, and where the sign-in was refused', async () => {
    const studio = new Studio();
    studio.giveStream();
    assert.equal(await codeOf(studio.user.startBroadcast()), 4001);
    void studio.signIn({ server: '' });
    const start = studio.user.startBroadcast();
    await studio.clock.advance(100);
    assert.equal(await codeOf(start), 4001);
    assert.deepEqual(studio.outline().sort(), [
      'SignInError 1002',
      'StartBroadcastError 4001',
      'StartBroadcastError 4001',
    ]);
  });

  it('goes live where only the probe of the sign-in had no answer: CORP, COEP or no HEAD at the server', async () => {
    const studio = new Studio();
    studio.giveStream();
    studio.server.next('HEAD', 'network error');
    void studio.signIn();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.outline()[0], 'SignInError 4000');
    assert.ok(!studio.outline().some((name) => name.startsWith('StartBroadcastError')));
  });

  it('fails with 1006 while a broadcast runs or starts, which goes on', async () => {
    const studio = new Studio();
    studio.begin();
    assert.equal(await codeOf(studio.user.startBroadcast()), 1006);
    await studio.untilStatus('broadcasting');
    assert.equal(await codeOf(studio.user.startBroadcast()), 1006);
    assert.deepEqual(
      studio.outline().filter((name) => name.includes('Error')),
      ['StartBroadcastError 1006', 'StartBroadcastError 1006'],
    );
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [1, 1]);
  });

  it('fails with 6001 where there is nothing to send, or what there was has ended', async () => {
    const studio = new Studio();
    void studio.signIn();
    const start = studio.user.startBroadcast();
    await studio.clock.advance(100);
    assert.equal(await codeOf(start), 6001);
    const stream = studio.giveStream();
    for (const track of stream.getTracks()) track.stop();
    const again = studio.user.startBroadcast();
    await studio.clock.advance(100);
    assert.equal(await codeOf(again), 6001);
    assert.equal(studio.server.of('POST').length, 0);
  });

  it('fails with 1003 for a codec that nobody knows', async () => {
    const studio = new Studio();
    studio.begin({}, { encoding: { videoCodec: 'mpeg2' as never } });
    await studio.clock.advance(100);
    assert.equal(studio.outline().includes('StartBroadcastError 1003'), true);
  });

  it('may be tried again after a failure', async () => {
    const studio = new Studio();
    studio.server.next('POST', { status: 503 });
    studio.begin();
    await studio.clock.advance(100);
    assert.equal(studio.outline().at(-1), 'StartBroadcastError 101001');
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
  });

  it('works with audio alone and with video alone', async () => {
    for (const kind of ['audio', 'video'] as const) {
      const studio = new Studio();
      void studio.signIn();
      studio.giveStream(kind);
      void studio.user.startBroadcast();
      await studio.untilStatus('broadcasting');
      assert.deepEqual(
        studio.peer.getSenders().map((sender) => sender.kind),
        [kind],
      );
    }
  });

  it('sends target and name to the endpoint, and fills in a placeholder', async () => {
    const studio = new Studio();
    await studio.goLive({}, { transcodingTargets: { output: 'rtmp://a.example/live', streamname: 'my show' } });
    const { searchParams } = new URL(studio.server.last('POST').url);
    assert.deepEqual(Object.fromEntries(searchParams), { stream_url: 'rtmp://a.example/live', stream_name: 'my show' });
    const other = new Studio();
    await other.goLive(
      { server: 'https://a.example/{streamname}/whip' },
      { transcodingTargets: { streamname: 'my show' } },
    );
    assert.equal(other.server.last('POST').url, 'https://a.example/my%20show/whip');
  });

  it('takes a token in place of the targets, and its claims fill the payloads', async () => {
    const studio = new Studio();
    const jwt = jwtOf(CLAIMS);
    const stream = studio.begin({}, { jwt });
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.last('POST').url, ENDPOINT);
    assert.equal(studio.server.last('POST').headers.authorization, `Bearer ${jwt}`);
    const payload = { output: CLAIMS.ingesturl, streamname: CLAIMS.streamname };
    assert.deepEqual(studio.last('StartBroadcastSuccess').data, { ...payload, stream });
    assert.equal(studio.last('BroadcastStatus').data.streamname, 'claimed');
    void studio.user.stopBroadcast();
    await studio.clock.advance(100);
    assert.deepEqual(studio.last('StopBroadcastSuccess').data, payload);
  });

  it("has the claims of the sign-in's token in the payloads too (design 3)", async () => {
    const studio = new Studio();
    studio.begin({ jwt: jwtOf(CLAIMS) });
    await studio.untilStatus('broadcasting');
    assert.equal(studio.last('BroadcastStatus').data.streamname, 'claimed');
    assert.equal(studio.last('StartBroadcastSuccess').data.output, CLAIMS.ingesturl);
  });

  it('always has data on its success, though nothing is known', async () => {
    const studio = new Studio();
    const stream = studio.begin();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(studio.last('StartBroadcastSuccess').data, { stream });
    assert.equal(studio.last('BroadcastStatus').data.streamname, '');
  });
});
