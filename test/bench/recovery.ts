import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.js';
import type { Told } from '../support/fault-page.js';
import { Lane, sideBySide, type Client, type ClientKind } from './lane.js';
import { median, rounded, worst, type Missed } from './numbers.js';
import type { PageServer } from './page-server.js';

/** Seconds from the return of the path until media arrives, on top of a wait that is in progress. */
const AFTER_RETURN = 1.5;
/** Seconds until the server's farewell is told of. */
const FAREWELL = 0.5;
/** Seconds in which even a client that waits for the browser is back. */
const LONGEST = 100;
/** Seconds between the beginnings of measurements, for the clients to get to know the path. */
const WARM_UP = 4;
/** Seconds that a killed server is away. */
const AWAY = 3;

interface Fault {
  name: string;
  /** Brings the fault about; resolves when it is over. */
  strike: (lane: Lane) => Promise<void>;
  /** What the time to media may be, where nothing else is said by the wait in progress. */
  budget: Partial<Record<BrowserName, number>>;
  /** Whether a wait in progress is allowed on top. */
  mayWait?: boolean;
  /** Whether the path never goes, so that the time to media counts from the fault. */
  isSudden?: boolean;
}

const cut = (seconds: number) => async (lane: Lane) => {
  lane.each((relay) => relay.blackOut());
  await delay(seconds * 1000);
  lane.each((relay) => relay.heal());
};
const afterReturn = { chromium: AFTER_RETURN, firefox: AFTER_RETURN };

const FAULTS: readonly Fault[] = [
  { name: 'silent path for 40 s', strike: cut(40), budget: afterReturn, mayWait: true },
  {
    name: 'server killed, back after 3 s',
    async strike(lane) {
      await lane.ingest.kill();
      await delay(AWAY * 1000);
      await lane.ingest.start();
    },
    budget: afterReturn,
    mayWait: true,
  },
  {
    name: 'another address, new path at once',
    async strike(lane) {
      lane.each((relay) => relay.move({ http: 'dead' }));
    },
    budget: { chromium: 4, firefox: 8 },
    isSudden: true,
  },
  { name: 'silent path for 10 s', strike: cut(10), budget: afterReturn },
  { name: 'silent path for 3 s', strike: cut(3), budget: afterReturn },
  { name: 'server ends the session', strike: (lane) => lane.ingest.endSessions(), budget: {}, isSudden: true },
];

export interface RecoveryResult {
  fault: string;
  /** Seconds from the beginning of the fault until our client told of it. */
  told: number | null;
  /** Seconds from the return of the path, or from the fault where the path never went, until media arrives again. */
  own: number | null;
  longest: number | null;
  /** What of that, in the middle, was a wait that had already begun. */
  waiting: number | null;
  /** The client that waits for `failed`. */
  bare: number | null;
  /** What healed it, in each round. */
  methods: string[];
  budget: number | null;
  /** The same as the budget is about: without the wait in progress where one is allowed. */
  judged: number | null;
  budgetTold: number | null;
}

interface Trial {
  told: number | null;
  own: number | null;
  waiting: number;
  bare: number | null;
  method: string;
}

/** How long broadcasts take to come back after faults, ours beside one that waits for the browser to give up. */
export async function measureRecovery(
  pages: PageServer,
  browser: Browser,
  name: BrowserName,
  { rounds, lanes, only }: { rounds: number; lanes: number; only?: string | undefined },
): Promise<RecoveryResult[]> {
  const faults = FAULTS.filter((fault) => !only || fault.name.includes(only));
  const tasks = Array.from({ length: rounds }, () => faults).flat();
  const trials = await sideBySide(
    tasks.map((fault) => async () => {
      const result = await trial(pages, browser, fault);
      const { told, own, method, bare } = result;
      console.log(`  ${fault.name}: told ${told} s, back ${own} s by ${method}, bare client ${bare} s`);
      return { fault, ...result };
    }),
    lanes,
  );
  return faults.map((fault) => {
    const own = trials.filter((one) => one.fault === fault);
    const all = (key: 'told' | 'own' | 'bare' | 'waiting') => own.map((one) => one[key]);
    const withoutWait = own.map((one) => (one.own === null ? null : one.own - (fault.mayWait ? one.waiting : 0)));
    return {
      fault: fault.name,
      told: rounded(median(all('told'))),
      own: rounded(median(all('own'))),
      longest: rounded(worst(all('own'))),
      waiting: fault.mayWait ? rounded(median(all('waiting'))) : null,
      bare: rounded(median(all('bare'))),
      methods: own.map(({ method }) => method),
      budget: fault.budget[name] ?? null,
      judged: rounded(median(withoutWait)),
      budgetTold: fault.name === 'server ends the session' ? FAREWELL : null,
    };
  });
}

export function missedRecoveries(name: BrowserName, results: readonly RecoveryResult[]): Missed[] {
  return results.flatMap(({ fault, judged, told, budget, budgetTold, own }) => {
    const missed: Missed[] = [];
    if (own === null) missed.push(`recovery in ${name}, ${fault}: never`);
    else if (budget !== null && (judged ?? Infinity) > budget) {
      missed.push(`recovery in ${name}, ${fault}: ${judged} s, budget ${budget} s`);
    }
    if (budgetTold !== null && (told ?? Infinity) > budgetTold) {
      missed.push(`told in ${name}, ${fault}: ${told} s, budget ${budgetTold} s`);
    }
    return missed;
  });
}

async function trial(pages: PageServer, browser: Browser, fault: Fault): Promise<Trial> {
  const lane = await Lane.open(pages, browser, ['own video', 'bare video']);
  try {
    await delay(WARM_UP * 1000);
    const faultAt = Date.now();
    await fault.strike(lane);
    const since = fault.isSudden ? faultAt : Date.now();
    // What was on its way when the path went is not the beginning of anything.
    if (fault.isSudden) await delay(50);
    const before = await lane.arrived();
    const own = lane.client('own video');
    const [ownAt, bareAt] = await Promise.all(
      (['own', 'bare'] as const satisfies ClientKind[]).map((kind) =>
        lane.whenMediaArrives(`${kind} video`, before, LONGEST),
      ),
    );
    await own.whenTold(since, ['broadcasting'], 15);
    const told = (await own.told()).filter(({ at }) => at >= faultAt);
    const announced = told.filter(({ at, reconnect }) => reconnect && at <= since).at(-1);
    const waiting = announced ? announced.at / 1000 + (announced.reconnect?.delay ?? 0) - since / 1000 : 0;
    const first = told.find(({ name }) => name === 'reconnecting_broadcast');
    const outages = await own.outages();
    if (process.env['COURSE']) console.log(course(fault.name, faultAt, told, own));
    return {
      told: first ? (first.at - faultAt) / 1000 : null,
      own: ownAt ? (ownAt - since) / 1000 : null,
      waiting: Math.max(0, waiting),
      bare: bareAt ? (bareAt - since) / 1000 : null,
      method: outages.map(({ recoveredBy }) => recoveredBy ?? 'nothing').join(', then ') || 'nobody noticed',
    };
  } finally {
    await lane.close();
  }
}

/** What our client was told and asked for, in seconds after the fault, for whom a number surprises. */
function course(fault: string, faultAt: number, told: readonly Told[], { relay }: Client): string {
  const entries = [
    ...told.map(({ at, name, reconnect }) => ({ at, text: `${name} ${reconnect ? JSON.stringify(reconnect) : ''}` })),
    ...relay.requests().map(({ at, method, status = 'no answer', answeredAt }) => ({
      at,
      text: `${method} ${status}${answeredAt ? ` after ${answeredAt - at} ms` : ''}`,
    })),
  ].filter(({ at }) => at >= faultAt);
  const lines = entries
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${((at - faultAt) / 1000).toFixed(2).padStart(7)} ${text}`);
  return [fault, ...lines].join('\n');
}
