import { aTimeout, expect } from '@open-wc/testing';
import { button, mount, mountLive, part, place, SERVER, settled, textOf } from './support/mount.js';
import type { NanoWebcaster } from '../../src/index.js';

const video = (el: NanoWebcaster) => el.renderRoot.querySelector('video') as HTMLVideoElement;

/** A stream with video, drawn by a canvas. */
function drawn(): MediaStream {
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
  canvas.getContext('2d')?.fillRect(0, 0, 64, 36);
  return canvas.captureStream(10);
}

describe('<nano-webcaster> preview', () => {
  it('D3: is loaded once: a render does not set its source again', async () => {
    const { el } = await mount('controls');
    el.mediaStream = drawn();
    await settled(el);
    let emptied = 0;
    video(el).addEventListener('emptied', () => emptied++);
    for (const muted of [true, false, true]) {
      el.muted = muted;
      await settled(el);
    }
    await aTimeout(100);
    expect(emptied).to.equal(0);
  });

  it('D2: has its controls without IntersectionObserver', async () => {
    const kept = window.IntersectionObserver;
    Reflect.deleteProperty(window, 'IntersectionObserver');
    try {
      const { el } = await mountLive('controls');
      expect(button(el, 'End').checkVisibility()).to.equal(true);
    } finally {
      window.IntersectionObserver = kept;
    }
  });

  it('shows a crossed-out camera while it is off, but not behind a card', async () => {
    const { el, core } = await mountLive('controls video-muted');
    const isCrossedOut = () => el.renderRoot.querySelector('.placeholder')?.checkVisibility();
    expect(isCrossedOut()).to.equal(true);
    core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 1, delay: 2 });
    await settled(el);
    expect(isCrossedOut(), 'reconnecting').to.equal(false);
    core.emitStatus('broadcasting');
    await settled(el);
    expect(isCrossedOut(), 'live again').to.equal(true);
    button(el, 'End').click();
    await settled(el);
    expect(isCrossedOut(), 'behind the question').to.equal(false);
    button(el, 'Stay live').click();
    await settled(el);
    expect(isCrossedOut(), 'after the question').to.equal(true);
  });

  it('shows a microphone in place of a black picture where there is only audio', async () => {
    const { el } = await mount('video-device="none"');
    const shape = () => el.renderRoot.querySelector('.placeholder svg')?.innerHTML;
    const isBlack = () => el.renderRoot.querySelector('.base')?.hasAttribute('data-video');
    const idle = shape();
    const context = new AudioContext();
    el.mediaStream = context.createMediaStreamDestination().stream;
    await settled(el);
    expect(el.renderRoot.querySelector('.placeholder')?.checkVisibility()).to.equal(true);
    expect([shape(), isBlack()]).to.deep.equal([idle, false]);
    el.mediaStream = drawn();
    await settled(el);
    expect(el.renderRoot.querySelector('.placeholder')?.checkVisibility()).to.equal(false);
    expect(shape()).to.not.equal(idle);
    expect(isBlack()).to.equal(true);
    void context.close();
  });

  it('names no camera with controls where there is only audio', async () => {
    const { el, core } = await mount('controls video-device="none"');
    const cards = [...el.renderRoot.querySelectorAll('[part~=card]')].filter((each) => each.checkVisibility());
    expect(textOf(...cards)).to.include('Check your microphone');
    const context = new AudioContext();
    core.stream = context.createMediaStreamDestination().stream;
    el.videoMuted = true;
    await el.startPreview();
    await settled(el);
    const shown = [...el.renderRoot.querySelectorAll<HTMLElement>('.bar button, .pill')].filter((each) =>
      each.checkVisibility(),
    );
    expect(shown.map(({ textContent }) => textContent).join()).to.not.match(/camera/i);
    void context.close();
  });

  it('asks for a screen where a screen is the source', async () => {
    const { el, core } = await mount('controls source="screen"');
    const symbol = () => el.renderRoot.querySelector('[part~=card]:not([hidden]) svg')?.innerHTML;
    const card = () => [...el.renderRoot.querySelectorAll('[part~=card]')].filter((each) => each.checkVisibility());
    expect(textOf(...card())).to.equal('Share screen Turn on preview');
    const cameraShape = el.renderRoot.querySelector('.bar [aria-label="Choose camera"]')?.closest('.split');
    expect(symbol()).to.not.equal(cameraShape?.querySelector('svg')?.innerHTML);
    await el.start();
    await el.stop();
    await settled(el);
    expect(textOf(...card())).to.match(/^Broadcast ended after/);
    expect(core.last('startPreview')?.videoDeviceConfig?.source).to.equal('screen');
  });

  it('is named before the page’s own text for idle, so that an open microphone is noticed', async () => {
    const { el, core } = await mount('video-device="none"', '<b slot="idle">Ready when you are</b>');
    // Without what the page has put into the slot.
    const ownText = () => part(el, 'status')?.innerText.trim();
    expect(ownText()).to.equal('');
    const context = new AudioContext();
    core.stream = context.createMediaStreamDestination().stream;
    await el.startPreview();
    await settled(el);
    expect(ownText()).to.equal('Preview ·');
    await el.stopPreview();
    await settled(el);
    expect(ownText()).to.equal('');
    void context.close();
  });

  for (const [what, open] of [
    ['it', (el: NanoWebcaster) => el.startPreview()],
    ['a stream of the page', async (el: NanoWebcaster) => void (el.mediaStream = drawn())],
  ] as const) {
    it(`beside which a broadcast ended says so and after how long, if ${what} was open before`, async () => {
      for (const controls of ['controls', '']) {
        const { el, core } = await mount(`${controls} server="${SERVER}"`);
        const told = () => {
          const shown = part(el, controls ? 'notice' : 'status');
          return shown?.checkVisibility() ? shown.innerText : '';
        };
        await open(el);
        for (let shows = 0; shows < 2; shows++) {
          expect(told().includes('Broadcast ended')).to.equal(shows > 0);
          await el.start();
          await settled(el);
          expect(told()).to.not.include('Broadcast ended');
          await el.stop();
          await settled(el);
          expect(told()).to.include('Broadcast ended after 0:00');
        }
        const [camera] = core.useCamera({});
        Object.defineProperty(camera, 'label', { value: 'Front' });
        el.mediaStream = null;
        await el.startPreview();
        await settled(el);
        expect(told()).to.not.include('Broadcast ended');
      }
    });
  }

  it('names no microphone with controls where there is only video', async () => {
    const { el, core } = await mount('controls audio-device="none" muted');
    const cards = [...el.renderRoot.querySelectorAll('[part~=card]')].filter((each) => each.checkVisibility());
    expect(textOf(...cards)).to.equal('Check your camera Turn on preview');
    const shown = () =>
      [...el.renderRoot.querySelectorAll<HTMLElement>('.bar :is(button, select), .pill, .level')]
        .filter((each) => each.checkVisibility())
        .map((each) => each.title + textOf(each))
        .join();
    core.useCamera({});
    await el.startPreview();
    await settled(el);
    expect(shown()).to.not.match(/microphone|muted/i);
    expect(part(el, 'level')?.checkVisibility()).to.equal(false);
    // The sound of a shared screen.
    const context = new AudioContext();
    core.stream = context.createMediaStreamDestination().stream;
    await el.startPreview();
    await settled(el);
    expect(shown()).to.match(/muted.*microphone/i);
    void context.close();
  });

  it('follows another stream, and none', async () => {
    const { el } = await mount();
    const [one, other] = [drawn(), drawn()];
    el.mediaStream = one;
    await settled(el);
    expect(video(el).srcObject).to.equal(one);
    el.mediaStream = other;
    await settled(el);
    expect(video(el).srcObject).to.equal(other);
    el.mediaStream = null;
    await settled(el);
    expect(video(el).srcObject).to.equal(null);
  });

  it('plays again when the page becomes visible, until the element is removed', async () => {
    const { el } = await mount();
    el.mediaStream = drawn();
    await settled(el);
    const preview = video(el);
    preview.pause();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(preview.paused).to.equal(false);
    preview.pause();
    el.remove();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(preview.paused).to.equal(true);
  });

  it('has its stream again after no-preview is taken away', async () => {
    const { el } = await mount('no-preview');
    const stream = drawn();
    el.mediaStream = stream;
    el.noPreview = false;
    await settled(el);
    expect(video(el).srcObject).to.equal(stream);
  });

  it('is not rendered by statistics, nor by anything else that changes every second', async () => {
    const { el, core } = await mountLive('controls');
    core.emitStats({ videoBitrate: 1000 }, 'good');
    await settled(el);
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(el.renderRoot, { subtree: true, childList: true, attributes: true, characterData: true });
    for (let second = 0; second < 5; second++) core.emitStats({ videoBitrate: 1000 + second }, 'good');
    await settled(el);
    changes.push(...observer.takeRecords());
    const others = changes.filter(({ target }) => !(target as Element).parentElement?.closest('.clock, .level'));
    expect(others.filter(({ target }) => !(target as Element).matches?.('.clock, .level'))).to.deep.equal([]);
  });
});

describe('<nano-webcaster> inside other people’s pages', () => {
  it('D1: goes on if it is put back before the next task', async () => {
    const { el, core } = await mountLive();
    const home = place();
    el.remove();
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
    home.append(el);
    await aTimeout(10);
    expect(core.methods).to.deep.equal([]);
    expect(el.status).to.equal('broadcasting');
  });

  it('D6: sets its status again if DOM morphing takes the attribute away or replaces it', async () => {
    const { el } = await mountLive();
    el.removeAttribute('status');
    await settled(el);
    expect(el.getAttribute('status')).to.equal('broadcasting');
    el.setAttribute('status', 'idle');
    await settled(el);
    expect(el.getAttribute('status')).to.equal('broadcasting');
    expect(el.status).to.equal('broadcasting');
  });

  it('D7: leaves statistics that the page asked for alone when the controls go', async () => {
    const { el, core } = await mountLive('controls');
    el.controls = false;
    await settled(el);
    const [off] = core.calls.filter(({ method }) => method === 'enableStats');
    expect(off?.argument).to.equal(false);
    expect(core.statsOwner).to.equal('other');
  });

  for (const name of ['throws', 'is missing'] as const) {
    it(`D2: mutes and unmutes if AudioContext ${name}`, async () => {
      const original = window.AudioContext;
      const unusable = function () {
        throw new DOMException('no audio', 'NotSupportedError');
      };
      Object.assign(window, { AudioContext: name === 'throws' ? unusable : undefined });
      try {
        const { el, core } = await mount('controls');
        const context = new original();
        el.mediaStream = context.createMediaStreamDestination().stream;
        await settled(el);
        for (const muted of [true, false]) {
          el.muted = muted;
          await settled(el);
          const last = core.calls.findLast(
            ({ method, argument }) => method === 'muteDevice' && (argument as { kind: string }).kind === 'audioinput',
          );
          expect(last?.argument).to.deep.equal({ kind: 'audioinput', mute: muted });
        }
        await context.close();
      } finally {
        Object.assign(window, { AudioContext: original });
      }
    });
  }
});
