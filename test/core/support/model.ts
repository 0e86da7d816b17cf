import assert from 'node:assert/strict';
import { Dice } from './seeded-random.js';
import { drawSteps, mendWorld, stop, take, type PageState, type Stage, type Step } from './model-steps.js';
import { Witness } from './model-recorder.js';
import { Studio } from './test-rig.js';

/** Milliseconds within which a mended world leads to a broadcast or to its end: `Retry-After` alone may take 120 s. */
const LONGEST_RECOVERY = 400_000;

export interface Sequence {
  isLiveFirst: boolean;
  restartsIce: boolean;
  random: number;
  isMended: boolean;
  steps: Step[];
}

/** The sequence of a seed. */
export function sequenceOf(seed: number): Sequence {
  const dice = new Dice(seed);
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
  const studio = new Studio();
  const page: PageState = {
    muted: { audio: false, video: false },
    wrongConfigs: 0,
    changedAt: -Infinity,
    offlineAt: -Infinity,
    sleptAt: -Infinity,
    stoppedAt: -Infinity,
    outcomes: [],
  };
  const stage: Stage = { studio, page };
  const witness = new Witness(studio, page);
  const setConfig = studio.user.setConfig.bind(studio.user);
  let reconnect = { minDelay: 1, maxDelay: 3, maxRetries: 3 };
  studio.user.setConfig = (patch) => {
    const wanted = { ...reconnect, ...patch.reconnect };
    const { minDelay, maxDelay, maxRetries } = wanted;
    const isRight = minDelay >= 1 && maxDelay >= minDelay && Number.isInteger(maxRetries) && maxRetries >= 0;
    if (isRight) witness.configured((reconnect = wanted));
    return setConfig(patch);
  };
  void studio.user.setConfig({ reconnect });
  Object.assign(studio, { random });
  studio.server.restartsIce = restartsIce;
  studio.begin({ jwt: 'token' });
  if (isLiveFirst) await studio.clock.advance(200);
  for (const step of steps) {
    await take(step, stage);
    witness.check(step.milliseconds > 0);
  }
  if (isMended) {
    mendWorld(stage);
    const isSettled = () => witness.last === null || witness.last === 'broadcasting';
    assert.ok(await studio.clock.advanceUntil(isSettled, LONGEST_RECOVERY), `it ends neither live nor given up`);
    witness.check();
  }
  stop(stage).catch(() => undefined);
  await studio.clock.advance(3_000);
  const end = studio.events.length;
  await studio.clock.advance(70_000);
  const late = studio.outline(end).filter((name) => !name.startsWith('SignIn'));
  assert.deepEqual(late, [], 'something comes after the end');
  witness.checkEnd();
  let settled = 0;
  for (const outcome of page.outcomes) outcome.finally(() => settled++).catch(() => undefined);
  await studio.clock.advance(0);
  assert.equal(settled, page.outcomes.length, 'a promise is never settled');
  assert.deepEqual(studio.reported, []);
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
