import { expect, waitUntil } from '@open-wc/testing';
import sinon from 'sinon';
import { isSpeech } from '../../src/element/controls/muted-speech-controller.js';
import type { NanoWebcaster } from '../../src/index.js';
import { liveRegion, mountLive, part, settled } from './support/mount.js';

const WORDS = 'You’re muted: viewers can’t hear you. Unmute to speak.';
const notice = (el: NanoWebcaster) => part(el, 'notice')?.innerText.trim() ?? '';

/** A microphone whose loudness is made up: machines without a sound card run no `AudioContext`. */
function microphone(level: { value: number }): { stream: MediaStream; clones: MediaStreamTrack[]; end: () => void } {
  sinon.stub(AnalyserNode.prototype, 'getFloatTimeDomainData').callsFake((samples) => void samples.fill(level.value));
  const context = new AudioContext();
  const { stream } = context.createMediaStreamDestination();
  const [track] = stream.getAudioTracks() as [MediaStreamTrack];
  const clones: MediaStreamTrack[] = [];
  const clone = track.clone.bind(track);
  track.clone = () => {
    const copy = clone();
    clones.push(copy);
    return copy;
  };
  return { stream, clones, end: () => void context.close() };
}

describe('Speech into a muted microphone', () => {
  afterEach(() => sinon.restore());

  it('is what is loud for more than a moment', () => {
    const levels = (loud: number, quiet: number) => [
      ...new Array<number>(quiet).fill(0.2),
      ...new Array<number>(loud).fill(0.7),
    ];
    expect(isSpeech([])).to.equal(false);
    expect(isSpeech(levels(3, 17))).to.equal(false);
    expect(isSpeech(levels(6, 14))).to.equal(true);
    expect(isSpeech(levels(0, 20))).to.equal(false);
    expect(isSpeech([...levels(20, 0), ...levels(0, 20)])).to.equal(false);
  });

  it('is pointed out while live, and no more once the microphone is on', async () => {
    const { el } = await mountLive('controls muted');
    const { stream, clones, end } = microphone({ value: 0.3 });
    stream.getAudioTracks().forEach((track) => (track.enabled = false));
    el.mediaStream = stream;
    await waitUntil(() => notice(el) === WORDS, 'it is pointed out', { timeout: 10_000 });
    expect(liveRegion(el, 'status').textContent).to.include(WORDS);
    expect(clones.map(({ enabled }) => enabled)).to.deep.equal([true]);
    el.muted = false;
    await settled(el);
    expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    expect(clones.map(({ readyState }) => readyState)).to.deep.equal(['ended']);
    end();
  });

  it('is not noticed in the noise of a room', async () => {
    const { el } = await mountLive('controls muted');
    const { stream, end } = microphone({ value: 0.003 });
    el.mediaStream = stream;
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(part(el, 'notice')?.checkVisibility()).to.equal(false);
    end();
  });

  for (const [name, leave] of Object.entries({
    'the broadcast ends': (el) => el.stop(),
    'the controls go': (el) => (el.controls = false),
    'the element leaves': (el) => el.remove(),
    'the microphone is stopped': (_, stream) => stream.getTracks().forEach((track) => track.stop()),
  } satisfies Record<string, (el: NanoWebcaster, stream: MediaStream) => unknown>)) {
    it(`keeps no microphone open when ${name}`, async () => {
      const { el } = await mountLive('controls muted');
      const { stream, clones, end } = microphone({ value: 0 });
      el.mediaStream = stream;
      await waitUntil(() => clones.length === 1, 'it listens', { timeout: 10_000 });
      await leave(el, stream);
      await waitUntil(() => clones[0]?.readyState === 'ended', 'the clone is stopped', { timeout: 10_000 });
      end();
    });
  }

  it('is not listened to before the broadcast, nor without controls', async () => {
    const { el } = await mountLive('muted');
    const { stream, clones, end } = microphone({ value: 0.3 });
    el.mediaStream = stream;
    await settled(el);
    expect(clones).to.deep.equal([]);
    end();
  });
});
