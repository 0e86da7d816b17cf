import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { device, streamOf, type Kind } from '../support/fake-media.js';
import { TestRig } from '../support/test-rig.js';
import { runs } from '../support/runs.js';

const PLUGGED = [
  device('audioinput', 'Microphone'),
  device('audioinput', 'Headset'),
  device('videoinput', 'Front camera'),
  device('videoinput', 'Back camera'),
];

type Happening = (rig: TestRig) => void;

const either = <T>(...values: T[]) => fc.constantFrom(...values);
const kind = either<Kind>('audio', 'video');
const plugged = either(...PLUGGED);
const own = (rig: TestRig) => rig.devices.tracks.filter(({ readyState }) => readyState === 'live');

/** Everything that can happen to what is sent, but for mute. */
const happening: fc.Arbitrary<Happening> = fc.oneof(
  plugged.map(
    (info) =>
      ({ devices }: TestRig) =>
        devices.unplug(info.label),
  ),
  plugged.map(
    (info) =>
      ({ devices }: TestRig) =>
        devices.plug(info),
  ),
  kind.map(
    (one) => (rig: TestRig) =>
      own(rig)
        .find((track) => track.kind === one)
        ?.end(),
  ),
  fc.tuple(kind, fc.boolean()).map(
    ([one, isMuted]) =>
      (rig: TestRig) =>
        own(rig)
          .find((track) => track.kind === one)
          ?.setMuted(isMuted),
  ),
  plugged.map(
    ({ label }) =>
      ({ devices }: TestRig) =>
        devices.failures.set(label, new DOMException('', 'NotReadableError')),
  ),
  fc.constant(({ devices }: TestRig) => devices.failures.clear()),
  // As long as a person or a device takes to answer, if ever.
  either(0, 700, 3_000, Infinity).map((milliseconds) => (rig: TestRig) => {
    rig.devices.gate = new Promise((resolve) => {
      if (milliseconds < Infinity) rig.clock.setTimeout(resolve, milliseconds);
    });
    // Whoever waits longer is given up, and the next one is opened beside it: not to be counted.
    if (milliseconds > 700) rig.devices.mostOpening = NaN;
  }),
  fc.constant((rig: TestRig) => rig.comeToForeground()),
  fc.tuple(either<boolean | number>(true, false, 0, 1), either<boolean | number>(true, false, 0, 1)).map(
    ([video, audio]) =>
      ({ user }: TestRig) =>
        void user.startPreview({ videoDeviceConfig: { device: video }, audioDeviceConfig: { device: audio } }),
  ),
  fc.constant(({ user }: TestRig) => void user.startPreview({ videoDeviceConfig: { source: 'screen' } })),
  fc.boolean().map(
    (sharesAudio) =>
      ({ devices }: TestRig) =>
        void Object.assign(devices, { sharesAudio }),
  ),
  // A camera freezes, a microphone delivers no samples.
  kind.map(
    (one) => (rig: TestRig) =>
      Object.assign(own(rig).find((track) => track.kind === one) ?? {}, { rate: 0, hasSamples: false }),
  ),
  fc.tuple(either('camera' as const, 'microphone' as const), either<PermissionState>('granted', 'denied')).map(
    ([name, state]) =>
      ({ permissions }: TestRig) =>
        permissions[name].become(state),
  ),
  fc.constant(({ user }: TestRig) => void user.stopPreview()),
  fc.constant((rig: TestRig) => void rig.giveStream()),
  either(['audio'], []).map((tracks) => ({ user }: TestRig) => {
    void user.injectExternalMediaStream({ stream: streamOf('audio') as unknown as MediaStream, tracks });
  }),
  either<AudioContextState>('suspended', 'running').map((state) => ({ contexts }: TestRig) => {
    const context = contexts.at(-1);
    if (context && context.state !== 'closed') context.become(state);
  }),
  fc.boolean().map((isRefused) => ({ peers }: TestRig) => {
    const refusal = isRefused ? new DOMException('', 'InvalidModificationError') : undefined;
    for (const sender of peers.at(-1)?.getSenders() ?? []) sender.refusal = refusal;
  }),
  fc.constant((rig: TestRig) => rig.losePath()),
  fc.constant((rig: TestRig) => rig.loseServer()),
  either(201, 503).map(
    (status) =>
      ({ server }: TestRig) =>
        server.next('POST', { status }),
  ),
  fc.constant(({ user }: TestRig) => void user.startBroadcast()),
  fc.constant(({ user }: TestRig) => void user.stopBroadcast()),
);

interface Step {
  /** What the page says of mute in this step, before the rest happens. */
  mute: { kind: Kind; isMuted: boolean } | null;
  happen: Happening;
  milliseconds: number;
  microtasks: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  mute: fc.option(fc.record({ kind, isMuted: fc.boolean() })),
  happen: happening,
  milliseconds: either(0, 0, 0, 10, 300, 1_100, 5_000),
  microtasks: fc.nat(12),
});

/** Everything that was handed to a connection so far. */
const attachments = ({ peers }: TestRig) =>
  peers.flatMap((peer) => peer.getSenders().flatMap(({ attached }) => attached));

describe('mute', () => {
  it('holds on every path: nothing that happens lets out a frame or a sample of what is muted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const rig = new TestRig({ reconnect: { minDelay: 1, maxDelay: 1, maxRetries: 5 } });
        const muted = { audio: false, video: false };
        let seen = new Map<object, number>();
        const check = (isSettled = false) => {
          const handed = attachments(rig);
          for (const one of handed) {
            if (seen.has(one)) continue;
            assert.ok(
              !one.track || !muted[one.kind] || one.wasEnabled === false,
              `${one.kind} was handed over unmuted`,
            );
          }
          seen = new Map(handed.map((one) => [one, 1]));
          for (const { connectionState, transceivers } of rig.peers) {
            if (connectionState === 'closed') continue;
            for (const { sender } of transceivers) {
              // A track of the page's own that was let go of is not ours to stop: it goes out until it is switched.
              const isLeaving = !isSettled && sender.track?.label === sender.kind;
              const isOut = sender.track?.readyState === 'live' && sender.track.enabled && !isLeaving;
              assert.ok(!isOut || !muted[sender.kind], `${sender.kind} goes out unmuted`);
            }
          }
        };
        rig.devices.plug(device('audioinput', 'Headset'));
        void rig.signIn();
        void rig.user.startPreview();
        void rig.user.startBroadcast();
        await rig.clock.advance(300);
        check();
        for (const { mute, happen, milliseconds, microtasks } of steps) {
          if (mute) {
            muted[mute.kind] = mute.isMuted;
            void rig.user.muteDevice({ kind: `${mute.kind}input`, mute: mute.isMuted });
          }
          check();
          happen(rig);
          check();
          for (let passed = 0; passed < microtasks; passed++) {
            await null;
            check();
          }
          if (milliseconds > 0) await rig.clock.advance(milliseconds);
          check(milliseconds > 0);
        }
        for (const one of ['audio', 'video'] as const) {
          void rig.user.muteDevice({ kind: `${one}input`, mute: false });
          muted[one] = false;
        }
        rig.devices.gate = Promise.resolve();
        rig.devices.sharesAudio = false;
        void rig.user.stopPreview();
        void rig.user.startPreview();
        await rig.clock.advance(5_000);
        const left = own(rig);
        assert.ok(
          left.every(({ enabled }) => enabled),
          'and it ends when the page says so',
        );
        assert.ok(left.length <= 2, 'no device is left open');
        assert.ok(!(rig.devices.mostOpening > 1), 'one device is opened at a time');
      }),
      { numRuns: runs(50, 200) },
    );
  });
});
