import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { RtcUserError } from '../../src/index.js';
import { mount, mountLive, settled } from './support/mount.js';

const KEY = 'nano-webcaster';
const stored = (key = KEY) => JSON.parse(localStorage.getItem(key) ?? 'null') as unknown;

describe('<nano-webcaster> remember', () => {
  beforeEach(() => localStorage.clear());
  afterEach(() => {
    sinon.restore();
    localStorage.clear();
  });

  it('keeps devices, mutes and bitrates that the person chose, and nothing else', async () => {
    const { el } = await mount('remember');
    el.actions.mute(true);
    el.actions.choose({ videoDevice: 'camera-2', videoBitrate: 2500, width: 640, height: 360 });
    expect(stored()).to.deep.equal({ muted: true, videoDevice: 'camera-2', videoBitrate: 2500 });
  });

  it('brings them back in the next element, before it calls its core', async () => {
    localStorage.setItem(KEY, JSON.stringify({ muted: true, audioDevice: 'mic-2', audioBitrate: 96 }));
    const { el, core } = await mount('remember audio-device="mic-1"');
    expect([el.muted, el.audioDevice, el.audioBitrate]).to.deep.equal([true, 'mic-2', 96]);
    await el.startPreview();
    expect(core.last('startPreview')?.audioDeviceConfig?.device).to.equal('mic-2');
    expect(core.calls.findLast(({ method }) => method === 'setConfig')?.argument).to.deep.include({
      bitrates: { videoSendInitialBitrate: 0, videoSendBitrate: 0, audioSendBitrate: 96 },
    });
  });

  it('keeps the labels of chosen devices, and hands them over for a browser that has forgotten the ids', async () => {
    const { el, core } = await mount('remember');
    const cameras = ['Front', 'Back'].map((id, index) => ({ id, index, deviceId: `camera-${index}` }));
    core.emitDevices({ audiodevices: [], videodevices: cameras });
    el.actions.choose({ videoDevice: 'camera-1' });
    expect(stored()).to.deep.equal({ videoDevice: 'camera-1', labels: { 'camera-1': 'Back' } });
    const next = await mount('remember');
    next.el.actions.mute(true);
    await next.el.startPreview();
    expect(next.core.last('startPreview')?.videoDeviceConfig).to.include({ device: 'camera-1', deviceLabel: 'Back' });
    next.el.actions.choose({ videoDevice: '' });
    await next.el.startPreview();
    expect(next.core.last('startPreview')?.videoDeviceConfig).to.not.have.property('deviceLabel');
    expect(stored()).to.deep.equal({ videoDevice: '', muted: true });
  });

  it('shows a remembered device that is gone by its label, and one with another id as what it is', async () => {
    const id = '0a'.repeat(32);
    localStorage.setItem(KEY, JSON.stringify({ videoDevice: id, labels: { [id]: 'Studio' } }));
    const { el, core } = await mount('remember controls');
    const label = () => {
      const select = el.renderRoot.querySelector<HTMLSelectElement>('select[aria-label="Choose camera"]');
      return select?.selectedOptions[0]?.label;
    };
    expect(label()).to.equal('Studio');
    const front = { id: 'Front', index: 0, deviceId: 'camera-0' };
    core.emitDevices({ audiodevices: [], videodevices: [front] });
    await settled(el);
    expect(label()).to.equal('Studio · Not connected');
    // Choices of other things keep the label.
    el.actions.mute(true);
    expect(stored()).to.deep.include({ labels: { [id]: 'Studio' } });
    core.emitDevices({ audiodevices: [], videodevices: [front, { id: 'Studio', index: 1, deviceId: 'camera-1' }] });
    await settled(el);
    expect(label()).to.equal('Studio');
  });

  it('keeps nothing and brings nothing back without the attribute', async () => {
    localStorage.setItem(KEY, JSON.stringify({ muted: true }));
    const { el } = await mount();
    expect(el.muted).to.equal(false);
    el.actions.muteVideo(true);
    expect(stored()).to.deep.equal({ muted: true });
  });

  it('does not keep what the page sets', async () => {
    const { el } = await mount('remember muted');
    el.videoDevice = 'none';
    await settled(el);
    expect(stored()).to.equal(null);
  });

  it('keeps no device that could not be opened while live, but the one that is shown', async () => {
    const { el, core } = await mountLive('remember');
    el.actions.choose({ videoDevice: 'camera-1' });
    await settled(el);
    core.fail('startPreview', new RtcUserError(6005, 'In use.'));
    el.actions.choose({ videoDevice: 'camera-2' });
    await settled(el);
    await settled(el);
    expect([el.videoDevice, stored()]).to.deep.equal(['camera-1', { videoDevice: 'camera-1' }]);
  });

  it('keeps what the person chose where a device of the page’s could not be opened while live', async () => {
    localStorage.setItem(KEY, JSON.stringify({ videoDevice: 'camera-1' }));
    const { el, core } = await mountLive('remember');
    for (const videoDevice of ['camera-2', 'camera-3']) {
      if (videoDevice === 'camera-3') core.fail('startPreview', new RtcUserError(6005, 'In use.'));
      el.videoDevice = videoDevice;
      await settled(el);
      await settled(el);
    }
    expect([el.videoDevice, stored()]).to.deep.equal(['camera-2', { videoDevice: 'camera-1' }]);
  });

  it('keeps one entry for each id', async () => {
    const { el } = await mount('remember id="second"');
    el.actions.mute(true);
    expect(stored()).to.equal(null);
    expect(stored(`${KEY}#second`)).to.deep.equal({ muted: true });
  });

  for (const entry of [
    '{',
    'null',
    '[]',
    '"text"',
    '{"videoBitrate":"much","muted":{},"server":"https://evil.example"}',
  ]) {
    it(`survives the stored entry ${entry}`, async () => {
      localStorage.setItem(KEY, entry);
      sinon.stub(console, 'warn');
      const { el } = await mount('remember server="https://media.example/whip"');
      expect([el.server, el.videoBitrate]).to.deep.equal(['https://media.example/whip', 0]);
    });
  }

  it('does without a storage that the page may not use', async () => {
    sinon.stub(Storage.prototype, 'getItem').throws(new DOMException('denied', 'SecurityError'));
    sinon.stub(Storage.prototype, 'setItem').throws(new DOMException('full', 'QuotaExceededError'));
    const { el } = await mount('remember');
    el.actions.mute(true);
    await settled(el);
    expect(el.muted).to.equal(true);
  });
});
