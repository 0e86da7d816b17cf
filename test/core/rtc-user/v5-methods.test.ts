import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RtcUser } from '../../../src/core/rtc-user.js';
import { streamOf } from '../support/fake-media.js';
import { codeOf, ENDPOINT, TestRig } from '../support/test-rig.js';

describe('a deprecated method', () => {
  const CALLS: Record<string, (user: RtcUser) => unknown> = {
    setVideoDevice: (user) => user.setVideoDevice({ device: 1 }),
    setAudioDevice: (user) => user.setAudioDevice({ device: 0 }),
    muteVideo: (user) => user.muteVideo(true),
    muteAudio: (user) => user.muteAudio(true),
    getSelectedVideoDevice: (user) => user.getSelectedVideoDevice(),
    getSelectedAudioDevice: (user) => user.getSelectedAudioDevice(),
    setIceServers: (user) => user.setIceServers([]),
    addScreenCaptureExtension: (user) => user.addScreenCaptureExtension('extension'),
  };
  for (const [name, call] of Object.entries(CALLS)) {
    it(`warns once where it is ${name}, whatever else it does`, async () => {
      const rig = new TestRig({ logLevel: 2 });
      await rig.clock.advance(0);
      for (let calls = 0; calls < 3; calls++) call(rig.user);
      await rig.clock.advance(0);
      assert.equal(rig.logged.filter((part) => String(part).includes(`${name}()`)).length, 1);
      assert.deepEqual(rig.outline(), []);
    });
  }

  it('warns also where nothing was logged at its first call', async () => {
    const rig = new TestRig();
    await rig.clock.advance(0);
    void rig.user.muteVideo(true);
    void rig.user.setConfig({ logLevel: 1 });
    await rig.clock.advance(0);
    void rig.user.muteVideo(true);
    void rig.user.setConfig({ logLevel: 2 });
    await rig.clock.advance(0);
    assert.deepEqual(rig.logged, []);
    for (let calls = 0; calls < 2; calls++) void rig.user.muteVideo(true);
    assert.equal(rig.logged.filter((part) => String(part).includes('muteVideo()')).length, 1);
  });

  it('chooses the devices of the next preview, unless that chooses itself', async () => {
    const rig = new TestRig();
    await rig.user.getDevices();
    rig.user.setVideoDevice({ device: 1, width: 1280 });
    rig.user.setAudioDevice({ device: false });
    await rig.user.startPreview();
    assert.deepEqual(rig.devices.captures, [
      { video: { width: { ideal: 1280 }, deviceId: { exact: 'id of Back camera' } }, audio: false },
    ]);
    await rig.user.startPreview({ videoDeviceConfig: { device: 0 } });
    assert.equal(rig.user.getSelectedVideoDevice()[0]?.label, 'Front camera');
    assert.deepEqual(rig.user.getSelectedAudioDevice(), []);
  });

  it('switches the device of a running preview, and opens none without one', async () => {
    const rig = new TestRig();
    await rig.user.startPreview({ videoDeviceConfig: { device: 0 } });
    rig.user.setVideoDevice({ device: 1 });
    await rig.user.getDevices();
    await rig.clock.advance(0);
    assert.equal(rig.user.getSelectedVideoDevice()[0]?.label, 'Back camera');
    await rig.user.stopPreview();
    const { length } = rig.devices.captures;
    rig.user.setVideoDevice({ device: 0 });
    await rig.clock.advance(0);
    assert.equal(rig.devices.captures.length, length);
  });

  it('opens no device where the preview was stopped before it was open, nor beside a stream of the page', async () => {
    const rig = new TestRig();
    let allow: (() => void) | undefined;
    rig.devices.gate = new Promise((resolve) => (allow = resolve));
    void rig.user.startPreview();
    await rig.clock.advance(0);
    void rig.user.stopPreview();
    await rig.clock.advance(0);
    allow?.();
    await rig.clock.advance(0);
    rig.user.setVideoDevice({ device: 1 });
    await rig.clock.advance(0);
    assert.equal(rig.devices.captures.length, 1);
    await rig.user.startPreview();
    rig.giveStream();
    await rig.clock.advance(0);
    rig.user.setVideoDevice({ device: 0 });
    await rig.clock.advance(0);
    assert.equal(rig.devices.captures.length, 2);
  });

  it('chooses a device for a preview that is being opened', async () => {
    const rig = new TestRig();
    void rig.user.startPreview({ audioDeviceConfig: { device: false } });
    rig.user.setVideoDevice({ device: 1 });
    await rig.clock.advance(0);
    const { stream } = rig.last('StartPreviewSuccess').data;
    assert.deepEqual(
      stream.getTracks().map(({ label }) => label),
      ['Back camera'],
    );
  });

  it('switches the device of the preview that is open, whatever others failed since', async () => {
    const rig = new TestRig();
    await rig.user.startPreview();
    void rig.user.startPreview({ videoDeviceConfig: { device: 'nobody' } });
    void rig.user.startPreview({ videoDeviceConfig: { device: 'nobody else' } });
    await rig.clock.advance(0);
    rig.user.setAudioDevice({ device: false });
    await rig.clock.advance(0);
    assert.deepEqual(rig.user.getSelectedAudioDevice(), []);
    assert.equal(rig.user.getSelectedVideoDevice()[0]?.label, 'Front camera');
  });

  it('mutes', async () => {
    const rig = new TestRig();
    const stream = rig.giveStream();
    await rig.clock.advance(0);
    void rig.user.muteVideo(true);
    await rig.clock.advance(0);
    assert.deepEqual(
      stream.getTracks().map(({ kind, enabled }) => [kind, enabled]),
      [
        ['audio', true],
        ['video', false],
      ],
    );
    assert.equal(await codeOf(rig.user.muteAudio('yes' as never)), 1001);
  });

  it('tells of wrong ICE servers as setConfig does', async () => {
    const rig = new TestRig();
    assert.equal(await codeOf(rig.user.setIceServers('stun:stun.example' as never)), 1001);
    assert.deepEqual(rig.outline(), ['SetConfigError 1001']);
  });
});

describe('an option without effect', () => {
  it('is warned of once, and its value is not logged', async () => {
    const rig = new TestRig({ logLevel: 2, metrics: { accountId: 'secret', accountKey: 'secret' } });
    const targets = { audiobitrate: 64_000, rtmpconnectinfo: { key: 'secret' } };
    for (let starts = 0; starts < 2; starts++) {
      rig.begin({ bintuApiKey: 'secret', token: 'secret' }, { transcodingTargets: targets });
      await rig.untilStatus('broadcasting');
      void rig.user.stopBroadcast();
      await rig.untilStatus('StopBroadcastSuccess');
    }
    const said = rig.logged.map(String);
    for (const option of ['metrics', 'bintuApiKey', 'token is deprecated', 'audiobitrate', 'rtmpconnectinfo']) {
      assert.equal(said.filter((line) => line.startsWith(option)).length, 1, option);
    }
    assert.doesNotMatch(said.join(), /secret/);
  });
});

describe('a canvas of the page', () => {
  it('is warned of once: it may stand still while the page is hidden', async () => {
    const rig = new TestRig({ logLevel: 2 });
    for (const holder of ['none', 'track', 'stream', 'track']) {
      const stream = streamOf('video');
      const [track] = stream.getTracks();
      if (holder === 'track') Object.assign(track ?? {}, { canvas: {} });
      if (holder === 'stream') Object.assign(stream, { canvas: {} });
      await rig.user.setMediaStream({ stream: stream as unknown as MediaStream });
      const warnings = rig.logged.filter((part) => String(part).includes('canvas'));
      assert.equal(warnings.length, holder === 'none' ? 0 : 1);
    }
  });
});

describe('an option that v5 itself gave up', () => {
  it('is known to TypeScript, and passed over', async () => {
    const rig = new TestRig();
    await rig.user.setConfig({ codecs: { videoCodec: 'H264' } });
    await rig.user.startPreview({ useWebView: false });
    rig.begin({ userName: 'name', room: 'room' });
    await rig.untilStatus('broadcasting');
    assert.ok(rig.outline().every((text) => !text.includes('Error')));
  });
});

describe('the device in use', () => {
  it('is told as an array of tracks, one or none', async () => {
    const rig = new TestRig();
    assert.deepEqual(rig.user.getSelectedDevice({ kind: 'videoinput' }), []);
    await rig.user.startPreview({ audioDeviceConfig: { device: false } });
    const [camera, ...others] = rig.user.getSelectedDevice({ kind: 'videoinput' });
    assert.deepEqual(
      [camera?.label, others, rig.user.getSelectedDevice({ kind: 'audioinput' })],
      ['Front camera', [], []],
    );
    rig.giveStream('audio');
    await rig.clock.advance(0);
    assert.deepEqual(
      rig.user.getSelectedDevice({ kind: 'audioinput' }).map(({ kind }) => kind),
      ['audio'],
    );
    assert.equal(rig.outline().includes('GetSelectedDeviceError 1003'), false);
  });

  it('is the device itself, not the mix that it goes into', async () => {
    const rig = new TestRig();
    const sound = streamOf('audio') as unknown as MediaStream;
    void rig.user.injectExternalMediaStream({ stream: sound });
    await rig.clock.advance(0);
    assert.deepEqual(rig.user.getSelectedDevice({ kind: 'audioinput' }), []);
    await rig.user.startPreview();
    assert.equal(rig.user.getSelectedDevice({ kind: 'audioinput' })[0]?.label, 'Microphone');
    const own = rig.giveStream('audio');
    await rig.clock.advance(0);
    assert.deepEqual(rig.user.getSelectedDevice({ kind: 'audioinput' }), own.getTracks());
  });

  it('is none where a placeholder stands in for it', async () => {
    const rig = new TestRig();
    await rig.user.startPreview();
    rig.devices.unplug('Back camera');
    rig.devices.unplug('Front camera');
    await rig.clock.advance(2_000);
    assert.equal(rig.last('CaptureStatus').data.state, 'missing');
    assert.deepEqual(rig.user.getSelectedDevice({ kind: 'videoinput' }), []);
    assert.equal(rig.user.getSelectedDevice({ kind: 'audioinput' }).length, 1);
  });

  it('of no kind is an error and an empty array', async () => {
    const rig = new TestRig();
    for (const config of [undefined, {}, { kind: 'audiooutput' }]) {
      assert.deepEqual(rig.user.getSelectedDevice(config as never), []);
    }
    await rig.clock.advance(0);
    assert.deepEqual(rig.outline(), Array(3).fill('GetSelectedDeviceError 1003'));
  });
});

describe('the screen', () => {
  it('can be captured where the browser has getDisplayMedia', () => {
    assert.equal(new TestRig().user.isScreenCaptureAvailable(), true);
    assert.equal(new TestRig({}, { mediaDevices: undefined }).user.isScreenCaptureAvailable(), false);
    assert.equal(new TestRig({}, { mediaDevices: {} as MediaDevices }).user.isScreenCaptureAvailable(), false);
  });
});

describe('checking the server', () => {
  it('tells what can be known: its name, and whether it answers', async () => {
    const rig = new TestRig();
    void rig.signIn();
    await rig.clock.advance(100);
    void rig.user.checkServer();
    await rig.clock.advance(100);
    const stats = { hostname: 'media.example', domainname: 'media.example', reachable: true };
    assert.deepEqual(rig.last('ReceivedServerStats').data, { stats });
    rig.server.next('HEAD', 'network error');
    void rig.user.checkServer({ server: 'https://other.example/whip/{streamname}' });
    await rig.clock.advance(100);
    const other = { hostname: 'other.example', domainname: 'other.example', reachable: false };
    assert.deepEqual(rig.last('ReceivedServerStats').data, { stats: other });
    assert.equal(rig.user.isSignedIn(), true);
  });

  it('needs a server', async () => {
    const rig = new TestRig();
    assert.equal(await codeOf(rig.user.checkServer()), 4001);
    assert.equal(await codeOf(rig.user.checkServer('')), 1002);
    assert.equal(await codeOf(rig.user.checkServer({ server: 7 } as never)), 1001);
    assert.deepEqual(rig.outline(), ['Error 4001', 'Error 1002', 'Error 1001']);
    assert.equal(rig.server.requests.length, 0);
  });
});

describe('metadata', () => {
  const nested = (levels: number): object => (levels === 1 ? { key: 'value' } : { inner: nested(levels - 1) });
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const [handlerName, values, code] of [
    ['onMetaData', { title: 'show' }, 1006],
    ['onCuePoint', nested(6), 1006],
    ['onCuePoint', nested(7), 1002],
    ['onMetaData', { list: [[[[[[]]]]]] }, 1002],
    ['onMetaData', circle, 1002],
    ['onTextData', {}, 1003],
    [undefined, {}, 1001],
    ['onMetaData', null, 1001],
    ['onMetaData', [], 1001],
    ['onMetaData', 'text', 1001],
  ] as const) {
    it(`by ${handlerName} is answered with ${code}`, async () => {
      const rig = new TestRig();
      await rig.goLive();
      assert.equal(await codeOf(rig.user.sendMetaData(handlerName as string, values as object)), code);
      assert.deepEqual(rig.outline(), [`Error ${code}`]);
      if (code === 1006) assert.match(rig.last('Error').error.message, /WHIP/);
    });
  }
});

describe('the configuration of a start', () => {
  for (const [config, code] of [
    [null, 1001],
    [{ transcodingTargets: 'rtmp://rtmp.example' }, 1001],
    [{ transcodingTargets: { output: 7 } }, 1001],
    [{ transcodingTargets: { streamname: 7 } }, 1001],
    [{ transcodingTargets: { audiobitrate: '64000' } }, 1001],
    [{ transcodingTargets: { audiobitrate: -1 } }, 1002],
    [{ transcodingTargets: { rtmpconnectinfo: [] } }, 1001],
    [{ transcodingTargets: { rtmpconnectinfo: { key: {} } } }, 1002],
    [{ encoding: { h264Profile: 'high' } }, 1003],
    [{ encoding: { videoCodec: 'mjpeg' } }, 1003],
    [{ jwt: 7 }, 1001],
  ] as const) {
    it(`that is ${JSON.stringify(config)} is answered with ${code}, and nothing is asked of the server`, async () => {
      const rig = new TestRig();
      void rig.signIn();
      rig.giveStream();
      assert.equal(await codeOf(rig.user.startBroadcast(config as never)), code);
      assert.deepEqual(rig.outline(), [`StartBroadcastError ${code}`]);
      assert.equal(rig.server.of('POST').length, 0);
    });
  }

  it('may leave the stream name null, as v5 does', async () => {
    const rig = new TestRig();
    await rig.goLive({}, { transcodingTargets: { streamname: null as never }, encoding: { h264Profile: 'cbp' } });
    assert.equal(rig.server.last('POST').url, ENDPOINT);
  });
});
