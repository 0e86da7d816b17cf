/**
 * `npm run bench`: what `docs/recovery-times.md` and the design's budgets are about, measured side by side with other
 * clients in one run. Prints tables; exits with 1 where a budget is missed, and says which.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.js';
import { measureDetection, missedDetections, type DetectionResult } from './detection.js';
import { HEAP_BUDGET, measureGrowth, missedGrowth, type GrowthResult } from './growth.js';
import { measureGrowthInFakeTime, NODE_HEAP_BUDGET, type NodeGrowth } from './growth-in-fake-time.js';
import { HERD_BUDGET, measureHerds, missedHerds, type HerdResult } from './herd-scenes.js';
import { MAIN_THREAD_BUDGET, measureMainThread, missedMainThread, type MainThreadResult } from './main-thread.js';
import type { Missed } from './numbers.js';
import { launchForMany, PageServer } from './page-server.js';
import { HTTP_VARIANTS, type HttpVariant } from '../support/netns-lane.js';
import { measureRecovery, missedRecoveries, summariseCuts, type RecoveryResult } from './recovery.js';
import { measureStart, missedStart, START_BUDGET, type StartResult } from './start.js';

const PARTS = ['start', 'main-thread', 'detection', 'recovery', 'growth', 'herd'] as const;
type Part = (typeof PARTS)[number];
const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];
type ByBrowser<T> = Partial<Record<BrowserName, T>>;

const HELP = `npm run bench [-- [options] [parts]]

Parts, all of them where none is named:
  start        from startBroadcast to the first media at the server, beside a bare client
  main-thread  what the page's main thread does in a second of a live broadcast in Chromium, shown and hidden: a bare
               client, the core, the element without and with controls, and with each panel open
  detection    from a silent path to reconnecting_broadcast, beside the browser's own states
  recovery     from the end of a fault to media at the server, beside a client that waits for the browser, over
               HTTP/1.1, HTTP/2 and HTTP/2 behind a TLS proxy; two network namespaces, so it needs Linux and root
  growth       what piles up over a thousand reconnections, in Chromium and in fake time
  herd         a million simulated clients behind one restarted server, beside the schedules of others

Options:
  --json FILE          writes everything measured as one JSON document
  --browser NAME       chromium or firefox alone
  --rounds N           of detection and recovery (default 3); of start it is five times as many
  --lanes N            faults measured side by side (default 3)
  --fault TEXT         only faults of recovery whose name has this in it; may be given again; "silent path for N s" is
                       a cut of any length
  --http VERSION       1.1, 2 or 2-proxy alone
  --runs FILE          adds every run of recovery to a file; the tables are of all runs in it
  --reconnections N    of growth (default 1000)
  --help

The environment variable CDN names another folder with the built bundle; COURSE=1 prints what happened in each recovery.`;

/** The JSON document. */
export interface BenchReport {
  /** ISO date. */
  date: string;
  machine: { cores: number; load: number };
  browsers: ByBrowser<string>;
  start: ByBrowser<StartResult>;
  detection: ByBrowser<DetectionResult[]>;
  recovery: RecoveryResult[];
  mainThread?: MainThreadResult[];
  growth?: { chromium: GrowthResult; fakeTime: NodeGrowth };
  herd?: HerdResult[];
  missed: Missed[];
}

interface Settings {
  parts: readonly Part[];
  browsers: readonly BrowserName[];
  rounds: number;
  lanes: number;
  faults: readonly string[];
  https: readonly HttpVariant[];
  runsFile: string | undefined;
  reconnections: number;
}

function title(text: string): void {
  console.log(`\n${text}`);
}

async function benchBrowser(name: BrowserName, settings: Settings, pages: PageServer, report: BenchReport) {
  const { parts, rounds } = settings;
  if (parts.includes('start')) {
    title(`${name}: milliseconds from the start to the first media at the server, budget ${START_BUDGET} times bare`);
    const result = await measureStart(name, rounds * 5);
    console.table([result]);
    report.start[name] = result;
    report.missed.push(...missedStart(name, result));
  }
  const browser: Browser = await launchForMany(name);
  report.browsers[name] = await browser.version();
  try {
    if (!parts.includes('detection')) return;
    title(`${name}: seconds from a silent path until we tell (budget), and until the browser does`);
    const results = await measureDetection(pages, browser, name, rounds);
    console.table(results);
    report.detection[name] = results;
    report.missed.push(...missedDetections(name, results));
  } finally {
    await browser.close();
  }
}

async function benchMainThread(report: BenchReport): Promise<void> {
  const { element, controls } = MAIN_THREAD_BUDGET;
  title(
    `Chromium: milliseconds of main thread per second while live, budget ${element} without and ${controls} with controls`,
  );
  report.mainThread = await measureMainThread();
  console.table(report.mainThread);
  report.missed.push(...missedMainThread(report.mainThread));
}

async function benchRecovery(settings: Settings, report: BenchReport): Promise<void> {
  const { browsers, https, rounds, lanes, faults, runsFile } = settings;
  title('Seconds from the return of the path until media is at the server, beside a bare client in the same page');
  const onFailure = (what: Missed) => {
    console.log(`  ${what}`);
    report.missed.push(what);
  };
  report.recovery = await measureRecovery({ browsers, https, rounds, lanes, only: faults, runsFile, onFailure });
  console.table(report.recovery);
  console.table(summariseCuts(report.recovery));
  report.missed.push(...missedRecoveries(report.recovery));
}

async function benchGrowth(reconnections: number, pages: PageServer, report: BenchReport): Promise<void> {
  title(`Growth over ${reconnections} reconnections of the core alone, in Node and in fake time`);
  const fakeTime = await measureGrowthInFakeTime(reconnections);
  console.table(fakeTime.looks);
  title(`Growth over ${reconnections} reconnections in Chromium, with real sessions`);
  const chromium = await measureGrowth(pages, reconnections);
  console.table(chromium.looks);
  const bytes = [chromium, fakeTime].map(({ bytesPerReconnection }) => Math.round(bytesPerReconnection));
  console.log(`Bytes of heap for each reconnection: ${bytes[0]} in Chromium, ${bytes[1]} in Node.`);
  report.growth = { chromium, fakeTime };
  report.missed.push(
    ...missedGrowth('in Chromium', chromium, HEAP_BUDGET),
    ...missedGrowth('in fake time', fakeTime, NODE_HEAP_BUDGET),
  );
}

function benchHerd(report: BenchReport): void {
  const { worstSecond, backRatio } = HERD_BUDGET;
  title(
    `A million clients behind a server that admits 50,000 a second: requests in the worst second (budget ${worstSecond} ` +
      `times what it admits), 99 % back (budget ${backRatio} times the ideal)`,
  );
  const results = measureHerds();
  console.table(
    results.map(({ policy, down, retryAfter, isJudged, ...outcome }) => ({
      policy: isJudged ? policy : `${policy} (no budget)`,
      'down s': down,
      'Retry-After': retryAfter ?? '',
      'worst second': Number(outcome.worstSecond.toFixed(2)),
      '99 % back': outcome.backRatio === null ? 'never' : Number(outcome.backRatio.toFixed(2)),
      s: outcome.backSeconds === null ? '' : Number(outcome.backSeconds.toFixed(1)),
      'requests each': Number(outcome.requestsPerClient.toFixed(1)),
      'gave up %': Number((outcome.gaveUp * 100).toFixed(1)),
    })),
  );
  report.herd = results;
  report.missed.push(...missedHerds(results));
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      browser: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      lanes: { type: 'string', default: '3' },
      fault: { type: 'string', multiple: true, default: [] },
      http: { type: 'string' },
      runs: { type: 'string' },
      reconnections: { type: 'string', default: '1000' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => !PARTS.includes(name as Part));
  if (unknown) throw new Error(`There is no part ${unknown}.\n\n${HELP}`);
  const browsers = BROWSERS.filter((name) => !values.browser || name === values.browser);
  if (browsers.length === 0) throw new Error(`There is no browser ${values.browser}.\n\n${HELP}`);
  const https = HTTP_VARIANTS.filter((http) => !values.http || http === values.http);
  if (https.length === 0) throw new Error(`There is no HTTP ${values.http}.\n\n${HELP}`);
  const settings: Settings = {
    parts: positionals.length > 0 ? (positionals as Part[]) : PARTS,
    browsers,
    rounds: Number(values.rounds),
    lanes: Number(values.lanes),
    faults: values.fault,
    https,
    runsFile: values.runs,
    reconnections: Number(values.reconnections),
  };
  const report: BenchReport = {
    date: new Date().toISOString(),
    machine: { cores: cpus().length, load: Math.round(loadavg()[0] ?? 0) },
    browsers: {},
    start: {},
    detection: {},
    recovery: [],
    missed: [],
  };
  const pages = new PageServer();
  await pages.start();
  try {
    for (const name of settings.browsers) await benchBrowser(name, settings, pages, report);
    if (settings.parts.includes('main-thread') && browsers.includes('chromium')) await benchMainThread(report);
    if (settings.parts.includes('recovery')) await benchRecovery(settings, report);
    if (settings.parts.includes('growth')) await benchGrowth(settings.reconnections, pages, report);
    if (settings.parts.includes('herd')) benchHerd(report);
  } finally {
    pages.stop();
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const { missed } = report;
  title(missed.length === 0 ? 'All budgets are kept.' : `Missed:\n  ${missed.join('\n  ')}`);
  return missed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
