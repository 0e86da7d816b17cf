import type { ConfigPatch } from '../../../src/core/api/config.js';
import type { SeededRandom } from './seeded-random.js';
import type { Kind } from './fake-media.js';
import type { Method, Script } from './fake-whip-server.js';
import { forgetDevices, MEDIA_ACTIONS } from './model-media-steps.js';
import type { TestRig } from './test-rig.js';

/** What the page has asked for so far, as far as it holds for later. */
export interface PageState {
  muted: Record<Kind, boolean>;
  /** Configurations that were refused, rightly. */
  wrongConfigs: number;
  /** When the network was last said to have changed, when the browser was last offline, when this page last slept. */
  changedAt: number;
  offlineAt: number;
  /** When the browser last reported a network that is there. */
  onlineAt: number;
  sleptAt: number;
  /** Whether the browser reports for ever that it is offline. */
  isStuckOffline: boolean;
  /** When the broadcast was last stopped. */
  stoppedAt: number;
  /** The kinds of devices that the page has chosen and got, and the number of its last choice. */
  captured: readonly Kind[];
  choice: number;
  /** The promises of all calls. */
  outcomes: Promise<unknown>[];
}

export interface Stage {
  rig: TestRig;
  page: PageState;
}

/** One thing that happens, and how long nothing else does after it. */
export interface Step {
  action: string;
  /** Which of the action's variants. */
  variant: number;
  milliseconds: number;
  microtasks: number;
}

export interface Action {
  /** How often it comes, compared to others. */
  weight: number;
  variants: readonly ((stage: Stage) => void)[];
}

const call = (start: (stage: Stage) => Promise<unknown>) => (stage: Stage) =>
  void stage.page.outcomes.push(start(stage));
const script =
  (method: Method, ...scripts: Script[]) =>
  ({ rig }: Stage) =>
    rig.server.next(method, ...scripts);
const scripts = (method: Method, ...all: Script[]) => all.map((one) => script(method, one));
const config = (patch: ConfigPatch) => call(({ rig }) => rig.user.setConfig(patch));
const mute = (kind: Kind, isMuted: boolean) =>
  call(({ rig, page }) => {
    page.muted[kind] = isMuted;
    return rig.user.muteDevice({ kind: `${kind}input`, mute: isMuted });
  });
const peerOf = ({ rig }: Stage) => rig.peers.at(-1);
const network = (isOnLine: boolean) => (stage: Stage) => changeNetwork(stage, isOnLine);

function noteStop({ rig, page }: Stage): void {
  page.stoppedAt = rig.clock.trueNow;
}

export function stop(stage: Stage): Promise<void> {
  noteStop(stage);
  return stage.rig.user.stopBroadcast();
}

/** Tells the user of a network, and the page's state too. */
export function changeNetwork({ rig, page }: Stage, isBack: boolean): void {
  const isOnLine = isBack && !page.isStuckOffline;
  page.changedAt = rig.clock.trueNow;
  if (isOnLine) page.onlineAt = rig.clock.trueNow;
  if (!isOnLine || !rig.isOnLine) page.offlineAt = rig.clock.trueNow;
  rig.changeNetwork(isOnLine);
}

/** Makes the server reachable for whatever is still to be said to it. */
export function mendServer(stage: Stage): void {
  const { server } = stage.rig;
  server.latency = 10;
  for (const method of ['HEAD', 'POST', 'PATCH', 'DELETE'] as const) server.forget(method);
  changeNetwork(stage, true);
}

/** Makes everything good again that is not for the user to mend. */
export function mendWorld(stage: Stage): void {
  const { path, peers } = stage.rig;
  Object.assign(path, { isCut: false, connectsAfter: 40, acknowledgesAfter: 60, readsAnswerFor: 0, gatheredAfter: 20 });
  for (const peer of peers) {
    Object.assign(peer, { isDeaf: false, isSending: true });
    if (peer.connectionState === 'disconnected') peer.become('connected');
    if (peer.iceConnectionState === 'disconnected') peer.becomeIce('connected');
  }
  mendServer(stage);
}

const RETRY_AFTER = (seconds: number) => ({ headers: { 'Retry-After': String(seconds) } });
const REFUSALS = [400, 403, 404, 408, 409, 410, 423, 425, 429, 500, 502, 503, 504];
const FINAL_REFUSALS = [401, 405, 406, 413, 415, 422];

const ACTIONS: Record<string, Action> = {
  ...MEDIA_ACTIONS,
  nothing: { weight: 8, variants: [() => undefined] },
  'path silent': { weight: 10, variants: [(stage) => Object.assign(peerOf(stage) ?? {}, { isDeaf: true })] },
  'all paths cut': { weight: 5, variants: [({ rig }) => (rig.path.isCut = true)] },
  'path back': {
    weight: 9,
    variants: [
      (stage) => {
        stage.rig.path.isCut = false;
        Object.assign(peerOf(stage) ?? {}, { isDeaf: false });
        peerOf(stage)?.becomeIce('connected');
      },
    ],
  },
  'ICE failed': { weight: 7, variants: [(stage) => peerOf(stage)?.become('failed')] },
  'ICE in doubt': {
    weight: 4,
    variants: [
      (stage) => peerOf(stage)?.becomeIce('disconnected'),
      (stage) => {
        if (peerOf(stage)?.connectionState !== 'connected') return;
        peerOf(stage)?.becomeIce('disconnected');
        peerOf(stage)?.become('disconnected');
      },
      (stage) => peerOf(stage)?.connectionState === 'disconnected' && peerOf(stage)?.become('connected'),
    ],
  },
  'DTLS closed': {
    weight: 4,
    variants: [
      (stage) => peerOf(stage)?.transport.become('closed'),
      (stage) => peerOf(stage)?.transport.become('failed'),
    ],
  },
  'peer closed': {
    weight: 1,
    variants: [(stage) => peerOf(stage)?.connectionState === 'connected' && peerOf(stage)?.become('closed')],
  },
  'POST temporary': {
    weight: 6,
    variants: scripts(
      'POST',
      ...REFUSALS.map((status) => ({ status })),
      { status: 503, ...RETRY_AFTER(3) },
      { status: 429, ...RETRY_AFTER(30) },
      { status: 503, ...RETRY_AFTER(3600) },
      { body: 'no answer' },
      { status: 200, body: 'nothing' },
    ),
  },
  'POST final': { weight: 3, variants: scripts('POST', ...FINAL_REFUSALS.map((status) => ({ status }))) },
  'POST slow': {
    weight: 5,
    variants: scripts(
      'POST',
      ...['network error' as const, 'no answer' as const],
      ...[700, 1_100, 4_000, 9_990, 12_000, 30_000].map((after) => ({ after })),
    ),
  },
  'POST down': {
    weight: 2,
    variants: [
      ({ rig }) => rig.server.always('POST', { status: 503 }),
      ({ rig }) => rig.server.always('POST', 'network error'),
      ({ rig }) => rig.server.always('POST', 'no answer'),
    ],
  },
  'POST up': { weight: 3, variants: [({ rig }) => rig.server.always('POST', null)] },
  PATCH: {
    weight: 8,
    variants: scripts(
      'PATCH',
      ...[...REFUSALS, ...FINAL_REFUSALS, 412, 428, 501, 200, 204].map((status) => ({ status })),
      { status: 503, ...RETRY_AFTER(3) },
      ...['network error' as const, 'no answer' as const],
      ...[700, 1_100, 3_000, 6_000].map((after) => ({ after })),
      { status: 200, body: 'a=ice-ufrag:only' },
      { status: 200, body: 'a=ice-ufrag:new\na=ice-pwd:password-of-new-0123456789' },
    ),
  },
  DELETE: {
    weight: 4,
    variants: scripts(
      'DELETE',
      ...[401, 404, 405, 500].map((status) => ({ status })),
      ...['network error' as const, 'no answer' as const],
      ...[700, 1_100, 5_000].map((after) => ({ after })),
    ),
  },
  'DELETE unanswered': {
    weight: 2,
    variants: [
      ({ rig }) => rig.server.always('DELETE', 'no answer'),
      ({ rig }) => rig.server.always('DELETE', 'network error'),
      ({ rig }) => rig.server.always('DELETE', null),
    ],
  },
  'wall clock set': {
    weight: 3,
    variants: [-600_000, -5_000, 5_000, 600_000].map(
      (milliseconds) =>
        ({ rig }) =>
          void rig.clock.setTimeout(() => rig.clock.stepWallClock(milliseconds), 0),
    ),
  },
  'onLine stuck': {
    weight: 1,
    variants: [
      (stage) => {
        stage.page.isStuckOffline = true;
        changeNetwork(stage, false);
      },
    ],
  },
  HEAD: { weight: 1, variants: scripts('HEAD', 'network error', 'no answer', { after: 500 }) },
  'ICE restarts': {
    weight: 4,
    variants: [({ rig }) => (rig.server.restartsIce = true), ({ rig }) => (rig.server.restartsIce = false)],
  },
  latency: {
    weight: 2,
    variants: [10, 10, 300, 1_500].map(
      (latency) =>
        ({ rig }) =>
          (rig.server.latency = latency),
    ),
  },
  acknowledgement: {
    weight: 4,
    variants: [60, 60, 3_000, null].map(
      (acknowledgesAfter) =>
        ({ rig }) =>
          Object.assign(rig.path, { acknowledgesAfter }),
    ),
  },
  connecting: {
    weight: 4,
    variants: [40, 40, 3_000, null].map(
      (connectsAfter) =>
        ({ rig }) =>
          Object.assign(rig.path, { connectsAfter }),
    ),
  },
  browser: {
    weight: 2,
    variants: [
      { readsAnswerFor: 500 },
      { readsAnswerFor: 0 },
      { gatheredAfter: null },
      { gatheredAfter: 20 },
      { countsBytes: false },
    ].map(
      (change) =>
        ({ rig }) =>
          Object.assign(rig.path, change),
    ),
  },
  camera: {
    weight: 2,
    variants: [false, true].map((isSending) => (stage) => Object.assign(peerOf(stage) ?? {}, { isSending })),
  },
  network: {
    weight: 10,
    variants: [
      network(false),
      network(false),
      network(true),
      network(true),
      ({ rig, page }) => changeNetwork({ rig, page }, rig.isOnLine),
    ],
  },
  sleep: {
    weight: 2,
    variants: [7_000, 40_000, 3_600_000].map((milliseconds) => ({ rig, page }) => {
      rig.clock.sleep(milliseconds);
      page.sleptAt = rig.clock.trueNow;
    }),
  },
  start: { weight: 5, variants: [call(({ rig }) => rig.user.startBroadcast())] },
  stop: { weight: 3, variants: [call(stop)] },
  'sign in': {
    weight: 2,
    variants: [
      call(({ rig }) => rig.signIn({ jwt: 'token' })),
      call(({ rig }) => rig.signIn({ tokenProvider: () => Promise.reject(new Error('no token')) })),
      call(({ rig }) =>
        rig.signIn({
          tokenProvider: () => new Promise((resolve) => rig.clock.setTimeout(() => resolve('late'), 700)),
        }),
      ),
    ],
  },
  'sign out': { weight: 1, variants: [call((stage) => (noteStop(stage), stage.rig.user.signOut()))] },
  config: {
    weight: 5,
    variants: [
      config({ reconnect: { minDelay: 1, maxDelay: 3, maxRetries: 3 } }),
      config({ reconnect: { minDelay: 2, maxDelay: 8, maxRetries: 5 } }),
      config({ reconnect: { minDelay: 4, maxDelay: 4, maxRetries: 1 } }),
      config({ reconnect: { maxRetries: 0 } }),
      config({ bitrates: { videoSendBitrate: 1_000 } }),
      config({ bitrates: { videoSendBitrate: 0 } }),
    ],
  },
  'wrong config': {
    weight: 1,
    variants: [{ minDelay: 0 }, { minDelay: 9, maxDelay: 2 }, { maxRetries: '3' }, { maxRetries: -1 }].map(
      (reconnect) =>
        call(({ rig, page }) => {
          page.wrongConfigs += 1;
          return rig.user.setConfig({ reconnect } as ConfigPatch);
        }),
    ),
  },
  mute: { weight: 4, variants: [mute('audio', true), mute('video', true), mute('audio', false), mute('video', false)] },
  media: {
    weight: 3,
    variants: [
      (stage) => (forgetDevices(stage), void stage.rig.giveStream()),
      (stage) => (forgetDevices(stage), void stage.rig.giveStream('video')),
      call((stage) => (forgetDevices(stage), stage.rig.user.stopPreview())),
    ],
  },
};

const DRAWN = Object.entries(ACTIONS).flatMap(([action, { weight }]) => Array<string>(weight).fill(action));
const MILLISECONDS = [
  0, 0, 0, 0, 0, 1, 5, 10, 10, 20, 40, 100, 100, 250, 250, 600, 1_000, 1_000, 2_000, 2_100, 2_600, 5_000, 11_000,
];

/** Some steps, each of them as likely as its weight says. */
export function drawSteps(dice: SeededRandom): Step[] {
  return Array.from({ length: 3 + dice.below(14) }, () => {
    const action = dice.one(DRAWN);
    return {
      action,
      variant: dice.below(ACTIONS[action]?.variants.length ?? 0),
      milliseconds: dice.one(MILLISECONDS),
      microtasks: dice.below(2) * dice.below(12),
    };
  });
}

export async function take({ action, variant, milliseconds, microtasks }: Step, stage: Stage): Promise<void> {
  ACTIONS[action]?.variants[variant]?.(stage);
  if (milliseconds > 0) await stage.rig.clock.advance(milliseconds);
  for (let passed = 0; passed < microtasks; passed++) await null;
}
