import { expect, oneEvent } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import sinon from 'sinon';
import { RtcUserError, type DeviceList, type NanoWebcaster } from '../../src/index.js';
import { press } from './support/keys.js';
import { button, liveRegion, mount, mountLive, part, SERVER, settled, textOf } from './support/mount.js';
import type { FakeCore } from './support/fake-core.js';

const CAMERAS = [
  { id: 'Front', index: 0, deviceId: 'aa' },
  { id: 'Back', index: 1, deviceId: 'bb' },
];

async function open(attributes = '', core?: (core: FakeCore) => void) {
  const mounted = await mount(`controls server="${SERVER}" ${attributes}`);
  mounted.core.devices = { videodevices: CAMERAS, audiodevices: [] };
  core?.(mounted.core);
  button(mounted.el, 'Settings').click();
  await settled(mounted.el);
  return mounted;
}

const HEX_ID = 'f0'.repeat(32);
const chosenLabel = (el: NanoWebcaster, name: string) => field(el, name).selectedOptions[0]?.label;
const menuLabel = (el: NanoWebcaster, isCamera: boolean) =>
  el.renderRoot.querySelector<HTMLSelectElement>(
    `.menu select[aria-label="Choose ${isCamera ? 'camera' : 'microphone'}"]`,
  )?.selectedOptions[0]?.label;
const field = (el: NanoWebcaster, name: string) =>
  el.renderRoot.querySelector<HTMLSelectElement>(`select[name=${name}]`) as HTMLSelectElement;
const radio = (el: NanoWebcaster, value: string) =>
  el.renderRoot.querySelector<HTMLInputElement>(`input[value=${value}]`) as HTMLInputElement;

async function choose(el: NanoWebcaster, name: string, value: string): Promise<void> {
  field(el, name).value = value;
  field(el, name).dispatchEvent(new Event('change', { bubbles: true }));
  await settled(el);
}

describe('<nano-webcaster> settings', () => {
  it('are closed at first, and open and close by their button, which says so', async () => {
    const { el } = await mount('controls');
    const toggle = button(el, 'Settings');
    for (const isOpen of [false, true, false]) {
      expect(toggle.ariaExpanded).to.equal(String(isOpen));
      expect(part(el, 'settings')?.checkVisibility()).to.equal(isOpen);
      expect(el.matches(':state(settings-open)')).to.equal(isOpen);
      toggle.click();
      await settled(el);
    }
  });

  it('close when the statistics open', async () => {
    const { el } = await open();
    button(el, 'Connection').click();
    await settled(el);
    expect(part(el, 'settings')?.checkVisibility()).to.equal(false);
    expect(part(el, 'stats')?.checkVisibility()).to.equal(true);
  });

  it('close by Escape, which gives the focus back to their button and is not for the page', async () => {
    const { el } = await open();
    field(el, 'videoDevice').focus();
    const heard = oneEvent(document, 'keydown');
    await sendKeys({ press: 'Escape' });
    expect((await heard).defaultPrevented).to.equal(true);
    await settled(el);
    expect(part(el, 'settings')?.checkVisibility()).to.equal(false);
    expect(el.shadowRoot?.activeElement).to.equal(button(el, 'Settings'));
  });

  it('leave Escape to the page while nothing is open', async () => {
    const { el } = await mount('controls');
    const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true });
    el.dispatchEvent(event);
    expect(event.defaultPrevented).to.equal(false);
  });

  const NUMBERS = [
    ['framerate', '25', { framerate: 25 }],
    ['size', '1920x1080', { width: 1920, height: 1080 }],
    ['videoBitrate', '2500', { videoBitrate: 2500 }],
    ['audioBitrate', '128', { audioBitrate: 128 }],
  ] as const;

  for (const [name, value, expected] of NUMBERS) {
    it(`set the element's properties by the list of ${name}`, async () => {
      const { el } = await open();
      await choose(el, name, value);
      expect(el).to.include(expected);
    });

    it(`show in the list of ${name} what a page has set`, async () => {
      const { el } = await open();
      Object.assign(el, expected);
      await settled(el);
      expect(field(el, name).value).to.equal(value);
    });
  }

  it('keep a value of the page’s own in the list', async () => {
    const { el } = await open('width="854" height="480" framerate="12.5" video-bitrate="1234"');
    expect(field(el, 'size').value).to.equal('854x480');
    expect(field(el, 'framerate').value).to.equal('12.5');
    expect(field(el, 'videoBitrate').value).to.equal('1234');
  });

  it('choose speech or music', async () => {
    const { el } = await open();
    radio(el, 'music').click();
    await settled(el);
    expect(el.audioMode).to.equal('music');
  });

  it('say of resolutions what they are good for', async () => {
    const { el } = await open();
    const labels = [...field(el, 'size').options].map(({ label }) => label);
    expect(labels).to.include('720p, recommended').and.to.include('360p, saves data');
  });

  it('take the focus when they open, and give it back with their own button', async () => {
    const { el } = await open();
    await settled(el);
    expect(textOf(el.shadowRoot?.activeElement ?? null)).to.equal('Settings');
    expect(el.shadowRoot?.activeElement?.localName).to.equal('h2');
    button(el, 'Close').click();
    await settled(el);
    await settled(el);
    expect(el.shadowRoot?.activeElement).to.equal(button(el, 'Settings'));
  });

  it('draw no frame around their heading, and one around their fields', async () => {
    const { el } = await mount('controls');
    button(el, 'Settings').focus();
    await press('Enter');
    await settled(el);
    const heading = el.shadowRoot?.activeElement as Element;
    expect(heading.localName).to.equal('h2');
    expect(heading.matches(':focus-visible')).to.equal(true);
    expect(getComputedStyle(heading).outlineStyle).to.equal('none');
    await press('Tab');
    const close = el.shadowRoot?.activeElement as Element;
    expect(close).to.equal(button(el, 'Close'));
    expect(getComputedStyle(close).outlineStyle).to.equal('solid');
  });

  it('emit nothing of their own', async () => {
    const { el } = await open();
    let events = 0;
    for (const type of ['change', 'input']) el.addEventListener(type, () => (events += 1));
    field(el, 'framerate').dispatchEvent(new Event('change', { bubbles: true }));
    expect(events).to.equal(0);
  });

  describe('devices', () => {
    it('are automatic, none and all that are there', async () => {
      const { el } = await open();
      const labels = [...field(el, 'videoDevice').options].map(({ label }) => label);
      expect(labels).to.deep.equal(['Automatic', 'Front', 'Back', 'None']);
    });

    it('are asked for when the settings open, and not before', async () => {
      const { el, core } = await mount('controls');
      expect(core.count('getDevices')).to.equal(0);
      button(el, 'Settings').click();
      expect(core.count('getDevices')).to.equal(1);
    });

    it('are kept up to date', async () => {
      const { el, core } = await open();
      core.devices = { videodevices: CAMERAS.slice(1), audiodevices: [] };
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      await settled(el);
      const labels = [...field(el, 'videoDevice').options].map(({ label }) => label);
      expect(labels).to.deep.equal(['Automatic', 'Back', 'None']);
    });

    it('are not asked for without controls, or after the element is gone', async () => {
      const { core } = await mount();
      const { el: other, core: otherCore } = await mount('controls');
      other.remove();
      navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      expect([core.count('getDevices'), otherCore.count('getDevices')]).to.deep.equal([0, 0]);
    });

    for (const choice of ['bb', 'Back', '1']) {
      it(`show the chosen one, which the page calls "${choice}"`, async () => {
        const { el } = await open(`video-device="${choice}"`);
        expect(field(el, 'videoDevice').selectedOptions[0]?.label).to.equal('Back');
      });
    }

    it('show a chosen one that is not there', async () => {
      const { el } = await open('video-device="Side"');
      expect(field(el, 'videoDevice').value).to.equal('Side');
      expect(chosenLabel(el, 'videoDevice')).to.equal('Side · Not connected');
    });

    for (const name of ['videoDevice', 'audioDevice'] as const) {
      const isCamera = name === 'videoDevice';
      const attribute = `${isCamera ? 'video' : 'audio'}-device="${HEX_ID}"`;
      const kind = isCamera ? 'Camera' : 'Microphone';
      const listed = (devices: DeviceList['videodevices']): DeviceList => ({
        videodevices: isCamera ? devices : CAMERAS,
        audiodevices: isCamera ? CAMERAS : devices,
      });
      const other = { id: 'Other', index: 0, deviceId: 'cc' };

      it(`show a chosen ${kind} that was unplugged by its name, and by no id, in both lists`, async () => {
        const { el, core } = await open(attribute, (fake) => {
          fake.devices = listed([{ id: 'Studio', index: 0, deviceId: HEX_ID }]);
        });
        expect(chosenLabel(el, name)).to.equal('Studio');
        for (const left of [[other], []]) {
          core.emitDevices(listed(left));
          await settled(el);
          expect(menuLabel(el, isCamera)).to.equal('Studio · Not connected');
          expect(chosenLabel(el, name)).to.equal('Studio · Not connected');
        }
        core.emitDevices(listed([{ id: 'Studio', index: 0, deviceId: HEX_ID }]));
        await settled(el);
        expect(chosenLabel(el, name)).to.equal('Studio');
        expect(textOf(el.renderRoot as ShadowRoot)).to.not.include(HEX_ID);
      });

      it(`show a chosen ${kind} that has never been seen as a ${kind}`, async () => {
        const { el, core } = await open(attribute, (fake) => {
          fake.devices = { videodevices: [], audiodevices: [] };
        });
        expect(chosenLabel(el, name)).to.equal(kind);
        core.emitDevices(listed([{ id: '', index: 0, deviceId: '' }]));
        await settled(el);
        expect(chosenLabel(el, name)).to.equal(kind);
        core.emitDevices(listed([other]));
        await settled(el);
        expect(chosenLabel(el, name)).to.equal(`${kind} · Not connected`);
      });
    }

    it('leave out those whose names the browser keeps to itself', async () => {
      const { el } = await open('', (core) => {
        core.devices = { videodevices: [{ id: 'videodevice ID: ', index: 0, deviceId: '' }], audiodevices: [] };
      });
      expect([...field(el, 'videoDevice').options].map(({ label }) => label)).to.deep.equal(['Automatic', 'None']);
    });

    it('are switched while live', async () => {
      const { el, core } = await mountLive('controls');
      core.devices = { videodevices: CAMERAS, audiodevices: [] };
      button(el, 'Settings').click();
      await settled(el);
      await choose(el, 'videoDevice', 'bb');
      expect(core.last('startPreview')?.videoDeviceConfig?.device).to.equal('bb');
    });
  });

  describe('devices that cannot be opened', () => {
    afterEach(() => sinon.restore());

    const BUSY = new RtcUserError(6005, 'In use.', new DOMException('', 'NotReadableError'));
    /** The person has closed the browser's picker. */
    const CLOSED = new RtcUserError(6008, 'Closed.', new DOMException('', 'NotAllowedError'));

    it('while live are not shown as chosen: the one before still is', async () => {
      const { el, core } = await mountLive('controls');
      core.devices = { videodevices: CAMERAS, audiodevices: [] };
      button(el, 'Settings').click();
      await settled(el);
      await choose(el, 'videoDevice', 'aa');
      core.fail('startPreview', BUSY);
      await choose(el, 'videoDevice', 'bb');
      await settled(el);
      expect([el.videoDevice, field(el, 'videoDevice').value]).to.deep.equal(['aa', 'aa']);
      expect(el.status).to.equal('broadcasting');
    });

    for (const [name, error, words] of [
      ['videoDevice', BUSY, 'Another app may be using it. Close that app, then try again.'],
      ['audioDevice', BUSY, 'Another app may be using it. Close that app, then try again.'],
      ['videoDevice', new RtcUserError(6004, 'No such device.'), 'No camera or microphone was found.'],
      [
        'audioDevice',
        new RtcUserError(6005, 'Denied.', new DOMException('', 'NotAllowedError')),
        'Your camera or microphone can’t be used. Allow access in the address bar, then try again.',
      ],
    ] as const) {
      it(`while live are told of, the ${name} with ${error.message}`, async () => {
        const clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
        const { el, core } = await mountLive('controls');
        const notice = () => (part(el, 'notice')?.checkVisibility() ? textOf(part(el, 'notice')) : '');
        core.fail('startPreview', error);
        el[name] = 'bb';
        await settled(el);
        await settled(el);
        expect(notice()).to.include(words);
        expect(textOf(liveRegion(el, 'status'))).to.include(words);
        expect(el.status).to.equal('broadcasting');
        await clock.tickAsync(14_999);
        expect(notice()).to.include(words);
        await clock.tickAsync(1);
        await settled(el);
        expect(notice(), '15 s are enough').to.equal('');
        for (const end of ['another device', 'the end'] as const) {
          core.fail('startPreview', error);
          el[name] = 'bb';
          await settled(el);
          await settled(el);
          expect(notice()).to.include(words);
          if (end === 'the end') await el.stop();
          else el[name] = 'aa';
          await settled(el);
          await settled(el);
          expect(notice()).to.equal('');
        }
      });
    }

    for (const kind of ['audio', 'video'] as const) {
      it(`and ${kind} that cannot be added are told of until the next session, or until it is turned off`, async () => {
        const { el, core } = await mountLive('controls');
        const words = `Your ${kind} couldn’t be added. Your broadcast goes on without it.`;
        const told = async () => {
          await settled(el);
          expect(textOf(liveRegion(el, 'status')).includes(words)).to.equal(textOf(part(el, 'notice')).includes(words));
          return textOf(part(el, 'notice')).includes(words);
        };
        const started = (stream: MediaStream) =>
          core.emit('StartPreviewSuccess', { constraints: {}, metadata: { hasAudio: true, hasVideo: true }, stream });
        core.emitCapture({ kind: `${kind}input`, state: 'unsent' });
        expect(await told()).to.equal(true);
        const added = Object.assign(new MediaStream(), { getTracks: () => [{ kind, label: '' }] });
        started(added);
        expect(await told()).to.equal(true);
        core.emitCapture({ kind: `${kind}input`, state: 'paused' });
        expect(await told()).to.equal(true);
        core.emitCapture({ kind: `${kind}input`, state: 'live' });
        expect(await told(), 'its device works again, and is not sent').to.equal(true);
        core.emitStatus('reconnecting_broadcast');
        core.emitStatus('broadcasting');
        expect(await told(), 'the new session may have sent it').to.equal(false);
        core.emitCapture({ kind: `${kind}input`, state: 'unsent' });
        started(new MediaStream());
        expect(await told()).to.equal(false);
      });
    }

    it('while live are not told of if the person has closed the picker of the screen', async () => {
      const { el, core } = await mountLive('controls');
      core.fail('startPreview', CLOSED);
      button(el, 'Share screen').click();
      await settled(el);
      await settled(el);
      expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
      core.fail('startPreview', new RtcUserError(6008, 'Failed.', new DOMException('', 'NotReadableError')));
      button(el, 'Share screen').click();
      await settled(el);
      await settled(el);
      expect(textOf(part(el, 'notice'))).to.include('Your screen wasn’t shared.');
    });

    it('while live do not take the place of one that was chosen meanwhile', async () => {
      const { el, core } = await mountLive();
      const held = core.hold('startPreview');
      el.videoDevice = 'aa';
      await settled(el);
      el.videoDevice = 'bb';
      await settled(el);
      held.reject(BUSY);
      await settled(el);
      expect(el.videoDevice).to.equal('bb');
    });

    it('while live are not shown as chosen either if another one failed before', async () => {
      const { el, core } = await mountLive('controls video-device="good" audio-device="desk"');
      for (const device of ['aa', 'bb']) {
        core.fail('startPreview', BUSY);
        el.videoDevice = device;
        await settled(el);
        await settled(el);
        expect(el.videoDevice).to.equal('good');
      }
      const held = ['aa', 'bb'].map(() => core.hold('startPreview'));
      for (const device of ['aa', 'bb']) {
        el.videoDevice = device;
        await settled(el);
      }
      for (const { reject } of held) {
        reject(BUSY);
        await settled(el);
      }
      await settled(el);
      expect([el.videoDevice, el.audioDevice]).to.deep.equal(['good', 'desk']);
      core.forgetCalls();
      el.audioDevice = 'other';
      await settled(el);
      expect(core.last('startPreview')?.videoDeviceConfig?.device).to.equal('good');
    });

    it('go back to none and to any, as it was', async () => {
      const { el, core } = await mountLive('controls video-device="none"');
      core.fail('startPreview', BUSY);
      Object.assign(el, { videoDevice: 'aa', audioDevice: 'bb' });
      await settled(el);
      await settled(el);
      expect([el.videoDevice, el.audioDevice]).to.deep.equal(['none', '']);
    });

    it('take no camera back that was chosen while the screen is shared', async () => {
      const { el, core } = await mountLive('controls');
      button(el, 'Share screen').click();
      await settled(el);
      el.videoDevice = 'aa';
      await settled(el);
      core.fail('startPreview', BUSY);
      el.audioDevice = 'bb';
      await settled(el);
      await settled(el);
      expect([el.videoDevice, el.audioDevice]).to.deep.equal(['aa', '']);
    });

    it('stay chosen in the preview, where they are tried again', async () => {
      const { el, core } = await mount('controls');
      await el.startPreview();
      core.fail('startPreview', BUSY);
      el.videoDevice = 'bb';
      await settled(el);
      await settled(el);
      expect([el.videoDevice, el.status]).to.deep.equal(['bb', 'failed']);
    });
  });

  it('lock while live what holds from the next start, and say so', async () => {
    const { el } = await mountLive('controls');
    button(el, 'Settings').click();
    await settled(el);
    const locked = [...el.renderRoot.querySelectorAll<HTMLSelectElement>('.fields :is(select, input)')]
      .filter((each) => each.matches(':disabled'))
      .map(({ name }) => name);
    expect(new Set(locked)).to.deep.equal(new Set(['audioMode', 'size', 'framerate']));
    expect(textOf(part(el, 'settings'))).to.include('when you aren’t live');
  });

  it('offer no devices while a stream of the page’s own is sent, as the menus do not', async () => {
    const { el } = await mount('controls');
    el.mediaStream = document.createElement('canvas').captureStream();
    button(el, 'Settings').click();
    await settled(el);
    const lists = [...el.renderRoot.querySelectorAll<HTMLSelectElement>('.menu select, select[name$=Device]')];
    expect(lists.map(({ disabled }) => disabled)).to.deep.equal([true, true, true, true]);
    el.mediaStream = null;
    await settled(el);
    expect(lists.map(({ disabled }) => disabled)).to.deep.equal([false, false, false, false]);
  });

  it('open an open preview anew for what holds from the next start', async () => {
    const { el, core } = await open();
    await el.startPreview();
    core.forgetCalls();
    await choose(el, 'size', '640x360');
    expect(core.count('startPreview')).to.equal(1);
    expect(core.last('startPreview')?.videoDeviceConfig?.width).to.equal(640);
  });

  it('open no camera by themselves', async () => {
    const { el, core } = await open();
    await choose(el, 'size', '640x360');
    await choose(el, 'videoDevice', 'bb');
    radio(el, 'music').click();
    await settled(el);
    expect(core.count('startPreview')).to.equal(0);
  });
});

describe('<nano-webcaster> device lists', () => {
  it('at microphone and camera choose a device', async () => {
    const { el, core } = await mount('controls');
    core.emitDevices({ videodevices: CAMERAS, audiodevices: [] });
    await settled(el);
    const list = el.renderRoot.querySelector<HTMLSelectElement>('[aria-label="Choose camera"]') as HTMLSelectElement;
    expect([...list.options].map(({ label }) => label)).to.deep.equal(['Automatic', 'Front', 'Back', 'None']);
    list.value = 'bb';
    list.dispatchEvent(new Event('change', { bubbles: true }));
    expect(el.videoDevice).to.equal('bb');
  });
});

describe('<nano-webcaster> preview button', () => {
  it('opens the preview and closes it', async () => {
    const { el, core } = await mount('controls');
    button(el, 'Turn on preview').click();
    await settled(el);
    expect(core.isCapturing).to.equal(true);
    button(el, 'Turn off preview').click();
    await settled(el);
    expect(core.isCapturing).to.equal(false);
  });

  it('is not there while live, or with a stream of the page’s own', async () => {
    const { el } = await mountLive('controls');
    const other = await mount('controls');
    other.el.mediaStream = new MediaStream();
    await settled(other.el);
    for (const each of [el, other.el]) expect(part(each, 'preview-button')?.checkVisibility() ?? false).to.equal(false);
  });

  it('tries again after a preview that failed, and then all is well', async () => {
    const { el, core } = await mount('controls');
    core.fail('startPreview', new RtcUserError(6005, 'It was not allowed.'));
    button(el, 'Turn on preview').click();
    await settled(el);
    expect(el.status).to.equal('failed');
    button(el, 'Try again').click();
    await settled(el);
    expect(el.status).to.equal('idle');
  });
});
