import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PreviewConfig } from '../../../src/core/api/preview-config.js';
import { device, type Kind } from '../support/fake-media.js';
import { codeOf, TestRig } from '../support/test-rig.js';

const SCREEN: PreviewConfig = { videoDeviceConfig: { source: 'screen' } };
const CHROMIUM_ID = 'a1'.repeat(32);
const FIREFOX_ID = `${'aB3+'.repeat(10)}aB/=`;

const sent = (rig: TestRig) => rig.peer.getSenders().map(({ track }) => track?.label);
const told = (rig: TestRig) => rig.all('CaptureStatus').map(({ data }) => `${data.kind} ${data.state} ${data.device}`);
const live = ({ devices }: TestRig) =>
  devices.tracks.filter(({ readyState }) => readyState === 'live').map(({ label }) => label);
const labels = (stream: MediaStream) => stream.getTracks().map(({ label }) => label);

function without(kind: Kind, rig = new TestRig({ reconnect: {} })): TestRig {
  rig.devices.devices = rig.devices.devices.filter((info) => info.kind !== `${kind}input`);
  return rig;
}

/** Starts with what can be opened, and waits until that is live. */
async function goLive(rig: TestRig, config: PreviewConfig = {}): Promise<TestRig> {
  void rig.signIn();
  void rig.user.startPreview(config);
  void rig.user.startBroadcast();
  await rig.untilStatus('broadcasting');
  return rig;
}

function assertSameSession(rig: TestRig): void {
  assert.equal(rig.server.of('POST').length, 1);
  assert.ok(!rig.outline().includes('reconnecting_broadcast'), 'nothing is reconnected');
}

describe('a permission of which the browser reports nothing', () => {
  it('C5: that is revoked is asked for again when the person returns to the page, once', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }, { queryPermission: () => Promise.resolve(undefined) }));
    rig.devices.failure = new DOMException('no', 'NotAllowedError');
    for (const track of rig.devices.tracks) track.end();
    await rig.clock.advance(120_000);
    assert.deepEqual(sent(rig), ['Mix', 'Placeholder']);
    assert.equal(rig.devices.captures.length, 3, 'nobody is asked again and again');
    rig.comeToForeground();
    await rig.clock.advance(120_000);
    assert.equal(rig.devices.captures.length, 5);
    rig.devices.failure = null;
    rig.comeToForeground();
    await rig.clock.advance(1_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assertSameSession(rig);
  });

  it('C5: that the browser reports as refused is not asked for by returning to the page', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    rig.devices.failure = new DOMException('no', 'NotAllowedError');
    for (const permission of Object.values(rig.permissions)) permission.become('denied');
    for (const track of rig.devices.tracks) track.end();
    await rig.clock.advance(5_000);
    const before = rig.devices.captures.length;
    rig.comeToForeground();
    await rig.clock.advance(60_000);
    assert.equal(rig.devices.captures.length, before);
  });
});

describe('a kind of device that is missing at the start', () => {
  for (const [kind, other, placeholder, plugged] of [
    ['video', 'Microphone', 'Placeholder', device('videoinput', 'Webcam')],
    ['audio', 'Front camera', 'Mix', device('audioinput', 'Headset')],
  ] as const) {
    const inOrder = (one: string) => (kind === 'audio' ? [one, other] : [other, one]);

    it(`C1: is replaced by a placeholder while the other one is live, and used once it is plugged in: ${kind}`, async () => {
      const rig = await goLive(without(kind));
      assert.deepEqual(sent(rig), inOrder(placeholder));
      assert.deepEqual(told(rig), [`${kind}input missing `]);
      assert.equal(rig.outline().includes('StartPreviewError 6005'), false);
      rig.devices.plug(plugged);
      await rig.clock.advance(100);
      assert.deepEqual(sent(rig), inOrder(plugged.label));
      assert.deepEqual(told(rig).slice(1), [`${kind}input live ${plugged.label}`]);
      assertSameSession(rig);
    });

    it(`C1: is found within 30 s if the browser does not report that it was plugged in: ${kind}`, async () => {
      const rig = await goLive(without(kind));
      await rig.clock.advance(120_000);
      rig.devices.devices.push(plugged);
      await rig.clock.advance(30_500);
      assert.deepEqual(sent(rig), inOrder(plugged.label));
      assert.equal(rig.devices.captures.length, 4, 'nothing is opened while nothing is there');
    });

    for (const name of ['NotReadableError', 'AbortError', 'OverconstrainedError', 'SomethingNewError']) {
      it(`C1: is no reason to fail either if it cannot be opened: ${kind}, ${name}`, async () => {
        const rig = new TestRig({ reconnect: {} });
        const broken = rig.devices.devices.filter((info) => info.kind === `${kind}input`);
        for (const { label } of broken) rig.devices.failures.set(label, new DOMException('no', name));
        await goLive(rig);
        assert.deepEqual(sent(rig), inOrder(placeholder));
        rig.devices.failures.clear();
        await rig.clock.advance(31_000);
        assert.equal(sent(rig).includes(placeholder), false, 'C4: and it is tried again');
        assertSameSession(rig);
      });
    }

    it(`C1: fails the start if the page chose it by id, label or index: ${kind}`, async () => {
      for (const choice of [CHROMIUM_ID, FIREFOX_ID, 'Webcam', 0, '3']) {
        const rig = without(kind);
        const outcome = rig.user.startPreview({ [`${kind}DeviceConfig`]: { device: choice } });
        await rig.clock.advance(0);
        assert.ok([6004, 6005].includes((await codeOf(outcome)) ?? 0));
        assert.deepEqual([live(rig), told(rig)], [[], []]);
      }
    });
  }

  it('C1: fails the start if both are missing, or if it is the only one that is wanted', async () => {
    const neither = without('audio', without('video'));
    const onlyVideo = without('video');
    const outcomes = [
      neither.user.startPreview(),
      onlyVideo.user.startPreview({ audioDeviceConfig: { device: false } }),
    ];
    for (const rig of [neither, onlyVideo]) await rig.clock.advance(0);
    for (const outcome of outcomes) assert.equal(await codeOf(outcome), 6005);
    for (const rig of [neither, onlyVideo]) {
      assert.deepEqual(told(rig), []);
      assert.equal(rig.clock.pending, 0);
    }
  });

  it('C1: is blocked while the other one is allowed: nobody is asked twice', async () => {
    const rig = new TestRig();
    rig.permissions.microphone.become('granted');
    rig.permissions.camera.become('denied');
    rig.devices.failures.set('Front camera', new DOMException('Permission denied', 'NotAllowedError'));
    void rig.user.startPreview();
    await rig.clock.advance(0);
    assert.deepEqual(live(rig), ['Microphone']);
    assert.deepEqual(told(rig), ['videoinput blocked ']);
    assert.deepEqual(
      rig.devices.captures.map(({ video, audio }) => [Boolean(video), Boolean(audio)]),
      [
        [true, true],
        [false, true],
      ],
    );
    await rig.clock.advance(300_000);
    assert.equal(rig.devices.captures.length, 2);
  });

  it('C1: leaves nothing open when the preview is stopped while it is missing', async () => {
    const rig = await goLive(without('video'));
    void rig.user.stopBroadcast();
    void rig.user.stopPreview();
    await rig.clock.advance(5_000);
    rig.devices.plug(device('videoinput', 'Webcam'));
    await rig.clock.advance(60_000);
    assert.deepEqual([live(rig), rig.devices.listenerCount, rig.permissions.camera.listenerCount], [[], 0, 0]);
    assert.equal(rig.clock.pending, 0);
  });

  it('C1: is found again if it is unplugged at any moment while it is being opened', async () => {
    for (const kind of ['video', 'audio'] as const) {
      for (let microtasks = 0; microtasks < 60; microtasks += 3) {
        const rig = new TestRig({ reconnect: {} });
        const there = [...rig.devices.devices];
        void rig.signIn();
        void rig.user.startPreview();
        void rig.user.startBroadcast();
        for (let passed = 0; passed < microtasks; passed++) await null;
        for (const info of there) if (info.kind === `${kind}input`) rig.devices.unplug(info.label);
        await rig.clock.advance(5_000);
        rig.devices.devices = there;
        await rig.clock.advance(35_000);
        assert.deepEqual(sent(rig), ['Microphone', 'Front camera'], `${kind}, ${microtasks} microtasks`);
      }
    }
  });

  it('C1: is still no reason to fail when the same devices are chosen again beside the open camera', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.devices.failures.set('Microphone', new DOMException('busy', 'NotReadableError'));
    await goLive(rig);
    assert.equal(await codeOf(rig.user.startPreview()), undefined);
    await rig.clock.advance(0);
    assert.deepEqual(sent(rig), ['Mix', 'Front camera']);
    assert.deepEqual(live(rig).filter((label) => label === 'Front camera').length, 1);
    rig.devices.failures.clear();
    await rig.clock.advance(30_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
  });

  it('C1: does not give up a camera in use for one that cannot be opened', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    rig.devices.failures.set('Front camera', new DOMException('busy', 'AbortError'));
    const outcome = rig.user.startPreview({ videoDeviceConfig: { width: 1280 } });
    await rig.clock.advance(0);
    assert.equal(await codeOf(outcome), 6005);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
  });
});

describe('a microphone that delivers nothing', () => {
  it('C3: is reopened and told if no samples come for 5 s, though it is live and unmuted', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    await rig.clock.advance(60_000);
    assert.deepEqual(told(rig), []);
    const [microphone] = rig.devices.liveTracks('Microphone');
    Object.assign(microphone ?? {}, { hasSamples: false });
    assert.equal(await rig.clock.advanceUntil(() => sent(rig)[0] === 'Mix', 6_000), true);
    assert.deepEqual(told(rig), ['audioinput silent Microphone']);
    await rig.clock.advance(2_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.notEqual(rig.devices.liveTracks('Microphone')[0], microphone);
    assert.deepEqual(told(rig).slice(1), ['audioinput live Microphone']);
    assertSameSession(rig);
  });

  it('C3: is told, and not reopened, if it delivers exact zeros for a minute', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    const [microphone] = rig.devices.liveTracks('Microphone');
    Object.assign(microphone ?? {}, { energy: 0 });
    await rig.clock.advance(55_000);
    assert.deepEqual(told(rig), []);
    await rig.clock.advance(6_000);
    assert.deepEqual(told(rig), ['audioinput silent Microphone']);
    Object.assign(microphone ?? {}, { energy: 1e-9 });
    await rig.clock.advance(1_000);
    assert.deepEqual(told(rig).slice(1), ['audioinput live Microphone']);
    assert.equal(rig.devices.captures.length, 1);
  });

  it('C3: is still told to be silent after the system has paused it', async () => {
    for (const milliseconds of [100, 5_000]) {
      const rig = await goLive(new TestRig({ reconnect: {} }));
      const [microphone] = rig.devices.liveTracks('Microphone');
      Object.assign(microphone ?? {}, { energy: 0 });
      await rig.clock.advance(70_000);
      assert.deepEqual(told(rig), ['audioinput silent Microphone']);
      microphone?.setMuted(true);
      await rig.clock.advance(milliseconds);
      microphone?.setMuted(false);
      await rig.clock.advance(1_000);
      assert.ok(!told(rig).includes('audioinput live Microphone'), told(rig).join());
      assert.equal(told(rig).at(-1), 'audioinput silent Microphone');
      Object.assign(microphone ?? {}, { energy: 1 });
      await rig.clock.advance(5_000);
      assert.equal(told(rig).at(-1), 'audioinput live Microphone');
    }
  });

  it('C3: is not judged while it is muted by page or system, after sleep, or without such statistics', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    const [microphone] = rig.devices.liveTracks('Microphone');
    void rig.user.muteDevice({ kind: 'audioinput', mute: true });
    Object.assign(microphone ?? {}, { hasSamples: false });
    await rig.clock.advance(120_000);
    Object.assign(microphone ?? {}, { hasSamples: true });
    void rig.user.muteDevice({ kind: 'audioinput', mute: false });
    rig.clock.sleep(3_600_000);
    await rig.clock.advance(60_000);
    const firefox = new TestRig({ reconnect: {} });
    await goLive(firefox);
    const [track] = firefox.devices.liveTracks('Microphone');
    if (track) track.statsAt = () => ({ frames: 0 });
    await firefox.clock.advance(120_000);
    assert.deepEqual([...told(rig), ...told(firefox)], []);
  });
});

describe('a permission', () => {
  for (const [kind, name, label] of [
    ['video', 'camera', 'Front camera'],
    ['audio', 'microphone', 'Microphone'],
  ] as const) {
    it(`C5: that is revoked and granted again brings the ${name} back at the grant`, async () => {
      const rig = await goLive(new TestRig({ reconnect: {} }));
      const permission = rig.permissions[name];
      for (const { label: one, kind: of } of rig.devices.devices)
        if (of === `${kind}input`) rig.devices.failures.set(one, new DOMException('denied', 'NotAllowedError'));
      permission.become('denied');
      rig.devices.liveTracks(label)[0]?.end();
      await rig.clock.advance(120_000);
      assert.deepEqual(told(rig), [`${kind}input blocked ${label}`]);
      const { length } = rig.devices.captures;
      permission.become('prompt');
      await rig.clock.advance(60_000);
      assert.equal(rig.devices.captures.length, length, 'nobody is asked');
      rig.devices.failures.clear();
      permission.become('granted');
      await rig.clock.advance(100);
      assert.ok(sent(rig).includes(label));
      assertSameSession(rig);
    });
  }

  it('C5: that the system withholds though the page has it is tried again every 30 s', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    rig.permissions.camera.become('granted');
    rig.devices.failure = new DOMException('Permission denied by system', 'NotAllowedError');
    rig.devices.liveTracks('Front camera')[0]?.end();
    await rig.clock.advance(60_000);
    rig.devices.failure = null;
    await rig.clock.advance(30_500);
    assert.ok(sent(rig).includes('Front camera'));
  });

  it('C10: that the system denies is explained by its privacy settings, for the device that was asked for', async () => {
    for (const [config, what] of [
      [{}, 'camera and microphone'],
      [{ audioDeviceConfig: { device: false } }, 'camera'],
      [{ videoDeviceConfig: { device: false } }, 'microphone'],
    ] as const) {
      const rig = new TestRig();
      rig.devices.failure = new DOMException('Permission denied by system', 'NotAllowedError');
      void rig.user.startPreview(config);
      await rig.clock.advance(0);
      const { message } = rig.last('StartPreviewError').error;
      assert.equal(
        message,
        `Your system blocks the ${what} for this browser: open its privacy settings. (NotAllowedError)`,
      );
    }
    const rig = new TestRig();
    rig.devices.failure = new DOMException('Permission denied by system', 'NotAllowedError');
    void rig.user.startPreview(SCREEN);
    await rig.clock.advance(0);
    assert.match(rig.last('StartPreviewError').error.message, /record the screen: open its privacy settings/);
  });
});

describe('a device that the system has paused', () => {
  it('is opened again after 30 s if no event resumes it, whatever other events come', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    const [microphone] = rig.devices.liveTracks('Microphone');
    microphone?.setMuted(true);
    await rig.clock.advance(10_000);
    rig.permissions.microphone.become('granted');
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(29_000);
    assert.equal(rig.devices.captures.length, 1, 'not soon: the system has a reason');
    await rig.clock.advance(2_000);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.equal(microphone?.readyState, 'ended');
    assert.deepEqual(told(rig), ['audioinput paused Microphone', 'audioinput live Microphone']);
  });

  it('and is still paused when it was opened again does not count as back meanwhile', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    rig.devices.liveTracks('Microphone')[0]?.setMuted(true);
    const { getUserMedia } = rig.devices;
    rig.devices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia.call(rig.devices, constraints);
      for (const track of rig.devices.liveTracks('Microphone')) track.muted = true;
      return stream;
    };
    const seen = new Set<string | undefined>();
    await rig.clock.advance(1_500);
    for (let second = 0; second < 180; second++) {
      seen.add(sent(rig)[0]);
      await rig.clock.advance(500);
    }
    assert.deepEqual([[...seen], told(rig)], [['Mix'], ['audioinput paused Microphone']]);
    assert.ok(rig.devices.captures.length > 2, 'it is tried');
    rig.devices.liveTracks('Microphone')[0]?.setMuted(false);
    await rig.clock.advance(0);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.equal(told(rig).at(-1), 'audioinput live Microphone');
  });
});

describe('the screen', () => {
  it('C6: is asked for with its audio and all options of the picker, and the person stays with the page', async () => {
    const rig = new TestRig();
    void rig.user.startPreview(SCREEN);
    await rig.clock.advance(0);
    const [{ controller, ...options } = {}] = rig.devices.captures as (MediaStreamConstraints & {
      controller: object;
    })[];
    assert.deepEqual(options, {
      video: {},
      audio: true,
      systemAudio: 'include',
      windowAudio: 'window',
      surfaceSwitching: 'include',
      selfBrowserSurface: 'exclude',
    });
    assert.ok(controller);
    assert.equal(rig.focusKept, 1);
    assert.deepEqual(live(rig).sort(), ['Microphone', 'Screen']);
    assert.deepEqual(told(rig), [], 'C6: no audio track is no error');
  });

  it('C6: is asked for without a controller if the browser has none', async () => {
    const rig = new TestRig({}, { createCaptureController: () => undefined });
    void rig.user.startPreview(SCREEN);
    await rig.clock.advance(0);
    assert.equal('controller' in (rig.devices.captures[0] ?? {}), false);
  });

  it('C6: has its audio mixed with the microphone, and one mute silences both', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.devices.sharesAudio = true;
    await goLive(rig, SCREEN);
    assert.deepEqual(sent(rig), ['Mix', 'Screen']);
    const mixed = () => [...(rig.contexts.at(-1)?.mixed ?? [])].map(({ label }) => label).sort();
    assert.deepEqual(mixed(), ['Microphone', 'Screen audio']);
    void rig.user.muteDevice({ kind: 'audioinput', mute: true });
    assert.equal(rig.peer.getSenders()[0]?.track?.enabled, false);
    void rig.user.muteDevice({ kind: 'audioinput', mute: false });
    rig.devices.liveTracks('Screen audio')[0]?.end();
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Screen']);
    assertSameSession(rig);
  });

  it('C6: has its audio sent alone if no microphone is chosen, and silence once it has ended', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.devices.sharesAudio = true;
    await goLive(rig, { ...SCREEN, audioDeviceConfig: { device: false } });
    assert.deepEqual(sent(rig).sort(), ['Mix', 'Screen']);
    for (const label of ['Screen', 'Screen audio']) rig.devices.liveTracks(label)[0]?.end();
    await rig.clock.advance(2_000);
    assert.deepEqual(sent(rig).sort(), ['Mix', 'Placeholder']);
    assert.equal(rig.contexts.at(-1)?.mixed.size, 0);
    assertSameSession(rig);
  });

  it('C6: is switched to and back while live, in the same session, with the microphone as it is (issue 15.3)', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    const [microphone] = rig.devices.liveTracks('Microphone');
    rig.devices.sharesAudio = true;
    void rig.user.startPreview(SCREEN);
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Mix', 'Screen']);
    assert.deepEqual(live(rig), ['Microphone', 'Screen', 'Screen audio']);
    void rig.user.startPreview({});
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    assert.deepEqual(live(rig), ['Microphone', 'Front camera']);
    assert.equal(rig.devices.liveTracks('Microphone')[0], microphone);
    assert.equal(rig.contexts.at(-1)?.state, 'closed');
    void rig.user.startPreview(SCREEN);
    await rig.clock.advance(100);
    for (const label of ['Screen', 'Screen audio']) rig.devices.liveTracks(label)[0]?.end();
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera'], 'the bar of the browser ends it');
    assert.deepEqual(told(rig), ['videoinput substituted Front camera']);
    assertSameSession(rig);
  });

  it('C6: keeps its audio through another microphone, a recovery, and audio that the page injects', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.devices.sharesAudio = true;
    await goLive(rig, SCREEN);
    rig.devices.plug(device('audioinput', 'Headset'));
    void rig.user.startPreview({ ...SCREEN, audioDeviceConfig: { device: 'Headset' } });
    await rig.clock.advance(100);
    rig.losePath();
    await rig.untilStatus('broadcasting');
    const mixed = () => [...(rig.contexts.at(-1)?.mixed ?? [])].map(({ label }) => label).sort();
    assert.deepEqual(mixed(), ['Headset', 'Screen audio']);
    assert.equal(rig.devices.liveTracks('Screen').length, 1);
    const stream = rig.giveStream('audio');
    await rig.clock.advance(100);
    assert.deepEqual([live(rig), sent(rig)], [[], ['audio', undefined]], 'a custom stream ends it all');
    assert.equal(stream.getTracks()[0]?.readyState, 'live');
  });

  it('C9: that ends while the prompt for the microphone is open is noticed, and the camera goes on', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    rig.devices.plug(device('audioinput', 'Headset'));
    const outcome = rig.user.startPreview({ ...SCREEN, audioDeviceConfig: { device: 'Headset' } });
    let answer: () => void = () => undefined;
    while (rig.devices.liveTracks('Screen').length === 0) await null;
    rig.devices.gate = new Promise((resolve) => (answer = resolve));
    await rig.clock.advance(500);
    rig.devices.liveTracks('Screen')[0]?.end();
    await rig.clock.advance(0);
    assert.equal(await codeOf(outcome), 6008);
    assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
    answer();
    rig.devices.gate = Promise.resolve();
    await rig.clock.advance(100);
    assert.deepEqual(live(rig), ['Microphone', 'Front camera'], 'and what comes late is closed');
    rig.devices.unplug('Front camera');
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Microphone', 'Back camera']);
    assertSameSession(rig);
  });
});

describe('a choice of devices', () => {
  it('C7: of another camera opens only the camera, of another microphone only the microphone', async () => {
    const rig = await goLive(new TestRig({ reconnect: {} }));
    const [microphone] = rig.devices.liveTracks('Microphone');
    const opened = async (config: PreviewConfig) => {
      rig.devices.captures.length = 0;
      void rig.user.startPreview(config);
      await rig.clock.advance(0);
      return rig.devices.captures.map(({ video, audio }) => [Boolean(video), Boolean(audio)]);
    };
    assert.deepEqual(await opened({ videoDeviceConfig: { device: 1 } }), [[true, false]]);
    assert.equal(rig.devices.liveTracks('Microphone')[0], microphone);
    const [camera] = rig.devices.liveTracks('Back camera');
    rig.devices.plug(device('audioinput', 'Headset'));
    const both = { videoDeviceConfig: { device: 1 }, audioDeviceConfig: { device: 'Headset' } };
    assert.deepEqual(await opened(both), [[false, true]]);
    assert.equal(rig.devices.liveTracks('Back camera')[0], camera);
    const filtered = { ...both, audioDeviceConfig: { device: 'Headset', noiseSuppression: false } };
    assert.deepEqual(await opened(filtered), [[false, true]], 'a filter is a change of the microphone');
    assert.deepEqual(sent(rig), ['Headset', 'Back camera']);
  });

  it('C7: leaves a microphone that is missing being looked for', async () => {
    const rig = await goLive(without('audio'));
    void rig.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Mix', 'Back camera']);
    rig.devices.plug(device('audioinput', 'Headset'));
    await rig.clock.advance(100);
    assert.deepEqual(sent(rig), ['Headset', 'Back camera']);
  });

  for (const id of [CHROMIUM_ID, FIREFOX_ID, CHROMIUM_ID.slice(0, 40)]) {
    it(`C8: by an id that is unknown today opens another device and tells so: ${id.length} characters`, async () => {
      const rig = await goLive(new TestRig({ reconnect: {} }), { videoDeviceConfig: { device: id } });
      assert.deepEqual(sent(rig), ['Microphone', 'Front camera']);
      assert.deepEqual(told(rig), ['videoinput substituted Front camera']);
      rig.devices.plug(device('videoinput', 'Studio camera', id));
      await rig.clock.advance(100);
      assert.deepEqual(sent(rig), ['Microphone', 'Studio camera'], 'it is used when it turns up');
      assert.deepEqual(told(rig).slice(1), ['videoinput live Studio camera']);
    });
  }

  it('C8: tries the stored label first, before and after the page may see labels, of both kinds', async () => {
    for (const isAllowed of [true, false]) {
      const rig = new TestRig();
      rig.devices.isAllowed = isAllowed;
      rig.devices.devices.push(device('audioinput', 'Headset'));
      void rig.user.startPreview({
        videoDeviceConfig: { device: CHROMIUM_ID, deviceLabel: 'Back camera' },
        audioDeviceConfig: { device: FIREFOX_ID, deviceLabel: 'Headset' },
      });
      await rig.clock.advance(0);
      assert.deepEqual(labels(rig.last('StartPreviewSuccess').data.stream).sort(), ['Back camera', 'Headset']);
      assert.deepEqual(told(rig), [], 'it is the device that was meant');
    }
  });

  it('C8: stays an error for a label or an index that is not there, which no browser forgets', async () => {
    for (const choice of ['Third camera', 7, 'f00d']) {
      const rig = new TestRig();
      const outcome = rig.user.startPreview({ videoDeviceConfig: { device: choice } });
      await rig.clock.advance(0);
      assert.equal(await codeOf(outcome), 6004);
    }
    const rig = new TestRig();
    const wrong = { device: true, deviceLabel: 7 } as unknown as { device: true };
    assert.equal(await codeOf(rig.user.startPreview({ audioDeviceConfig: wrong })), 1001);
  });
});

describe('the degradation preference', () => {
  it('C12: is maintain-resolution if there is an RTMP output, unless the page says otherwise', async () => {
    for (const [config, expected] of [
      [{ transcodingTargets: { output: 'rtmp://h/app', streamname: 's' } }, 'maintain-resolution'],
      [
        {
          transcodingTargets: { output: 'rtmp://h/app', streamname: 's' },
          encoding: { degradationPreference: 'balanced' },
        },
        'balanced',
      ],
      [{ encoding: { degradationPreference: 'maintain-framerate' } }, 'maintain-framerate'],
      [{ transcodingTargets: { streamname: 's' } }, undefined],
      [{}, undefined],
    ] as const) {
      const rig = new TestRig({ reconnect: {} });
      await rig.goLive({}, config);
      const degradation = () => rig.peer.getSenders()[1]?.degradation;
      assert.equal(degradation(), expected);
      rig.losePath();
      await rig.untilStatus('broadcasting');
      assert.equal(degradation(), expected, 'after a recovery too');
    }
  });
});
