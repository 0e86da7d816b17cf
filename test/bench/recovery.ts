import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { BrowserName } from '../support/browsers.js';
import { NetnsLane, type HttpVariant } from '../support/netns-lane.js';
import { whyNoNetns } from '../support/netns-tools.js';
import { sideBySide } from './lane.js';
import { mean, median, percentile, rounded, worst, type Missed } from './numbers.js';
import { CUT, faultsOf, RECOVERY_FAULTS, recoveryFault, type RecoveryFault } from './recovery-faults.js';
import { runRecovery, type RecoveryRun } from './recovery-run.js';

/** Seconds by which `broadcasting` may come before media is at the server (design, section 9). */
const EARLIEST = 0.5;
/** Seconds that two clients of one page may differ by chance: one look of the server, and one packet. */
const TIE = 0.2;

export interface RecoveryOptions {
  browsers: readonly BrowserName[];
  https: readonly HttpVariant[];
  /** Runs of each fault. */
  rounds: number;
  /** Pairs of networks side by side. */
  lanes: number;
  /** Only faults that have one of these in their names; `silent path for N s` is any cut. */
  only: readonly string[];
  /** A file that every run is added to, a line of JSON each; the results are of all runs in it. */
  runsFile?: string | undefined;
  /** A run could not be made. */
  onFailure: (what: Missed) => void;
}

/** What all runs of one fault came to; seconds, null for never. */
export interface RecoveryResult {
  browser: BrowserName;
  http: HttpVariant;
  fault: string;
  n: number;
  told: number | null;
  median: number | null;
  p90: number | null;
  longest: number | null;
  budget: number | null;
  /** The bare client's median, and ours divided by it. */
  bare: number | null;
  ratio: number | null;
  /** The most that `broadcasting` came before media. */
  early: number | null;
  /** The median time from the first media after the return to full rate, the longest, and the bare client's median. */
  'full rate after': number | null;
  'full rate longest': number | null;
  'bare full rate': number | null;
  methods: string;
}

/** Lets both clients meet every fault, over two networks with a real server. */
export async function measureRecovery(options: RecoveryOptions): Promise<RecoveryResult[]> {
  const reason = whyNoNetns();
  if (reason) {
    console.log(`Recovery is not measured: ${reason}`);
    return [];
  }
  const { browsers, https, rounds, lanes, only, runsFile, onFailure } = options;
  const faults = faultsOf(only);
  const runs: RecoveryRun[] = runsFile && existsSync(runsFile) ? readRuns(runsFile) : [];
  for (const browser of browsers) {
    for (const http of https) {
      const work = Array.from({ length: rounds }, () => faults.filter((fault) => (fault.http ?? http) === http)).flat();
      const onRun = (run: RecoveryRun) => {
        runs.push(run);
        if (runsFile) appendFileSync(runsFile, `${JSON.stringify(run)}\n`);
      };
      await runAll(work, browser, http, lanes, { onRun, onFailure });
    }
  }
  return summariseRuns(runs);
}

export function readRuns(file: string): RecoveryRun[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as RecoveryRun);
}

async function runAll(
  faults: readonly RecoveryFault[],
  browser: BrowserName,
  http: HttpVariant,
  atATime: number,
  { onRun, onFailure }: Pick<RecoveryOptions, 'onFailure'> & { onRun: (run: RecoveryRun) => void },
): Promise<void> {
  const free: NetnsLane[] = [];
  const tasks = faults.map((fault) => async () => {
    const lane = free.pop() ?? (await NetnsLane.open(browser, http));
    try {
      const run = await runRecovery(lane, browser, http, fault);
      free.push(lane);
      console.log(`  ${JSON.stringify(run)}`);
      onRun(run);
    } catch (error) {
      await lane.close();
      onFailure(`recovery in ${browser} over HTTP/${http}, ${fault.name}: no result, ${String(error)}`);
    }
  });
  try {
    await sideBySide(tasks, Math.min(atATime, tasks.length));
  } finally {
    await Promise.all(free.map((lane) => lane.close()));
  }
}

/** One result for each browser, way of HTTP and fault that there are runs of. */
export function summariseRuns(runs: readonly RecoveryRun[]): RecoveryResult[] {
  const keyOf = ({ browser, http, fault }: RecoveryRun) => `${browser} ${http} ${fault}`;
  const placeOf = ({ fault }: RecoveryRun) => RECOVERY_FAULTS.findIndex(({ name }) => name === fault);
  const sorted = [...runs].sort((a, b) => placeOf(a) - placeOf(b) || a.browser.localeCompare(b.browser));
  const keys = [...new Set(sorted.map(keyOf))];
  return keys.flatMap((key) => summariseGroup(runs.filter((run) => keyOf(run) === key)) ?? []);
}

function summariseGroup(group: readonly RecoveryRun[]): RecoveryResult | undefined {
  const [first] = group;
  if (!first) return undefined;
  const { browser, http, fault } = first;
  const all = (key: 'told' | 'own' | 'bare' | 'early' | 'fullRate' | 'bareFullRate') => group.map((run) => run[key]);
  const known = all('early').filter((value) => value !== null);
  const [own, bare] = [median(all('own')), median(all('bare'))];
  return {
    browser,
    http,
    fault,
    n: group.length,
    told: rounded(median(all('told'))),
    median: rounded(own),
    p90: rounded(percentile(all('own'), 0.9)),
    longest: rounded(worst(all('own'))),
    budget: recoveryFault(fault)?.budget?.[browser] ?? null,
    bare: rounded(bare),
    ratio: rounded(own / bare),
    early: rounded(worst(known)),
    'full rate after': rounded(median(all('fullRate'))),
    'full rate longest': rounded(worst(all('fullRate'))),
    'bare full rate': rounded(median(all('bareFullRate'))),
    methods: [...new Set(group.flatMap(({ methods }) => methods))].join(' or '),
  };
}

/** How long cuts of different lengths took together; seconds. */
export interface CutsTogether {
  browser: BrowserName;
  http: HttpVariant;
  cuts: number;
  mean: number | null;
  bare: number | null;
}

/** The means over all cuts: a single length may suit one of the clients by chance. */
export function summariseCuts(results: readonly RecoveryResult[]): CutsTogether[] {
  const cuts = results.filter(({ fault }) => CUT.test(fault));
  const firsts = cuts.filter((cut, at) => cuts.findIndex((other) => isLike(cut, other)) === at);
  return firsts.map(({ browser, http }) => {
    const group = cuts.filter((cut) => isLike(cut, { browser, http }));
    const meanOf = (key: 'median' | 'bare') => rounded(mean(group.map((result) => result[key])));
    return { browser, http, cuts: group.length, mean: meanOf('median'), bare: meanOf('bare') };
  });
}

const isLike = (one: Pick<RecoveryResult, 'browser' | 'http'>, other: Pick<RecoveryResult, 'browser' | 'http'>) =>
  one.browser === other.browser && one.http === other.http;

/** The budgets that were not kept. */
export function missedRecoveries(results: readonly RecoveryResult[]): Missed[] {
  return results.flatMap((result) => {
    const { browser, http, fault, longest, p90, budget, bare, early } = result;
    const { judged, isRace } = recoveryFault(fault) ?? {};
    const where = `recovery in ${browser} over HTTP/${http}, ${fault}`;
    const seconds = judged === 'p90' ? p90 : longest;
    const missed: Missed[] = [];
    if (seconds === null) missed.push(`${where}: never`);
    else if (budget !== null && seconds > budget) missed.push(`${where}: ${seconds} s, budget ${budget} s`);
    if (isRace && (result.median ?? Infinity) > (bare ?? Infinity) + TIE) {
      missed.push(`${where}: ${result.median} s, the bare client ${bare} s`);
    }
    if ((early ?? 0) > EARLIEST) missed.push(`${where}: broadcasting came ${early} s before media`);
    return missed;
  });
}
