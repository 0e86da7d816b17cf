import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inspect } from 'node:util';
import type { LogLevel } from '../../../src/core/platform/logger.js';
import { TestRig } from '../support/test-rig.js';

const SECRETS = ['secret-token', 'secret-key', 'secret=session', 'secret-stream', 'secret-target'];
const SERVER = 'https://media.example/whip?key=secret-key';
const TARGETS = { transcodingTargets: { output: 'rtmp://rtmp.example/secret-target', streamname: 'secret-stream' } };

/** Everything that can go wrong, one after the other. */
async function live(rig: TestRig): Promise<void> {
  const { server, clock, user } = rig;
  let asked = 0;
  const signIn = { server: SERVER, tokenProvider: () => `secret-token-${++asked}` };
  server.next('POST', { status: 401 });
  server.next('PATCH', 'network error');
  rig.begin(signIn, TARGETS);
  await rig.untilStatus('broadcasting');
  server.next('DELETE', 'network error');
  server.next(
    'POST',
    'network error',
    'no answer',
    { status: 503, headers: { 'Retry-After': '2' } },
    { status: 401, redirectedTo: 'https://edge.example/whip?key=secret-key' },
    { headers: { Location: 'http://unsafe.example/?secret=session' } },
  );
  rig.losePath();
  await rig.untilStatus('broadcasting');
  rig.loseServer();
  server.next('POST', { body: 'v=0\r\nnonsense' }, { after: 12_000 });
  await rig.untilStatus('broadcasting');
  await clock.advance(20_000);
  server.next('DELETE', 'no answer');
  void user.stopBroadcast();
  await clock.advance(10_000);
  server.always('POST', { status: 403 });
  void user.startBroadcast(TARGETS);
  void user.setConfig({ reconnect: { minDelay: -1 } });
  await clock.advance(10_000);
  server.always('HEAD', 'network error');
  void rig.signIn(signIn);
  await clock.advance(10_000);
}

describe('the log', () => {
  it('has neither a token nor the query of a URL in it, at its most talkative', async () => {
    const rig = new TestRig({ logLevel: 4, reconnect: { maxRetries: 10 } });
    await live(rig);
    const log = inspect(rig.logged, { depth: 10, showHidden: true, maxStringLength: null, maxArrayLength: null });
    assert.ok(rig.logged.length > 30);
    for (const secret of SECRETS) assert.ok(!log.includes(secret), `${secret} is in the log`);
  });

  it('has none either where the server says it back in its error', async () => {
    for (const body of ['The token secret-token is not valid.', `No stream at ${SERVER}.`]) {
      const rig = new TestRig({ logLevel: 4 });
      rig.server.next('POST', { status: 403, body, headers: { 'Content-Type': 'text/plain' } });
      rig.begin({ server: SERVER, jwt: 'secret-token' });
      await rig.clock.advance(1_000);
      assert.equal(rig.outline().at(-1), 'StartBroadcastError 102001');
      const log = inspect(rig.logged, { depth: 10 });
      for (const secret of SECRETS) assert.ok(!log.includes(secret), `${secret} is in the log: ${log}`);
    }
  });

  it('has none either where the server says back a token that is longer than an error may be', async () => {
    const jwt = `secret-token.${'x'.repeat(1_000)}`;
    const rig = new TestRig({ logLevel: 4 });
    rig.server.next('POST', { status: 403, body: `No: ${jwt}`, headers: { 'Content-Type': 'text/plain' } });
    rig.begin({ server: SERVER, jwt });
    await rig.clock.advance(1_000);
    const { error } = rig.last('StartBroadcastError');
    assert.ok(error.message.length < 400);
    assert.doesNotMatch(inspect([rig.logged, error], { depth: 10 }), /secret-token|xxxx/);
  });

  it('has none either where the token is none that a header takes', async () => {
    const rig = new TestRig({ logLevel: 4 });
    rig.begin({ jwt: 'secret-token\nwith a line end' });
    await rig.clock.advance(1_000);
    assert.match(rig.outline().at(-1) ?? '', /StartBroadcastError/);
    const log = inspect([rig.logged, rig.last('StartBroadcastError')], { depth: 10 });
    for (const secret of SECRETS) assert.ok(!log.includes(secret), `${secret} is in the log: ${log}`);
  });

  for (const [what, failure] of [
    ['a URL with a key', 'No token from https://auth.example/token?key=secret-key'],
    ['a JWT', 'Refused: eyJhbGciOi.secret-token.c2ln'],
    ['a password', 'No token from https://me:secret-token@auth.example/'],
  ] as const) {
    it(`and the error have none either where a token provider fails with ${what} at the start`, async () => {
      const rig = new TestRig({ logLevel: 4 });
      rig.begin({ server: SERVER, tokenProvider: () => Promise.reject(new Error(failure)) });
      await rig.untilStatus('StartBroadcastError 5001');
      const { message } = rig.last('StartBroadcastError').error;
      assert.match(message, /The token provider failed: \w/);
      assert.doesNotMatch(inspect([message, rig.logged], { depth: 10 }), /secret/);
    });

    it(`and the error have none either where a token provider fails with ${what} later`, async () => {
      const rig = new TestRig({ logLevel: 4, reconnect: { maxRetries: 2 } });
      let isDown = false;
      const tokenProvider = () => (isDown ? Promise.reject(new Error(failure)) : 'token');
      await rig.goLiveWithoutRepair({ server: SERVER, tokenProvider });
      isDown = true;
      rig.server.always('DELETE', { status: 401 });
      rig.loseServer();
      await rig.untilStatus('BroadcastError 5002');
      await rig.clock.advance(60_000);
      const { message } = rig.last('BroadcastError').error;
      assert.match(message, /The token provider failed: \w/);
      assert.match(rig.logged.join(' '), /The session was not deleted/);
      assert.doesNotMatch(inspect([message, rig.logged], { depth: 10 }), /secret/);
    });
  }

  for (const streamname of ['secret-name', 'Secret-Name'])
    it(`and the error have no stream name that is part of the host: ${streamname}`, async () => {
      const rig = new TestRig({ logLevel: 4, reconnect: { maxRetries: 1 } });
      const server = 'https://{streamname}.media.example/whip';
      const config = { transcodingTargets: { streamname } };
      await rig.goLive({ server }, config);
      rig.server.always('POST', 'network error');
      rig.server.always('HEAD', 'network error');
      rig.losePath();
      await rig.untilStatus('BroadcastError 5002');
      const failed = rig.last('BroadcastError').error.message;
      assert.match(failed, /No answer from https:\/\/…\.media\.example to POST/);
      void rig.user.startBroadcast(config);
      await rig.untilStatus('StartBroadcastError 5001');
      const { message } = rig.last('StartBroadcastError').error;
      assert.doesNotMatch(inspect([failed, message, rig.logged], { depth: 10 }), /secret/i);
    });

  it('is silent by default', async () => {
    const rig = new TestRig({ reconnect: {} });
    await live(rig);
    assert.deepEqual(rig.logged, []);
  });

  it('has from level 3 on one line for every change of status', async () => {
    for (const [level, isThere] of [
      [2, false],
      [3, true],
    ] as const) {
      const lines: string[] = [];
      const rig = new TestRig({ logLevel: level satisfies LogLevel, reconnect: {} });
      await rig.goLive();
      rig.loseServer();
      await rig.untilStatus('broadcasting');
      for (const part of rig.logged) if (typeof part === 'string') lines.push(part);
      const messages = [
        'signalling',
        'connected',
        'broadcasting',
        'reconnecting_broadcast',
        'connected',
        'broadcasting',
      ];
      assert.deepEqual(
        lines.filter((line) => messages.includes(line)),
        isThere ? messages : [],
      );
    }
  });

  it('may be switched on and off at any time', async () => {
    const rig = new TestRig();
    void rig.user.setConfig({ logLevel: 1 });
    void rig.user.stopBroadcast();
    await rig.clock.advance(0);
    assert.deepEqual(rig.logged, ['nano-webcaster:', '5003 No broadcast is running.']);
    void rig.user.setConfig({ logLevel: 0 });
    void rig.user.stopBroadcast();
    await rig.clock.advance(0);
    assert.equal(rig.logged.length, 2);
  });
});
