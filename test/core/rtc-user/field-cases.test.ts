import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goDeaf, infosOf, liveWithIceRestart, methodsOf } from '../support/ice-restarts.js';
import { orderCodecs, rtmpWarnings, withStereo } from '../../../src/core/media/encoding.js';
import { answerTo } from '../support/sdp.js';
import { codeOf, ENDPOINT, TestRig } from '../support/test-rig.js';

const TURN = '<turn:turn.example>; rel="ice-server"; username="u"; credential="c"; credential-type="password"';

describe('what a single answer or hint leaves undecided', () => {
  it('A1: sends DELETE again before each POST until the server has ended the session', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair({ jwt: 'token' });
    await rig.clock.advance(20_000);
    rig.server.next('DELETE', 'no answer', 'no answer');
    rig.server.always('POST', () => (rig.server.sessions.size > 0 ? { status: 409 } : {}));
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.sessions.size, 1);
  });

  it('A2: deletes the session when the network is back after a stop while offline', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    rig.server.always('DELETE', 'network error');
    rig.changeNetwork(false);
    void rig.user.stopBroadcast();
    await rig.clock.advance(3_000);
    assert.equal(rig.server.sessions.size, 1);
    rig.server.always('DELETE', null);
    rig.changeNetwork();
    await rig.clock.advance(1_000);
    assert.equal(rig.server.sessions.size, 0);
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.clock.pending, rig.networkWatchers], [0, 0]);
  });

  for (const script of ['network error', 'no answer', { status: 404 }] as const) {
    const name = typeof script === 'string' ? script : script.status;
    it(`A3: keeps TURN servers and trickling after a PATCH of candidates with ${name}`, async () => {
      const rig = new TestRig({ reconnect: {} });
      rig.server.always('POST', { headers: { Link: TURN } });
      rig.server.next('PATCH', script, script);
      await rig.goLive();
      await rig.clock.advance(20_000);
      const before = rig.server.of('PATCH').length;
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(1_000);
      assert.ok(!rig.server.last('POST').body.includes('a=candidate'), 'nothing is gathered first');
      assert.match(rig.server.of('PATCH')[before]?.body ?? '', /a=candidate/);
      assert.match(JSON.stringify(rig.peer.getConfiguration().iceServers), /turn:turn\.example/);
    });
  }

  it('A3: gathers with the last TURN servers where candidates were refused, and asks the next session', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.next('POST', { headers: { Link: TURN } });
    rig.server.next('PATCH', { status: 422 });
    await rig.goLive();
    await rig.clock.advance(20_000);
    for (const isGatheredFirst of [true, false]) {
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(20_000);
      assert.equal(rig.server.last('POST').body.includes('a=candidate'), isGatheredFirst);
      assert.match(JSON.stringify(rig.peer.getConfiguration().iceServers), /turn:turn\.example/);
    }
  });

  for (const status of [400, 405, 415, 422, 501]) {
    it(`A4: restarts ICE again in the session after one whose restart was answered with ${status}`, async () => {
      const rig = await liveWithIceRestart();
      rig.server.next('PATCH', { status }, { status });
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(20_000);
      assert.equal(rig.server.opened, 2);
      rig.server.forget('PATCH');
      goDeaf(rig);
      await rig.untilStatus('broadcasting');
      assert.equal(methodsOf(rig).at(-1), 'ice-restart 0');
      assert.equal(rig.server.opened, 2);
    });
  }

  it('A5: recovers after one 405, 401 or 422 of a proxy', async () => {
    for (const status of [401, 405, 406, 413, 415, 422]) {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      rig.server.next('POST', { status }, { status });
      rig.losePath();
      await rig.untilStatus('broadcasting');
    }
  });

  /** A proxy that strips `/studio`, before a site that knows nothing of sessions. */
  async function liveBehindProxy(isRepaired: boolean): Promise<TestRig> {
    const rig = new TestRig({ reconnect: {}, logLevel: 4 });
    const answer = ({ url }: { url: string }) => (isRepaired && url.includes('/studio/') ? {} : { status: 404 });
    rig.server.always('POST', { headers: { Location: '/whip/1' } });
    rig.server.always('PATCH', (request) => ({ status: 204, ...answer(request) }));
    rig.server.always('DELETE', (request) => ({ status: 200, ...answer(request) }));
    await rig.goLive();
    await rig.clock.advance(20_000);
    return rig;
  }

  it('A7: finds the session behind a proxy that strips a prefix, and deletes it there', async () => {
    const rig = await liveBehindProxy(true);
    const paths = (method: 'PATCH' | 'DELETE') => rig.server.of(method).map(({ url }) => new URL(url).pathname);
    assert.deepEqual(paths('PATCH'), ['/whip/1', '/studio/whip/1']);
    void rig.user.stopBroadcast();
    await rig.untilStatus('StopBroadcastSuccess');
    assert.deepEqual(paths('DELETE'), ['/studio/whip/1']);
    assert.ok(!rig.logged.join(' ').includes('strip a prefix'));
  });

  it('A7: warns of the proxy where the prefix does not help, and goes on', async () => {
    const rig = await liveBehindProxy(false);
    assert.match(rig.logged.join(' '), /proxy seems to strip a prefix/);
    assert.equal(rig.server.of('PATCH').length, 2);
    await rig.clock.advance(60_000);
    assert.deepEqual(rig.outline(), []);
  });

  it('A8: reads a session URL over plain HTTP on the same host as HTTPS', async () => {
    for (const location of ['http://media.example/studio/whip/7', 'http://media.example:8080/studio/whip/7']) {
      const rig = new TestRig({ reconnect: {} });
      rig.server.next('POST', { headers: { Location: location } });
      await rig.goLive();
      await rig.clock.advance(1_000);
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
      for (const method of ['PATCH', 'DELETE'] as const) {
        assert.equal(rig.server.last(method).url, 'https://media.example/studio/whip/7');
      }
    }
  });

  it('A8: warns why a session URL over plain HTTP on another host is not used', async () => {
    const rig = new TestRig({ logLevel: 4 });
    rig.server.next('POST', { headers: { Location: 'http://other.example/whip/7' } });
    await rig.goLive();
    await rig.clock.advance(1_000);
    assert.match(rig.logged.join(' '), /http:\/\/other\.example is not HTTPS/);
    assert.equal(rig.server.of('PATCH').length, 0);
  });

  it('A10: reports that it waits for the network, and again when the attempt begins', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    rig.changeNetwork(false);
    rig.losePath();
    await rig.clock.advance(10_000);
    assert.deepEqual([rig.reconnect().waitingFor, rig.reconnect().delay], ['network', null]);
    rig.changeNetwork();
    await rig.untilStatus('broadcasting');
    assert.equal(infosOf(rig).at(-1)?.waitingFor, null);
  });

  it('A18: goes live with a log that throws', async () => {
    const rig = new TestRig({ logLevel: 4, reconnect: {} });
    rig.logged.push = () => {
      throw new Error('log');
    };
    await rig.goLive();
    rig.losePath();
    await rig.untilStatus('broadcasting');
  });
});

describe('what page authors write', () => {
  const offer = ({ server }: TestRig) => server.last('POST').body;

  it('B6: drops the prefix of a token that begins with Bearer', async () => {
    for (const jwt of ['Bearer abc', 'bearer  abc', ' Bearer abc ', 'BEARER\nabc', 'Authorization: Bearer abc']) {
      const rig = new TestRig({ logLevel: 4 });
      await rig.goLive({ jwt });
      assert.equal(rig.server.last('POST').headers.authorization, 'Bearer abc', jwt);
      assert.match(rig.logged.join(' '), /Bearer/);
    }
  });

  it('B6: sends no token if nothing follows the prefix, and refuses what is no text', async () => {
    const bare = new TestRig();
    await bare.goLive({ jwt: 'Bearer ' });
    assert.equal(bare.server.last('POST').headers.authorization, undefined);
    for (const token of [5, {}, []] as unknown as string[]) {
      const rig = new TestRig();
      assert.equal(await codeOf(rig.signIn({ jwt: token })), 1001);
      rig.giveStream();
      assert.equal(await codeOf(rig.user.startBroadcast()), 4001);
      const other = new TestRig();
      other.begin({ tokenProvider: () => token });
      await other.untilStatus('StartBroadcastError 5001');
      assert.match(other.last('StartBroadcastError').error.message, /token must be a string/);
      assert.deepEqual([...rig.server.of('POST'), ...other.server.of('POST')], []);
    }
  });

  it('B7: refuses a server without a scheme, names what it would be read as, and sends nothing', async () => {
    for (const server of ['media.example/live/whip', 'media.example:8443/whip', 'https:media.example/whip']) {
      const rig = new TestRig();
      assert.equal(await codeOf(rig.signIn({ server, jwt: 'token' })), 1002, server);
      await rig.clock.advance(1_000);
      assert.match(rig.last('SignInError').error.message, /lacks its scheme/);
      assert.deepEqual(rig.server.requests, []);
    }
  });

  it('B8: fills in a stream name in the host', async () => {
    const rig = new TestRig();
    await rig.goLive(
      { server: 'https://{streamname}.media.example/whip' },
      { transcodingTargets: { streamname: 'studio' } },
    );
    assert.equal(rig.server.last('POST').url, 'https://studio.media.example/whip');
  });

  it('B9: keeps a signed query byte for byte', async () => {
    const rig = new TestRig();
    await rig.goLive(
      { server: 'https://media.example/whip?sig=a~b%20c&flag' },
      { transcodingTargets: { streamname: 's' } },
    );
    assert.equal(rig.server.last('POST').url, 'https://media.example/whip?sig=a~b%20c&flag&stream_name=s');
  });

  it('B10: sends cookies with POST, PATCH and DELETE only if the page wants them', async () => {
    for (const credentials of [undefined, 'omit', 'same-origin', 'include'] as const) {
      const rig = new TestRig();
      await rig.goLive({ ...(credentials && { credentials }) });
      await rig.clock.advance(1_000);
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
      for (const method of ['POST', 'PATCH', 'DELETE'] as const) {
        assert.equal(rig.server.last(method).init.credentials, credentials ?? 'omit', method);
      }
    }
  });

  it('B3: knows a codec by its name in any case', async () => {
    for (const name of ['opus', 'OPUS', 'Opus']) {
      const rig = new TestRig();
      rig.server.next('POST', ({ body }) => ({ body: answerTo(body).replace(/^(a=rtpmap:111 )opus/m, `$1${name}`) }));
      await rig.goLive({}, { encoding: { stereo: true } });
      assert.match(rig.peer.remoteDescription?.sdp ?? '', /^a=fmtp:111 [^\r]*stereo=1/m, name);
      assert.match(withStereo(`a=rtpmap:111 ${name}/48000/2\r\n`), /^a=fmtp:111 sprop-stereo=1;stereo=1\r$/m);
    }
    for (const name of ['h264', 'H264']) {
      assert.deepEqual(rtmpWarnings(`m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=rtpmap:102 ${name}/90000\r\n`), []);
    }
    for (const mimeType of ['video/H264', 'video/h264', 'VIDEO/H264']) {
      const codecs = [
        { mimeType: 'video/VP8', clockRate: 90_000 },
        { mimeType, clockRate: 90_000 },
      ];
      assert.equal(orderCodecs(codecs, 'h264')[0]?.mimeType, mimeType);
    }
  });

  describe('a preference for codecs that the browser refuses', () => {
    const entry = (profile: string): RTCRtpCodec => ({
      mimeType: 'video/H264',
      clockRate: 90_000,
      sdpFmtpLine: `packetization-mode=1;profile-level-id=${profile}`,
    });
    const vp8: RTCRtpCodec = { mimeType: 'video/VP8', clockRate: 90_000 };
    const [both, sendOnly] = [entry('42e01f'), entry('640c1f')];

    for (const [refused, refuses, preferred] of [
      ['nothing', () => false, [both, sendOnly, vp8]],
      ['a profile that it sends only', (codecs: RTCRtpCodec[]) => codecs.includes(sendOnly), [both, vp8]],
      ['everything', () => true, []],
    ] as const) {
      it(`B5: keeps H.264 first if it refuses ${refused}, and goes live`, async () => {
        const rig = new TestRig(
          { logLevel: 4 },
          { senderCodecs: () => [vp8, sendOnly, both], receiverCodecs: () => [vp8, both] },
        );
        rig.path.refusesCodecs = refuses;
        await rig.goLive();
        const video = rig.peer.getTransceivers().find(({ sender }) => sender.kind === 'video');
        assert.deepEqual(video?.preferences, preferred);
        assert.equal(rig.logged.join(' ').includes('no preference for a video codec'), preferred.length === 0);
      });
    }
  });

  it('B4: offers stereo on the wire if it is wanted, and only then', async () => {
    for (const stereo of [true, false]) {
      const rig = new TestRig();
      await rig.goLive({}, { encoding: { stereo } });
      assert.equal(/a=fmtp:111 [^\r]*sprop-stereo=1;stereo=1/.test(offer(rig)), stereo);
    }
  });
});

describe('the session URL of a server (E8)', () => {
  for (const [server, location, isTaken] of [
    [ENDPOINT, 'http://127.0.0.1:631/whip/1', false],
    [ENDPOINT, 'https://127.0.0.1:631/whip/1', false],
    [ENDPOINT, 'http://localhost/whip/1', false],
    [ENDPOINT, 'http://[::1]:631/whip/1', false],
    [ENDPOINT, 'https://localhost.:631/whip/1', false],
    [ENDPOINT, 'https://0.0.0.0:631/whip/1', false],
    [ENDPOINT, 'https://[::]:631/whip/1', false],
    [ENDPOINT, 'https://[::ffff:127.0.0.1]:631/whip/1', false],
    ['http://localhost:8080/whip', 'http://localhost:8080/whip/1', true],
    ['http://localhost:8080/whip', 'http://127.0.0.1:8080/whip/1', true],
    ['http://localhost:8080/whip', 'https://media.example/whip/1', true],
    ['http://localhost:8080/whip', 'http://media.example/whip/1', false],
  ] as const) {
    it(`E8: ${isTaken ? 'takes' : 'does not take'} ${location} from ${server}`, async () => {
      const rig = new TestRig({ reconnect: {}, logLevel: 4 });
      rig.server.next('POST', { headers: { Location: location } });
      await rig.goLive({ server, jwt: 'secret' });
      await rig.clock.advance(1_000);
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
      const urls = rig.server.requests.filter(({ method }) => /PATCH|DELETE/.test(method)).map(({ url }) => url);
      assert.deepEqual([...new Set(urls)], isTaken ? [location] : []);
      assert.equal(rig.logged.join(' ').includes('no usable session URL'), !isTaken);
    });
  }
});

describe('time, networks and kinds of tracks', () => {
  it('A9: makes one attempt every 30 s while the browser reports offline, and recovers by one of them', async () => {
    for (const isReachable of [false, true]) {
      const rig = new TestRig({ reconnect: { maxRetries: 2 } });
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      rig.changeNetwork(false);
      for (const method of ['HEAD', 'POST', 'DELETE'] as const)
        rig.server.always(method, isReachable ? null : 'no answer');
      rig.losePath();
      await rig.clock.advance(0);
      const { lostAt } = rig.reconnect();
      await rig.clock.advance(29_000);
      assert.equal(rig.server.of('POST').length, 1, 'none earlier');
      if (isReachable) {
        await rig.untilStatus('broadcasting');
        assert.ok(Math.abs(rig.server.last('POST').at - lostAt - 30_000) < 200);
        continue;
      }
      await rig.clock.advance(300_000);
      assert.equal(rig.outline().at(-1), 'reconnecting_broadcast', 'nothing is counted');
      const begun = rig.events.flatMap(({ at, event }) =>
        event.name === 'BroadcastStatus' && event.data.reconnect?.waitingFor === null ? [at - lostAt] : [],
      );
      assert.deepEqual(
        begun,
        [30, 60, 90, 120, 150, 180, 210, 240, 270, 300].map((seconds) => 1000 * seconds),
      );
      for (const method of ['HEAD', 'POST', 'DELETE'] as const) rig.server.always(method, null);
      rig.changeNetwork();
      await rig.untilStatus('broadcasting');
    }
  });

  it('A11: detects a loss, counts and backs off as ever where the wall clock was set back or forward', async () => {
    const seen: unknown[] = [];
    for (const step of [0, -600_000, 600_000]) {
      const rig = new TestRig({ reconnect: { maxRetries: 20 } });
      void rig.user.enableStats();
      await rig.goLiveWithoutRepair();
      await rig.clock.advance(20_000);
      const before = rig.all('ReceivedWebRTCStats').length;
      rig.clock.stepWallClock(step);
      await rig.clock.advance(5_000);
      const statistics = rig.all('ReceivedWebRTCStats').length - before;
      assert.ok(statistics > 0, 'statistics go on');
      assert.deepEqual(rig.all('BroadcastStatus'), [], 'a step of the clock is no loss');
      const silentAt = rig.clock.monotonicNow();
      rig.path.acknowledgesAfter = null;
      rig.server.next('POST', { status: 503 }, { status: 503 });
      await rig.untilStatus('reconnecting_broadcast');
      const detected = rig.clock.monotonicNow() - silentAt;
      rig.path.acknowledgesAfter = 60;
      await rig.untilStatus('broadcasting');
      const delays = rig.all('BroadcastStatus').map(({ data }) => data.reconnect?.delay);
      seen.push({ statistics, detected, delays, recovered: rig.clock.monotonicNow() - silentAt });
    }
    assert.deepEqual(seen[1], seen[0], 'set back');
    assert.deepEqual(seen[2], seen[0], 'set forward');
  });

  it('A16: adds a camera to an audio show in a session that is made before the old one ends, and not counted', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 1 } });
    await rig.goLiveWith('audio');
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    rig.journal.length = 0;
    void rig.user.startPreview();
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(20_000);
    assert.ok(rig.journal.indexOf('POST') < rig.journal.indexOf('DELETE'));
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [3, 1]);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(rig.all('BroadcastError'), []);
  });

  it('A17: outlasts three minutes behind a captive portal', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 60 } });
    await rig.goLiveWithoutRepair();
    await rig.clock.advance(20_000);
    const methods = ['HEAD', 'POST', 'PATCH', 'DELETE'] as const;
    for (const method of methods) rig.server.always(method, 'network error');
    rig.losePath();
    await rig.clock.advance(180_000);
    assert.equal(rig.outline().at(-1), 'reconnecting_broadcast');
    const { attempt } = rig.reconnect();
    assert.ok(attempt >= 20 && attempt <= 60, `${attempt} attempts`);
    for (const method of methods) rig.server.always(method, null);
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(60_000);
    assert.equal(rig.server.sessions.size, 1);
    assert.deepEqual(rig.all('BroadcastError'), []);
  });
});
