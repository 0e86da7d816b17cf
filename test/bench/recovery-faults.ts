import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserName } from '../support/browsers.js';
import type { HttpVariant, NetnsLane } from '../support/netns-lane.js';

/** When something happened to the network or to the server, in milliseconds since 1970. */
export interface Strike {
  faultAt: number;
  /** When the path, or the server, was there again; the same as `faultAt` if another path was there at once. */
  pathAt: number;
}

export interface RecoveryFault {
  name: string;
  strike: (lane: NetnsLane) => Promise<Strike>;
  /** Seconds from the path to media at the server; none if the back-off of a thundering herd decides. */
  budget: Record<BrowserName, number> | null;
  /** Which run the budget is about: nine of ten runs of the address changes, else every run. */
  judged: 'longest' | 'p90';
  /** Whether it must not be slower than the bare client. */
  isRace: boolean;
  /** The only way of HTTP that it is about; all if nothing is said. */
  http?: HttpVariant;
}

/** Seconds from the return of the path to media at the server (design, section 9). */
const AFTER_RETURN = { chromium: 1.5, firefox: 1.5 };
/** Seconds from another address to media at the server (design, section 9). */
const AFTER_MOVE = { chromium: 4, firefox: 8 };
/** Seconds that a killed or frozen server is away. */
const AWAY = 5;
const FROZEN = 8;
/** Seconds between the first loss and the second, and of each. */
const BETWEEN_LOSSES = 20;
const EACH_LOSS = 10;

async function cut(seconds: number, { netns }: NetnsLane): Promise<Strike> {
  netns.drop();
  const faultAt = Date.now();
  await delay(seconds * 1000);
  netns.heal();
  return { faultAt, pathAt: Date.now() };
}

async function move(change: () => void): Promise<Strike> {
  change();
  const faultAt = Date.now();
  return { faultAt, pathAt: faultAt };
}

const cutOf = (seconds: number): RecoveryFault => ({
  name: `silent path for ${seconds} s`,
  strike: (lane) => cut(seconds, lane),
  budget: AFTER_RETURN,
  judged: 'longest',
  isRace: true,
});

/** The longest first, so that workers end at about the same time. */
export const RECOVERY_FAULTS: readonly RecoveryFault[] = [
  ...[90, 40, 25, 18, 10, 3].map(cutOf),
  {
    name: `silent path again ${BETWEEN_LOSSES} s after the first`,
    async strike(lane) {
      await cut(EACH_LOSS, lane);
      await delay(BETWEEN_LOSSES * 1000);
      return cut(18, lane);
    },
    budget: AFTER_RETURN,
    judged: 'longest',
    isRace: true,
  },
  {
    name: 'Wi-Fi to mobile',
    strike: ({ netns }) => move(() => netns.switchTo('mobile')),
    budget: AFTER_MOVE,
    judged: 'p90',
    isRace: true,
  },
  {
    name: 'new address',
    strike: ({ netns }) => move(() => netns.renumber('wifi')),
    budget: AFTER_MOVE,
    judged: 'p90',
    isRace: true,
  },
  {
    name: `server killed, back after ${AWAY} s`,
    async strike({ server }) {
      const comeUp = await server.prepare();
      await server.end('SIGKILL');
      const faultAt = Date.now();
      await delay(AWAY * 1000);
      await comeUp();
      return { faultAt, pathAt: Date.now() };
    },
    budget: null,
    judged: 'longest',
    isRace: true,
  },
  {
    name: `server frozen for ${FROZEN} s`,
    async strike({ server }) {
      server.freeze();
      const faultAt = Date.now();
      await delay(FROZEN * 1000);
      server.thaw();
      return { faultAt, pathAt: Date.now() };
    },
    budget: AFTER_RETURN,
    judged: 'longest',
    isRace: true,
  },
  {
    name: `new address while the TLS proxy is frozen for ${FROZEN} s`,
    async strike({ netns, server }) {
      server.freezeProxy();
      const { faultAt } = await move(() => netns.renumber('wifi'));
      await delay(FROZEN * 1000);
      server.thawProxy();
      return { faultAt, pathAt: Date.now() };
    },
    budget: AFTER_RETURN,
    judged: 'longest',
    isRace: true,
    http: '2-proxy',
  },
];

/** The names of cuts, with their seconds. */
export const CUT = /^silent path for (\d+) s$/;

/** A fault by its name; cuts of other lengths than those of the list have names of the same form. */
export function recoveryFault(name: string): RecoveryFault | undefined {
  const seconds = CUT.exec(name)?.[1];
  return RECOVERY_FAULTS.find((fault) => fault.name === name) ?? (seconds ? cutOf(Number(seconds)) : undefined);
}

/** The faults with one of these texts in their names, and cuts of other lengths whose whole names are given. */
export function faultsOf(texts: readonly string[]): RecoveryFault[] {
  if (texts.length === 0) return [...RECOVERY_FAULTS];
  const others = texts.flatMap((text) => recoveryFault(text) ?? []);
  const named = RECOVERY_FAULTS.filter(({ name }) => texts.some((text) => name.includes(text)));
  return [...new Set([...others, ...named])];
}
