import { describe, it, before, after, type TestContext } from 'node:test';
import type { BrowserName } from './browsers.js';
import { isSelected } from './tier.js';
import { NetnsLane } from './netns-lane.js';
import { whyNoNetns } from './netns-tools.js';

/** Milliseconds after which a browser hangs. */
const MAX_TEST = 150_000;
/** Most of a test is waiting, so that two cores serve several at a time, as many in the file beside; six made recoveries late. */
const AT_A_TIME = 2;

export type LaneTest = (what: string, body: (lane: NetnsLane, context: TestContext) => Promise<void>) => void;

/** Describes tests that run side by side, each with a pair of networks, a server and a fresh page for itself. */
export function describeInLanes(name: BrowserName, title: string, suite: (test: LaneTest) => void): void {
  if (!isSelected(false, name)) return;
  const skip = whyNoNetns() ?? false;
  const concurrency = Number(process.env['LANES'] ?? AT_A_TIME);
  describe(`${title} in ${name}`, { concurrency }, () => {
    let free: NetnsLane[] = [];
    before(async () => {
      if (skip === false) free = await Promise.all(Array.from({ length: concurrency }, () => NetnsLane.open(name)));
    });
    after(() => Promise.all(free.map((lane) => lane.close())));
    suite(
      (what, body) =>
        void it(what, { timeout: MAX_TEST, skip }, async (context) => {
          const lane = free.pop() ?? (await NetnsLane.open(name));
          try {
            await lane.begin();
            await body(lane, context);
            await lane.finish();
            free.push(lane);
          } catch (error) {
            // What is left of it is not for the next test.
            await lane.close();
            throw error;
          }
        }),
    );
  });
}
