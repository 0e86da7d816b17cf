/** Runs in the browser: the element in every status, with a core and a clock of the scene's own, so that it stands still. */
import '../../../src/define.js';
import '../../../src/element/languages/ar.js';
import '../../../src/element/languages/de.js';
import '../../../src/element/languages/es.js';
import '../../../src/element/languages/fr.js';
import '../../../src/element/languages/ja.js';
import { RtcUserError, type NanoWebcaster } from '../../../src/index.js';
import { FakeCore } from '../../element/support/fake-core.js';
import { compare } from './compare.js';

type Scene = (core: FakeCore, el: NanoWebcaster) => void | Promise<void>;

const NOW = Date.UTC(2026, 10, 25, 12);
const BROWSERS_ERROR = new DOMException('Permission denied', 'NotAllowedError');

const RESULTS = {
  videoBitrate: 2412,
  audioBitrate: 96,
  videoCodec: 'H264',
  audioCodec: 'opus',
  frameWidth: 1280,
  frameHeight: 720,
  framerate: 30,
  packetLoss: 0.4,
  roundTripTime: 38,
  videoSendDelay: 22,
};

async function goLive(core: FakeCore, el: NanoWebcaster): Promise<void> {
  await el.start();
  await new Promise((resolve) => setTimeout(resolve));
  for (let second = 0; second < 60; second++) {
    const videoBitrate = Math.round(2400 + 500 * Math.sin(second / 5) - (second === 30 ? 1500 : 0));
    core.emitStats({ ...RESULTS, videoBitrate }, 'good');
  }
  Date.now = () => NOW + 754_000;
}

function press(el: NanoWebcaster, selector: string): void {
  el.renderRoot.querySelector<HTMLElement>(selector)?.click();
}

const SCENES = {
  idle: () => undefined,
  previewing: async (_, el) => {
    await el.startPreview();
  },
  connecting: (core, el) => {
    core.hold('startBroadcast');
    void el.start();
  },
  live: goLive,
  muted: async (core, el) => {
    Object.assign(el, { muted: true, videoMuted: true });
    await goLive(core, el);
    core.emitStats(RESULTS, 'bad');
  },
  trouble: async (core, el) => {
    await goLive(core, el);
    core.emitStats(RESULTS, 'medium');
    core.emitCapture({ kind: 'videoinput', state: 'substituted', device: 'Integrated Camera' });
  },
  repairing: async (core, el) => {
    await goLive(core, el);
    core.emitStatus('reconnecting_broadcast', { method: 'ice-restart', cause: 'network', attempt: 0, delay: 0 });
  },
  reconnecting: async (core, el) => {
    await goLive(core, el);
    core.emitStatus('reconnecting_broadcast', { cause: 'server', attempt: 2, delay: 4 });
  },
  output: async (core, el) => {
    await goLive(core, el);
    core.emitStatus('reconnecting');
  },
  failed: async (core, el) => {
    await goLive(core, el);
    core.emitError(
      'BroadcastError',
      new RtcUserError(5002, 'The connection could not be brought back in 10 attempts.'),
    );
  },
  'not-allowed': async (core, el) => {
    const message = 'It was not allowed. Allow it for this page in the browser, and try again. (NotAllowedError)';
    core.fail('startPreview', new RtcUserError(6005, message, BROWSERS_ERROR));
    await el.start().catch(() => undefined);
  },
  settings: (_, el) => press(el, '[aria-controls=settings]'),
  'settings-live': async (core, el) => {
    await goLive(core, el);
    press(el, '[aria-controls=settings]');
  },
  stats: async (core, el) => {
    await goLive(core, el);
    press(el, '[aria-controls=stats]');
  },
} satisfies Record<string, Scene>;

/** Puts the element into the page as a scene wants it. */
async function stage(name: keyof typeof SCENES, attributes: Record<string, string>): Promise<void> {
  Date.now = () => NOW;
  const core = new FakeCore();
  core.devices = {
    videodevices: [
      { id: 'Integrated Camera', index: 0, deviceId: 'one' },
      { id: 'Studio Camera 4K with a Name That Goes on (046d:085e)', index: 1, deviceId: 'two' },
    ],
    audiodevices: [{ id: 'Integrated Microphone', index: 0, deviceId: 'three' }],
  };
  const el = document.createElement('nano-webcaster');
  el.server = 'https://media.example/whip';
  for (const [attribute, value] of Object.entries(attributes)) el.setAttribute(attribute, value);
  el.core = core.asCore;
  document.body.replaceChildren(el);
  await el.updateComplete;
  await SCENES[name](core, el);
  // Until a passing status is no passing one any more.
  const isSteady = () => el.renderRoot.querySelector('.base')?.getAttribute('data-status') === el.status;
  do await new Promise((resolve) => setTimeout(resolve, 20));
  while (!isSteady());
  await el.updateComplete;
}

Object.assign(window, { stage, compare, scenes: Object.keys(SCENES) });
