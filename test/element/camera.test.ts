/** What only some cameras can do: facing the other way, zoom and light. */
import { expect } from '@open-wc/testing';
import { RtcUserError, type DeviceList } from '../../src/index.js';
import type { FakeCore } from './support/fake-core.js';
import { button, mount, mountLive, part, SERVER, settled, unhandled } from './support/mount.js';
import type { NanoWebcaster } from '../../src/index.js';

interface FakeTrack {
  kind: 'video';
  label: string;
  applied: MediaTrackConstraints[];
  settings: Record<string, unknown>;
}

/** A camera of which only what it says of itself is known. */
function useCamera(core: FakeCore, settings: Record<string, unknown>, capabilities: object = {}): FakeTrack {
  const track: FakeTrack = { kind: 'video', label: 'Camera', applied: [], settings };
  const constraints: MediaTrackConstraints = { width: 1280, height: 720 };
  const full = Object.assign(track, {
    readyState: 'live',
    getSettings: () => settings,
    getCapabilities: () => capabilities,
    getConstraints: () => track.applied.at(-1) ?? constraints,
    applyConstraints: (wanted: MediaTrackConstraints) => {
      track.applied.push(wanted);
      Object.assign(settings, ...(wanted.advanced ?? []));
      return Promise.resolve();
    },
  }) as unknown as MediaStreamTrack;
  const stream = new MediaStream();
  stream.getTracks = () => [full];
  stream.getVideoTracks = () => [full];
  stream.getAudioTracks = () => [];
  core.stream = stream;
  return track;
}

const cameras = (...labels: string[]): DeviceList => ({
  audiodevices: [],
  videodevices: labels.map((id, index) => ({ id, index, deviceId: `camera-${index}` })),
});

const PHONE = cameras('camera 1, facing front', 'camera 2, facing back', 'camera 0, facing back');

async function previewing(
  settings: Record<string, unknown>,
  capabilities?: object,
  devices = PHONE,
): Promise<{ el: NanoWebcaster; core: FakeCore; track: FakeTrack }> {
  const { el, core } = await mount('controls');
  const track = useCamera(core, settings, capabilities);
  core.devices = devices;
  core.emitDevices(devices);
  await el.startPreview();
  await settled(el);
  return { el, core, track };
}

const flipButton = (el: NanoWebcaster) => el.renderRoot.querySelector<HTMLElement>('[title="Flip camera"]');

async function openSettings(el: NanoWebcaster): Promise<void> {
  button(el, 'Settings').click();
  await settled(el);
}

const field = (el: NanoWebcaster, type: string) =>
  el.renderRoot.querySelector<HTMLInputElement>(`#settings input[type=${type}]`);

describe('The camera in use', () => {
  it('is flipped from the front to the back, and to the front again', async () => {
    const { el, core } = await previewing({ facingMode: 'user', deviceId: 'camera-0' });
    flipButton(el)?.click();
    await settled(el);
    expect(el.videoDevice).to.equal('camera-1');
    expect(core.last('startPreview')?.videoDeviceConfig?.device).to.equal('camera-1');

    useCamera(core, { facingMode: 'environment', deviceId: 'camera-1' });
    await el.startPreview();
    await settled(el);
    flipButton(el)?.click();
    await settled(el);
    // And not to the second camera at the back.
    expect(el.videoDevice).to.equal('camera-0');
  });

  it('is flipped to the next one if labels do not say where cameras face', async () => {
    const { el } = await previewing({ facingMode: 'user', deviceId: 'camera-2' }, {}, cameras('A', 'B', 'C'));
    flipButton(el)?.click();
    expect(el.videoDevice).to.equal('camera-0');
  });

  it('is flipped while live without a new session', async () => {
    const { el, core } = await mountLive('controls');
    useCamera(core, { facingMode: 'user', deviceId: 'camera-0' });
    core.emitDevices(PHONE);
    await el.startPreview();
    await settled(el);
    core.forgetCalls();
    flipButton(el)?.click();
    await settled(el);
    expect(core.methods).to.deep.equal(['startPreview']);
    expect(el.status).to.equal('broadcasting');
  });

  it('cannot be flipped if there is only one, or if it faces nowhere', async () => {
    const alone = await previewing({ facingMode: 'user', deviceId: 'camera-0' }, {}, cameras('Camera'));
    expect(flipButton(alone.el)).to.equal(null);
    const desktop = await previewing({ deviceId: 'camera-0' });
    expect(flipButton(desktop.el)).to.equal(null);
  });

  it('is mirrored unless it faces away', async () => {
    const front = await previewing({ facingMode: 'user', deviceId: 'camera-0' });
    expect(part(front.el, 'preview')?.classList.contains('mirrored')).to.equal(true);
    const back = await previewing({ facingMode: 'environment', deviceId: 'camera-1' });
    expect(part(back.el, 'preview')?.classList.contains('mirrored')).to.equal(false);
  });

  it('has zoom and light in the settings if it can do that', async () => {
    const { el, track } = await previewing({ zoom: 1 }, { zoom: { min: 1, max: 8, step: 0.5 }, torch: true });
    await openSettings(el);
    const zoom = field(el, 'range') as HTMLInputElement;
    expect([zoom.min, zoom.max, zoom.step, zoom.value]).to.deep.equal(['1', '8', '0.5', '1']);
    zoom.value = '3';
    zoom.dispatchEvent(new Event('input'));
    expect(track.settings['zoom']).to.equal(3);
    const torch = field(el, 'checkbox') as HTMLInputElement;
    expect(torch.checked).to.equal(false);
    torch.click();
    expect(track.settings['torch']).to.equal(true);
    // Constraints replace each other: neither the zoom nor the size may be lost.
    expect(track.applied.at(-1)).to.deep.equal({ width: 1280, height: 720, advanced: [{ zoom: 3, torch: true }] });
  });

  it('has neither if it cannot, and none for a screen', async () => {
    const plain = await previewing({}, { zoom: { min: 1, max: 1, step: 1 } });
    await openSettings(plain.el);
    expect([field(plain.el, 'range'), field(plain.el, 'checkbox')]).to.deep.equal([null, null]);

    const { el, core } = await mount('controls source="screen"');
    useCamera(core, { facingMode: 'user', deviceId: 'camera-0' }, { zoom: { min: 1, max: 8, step: 1 }, torch: true });
    core.emitDevices(PHONE);
    await el.startPreview();
    await settled(el);
    await openSettings(el);
    expect([field(el, 'range'), field(el, 'checkbox'), flipButton(el)]).to.deep.equal([null, null, null]);
  });

  it('that refuses a zoom leaves no unhandled rejection', async () => {
    const { el, core } = await previewing({ zoom: 1 }, { zoom: { min: 1, max: 8, step: 1 } });
    const [track] = core.stream.getVideoTracks();
    if (track) track.applyConstraints = () => Promise.reject(new DOMException('', 'OverconstrainedError'));
    await openSettings(el);
    const zoom = field(el, 'range') as HTMLInputElement;
    zoom.value = '8';
    zoom.dispatchEvent(new Event('input'));
    await settled(el);
    expect(el.status).to.equal('idle');
  });
});

describe('The light of the camera', () => {
  it('is shown as off if the camera refuses it', async () => {
    const { el, core } = await previewing({ torch: false }, { torch: true });
    const [track] = core.stream.getVideoTracks();
    if (track) track.applyConstraints = () => Promise.reject(new DOMException('', 'OverconstrainedError'));
    await openSettings(el);
    const light = field(el, 'checkbox') as HTMLInputElement;
    light.click();
    await settled(el);
    expect(light.checked).to.equal(false);
  });
});

describe('The button “Share screen”', () => {
  const share = async (el: NanoWebcaster) => {
    button(el, 'Share screen').click();
    await settled(el);
  };

  it('switches to the screen and back while live, without a new session', async () => {
    const { el, core } = await mountLive('controls');
    await share(el);
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('screen');
    expect(button(el, 'Share screen').ariaPressed).to.equal('true');
    expect(part(el, 'preview')?.classList.contains('mirrored')).to.equal(false);
    await share(el);
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('camera');
    expect(button(el, 'Share screen').ariaPressed).to.equal('false');
    expect(core.count('startBroadcast')).to.equal(0);
    expect(el.status).to.equal('broadcasting');
  });

  for (const own of ['camera', 'screen'] as const) {
    it(`ends with the show, and the next one asks for the ${own} of the page again`, async () => {
      const { el, core } = await mount(`controls server="${SERVER}" source="${own}"`);
      for (let shows = 0; shows < 2; shows++) {
        await el.start();
        await settled(el);
        expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal(own);
        if (own === 'screen') await share(el);
        await share(el);
        expect(el.source).to.equal('screen');
        await el.stop();
        await settled(el);
        expect([el.source, button(el, 'Share screen').ariaPressed]).to.deep.equal([own, 'false']);
      }
      button(el, 'Turn on preview').click();
      await settled(el);
      expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal(own);
    });
  }

  it('ends with the preview that it has opened', async () => {
    const { el, core } = await mount('controls');
    await share(el);
    button(el, 'Turn off preview').click();
    await settled(el);
    button(el, 'Turn on preview').click();
    await settled(el);
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('camera');
  });

  it('leaves a screen alone that the page chose itself, after a picker was closed too', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    core.fail('startPreview', DISMISSED);
    await share(el);
    el.source = 'screen';
    await el.start();
    await el.stop();
    expect(el.source).to.equal('screen');
  });

  const DISMISSED = new RtcUserError(6008, 'It was not allowed.', new DOMException('', 'NotAllowedError'));
  const FAILED = new RtcUserError(6008, 'It cannot be recorded.', new DOMException('', 'NotReadableError'));

  for (const [when, start] of [
    ['nothing is open', async () => undefined],
    ['the preview is open', (el: NanoWebcaster) => el.startPreview()],
  ] as const) {
    it(`leaves the camera to the next start if the picker was closed while ${when}`, async () => {
      const { el, core } = await mount('controls');
      await start(el);
      await settled(el);
      core.fail('startPreview', DISMISSED);
      const seen = await unhandled(() => share(el));
      expect(seen).to.deep.equal([]);
      expect(el.source).to.equal('camera');
      expect(button(el, 'Share screen').ariaPressed).to.equal('false');
      expect([el.status, el.error, part(el, 'card')?.checkVisibility()]).to.deep.equal(['idle', null, false]);
      expect(part(el, 'preview-button')?.checkVisibility(), 'the preview is one click away').to.equal(true);
    });

    it(`says so if the page may not share the screen while ${when}`, async () => {
      const { el, core } = await mount('controls');
      await start(el);
      const message = 'In an iframe it needs allow="display-capture", and no Permissions-Policy against it.';
      core.fail('startPreview', new RtcUserError(6008, message, new DOMException('', 'NotAllowedError')));
      await share(el);
      expect(el.status).to.equal('failed');
    });

    it(`is what is tried again after it failed while ${when}`, async () => {
      const { el, core } = await mount('controls');
      await start(el);
      await settled(el);
      core.fail('startPreview', FAILED);
      await share(el);
      expect(el.status).to.equal('failed');
      button(el, 'Try again').click();
      await settled(el);
      expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('screen');
      expect(el.source).to.equal('screen');
      expect(el.status).to.equal('idle');
    });
  }

  it('has a failure that ends with the preview', async () => {
    const { el, core } = await mount('controls');
    await el.startPreview();
    core.fail('startPreview', FAILED);
    await share(el);
    button(el, 'Turn off preview').click();
    await settled(el);
    expect([el.status, el.error]).to.deep.equal(['idle', null]);
    expect(button(el, 'Turn on preview').checkVisibility()).to.equal(true);
  });

  it('keeps a screen that the page chose after the picker was closed', async () => {
    const { el, core } = await mount('controls source="screen"');
    core.fail('startPreview', DISMISSED);
    await share(el);
    expect(el.source).to.equal('screen');
  });

  for (const [when, mounted] of [
    ['live', () => mountLive('controls')],
    ['in the preview', () => mount(`controls server="${SERVER}"`)],
  ] as const) {
    it(`asks for no screen again if another camera is chosen ${when}, which comes after the screen`, async () => {
      const { el, core } = await mounted();
      if (when !== 'live') await el.startPreview();
      await share(el);
      core.forgetCalls();
      el.videoDevice = 'back';
      await settled(el);
      await el.start();
      await settled(el);
      expect(core.count('startPreview')).to.equal(0);
      el.audioDevice = 'desk';
      await settled(el);
      expect(core.last('startPreview')?.audioDeviceConfig?.device).to.equal('desk');
      expect(core.last('startPreview')?.videoDeviceConfig).to.include({ source: 'screen', device: true });
      await share(el);
      expect(core.last('startPreview')?.videoDeviceConfig).to.include({ source: 'camera', device: 'back' });
    });
  }

  it('asks for no screen again either if the names of the devices are remembered', async () => {
    localStorage.setItem('nano-webcaster', JSON.stringify({ audioDevice: 'desk', labels: { desk: 'Desk' } }));
    const { el, core } = await mount(`controls remember server="${SERVER}"`);
    localStorage.clear();
    await el.startPreview();
    await share(el);
    await el.start();
    await settled(el);
    core.forgetCalls();
    el.videoDevice = 'back';
    await settled(el);
    expect(core.count('startPreview')).to.equal(0);
  });

  for (const when of ['live', 'in the preview'] as const) {
    it(`gives way to the camera that was chosen meanwhile if the person ends the sharing ${when}`, async () => {
      const { el, core } = await (when === 'live' ? mountLive : mount)('controls video-device="front"');
      if (when !== 'live') await el.startPreview();
      await share(el);
      el.videoDevice = 'back';
      await settled(el);
      el.audioDevice = 'desk';
      await settled(el);
      core.emitCapture({ state: 'substituted', device: 'front' });
      await settled(el);
      expect(core.last('startPreview')?.videoDeviceConfig).to.include({ source: 'camera', device: 'back' });
    });

    it(`opens no camera again that took over from it ${when}`, async () => {
      const { el, core } = await (when === 'live' ? mountLive : mount)('controls video-device="front"');
      if (when !== 'live') await el.startPreview();
      await share(el);
      core.forgetCalls();
      core.emitCapture({ state: 'substituted', device: 'front' });
      await settled(el);
      el.audioDevice = 'desk';
      await settled(el);
      expect(core.count('startPreview')).to.equal(1);
      expect(core.last('startPreview')?.videoDeviceConfig).to.include({ source: 'camera', device: 'front' });
    });
  }

  it('opens no camera of its own where none was open before it', async () => {
    const { el, core } = await mount('controls source="screen" video-device="front"');
    await el.startPreview();
    await settled(el);
    core.forgetCalls();
    core.emitCapture({ state: 'missing' });
    await settled(el);
    expect(core.count('startPreview')).to.equal(0);
  });

  for (const [what, choose] of [
    ['a picker that is closed', share],
    ['a camera that is busy', (el: NanoWebcaster) => void (el.videoDevice = 'back')],
  ] as const) {
    for (const owner of ['page', 'start'] as const) {
      it(`leaves a start under way to the camera of the ${owner} after ${what}`, async () => {
        const { el, core } = await mount(`controls server="${SERVER}"`);
        if (owner === 'page') await el.startPreview();
        const held = core.hold('signIn');
        const started = el.start();
        await settled(el);
        core.fail('startPreview', DISMISSED);
        await choose(el);
        await settled(el);
        expect(el.status).to.equal('idle');
        held.resolve();
        await started;
        await settled(el);
        expect([el.status, core.isCapturing]).to.deep.equal(['broadcasting', true]);
      });
    }
  }

  it('fails the start after one that was stopped while it waited', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    const held = core.hold('startPreview');
    el.start().catch(() => undefined);
    await settled(el);
    const stopped = el.stop();
    core.fail('startPreview', DISMISSED);
    const started = el.start().catch(() => 'failed');
    held.resolve();
    await stopped;
    expect(await started).to.equal('failed');
    await settled(el);
    expect(el.status).to.equal('failed');
  });

  it('ends a start that waits for the screen if the picker is closed, whatever the preview shows', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    await el.startPreview();
    el.source = 'screen';
    core.fail('startPreview', DISMISSED);
    await el.start().catch(() => undefined);
    await settled(el);
    expect([el.status, core.count('startBroadcast')]).to.deep.equal(['failed', 0]);
  });

  it('leaves the camera in use as it is if the page chooses the screen for the next start', async () => {
    const { el, core } = await mountLive('controls video-device="front"');
    el.source = 'screen';
    await settled(el);
    el.audioDevice = 'desk';
    await settled(el);
    expect(core.last('startPreview')?.videoDeviceConfig).to.include({ source: 'camera', device: 'front' });
  });

  it('is off again after the person ended the sharing in the browser, and nothing is reported as lost', async () => {
    const { el, core } = await mountLive('controls');
    await share(el);
    core.emitCapture({ state: 'substituted', device: 'Integrated Camera' });
    await settled(el);
    expect(button(el, 'Share screen').ariaPressed).to.equal('false');
    expect(el.source).to.equal('camera');
    expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
  });

  it('has the element say that the screen is shared from the choice of a screen to its end', async () => {
    const { el, core } = await mountLive('controls');
    const pills = () => ['sharing', 'mute'].map((name) => part(el, name)?.innerText.trim());
    expect(pills()).to.deep.equal([undefined, undefined]);
    const picker = core.hold('startPreview');
    await share(el);
    expect(pills(), 'the picker is open').to.deep.equal([undefined, undefined]);
    picker.resolve();
    await settled(el);
    expect(pills()).to.deep.equal(['You’re sharing your screen', undefined]);
    button(el, 'Hide screen').click();
    await settled(el);
    expect(pills()).to.deep.equal([undefined, 'Screen hidden: viewers see black']);
    button(el, 'Hide screen').click();
    core.emitCapture({ state: 'missing' });
    await settled(el);
    expect(pills()).to.deep.equal([undefined, undefined]);
    expect(button(el, 'Turn camera off').checkVisibility()).to.equal(true);
  });

  it('leaves the mark on the button of a camera that is still blocked after the sharing', async () => {
    const { el, core } = await mountLive('controls');
    core.emitCapture({ state: 'blocked' });
    await share(el);
    core.emitCapture({ state: 'live' });
    await share(el);
    core.emitCapture({ state: 'blocked' });
    await settled(el);
    expect(button(el, 'Turn camera off').classList.contains('lost')).to.equal(true);
  });

  it('has the element no longer say that the screen is shared after the show', async () => {
    const { el } = await mount(`controls server="${SERVER}" source="screen"`);
    await el.start();
    await settled(el);
    expect(part(el, 'sharing')?.checkVisibility()).to.equal(true);
    await el.stop();
    await settled(el);
    expect(part(el, 'sharing')).to.equal(null);
  });

  it('says that the sharing ended if there is no camera to go back to', async () => {
    const { el, core } = await mountLive('controls');
    await share(el);
    core.emitCapture({ state: 'missing' });
    await settled(el);
    expect(part(el, 'notice')?.innerText).to.include('Screen sharing ended.').and.to.not.include('camera was');
    expect(button(el, 'Share screen').ariaPressed).to.equal('false');
    await share(el);
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('screen');
  });

  describe('what the person chose to share', () => {
    const share = async (el: NanoWebcaster) => {
      button(el, 'Share screen').click();
      await settled(el);
    };
    const asked = (core: FakeCore) => core.last('startPreview')?.videoDeviceConfig?.source;

    for (const outcome of ['picked', 'closed'] as const) {
      it(`is not the page’s own choice after two clicks on Share screen, the picker ${outcome}`, async () => {
        const { el, core } = await mountLive('controls');
        const held = core.hold('startPreview');
        await share(el);
        await share(el);
        if (outcome === 'picked') held.resolve();
        else held.reject(DISMISSED);
        await settled(el);
        await settled(el);
        await el.stop();
        await settled(el);
        expect(el.source).to.equal('camera');
      });
    }

    it('does not undo what the page chooses once the person is back at the camera', async () => {
      const { el, core } = await mountLive('controls');
      await share(el);
      await share(el);
      el.source = 'screen';
      await settled(el);
      await el.stop();
      await settled(el);
      expect(el.source).to.equal('screen');
      el.source = 'camera';
      await el.start();
      await share(el);
      core.emitCapture({ kind: 'videoinput', state: 'substituted' });
      await settled(el);
      el.source = 'screen';
      await settled(el);
      await el.stop();
      await settled(el);
      expect(el.source).to.equal('screen');
    });

    it('ends with the show though the camera was still opening', async () => {
      const { el, core } = await mountLive('controls');
      await share(el);
      const held = core.hold('startPreview');
      await share(el);
      const stopped = el.stop();
      held.reject(new RtcUserError(6005, 'It was stopped or replaced.'));
      await stopped;
      await settled(el);
      await settled(el);
      expect(el.source).to.equal('camera');
      await el.start();
      expect(asked(core)).to.equal('camera');
    });

    it('ends with a stream that the page gives', async () => {
      const { el } = await mount(`controls server="${SERVER}"`);
      await share(el);
      el.mediaStream = document.createElement('canvas').captureStream();
      await settled(el);
      el.mediaStream = null;
      await settled(el);
      expect(el.source).to.equal('camera');
      el.source = 'screen';
      await el.start();
      await el.stop();
      await settled(el);
      expect(el.source).to.equal('screen');
    });

    it('is asked for again after a failure, and not after End', async () => {
      const { el, core } = await mountLive('controls');
      await share(el);
      core.emitError('BroadcastError', new RtcUserError(5002, 'Given up after 60 attempts.'));
      await settled(el);
      button(el, 'Try again').click();
      await settled(el);
      expect(asked(core)).to.equal('screen');
      await el.stop();
      await settled(el);
      await el.start();
      expect(asked(core)).to.equal('camera');
    });
  });
});
