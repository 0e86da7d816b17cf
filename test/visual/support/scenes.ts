/** Runs in the browser: the element in every state, with a core and a clock of the scene's own, so that it stands still. */
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
const BLOCKED = new DOMException('Permission denied', 'NotAllowedError');

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

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Both clocks, moved on by hand. */
function setClock(milliseconds: number): void {
  Date.now = () => NOW + milliseconds;
  performance.now = () => 1000 + milliseconds;
}

async function goLive(core: FakeCore, el: NanoWebcaster): Promise<void> {
  await el.start();
  await turn();
  for (let second = 0; second < 60; second++) {
    const videoBitrate = Math.round(2400 + 500 * Math.sin(second / 5) - (second === 30 ? 1500 : 0));
    core.emitStats({ ...RESULTS, videoBitrate }, 'good');
  }
  setClock(754_000);
  el.requestUpdate();
  await el.updateComplete;
}

function press(el: NanoWebcaster, selector: string): void {
  el.renderRoot.querySelector<HTMLElement>(selector)?.click();
}

function setOnline(isOnline: boolean): void {
  Object.defineProperty(navigator, 'onLine', { value: isOnline, configurable: true });
}

const SCENES = {
  idle: () => undefined,
  requesting: (core, el) => {
    core.hold('startPreview');
    void el.start();
  },
  previewing: async (_, el) => {
    await el.startPreview();
  },
  connecting: (core, el) => {
    core.hold('startBroadcast');
    void el.start();
  },
  connected: async (core, el) => {
    core.hold('startBroadcast');
    void el.start();
    await turn();
    core.emitStatus('connected');
  },
  live: goLive,
  muted: async (core, el) => {
    Object.assign(el, { muted: true, videoMuted: true });
    await goLive(core, el);
  },
  sharing: async (core, el) => {
    el.source = 'screen';
    await goLive(core, el);
  },
  'sharing-hidden': async (core, el) => {
    el.videoMuted = true;
    await SCENES.sharing(core, el);
  },
  'muted-speech': async (core, el) => {
    const { getFloatTimeDomainData } = AnalyserNode.prototype;
    AnalyserNode.prototype.getFloatTimeDomainData = (samples) => void samples.fill(0.3);
    const [microphone] = new AudioContext().createMediaStreamDestination().stream.getAudioTracks();
    core.stream.getAudioTracks = () => (microphone ? [microphone] : []);
    const picture = document.createElement('canvas').captureStream().getVideoTracks();
    core.stream.getVideoTracks = () => picture;
    el.muted = true;
    await goLive(core, el);
    while (!el.renderRoot.querySelector('.notice')?.checkVisibility()) await turn();
    AnalyserNode.prototype.getFloatTimeDomainData = getFloatTimeDomainData;
  },
  unstable: async (core, el) => {
    await goLive(core, el);
    core.emitStats(RESULTS, 'medium');
  },
  slow: async (core, el) => {
    await goLive(core, el);
    core.emitStats({ ...RESULTS, qualityLimitationReason: 'bandwidth' }, 'medium');
  },
  busy: async (core, el) => {
    await goLive(core, el);
    core.emitStats({ ...RESULTS, qualityLimitationReason: 'cpu' }, 'good');
  },
  bad: async (core, el) => {
    await goLive(core, el);
    core.emitStats(RESULTS, 'bad');
  },
  'camera-replaced': async (core, el) => {
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'substituted', device: 'Integrated Camera' });
  },
  'camera-lost': async (core, el) => {
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'missing' });
  },
  'camera-blocked': async (core, el) => {
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'blocked' });
  },
  'devices-lost': async (core, el) => {
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'missing' });
    core.emitCapture({ kind: 'audioinput', state: 'silent' });
  },
  restarting: async (core, el) => {
    await goLive(core, el);
    core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 0, delay: 0 });
  },
  reconnecting: async (core, el) => {
    await goLive(core, el);
    core.emitStatus('reconnecting_broadcast', { cause: 'server', attempt: 2, delay: 4 });
  },
  'reconnecting-muted': async (core, el) => {
    await SCENES.muted(core, el);
    core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 2, delay: 4 });
  },
  offline: async (core, el) => {
    await goLive(core, el);
    setOnline(false);
    core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 2, delay: 0 });
  },
  output: async (core, el) => {
    await goLive(core, el);
    core.emitStatus('reconnecting');
  },
  'output-camera': async (core, el) => {
    await SCENES.output(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'missing' });
  },
  'not-started': async (core, el) => {
    core.fail('startBroadcast', new RtcUserError(101001, 'The server answered POST with 503: Service Unavailable'));
    await el.start().catch(() => undefined);
  },
  'wrong-address': async (core, el) => {
    const answer = Object.assign(new Error(), { status: 404 });
    core.fail('startBroadcast', new RtcUserError(5001, 'The server answered POST with 404.', answer));
    await el.start().catch(() => undefined);
  },
  'given-up': async (core, el) => {
    await goLive(core, el);
    core.emitError('BroadcastError', new RtcUserError(5002, 'Given up after 60 attempts.'));
  },
  blocked: async (core, el) => {
    core.fail('startPreview', new RtcUserError(6005, 'Permission denied (NotAllowedError)', BLOCKED));
    await el.start().catch(() => undefined);
  },
  'blocked-microphone': async (core, el) => {
    el.videoDevice = 'none';
    await SCENES.blocked(core, el);
  },
  'blocked-by-system': async (core, el) => {
    const blocked = new DOMException('Permission denied by system', 'NotAllowedError');
    core.fail('startPreview', new RtcUserError(6005, 'Permission denied by system (NotAllowedError)', blocked));
    await el.start().catch(() => undefined);
  },
  setup: async (core, el) => {
    core.fail('signIn', new RtcUserError(1002, 'server must be the URL of a WHIP endpoint.'));
    await el.start().catch(() => undefined);
  },
  details: async (core, el) => {
    await SCENES['not-started'](core, el);
    await turn();
    press(el, 'summary');
  },
  ending: async (core, el) => {
    await goLive(core, el);
    press(el, '.main');
  },
  ended: async (core, el) => {
    await goLive(core, el);
    await el.stop();
  },
  'ended-preview': async (core, el) => {
    await el.startPreview();
    await goLive(core, el);
    await el.stop();
  },
  'video-only': async (core, el) => {
    el.audioDevice = 'none';
    core.stream.getAudioTracks = () => [];
    await goLive(core, el);
  },
  'stream-over': async (core, el) => {
    el.mediaStream = core.stream;
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'missing' });
  },
  'screen-ended': async (core, el) => {
    el.source = 'screen';
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'missing' });
  },
  'device-busy': async (core, el) => {
    await goLive(core, el);
    core.fail('startPreview', new RtcUserError(6005, 'In use.', new DOMException('', 'NotReadableError')));
    el.videoDevice = 'busy';
  },
  unsent: async (core, el) => {
    await goLive(core, el);
    core.emitCapture({ kind: 'videoinput', state: 'unsent' });
  },
  settings: async (_, el) => {
    await el.startPreview();
    press(el, '[aria-controls=settings]');
  },
  'settings-live': async (core, el) => {
    await goLive(core, el);
    press(el, '[aria-controls=settings]');
    await turn();
    press(el, 'summary');
  },
  'stats-reconnecting': async (core, el) => {
    await SCENES.stats(core, el);
    core.emitStatus('reconnecting_broadcast', { cause: 'network', attempt: 2, delay: 4 });
  },
  stats: async (core, el) => {
    await goLive(core, el);
    press(el, '[aria-controls=stats]');
  },
} satisfies Record<string, Scene>;

/** Tracks of which only the labels matter. */
function labelled(stream: MediaStream): MediaStream {
  const tracks = ['Integrated Camera', 'Integrated Microphone'].map((label) => ({ label }));
  stream.getTracks = () => tracks as MediaStreamTrack[];
  return stream;
}

// A page without an address has none; its buttons are to be seen all the same.
if (!navigator.mediaDevices) {
  const mediaDevices = Object.assign(new EventTarget(), { getDisplayMedia: () => Promise.reject(new Error()) });
  Object.defineProperty(navigator, 'mediaDevices', { value: mediaDevices });
}

/** Puts the element into the page as a scene wants it. */
async function stage(name: keyof typeof SCENES, attributes: Record<string, string>): Promise<void> {
  setClock(0);
  setOnline(true);
  const core = new FakeCore();
  core.stream = labelled(new MediaStream());
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
  const hasControls = () => !el.controls || el.renderRoot.querySelector('.bar');
  while (!hasControls()) await turn();
  await el.updateComplete;
  await SCENES[name](core, el);
  // Until a passing status is no passing one any more.
  const isSteady = () => el.renderRoot.querySelector('.base')?.getAttribute('data-status') === el.status;
  do await new Promise((resolve) => setTimeout(resolve, 20));
  while (!isSteady());
  el.classList.toggle('has-stream', el.mediaStream !== null);
  (document.activeElement as HTMLElement | null)?.blur();
  await el.updateComplete;
}

Object.assign(window, { stage, compare, scenes: Object.keys(SCENES) });
