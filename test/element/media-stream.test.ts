import { expect } from '@open-wc/testing';
import { RtcUserError, type NanoWebcaster } from '../../src/index.js';
import { FakeCore } from './support/fake-core.js';
import { mount, mountLive, part, place, rejection, SERVER, settled, unhandled } from './support/mount.js';

/** A stream of the page's own: a picture that it draws itself. */
function drawing(): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
  return canvas.captureStream();
}

const BUSY = new RtcUserError(6005, 'In use.', new DOMException('', 'NotReadableError'));
const isSame = (one: MediaProvider | null | undefined, other: MediaProvider | null) => one === other;

describe('<nano-webcaster> mediaStream', () => {
  it('is handed to the core when it is set', async () => {
    const { el, core } = await mount();
    const stream = drawing();
    el.mediaStream = stream;
    expect(isSame(core.last('setMediaStream')?.stream, stream)).to.equal(true);
    expect(isSame(el.mediaStream, stream)).to.equal(true);
  });

  it('has a button for what is in it only', async () => {
    const { el } = await mount('controls');
    const shown = () =>
      [...(el.shadowRoot?.querySelectorAll<HTMLElement>('.split') ?? [])].map(({ hidden }) => !hidden);
    const context = new AudioContext();
    const { stream: sound } = context.createMediaStreamDestination();
    const silent = drawing();
    for (const [stream, buttons] of [
      [silent, [false, true]],
      [sound, [true, false]],
      [new MediaStream([...silent.getTracks(), ...sound.getTracks()]), [true, true]],
      [new MediaStream(), [true, true]],
      [null, [true, true]],
    ] as const) {
      el.mediaStream = stream;
      await settled(el);
      expect(shown()).to.deep.equal(buttons);
    }
    await context.close();
  });

  it('is broadcast without a prompt for the camera', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.mediaStream = drawing();
    await el.start();
    expect(core.methods).to.not.include('startPreview');
    expect(core.isLive).to.equal(true);
  });

  it('is handed to the core before the broadcast starts', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.mediaStream = drawing();
    core.forgetCalls();
    await el.start();
    expect(core.methods.indexOf('setMediaStream')).to.be.within(0, core.methods.indexOf('startBroadcast'));
  });

  it('is shown in the preview', async () => {
    const { el } = await mount();
    const stream = drawing();
    el.mediaStream = stream;
    await settled(el);
    expect(isSame(part<HTMLVideoElement>(el, 'preview')?.srcObject, stream)).to.equal(true);
  });

  it('is shown without the labels of its tracks, which are no names', async () => {
    const { el } = await mount('controls');
    const stream = drawing();
    // Chromium labels the tracks of a canvas with an id, Firefox not at all.
    Object.defineProperty(stream.getTracks()[0], 'label', { value: '0f3a9c1e-7d52' });
    el.mediaStream = stream;
    await settled(el);
    expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
  });

  it('is what camera and microphone give once the preview is open', async () => {
    const { el } = await mount();
    await el.startPreview();
    await settled(el);
    expect(el.mediaStream).to.be.instanceOf(MediaStream);
    expect(isSame(part<HTMLVideoElement>(el, 'preview')?.srcObject, el.mediaStream)).to.equal(true);
  });

  it('is nothing again once the preview is closed', async () => {
    const { el } = await mount();
    await el.startPreview();
    await el.stopPreview();
    await settled(el);
    expect(isSame(el.mediaStream, null)).to.equal(true);
    expect(isSame(part<HTMLVideoElement>(el, 'preview')?.srcObject, null)).to.equal(true);
  });

  it('is not closed by stopPreview, for it is the page’s own', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    const stream = drawing();
    el.mediaStream = stream;
    await el.start();
    core.forgetCalls();
    await el.stopPreview();
    await settled(el);
    expect(core.methods).to.deep.equal(['stopPreview', 'setMediaStream']);
    expect(isSame(core.last('setMediaStream')?.stream, stream)).to.equal(true);
    expect([core.isLive, el.status, isSame(el.mediaStream, stream)]).to.deep.equal([true, 'broadcasting', true]);
    el.mediaStream = null;
    await settled(el);
    await el.stop();
    expect(core.isLive).to.equal(false);
  });

  for (const [who, open] of [
    ['startPreview', (el: NanoWebcaster) => el.startPreview()],
    ['the core', (el: NanoWebcaster) => el.core.startPreview()],
  ] as const) {
    it(`leaves no camera open that ${who} opened beside it`, async () => {
      const { el, core } = await mount();
      el.mediaStream = drawing();
      await open(el);
      await el.stopPreview();
      expect(core.isCapturing).to.equal(false);
    });
  }

  it('leaves no camera open that was opened beside it while live, once the element is removed', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.mediaStream = drawing();
    await el.start();
    await el.startPreview();
    core.forgetCalls();
    el.remove();
    await settled(el);
    expect([core.isCapturing, core.isLive]).to.deep.equal([false, false]);
    expect(core.methods, 'nothing is handed to the core again').to.not.include('setMediaStream');
  });

  const REFUSED = new RtcUserError(6001, 'The stream has no tracks.');

  it('goes back to what is captured if the core refuses it', async () => {
    const { el, core } = await mountLive('controls');
    core.fail('setMediaStream', REFUSED);
    el.mediaStream = drawing();
    await settled(el);
    expect(isSame(el.mediaStream, core.stream)).to.equal(true);
    expect(isSame(part<HTMLVideoElement>(el, 'preview')?.srcObject, core.stream)).to.equal(true);
    expect(el.renderRoot.querySelector<HTMLSelectElement>('[aria-label="Choose camera"]')?.disabled).to.equal(false);
    el.videoDevice = 'bb';
    await settled(el);
    expect(core.last('startPreview')?.videoDeviceConfig?.device).to.equal('bb');
    await el.stop();
    expect(core.isCapturing).to.equal(false);
  });

  it('goes back to the one before if the core refuses another', async () => {
    const { el, core } = await mount();
    const stream = drawing();
    el.mediaStream = stream;
    await settled(el);
    for (let refused = 0; refused < 2; refused++) {
      core.fail('setMediaStream', REFUSED);
      el.mediaStream = drawing();
    }
    await settled(el);
    expect(isSame(el.mediaStream, stream)).to.equal(true);
  });

  it('is tried again by the next start if the core refused it while nothing was captured', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    const stream = drawing();
    core.fail('setMediaStream', REFUSED);
    el.mediaStream = stream;
    await settled(el);
    expect(isSame(el.mediaStream, null)).to.equal(true);
    core.fail('setMediaStream', REFUSED);
    expect(await rejection(el.start())).to.equal(REFUSED);
    await el.start();
    expect(isSame(el.mediaStream, stream)).to.equal(true);
    expect(core.methods).to.not.include('startPreview');
  });

  it('and null while live with a busy camera leave the choice of another one', async () => {
    const busy = new RtcUserError(6005, 'In use.', new DOMException('', 'NotReadableError'));
    const { el, core } = await mount(`controls server="${SERVER}"`);
    el.mediaStream = drawing();
    await el.start();
    core.fail('startPreview', busy);
    el.mediaStream = null;
    await settled(el);
    for (const device of ['aa', 'bb']) {
      core.forgetCalls();
      if (device === 'aa') core.fail('startPreview', busy);
      el.videoDevice = device;
      await settled(el);
      await settled(el);
      expect([el.videoDevice, core.count('startPreview')]).to.deep.equal([device, 1]);
      expect(core.last('startPreview')?.videoDeviceConfig?.device).to.equal(device);
    }
    await el.stop();
    expect(core.isCapturing).to.equal(false);
  });

  it('goes back to the camera with null', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.mediaStream = drawing();
    el.mediaStream = null;
    core.forgetCalls();
    await el.start();
    expect(isSame(core.last('setMediaStream')?.stream, null)).to.equal(false);
    expect(core.methods).to.include('startPreview').and.not.include('setMediaStream');
  });

  it('goes back to the camera with null, also where that was open before', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    await el.startPreview();
    el.mediaStream = drawing();
    el.mediaStream = null;
    await el.start();
    expect(core.isCapturing).to.equal(true);
    await el.stop();
    expect(core.isCapturing, 'the start had opened it').to.equal(false);
  });

  it('leaves no camera to be switched when it is taken away', async () => {
    const { el, core } = await mount();
    await el.startPreview();
    el.mediaStream = drawing();
    el.mediaStream = null;
    await settled(el);
    core.forgetCalls();
    el.videoDevice = 'Back camera';
    await settled(el);
    expect(core.methods).to.not.include('startPreview');
  });

  it('goes back to the camera with null while live', async () => {
    const { el, core } = await mountLive();
    el.mediaStream = drawing();
    await settled(el);
    el.mediaStream = null;
    await settled(el);
    expect(core.isLive).to.equal(true);
    expect(core.isCapturing).to.equal(true);
  });

  it('asks for no camera with null while idle', async () => {
    const { el, core } = await mount();
    el.mediaStream = drawing();
    el.mediaStream = null;
    await settled(el);
    expect(core.methods).to.not.include('startPreview');
  });

  it('takes the place of the camera while live, without another start', async () => {
    const { el, core } = await mountLive();
    el.mediaStream = drawing();
    await settled(el);
    expect(core.methods).to.deep.equal(['setMediaStream']);
    expect(el.status).to.equal('broadcasting');
  });

  it('is used again after a stop and a start', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.mediaStream = drawing();
    await el.start();
    await el.stop();
    await el.start();
    expect(core.methods).to.not.include('startPreview');
    expect(core.isLive).to.equal(true);
  });

  it('stays the page’s own: its tracks are never stopped', async () => {
    const { el } = await mount(`server="${SERVER}"`);
    const stream = drawing();
    el.mediaStream = stream;
    await el.start();
    await el.stop();
    el.remove();
    await settled(el);
    expect(stream.getTracks().map(({ readyState }) => readyState)).to.deep.equal(['live']);
  });

  it('is not asked for another device while the page’s own is in use', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    el.mediaStream = drawing();
    await el.start();
    el.videoDevice = 'Back camera';
    await settled(el);
    expect(core.methods).to.not.include('startPreview');
  });

  it('is hidden with no-preview, and still broadcast', async () => {
    const { el, core } = await mount(`server="${SERVER}" no-preview`);
    el.mediaStream = drawing();
    await el.start();
    expect(part(el, 'preview') === null).to.equal(true);
    expect(core.isLive).to.equal(true);
  });

  it('may come from a frame', async () => {
    const { el, core } = await mount();
    const frame = document.createElement('iframe');
    place().append(frame);
    const stream = frame.contentDocument?.createElement('canvas').captureStream() as MediaStream;
    el.mediaStream = stream;
    await settled(el);
    expect(el.mediaStream === stream).to.equal(true);
    expect(core.last('setMediaStream')?.stream === stream).to.equal(true);
    expect(part<HTMLVideoElement>(el, 'preview')?.srcObject === stream).to.equal(true);
  });

  it('is nothing that only looks like one: no video could show it', async () => {
    const { el } = await mount();
    const seen = await unhandled(async () => {
      el.mediaStream = { getTracks: () => [] } as unknown as MediaStream;
      await el.updateComplete;
    });
    expect([seen, el.mediaStream]).to.deep.equal([[], null]);
  });

  it('never throws where it is no stream', async () => {
    const { el } = await mount();
    const seen = await unhandled(async () => {
      el.mediaStream = {} as MediaStream;
      await el.updateComplete;
    });
    expect(seen.map(String)).to.deep.equal([]);
  });

  it('is shown without a sound and without full screen on phones', async () => {
    const { el } = await mount();
    const video = part<HTMLVideoElement>(el, 'preview');
    expect(video?.muted).to.equal(true);
    expect(video?.autoplay).to.equal(true);
    expect(video?.hasAttribute('playsinline')).to.equal(true);
  });

  it('and null while live keep what is captured if it cannot be opened again', async () => {
    const { el, core } = await mountLive('controls');
    core.fail('startPreview', BUSY);
    el.mediaStream = null;
    await settled(el);
    expect(core.isCapturing).to.equal(true);
    expect(isSame(el.mediaStream, core.stream)).to.equal(true);
  });

  it('refused while the person is asked for the camera stands in no start’s way', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    const held = core.hold('startPreview');
    void el.startPreview();
    await settled(el);
    core.fail('setMediaStream', REFUSED);
    el.mediaStream = drawing();
    await settled(el);
    held.resolve();
    await settled(el);
    core.fail('setMediaStream', REFUSED);
    await el.start();
    await settled(el);
    expect(el.status).to.equal('broadcasting');
  });

  it('refused by another core leaves the one before', async () => {
    const { el } = await mount(`server="${SERVER}"`);
    const stream = drawing();
    el.mediaStream = stream;
    await settled(el);
    const core = new FakeCore();
    el.core = core.asCore;
    core.fail('setMediaStream', REFUSED);
    el.mediaStream = drawing();
    await settled(el);
    expect(isSame(el.mediaStream, stream)).to.equal(true);
  });

  it('whose end was told is still over after stopPreview', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    el.mediaStream = drawing();
    await el.start();
    core.emitCapture({ kind: 'videoinput', state: 'missing' });
    await settled(el);
    await el.stopPreview();
    await settled(el);
    expect(part(el, 'notice')?.innerText).to.include('blank picture');
  });

  it('and null with a busy camera open nothing once the show is over', async () => {
    const { el, core } = await mount(`controls server="${SERVER}"`);
    await el.startPreview();
    await el.start();
    await el.core.stopPreview();
    await settled(el);
    core.fail('startPreview', BUSY);
    el.videoDevice = 'aa';
    await settled(el);
    await settled(el);
    await el.stop();
    await settled(el);
    core.forgetCalls();
    el.videoDevice = 'bb';
    await settled(el);
    expect(core.methods).to.not.include('startPreview');
  });
});
