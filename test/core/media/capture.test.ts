import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PreviewConfig } from '../../../src/core/api/preview-config.js';
import { device } from '../support/fake-media.js';
import { codeOf, TestRig } from '../support/test-rig.js';

/** A preview that has been opened, or has failed. */
async function preview(config: PreviewConfig, rig = new TestRig()): Promise<TestRig> {
  void rig.user.startPreview(config);
  await rig.clock.advance(0);
  return rig;
}

const refused = (name: string) => new DOMException('not now', name);

describe('a preview', () => {
  it('tells what was opened, and lists the devices again, whose labels are known by then', async () => {
    const rig = new TestRig();
    rig.devices.isAllowed = false;
    void rig.user.getDevices();
    await rig.clock.advance(0);
    assert.deepEqual(rig.last('ReceivedDeviceList').data.devices.videodevices[1], {
      id: 'videodevice ID: ',
      index: 1,
      deviceId: '',
    });
    await preview({}, rig);
    const { constraints, metadata, stream } = rig.last('StartPreviewSuccess').data;
    const size = { width: 640, height: 480, framerate: 30 };
    assert.deepEqual(constraints, {
      audio: { deviceId: 'id of Microphone' },
      video: { deviceId: 'id of Front camera', ...size, source: 'camera' },
    });
    assert.deepEqual(metadata, { ...size, hasAudio: true, hasVideo: true });
    assert.equal(stream.getTracks().length, 2);
    assert.deepEqual(rig.last('ReceivedDeviceList').data, {
      devices: {
        audiodevices: [{ id: 'Microphone', index: 0, deviceId: 'id of Microphone' }],
        videodevices: [
          { id: 'Front camera', index: 0, deviceId: 'id of Front camera' },
          { id: 'Back camera', index: 1, deviceId: 'id of Back camera' },
        ],
      },
      updated: true,
    });
    assert.deepEqual(rig.outline(), ['ReceivedDeviceList', 'StartPreviewSuccess', 'ReceivedDeviceList']);
  });

  it('wishes for a size and demands none, and leaves the filters to the browser unless told', async () => {
    const { devices } = await preview({
      videoDeviceConfig: { width: 1280, height: 720, framerate: 25 },
      audioDeviceConfig: { echoCancellation: false },
    });
    assert.deepEqual(devices.captures, [
      {
        video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25 } },
        audio: { echoCancellation: { ideal: false } },
      },
    ]);
  });

  it('opens the chosen device: an index, an index as a select has it, a label or an id', async () => {
    for (const choice of [1, '1', 'Back camera', 'id of Back camera']) {
      for (const isAllowed of [true, false]) {
        const rig = new TestRig();
        rig.devices.isAllowed = isAllowed;
        await preview({ videoDeviceConfig: { device: choice }, audioDeviceConfig: { device: false } }, rig);
        const { stream } = rig.last('StartPreviewSuccess').data;
        assert.deepEqual(
          stream.getTracks().map(({ label }) => label),
          ['Back camera'],
        );
        assert.equal(rig.devices.tracks.filter(({ readyState }) => readyState === 'live').length, 1);
      }
    }
  });

  it('by indices asks once, for both kinds, before any label is known (the small page of v5)', async () => {
    for (const [index, captures] of [
      [0, 1],
      [1, 2],
    ] as const) {
      const rig = new TestRig();
      rig.devices.isAllowed = false;
      await preview({ videoDeviceConfig: { device: index }, audioDeviceConfig: { device: 0 } }, rig);
      assert.equal(rig.outline()[0], 'StartPreviewSuccess');
      assert.deepEqual(rig.devices.captures[0], { video: {}, audio: {} });
      assert.equal(rig.devices.captures.length, captures);
      assert.equal(rig.devices.tracks.filter(({ readyState }) => readyState === 'live').length, 2);
    }
  });

  it('leaves nothing open where the devices cannot be listed after all', async () => {
    const rig = new TestRig();
    rig.devices.isAllowed = false;
    const list = rig.devices.enumerateDevices.bind(rig.devices);
    rig.devices.enumerateDevices = () => (rig.devices.isAllowed ? Promise.reject(refused('UnknownError')) : list());
    await preview({ videoDeviceConfig: { device: 0 } }, rig);
    assert.deepEqual(rig.outline(), ['StartPreviewError 6006']);
    assert.ok(rig.devices.tracks.every(({ readyState }) => readyState === 'ended'));
    assert.equal(rig.devices.tracks.length, 2);
  });

  it('fails with 6004 for a device that is not there, and opens no other one', async () => {
    for (const choice of [2, '7', -1, 0.5, 'Third camera']) {
      const rig = await preview({ videoDeviceConfig: { device: choice } });
      assert.deepEqual(rig.outline(), ['StartPreviewError 6004']);
      assert.ok(rig.devices.tracks.every(({ readyState }) => readyState === 'ended'));
    }
  });

  it('takes none, or whichever the browser picks, also as a select of v4 has it', async () => {
    for (const [picture, sound, labels] of [
      ['true', 'false', ['Front camera']],
      ['false', 'true', ['Microphone']],
      ['', '', ['Microphone', 'Front camera']],
    ] as const) {
      const rig = await preview({ videoDeviceConfig: { device: picture }, audioDeviceConfig: { device: sound } });
      assert.deepEqual(
        rig
          .last('StartPreviewSuccess')
          .data.stream.getTracks()
          .map(({ label }) => label),
        labels,
      );
    }
  });

  it('tells no size of a camera that is not open any more', async () => {
    const rig = new TestRig();
    await rig.user.startPreview();
    const { metadata } = await rig.user.startPreview({ videoDeviceConfig: { device: false } });
    assert.deepEqual(JSON.parse(JSON.stringify(metadata)), { hasAudio: true, hasVideo: false });
  });

  it('fails with 6001 where nothing is wanted', async () => {
    for (const none of [false, 'false']) {
      const rig = await preview({ videoDeviceConfig: { device: none }, audioDeviceConfig: { device: none } });
      assert.deepEqual(rig.outline(), ['StartPreviewError 6001']);
    }
  });

  for (const [name, code] of [
    ['NotAllowedError', 6005],
    ['NotReadableError', 6005],
    ['NotFoundError', 6005],
    ['OverconstrainedError', 6005],
    ['AbortError', 6005],
    ['SomethingNewError', 6005],
  ] as const) {
    it(`fails with ${code} and a sentence after ${name}`, async () => {
      const rig = new TestRig();
      rig.devices.failure = refused(name);
      await preview({}, rig);
      assert.deepEqual(rig.outline(), [`StartPreviewError ${code}`]);
      const { message, cause } = rig.last('StartPreviewError').error;
      assert.match(message, new RegExp(`\\(${name}\\)$`));
      assert.equal(cause, rig.devices.failure);
    });
  }

  for (const [kept, allow] of [
    [['camera', 'microphone', 'display-capture'], 'allow="camera; microphone"'],
    [['microphone'], 'allow="microphone"'],
  ] as const) {
    it(`names what an iframe lacks: ${allow}`, async () => {
      const isFeatureAllowed = (feature: string) => !kept.some((name) => name === feature);
      const rig = new TestRig({}, { isFeatureAllowed });
      rig.devices.failure = refused('NotAllowedError');
      await preview({}, rig);
      assert.deepEqual(rig.outline(), ['StartPreviewError 6005']);
      assert.ok(rig.last('StartPreviewError').error.message.includes(allow));
    });
  }

  it('says nothing of iframes where a device fails for another reason', async () => {
    const rig = new TestRig({}, { isFeatureAllowed: () => false });
    rig.devices.failure = refused('NotReadableError');
    await preview({}, rig);
    assert.doesNotMatch(rig.last('StartPreviewError').error.message, /iframe/);
  });

  it('fails with 1006 on a page that browsers give no camera to, and says why', async () => {
    for (const [isSecureContext, reason] of [
      [false, /https/],
      [true, /This browser/],
    ] as const) {
      const rig = await preview({}, new TestRig({}, { mediaDevices: undefined, isSecureContext }));
      assert.deepEqual(rig.outline(), ['StartPreviewError 1006']);
      assert.match(rig.last('StartPreviewError').error.message, reason);
    }
  });

  it('is told where the list of devices cannot be had: that is another error, and no failure of the preview', async () => {
    const rig = new TestRig();
    rig.devices.enumerateDevices = () => Promise.reject(refused('UnknownError'));
    const started = rig.user.startPreview();
    await rig.clock.advance(0);
    assert.equal(await codeOf(started), undefined);
    assert.deepEqual(rig.outline(), ['StartPreviewSuccess', 'GetDevicesError 6006']);
  });

  it('fails with 1004 where the video element is not there, before anything is opened', async () => {
    const rig = await preview({ elementId: 'nowhere' });
    assert.deepEqual(rig.outline(), ['StartPreviewError 1004']);
    assert.equal(rig.devices.captures.length, 0);
  });

  it('switches to another device in the same stream, and the old one goes on until the new one is open', async () => {
    const rig = await preview({});
    const { stream } = rig.last('StartPreviewSuccess').data;
    const old = rig.devices.tracks.slice();
    rig.devices.failure = refused('NotAllowedError');
    await preview({ videoDeviceConfig: { device: 1 } }, rig);
    assert.ok(old.every(({ readyState }) => readyState === 'live'));
    assert.deepEqual(stream.getTracks(), old);
    rig.devices.failure = null;
    await preview({ videoDeviceConfig: { device: 1 } }, rig);
    assert.equal(rig.last('StartPreviewSuccess').data.stream, stream);
    assert.deepEqual(
      old.map(({ label, readyState }) => [label, readyState]),
      [
        ['Microphone', 'live'],
        ['Front camera', 'ended'],
      ],
      'C7: only the camera is opened again',
    );
    assert.deepEqual(
      stream.getTracks().map(({ label }) => label),
      ['Microphone', 'Back camera'],
    );
  });

  it('closes the camera for the other one where the system opens one at a time, and opens it again where that fails', async () => {
    for (const [isBroken, labels] of [
      [false, ['Back camera', 'Microphone']],
      [true, ['Front camera', 'Microphone']],
    ] as const) {
      const rig = await preview({});
      rig.devices.opensOneCamera = true;
      if (isBroken) rig.devices.failures.set('Back camera', refused('NotReadableError'));
      const switched = rig.user.startPreview({ videoDeviceConfig: { device: 1 } });
      await rig.clock.advance(100);
      assert.equal(await codeOf(switched), isBroken ? 6005 : undefined);
      const live = rig.devices.tracks.filter(({ readyState }) => readyState === 'live');
      assert.deepEqual(live.map(({ label }) => label).sort(), labels);
      assert.deepEqual(rig.all('CaptureStatus'), []);
    }
  });

  it('that is asked for several times at once ends as the last call says, with no device left open beside it', async () => {
    const rig = new TestRig();
    for (const choice of [0, 1, 0, 1]) void rig.user.startPreview({ videoDeviceConfig: { device: choice } });
    await rig.clock.advance(0);
    const live = rig.devices.tracks.filter(({ readyState }) => readyState === 'live');
    assert.deepEqual(live.map(({ label }) => label).sort(), ['Back camera', 'Microphone']);
    void rig.user.startPreview();
    void rig.user.stopPreview();
    await rig.clock.advance(0);
    assert.ok(rig.devices.tracks.every(({ readyState }) => readyState === 'ended'));
    assert.ok(rig.outline().includes('StopPreviewSuccess'));
  });

  it('is refused with what is no choice of a device, and opens nothing', async () => {
    for (const [config, code] of [
      [{ videoDeviceConfig: { source: 'desktop' } }, 1003],
      [{ videoDeviceConfig: { device: {} } }, 1001],
      [{ videoDeviceConfig: null }, 1001],
      [{ audioDeviceConfig: 'none' }, 1001],
      [{ audioDeviceConfig: { device: [1] } }, 1001],
      [{ audioDeviceConfig: { echoCancellation: 'off' } }, 1001],
      [{ audioDeviceConfig: { channelCount: 0.5 } }, 1002],
      [{ audioDeviceConfig: { channelCount: '2' } }, 1001],
    ] as const) {
      const rig = await preview(config as never);
      assert.deepEqual(rig.outline(), [`StartPreviewError ${code}`]);
      assert.equal(rig.devices.captures.length, 0);
    }
  });

  it('needs neither a session nor a broadcast', async () => {
    const rig = await preview({});
    assert.equal(rig.server.requests.length, 0);
    assert.equal(rig.outline()[0], 'StartPreviewSuccess');
  });
});

describe('a preview of the screen', () => {
  const SCREEN = { videoDeviceConfig: { source: 'screen' } } as const;

  it('has the screen and the microphone', async () => {
    const rig = await preview(SCREEN);
    const { constraints, stream } = rig.last('StartPreviewSuccess').data;
    assert.equal(constraints.video?.source, 'screen');
    assert.deepEqual(
      stream
        .getTracks()
        .map(({ label }) => label)
        .sort(),
      ['Microphone', 'Screen'],
    );
  });

  it('fails with 6008 where the user declines, and opens no microphone', async () => {
    const rig = new TestRig();
    rig.devices.failure = refused('NotAllowedError');
    await preview(SCREEN, rig);
    assert.deepEqual(rig.outline(), ['StartPreviewError 6008']);
    assert.equal(rig.devices.tracks.length, 0);
  });

  for (const [name, sentence] of [
    ['NotAllowedError', /cancelled/],
    ['NotFoundError', /no screen/],
    ['NotReadableError', /record the screen/],
    ['InvalidStateError', /Click/],
    ['AbortError', /another window/],
  ] as const) {
    it(`says of the screen what ${name} means there`, async () => {
      const rig = new TestRig();
      rig.devices.failure = refused(name);
      await preview(SCREEN, rig);
      const { message } = rig.last('StartPreviewError').error;
      assert.match(message, sentence);
      assert.doesNotMatch(message, /camera|microphone|Allow it/i);
    });
  }

  it('C6: fails with 6008 if the browser cannot share the screen, which some phones can', async () => {
    const rig = new TestRig();
    Object.assign(rig.devices, { getDisplayMedia: undefined });
    await preview(SCREEN, rig);
    assert.deepEqual(rig.outline(), ['StartPreviewError 6008']);
    assert.match(rig.last('StartPreviewError').error.message, /^This browser cannot share the screen\.$/);
  });

  it('names what an iframe lacks for it', async () => {
    const rig = new TestRig({}, { isFeatureAllowed: (feature) => feature !== 'display-capture' });
    rig.devices.failure = refused('NotAllowedError');
    await preview(SCREEN, rig);
    assert.match(rig.last('StartPreviewError').error.message, /allow="display-capture"/);
  });

  it('goes on where only another microphone is chosen, and nobody is asked again for a screen', async () => {
    const rig = await preview(SCREEN);
    const [screen] = rig.devices.liveTracks('Screen');
    rig.devices.plug(device('audioinput', 'Headset'));
    await preview({ ...SCREEN, audioDeviceConfig: { device: 'Headset' } }, rig);
    assert.deepEqual(
      rig
        .last('StartPreviewSuccess')
        .data.stream.getTracks()
        .map(({ label }) => label)
        .sort(),
      ['Headset', 'Screen'],
    );
    assert.equal(rig.devices.liveTracks('Screen')[0], screen);
    rig.user.setAudioDevice({ device: false });
    await rig.clock.advance(0);
    assert.equal(rig.devices.liveTracks('Screen')[0], screen);
    assert.equal(rig.devices.liveTracks('Headset').length, 0);
    await preview(SCREEN, rig);
    await preview(SCREEN, rig);
    assert.notEqual(rig.devices.liveTracks('Screen')[0], screen, 'the same choice again asks again');
    assert.equal(rig.devices.liveTracks('Screen').length, 1);
  });

  it('is shared without sound where there is no microphone, and that is told', async () => {
    const rig = new TestRig();
    rig.devices.devices = rig.devices.devices.filter(({ kind }) => kind !== 'audioinput');
    await preview(SCREEN, rig);
    assert.equal(rig.outline().includes('StartPreviewSuccess'), true);
    assert.deepEqual(rig.devices.liveTracks('Screen').length, 1);
    assert.equal(rig.last('CaptureStatus').data.state, 'missing');
  });

  it('is given up as a whole where the microphone fails', async () => {
    const rig = await preview({ ...SCREEN, audioDeviceConfig: { device: 9 } });
    assert.deepEqual(rig.outline(), ['StartPreviewError 6004']);
    assert.ok(rig.devices.tracks.every(({ readyState }) => readyState === 'ended'));
  });
});

describe('the list of devices', () => {
  it('says whether it differs from the one that the page got before', async () => {
    const rig = new TestRig();
    const list = async () => {
      void rig.user.getDevices();
      await rig.clock.advance(0);
      return rig.last('ReceivedDeviceList').data.updated;
    };
    assert.deepEqual([await list(), await list()], [true, false]);
    rig.devices.devices.push(device('videoinput', 'Third camera'));
    assert.deepEqual([await list(), await list()], [true, false]);
  });

  it('differs also where a preview by index has looked at it in between', async () => {
    const rig = new TestRig();
    void rig.user.getDevices();
    await rig.clock.advance(0);
    rig.devices.devices.push(device('videoinput', 'Third camera'));
    await preview({ videoDeviceConfig: { device: 0 } }, rig);
    assert.equal(rig.last('ReceivedDeviceList').data.devices.videodevices.length, 3);
    assert.equal(rig.last('ReceivedDeviceList').data.updated, true);
  });

  it('is what an index counts in: the list that the page has seen (reference 7.9)', async () => {
    const rig = new TestRig();
    void rig.user.getDevices();
    await rig.clock.advance(0);
    rig.devices.devices.unshift(device('videoinput', 'New camera'));
    await preview({ videoDeviceConfig: { device: 0 }, audioDeviceConfig: { device: false } }, rig);
    const { stream } = rig.last('StartPreviewSuccess').data;
    assert.deepEqual(
      stream.getTracks().map(({ label }) => label),
      ['Front camera'],
    );
  });

  it('that cannot be had is GetDevicesError 6006, or 1006 on an insecure page', async () => {
    const rig = new TestRig();
    rig.devices.enumerateDevices = () => Promise.reject(refused('UnknownError'));
    assert.equal(await codeOf(rig.user.getDevices()), 6006);
    const insecure = new TestRig({}, { mediaDevices: undefined, isSecureContext: false });
    assert.equal(await codeOf(insecure.user.getDevices()), 1006);
    assert.deepEqual([...rig.outline(), ...insecure.outline()], ['GetDevicesError 6006', 'GetDevicesError 1006']);
  });
});
