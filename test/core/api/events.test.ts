import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '../support/fake-clock.js';
import { TestRig } from '../support/test-rig.js';

const WRONG = { reconnect: { minDelay: 0 } };

describe('events', () => {
  it('never come inside the call that causes them, so a handler that is added after it still gets them', async () => {
    const { user, clock } = new TestRig({}, { mediaDevices: undefined });
    const calls = {
      SignInError: () => user.signIn({ server: '' }),
      SetConfigError: () => user.setConfig(WRONG),
      StartPreviewError: () => user.setMediaStream({} as never),
      MuteDeviceError: () => user.muteDevice({ kind: 'videoinput', mute: 'yes' as never }),
      StopBroadcastError: () => user.stopBroadcast(),
      StartBroadcastError: () => user.startBroadcast(),
      GetDevicesError: () => user.getDevices(),
    };
    const got: string[] = [];
    for (const [name, call] of Object.entries(calls)) {
      let isInside = true;
      void call();
      user.on(name as keyof typeof calls, (event) => {
        assert.equal(isInside, false);
        got.push(event.name);
      });
      isInside = false;
      await clock.advance(0);
    }
    assert.deepEqual(got, Object.keys(calls));
  });

  it('have one object with the name of the event, and errors both of the forms of v5', async () => {
    const rig = new TestRig();
    void rig.user.setConfig(WRONG);
    await settle();
    const { name, error, data } = rig.last('SetConfigError');
    assert.equal(name, 'SetConfigError');
    assert.deepEqual([error.code, error.name, error.type], [1002, 'GeneralError', 'wrong-value']);
    assert.match(error.message, /reconnect\.minDelay/);
    assert.equal(error.text, error.message);
    assert.deepEqual(data, { error: error.message, text: error.message, message: error.message, code: 1002 });
    const { isSignedIn, hasAudio, hasVideo, server, streamname } = error.userinfo.metadata ?? {};
    assert.deepEqual([isSignedIn, hasAudio, hasVideo, server, streamname], [false, false, false, undefined, undefined]);
  });

  it('reach every handler though another one throws, which is reported', async () => {
    const rig = new TestRig();
    const failure = new Error('the page is broken');
    const got: string[] = [];
    rig.user.on('BroadcastStatus', ({ data }) => {
      got.push(`before ${data.message}`);
      throw failure;
    });
    rig.user.on('BroadcastStatus', ({ data }) => void got.push(`after ${data.message}`));
    rig.user.on('StartBroadcastSuccess', () => {
      throw failure;
    });
    await rig.goLive();
    const messages = ['signalling', 'connected', 'broadcasting'];
    assert.deepEqual(
      got,
      messages.flatMap((message) => [`before ${message}`, `after ${message}`]),
    );
    assert.deepEqual(rig.reported, [failure, failure, failure, failure]);
  });

  it('come in the order in which things happened', async () => {
    const { user } = new TestRig();
    const got: string[] = [];
    for (const name of ['SetConfigError', 'SignOutSuccess', 'StopBroadcastError'] as const) {
      user.on(name, (event) => void got.push(event.name));
    }
    void user.setConfig(WRONG);
    await settle();
    void user.signOut();
    await settle();
    void user.stopBroadcast();
    await settle();
    assert.deepEqual(got, ['SetConfigError', 'SignOutSuccess', 'StopBroadcastError']);
  });

  it('reach a handler of once a single time, and one that was taken away not at all', async () => {
    const { user } = new TestRig();
    let once = 0;
    let always = 0;
    let never = 0;
    const away = () => void never++;
    const result = user
      .once('SetConfigError', () => void once++)
      .on('SetConfigError', () => void always++)
      .on('SetConfigError', away)
      .off('SetConfigError', away)
      .off('SetConfigError', () => undefined);
    assert.equal(result, user);
    for (let calls = 0; calls < 3; calls++) void user.setConfig(WRONG);
    await settle();
    assert.deepEqual([once, always, never], [1, 3, 0]);
  });

  it('do not reach a handler of once that was taken away before', async () => {
    const { user } = new TestRig();
    let got = 0;
    const handler = () => void got++;
    user.once('SetConfigError', handler).off('SetConfigError', handler);
    void user.setConfig(WRONG);
    await settle();
    assert.equal(got, 0);
  });

  it('let a handler add and remove handlers', async () => {
    const { user } = new TestRig();
    const got: string[] = [];
    const later = () => void got.push('later');
    const self = () => {
      got.push('self');
      user.off('SetConfigError', self).on('SetConfigError', later);
    };
    user.on('SetConfigError', self);
    void user.setConfig(WRONG);
    await settle();
    void user.setConfig(WRONG);
    await settle();
    assert.deepEqual(got, ['self', 'later']);
  });

  it('of one user are none of another: several live on one page', async () => {
    const [one, other] = [new TestRig(), new TestRig()];
    void one.user.setConfig(WRONG);
    await settle();
    assert.deepEqual([one.outline(), other.outline()], [['SetConfigError 1002'], []]);
  });

  it('carry the user whose they are, for a handler of several', async () => {
    const rig = new TestRig();
    void rig.user.setConfig(WRONG);
    await settle();
    assert.equal(rig.last('SetConfigError').target, rig.user);
    assert.match(JSON.stringify(rig.last('SetConfigError')), /"name":"SetConfigError".*"target":{}/);
  });

  it('reach a handler of a pattern by all names that it fits, each once', async () => {
    const { user } = new TestRig();
    const all: string[] = [];
    const some: string[] = [];
    user.addListener(/.*/g, ({ name }) => void all.push(name)).on(/^Stop/, ({ name }) => void some.push(name));
    for (let calls = 0; calls < 2; calls++) {
      void user.setConfig(WRONG);
      void user.stopBroadcast();
    }
    await settle();
    assert.deepEqual(all.sort(), ['SetConfigError', 'SetConfigError', 'StopBroadcastError', 'StopBroadcastError']);
    assert.deepEqual(some, ['StopBroadcastError', 'StopBroadcastError']);
  });

  it('reach no handler that was taken away by its name, its pattern, or with all others', async () => {
    const { user } = new TestRig();
    let got = 0;
    const handler = () => void got++;
    user.addListener('SetConfigError', handler).removeListener('SetConfigError', handler);
    user.on(/Error$/, handler).off(/Error$/, handler);
    user.on('SetConfigError', handler).removeAllListeners('SetConfigError');
    user.on('SetConfigError', handler).on(/./, handler).removeAllListeners();
    void user.setConfig(WRONG);
    await settle();
    assert.equal(got, 0);
    user.on('SetConfigError', handler).on('SetConfigError', handler).removeAllListeners('SignInError');
    void user.setConfig(WRONG);
    await settle();
    assert.equal(got, 1, 'one handler is called once');
  });
});
