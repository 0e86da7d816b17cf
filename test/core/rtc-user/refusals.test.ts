import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Script } from '../support/fake-whip-server.js';
import { TestRig } from '../support/test-rig.js';

/** Starts against a server that answers the `POST`s as scripted; the events of the start. */
async function startAgainst(scripts: Script[], jwt?: string, seconds = 15): Promise<TestRig> {
  const rig = new TestRig({ reconnect: {} });
  rig.server.next('POST', ...scripts);
  rig.begin(jwt === undefined ? {} : { jwt });
  await rig.clock.advance(seconds * 1000);
  return rig;
}

describe('a first start that the server refuses', () => {
  const problem = { 'Content-Type': 'application/problem+json' };

  for (const [status, jwt, code] of [
    [401, 'token', 103003],
    [401, undefined, 103001],
    [403, 'token', 102001],
    [500, undefined, 101001],
    [503, undefined, 101001],
    [599, undefined, 101001],
    [404, undefined, 5001],
    [400, undefined, 5001],
    [409, undefined, 5001],
    [422, undefined, 5001],
    [499, undefined, 5001],
    [302, undefined, 5001],
  ] as const) {
    it(`with ${status}, ${jwt ? 'given a token' : 'without a token'}, fails with ${code} and is no reconnection`, async () => {
      const rig = await startAgainst([{ status, headers: problem, body: '{"detail":"No room today."}' }], jwt, 60);
      assert.deepEqual(rig.outline(), ['SignInSuccess', 'signalling', `StartBroadcastError ${code}`]);
      const { message } = rig.last('StartBroadcastError').error;
      assert.match(message, new RegExp(`${status}`));
      assert.match(message, /No room today/);
      assert.equal(rig.server.of('POST').length, 1);
      assert.equal(rig.clock.pending, 0);
      assert.equal(rig.peer.connectionState, 'closed');
    });
  }

  it('without a readable answer fails with 5001, and names the certificate and CORS', async () => {
    const rig = await startAgainst(['network error']);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.match(rig.last('StartBroadcastError').error.message, /https:\/\/media\.example.*certificate.*CORS/);
  });

  it('without any answer fails after 10 s', async () => {
    const rig = await startAgainst(['no answer'], undefined, 9.9);
    assert.equal(rig.outline().at(-1), 'signalling');
    await rig.clock.advance(200);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.match(rig.last('StartBroadcastError').error.message, /did not answer POST within 10 s/);
  });

  it('by an answer that comes after the deadline fails, and the late session is deleted', async () => {
    const rig = await startAgainst([{ after: 14_000 }], 'token', 20);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 0]);
    assert.equal(rig.server.last('DELETE').headers.authorization, 'Bearer token');
    assert.equal(rig.clock.pending, 0);
  });

  it('with 201 but without a description fails, and the session is deleted', async () => {
    const rig = await startAgainst([{ status: 201, body: 'OK' }]);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 0]);
  });

  it('with 200 and no session fails: that is no WHIP endpoint (C9)', async () => {
    for (const status of [200, 202, 204]) {
      const rig = await startAgainst([{ status, body: '<html></html>' }]);
      assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
      assert.match(rig.last('StartBroadcastError').error.message, /WHIP endpoint/);
    }
  });

  it('with an answer that cannot be used fails, and the session is deleted', async () => {
    const rig = await startAgainst([{ body: 'v=0\r\ns=-\r\nm=nonsense\r\n' }]);
    assert.equal(rig.outline().at(-1), 'StartBroadcastError 5001');
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [1, 0]);
    assert.equal(rig.peer.connectionState, 'closed');
  });

  it('by the error it was, with everything a support desk needs and no secret', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { status: 503, headers: { 'Retry-After': '30' } });
    rig.begin(
      { server: 'https://media.example/whip?key=secret', jwt: 'secret' },
      { transcodingTargets: { streamname: 'show' } },
    );
    await rig.clock.advance(100);
    const { error } = rig.last('StartBroadcastError');
    assert.deepEqual(error.userinfo.metadata, {
      isSignedIn: true,
      hasAudio: true,
      hasVideo: true,
      server: 'https://media.example/whip',
      streamname: 'show',
      isMobile: false,
      browser: 'Firefox',
      browserVersion: '128.0',
      os: 'Linux',
    });
    assert.equal((error.cause as { status: number }).status, 503);
    assert.doesNotMatch(JSON.stringify(error) + error.message, /secret/);
  });
});

describe('an odd but usable answer', () => {
  it('of 200 with a description is taken (C9)', async () => {
    const rig = new TestRig();
    rig.server.next('POST', ({ body }) => ({ status: 200, body: body.replaceAll('a=sendonly', 'a=recvonly') }));
    await rig.goLive();
  });

  it('with several session URLs is taken; the last one counts', async () => {
    const rig = new TestRig();
    const Location = 'https://media.example/whip, /whip/sessions/1?a=1,2';
    rig.server.next('POST', { headers: { Location } });
    await rig.goLive();
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    assert.equal(rig.server.of('DELETE')[0]?.url, 'https://media.example/whip/sessions/1?a=1,2');
  });

  it('without a session URL is taken; there is no PATCH and no DELETE then (T1)', async () => {
    const rig = new TestRig();
    rig.server.next('POST', { headers: { Location: null } });
    await rig.goLive();
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    assert.deepEqual(rig.outline(), ['StopBroadcastSuccess']);
    assert.deepEqual(
      rig.server.requests.map(({ method }) => method),
      ['HEAD', 'POST'],
    );
  });
});
