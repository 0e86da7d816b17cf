/**
 * `node --import tsx test/bench/write-docs.ts BENCH.json [NETWORK.log]`: puts the numbers of a benchmark, and of the
 * output of `npm run test:network`, into the tables of `docs/recovery-times.md`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import type { BenchReport } from './bench.js';

const PAGE = fileURLToPath(new URL('../../docs/recovery-times.md', import.meta.url));
/** A line of the network tests' diagnostics. */
const NETWORK = /(chromium|firefox), (.+?): told (?:after ([\d.]+) s|nothing)(?:, media (-?[\d.]+) s after the path)?/;
const NETWORK_HEALED = /healed by (\w+)/;

type Row = readonly (string | number | null | undefined)[];

const cell = (value: Row[number]) => (value === null || value === undefined ? '–' : String(value));
const table = (head: Row, rows: readonly Row[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
const fixed = (value: number | null | undefined, digits = 1) => (value == null ? null : value.toFixed(digits));
/** How often each, the most frequent first. */
const counted = (words: readonly string[]) => [...new Set(words)].join(' or ');

function benchTables(report: BenchReport): string {
  const { date, machine, browsers, start, detection, recovery } = report;
  const names = Object.keys(browsers) as (keyof typeof browsers)[];
  const version = (name: (typeof names)[number]) => browsers[name]?.replace('/', ' ') ?? name;
  const detections = names.flatMap((name) =>
    (detection[name] ?? []).map(({ media, told, longest, disconnected, failed, budget }) => [
      version(name),
      media === 'audio' ? 'audio alone' : 'with video',
      fixed(told),
      fixed(longest),
      budget,
      fixed(disconnected),
      fixed(failed),
    ]),
  );
  const faults = recovery[names[0] ?? 'chromium']?.map(({ fault }) => fault) ?? [];
  const recoveries = faults.flatMap((fault) =>
    names.map((name) => {
      const one = recovery[name]?.find((result) => result.fault === fault);
      return [
        fault,
        name,
        fixed(one?.told),
        fixed(one?.own),
        fixed(one?.longest),
        fixed(one?.waiting),
        counted(one?.methods ?? []),
        fixed(one?.bare),
      ];
    }),
  );
  const starts = names.map((name) => [name, start[name]?.own, start[name]?.bare, fixed(start[name]?.ratio, 2)]);
  return [
    `Measured on ${date.slice(0, 10)} on two shared cores (${machine.cores} cores, load ${machine.load} at the beginning); ` +
      'medians, in seconds where nothing else is said.',
    'Until a silent path is told of:',
    table(['browser', 'broadcast', 'told', 'longest', 'budget', '`disconnected`', '`failed`'], detections),
    'Until media is at the server again, from the return of the path or server, or from the fault where there is no return:',
    table(['fault', 'browser', 'told', 'back', 'longest', 'of it waiting', 'healed by', 'bare client'], recoveries),
    'From the start to the first media at the server, in milliseconds:',
    table(['browser', '`RtcUser`', 'bare client', 'ratio'], starts),
  ].join('\n\n');
}

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
    ['what it does', 'Chromium: told', 'back', 'healed by', 'Firefox: told', 'back', 'healed by'],
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
if (Object.keys(report.recovery).length > 0) page = fill(page, 'bench', benchTables(report));
if (report.growth) page = fill(page, 'growth', growthTables(report));
if (report.herd) page = fill(page, 'herd', herdTables(report));
if (network) page = fill(page, 'network', networkTables(readFileSync(network, 'utf8')));
writeFileSync(PAGE, await format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
