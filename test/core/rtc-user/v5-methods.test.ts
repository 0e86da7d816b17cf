import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RtcUser } from '../../../src/core/rtc-user.js';
import { streamOf } from '../support/fake-media.js';
import { codeOf, ENDPOINT, Studio } from '../support/test-rig.js';

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
      const studio = new Studio({ logLevel: 2 });
      await studio.clock.advance(0);
      for (let calls = 0; calls < 3; calls++) call(studio.user);
      await studio.clock.advance(0);
      assert.equal(studio.logged.filter((part) => String(part).includes(`${name}()`)).length, 1);
      assert.deepEqual(studio.outline(), []);
    });
  }

  it('warns also where nothing was logged at its first call', async () => {
    const studio = new Studio();
    await studio.clock.advance(0);
    void studio.user.muteVideo(true);
    void studio.user.setConfig({ logLevel: 1 });
    await studio.clock.advance(0);
    void studio.user.muteVideo(true);
    void studio.user.setConfig({ logLevel: 2 });
    await studio.clock.advance(0);
    assert.deepEqual(studio.logged, []);
    for (let calls = 0; calls < 2; calls++) void studio.user.muteVideo(true);
    assert.equal(studio.logged.filter((part) => String(part).includes('muteVideo()')).length, 1);
  });

  it('chooses the devices of the next preview, unless that chooses itself', async () => {
    const studio = new Studio();
    await studio.user.getDevices();
    studio.user.setVideoDevice({ device: 1, width: 1280 });
    studio.user.setAudioDevice({ device: false });
    await studio.user.startPreview();
    assert.deepEqual(studio.devices.captures, [
      { video: { width: { ideal: 1280 }, deviceId: { exact: 'id of Back camera' } }, audio: false },
    ]);
    await studio.user.startPreview({ videoDeviceConfig: { device: 0 } });
    assert.equal(studio.user.getSelectedVideoDevice()[0]?.label, 'Front camera');
    assert.deepEqual(studio.user.getSelectedAudioDevice(), []);
  });

  it('switches the device of a running preview, and opens none without one', async () => {
    const studio = new Studio();
    await studio.user.startPreview({ videoDeviceConfig: { device: 0 } });
    studio.user.setVideoDevice({ device: 1 });
    await studio.user.getDevices();
    await studio.clock.advance(0);
    assert.equal(studio.user.getSelectedVideoDevice()[0]?.label, 'Back camera');
    await studio.user.stopPreview();
    const { length } = studio.devices.captures;
    studio.user.setVideoDevice({ device: 0 });
    await studio.clock.advance(0);
    assert.equal(studio.devices.captures.length, length);
  });

  it('opens no device where the preview was stopped before it was open, nor beside a stream of the page', async () => {
    const studio = new Studio();
    let allow: (() => void) | undefined;
    studio.devices.gate = new Promise((resolve) => (allow = resolve));
    void studio.user.startPreview();
    await studio.clock.advance(0);
    void studio.user.stopPreview();
    await studio.clock.advance(0);
    allow?.();
    await studio.clock.advance(0);
    studio.user.setVideoDevice({ device: 1 });
    await studio.clock.advance(0);
    assert.equal(studio.devices.captures.length, 1);
    await studio.user.startPreview();
    studio.giveStream();
    await studio.clock.advance(0);
    studio.user.setVideoDevice({ device: 0 });
    await studio.clock.advance(0);
    assert.equal(studio.devices.captures.length, 2);
  });

  it('chooses a device for a preview that is being opened', async () => {
    const studio = new Studio();
    void studio.user.startPreview({ audioDeviceConfig: { device: false } });
    studio.user.setVideoDevice({ device: 1 });
    await studio.clock.advance(0);
    const { stream } = studio.last('StartPreviewSuccess').data;
    assert.deepEqual(
      stream.getTracks().map(({ label }) => label),
      ['Back camera'],
    );
  });

  it('mutes', async () => {
    const studio = new Studio();
    const stream = studio.giveStream();
    await studio.clock.advance(0);
    void studio.user.muteVideo(true);
    await studio.clock.advance(0);
    assert.deepEqual(
      stream.getTracks().map(({ kind, enabled }) => [kind, enabled]),
      [
        ['audio', true],
        ['video', false],
      ],
    );
    assert.equal(await codeOf(studio.user.muteAudio('yes' as never)), 1001);
  });

  it('tells of wrong ICE servers as setConfig does', async () => {
    const studio = new Studio();
    assert.equal(await codeOf(studio.user.setIceServers('stun:stun.example' as never)), 1001);
    assert.deepEqual(studio.outline(), ['SetConfigError 1001']);
  });
});

describe('an option without effect', () => {
  it('is warned of once, and its value is not logged', async () => {
    const studio = new Studio({ logLevel: 2, metrics: { accountId: 'secret', accountKey: 'secret' } });
    const targets = { audiobitrate: 64_000, rtmpconnectinfo: { key: 'secret' } };
    for (let starts = 0; starts < 2; starts++) {
      studio.begin({ bintuApiKey: 'secret', token: 'secret' }, { transcodingTargets: targets });
      await studio.untilStatus('broadcasting');
      void studio.user.stopBroadcast();
      await studio.untilStatus('StopBroadcastSuccess');
    }
    const said = studio.logged.map(String);
    for (const option of ['metrics', 'bintuApiKey', 'token is deprecated', 'audiobitrate', 'rtmpconnectinfo']) {
      assert.equal(said.filter((line) => line.startsWith(option)).length, 1, option);
    }
    assert.doesNotMatch(said.join(), /secret/);
  });
});

describe('a canvas of the page', () => {
  it('is warned of once: it may stand still while the page is hidden', async () => {
    const studio = new Studio({ logLevel: 2 });
    for (const holder of ['none', 'track', 'stream', 'track']) {
      const stream = streamOf('video');
      const [track] = stream.getTracks();
      if (holder === 'track') Object.assign(track ?? {}, { canvas: {} });
      if (holder === 'stream') Object.assign(stream, { canvas: {} });
      await studio.user.setMediaStream({ stream: stream as unknown as MediaStream });
      const warnings = studio.logged.filter((part) => String(part).includes('canvas'));
      assert.equal(warnings.length, holder === 'none' ? 0 : 1);
    }
  });
});

describe('an option that v5 itself gave up', () => {
  it('is known to TypeScript, and passed over', async () => {
    const studio = new Studio();
    await studio.user.setConfig({ codecs: { videoCodec: 'H264' } });
    await studio.user.startPreview({ useWebView: false });
    studio.begin({ userName: 'name', room: 'room' });
    await studio.untilStatus('broadcasting');
    assert.ok(studio.outline().every((text) => !text.includes('Error')));
  });
});

describe('the device in use', () => {
  it('is told as an array of tracks, one or none', async () => {
    const studio = new Studio();
    assert.deepEqual(studio.user.getSelectedDevice({ kind: 'videoinput' }), []);
    await studio.user.startPreview({ audioDeviceConfig: { device: false } });
    const [camera, ...others] = studio.user.getSelectedDevice({ kind: 'videoinput' });
    assert.deepEqual(
      [camera?.label, others, studio.user.getSelectedDevice({ kind: 'audioinput' })],
      ['Front camera', [], []],
    );
    studio.giveStream('audio');
    await studio.clock.advance(0);
    assert.deepEqual(
      studio.user.getSelectedDevice({ kind: 'audioinput' }).map(({ kind }) => kind),
      ['audio'],
    );
    assert.equal(studio.outline().includes('GetSelectedDeviceError 1003'), false);
  });

  it('is the device itself, not the mix that it goes into', async () => {
    const studio = new Studio();
    const sound = streamOf('audio') as unknown as MediaStream;
    void studio.user.injectExternalMediaStream({ stream: sound });
    await studio.clock.advance(0);
    assert.deepEqual(studio.user.getSelectedDevice({ kind: 'audioinput' }), []);
    await studio.user.startPreview();
    assert.equal(studio.user.getSelectedDevice({ kind: 'audioinput' })[0]?.label, 'Microphone');
    const own = studio.giveStream('audio');
    await studio.clock.advance(0);
    assert.deepEqual(studio.user.getSelectedDevice({ kind: 'audioinput' }), own.getTracks());
  });

  it('is none where a still picture stands in for it', async () => {
    const studio = new Studio();
    await studio.user.startPreview();
    studio.devices.unplug('Back camera');
    studio.devices.unplug('Front camera');
    await studio.clock.advance(2_000);
    assert.equal(studio.last('CaptureStatus').data.state, 'missing');
    assert.deepEqual(studio.user.getSelectedDevice({ kind: 'videoinput' }), []);
    assert.equal(studio.user.getSelectedDevice({ kind: 'audioinput' }).length, 1);
  });

  it('of no kind is an error and an empty array', async () => {
    const studio = new Studio();
    for (const config of [undefined, {}, { kind: 'audiooutput' }]) {
      assert.deepEqual(studio.user.getSelectedDevice(config as never), []);
    }
    await studio.clock.advance(0);
    assert.deepEqual(studio.outline(), Array(3).fill('GetSelectedDeviceError 1003'));
  });
});

describe('the screen', () => {
  it('can be captured where the browser has getDisplayMedia', () => {
    assert.equal(new Studio().user.isScreenCaptureAvailable(), true);
    assert.equal(new Studio({}, { mediaDevices: undefined }).user.isScreenCaptureAvailable(), false);
    assert.equal(new Studio({}, { mediaDevices: {} as MediaDevices }).user.isScreenCaptureAvailable(), false);
  });
});

describe('checking the server', () => {
  it('tells what can be known: its name, and whether it answers', async () => {
    const studio = new Studio();
    void studio.signIn();
    await studio.clock.advance(100);
    void studio.user.checkServer();
    await studio.clock.advance(100);
    const stats = { hostname: 'media.example', domainname: 'media.example', reachable: true };
    assert.deepEqual(studio.last('ReceivedServerStats').data, { stats });
    studio.server.next('HEAD', 'network error');
    void studio.user.checkServer({ server: 'https://other.example/whip/{streamname}' });
    await studio.clock.advance(100);
    const other = { hostname: 'other.example', domainname: 'other.example', reachable: false };
    assert.deepEqual(studio.last('ReceivedServerStats').data, { stats: other });
    assert.equal(studio.user.isSignedIn(), true);
  });

  it('needs a server', async () => {
    const studio = new Studio();
    assert.equal(await codeOf(studio.user.checkServer()), 4001);
    assert.equal(await codeOf(studio.user.checkServer('')), 1002);
    assert.equal(await codeOf(studio.user.checkServer({ server: 7 } as never)), 1001);
    assert.deepEqual(studio.outline(), ['Error 4001', 'Error 1002', 'Error 1001']);
    assert.equal(studio.server.requests.length, 0);
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
      const studio = new Studio();
      await studio.goLive();
      assert.equal(await codeOf(studio.user.sendMetaData(handlerName as string, values as object)), code);
      assert.deepEqual(studio.outline(), [`Error ${code}`]);
      if (code === 1006) assert.match(studio.last('Error').error.message, /WHIP/);
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
      const studio = new Studio();
      void studio.signIn();
      studio.giveStream();
      assert.equal(await codeOf(studio.user.startBroadcast(config as never)), code);
      assert.deepEqual(studio.outline(), [`StartBroadcastError ${code}`]);
      assert.equal(studio.server.of('POST').length, 0);
    });
  }

  it('may leave the stream name null, as v5 does', async () => {
    const studio = new Studio();
    await studio.goLive({}, { transcodingTargets: { streamname: null as never }, encoding: { h264Profile: 'cbp' } });
    assert.equal(studio.server.last('POST').url, ENDPOINT);
  });
});
