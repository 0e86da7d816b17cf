/** Every state that the person in front of the camera can meet: what it shows and says, in every language. */
import { expect } from '@open-wc/testing';
import { CAPTURE_STATES, type ReconnectInfo } from '../../src/core/api/events.js';
import { permissionPlace } from '../../src/element/controls/permission-place.js';
import { ar } from '../../src/element/languages/ar.js';
import { de } from '../../src/element/languages/de.js';
import { en } from '../../src/element/languages/en.js';
import { es } from '../../src/element/languages/es.js';
import { fr } from '../../src/element/languages/fr.js';
import { ja } from '../../src/element/languages/ja.js';
import type { CaptureProblem, Quality } from '../../src/element/webcaster-core.js';
import { RtcUserError, type NanoWebcaster, type Status, type Strings } from '../../src/index.js';
import type { FakeCore } from './support/fake-core.js';
import { mount, part, SERVER, settled, shownSlots } from './support/mount.js';

const LANGUAGES: Record<string, Strings> = { en, de, fr, es, ja, ar };

/** The states that come beside the status. */
const BESIDE = ['live', 'muted', 'video-muted', 'weak', 'offline', 'denied'] as const;

interface State {
  /** Brings it about. */
  enter: (el: NanoWebcaster, core: FakeCore) => unknown;
  status: Status;
  beside?: readonly (typeof BESIDE)[number][];
  pill: (words: Strings) => string;
  /** What stands on the card, or in the notice. */
  card?: (words: Strings) => readonly string[];
  notice?: (words: Strings) => readonly string[];
  /** The technical text under Details. */
  details?: readonly string[];
  /** A failure that trying again may end. */
  canRetry?: boolean;
}

const hasPermissionElement = 'HTMLUserMediaElement' in window;
const denial = (message: string) => new DOMException(message, 'NotAllowedError');

async function live(el: NanoWebcaster): Promise<void> {
  await el.start();
  await settled(el);
}

/** A capture or start that fails. */
const failing =
  (method: 'startPreview' | 'signIn' | 'startBroadcast', error: RtcUserError): State['enter'] =>
  (el, core) => {
    core.fail(method, error);
    return el.start().catch(() => undefined);
  };

const weak =
  (quality: Quality, qualityLimitationReason?: 'bandwidth' | 'cpu'): State['enter'] =>
  async (el, core) => {
    await live(el);
    core.emitStats({ ...(qualityLimitationReason && { qualityLimitationReason }) }, quality);
  };

const reconnecting =
  (reconnect: Partial<ReconnectInfo>): State['enter'] =>
  async (el, core) => {
    await live(el);
    core.emitStatus('reconnecting_broadcast', reconnect);
  };

const liveAnd =
  (then: (core: FakeCore) => void): State['enter'] =>
  async (el, core) => {
    await live(el);
    then(core);
  };

const LIVE = { status: 'broadcasting', pill: (words: Strings) => words.broadcasting } as const;
const FAILED = { status: 'failed', pill: (words: Strings) => words.pill.off } as const;
const PROBLEMS = CAPTURE_STATES.filter((state): state is CaptureProblem => state !== 'live');
const LABEL = 'Studio Camera';

const prompting: State['enter'] = (el, core) => {
  core.hold('startPreview');
  void el.startPreview();
};

const denied = failing('startPreview', new RtcUserError(6005, 'Permission denied.', denial('Permission denied')));

const without =
  (device: 'videoDevice' | 'audioDevice', enter: State['enter']): State['enter'] =>
  (el, core) => {
    el[device] = 'none';
    return enter(el, core);
  };

const STATES: Record<string, State> = {
  idle: {
    enter: () => undefined,
    status: 'idle',
    pill: (words) => words.idle,
    card: (words) => [words.greenRoom, words.showPreview],
  },
  preview: {
    enter: (el) => el.startPreview(),
    status: 'idle',
    pill: (words) => `${words.preview} · ${words.idle}`,
  },
  'prompt for the preview': {
    enter: prompting,
    status: 'requesting',
    pill: (words) => words.pill.off,
    card: (words) => [words.requesting, words.cancel],
  },
  'prompt for the microphone alone': {
    enter: without('videoDevice', prompting),
    status: 'requesting',
    pill: (words) => words.pill.off,
    card: (words) => [words.requestingAudio, words.cancel],
  },
  'prompt for the camera alone': {
    enter: without('audioDevice', prompting),
    status: 'requesting',
    pill: (words) => words.pill.off,
    card: (words) => [words.requestingVideo, words.cancel],
  },
  'prompt for the start': {
    enter: (el, core) => {
      core.hold('startPreview');
      void el.start().catch(() => undefined);
    },
    status: 'requesting',
    pill: (words) => words.pill.off,
    card: (words) => [words.requesting, words.cancel],
  },
  denied: {
    enter: denied,
    ...FAILED,
    beside: ['denied'],
    card: (words) => [
      words.failures.blocked,
      hasPermissionElement ? words.allowHere : words.allow[permissionPlace(navigator.userAgent)],
    ],
    details: ['Permission denied.', '6005'],
    canRetry: !hasPermissionElement,
  },
  'denied with a microphone alone': {
    enter: without('videoDevice', denied),
    ...FAILED,
    beside: ['denied'],
    card: (words) => [words.failures.blockedAudio, words.allow[permissionPlace(navigator.userAgent)]],
    details: ['Permission denied.', '6005'],
    canRetry: true,
  },
  'denied with a camera alone': {
    enter: without('audioDevice', denied),
    ...FAILED,
    beside: ['denied'],
    card: (words) => [words.failures.blockedVideo, words.allow[permissionPlace(navigator.userAgent)]],
    details: ['Permission denied.', '6005'],
    canRetry: true,
  },
  'denied by the system': {
    enter: failing('startPreview', new RtcUserError(6005, 'Denied.', denial('Permission denied by system'))),
    ...FAILED,
    beside: ['denied'],
    card: (words) => [words.failures.blocked, words.errors['blocked-by-system']],
    details: ['Denied.', '6005'],
    canRetry: true,
  },
  'camera in use elsewhere': {
    enter: failing('startPreview', new RtcUserError(6005, 'In use.', new DOMException('In use', 'NotReadableError'))),
    ...FAILED,
    card: (words) => [words.failures.devices, words.errors.NotReadableError],
    details: ['In use.', '6005'],
    canRetry: true,
  },
  'no camera': {
    enter: failing('startPreview', new RtcUserError(6004, 'None.', new DOMException('None', 'NotFoundError'))),
    ...FAILED,
    card: (words) => [words.failures.devices, words.errors.NotFoundError],
    details: ['None.', '6004'],
    canRetry: true,
  },
  'screen not shared': {
    enter: failing('startPreview', new RtcUserError(6008, 'Closed.', denial('Permission denied'))),
    ...FAILED,
    card: (words) => [words.failures.screen, words.errors[6008]],
    details: ['Closed.', '6008'],
    canRetry: true,
  },
  'mistake of the author': {
    enter: failing('signIn', new RtcUserError(1002, 'server must be the URL of a WHIP endpoint.')),
    ...FAILED,
    card: (words) => [words.failures.setup, words.errors[1002]],
    details: ['server must be the URL of a WHIP endpoint.', '1002'],
  },
  'start failed': {
    enter: failing('startBroadcast', new RtcUserError(101001, 'The server answered POST with 503.')),
    ...FAILED,
    card: (words) => [words.failures.start, words.errors[101001]],
    details: ['The server answered POST with 503.', '101001'],
    canRetry: true,
  },
  connecting: {
    enter: (el, core) => {
      core.hold('startBroadcast');
      void el.start().catch(() => undefined);
    },
    status: 'signalling',
    pill: (words) => words.pill.connecting,
    card: (words) => [words.signalling, words.cancel],
  },
  connected: {
    enter: async (el, core) => {
      core.hold('startBroadcast');
      void el.start().catch(() => undefined);
      await settled(el);
      core.emitStatus('connected');
    },
    status: 'connected',
    pill: (words) => words.pill.connecting,
    card: (words) => [words.connected, words.cancel],
  },
  live: { enter: live, ...LIVE, beside: ['live'] },
  'live and muted': {
    enter: async (el) => {
      Object.assign(el, { muted: true, videoMuted: true });
      await live(el);
    },
    ...LIVE,
    beside: ['live', 'muted', 'video-muted'],
  },
  'slow network': {
    enter: weak('medium', 'bandwidth'),
    ...LIVE,
    beside: ['live', 'weak'],
    notice: (words) => [words.weak.bandwidth],
  },
  'busy device': {
    enter: weak('good', 'cpu'),
    ...LIVE,
    beside: ['live', 'weak'],
    notice: (words) => [words.weak.cpu],
  },
  'unstable network': {
    enter: weak('medium'),
    ...LIVE,
    beside: ['live', 'weak'],
    notice: (words) => [words.weak.unstable],
  },
  'very weak network': {
    enter: weak('bad'),
    ...LIVE,
    beside: ['live', 'weak'],
    notice: (words) => [words.weak.bad],
  },
  'connection lost': {
    enter: reconnecting({ cause: 'network', method: 'ice-restart', attempt: 0, delay: 0 }),
    status: 'reconnecting_broadcast',
    beside: ['live'],
    pill: (words) => words.pill.reconnecting,
    card: (words) => [words.causes.network, words.reconnecting_broadcast],
  },
  'server lost': {
    enter: reconnecting({ cause: 'server', attempt: 2, delay: 4 }),
    status: 'reconnecting_broadcast',
    beside: ['live'],
    pill: (words) => words.pill.reconnecting,
    card: (words) => [words.causes.server, words.reconnecting_broadcast, words.attempt({} as ReconnectInfo, 4)],
  },
  'connected again': {
    enter: liveAnd((core) => {
      core.emitStatus('reconnecting_broadcast', { cause: 'server', attempt: 2, delay: 0 });
      core.emitStatus('connected');
    }),
    status: 'connected',
    beside: ['live'],
    pill: (words) => words.pill.reconnecting,
    card: (words) => [words.causes.server, words.reconnecting_broadcast, words.attempt({} as ReconnectInfo, 0)],
  },
  'connected again after it was offline, on a weak network': {
    enter: liveAnd((core) => {
      core.emitStats({ qualityLimitationReason: 'bandwidth' }, 'bad');
      core.emitStatus('reconnecting_broadcast', { cause: 'network', delay: null, waitingFor: 'network' });
      core.emitStatus('connected');
    }),
    status: 'connected',
    beside: ['live'],
    pill: (words) => words.pill.reconnecting,
    card: (words) => [words.causes.network, words.reconnecting_broadcast],
  },
  'connected again before the output ran': {
    enter: (_, core) => {
      for (const status of ['connected', 'reconnecting', 'reconnecting_broadcast', 'connected'] as const) {
        core.emitStatus(status);
      }
    },
    status: 'connected',
    pill: (words) => words.pill.reconnecting,
    card: (words) => [words.causes.network, words.reconnecting_broadcast],
  },
  offline: {
    enter: reconnecting({ cause: 'network', delay: null, waitingFor: 'network' }),
    status: 'reconnecting_broadcast',
    beside: ['live', 'offline'],
    pill: (words) => words.pill.reconnecting,
    card: (words) => [words.causes.network, words.offline],
  },
  'output lost': {
    enter: liveAnd((core) => core.emitStatus('reconnecting')),
    status: 'reconnecting',
    beside: ['live'],
    pill: (words) => words.pill.output,
    notice: (words) => [words.reconnecting],
  },
  'both devices lost': {
    enter: liveAnd((core) => {
      core.emitCapture({ kind: 'videoinput', state: 'missing' });
      core.emitCapture({ kind: 'audioinput', state: 'missing' });
    }),
    ...LIVE,
    beside: ['live'],
    notice: (words) => [words.capture.missing('videoinput', ''), words.capture.missing('audioinput', '')],
  },
  'stream of the page over': {
    enter: async (el, core) => {
      el.mediaStream = new MediaStream();
      await live(el);
      core.emitCapture({ kind: 'videoinput', state: 'missing' });
      core.emitCapture({ kind: 'audioinput', state: 'missing' });
    },
    ...LIVE,
    beside: ['live'],
    notice: (words) => [`${words.capture.ended('videoinput', '')} ${words.capture.ended('audioinput', '')}`],
  },
  'given up': {
    enter: liveAnd((core) => core.emitError('BroadcastError', new RtcUserError(5002, 'Given up after 60 attempts.'))),
    ...FAILED,
    card: (words) => [words.failures.ended, words.errors[5002]],
    details: ['Given up after 60 attempts.', '5002'],
    canRetry: true,
  },
  ended: {
    enter: async (el) => {
      await live(el);
      await el.stop();
    },
    status: 'idle',
    pill: (words) => words.idle,
    card: (words) => [words.ended('0:00')],
  },
};

for (const problem of PROBLEMS) {
  for (const kind of ['videoinput', 'audioinput'] as const) {
    STATES[`${kind} ${problem}`] = {
      enter: (el, core) => {
        // Another format than the requested one is a problem if the camera really has it.
        if (problem === 'different') core.useCamera({ width: 320, height: 240 });
        return liveAnd(() => core.emitCapture({ kind, state: problem, device: LABEL }))(el, core);
      },
      ...LIVE,
      beside: ['live'],
      // The label is isolated: it may be written in another direction.
      notice: (words) => [words.capture[problem](kind, `\u2068${LABEL}\u2069`)],
    };
  }
}

/** Without what cannot be seen: breaks at the ends of lines, and isolates, which Firefox leaves out of `innerText`. */
const plain = (text: string) =>
  text
    .replace(/[\u2066-\u2069]/g, '')
    .replace(/\s+/g, ' ')
    .trim();

/** What of a part is to be seen. */
const seen = (el: NanoWebcaster, name: string) => {
  const found = [...el.renderRoot.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const visible = found.filter((each) => each.checkVisibility());
  return plain(visible.map(({ innerText }) => innerText).join(' '));
};

const besides = (el: NanoWebcaster) => BESIDE.filter((state) => el.matches(`:state(${state})`));

for (const [tag, words] of Object.entries(LANGUAGES)) {
  describe(`The element with controls in ${tag}`, () => {
    for (const [name, state] of Object.entries(STATES)) {
      const { enter, status, beside = [], pill, card, notice, details, canRetry } = state;
      it(`shows and says the state “${name}”`, async () => {
        const { el, core } = await mount(`controls width="640" lang="${tag}" server="${SERVER}"`);
        if (name === 'screen not shared') el.source = 'screen';
        await enter(el, core);
        await settled(el);

        expect(el.getAttribute('status')).to.equal(status);
        expect(el.matches(`:state(${status})`)).to.equal(true);
        expect(besides(el)).to.deep.equal(beside);
        expect(shownSlots(el)).to.deep.equal([status]);
        expect(seen(el, 'status').toLowerCase()).to.include(pill(words).toLowerCase());
        for (const text of card?.(words) ?? []) expect(seen(el, 'card')).to.include(plain(text));
        if (!card) expect(seen(el, 'card')).to.equal('');
        for (const text of notice?.(words) ?? []) expect(seen(el, 'notice')).to.include(plain(text));
        if (!notice && name !== 'preview') expect(seen(el, 'notice')).to.equal('');
        if (beside.includes('muted')) expect(seen(el, 'mute')).to.equal(plain(`${words.muted} ${words.videoMuted}`));

        const technical = el.renderRoot.querySelector<HTMLElement>('details p');
        for (const text of details ?? []) {
          expect(technical?.textContent).to.include(text);
          expect(seen(el, 'card'), 'closed').to.not.include(text);
        }
        if (!details) expect(technical).to.equal(null);
        const buttons = [...el.renderRoot.querySelectorAll('button')].map((button) => button.innerText);
        expect(buttons.includes(words.retry)).to.equal(canRetry === true);
      });
    }
  });
}

describe('The element without controls', () => {
  for (const [name, { enter, status, details, card, notice }] of Object.entries(STATES)) {
    it(`shows the slot and a sentence of the state “${name}”`, async () => {
      const { el, core } = await mount(`width="640" server="${SERVER}"`);
      if (name === 'screen not shared') el.source = 'screen';
      await enter(el, core);
      await settled(el);
      expect(shownSlots(el)).to.deep.equal([status]);
      if (card && status !== 'idle') expect(seen(el, 'card')).to.include(plain(card(en)[0] ?? ''));
      if (notice && !name.includes('network') && !name.includes('busy')) {
        expect(seen(el, 'notice')).to.include(plain(notice(en)[0] ?? ''));
      }
      for (const text of details ?? []) {
        expect(el.renderRoot.querySelector('details p')?.textContent).to.include(text);
      }
      expect(part(el, 'status')?.checkVisibility()).to.equal(true);
    });
  }
});
