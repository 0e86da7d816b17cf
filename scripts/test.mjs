/**
 * `test.mjs <tiers and parts …>`: `npm test` is the tier `quick`, `npm run test:all` is `all`, and `rest` is what `quick`
 * leaves out. Closes with what has failed and why, and one line `N passed, N failed, N skipped` over all of it; a check
 * without tests of its own counts as one.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowsers, ensureWebKit, missingWebKit } from './browsers.mjs';
import { ensurePackages, root } from './install.mjs';
import { ensureServers } from './servers.mjs';

/** What the RTMP tests work with. */
const ensureRtmp = () => ensureServers(['ffmpeg', 'nginx-rtmp']);

/** The parts that need a build and come without the part `build`, as those of `rest` do, take the one that is there. */
function ensureBuild() {
  if (existsSync(join(root, 'cdn', 'nano-webcaster.min.js'))) return;
  console.log('There is no build yet.');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}

const npx = (...command) => ['npx', '--no-install', ...command];
/** Runs the test files of folders, with those below them unless it is told otherwise. */
const nodeTest =
  (folders, ...options) =>
  (countsFile) => [
    process.execPath,
    '--import',
    'tsx',
    '--test',
    ...options,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/node-count-reporter.mjs',
    `--test-reporter-destination=${countsFile}`,
    ...new Set(folders.flatMap(testFiles)),
  ];

/** A check without tests of its own. The part `docs` writes anew what most of them read. */
const check = (command) => ({ tier: 'quick', command: () => command, computes: true, after: 'docs' });

/** Unit tests that try more where `RUNS` is `full`. */
const thorough = (file) => readFileSync(join(root, file), 'utf8').includes("from '../support/runs.js'");

/**
 * `tier` says when a part runs: `quick` in `npm test` alone, `rest` after it alone; of `both`, each tier runs its own tests
 * (`test/support/tier.ts`, by the variable TIER). What only `computes` runs two at a time, after what it reads was written;
 * the others mind the clock, or each other, and run alone.
 */
const PARTS = {
  // First, beside all the other checks, which take about as long.
  unit: { tier: 'quick', command: nodeTest(['test/core/**', 'test/bench']), hasCounts: true, computes: true },
  build: { tier: 'quick', command: () => ['npm', 'run', '--silent', 'build'], computes: true },
  docs: { tier: 'quick', command: () => ['npm', 'run', '--silent', 'docs:check'], computes: true, after: 'build' },
  format: check(npx('prettier', '--check', '--log-level=warn', '.')),
  lint: check(npx('eslint', '.')),
  imports: check(npx('depcruise', 'src')),
  prose: check(['npm', 'run', '--silent', 'prose']),
  types: check(npx('tsc', '-p', 'test')),
  knip: check(npx('knip')),
  size: check(npx('size-limit')),
  guides: { tier: 'quick', command: nodeTest(['test/docs']), hasCounts: true, computes: true, after: 'docs' },
  publint: check(npx('publint', '--strict')),
  attw: check(npx('attw', '--pack', '.', '--profile', 'esm-only', '--no-color', '--format', 'ascii')),
  package: { tier: 'quick', command: nodeTest(['test/package/**']), hasCounts: true, needs: [ensureBrowsers] },
  server: { tier: 'quick', command: nodeTest(['test/server/**'], '--test-concurrency=2'), hasCounts: true },
  component: { tier: 'both', command: () => npx('web-test-runner'), hasCounts: true, needs: [ensureBrowsers] },
  e2e: {
    tier: 'both',
    command: nodeTest(['test/e2e/docs.test.ts', 'test/e2e/live.test.ts', 'test/e2e/**'], '--test-concurrency=2'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  conformance: {
    tier: 'both',
    command: nodeTest(['test/conformance/**'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  rtmp: {
    tier: 'both',
    command: nodeTest(['test/rtmp/**'], '--test-concurrency=2'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureRtmp, ensureBuild],
  },
  // A file has two pages at a time, and what comes last in it would wait alone. The longest files come first.
  faults: {
    tier: 'both',
    command: nodeTest(['test/faults/deviations.test.ts', 'test/faults'], '--test-concurrency=3'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  relay: {
    tier: 'both',
    command: nodeTest(
      ['test/faults/relay/path.test.ts', 'test/faults/relay/restart.test.ts', 'test/faults/relay'],
      '--test-concurrency=3',
    ),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  thorough: {
    tier: 'rest',
    command: nodeTest(testFiles('test/core/**').filter(thorough), '--test-concurrency=2'),
    env: { RUNS: 'full' },
    hasCounts: true,
  },
  webkit: {
    tier: 'rest',
    command: () => npx('web-test-runner'),
    env: { BROWSER: 'webkit' },
    hasCounts: true,
    needs: [ensureWebKit],
    missing: missingWebKit,
  },
  visual: {
    tier: 'rest',
    command: nodeTest(['test/visual']),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  frameworks: {
    tier: 'rest',
    // The first file installs the packages that the second one needs.
    command: nodeTest(['test/frameworks'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  network: {
    tier: 'rest',
    command: nodeTest(['test/faults/netns/**'], '--test-concurrency=2'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureBuild],
  },
  interop: {
    tier: 'rest',
    command: nodeTest(['test/interop/**'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureServers, ensureBuild],
  },
};

const TIERS = ['quick', 'rest', 'all'];

/** The parts of a tier. */
const partsOf = (tier) =>
  Object.keys(PARTS).filter((name) => tier === 'all' || PARTS[name].tier === 'both' || PARTS[name].tier === tier);

const folder = mkdtempSync(join(tmpdir(), 'nano-webcaster-'));

/** The test files of `folder`, or of `folder/**` with all below it; or a file alone. */
function testFiles(pattern) {
  if (pattern.endsWith('.test.ts')) return [pattern];
  const folder = pattern.replace(/\/\*\*$/, '');
  return readdirSync(join(root, folder), { recursive: folder !== pattern })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .sort();
}

/** Runs a part and says how many of its tests passed, failed and were skipped; what cannot run here is skipped as a whole. */
async function run(name, tier, isHeldBack) {
  const { command, env, hasCounts, missing } = PARTS[name];
  const begun = Date.now();
  if (!isHeldBack) console.log(`\n${name}`);
  const reason = missing?.();
  const { counts, output } = reason
    ? { counts: { passed: 0, failed: 0, skipped: 1 }, output: `Skipped: ${reason}\n` }
    : await runCommand(name, command, { env: { ...env, ...tier }, hasCounts, isHeldBack });
  const seconds = Math.round((Date.now() - begun) / 1000);
  const summary = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s`;
  console.log(`${isHeldBack ? `\n${name}\n` : ''}${output}${name}: ${summary}`);
  return counts;
}

async function runCommand(name, command, { env, hasCounts, isHeldBack }) {
  const countsFile = join(folder, `${name}.json`);
  const [program, ...args] = command(countsFile);
  const output = isHeldBack ? 'pipe' : 'inherit';
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: { ...env, ...process.env, COUNTS: countsFile },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  const [status] = await once(child, 'close');
  const isFine = status === 0;
  const counts = hasCounts ? readCounts(countsFile) : { passed: Number(isFine), failed: 0, skipped: 0 };
  // Whatever ended badly without a failed test has failed as a whole.
  if (!isFine && counts.failed === 0) fail(counts, `${name} ended with status ${status}\n${said.slice(-2000)}`);
  // And a part that ran nothing has proved nothing.
  if (isFine && counts.passed === 0) fail(counts, `${name} ran nothing`);
  return { counts, output: said };
}

function fail(counts, reason) {
  counts.failed = 1;
  counts.failures = [reason];
}

/** Runs parts in their order, so many at a time; what those that run side by side print is held back until each is done. */
async function runAll(names, tier, atATime) {
  const runs = new Map();
  const left = [...names];
  const isHeldBack = atATime > 1 && names.length > 1;
  const work = async () => {
    for (let name = left.shift(); name; name = left.shift()) {
      const counts = Promise.resolve(runs.get(PARTS[name].after)).then(() => run(name, tier, isHeldBack));
      runs.set(name, counts);
      await counts;
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return Promise.all(runs.values());
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [`${file} was not written`] };
  }
}

async function main(args) {
  const tier = args.find((arg) => TIERS.includes(arg));
  const names = [...new Set(args.flatMap((arg) => (TIERS.includes(arg) ? partsOf(arg) : arg)))];
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown)
    throw new Error(`There is no part ${unknown}; there are ${[...TIERS, ...Object.keys(PARTS)].join(', ')}.`);
  await ensurePackages();
  for (const ensure of new Set(names.flatMap((name) => PARTS[name].needs ?? []))) {
    if (ensure !== ensureBuild || !names.includes('build')) ensure();
  }
  const env = tier ? { TIER: tier } : {};
  const inOrder = Object.keys(PARTS).filter((name) => names.includes(name));
  const computing = inOrder.filter((name) => PARTS[name].computes);
  const others = inOrder.filter((name) => !PARTS[name].computes);
  const all = [...(await runAll(computing, env, 2)), ...(await runAll(others, env, 1))];
  const failures = all.flatMap((counts) => counts.failures ?? []);
  // Again at the end, where whoever reads a long log looks first.
  if (failures.length > 0)
    console.log(`\nFailed:\n${failures.map((text) => `  ${text.replaceAll('\n', '\n    ')}`).join('\n')}`);
  const sum = (key) => all.reduce((total, one) => total + one[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed');
}

try {
  const args = process.argv.slice(2);
  process.exitCode = (await main(args.length > 0 ? args : ['quick'])) > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
