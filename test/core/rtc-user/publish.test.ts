import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ENDPOINT, TestRig } from '../support/test-rig.js';

const EDGE = 'https://edge.example/whip/7?region=eu';

describe('publishing', () => {
  it('is one POST of a send-only offer with the exact type, no cookies and no cache (C6–C8, T11, T12)', async () => {
    const rig = new TestRig();
    await rig.goLive();
    const { url, headers, init, body } = rig.server.last('POST');
    assert.equal(url, ENDPOINT);
    assert.deepEqual(headers, { 'content-type': 'application/sdp' });
    assert.deepEqual([init.credentials, init.cache], ['omit', 'no-store']);
    assert.match(body, /^v=0\r\n/);
    assert.equal(body.match(/^a=sendonly\r$/gm)?.length, 2);
    assert.equal(body.match(/^a=rtcp-mux-only\r$/gm)?.length, 2);
    assert.doesNotMatch(body, /a=candidate/);
    assert.equal(rig.server.of('POST').length, 1);
  });

  it('sends the bearer where there is a token, and no header where there is none (C56, C57)', async () => {
    for (const [token, expected] of [
      ['abc', 'Bearer abc'],
      ['', undefined],
      [undefined, undefined],
    ] as const) {
      const rig = new TestRig();
      await rig.goLive(token === undefined ? {} : { jwt: token });
      void rig.user.stopBroadcast();
      await rig.clock.advance(100);
      for (const method of ['POST', 'PATCH', 'DELETE'] as const) {
        assert.equal(rig.server.last(method).headers.authorization, expected, method);
      }
    }
  });

  it('has one MediaStream in one bundle, and H.264 first without losing the others (C43, C46)', async () => {
    const rig = new TestRig();
    const stream = await rig.goLive();
    const [audio, video] = rig.peer.getTransceivers();
    assert.equal(rig.peer.configuration.bundlePolicy, 'max-bundle');
    for (const transceiver of [audio, video]) {
      assert.equal(transceiver?.init.direction, 'sendonly');
      assert.deepEqual(transceiver.init.streams, [stream]);
    }
    assert.deepEqual(
      video?.preferences.map(({ mimeType }) => mimeType),
      ['video/H264', 'video/VP8', 'video/rtx'],
    );
    assert.deepEqual(audio?.preferences, []);
  });

  it('prefers the codec of the page', async () => {
    const rig = new TestRig();
    await rig.goLive({}, { encoding: { videoCodec: 'vp8' } });
    assert.equal(rig.peer.getTransceivers()[1]?.preferences[0]?.mimeType, 'video/VP8');
  });

  it('holds to the bitrates of the configuration, also when they change while live', async () => {
    const rig = new TestRig({ bitrates: { videoSendBitrate: 2000, videoSendInitialBitrate: 900 } });
    await rig.goLive();
    const maxBitrates = () => rig.peer.getSenders().map(({ encodings }) => encodings[0]?.maxBitrate);
    assert.deepEqual(maxBitrates(), [undefined, 2_000_000]);
    assert.match(rig.peer.remoteDescription?.sdp ?? '', /x-google-start-bitrate=900/);
    void rig.user.setConfig({ bitrates: { videoSendBitrate: 0, audioSendBitrate: 96 } });
    await rig.clock.advance(0);
    assert.deepEqual(maxBitrates(), [96_000, undefined]);
    assert.equal(rig.server.opened, 1);
  });

  it('deletes the session on the session URL, with the bearer, without If-Match, and past the end of the page (C11, C19, T8)', async () => {
    const rig = new TestRig();
    await rig.goLive({ jwt: 'abc' });
    void rig.user.stopBroadcast();
    await rig.clock.advance(100);
    const { url, headers, init, body } = rig.server.last('DELETE');
    assert.equal(url, 'https://media.example/whip/sessions/1?secret=session-1');
    assert.deepEqual(headers, { authorization: 'Bearer abc' });
    assert.equal(init.keepalive, true);
    assert.equal(body, '');
    assert.equal(rig.server.of('DELETE').length, 1);
  });
});

describe('the token', () => {
  it('is asked for once more after a 401, and then used for the session (2.3)', async () => {
    const rig = new TestRig();
    const tokens = ['old', 'new'];
    rig.server.next('POST', { status: 401 });
    await rig.goLive({ tokenProvider: () => Promise.resolve(tokens.shift() ?? 'none') });
    assert.deepEqual(
      rig.server.of('POST').map(({ headers }) => headers.authorization),
      ['Bearer old', 'Bearer new'],
    );
    assert.equal(rig.server.last('PATCH').headers.authorization, 'Bearer new');
    assert.deepEqual([rig.server.opened, tokens.length], [1, 0]);
  });

  it('is not asked for a third time: the second 401 ends the start', async () => {
    const rig = new TestRig();
    let asked = 0;
    rig.server.always('POST', { status: 401 });
    rig.begin({ tokenProvider: () => `token ${++asked}` });
    await rig.clock.advance(30_000);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 103003');
    assert.deepEqual([asked, rig.server.of('POST').length], [2, 2]);
  });

  it('that fails to come fails the start, and the page sees why', async () => {
    const rig = new TestRig();
    rig.begin({ tokenProvider: () => Promise.reject(new Error('The token service is down.')) });
    await rig.clock.advance(100);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.match(rig.last('StartBroadcastError').error.message, /token service is down/);
    assert.equal(rig.server.of('POST').length, 0);
  });

  it('that never comes fails the start after 10 s', async () => {
    const rig = new TestRig();
    rig.begin({ tokenProvider: () => new Promise(() => undefined) });
    await rig.clock.advance(10_100);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.equal(rig.clock.pending, 0);
  });

  for (const [given, sent] of [
    ['', undefined],
    [undefined, 'Bearer jwt'],
  ] as const) {
    it(`is sent as ${sent ? 'the one of the sign-in' : 'none'} if the provider gives ${JSON.stringify(given)}`, async () => {
      const rig = new TestRig();
      await rig.goLive({ jwt: 'jwt', tokenProvider: () => given as string });
      assert.equal(rig.server.last('POST').headers['authorization'], sent);
    });
  }

  it('is asked for again at every attempt', async () => {
    const rig = new TestRig({ reconnect: {} });
    let asked = 0;
    await rig.goLive({ tokenProvider: () => `token-${++asked}` });
    rig.server.next('POST', { status: 503 });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(
      rig.server.of('POST').map(({ headers }) => headers.authorization),
      ['Bearer token-1', 'Bearer token-2', 'Bearer token-3'],
    );
  });

  it('of the start replaces the one of the sign-in', async () => {
    const rig = new TestRig();
    await rig.goLive({ jwt: 'sign-in' }, { jwt: 'start' });
    assert.equal(rig.server.last('POST').headers.authorization, 'Bearer start');
  });
});

describe('a redirect (C10, C58)', () => {
  it('is what a relative session URL is relative to', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { redirectedTo: EDGE });
    await rig.goLive({ jwt: 'abc' });
    assert.equal(rig.server.of('POST').length, 1);
    void rig.user.stopBroadcast();
    await rig.clock.advance(100);
    assert.equal(rig.server.last('DELETE').url, 'https://edge.example/whip/sessions/1?secret=session-1');
    assert.equal(rig.server.sessions.size, 0);
  });

  for (const status of [200, 204, 401, 403, 404, 405, 415]) {
    it(`that lost the bearer or the body, seen by ${status}, is healed by exactly one second POST`, async () => {
      const rig = new TestRig();
      rig.server.next('POST', { status, redirectedTo: EDGE });
      await rig.goLive({ jwt: 'abc' });
      const [first, second, ...more] = rig.server.of('POST');
      assert.deepEqual([first?.url, second?.url, more.length], [ENDPOINT, EDGE, 0]);
      assert.equal(second?.headers.authorization, 'Bearer abc');
      assert.equal(second?.headers['content-type'], 'application/sdp');
      assert.equal(second?.body, first?.body);
      assert.equal(rig.server.opened, 1);
    });
  }

  it('is never followed by a second POST after a 201, nor after another refusal', async () => {
    for (const status of [201, 400, 409, 422, 500, 503]) {
      const rig = new TestRig();
      rig.server.next('POST', { status, redirectedTo: EDGE });
      rig.begin({ jwt: 'abc' });
      await rig.clock.advance(1_000);
      assert.equal(rig.server.of('POST').length, 1, `${status}`);
    }
  });

  it('that leads to another one gets the bearer at every hop', async () => {
    const rig = new TestRig();
    const inner = 'https://inner.example/whip';
    rig.server.next('POST', { status: 401, redirectedTo: EDGE }, { status: 401, redirectedTo: inner });
    await rig.goLive({ jwt: 'abc' });
    assert.deepEqual(
      rig.server.of('POST').map(({ url, headers }) => [url, headers.authorization]),
      [ENDPOINT, EDGE, inner].map((url) => [url, 'Bearer abc']),
    );
    assert.equal(rig.server.opened, 1);
  });

  it('that leads on and on is followed three times', async () => {
    const rig = new TestRig();
    rig.server.always('POST', ({ url }) => ({ status: 401, redirectedTo: `${url}/on` }));
    rig.begin({ jwt: 'abc' });
    await rig.clock.advance(1_000);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 103003');
    assert.equal(rig.server.of('POST').length, 4);
  });

  for (const method of ['PATCH', 'DELETE'] as const) {
    it(`of ${method} gets the bearer again, but not without encryption`, async () => {
      const redirected = 'https://edge.example/whip/sessions/1';
      const rig = new TestRig();
      rig.server.next(method, { status: 401, redirectedTo: redirected });
      rig.server.next(method, { status: 204 });
      await rig.goLive({ jwt: 'abc' });
      void rig.user.stopBroadcast();
      await rig.clock.advance(5_000);
      const [first, second] = rig.server.of(method);
      assert.deepEqual([first?.url.split('?')[0], second?.url], ['https://media.example/whip/sessions/1', redirected]);
      assert.equal(second?.headers.authorization, 'Bearer abc');
      assert.equal(second?.body, first?.body);

      const unsafe = new TestRig();
      unsafe.server.always(method, { status: 401, redirectedTo: redirected.replace('https', 'http') });
      await unsafe.goLive({ jwt: 'abc' });
      void unsafe.user.stopBroadcast();
      await unsafe.clock.advance(5_000);
      assert.ok(unsafe.server.of(method).every(({ url }) => url.startsWith('https://media.example/')));
    });
  }

  it('to a server that is overloaded or holds the old session is asked for again from its beginning', async () => {
    const overloaded = { status: 503, redirectedTo: EDGE, headers: { 'Retry-After': '20' } };
    for (const [refusal, least] of [
      [overloaded, 20_000],
      [{ status: 409, redirectedTo: EDGE }, 1_000],
    ] as const) {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive({ jwt: 'abc' });
      rig.server.next('POST', refusal);
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      const [, refused, taken, ...more] = rig.server.of('POST');
      assert.deepEqual([refused?.url, taken?.url, more.length], [ENDPOINT, ENDPOINT, 0]);
      assert.ok((taken?.at ?? 0) - (refused?.at ?? 0) >= least, `${refusal.status}`);
    }
  });

  it('to an address without encryption gets no token', async () => {
    const rig = new TestRig();
    rig.server.always('POST', { status: 401, redirectedTo: 'http://edge.example/whip' });
    rig.begin({ jwt: 'abc' });
    await rig.clock.advance(1_000);
    assert.deepEqual(
      rig.server.of('POST').map(({ url }) => url),
      [ENDPOINT],
    );
  });
});

describe('the ICE servers', () => {
  const Link =
    '<stun:stun.example>; rel="ice-server", <turn:turn.example>; rel="ice-server"; username="u"; credential="c"';

  it('of the WHIP server are set before gathering begins (C53)', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { headers: { Link } });
    await rig.goLive();
    assert.deepEqual(rig.peer.configuration.iceServers, [
      { urls: 'stun:stun.example' },
      { urls: 'turn:turn.example', username: 'u', credential: 'c' },
    ]);
    const steps = rig.journal.slice(rig.journal.indexOf('peer1.createOffer'));
    assert.deepEqual(steps, [
      'peer1.createOffer',
      'POST',
      'peer1.setConfiguration',
      'peer1.setConfiguration',
      'peer1.setLocalDescription',
      'peer1.setRemoteDescription',
      'PATCH',
    ]);
  });

  it('of the page win over those of the WHIP server (C54)', async () => {
    const rig = new TestRig();
    const own = [{ urls: 'stun:own.example' }];
    rig.user.setIceServers(own);
    rig.server.next('POST', { headers: { Link } });
    await rig.goLive();
    assert.deepEqual(rig.peer.configuration.iceServers, own);
  });

  it('that the browser does not take are left out, and the others are used', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { headers: { Link } });
    rig.begin();
    await rig.clock.advance(15);
    const { peer } = rig;
    const setConfiguration = peer.setConfiguration.bind(peer);
    peer.setConfiguration = (configuration) => {
      if (JSON.stringify(configuration).includes('stun:')) throw new DOMException('no', 'SyntaxError');
      setConfiguration(configuration);
    };
    await rig.untilStatus('broadcasting');
    assert.equal(peer.configuration.iceServers?.length, 1);
  });
});

describe('a track that the server rejects (C13, T13)', () => {
  it('fails the start, names the kind, and the session is deleted', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.next('POST', ({ body }) => ({
      body: body.replace('a=sendonly', 'a=recvonly').replace('a=sendonly', 'a=inactive'),
    }));
    rig.begin();
    await rig.clock.advance(30_000);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.match(rig.last('StartBroadcastError').error.message, /video/);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 0]);
  });
});

describe('the encoding that a broadcast starts with', () => {
  it('holds in every connection of it', async () => {
    const rig = new TestRig({ reconnect: {} });
    const encoding = {
      videoMinBitrate: 250,
      maxFramerate: 25,
      contentHint: 'detail',
      degradationPreference: 'maintain-resolution',
      stereo: true,
    } as const;
    await rig.goLive({}, { encoding });
    rig.server.restartsIce = false;
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.peers.length, 2);
    for (const { transceivers, remoteDescription } of rig.peers) {
      const [audio, video] = transceivers;
      assert.deepEqual(audio?.init.sendEncodings, [{}]);
      assert.deepEqual(video?.init.sendEncodings, [{ maxFramerate: 25 }]);
      assert.equal(video?.sender.track?.contentHint, 'detail');
      assert.deepEqual([audio?.sender.degradation, video?.sender.degradation], [undefined, 'maintain-resolution']);
      assert.match(remoteDescription?.sdp ?? '', /x-google-min-bitrate=250/);
      assert.match(remoteDescription?.sdp ?? '', /stereo=1;maxaveragebitrate=128000/);
    }
  });

  it('with a wrong value is no start', async () => {
    const rig = new TestRig();
    rig.begin({}, { encoding: { maxFramerate: 'fast' } as never });
    await rig.clock.advance(100);
    assert.deepEqual(rig.outline(), ['StartBroadcastError 1001', 'SignInSuccess']);
    assert.equal(rig.server.of('POST').length, 0);
  });
});
