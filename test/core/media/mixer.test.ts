import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeStream, FakeTrack, streamOf } from '../support/fake-media.js';
import { codeOf, Studio } from '../support/test-rig.js';

async function liveFromDevices(): Promise<Studio> {
  const studio = new Studio({ reconnect: {} });
  void studio.signIn();
  void studio.user.startPreview();
  void studio.user.startBroadcast();
  await studio.untilStatus('broadcasting');
  return studio;
}

async function inject(studio: Studio, stream: FakeStream, tracks = ['audio']): Promise<void> {
  void studio.user.injectExternalMediaStream({ stream: stream as unknown as MediaStream, tracks });
  await studio.clock.advance(0);
}

const sentAudio = (studio: Studio) => studio.peer.getSenders()[0]?.track;
const mixed = (studio: Studio) => [...(studio.contexts.at(-1)?.mixed ?? [])].map(({ label }) => label);

describe('sound from outside', () => {
  it('is mixed with the microphone in the same session, and taken out again', async () => {
    const studio = await liveFromDevices();
    const music = streamOf('audio', 'video');
    await inject(studio, music);
    assert.equal(sentAudio(studio)?.label, 'Mix');
    assert.deepEqual(mixed(studio).sort(), ['Microphone', 'audio']);
    await inject(studio, music, []);
    assert.equal(sentAudio(studio)?.label, 'Microphone');
    assert.equal(studio.contexts[0]?.state, 'closed');
    assert.ok(music.getTracks().every(({ readyState, listenerCount }) => readyState === 'live' && listenerCount === 0));
    assert.equal(studio.server.of('POST').length, 1);
  });

  it('stays through a change of device and a recovery, and ends with its own end', async () => {
    const studio = await liveFromDevices();
    const music = streamOf('audio');
    await inject(studio, music);
    void studio.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await studio.clock.advance(0);
    assert.deepEqual(mixed(studio).sort(), ['Microphone', 'audio']);
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.equal(sentAudio(studio)?.label, 'Mix');
    assert.equal(studio.contexts.length, 1);
    music.getAudioTracks()[0]?.end();
    await studio.clock.advance(0);
    assert.equal(sentAudio(studio)?.label, 'Microphone');
    assert.equal(studio.contexts[0]?.state, 'closed');
  });

  it('goes on where the microphone is gone, and is what is sent where there is none', async () => {
    const studio = await liveFromDevices();
    await inject(studio, streamOf('audio'));
    studio.devices.unplug('Microphone');
    await studio.clock.advance(2_000);
    assert.deepEqual([sentAudio(studio)?.label, ...mixed(studio)], ['Mix', 'audio']);
    const other = new Studio();
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
    const studio = new Studio();
    const stream = await studio.goLive();
    await inject(studio, streamOf('audio'));
    const [audio, video] = studio.peer.getSenders();
    assert.equal(audio?.track?.label, 'Mix');
    assert.equal(video?.track, stream.getVideoTracks()[0]);
    assert.deepEqual(mixed(studio), ['audio', 'audio']);
  });

  it('is muted with the microphone, and its own track is left alone', async () => {
    const studio = await liveFromDevices();
    const music = streamOf('audio');
    void studio.user.muteDevice({ kind: 'audioinput', mute: true });
    await inject(studio, music);
    const attached = studio.peer.getSenders()[0]?.attached ?? [];
    assert.equal(attached.at(-1)?.track?.label, 'Mix');
    assert.equal(attached.at(-1)?.wasEnabled, false);
    assert.equal(music.getAudioTracks()[0]?.enabled, true);
    void studio.user.muteDevice({ kind: 'audioinput', mute: false });
    assert.equal(sentAudio(studio)?.enabled, true);
    assert.equal(studio.devices.liveTracks('Microphone')[0]?.enabled, true, 'and it is heard in the mix again');
  });

  it('never costs the microphone: while the browser holds the mix back, the microphone alone is sent', async () => {
    const studio = await liveFromDevices();
    await inject(studio, streamOf('audio'));
    const context = studio.contexts[0];
    for (const comeBack of [() => studio.comeToForeground(), () => studio.click()]) {
      Object.assign(context ?? {}, { mayRun: false });
      context?.become('suspended');
      await studio.clock.advance(0);
      assert.equal(sentAudio(studio)?.label, 'Microphone');
      Object.assign(context ?? {}, { mayRun: true });
      comeBack();
      await studio.clock.advance(0);
      assert.equal(sentAudio(studio)?.label, 'Mix');
    }
    assert.deepEqual(studio.all('CaptureStatus'), [], 'nobody is told of a moment');
  });

  it('is told of where it is not heard for longer, and when it is', async () => {
    const studio = await liveFromDevices();
    const told = () => studio.all('CaptureStatus').map(({ data }) => `${data.kind} ${data.state}`);
    await inject(studio, streamOf('audio'));
    Object.assign(studio.contexts[0] ?? {}, { mayRun: false });
    studio.contexts[0]?.become('suspended');
    await studio.clock.advance(5_000);
    assert.deepEqual(told(), ['audioinput different']);
    assert.match(studio.last('CaptureStatus').data.message, /not sent/);
    Object.assign(studio.contexts[0] ?? {}, { mayRun: true });
    studio.click();
    await studio.clock.advance(0);
    assert.deepEqual(told(), ['audioinput different', 'audioinput live']);
  });

  it('is told of where the microphone cannot be mixed with it', async () => {
    const studio = await liveFromDevices();
    studio.unmixable.add('Microphone');
    await inject(studio, streamOf('audio'));
    await studio.clock.advance(2_000);
    assert.equal(studio.last('CaptureStatus').data.state, 'different');
    void studio.user.stopPreview();
    await studio.clock.advance(0);
  });

  it('that the browser cannot mix is refused, and nothing else suffers: what is muted stays so', async () => {
    const studio = await liveFromDevices();
    studio.unmixable.add('other rate');
    const music = new FakeStream([new FakeTrack('audio', 'other rate')]) as unknown as MediaStream;
    assert.equal(await codeOf(studio.user.injectExternalMediaStream({ stream: music })), 1006);
    await studio.user.muteDevice({ kind: 'audioinput', mute: true });
    assert.deepEqual([sentAudio(studio)?.label, sentAudio(studio)?.enabled], ['Microphone', false]);
    assert.equal(studio.contexts[0]?.state, 'closed');
    studio.losePath();
    await studio.untilStatus('broadcasting');
  });

  it('is not sent in place of a microphone that cannot be mixed with it', async () => {
    const studio = await liveFromDevices();
    studio.unmixable.add('Microphone');
    await inject(studio, streamOf('audio'));
    assert.equal(sentAudio(studio)?.label, 'Microphone');
  });

  it('ends with the preview', async () => {
    const studio = await liveFromDevices();
    const music = streamOf('audio');
    await inject(studio, music);
    void studio.user.stopPreview();
    await studio.clock.advance(0);
    assert.equal(sentAudio(studio), null);
    assert.equal(studio.contexts[0]?.state, 'closed');
    assert.equal(music.getAudioTracks()[0]?.readyState, 'live');
  });

  it('is an error where there is none, where something else is wanted, and where the browser cannot mix', async () => {
    const { user } = new Studio();
    const stream = streamOf('video') as unknown as MediaStream;
    assert.equal(await codeOf(user.injectExternalMediaStream({ stream })), 6001);
    assert.equal(await codeOf(user.injectExternalMediaStream({ stream, tracks: ['video'] })), 1003);
    assert.equal(await codeOf(user.injectExternalMediaStream({} as never)), 1004);
    const deaf = new Studio({}, { createAudioContext: () => undefined });
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
    const studio = new Studio({ reconnect: {} }, { createAudioContext: refuse, createCanvas: () => canvas });
    void studio.signIn();
    void studio.user.startPreview();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    studio.devices.unplug('Microphone');
    studio.devices.unplug('Back camera');
    await studio.clock.advance(2_000);
    assert.equal(studio.last('CaptureStatus').data.state, 'missing');
    assert.equal(sentAudio(studio), null);
    await studio.user.muteDevice({ kind: 'audioinput', mute: true });
    studio.losePath();
    await studio.untilStatus('broadcasting');
    studio.devices.unplug('Front camera');
    await studio.clock.advance(2_000);
    assert.equal(studio.last('CaptureStatus').data.kind, 'videoinput');
  });

  it('refuses sound from outside', async () => {
    const { user } = new Studio({}, { createAudioContext: refuse });
    const stream = streamOf('audio') as unknown as MediaStream;
    assert.equal(await codeOf(user.injectExternalMediaStream({ stream })), 1006);
  });
});
