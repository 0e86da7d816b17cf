import { expect, waitUntil } from '@open-wc/testing';
import sinon from 'sinon';
import { levelOf } from '../../src/element/controls/level-meter-controller.js';
import type { NanoWebcaster } from '../../src/index.js';
import { mount, settled } from './support/mount.js';

/**
 * A tone, as a microphone would give it. Firefox runs no `AudioContext` on a machine without a sound card; there the
 * samples are made up.
 */
function tone(): { stream: MediaStream; end: () => void } {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context);
  const destination = context.createMediaStreamDestination();
  oscillator.connect(destination);
  oscillator.start();
  if (navigator.userAgent.includes('Firefox')) {
    sinon.stub(AnalyserNode.prototype, 'getFloatTimeDomainData').callsFake((samples) => void samples.fill(0.5));
  }
  return { stream: destination.stream, end: () => void context.close() };
}

/** How much of the bar is filled, 0 to 1. */
function level(el: NanoWebcaster): number {
  const bar = el.renderRoot.querySelector<HTMLElement>('.level span');
  const [, percent = '0'] = /translateY\(-(\d+)%\)/.exec(bar?.style.transform ?? '') ?? [];
  return Number(percent) / 100;
}

describe('<nano-webcaster> level meter', () => {
  let close: sinon.SinonSpy;

  beforeEach(() => (close = sinon.spy(AudioContext.prototype, 'close')));
  afterEach(() => sinon.restore());

  it('is 0 for silence, 1 for all there is, and between them for what is between', () => {
    expect(levelOf(new Float32Array(8))).to.equal(0);
    expect(levelOf(new Float32Array(8).fill(1))).to.equal(1);
    expect(levelOf(new Float32Array(8).fill(0.03))).to.be.within(0.4, 0.6);
  });

  it('shows how loud the microphone is, and lets go of the sound when it is not shown any more', async () => {
    const { el } = await mount('controls');
    const { stream, end } = tone();
    el.mediaStream = stream;
    await waitUntil(() => level(el) > 0.5, 'the tone is seen', { timeout: 10_000 });
    el.controls = false;
    await settled(el);
    expect(close.callCount).to.equal(1);
    end();
  });

  it('shows nothing while muted', async () => {
    const { el } = await mount('controls');
    const { stream, end } = tone();
    el.mediaStream = stream;
    await waitUntil(() => level(el) > 0.5, 'the tone is seen', { timeout: 10_000 });
    el.muted = true;
    await settled(el);
    expect(level(el)).to.equal(0);
    expect(close.callCount).to.equal(1);
    end();
  });

  it('lets go of the sound when the element is removed', async () => {
    const { el } = await mount('controls');
    const { stream, end } = tone();
    el.mediaStream = stream;
    await settled(el);
    const listened = sinon.spy(AudioContext.prototype, 'createMediaStreamSource');
    el.remove();
    await settled(el);
    expect([close.callCount, listened.callCount]).to.deep.equal([1, 0]);
    end();
  });

  it('stands still where the browser lets no sound be measured, and all else goes on', async () => {
    const { el } = await mount('controls');
    const { stream, end } = tone();
    sinon.stub(AudioContext.prototype, 'createMediaStreamSource').throws(new DOMException('', 'NotSupportedError'));
    el.mediaStream = stream;
    await el.updateComplete;
    expect(level(el)).to.equal(0);
    end();
  });

  it('listens to nothing without controls', async () => {
    const { el } = await mount();
    const { stream, end } = tone();
    const listened = sinon.spy(AudioContext.prototype, 'createMediaStreamSource');
    el.mediaStream = stream;
    await settled(el);
    expect(listened.callCount).to.equal(0);
    end();
  });
});
