import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserName } from '../../support/browsers.js';
import type { Told } from '../../support/fault-page.js';
import { describeInLanes } from '../../support/netns-lanes.js';
import type { NetnsLane } from '../../support/netns-lane.js';
import { record } from '../../support/netns-timing.js';
import { Trial } from '../../support/netns-trial.js';
import { FAULTS, type Fault } from './faults.js';

/** Seconds from a silent loss to the event, with what a busy machine adds. */
const TOLD = 2.5 + 0.5;
/** Seconds from the path back to media at the server. */
const BACK = 1.5;
/** Seconds of the longest wait between attempts. */
const MAX_WAIT = 8;
/** Seconds from a new path to media at the server where the address is another one, in all. */
const MOVED: Record<BrowserName, number> = { chromium: 4, firefox: 8 };
/** Seconds from media at the server to the checks of what is left. */
const AFTERWARDS = 10;
/** Seconds after the path is back within which something has to happen at all. */
const MAX_OUTAGE = 30;
/** How much of the bitrate of before there is at least, some time after the fault. */
const LEAST_BITRATE = 0.6;

/** Every fault that is for this browser, each with a broadcast of its own. */
export function describeFaults(name: BrowserName): void {
  describeInLanes(name, 'A broadcast over a real network', (test) => {
    for (const fault of FAULTS) {
      test(fault.what, async (lane, context) => {
        const trial = await Trial.begin(lane);
        try {
          await meet(fault, name, trial, lane, context);
          await trial.stop();
        } catch (error) {
          context.diagnostic(`${name}, ${fault.what}\n${await trial.describe().catch(String)}`);
          throw error;
        }
      });
    }
  });
}

async function meet(
  fault: Fault,
  browser: BrowserName,
  trial: Trial,
  lane: NetnsLane,
  context: TestContext,
): Promise<void> {
  await fault.happen(trial, lane);
  if (fault.isStopped !== false) await trial.untilBack(MAX_OUTAGE);
  await delay(AFTERWARDS * 1000);
  const { faultAt, healedBy } = trial;
  const recovery = await trial.toldOfRecovery();
  const [first] = recovery;
  const told = first ? (first.at - faultAt) / 1000 : null;
  const media = fault.isStopped === false ? null : trial.mediaAfterPath;
  const attempts = Math.max(0, ...recovery.map(({ reconnect }) => reconnect?.attempt ?? 0));
  const gap = trial.media.longestGap(faultAt, Date.now());
  record(context, { browser, fault: fault.what, told, media, gap, healedBy, attempts });

  await trial.checkAfterwards(fault.isSlowed ? 0 : LEAST_BITRATE);
  checkOrder(fault, recovery, faultAt);
  if (fault.told === 'in time') assert.ok(told !== null && told <= TOLD, `told after ${told} s`);
  if (fault.isStopped !== false) {
    const budget = { path: BACK, wait: MAX_WAIT + BACK, move: MOVED[browser] }[fault.budget ?? 'path'];
    assert.ok(media !== null && media <= budget, `media came ${media} s after the path`);
  }
  await fault.check?.(trial, browser);
}

/** That the page was told of nothing, or of one recovery from its beginning to its end. */
function checkOrder({ told, what }: Fault, recovery: Told[], faultAt: number): void {
  const names = recovery.map(({ name }) => name);
  if (told === 'never') return assert.deepEqual(names, []);
  if (told === 'maybe' && names.length === 0) return;
  const reconnects = recovery.flatMap(({ reconnect }) => reconnect ?? []);
  const expected = [...reconnects.map(() => 'reconnecting_broadcast'), 'connected', 'broadcasting'];
  assert.ok(reconnects.length > 0, `${what}: it was told of no reconnection`);
  assert.deepEqual(names, expected);
  const counted = reconnects.map(({ attempt }) => attempt);
  assert.deepEqual(
    counted,
    counted.toSorted((a, b) => a - b),
  );
  for (const { lostAt } of reconnects) {
    assert.ok(lostAt <= faultAt + 500 && lostAt > faultAt - 2000, `lost ${lostAt - faultAt} ms after the fault`);
  }
}
