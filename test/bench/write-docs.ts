/**
 * `node --import tsx test/bench/write-docs.ts BENCH.json [NETWORK.log]`: puts the numbers of a benchmark, and of the
 * output of `npm run test:network`, into the tables of `docs/recovery-times.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { HttpVariant } from '../support/netns-lane.js';
import type { BenchReport } from './bench.js';

const PAGE = fileURLToPath(new URL('../../docs/recovery-times.md', import.meta.url));
/** A line of the network tests' diagnostics. */
const NETWORK = /(chromium|firefox), (.+?): told (?:after ([\d.]+) s|nothing)(?:, media (-?[\d.]+) s after the path)?/;
const NETWORK_HEALED = /healed by ([\w-]+)/;

type Row = readonly (string | number | null | undefined)[];

const cell = (value: Row[number]) => (value === null || value === undefined ? '–' : String(value));
const table = (head: Row, rows: readonly Row[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const fixed = (value: number | null | undefined, digits = 1) => (value == null ? null : value.toFixed(digits));

function benchTables(report: BenchReport): string {
  const { date, machine, browsers, start, detection } = report;
  const names = Object.keys(browsers) as (keyof typeof browsers)[];
  const version = (name: (typeof names)[number]) => browsers[name]?.replace('/', ' ') ?? name;
  const detections = names.flatMap((name) =>
    (detection[name] ?? []).map(({ media, told, longest, disconnected, failed, budget }) => [
      version(name),
      media === 'audio' ? 'audio only' : 'with video',
      fixed(told),
      fixed(longest),
      budget,
      fixed(disconnected),
      fixed(failed),
    ]),
  );
  const starts = names.map((name) => [name, start[name]?.own, start[name]?.bare, fixed(start[name]?.ratio, 2)]);
  return [
    `Measured on ${date.slice(0, 10)} on two shared cores (${machine.cores} cores, load ${machine.load} at the beginning); ` +
      'medians, in seconds where nothing else is said.',
    'Until a silent path is reported:',
    table(['browser', 'broadcast', 'reported', 'longest', 'budget', '`disconnected`', '`failed`'], detections),
    'From the start to the first media at the server, in milliseconds:',
    table(['browser', '`RtcUser`', 'bare client', 'ratio'], starts),
  ].join('\n\n');
}

/** One table for each way of HTTP; the bare client met the same faults in the same page. */
function recoveryTables({ date, browsers, recovery }: BenchReport): string {
  const https = [...new Set(recovery.map(({ http }) => http))];
  const tables = https.flatMap((http) => {
    const rows = recovery
      .filter((result) => result.http === http)
      .map(({ fault, browser, n, told, median, p90, longest, budget, bare, ratio, methods, ...rates }) => [
        fault,
        browser,
        n,
        fixed(told),
        fixed(median),
        fixed(p90),
        fixed(longest),
        budget,
        methods,
        fixed(bare),
        fixed(ratio, 2),
        fixed(rates['full rate after']),
        fixed(rates['full rate longest']),
        fixed(rates['bare full rate']),
      ]);
    const head = [
      'fault',
      'browser',
      'n',
      'reported',
      'back: median',
      '90th percentile',
      'longest',
      'budget',
      'recovered by',
      'bare client',
      'ratio',
      'full rate after',
      'longest',
      'bare client',
    ];
    return [`### ${HTTP_TITLES[http]}`, table(head, rows)];
  });
  const versions = Object.values(browsers).map((version) => version.replace('/', ' '));
  const load = 'Seconds from the return of the path, or from the change of address, to media at the server.';
  return [
    `Measured on ${date.slice(0, 10)}, ${versions.join(' and ')}, Node ${process.versions.node}. ${load}`,
    ...tables,
  ].join('\n\n');
}

const HTTP_TITLES: Record<HttpVariant, string> = {
  '1.1': 'HTTP/1.1',
  '2': 'HTTP/2',
  '2-proxy': 'HTTP/2 behind a TLS proxy',
};

function growthTables({ growth }: BenchReport): string {
  const [first, last] = [growth?.chromium.looks[0], growth?.chromium.looks.at(-1)];
  if (!growth || !first || !last) return '';
  const rows = (['heapKilobytes', 'listeners', 'nodes', 'openPeers', 'sessions'] as const).map((key) => [
    {
      heapKilobytes: 'heap, kB',
      listeners: 'listeners',
      nodes: 'nodes',
      openPeers: 'open connections',
      sessions: 'sessions',
    }[key],
    first[key],
    last[key],
  ]);
  return table(
    [`${growth.chromium.users} users`, `after ${first.reconnections}`, `after ${last.reconnections} reconnections`],
    rows,
  );
}

function herdTables({ herd = [] }: BenchReport): string {
  const rows = herd.map(({ policy, down, retryAfter, worstSecond, backRatio, requestsPerClient, gaveUp }) => [
    policy,
    down,
    retryAfter,
    fixed(worstSecond),
    backRatio === null ? 'never' : fixed(backRatio, 2),
    fixed(requestsPerClient),
    fixed(gaveUp * 100),
  ]);
  const head = ['client', 'away, s', '`Retry-After`, s', 'worst second', '99 % back', 'requests each', 'gave up, %'];
  return table(head, rows);
}

function networkTables(log: string): string {
  const rows = log.split('\n').flatMap((line) => {
    const [, browser, what, told, media] = NETWORK.exec(line) ?? [];
    const [, healed = ''] = NETWORK_HEALED.exec(line) ?? [];
    return browser && what ? [{ browser, what, told, media, healed }] : [];
  });
  const whats = [...new Set(rows.map(({ what }) => what))];
  const of = (what: string, browser: string) => {
    const row = rows.find((one) => one.what === what && one.browser === browser);
    return row ? [row.told ?? 'nothing', row.media, row.healed] : [null, null, null];
  };
  return table(
    ['what it does', 'Chromium: reported', 'back', 'recovered by', 'Firefox: reported', 'back', 'recovered by'],
    whats.map((what) => [what, ...of(what, 'chromium'), ...of(what, 'firefox')]),
  );
}

/** Replaces what stands between the two markers of a name. */
function fill(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} begins -->`, `<!-- ${name} ends -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page has no place for ${name}.`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

const [bench, network] = process.argv.slice(2);
if (!bench) throw new Error('Name the JSON document of a benchmark.');
const report = JSON.parse(readFileSync(bench, 'utf8')) as BenchReport;
let page = readFileSync(PAGE, 'utf8');
if (Object.keys(report.detection).length > 0) page = fill(page, 'bench', benchTables(report));
if (report.recovery.length > 0) page = fill(page, 'recovery', recoveryTables(report));
if (report.growth) page = fill(page, 'growth', growthTables(report));
if (report.herd) page = fill(page, 'herd', herdTables(report));
if (network) page = fill(page, 'network', networkTables(readFileSync(network, 'utf8')));
writeFileSync(PAGE, await format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
