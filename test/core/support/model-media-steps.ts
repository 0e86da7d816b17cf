import assert from 'node:assert/strict';
import type { PreviewConfig } from '../../../src/core/api/preview-config.js';
import { device, FakeMediaDevices, type Kind } from './fake-media.js';
import type { Action, Stage } from './model-steps.js';

/** Milliseconds within which a device that can be opened is captured again. */
const MAX_DEVICE_RECOVERY = 60_000;
const CONNECTED = new FakeMediaDevices().devices;

/** Chooses devices, and notes which kinds the page has when that succeeds. */
const preview = (config: PreviewConfig, kinds: readonly Kind[]) => (stage: Stage) => {
  const { rig, page } = stage;
  const choice = (page.choice += 1);
  const outcome = rig.user.startPreview(config);
  outcome.then(
    () => choice === page.choice && (page.captured = kinds),
    () => undefined,
  );
  page.outcomes.push(outcome);
};

/** The page has no devices any more: it stops them, or gives a stream of its own. */
export function forgetDevices({ page }: Stage): void {
  page.choice += 1;
  page.captured = [];
}

const ofKind = (kind: Kind) => CONNECTED.filter((info) => info.kind === `${kind}input`);
const live = ({ rig }: Stage, kind: Kind) =>
  rig.devices.tracks.find((track) => track.kind === kind && track.readyState === 'live');

function unplug({ rig }: Stage, kind: Kind): void {
  for (const { label } of ofKind(kind)) rig.devices.unplug(label);
}

function block({ rig }: Stage, kind: Kind, name: string): void {
  for (const { label } of ofKind(kind)) rig.devices.failures.set(label, new DOMException('', name));
  live({ rig } as Stage, kind)?.end();
}

const each = (happen: (stage: Stage, kind: Kind) => void) =>
  (['audio', 'video'] as const).map((kind) => (stage: Stage) => happen(stage, kind));

/** What devices and the encoder do. */
export const MEDIA_ACTIONS: Record<string, Action> = {
  capture: {
    weight: 3,
    variants: [
      preview({}, ['audio', 'video']),
      preview({ audioDeviceConfig: { device: false } }, ['video']),
      preview({ videoDeviceConfig: { device: 1 } }, ['audio', 'video']),
      preview({ videoDeviceConfig: { source: 'screen' } }, ['audio']),
    ],
  },
  'device kind missing': { weight: 3, variants: each(unplug) },
  'device kind plugged in': {
    weight: 2,
    variants: each(({ rig }, kind) => {
      for (const info of ofKind(kind)) rig.devices.plug(device(info.kind, info.label));
    }),
  },
  'device fails': {
    weight: 3,
    variants: [
      ...each((stage, kind) => block(stage, kind, 'NotReadableError')),
      ...each((stage, kind) => block(stage, kind, 'NotAllowedError')),
      ...each((stage, kind) => live(stage, kind)?.setMuted(true)),
      ...each((stage, kind) => Object.assign(live(stage, kind) ?? {}, { rate: 0, hasSamples: false })),
    ],
  },
  'devices free': { weight: 1, variants: [({ rig }) => rig.devices.failures.clear()] },
  'encoder stalls': {
    weight: 2,
    variants: [
      ({ rig }) => (rig.path.isEncoding = () => false),
      ({ rig }) => {
        const stalled = rig.peers.at(-1);
        rig.path.isEncoding = (peer) => peer !== stalled;
      },
    ],
  },
  'encoder encodes': { weight: 1, variants: [({ rig }) => (rig.path.isEncoding = () => true)] },
};

/** Makes every device available again, without an event that reports it. */
export function mendDevices({ rig }: Stage): void {
  rig.path.isEncoding = () => true;
  rig.devices.failures.clear();
  for (const info of CONNECTED)
    if (!rig.devices.devices.some(({ label }) => label === info.label)) rig.devices.devices.push(info);
  for (const permission of Object.values(rig.permissions)) permission.become('granted');
}

/** No device stays lost while it can be opened. */
export async function checkDevices(stage: Stage): Promise<void> {
  const { rig, page } = stage;
  const lost = () =>
    page.captured.filter((kind) => {
      const [track] = rig.user.getSelectedDevice({ kind: `${kind}input` });
      return !track || track.muted;
    });
  await rig.clock.advanceUntil(() => lost().length === 0, MAX_DEVICE_RECOVERY);
  assert.deepEqual(lost(), [], 'a device stays lost that can be opened');
}
