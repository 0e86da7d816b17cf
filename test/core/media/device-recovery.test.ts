import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { CaptureState, ListedDevice } from '../../../src/core/api/events.js';
import { findAgain, isGone, nextDevice } from '../../../src/core/media/device-recovery.js';
import type { PreviewConfig } from '../../../src/core/api/preview-config.js';
import { device, FakeStream, FakeTrack, streamOf } from '../support/fake-media.js';
import { TestRig } from '../support/test-rig.js';
import { runs } from '../support/runs.js';

const FRONT = device('videoinput', 'Front camera');
const BACK = device('videoinput', 'Back camera');
const MICROPHONE = device('audioinput', 'Microphone');
const SCREEN: PreviewConfig = { videoDeviceConfig: { source: 'screen' } };

/** A user that is live with what `configs` say, one preview after the other. */
async function liveWith(...configs: PreviewConfig[]): Promise<TestRig> {
  const rig = new TestRig({ reconnect: {} });
  void rig.signIn();
  for (const config of configs) void rig.user.startPreview(config);
  void rig.user.startBroadcast();
  await rig.untilStatus('broadcasting');
  rig.events.length = 0;
  rig.devices.captures.length = 0;
  return rig;
}

/** The labels of what is sent: audio, video. */
function sent(rig: TestRig): (string | undefined)[] {
  return rig.peer.getSenders().map(({ track }) => track?.label);
}

function told(rig: TestRig): [CaptureState, string][] {
  return rig.all('CaptureStatus').map(({ data }) => [data.state, data.device]);
}

/** The session is the one of the start, and media has never stopped for good. */
function assertSameSession(rig: TestRig): void {
  assert.equal(rig.server.of('POST').length, 1);
  assert.ok(!rig.outline().includes('reconnecting_broadcast'));
}

describe('a device that is unplugged', () => {
  it('is replaced by the next of its kind, and taken again when it is plugged in again', async () => {
    const rig = await liveWith({});
    rig.devices.unplug('Front camera');
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    assert.deepEqual(told(rig), [['substituted', 'Back camera']]);
    assert.match(rig.last('CaptureStatus').data.message, /^Back camera is used instead of Front camera\.$/);
    rig.devices.plug(FRONT);
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.deepEqual(told(rig).slice(1), [['live', 'Front camera']]);
    assert.equal(rig.devices.liveTracks('Back camera').length, 0);
    assertSameSession(rig);
  });

  it('is noticed where the browser changes its list and ends no track', async () => {
    const rig = await liveWith({});
    rig.devices.devices = rig.devices.devices.filter(({ label }) => label !== 'Front camera');
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    rig.devices.devices = [];
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Mix', 'Placeholder']);
    rig.devices.plug(MICROPHONE);
    rig.devices.plug(BACK);
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    assert.equal(rig.devices.liveTracks('Microphone').length, 1);
    assert.equal(rig.devices.liveTracks('Back camera').length, 1);
  });

  it('is not missed where the devices cannot be listed', async () => {
    const rig = await liveWith({});
    rig.devices.enumerateDevices = () => Promise.reject(new DOMException('not now', 'UnknownError'));
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(5_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.deepEqual(told(rig), []);
  });

  it('is passed over where the list still has it', async () => {
    const rig = await liveWith({});
    rig.devices.failures.set('Front camera', new DOMException('gone', 'NotReadableError'));
    rig.devices.liveTracks('Front camera')[0]?.end();
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    rig.devices.failures.clear();
    await rig.clock.advance(5_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
  });

  it('is opened with the size and the filters that it was chosen with', async () => {
    const rig = await liveWith({
      videoDeviceConfig: { width: 640, height: 480 },
      audioDeviceConfig: { echoCancellation: false },
    });
    rig.devices.plug(device('audioinput', 'Headset'));
    rig.devices.unplug('Front camera');
    await rig.clock.advance(100);
    rig.devices.unplug('Microphone');
    await rig.clock.advance(100);
    assert.deepEqual(rig.devices.captures, [
      {
        video: { width: { ideal: 640 }, height: { ideal: 480 }, deviceId: { exact: BACK.deviceId } },
        audio: false,
      },
      { video: false, audio: { echoCancellation: { ideal: false }, deviceId: { exact: 'id of Headset' } } },
    ]);
  });

  it('and is the last one leaves a placeholder and silence, in the size of before, until one is there', async () => {
    const rig = await liveWith({ videoDeviceConfig: { device: 'Front camera' } });
    rig.devices.unplug('Back camera');
    rig.devices.unplug('Front camera');
    await rig.clock.advance(1_000);
    rig.devices.unplug('Microphone');
    await rig.clock.advance(1_000);
    assert.deepEqual(sent(rig), ['Mix', 'Placeholder']);
    assert.deepEqual(told(rig), [
      ['missing', 'Front camera'],
      ['missing', 'Microphone'],
    ]);
    const [canvas] = rig.canvases;
    assert.deepEqual([canvas?.width, canvas?.height], [640, 480]);
    assert.deepEqual([...(rig.contexts[0]?.mixed ?? [])], []);
    const frames = canvas?.frames ?? 0;
    await rig.clock.advance(5_000);
    assert.ok((canvas?.frames ?? 0) >= frames + 10, 'frames go on');
    rig.devices.plug(BACK);
    await rig.clock.advance(100);
    rig.devices.plug(MICROPHONE);
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    assert.deepEqual(told(rig).slice(2), [
      ['substituted', 'Back camera'],
      ['live', 'Microphone'],
    ]);
    assert.equal(canvas?.track.readyState, 'ended');
    assert.equal(rig.contexts[0]?.state, 'closed');
    assertSameSession(rig);
  });

  it('while an attempt to reconnect is under way is replaced in what the attempt sends', async () => {
    const rig = await liveWith({});
    rig.server.restartsIce = false;
    rig.server.next('POST', { after: 2_000 });
    rig.losePath();
    assert.ok(await rig.clock.advanceUntil(() => rig.server.of('POST').length === 2));
    rig.devices.unplug('Front camera');
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
  });
});

describe('a device that fails', () => {
  it('and works again at once is opened again, and nobody is told', async () => {
    const rig = await liveWith({});
    rig.devices.liveTracks('Microphone')[0]?.end();
    await rig.clock.advance(5_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.equal(rig.devices.liveTracks('Microphone').length, 1);
    assert.deepEqual(told(rig), []);
  });

  it('C4: is tried again less and less often, and then every 30 s for as long as the broadcast lives', async () => {
    const rig = await liveWith({ videoDeviceConfig: { device: false } });
    const busy = new DOMException('busy', 'NotReadableError');
    rig.devices.failures.set('Microphone', busy);
    rig.devices.liveTracks('Microphone')[0]?.end();
    await rig.clock.advance(33_000);
    assert.equal(rig.devices.captures.length, 6);
    await rig.clock.advance(10 * 30_000);
    assert.equal(rig.devices.captures.length, 16);
    assert.match(rig.last('CaptureStatus').data.message, /Another program may be using it/);
    rig.comeToForeground();
    await rig.clock.advance(0);
    assert.equal(rig.devices.captures.length, 17, 'at once when the page is shown');
    rig.devices.failures.clear();
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(0);
    assert.deepEqual(sent(rig), ['Microphone']);
    assert.equal(rig.last('CaptureStatus').data.state, 'live');
  });

  it('C4: is tried again for ever too while its substitute is taken away and given back by the system', async () => {
    for (const milliseconds of [100, 5_000]) {
      const rig = await liveWith({});
      rig.devices.failures.set('Front camera', new DOMException('busy', 'NotReadableError'));
      rig.devices.liveTracks('Front camera')[0]?.end();
      await rig.clock.advance(2_000);
      const [substitute] = rig.devices.liveTracks('Back camera');
      substitute?.setMuted(true);
      await rig.clock.advance(milliseconds);
      substitute?.setMuted(false);
      rig.devices.failures.clear();
      await rig.clock.advance(60_000);
      assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    }
  });

  it('asks nobody again who has said no, until the page chooses', async () => {
    const rig = await liveWith({ videoDeviceConfig: { device: false } });
    rig.devices.failure = new DOMException('no', 'NotAllowedError');
    rig.devices.liveTracks('Microphone')[0]?.end();
    await rig.clock.advance(60_000);
    rig.devices.dispatchEvent(new Event('devicechange'));
    rig.comeToForeground();
    await rig.clock.advance(60_000);
    assert.equal(rig.devices.captures.length, 1);
    assert.deepEqual(told(rig), [['blocked', 'Microphone']]);
    assert.match(
      rig.last('CaptureStatus').data.message,
      /Access to microphone is blocked. Allow it in the address bar/,
    );
    rig.devices.failure = null;
    void rig.user.startPreview({ videoDeviceConfig: { device: false } });
    await rig.clock.advance(0);
    assert.deepEqual(sent(rig), ['Microphone']);
    assert.deepEqual(told(rig).at(-1), ['live', 'Microphone']);
  });

  it('is never opened beside another one that is still being opened', async () => {
    const rig = await liveWith({});
    let answer: () => void = () => undefined;
    rig.devices.gate = new Promise((resolve) => (answer = resolve));
    rig.devices.liveTracks('Front camera')[0]?.end();
    rig.devices.liveTracks('Microphone')[0]?.end();
    void rig.user.startPreview({ videoDeviceConfig: { device: 1 } });
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(900);
    assert.equal(rig.devices.captures.length, 1);
    answer();
    await rig.clock.advance(100);
    assert.equal(rig.devices.mostOpening, 1);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    assert.equal(rig.devices.tracks.filter(({ readyState }) => readyState === 'live').length, 2);
  });

  it('has a placeholder in its place while a person is asked', async () => {
    const rig = await liveWith({});
    rig.devices.gate = new Promise(() => undefined);
    rig.devices.liveTracks('Front camera')[0]?.end();
    await rig.clock.advance(2_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Placeholder']);
    assert.deepEqual(told(rig), [['missing', 'Front camera']]);
  });

  it('after the preview was stopped is not opened, and what is still being opened is closed', async () => {
    const rig = await liveWith({});
    let answer: () => void = () => undefined;
    rig.devices.gate = new Promise((resolve) => (answer = resolve));
    rig.devices.liveTracks('Front camera')[0]?.end();
    await rig.clock.advance(0);
    void rig.user.stopPreview();
    assert.equal(rig.devices.liveTracks('Microphone').length, 0, 'the rest is closed at once');
    answer();
    await rig.clock.advance(0);
    rig.devices.plug(device('videoinput', 'Third camera'));
    rig.comeToForeground();
    await rig.clock.advance(60_000);
    assert.equal(rig.devices.captures.length, 1);
    assert.ok(rig.devices.tracks.every(({ readyState }) => readyState === 'ended'));
    assert.equal(rig.devices.listenerCount, 0);
  });
});

describe('a device whose track the page has stopped', () => {
  it('is not opened again behind its back', async () => {
    const rig = await liveWith({});
    for (const track of rig.devices.tracks) track.stop();
    rig.comeToForeground();
    rig.devices.plug(device('videoinput', 'Third camera'));
    rig.devices.unplug('Microphone');
    await rig.clock.advance(60_000);
    assert.equal(rig.devices.captures.length, 0);
    assert.deepEqual(told(rig), []);
  });
});

describe('a device that the system takes away', () => {
  it('has something in its place as soon as that lasts a moment, and is back with it', async () => {
    const rig = await liveWith({});
    const [camera] = rig.devices.liveTracks('Front camera');
    const [microphone] = rig.devices.liveTracks('Microphone');
    camera?.setMuted(true);
    await rig.clock.advance(500);
    camera?.setMuted(false);
    await rig.clock.advance(5_000);
    assert.deepEqual(told(rig), [], 'not for a moment');
    camera?.setMuted(true);
    microphone?.setMuted(true);
    await rig.clock.advance(5_000);
    assert.deepEqual(sent(rig), ['Mix', 'Placeholder']);
    camera?.setMuted(false);
    microphone?.setMuted(false);
    await rig.clock.advance(0);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.deepEqual(told(rig), [
      ['paused', 'Front camera'],
      ['paused', 'Microphone'],
      ['live', 'Front camera'],
      ['live', 'Microphone'],
    ]);
    assert.equal(rig.devices.captures.length, 0, 'nothing had to be opened');
    assertSameSession(rig);
  });

  it('is opened again when the page is shown again', async () => {
    const rig = await liveWith({});
    const [before] = rig.devices.liveTracks('Front camera');
    before?.setMuted(true);
    await rig.clock.advance(5_000);
    rig.comeToForeground();
    await rig.clock.advance(100);
    assert.equal(before?.readyState, 'ended');
    assert.equal(rig.devices.liveTracks('Front camera').length, 1);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.deepEqual(told(rig).at(-1), ['live', 'Front camera']);
  });

  it('and is fine when the page is shown again is left alone', async () => {
    const rig = await liveWith({});
    rig.comeToForeground();
    await rig.clock.advance(100);
    assert.equal(rig.devices.captures.length, 0);
  });

  it('and has ended while the page was frozen is opened again', async () => {
    const rig = await liveWith({});
    rig.devices.gate = Promise.reject(new DOMException('frozen', 'InvalidStateError'));
    for (const track of [...rig.devices.tracks]) track.end();
    await rig.clock.advance(0);
    rig.devices.gate = Promise.resolve();
    rig.comeToForeground();
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.equal(rig.devices.liveTracks('Front camera').length, 1);
    assert.equal(rig.devices.liveTracks('Microphone').length, 1);
  });
});

/** Lets the front camera deliver so many frames per second whenever it is opened; the function that is returned ends that. */
function breakCamera(rig: TestRig, rate: number): () => void {
  const { getUserMedia } = rig.devices;
  const slowDown = () => {
    for (const track of rig.devices.liveTracks('Front camera')) track.rate = rate;
  };
  rig.devices.getUserMedia = async (constraints) => {
    const stream = await getUserMedia.call(rig.devices, constraints);
    slowDown();
    return stream;
  };
  slowDown();
  return () => void (rig.devices.getUserMedia = getUserMedia);
}

/** The camera has delivered nothing, the page was told, and the broadcast was stopped. */
async function stoppedWhileSilent(): Promise<TestRig> {
  const rig = await liveWith({});
  await rig.clock.advance(5_000);
  for (const track of rig.devices.liveTracks('Front camera')) track.rate = 0;
  assert.equal(await rig.clock.advanceUntil(() => told(rig).length > 0, 10_000), true);
  void rig.user.stopBroadcast();
  return rig;
}

describe('a camera that delivers no frames any more', () => {
  it('is opened again behind a placeholder, also in a browser that sends its last frame every second', async () => {
    for (const rate of [0, 1]) {
      const rig = await liveWith({});
      const [camera] = rig.devices.liveTracks('Front camera');
      await rig.clock.advance(60_000);
      assert.deepEqual(told(rig), []);
      Object.assign(camera ?? {}, { rate });
      await rig.clock.advance(3_000);
      assert.deepEqual(told(rig), [], 'not at once');
      assert.equal(await rig.clock.advanceUntil(() => sent(rig)[1] === 'Placeholder', 6_000), true);
      assert.deepEqual(told(rig), [['silent', 'Front camera']]);
      assert.equal(camera?.readyState, 'ended');
      await rig.clock.advance(2_000);
      assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
      assert.deepEqual(told(rig).slice(1), [['live', 'Front camera']]);
      await rig.clock.advance(60_000);
      assert.equal(rig.devices.captures.length, 1);
      assertSameSession(rig);
    }
  });

  for (const rate of [1, 0])
    it(`and still delivers none is opened less and less often, and then every 30 s: ${rate} per second`, async () => {
      const rig = await liveWith({});
      await rig.clock.advance(5_000);
      const repair = breakCamera(rig, rate);
      await rig.clock.advance(300_000);
      const { length } = rig.devices.captures;
      assert.ok(length >= 10 && length <= 13, `${length} captures`);
      assert.deepEqual(told(rig), [['silent', 'Front camera']], 'and not called live between');
      repair();
      await rig.clock.advance(60_000);
      assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
      assert.ok(rig.devices.captures.length <= length + 2, 'and once it delivers, no more');
      assert.deepEqual(told(rig).slice(1), [['live', 'Front camera']]);
      assertSameSession(rig);
    });

  it('and is told of at once again, once it was called live though nobody counted its frames', async () => {
    const rig = await stoppedWhileSilent();
    await rig.clock.advance(60_000);
    rig.events.length = 0;
    rig.devices.unplug('Front camera');
    await rig.clock.advance(100);
    assert.deepEqual(told(rig), [['substituted', 'Back camera']]);
  });

  it('and still delivers none is not called live, also if it was muted meanwhile', async () => {
    const rig = await liveWith({});
    await rig.clock.advance(5_000);
    breakCamera(rig, 0);
    for (let second = 0; second < 60; second++) {
      await rig.clock.advance(4_500);
      void rig.user.muteDevice({ kind: 'videoinput', mute: true });
      await rig.clock.advance(1_500);
      void rig.user.muteDevice({ kind: 'videoinput', mute: false });
      await rig.clock.advance(7_000);
    }
    assert.deepEqual(told(rig), [['silent', 'Front camera']]);
  });

  it('and is opened again when nobody counts its frames any more is called live', async () => {
    const rig = await stoppedWhileSilent();
    await rig.clock.advance(20_000);
    assert.deepEqual(told(rig), [
      ['silent', 'Front camera'],
      ['live', 'Front camera'],
    ]);
  });

  it('is not taken for one while it is slow, switched off or muted, after sleep, or where it is a screen', async () => {
    const rig = await liveWith({});
    const [camera] = rig.devices.liveTracks('Front camera');
    Object.assign(camera ?? {}, { rate: 2 });
    await rig.clock.advance(60_000);
    void rig.user.muteDevice({ kind: 'videoinput', mute: true });
    Object.assign(camera ?? {}, { rate: 0 });
    await rig.clock.advance(60_000);
    Object.assign(camera ?? {}, { rate: 30 });
    void rig.user.muteDevice({ kind: 'videoinput', mute: false });
    rig.clock.sleep(3_600_000);
    await rig.clock.advance(60_000);
    const screen = await liveWith(SCREEN);
    for (const track of screen.devices.liveTracks('Screen')) track.rate = 0;
    await screen.clock.advance(60_000);
    assert.deepEqual([...told(rig), ...told(screen)], []);
  });
});

describe('a screen that is not shared any more', () => {
  it('gives way to the camera of before', async () => {
    const rig = await liveWith({ videoDeviceConfig: { device: 1 } }, SCREEN);
    assert.deepEqual(sent(rig), ['Microphone', 'Screen']);
    rig.devices.liveTracks('Screen')[0]?.end();
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    assert.deepEqual(told(rig), [['substituted', 'Back camera']]);
    assert.match(rig.last('CaptureStatus').data.message, /instead of the screen/);
    assertSameSession(rig);
  });

  it('leaves a placeholder where there was no camera, and nobody is asked for another screen', async () => {
    const rig = await liveWith(SCREEN);
    rig.devices.liveTracks('Screen')[0]?.end();
    await rig.clock.advance(60_000);
    rig.devices.dispatchEvent(new Event('devicechange'));
    rig.comeToForeground();
    await rig.clock.advance(1_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Placeholder']);
    assert.deepEqual(told(rig), [['missing', 'Screen']]);
    assert.equal(rig.devices.captures.length, 0);
    assertSameSession(rig);
  });

  for (const choose of ['startPreview', 'setAudioDevice'] as const) {
    it(`stays so if ${choose} changes only the microphone, and is shared again if it is chosen again`, async () => {
      const rig = await liveWith(SCREEN);
      rig.devices.plug(device('audioinput', 'Headset'));
      rig.devices.liveTracks('Screen')[0]?.end();
      await rig.clock.advance(1_000);
      const audioDeviceConfig = { device: 'Headset' };
      if (choose === 'startPreview') void rig.user.startPreview({ ...SCREEN, audioDeviceConfig });
      else rig.user.setAudioDevice(audioDeviceConfig);
      await rig.clock.advance(1_000);
      assert.deepEqual(sent(rig), ['Headset', 'Placeholder']);
      assert.deepEqual(told(rig), [['missing', 'Screen']]);
      void rig.user.startPreview({ ...SCREEN, audioDeviceConfig });
      await rig.clock.advance(1_000);
      assert.deepEqual(sent(rig), ['Headset', 'Screen']);
      assertSameSession(rig);
    });
  }

  it('is shared as long as nothing moves on it', async () => {
    const rig = await liveWith(SCREEN);
    rig.devices.liveTracks('Screen')[0]?.setMuted(true);
    await rig.clock.advance(60_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Screen']);
    assert.deepEqual(told(rig), []);
  });
});

describe("a track of the page's own stream that ends", () => {
  it('is told of, has something in its place, and is neither stopped nor opened again', async () => {
    const rig = new TestRig({ reconnect: {} });
    const stream = await rig.goLive();
    const [video] = stream.getVideoTracks();
    video?.end();
    await rig.clock.advance(60_000);
    assert.deepEqual(told(rig), [['missing', 'video']]);
    assert.deepEqual(sent(rig), ['audio', 'Placeholder']);
    stream.getAudioTracks()[0]?.end();
    await rig.clock.advance(2_000);
    assert.deepEqual(sent(rig), ['Mix', 'Placeholder']);
    assert.deepEqual(told(rig).at(-1), ['missing', 'audio']);
    const fresh = new FakeTrack('video', 'new');
    stream.removeTrack(video as FakeTrack);
    stream.addTrack(fresh);
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(sent(rig), ['Mix', 'new']);
    assert.deepEqual(told(rig).at(-1), ['live', 'new']);
    void rig.user.stopPreview();
    assert.equal(fresh.readyState, 'live');
  });

  it('before it was given is told of too, and a stream of such tracks alone is refused', async () => {
    const rig = new TestRig();
    const stream = streamOf('audio', 'video');
    stream.getVideoTracks()[0]?.end();
    void rig.signIn();
    void rig.user.setMediaStream({ stream: stream as unknown as MediaStream });
    await rig.clock.advance(2_000);
    assert.deepEqual(told(rig), [['missing', 'video']]);
    stream.getAudioTracks()[0]?.end();
    void rig.user.setMediaStream({ stream: stream as unknown as MediaStream });
    await rig.clock.advance(0);
    assert.equal(rig.outline().at(-1), 'StartPreviewError 6001');
  });

  it('or is taken away by the system has something in its place where it is a device, and nothing where it is not', async () => {
    for (const [settings, label] of [
      [{ deviceId: 'id', groupId: 'group' }, 'Placeholder'],
      [{ deviceId: 'id', groupId: 'group', displaySurface: 'monitor' }, 'given'],
      [{}, 'given'],
    ] as const) {
      const rig = new TestRig();
      const video = new FakeTrack('video', 'given', settings);
      void rig.signIn();
      void rig.user.setMediaStream({ stream: new FakeStream([video]) as unknown as MediaStream });
      void rig.user.startBroadcast();
      await rig.untilStatus('broadcasting');
      video.setMuted(true);
      await rig.clock.advance(2_000);
      assert.deepEqual(sent(rig), [label]);
      video.setMuted(false);
      await rig.clock.advance(0);
      assert.deepEqual(sent(rig), ['given']);
      assert.deepEqual(
        told(rig).map(([state]) => state),
        label === 'given' ? [] : ['paused', 'live'],
      );
      assert.equal(video.contentHint, '');
    }
  });

  it('is nothing to a user that captures devices meanwhile', async () => {
    const rig = new TestRig();
    const stream = await rig.goLive();
    void rig.user.startPreview();
    await rig.clock.advance(0);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.deepEqual(
      stream.getTracks().map(({ readyState, listenerCount }) => [readyState, listenerCount]),
      [
        ['live', 0],
        ['live', 0],
      ],
    );
    stream.getVideoTracks()[0]?.end();
    await rig.clock.advance(2_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
  });

  it('leaves the rest of the stream alone', async () => {
    const rig = new TestRig();
    const stream = await rig.goLive();
    stream.getVideoTracks()[0]?.end();
    await rig.clock.advance(2_000);
    assert.equal(stream.getAudioTracks()[0]?.readyState, 'live');
    assert.equal(rig.devices.captures.length, 0);
  });

  it('is nothing to a user that has let go of it', async () => {
    const rig = new TestRig();
    const stream = await rig.goLive();
    void rig.user.setMediaStream({ stream: streamOf('audio', 'video') as unknown as MediaStream });
    await rig.clock.advance(0);
    stream.getVideoTracks()[0]?.end();
    await rig.clock.advance(1_000);
    assert.deepEqual(told(rig), []);
    assert.ok(stream.getTracks().every(({ listenerCount }) => listenerCount === 0));
  });
});

describe('what opened otherwise than it was wished for', () => {
  const different = async (size: object) => {
    const rig = new TestRig();
    void rig.user.startPreview({ videoDeviceConfig: size });
    await rig.clock.advance(0);
    return rig.all('CaptureStatus').map(({ data }) => data.message);
  };

  it('is told, with both sizes', async () => {
    const message = 'Front camera opened with 640 × 480 at 30 frames per second, not with';
    assert.deepEqual(await different({ width: 1280, height: 720 }), [`${message} 1280 × 720.`]);
    assert.deepEqual(await different({ framerate: 60 }), [`${message} 60 frames per second.`]);
  });

  it('is not told where it is the same, upright, or close to it', async () => {
    for (const size of [
      {},
      { width: 640 },
      { width: 480, height: 640 },
      { framerate: 31 },
      { width: 640, framerate: 0 },
    ]) {
      assert.deepEqual(await different(size), []);
    }
  });

  it('is over once what is chosen fits', async () => {
    const rig = new TestRig();
    void rig.user.startPreview({ videoDeviceConfig: { width: 1280, height: 720 } });
    await rig.clock.advance(0);
    void rig.user.startPreview({ videoDeviceConfig: { width: 640, height: 480 } });
    await rig.clock.advance(0);
    assert.deepEqual(told(rig), [
      ['different', 'Front camera'],
      ['live', 'Front camera'],
    ]);
  });

  it('is over once the camera was opened again as it was wished for, and told again once it was not', async () => {
    const rig = await liveWith({ videoDeviceConfig: { width: 1280, height: 720 } });
    const reopen = async (width: number, height: number) => {
      rig.devices.unplug('Front camera');
      await rig.clock.advance(100);
      rig.devices.cameraFormat = { width, height, frameRate: 30 };
      rig.devices.plug(FRONT);
      await rig.clock.advance(100);
    };
    await reopen(1280, 720);
    await reopen(1280, 720);
    await reopen(640, 360);
    assert.deepEqual(told(rig), [
      ['substituted', 'Back camera'],
      ['live', 'Front camera'],
      ['substituted', 'Back camera'],
      ['live', 'Front camera'],
      ['substituted', 'Back camera'],
      ['different', 'Front camera'],
    ]);
    assert.match(rig.last('CaptureStatus').data.message, /opened with 640 × 360 .+, not with 1280 × 720\.$/);
  });

  it('is told of a camera that could be opened only later', async () => {
    const rig = new TestRig();
    rig.devices.failures.set('Front camera', new DOMException('busy', 'NotReadableError'));
    rig.devices.failures.set('Back camera', new DOMException('busy', 'NotReadableError'));
    void rig.user.startPreview({ videoDeviceConfig: { width: 1280, height: 720 } });
    await rig.clock.advance(0);
    rig.devices.failures.clear();
    await rig.clock.advance(5_000);
    assert.deepEqual(told(rig), [
      ['missing', ''],
      ['different', 'Front camera'],
    ]);
  });

  it('is not told where a browser does not say how it opened, and without a name where there is none', async () => {
    const messages = async (settings: MediaTrackSettings, size: object) => {
      const rig = new TestRig();
      const stream = new FakeStream([new FakeTrack('video', '', settings)]) as unknown as MediaStream;
      void rig.user.setMediaStream({ stream, ...size });
      await rig.clock.advance(0);
      return rig.all('CaptureStatus').map(({ data }) => data.message);
    };
    const size = { width: 1280, height: 720, framerate: 30 };
    for (const settings of [{}, { width: 0, height: 0, frameRate: 0 }, { width: 1280, height: 0 }]) {
      assert.deepEqual(await messages(settings, size), []);
    }
    assert.deepEqual(await messages({ width: 640, height: 360, frameRate: 0 }, size), [
      'The video opened with 640 × 360, not with 1280 × 720 at 30 frames per second.',
    ]);
  });

  it("is told of a page's own stream too", async () => {
    const rig = new TestRig();
    const track = new FakeTrack('video', 'Canvas', { width: 640, height: 360 });
    const stream = new FakeStream([track]) as unknown as MediaStream;
    void rig.user.setMediaStream({ stream, width: 1280 });
    await rig.clock.advance(0);
    assert.deepEqual(told(rig), [['different', 'Canvas']]);
  });

  it('with a wrong number is an error of v5 and opens nothing', async () => {
    for (const [size, code] of [
      [{ width: 200 }, 1002],
      [{ height: 3000 }, 1002],
      [{ framerate: 61 }, 1002],
      [{ framerate: Number.NaN }, 1002],
      [{ width: '640' }, 1001],
    ] as const) {
      const rig = new TestRig();
      void rig.user.startPreview({ videoDeviceConfig: size as object });
      void rig.user.setMediaStream({ stream: streamOf('video') as unknown as MediaStream, ...(size as object) });
      await rig.clock.advance(0);
      assert.deepEqual(rig.outline(), [`StartPreviewError ${code}`, `StartPreviewError ${code}`]);
      assert.equal(rig.devices.captures.length, 0);
    }
  });
});

describe('the next device', () => {
  const listed = fc
    .uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 5 })
    .map((numbers) => numbers.map((number, index) => known(number, index)));
  const known = (number: number, index = 0): ListedDevice => ({
    id: `camera ${number}`,
    deviceId: `id ${number}`,
    index,
  });
  const anyDevice = fc.integer({ min: 0, max: 5 }).map((number) => known(number));
  const situation = fc.record({
    devices: listed,
    preferred: anyDevice,
    current: fc.option(anyDevice),
    refused: fc.subarray([0, 1, 2, 3, 4, 5].map((number) => `id ${number}`)).map((ids) => new Set(ids)),
  });

  it('is there, was not refused, is not the one in use, and is the preferred one wherever that can be had', () => {
    fc.assert(
      fc.property(situation, (one) => {
        const { devices, preferred, current, refused } = one;
        const next = nextDevice(one);
        const can = devices.filter(({ deviceId }) => !refused.has(deviceId));
        const canBePreferred = can.some(({ deviceId }) => deviceId === preferred.deviceId);
        if (next) {
          assert.ok(can.includes(next));
          assert.notEqual(next.deviceId, current?.deviceId);
        }
        if (canBePreferred) assert.equal((next ?? current)?.deviceId, preferred.deviceId);
        else if (current) assert.equal(next, null);
        else assert.equal(next === null, can.length === 0);
      }),
      { numRuns: runs(1_000, 10_000) },
    );
  });

  it('is known again by its name in another socket, and by its id under another name', () => {
    const devices = [known(0), known(1, 1)];
    assert.equal(findAgain(devices, { id: 'camera 1', deviceId: 'another' }), devices[1]);
    assert.equal(findAgain(devices, { id: 'Default - camera 7', deviceId: 'id 0' }), devices[0]);
    assert.equal(findAgain(devices, { id: 'camera 7', deviceId: 'id 7' }), undefined);
  });

  it('is not looked for as long as the browser keeps names and ids from the page', () => {
    const unnamed = [{ id: '', deviceId: '', index: 0 }];
    assert.equal(isGone(unnamed, known(1)), false);
    assert.equal(isGone([known(0)], known(1)), true);
    assert.equal(isGone([known(0)], { id: 'camera', deviceId: '' }), false);
  });
});
