import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { device, FakeStream, FakeTrack, streamOf } from '../support/fake-media.js';
import { codeOf, TestRig } from '../support/test-rig.js';

async function liveFromDevices(): Promise<TestRig> {
  const rig = new TestRig({ reconnect: {} });
  void rig.signIn();
  void rig.user.startPreview();
  void rig.user.startBroadcast();
  await rig.untilStatus('broadcasting');
  return rig;
}

async function inject(rig: TestRig, stream: FakeStream, tracks = ['audio']): Promise<void> {
  void rig.user.injectExternalMediaStream({ stream: stream as unknown as MediaStream, tracks });
  await rig.clock.advance(0);
}

const sentAudio = (rig: TestRig) => rig.peer.getSenders()[0]?.track;
const mixed = (rig: TestRig) => [...(rig.contexts.at(-1)?.mixed ?? [])].map(({ label }) => label);

describe('sound from outside', () => {
  it('is mixed with the microphone in the same session, and taken out again', async () => {
    const rig = await liveFromDevices();
    const music = streamOf('audio', 'video');
    await inject(rig, music);
    assert.equal(sentAudio(rig)?.label, 'Mix');
    assert.deepEqual(mixed(rig).sort(), ['Microphone', 'audio']);
    await inject(rig, music, []);
    assert.equal(sentAudio(rig)?.label, 'Microphone');
    assert.equal(rig.contexts[0]?.state, 'closed');
    assert.ok(music.getTracks().every(({ readyState, listenerCount }) => readyState === 'live' && listenerCount === 0));
    assert.equal(rig.server.of('POST').length, 1);
  });

  it('stays through a change of device and a recovery, and ends with its own end', async () => {
    const rig = await liveFromDevices();
    const music = streamOf('audio');
    await inject(rig, music);
    void rig.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await rig.clock.advance(0);
    assert.deepEqual(mixed(rig).sort(), ['Microphone', 'audio']);
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.equal(sentAudio(rig)?.label, 'Mix');
    assert.equal(rig.contexts.length, 1);
    music.getAudioTracks()[0]?.end();
    await rig.clock.advance(0);
    assert.equal(sentAudio(rig)?.label, 'Microphone');
    assert.equal(rig.contexts[0]?.state, 'closed');
  });

  it('goes on where the microphone is gone, and is what is sent where there is none', async () => {
    const rig = await liveFromDevices();
    await inject(rig, streamOf('audio'));
    rig.devices.unplug('Microphone');
    await rig.clock.advance(2_000);
    assert.deepEqual([sentAudio(rig)?.label, ...mixed(rig)], ['Mix', 'audio']);
    const other = new TestRig();
    await inject(other, streamOf('audio'));
    void other.user.startPreview({ audioDeviceConfig: { device: false } });
    await other.clock.advance(0);
    const { stream } = other.last('StartPreviewSuccess').data;
    assert.deepEqual(
      stream.getAudioTracks().map(({ label }) => label),
      ['Mix'],
    );
  });

  it("is mixed with a page's own stream too, whose picture stays", async () => {
    const rig = new TestRig();
    const stream = await rig.goLive();
    await inject(rig, streamOf('audio'));
    const [audio, video] = rig.peer.getSenders();
    assert.equal(audio?.track?.label, 'Mix');
    assert.equal(video?.track, stream.getVideoTracks()[0]);
    assert.deepEqual(mixed(rig), ['audio', 'audio']);
  });

  it('is muted with the microphone, and its own track is left alone', async () => {
    const rig = await liveFromDevices();
    const music = streamOf('audio');
    void rig.user.muteDevice({ kind: 'audioinput', mute: true });
    await inject(rig, music);
    const attached = rig.peer.getSenders()[0]?.attached ?? [];
    assert.equal(attached.at(-1)?.track?.label, 'Mix');
    assert.equal(attached.at(-1)?.wasEnabled, false);
    assert.equal(music.getAudioTracks()[0]?.enabled, true);
    void rig.user.muteDevice({ kind: 'audioinput', mute: false });
    assert.equal(sentAudio(rig)?.enabled, true);
    assert.equal(rig.devices.liveTracks('Microphone')[0]?.enabled, true, 'and it is heard in the mix again');
  });

  it('never costs the microphone: while the browser holds the mix back, the microphone alone is sent', async () => {
    const rig = await liveFromDevices();
    await inject(rig, streamOf('audio'));
    const context = rig.contexts[0];
    for (const comeBack of [() => rig.comeToForeground(), () => rig.click()]) {
      Object.assign(context ?? {}, { mayRun: false });
      context?.become('suspended');
      await rig.clock.advance(0);
      assert.equal(sentAudio(rig)?.label, 'Microphone');
      Object.assign(context ?? {}, { mayRun: true });
      comeBack();
      await rig.clock.advance(0);
      assert.equal(sentAudio(rig)?.label, 'Mix');
    }
    assert.deepEqual(rig.all('CaptureStatus'), [], 'nobody is told of a moment');
  });

  it('is told of where it is not heard for longer, and when it is', async () => {
    const rig = await liveFromDevices();
    const told = () => rig.all('CaptureStatus').map(({ data }) => `${data.kind} ${data.state}`);
    await inject(rig, streamOf('audio'));
    Object.assign(rig.contexts[0] ?? {}, { mayRun: false });
    rig.contexts[0]?.become('suspended');
    await rig.clock.advance(5_000);
    assert.deepEqual(told(), ['audioinput different']);
    assert.match(rig.last('CaptureStatus').data.message, /not sent/);
    Object.assign(rig.contexts[0] ?? {}, { mayRun: true });
    rig.click();
    await rig.clock.advance(0);
    assert.deepEqual(told(), ['audioinput different', 'audioinput live']);
  });

  it('hides no microphone that is missing once it is heard again', async () => {
    const rig = await liveFromDevices();
    await inject(rig, streamOf('audio'));
    Object.assign(rig.contexts[0] ?? {}, { mayRun: false });
    rig.contexts[0]?.become('suspended');
    await rig.clock.advance(5_000);
    rig.devices.unplug('Microphone');
    await rig.clock.advance(5_000);
    Object.assign(rig.contexts[0] ?? {}, { mayRun: true });
    rig.click();
    await rig.clock.advance(5_000);
    assert.equal(rig.last('CaptureStatus').data.state, 'missing');
    rig.devices.plug(device('audioinput', 'Headset'));
    await rig.clock.advance(5_000);
    assert.equal(rig.last('CaptureStatus').data.state, 'substituted');
  });

  it('is told of where the microphone cannot be mixed with it', async () => {
    const rig = await liveFromDevices();
    rig.unmixable.add('Microphone');
    await inject(rig, streamOf('audio'));
    await rig.clock.advance(2_000);
    assert.equal(rig.last('CaptureStatus').data.state, 'different');
    void rig.user.stopPreview();
    await rig.clock.advance(0);
  });

  it('that the browser cannot mix is refused, and nothing else suffers: what is muted stays so', async () => {
    const rig = await liveFromDevices();
    rig.unmixable.add('other rate');
    const music = new FakeStream([new FakeTrack('audio', 'other rate')]) as unknown as MediaStream;
    assert.equal(await codeOf(rig.user.injectExternalMediaStream({ stream: music })), 1006);
    await rig.user.muteDevice({ kind: 'audioinput', mute: true });
    assert.deepEqual([sentAudio(rig)?.label, sentAudio(rig)?.enabled], ['Microphone', false]);
    assert.equal(rig.contexts[0]?.state, 'closed');
    rig.losePath();
    await rig.untilStatus('broadcasting');
  });

  it('is not sent in place of a microphone that cannot be mixed with it', async () => {
    const rig = await liveFromDevices();
    rig.unmixable.add('Microphone');
    await inject(rig, streamOf('audio'));
    assert.equal(sentAudio(rig)?.label, 'Microphone');
  });

  it('ends with the preview', async () => {
    const rig = await liveFromDevices();
    const music = streamOf('audio');
    await inject(rig, music);
    void rig.user.stopPreview();
    await rig.clock.advance(0);
    assert.equal(sentAudio(rig), null);
    assert.equal(rig.contexts[0]?.state, 'closed');
    assert.equal(music.getAudioTracks()[0]?.readyState, 'live');
  });

  it('is an error where there is none, where something else is wanted, and where the browser cannot mix', async () => {
    const { user } = new TestRig();
    const stream = streamOf('video') as unknown as MediaStream;
    assert.equal(await codeOf(user.injectExternalMediaStream({ stream })), 6001);
    assert.equal(await codeOf(user.injectExternalMediaStream({ stream, tracks: ['video'] })), 1003);
    assert.equal(await codeOf(user.injectExternalMediaStream({} as never)), 1004);
    const deaf = new TestRig({}, { createAudioContext: () => undefined });
    const sound = streamOf('audio') as unknown as MediaStream;
    assert.equal(await codeOf(deaf.user.injectExternalMediaStream({ stream: sound })), 1006);
  });
});

describe('a browser that makes no AudioContext and captures no canvas', () => {
  const refuse = () => {
    throw new DOMException('not now', 'NotSupportedError');
  };

  it('sends nothing in place of a device, and all else goes on: events, mute and the next loss', async () => {
    const canvas = { getContext: () => null, captureStream: refuse } as unknown as HTMLCanvasElement;
    const rig = new TestRig({ reconnect: {} }, { createAudioContext: refuse, createCanvas: () => canvas });
    void rig.signIn();
    void rig.user.startPreview();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    rig.devices.unplug('Microphone');
    rig.devices.unplug('Back camera');
    await rig.clock.advance(2_000);
    assert.equal(rig.last('CaptureStatus').data.state, 'missing');
    assert.equal(sentAudio(rig), null);
    await rig.user.muteDevice({ kind: 'audioinput', mute: true });
    rig.losePath();
    await rig.untilStatus('broadcasting');
    rig.devices.unplug('Front camera');
    await rig.clock.advance(2_000);
    assert.equal(rig.last('CaptureStatus').data.kind, 'videoinput');
  });

  it('refuses sound from outside', async () => {
    const { user } = new TestRig({}, { createAudioContext: refuse });
    const stream = streamOf('audio') as unknown as MediaStream;
    assert.equal(await codeOf(user.injectExternalMediaStream({ stream })), 1006);
  });
});
