import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codeOf, TestRig } from '../support/test-rig.js';

const jwtOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

describe('a token from a provider', () => {
  const claims = { ingesturl: 'rtmp://rtmp.example/live/abcd-key-1234', streamname: 'claimed' };
  const tokenProvider = () => jwtOf(claims);

  it('names the stream as a given one does: 103004 without its secrets', async () => {
    for (const options of [{ jwt: jwtOf(claims) }, { tokenProvider }]) {
      const rig = new TestRig();
      rig.server.next('POST', {
        status: 404,
        headers: { 'Content-Type': 'application/json' },
        body: '{"detail":"no stream for key abcd-key-1234 at rtmp://rtmp.example/live/abcd-key-1234"}',
      });
      rig.begin(options);
      await rig.clock.advance(1_000);
      const { code, message } = rig.last('StartBroadcastError').error;
      assert.equal(code, 103004);
      assert.doesNotMatch(message, /abcd-key/);
    }
  });

  it('tells the page where the broadcast goes', async () => {
    const rig = new TestRig();
    rig.begin({ tokenProvider });
    await rig.clock.advance(3_000);
    const { output, streamname } = rig.last('StartBroadcastSuccess').data;
    assert.deepEqual([output, streamname], [claims.ingesturl, 'claimed']);
    assert.equal(rig.last('BroadcastStatus').data.streamname, 'claimed');
  });

  it('that names an RTMP output keeps the resolution from the first session on, as a given one does', async () => {
    for (const options of [{ jwt: jwtOf(claims) }, { tokenProvider }]) {
      const rig = new TestRig();
      await rig.goLive(options);
      assert.equal(rig.peer.getSenders()[1]?.degradation, 'maintain-resolution');
    }
  });

  it('fills no placeholder: only this broadcast’s own could, and it is not there yet', async () => {
    const rig = new TestRig();
    const server = 'https://media.example/{streamname}/whip';
    rig.begin({ server, tokenProvider }, { transcodingTargets: { streamname: 'A' } });
    await rig.clock.advance(3_000);
    void rig.user.stopBroadcast();
    await rig.clock.advance(3_000);
    const posts = rig.server.of('POST').length;
    assert.equal(await Promise.race([codeOf(rig.user.startBroadcast()), rig.clock.advance(3_000)]), 1002);
    assert.equal(rig.server.of('POST').length, posts);
  });

  it('that is no text ends the broadcast with an error, whatever it is', async () => {
    for (const wrong of [Object.create(null), {}, 5, Symbol('token')]) {
      const rig = new TestRig({ reconnect: { maxRetries: 2 } });
      let token: unknown = 'token';
      await rig.goLive({ tokenProvider: () => token as string });
      await rig.clock.advance(20_000);
      token = wrong;
      rig.loseServer();
      await rig.clock.advance(120_000);
      assert.equal(rig.outline().at(-1), 'BroadcastError 5002');
      assert.match(rig.last('BroadcastError').error.message, /token must be a string/);
    }
  });

  it('is a function, else the sign-in fails with 1001', async () => {
    for (const wrong of ['token', {}, Promise.resolve('token'), 5]) {
      const rig = new TestRig();
      void rig.signIn({ tokenProvider: wrong as never });
      await rig.clock.advance(1_000);
      assert.deepEqual(rig.outline(), ['SignInError 1001']);
      assert.equal(rig.server.requests.length, 0);
    }
  });
});

describe('a server whose host depends on the stream', () => {
  it('has answered no probe, so that recovery waits for none', async () => {
    for (const script of ['network error', 'no answer'] as const) {
      const rig = new TestRig({ reconnect: {} });
      rig.server.restartsIce = true;
      rig.server.always('HEAD', script);
      const target = { transcodingTargets: { streamname: 'show' } };
      await rig.goLive({ server: 'https://{streamname}.media.example/whip' }, target);
      await rig.clock.advance(20_000);
      rig.peer.isDeaf = true;
      await rig.clock.advance(30_000);
      const [outage] = rig.user.report.outages;
      assert.equal(outage?.recoveredBy, 'ice-restart');
      assert.ok((outage?.seconds ?? Infinity) < 3);
    }
  });
});

describe('startPreview', () => {
  it('takes an object and nothing else', async () => {
    for (const wrong of ['my-video', 5, true, []]) {
      const rig = new TestRig();
      assert.equal(await codeOf(rig.user.startPreview(wrong as never)), 1001);
      assert.equal(rig.devices.captures.length, 0);
      assert.deepEqual(rig.outline(), ['StartPreviewError 1001']);
    }
  });

  it('has audio where only the screen has', async () => {
    const rig = new TestRig();
    rig.devices.sharesAudio = true;
    const source = { videoDeviceConfig: { source: 'screen' }, audioDeviceConfig: { device: false } } as const;
    const { metadata, stream } = await rig.user.startPreview(source);
    assert.deepEqual([metadata.hasAudio, stream.getAudioTracks().length], [true, 1]);
    rig.devices.sharesAudio = false;
    const silent = await rig.user.startPreview({ audioDeviceConfig: { device: false } });
    assert.deepEqual([silent.metadata.hasAudio, silent.stream.getAudioTracks().length], [false, 0]);
  });
});

describe('a target', () => {
  it('is that of the start, whatever the page does with its object afterwards', async () => {
    const rig = new TestRig();
    const transcodingTargets = { streamname: 'one', output: 'rtmp://x.example/live' };
    await rig.goLive({}, { transcodingTargets });
    Object.assign(transcodingTargets, { streamname: 'two', output: 'rtmp://y.example/other' });
    void rig.user.stopBroadcast();
    await rig.untilStatus('StopBroadcastSuccess');
    const { output, streamname } = rig.last('StopBroadcastSuccess').data;
    assert.deepEqual([output, streamname], ['rtmp://x.example/live', 'one']);
  });
});

describe('an encoder', () => {
  it('that stalls in every broadcast is reported in every one', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.path.isEncoding = (_, kind) => kind !== 'video';
    await rig.goLive();
    await rig.clock.advance(20_000);
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    void rig.user.startBroadcast();
    await rig.clock.advance(20_000);
    const states = rig.all('CaptureStatus').map(({ data }) => data.state);
    assert.deepEqual(states, ['stalled', 'stalled']);
  });

  it('that works in the next broadcast is reported as working', async () => {
    const rig = new TestRig({ reconnect: {} });
    let works = true;
    rig.path.isEncoding = (_, kind) => kind !== 'video' || works;
    await rig.goLive();
    await rig.clock.advance(20_000);
    works = false;
    await rig.clock.advance(8_000);
    const states = () => rig.all('CaptureStatus').map(({ data }) => `${data.kind} ${data.state}`);
    assert.deepEqual(states(), ['videoinput stalled']);
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    works = true;
    void rig.user.startBroadcast();
    await rig.clock.advance(60_000);
    assert.deepEqual(states(), ['videoinput stalled', 'videoinput live']);
  });

  it('that only a new session repairs is the cause of it', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    await rig.clock.advance(20_000);
    const stalled = rig.peer;
    rig.path.isEncoding = (peer, kind) => kind !== 'video' || peer !== stalled;
    await rig.clock.advance(60_000);
    const causes = rig.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.cause ?? []);
    assert.deepEqual(new Set(causes), new Set(['encoder']));
    assert.deepEqual(
      rig.user.report.outages.map(({ cause, recoveredBy }) => [cause, recoveredBy]),
      [['encoder', 'new-session']],
    );
  });
});

describe('the attempts of an outage', () => {
  it('count once their wait is over', async () => {
    const rig = new TestRig({ reconnect: { minDelay: 4 } });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    const before = rig.server.of('POST').length;
    rig.server.always('POST', { status: 503 });
    rig.loseServer();
    const attempts = () => rig.user.report.outages[0]?.attempts;
    for (let second = 0; second < 30; second++) {
      await rig.clock.advance(1_037);
      assert.equal(attempts(), rig.server.of('POST').length - before);
    }
    assert.ok((attempts() ?? 0) > 1);
    void rig.user.stopBroadcast();
    await rig.clock.advance(60_000);
    assert.equal(attempts(), rig.server.of('POST').length - before);
  });
});
