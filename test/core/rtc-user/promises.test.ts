import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { RtcUserError } from '../../../src/core/api/errors.js';
import { settle } from '../support/fake-clock.js';
import { codeOf, ENDPOINT, TestRig } from '../support/test-rig.js';
import { runs } from '../support/runs.js';

describe('the promise of a method', () => {
  it('fulfils or rejects as its event says', async () => {
    const { user, clock, devices, server } = new TestRig();
    const over = async <T>(promise: Promise<T>) => {
      await clock.advance(5_000);
      return promise;
    };
    assert.equal(await codeOf(over(user.startBroadcast())), 4001);
    assert.equal(await codeOf(over(user.stopBroadcast())), 5003);
    await over(user.signIn({ server: ENDPOINT }));
    assert.equal(await codeOf(over(user.startBroadcast())), 6001);
    assert.equal(await codeOf(over(user.muteDevice({ kind: 'screen' as never, mute: true }))), 1003);
    assert.equal(await codeOf(over(user.muteDevice({ kind: 'audioinput', mute: 1 as never }))), 1001);
    assert.equal(await codeOf(over(user.setConfig({ logLevel: 5 as never }))), 1002);
    assert.deepEqual((await over(user.getDevices())).devices.videodevices.length, 2);
    devices.failure = new DOMException('no', 'NotAllowedError');
    assert.equal(await codeOf(over(user.startPreview())), 6005);
    devices.failure = null;
    const { stream } = await over(user.startPreview());
    assert.equal((await over(user.startBroadcast())).stream, stream);
    assert.equal(await codeOf(over(user.startBroadcast())), 1006);
    await over(user.stopBroadcast());
    await over(user.stopPreview());
    await over(user.signOut());
    assert.equal(server.sessions.size, 0);
  });

  it('may be ignored: whatever fails, no rejection stays unhandled', async () => {
    const unhandled: unknown[] = [];
    const collect = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', collect);
    try {
      for (const status of [400, 401, 403, 503, 201]) {
        const rig = new TestRig({ reconnect: { maxRetries: 1 } });
        const { user, clock, server, devices } = rig;
        void user.startBroadcast();
        void user.stopBroadcast();
        void user.signIn({ server: 'ftp://nowhere' });
        void user.setConfig({ reconnect: 5 as never });
        void user.muteDevice(undefined as never);
        void user.setMediaStream(undefined as never);
        devices.failure = new DOMException('no', 'NotFoundError');
        void user.startPreview();
        void user.startPreview({ elementId: 'nowhere' });
        void user.startPreview({ videoDeviceConfig: { source: 'screen' } });
        await clock.advance(1_000);
        if (status !== 201) server.always('POST', { status });
        rig.begin({ tokenProvider: () => Promise.reject(new Error('no token today')) });
        await clock.advance(1_000);
        rig.begin({ jwt: 'token' });
        await clock.advance(1_000);
        if (status === 201) {
          server.always('POST', 'network error');
          rig.losePath();
          await clock.advance(60_000);
        }
        void user.signOut();
        void user.signOut();
        await clock.advance(60_000);
      }
      await settle();
    } finally {
      process.off('unhandledRejection', collect);
    }
    assert.deepEqual(unhandled, []);
  });

  it('is given for any argument at all: nothing is thrown inside the call, and it rejects with an RtcUserError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.string(), fc.anything(), async (value, key, other) => {
        const { user, clock } = new TestRig();
        for (const given of [value, { [key]: value }, { jwt: value, transcodingTargets: other, encoding: other }]) {
          const argument = given as never;
          const outcomes: Promise<unknown>[] = [
            user.signIn(argument),
            user.setConfig(argument),
            user.checkServer(argument),
            user.enableStats(argument),
            user.enableStats(true, argument),
            user.sendMetaData(argument, other as never),
            user.sendMetaData('onMetaData', argument),
            user.startPreview(argument),
            user.startPreview({ videoDeviceConfig: argument, audioDeviceConfig: other as never }),
            user.injectExternalMediaStream(argument),
            user.setMediaStream(argument),
            user.startBroadcast(argument),
            user.muteDevice(argument),
            user.muteVideo(argument),
            user.muteAudio(argument),
            user.setIceServers(argument),
          ];
          for (const outcome of outcomes) {
            outcome.catch((error: unknown) => assert.ok(error instanceof RtcUserError, String(error)));
          }
          assert.ok(Array.isArray(user.getSelectedDevice(argument)));
          user.setVideoDevice(argument);
          user.setAudioDevice(argument);
          user.addScreenCaptureExtension(argument);
        }
        await clock.advance(100);
      }),
      { numRuns: runs(60, 300) },
    );
  });
});
