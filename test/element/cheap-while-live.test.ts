import { expect, waitUntil } from '@open-wc/testing';
import sinon from 'sinon';
import type { NanoWebcaster } from '../../src/index.js';
import { button, mount, mountLive, part, settled } from './support/mount.js';
import type { FakeCore } from './support/fake-core.js';

const RESULTS = {
  videoBitrate: 900,
  audioBitrate: 64,
  videoCodec: 'H264',
  framerate: 15,
  packetLoss: 0,
  roundTripTime: 20,
};

const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1000));

/**
 * What changed in the shadow tree: a mutated node, by how it is known there. Text nodes are kept: new ones would make the
 * browser look at the styles of what is around them.
 */
function nameOf({ target, type }: MutationRecord): string {
  const element = target instanceof Element ? target : target.parentElement;
  const name = element?.getAttribute('data-stat') ?? element?.getAttribute('class') ?? element?.localName ?? '';
  return type === 'childList' ? `children of ${name}` : name;
}

/**
 * Counts the mutations of an element's shadow tree in three seconds of a live broadcast, with what the core reports every
 * second; by the nodes' names.
 */
async function mutationsOf(el: NanoWebcaster, core: FakeCore): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const observer = new MutationObserver((records) => {
    for (const record of records) counts[nameOf(record)] = (counts[nameOf(record)] ?? 0) + 1;
  });
  observer.observe(el.renderRoot, { attributes: true, characterData: true, childList: true, subtree: true });
  for (let second = 1; second <= 3; second++) {
    await aSecond();
    core.emitStats({ ...RESULTS, videoBitrate: 900 + second }, 'good');
  }
  await settled(el);
  observer.disconnect();
  return counts;
}

/** A live element, once everything that a start brings with it is over. */
async function mountCalm(attributes = ''): Promise<{ el: NanoWebcaster; core: FakeCore }> {
  const mounted = await mountLive(attributes);
  mounted.core.emitStats(RESULTS, 'good');
  await aSecond();
  return mounted;
}

describe('A live <nano-webcaster>', () => {
  afterEach(() => sinon.restore());

  it('changes nothing in its shadow tree without controls', async () => {
    const { el, core } = await mountCalm();
    const renders = sinon.spy(el, 'requestUpdate');
    expect(await mutationsOf(el, core)).to.deep.equal({});
    expect(renders.callCount).to.equal(0);
  });

  it('changes only its clock with controls', async () => {
    const { el, core } = await mountCalm('controls');
    const renders = sinon.spy(el, 'requestUpdate');
    const { clock = 0, ...others } = await mutationsOf(el, core);
    expect(clock).to.be.within(2, 4);
    expect(others).to.deep.equal({});
    expect(renders.callCount).to.equal(0);
  });

  it('changes only its clock with the settings open', async () => {
    const { el, core } = await mountCalm('controls');
    button(el, 'Settings').click();
    await settled(el);
    const renders = sinon.spy(el, 'requestUpdate');
    const { clock = 0, ...others } = await mutationsOf(el, core);
    expect(clock).to.be.within(2, 4);
    expect(others).to.deep.equal({});
    expect(renders.callCount).to.equal(0);
  });

  it('changes only its clock, the numbers that differ and the chart with the statistics open', async () => {
    const { el, core } = await mountCalm('controls');
    part(el, 'quality')?.click();
    await settled(el);
    core.emitStats(RESULTS, 'good');
    const renders = sinon.spy(el, 'requestUpdate');
    const { clock = 0, ...others } = await mutationsOf(el, core);
    expect(clock).to.be.within(2, 4);
    expect(others).to.deep.equal({ video: 3, chart: 3, polyline: 3, polygon: 3 });
    expect(renders.callCount).to.equal(0);
  });

  it('writes its level to one node, at most twelve times a second', async () => {
    const { el } = await mount('controls');
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    let loudness = 0;
    sinon.stub(AnalyserNode.prototype, 'getFloatTimeDomainData').callsFake((samples) => {
      loudness = 1 - loudness;
      samples.fill(loudness);
    });
    el.mediaStream = destination.stream;
    await waitUntil(() => loudness > 0, 'the sound is looked at', { timeout: 10_000 });
    const targets = new Set<Node>();
    let count = 0;
    const observer = new MutationObserver((records) => {
      count += records.length;
      for (const { target } of records) targets.add(target);
    });
    observer.observe(el.renderRoot, { attributes: true, characterData: true, childList: true, subtree: true });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    observer.disconnect();
    expect(count).to.be.within(1, 24);
    expect([...targets].map((target) => (target as Element).parentElement?.className)).to.deep.equal(['level']);
    void context.close();
  });

  it('measures no level while it cannot be seen', async () => {
    const { el } = await mount('controls');
    const context = new AudioContext();
    const destination = context.createMediaStreamDestination();
    const close = sinon.spy(AudioContext.prototype, 'close');
    el.mediaStream = destination.stream;
    await settled(el);
    const listened = sinon.spy(AudioContext.prototype, 'createMediaStreamSource');
    let visibility: DocumentVisibilityState = 'hidden';
    sinon.stub(document, 'visibilityState').get(() => visibility);
    document.dispatchEvent(new Event('visibilitychange'));
    expect(close.callCount).to.equal(1);
    el.lang = 'de';
    await settled(el);
    expect(listened.callCount).to.equal(0);
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    expect(listened.callCount).to.equal(1);
    el.style.display = 'none';
    await waitUntil(() => close.callCount === 2, 'it lets go of the sound', { timeout: 10_000 });
    el.style.display = '';
    await waitUntil(() => listened.callCount === 2, 'it listens again', { timeout: 10_000 });
    void context.close();
  });
});
