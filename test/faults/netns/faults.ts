import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserName } from '../../support/browsers.js';
import type { NetnsLane } from '../../support/netns-lane.js';
import type { Trial } from '../../support/netns-trial.js';

/** Something that happens to a broadcast, and what the page and the server are to see of it. */
export interface Fault {
  what: string;
  /** Lets it happen, from its beginning to its end. */
  happen: (trial: Trial, lane: NetnsLane) => Promise<void>;
  /** `in time` is within the budget of a silent loss; `maybe` where the browser may move over by itself. */
  told: 'never' | 'maybe' | 'in time';
  /**
   * How soon media has to be back: `path` soon after there is a path, `wait` after the wait in progress at that time,
   * `move` as for another address: a browser may need seconds to see its new network. `path` where nothing is said.
   */
  budget?: 'path' | 'wait' | 'move';
  /** False where media goes on. */
  isStopped?: false;
  /** True where the browser's congestion control needs much longer to trust the path again. */
  isSlowed?: true;
  check?: (trial: Trial, browser: BrowserName) => Promise<void>;
}

/** A fault of so many seconds. */
function between(
  seconds: number,
  fault: (lane: NetnsLane) => void,
  remedy: (lane: NetnsLane) => void = ({ netns }) => netns.heal(),
): Fault['happen'] {
  return async (trial, lane) => {
    trial.cut(() => fault(lane));
    await delay(seconds * 1000);
    trial.mend(() => remedy(lane));
  };
}

/** No attempt is made or counted while the browser says that it is offline. */
async function checkParked(trial: Trial): Promise<void> {
  const witnessed = await trial.witnessed();
  const offline = witnessed.findIndex(({ what }) => what === 'offline');
  if (offline < 0) return;
  const online = witnessed.findIndex(({ what }, index) => index > offline && what === 'online');
  assert.ok(online > offline, 'it is online again');
  const meanwhile = witnessed.slice(offline, online).filter(({ what }) => /^#\d+ \w+$/.test(what));
  assert.deepEqual(meanwhile, [], 'nothing is asked of the server while offline');
  const attempts = (await trial.toldOfRecovery()).map(({ reconnect }) => reconnect?.attempt ?? 0);
  assert.ok(Math.max(...attempts) <= 1, `${Math.max(...attempts)} attempts are counted`);
}

/** The longest first, so that the lanes end at about the same time. */
export const FAULTS: readonly Fault[] = [
  {
    what: 'raises no alarm at 20 % loss for a minute',
    happen: between(60, ({ netns }) => netns.lose(20)),
    told: 'never',
    isStopped: false,
    isSlowed: true,
  },
  {
    what: 'comes back after a black hole of 40 s',
    happen: between(40, ({ netns }) => netns.drop()),
    told: 'in time',
    budget: 'wait',
  },
  {
    what: 'comes back after UDP alone was blocked for 20 s',
    happen: between(20, ({ netns }) => netns.drop('udp')),
    told: 'in time',
    budget: 'wait',
  },
  {
    what: 'comes back after a black hole of 10 s',
    happen: between(10, ({ netns }) => netns.drop()),
    told: 'in time',
    budget: 'wait',
  },
  {
    what: 'goes on where TCP alone is blocked',
    happen: between(10, ({ netns }) => netns.drop('tcp')),
    told: 'never',
    isStopped: false,
  },
  {
    what: 'comes back after the server was frozen for 8 s',
    happen: between(
      8,
      ({ server }) => server.freeze(),
      ({ server }) => server.thaw(),
    ),
    told: 'in time',
  },
  {
    what: 'comes back after the server was killed and started again 5 s later',
    happen: async (trial, { server }) => {
      const comeUp = await server.prepare();
      await server.end('SIGKILL');
      trial.cut(() => undefined);
      await delay(5000);
      await comeUp();
      trial.mend(() => undefined);
    },
    told: 'in time',
    budget: 'wait',
  },
  {
    what: 'comes back after the interface was down for 6 s',
    happen: between(
      6,
      ({ netns }) => netns.linkDown('wifi'),
      ({ netns }) => netns.linkUp('wifi'),
    ),
    told: 'in time',
    check: checkParked,
  },
  {
    what: 'comes back after the carrier was lost for 6 s',
    happen: between(
      6,
      ({ netns }) => netns.carrierDown('wifi'),
      ({ netns }) => netns.carrierUp('wifi'),
    ),
    told: 'in time',
    check: checkParked,
  },
  {
    what: 'moves to a new address of the same network',
    happen: async (trial, { netns }) => trial.cut(() => netns.renumber('wifi')),
    told: 'in time',
    budget: 'move',
  },
  {
    what: 'moves from Wi-Fi to a mobile network that comes up as it goes',
    happen: async (trial, { netns }) => trial.cut(() => netns.switchTo('mobile')),
    told: 'in time',
    budget: 'move',
  },
  {
    what: 'moves to a mobile network that was up beside Wi-Fi all the time',
    happen: async (trial, { netns }) => {
      netns.linkUp('mobile');
      await delay(2000);
      trial.cut(() => netns.linkDown('wifi'));
    },
    told: 'maybe',
    budget: 'move',
  },
  {
    what: 'moves to a mobile network after 4 s of a Wi-Fi that has gone silent',
    happen: between(
      4,
      ({ netns }) => netns.drop('all', ['wifi']),
      ({ netns }) => netns.switchTo('mobile'),
    ),
    told: 'in time',
    budget: 'move',
  },
  {
    what: 'comes back after a black hole of 3 s',
    happen: between(3, ({ netns }) => netns.drop()),
    told: 'in time',
  },
  {
    what: 'goes on after a black hole of 1 s',
    happen: between(1, ({ netns }) => netns.drop()),
    told: 'never',
  },
];
