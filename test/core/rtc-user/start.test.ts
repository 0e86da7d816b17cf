import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BROADCAST_STATES } from '../../../src/core/api/events.js';
import { codeOf, ENDPOINT, TestRig } from '../support/test-rig.js';

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
const CLAIMS = { ingesturl: 'rtmp://rtmp.example/live', streamname: 'claimed' };

describe('starting', () => {
  it('tells signalling, connected, the success, then broadcasting, in the form of v5', async () => {
    const rig = new TestRig();
    const stream = rig.begin({}, { transcodingTargets: { output: 'rtmp://rtmp.example/live', streamname: 'show' } });
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.outline(), [
      'SignInSuccess',
      'signalling',
      'connected',
      'StartBroadcastSuccess',
      'broadcasting',
    ]);
    assert.deepEqual(
      rig.all('BroadcastStatus').map(({ data }) => data),
      (['signalling', 'connected', 'broadcasting'] as const).map((message) => ({
        message,
        text: message,
        state: BROADCAST_STATES[message],
        streamname: 'show',
      })),
    );
    assert.deepEqual(
      [4, 5, 6],
      rig.all('BroadcastStatus').map(({ data }) => data.state),
    );
    assert.deepEqual(rig.last('StartBroadcastSuccess').data, {
      output: 'rtmp://rtmp.example/live',
      streamname: 'show',
      stream,
    });
  });

  it('succeeds only once the server has acknowledged media', async () => {
    for (const countsBytes of [true, false]) {
      const rig = new TestRig();
      Object.assign(rig.path, { countsBytes, acknowledgesAfter: 3_000 });
      rig.begin();
      await rig.clock.advance(3_000);
      assert.equal(rig.outline().at(-1), 'connected');
      await rig.clock.advance(500);
      assert.equal(rig.outline().at(-1), 'broadcasting');
    }
  });

  it('fails where the server acknowledges no media within 10 s, and leaves no session', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.path.acknowledgesAfter = null;
    rig.begin();
    await rig.clock.advance(60_000);
    assert.deepEqual(rig.outline(), ['SignInSuccess', 'signalling', 'connected', 'StartBroadcastError 5001']);
    assert.match(rig.last('StartBroadcastError').error.message, /acknowledged no media within 10 s/);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size, rig.clock.pending], [1, 0, 0]);
  });

  it('fails where no connection comes up, with the likely reason', async () => {
    const rig = new TestRig();
    rig.path.connectsAfter = null;
    rig.begin();
    await rig.clock.advance(60_000);
    assert.deepEqual(rig.outline(), ['SignInSuccess', 'signalling', 'StartBroadcastError 5001']);
    assert.match(rig.last('StartBroadcastError').error.message, /UDP/);
    assert.equal(rig.server.sessions.size, 0);
  });

  it('fails at once where the path breaks or the server ends the session meanwhile', async () => {
    for (const lose of [(rig: TestRig) => rig.losePath(), (rig: TestRig) => rig.loseServer()]) {
      const rig = new TestRig({ reconnect: {} });
      rig.path.acknowledgesAfter = null;
      rig.begin();
      await rig.untilStatus('connected');
      lose(rig);
      await rig.clock.advance(100);
      assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
      assert.equal(rig.server.sessions.size, 0);
    }
  });

  it('waits for a sign-in in flight', async () => {
    const rig = new TestRig();
    rig.server.next('HEAD', { after: 3_000 });
    rig.begin();
    await rig.clock.advance(2_900);
    assert.deepEqual(rig.outline(), []);
    await rig.untilStatus('broadcasting');
  });

  it('waits for a preview that is being opened', async () => {
    const rig = new TestRig();
    void rig.signIn();
    void rig.user.startPreview();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.peer.getSenders().length, 2);
  });

  it('fails with 4001 where nobody signed in, and where the sign-in was refused', async () => {
    const rig = new TestRig();
    rig.giveStream();
    assert.equal(await codeOf(rig.user.startBroadcast()), 4001);
    void rig.signIn({ server: '' });
    const start = rig.user.startBroadcast();
    await rig.clock.advance(100);
    assert.equal(await codeOf(start), 4001);
    assert.deepEqual(rig.outline().sort(), [
      'SignInError 1002',
      'StartBroadcastError 4001',
      'StartBroadcastError 4001',
    ]);
  });

  it('goes live where only the probe of the sign-in had no answer: CORP, COEP or no HEAD at the server', async () => {
    const rig = new TestRig();
    rig.giveStream();
    rig.server.next('HEAD', 'network error');
    void rig.signIn();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.outline()[0], 'SignInError 4000');
    assert.ok(!rig.outline().some((name) => name.startsWith('StartBroadcastError')));
  });

  it('fails with 1006 while a broadcast runs or starts, which goes on', async () => {
    const rig = new TestRig();
    rig.begin();
    assert.equal(await codeOf(rig.user.startBroadcast()), 1006);
    await rig.untilStatus('broadcasting');
    assert.equal(await codeOf(rig.user.startBroadcast()), 1006);
    assert.deepEqual(
      rig.outline().filter((name) => name.includes('Error')),
      ['StartBroadcastError 1006', 'StartBroadcastError 1006'],
    );
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 1]);
  });

  it('fails with 6001 where there is nothing to send, or what there was has ended', async () => {
    const rig = new TestRig();
    void rig.signIn();
    const start = rig.user.startBroadcast();
    await rig.clock.advance(100);
    assert.equal(await codeOf(start), 6001);
    const stream = rig.giveStream();
    for (const track of stream.getTracks()) track.stop();
    const again = rig.user.startBroadcast();
    await rig.clock.advance(100);
    assert.equal(await codeOf(again), 6001);
    assert.equal(rig.server.of('POST').length, 0);
  });

  it('fails with 1003 for a codec that nobody knows', async () => {
    const rig = new TestRig();
    rig.begin({}, { encoding: { videoCodec: 'mpeg2' as never } });
    await rig.clock.advance(100);
    assert.equal(rig.outline().includes('StartBroadcastError 1003'), true);
  });

  it('may be tried again after a failure', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { status: 503 });
    rig.begin();
    await rig.clock.advance(100);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 101001');
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
  });

  it('works with audio alone and with video alone', async () => {
    for (const kind of ['audio', 'video'] as const) {
      const rig = new TestRig();
      void rig.signIn();
      rig.giveStream(kind);
      void rig.user.startBroadcast();
      await rig.untilStatus('broadcasting');
      assert.deepEqual(
        rig.peer.getSenders().map((sender) => sender.kind),
        [kind],
      );
    }
  });

  it('sends target and name to the endpoint, and fills in a placeholder', async () => {
    const rig = new TestRig();
    await rig.goLive({}, { transcodingTargets: { output: 'rtmp://a.example/live', streamname: 'my show' } });
    const { searchParams } = new URL(rig.server.last('POST').url);
    assert.deepEqual(Object.fromEntries(searchParams), { stream_url: 'rtmp://a.example/live', stream_name: 'my show' });
    const other = new TestRig();
    await other.goLive(
      { server: 'https://a.example/{streamname}/whip' },
      { transcodingTargets: { streamname: 'my show' } },
    );
    assert.equal(other.server.last('POST').url, 'https://a.example/my%20show/whip');
  });

  it('takes a token in place of the targets, and its claims fill the payloads', async () => {
    const rig = new TestRig();
    const jwt = jwtOf(CLAIMS);
    const stream = rig.begin({}, { jwt });
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.last('POST').url, ENDPOINT);
    assert.equal(rig.server.last('POST').headers.authorization, `Bearer ${jwt}`);
    const payload = { output: CLAIMS.ingesturl, streamname: CLAIMS.streamname };
    assert.deepEqual(rig.last('StartBroadcastSuccess').data, { ...payload, stream });
    assert.equal(rig.last('BroadcastStatus').data.streamname, 'claimed');
    void rig.user.stopBroadcast();
    await rig.clock.advance(100);
    assert.deepEqual(rig.last('StopBroadcastSuccess').data, payload);
  });

  it("has the claims of the sign-in's token in the payloads too (design 3)", async () => {
    const rig = new TestRig();
    rig.begin({ jwt: jwtOf(CLAIMS) });
    await rig.untilStatus('broadcasting');
    assert.equal(rig.last('BroadcastStatus').data.streamname, 'claimed');
    assert.equal(rig.last('StartBroadcastSuccess').data.output, CLAIMS.ingesturl);
  });

  it('always has data on its success, though nothing is known', async () => {
    const rig = new TestRig();
    const stream = rig.begin();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.last('StartBroadcastSuccess').data, { stream });
    assert.equal(rig.last('BroadcastStatus').data.streamname, '');
  });
});
