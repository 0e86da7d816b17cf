import { expect } from '@open-wc/testing';
import { mount, mountLive, place, SERVER, settled } from './support/mount.js';
import type { NanoWebcaster } from '../../src/index.js';

/** Clicks a button of the page that commands the element. */
async function command(el: NanoWebcaster, name: string): Promise<void> {
  const button = document.createElement('button');
  el.id ||= 'studio';
  button.setAttribute('commandfor', el.id);
  button.setAttribute('command', name);
  el.before(button);
  button.click();
  await settled(el);
}

describe('<nano-webcaster> commands', () => {
  it('--start goes live, once', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    await command(el, '--start');
    await command(el, '--start');
    expect(el.status).to.equal('broadcasting');
    expect(core.count('startBroadcast')).to.equal(1);
  });

  it('--start opens the camera within the click', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    const commanded = command(el, '--start');
    expect(core.methods).to.include('startPreview');
    await commanded;
  });

  it('--stop ends the broadcast', async () => {
    const { el, core } = await mountLive();
    await command(el, '--stop');
    expect(core.isLive).to.equal(false);
    expect(el.status).to.equal('idle');
  });

  it('--preview opens and closes the preview', async () => {
    const { el, core } = await mount();
    await command(el, '--preview');
    expect(core.isCapturing).to.equal(true);
    await command(el, '--preview');
    expect(core.isCapturing).to.equal(false);
  });

  it('--preview takes nothing from viewers while live, or while it starts', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    const held = core.hold('signIn');
    const started = el.start();
    await settled(el);
    await command(el, '--preview');
    held.resolve();
    await started;
    await settled(el);
    await command(el, '--preview');
    expect(core.isCapturing).to.equal(true);
    expect(core.count('startPreview')).to.equal(1);
  });

  for (const [name, property] of [
    ['--mute', 'muted'],
    ['--video-mute', 'videoMuted'],
  ] as const) {
    it(`${name} toggles ${property}`, async () => {
      const { el } = await mountLive();
      await command(el, name);
      expect(el[property]).to.equal(true);
      await command(el, name);
      expect(el[property]).to.equal(false);
    });
  }

  it('--share-screen switches to the screen while live, and back', async () => {
    const { el, core } = await mountLive();
    await command(el, '--share-screen');
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('screen');
    expect(el.source).to.equal('screen');
    expect(el.status).to.equal('broadcasting');
    await command(el, '--share-screen');
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('camera');
    expect(core.count('startBroadcast')).to.equal(0);
  });

  it('--share-screen goes back to the camera if the person closes the picker', async () => {
    const { el, core } = await mountLive();
    const held = core.hold('startPreview');
    await command(el, '--share-screen');
    held.reject(new (await import('../../src/index.js')).RtcUserError(6008, 'It was not allowed.'));
    await settled(el);
    expect(el.source).to.equal('camera');
    expect(el.status).to.equal('broadcasting');
  });

  it('ignore a command of another kind, a name of Object, and one for another element', async () => {
    const { el, core } = await mountLive();
    await command(el, '--unknown');
    await command(el, 'toString');
    const other = document.createElement('div');
    other.id = 'other';
    place().append(other);
    const button = document.createElement('button');
    button.setAttribute('commandfor', 'other');
    button.setAttribute('command', '--stop');
    other.before(button);
    button.click();
    await settled(el);
    expect(core.methods).to.deep.equal([]);
  });

  it('come no more once the element has left the page', async () => {
    const { el, core } = await mount(`server="${SERVER}"`);
    const home = el.parentElement as Element;
    el.id = 'gone';
    el.remove();
    await settled(el);
    core.forgetCalls();
    home.innerHTML = '<button commandfor="gone" command="--start">Start</button>';
    home.querySelector('button')?.click();
    await settled(el);
    expect(core.methods).to.deep.equal([]);
  });
});
