import assert from 'node:assert/strict';
import { SeededRandom } from './seeded-random.js';
import { drawSteps, mendServer, mendWorld, stop, take, type PageState, type Stage, type Step } from './model-steps.js';
import { checkDevices, mendDevices } from './model-media-steps.js';
import { Witness } from './model-recorder.js';
import { TestRig } from './test-rig.js';

/** Milliseconds within which a mended world leads to a broadcast or to its end: `Retry-After` alone may take 120 s. */
const MAX_RECOVERY = 400_000;

/** Milliseconds for which a session may be left on a server that can be reached. */
const MAX_SESSION_LEFT = 60_000;

export interface Sequence {
  isLiveFirst: boolean;
  restartsIce: boolean;
  random: number;
  isMended: boolean;
  steps: Step[];
}

/** The sequence of a seed. */
export function sequenceOf(seed: number): Sequence {
  const dice = new SeededRandom(seed);
  return {
    isLiveFirst: dice.roll() < 0.8,
    restartsIce: dice.roll() < 0.6,
    random: dice.roll(),
    isMended: dice.roll() < 0.5,
    steps: drawSteps(dice),
  };
}

/** Lets a sequence happen to a user, and sees that nothing is done that may not be. */
export async function run({ isLiveFirst, restartsIce, random, isMended, steps }: Sequence): Promise<void> {
  const rig = new TestRig();
  const page: PageState = {
    muted: { audio: false, video: false },
    wrongConfigs: 0,
    changedAt: -Infinity,
    offlineAt: -Infinity,
    onlineAt: -Infinity,
    sleptAt: -Infinity,
    isStuckOffline: false,
    stoppedAt: -Infinity,
    captured: [],
    choice: 0,
    outcomes: [],
  };
  const stage: Stage = { rig, page };
  const recorder = new Witness(rig, page);
  const setConfig = rig.user.setConfig.bind(rig.user);
  let reconnect = { minDelay: 1, maxDelay: 3, maxRetries: 3 };
  rig.user.setConfig = (patch) => {
    const wanted = { ...reconnect, ...patch.reconnect };
    const { minDelay, maxDelay, maxRetries } = wanted;
    const isRight = minDelay >= 1 && maxDelay >= minDelay && Number.isInteger(maxRetries) && maxRetries >= 0;
    if (isRight) recorder.configured((reconnect = wanted));
    return setConfig(patch);
  };
  void rig.user.setConfig({ reconnect });
  Object.assign(rig, { random });
  rig.server.restartsIce = restartsIce;
  rig.begin({ jwt: 'token' });
  if (isLiveFirst) await rig.clock.advance(200);
  for (const step of steps) {
    await take(step, stage);
    recorder.check(step.milliseconds > 0);
  }
  if (isMended) {
    mendWorld(stage);
    mendDevices(stage);
    await checkDevices(stage);
    const isSettled = () => recorder.last === null || recorder.last === 'broadcasting';
    assert.ok(await rig.clock.advanceUntil(isSettled, MAX_RECOVERY), `it ends neither live nor given up`);
    recorder.check();
  }
  stop(stage).catch(() => undefined);
  // Devices are looked for as long as the page has them.
  void rig.user.stopPreview();
  await rig.clock.advance(3_000);
  const end = rig.events.length;
  await rig.clock.advance(70_000);
  const late = rig.outline(end).filter((name) => !name.startsWith('SignIn'));
  assert.deepEqual(late, [], 'something comes after the end');
  mendServer(stage);
  await rig.clock.advance(MAX_SESSION_LEFT);
  recorder.checkEnd();
  let settled = 0;
  for (const outcome of page.outcomes) outcome.finally(() => settled++).catch(() => undefined);
  await rig.clock.advance(0);
  assert.equal(settled, page.outcomes.length, 'a promise is never settled');
  assert.deepEqual(rig.reported, []);
}

/** The steps without which it does not fail: what is left has to be read. */
export async function shrink(sequence: Sequence): Promise<Sequence> {
  let smallest = sequence;
  const fails = (one: Sequence) =>
    run(one).then(
      () => false,
      () => true,
    );
  for (let index = 0; index < smallest.steps.length;) {
    const smaller = { ...smallest, steps: smallest.steps.toSpliced(index, 1) };
    if (await fails(smaller)) smallest = smaller;
    else index += 1;
  }
  return smallest;
}
