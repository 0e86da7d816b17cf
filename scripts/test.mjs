/**
 * `npm test`: everything, or the parts named on the command line. Prints what fails and closes with one line
 * `N passed, N failed, N skipped` over all of it; a check without tests of its own counts as one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBrowsers, ensureWebKit, missingWebKit } from './browsers.mjs';
import { ensurePackages, root } from './install.mjs';
import { ensureServers } from './servers.mjs';

/** What the RTMP tests work with. */
const ensureRtmp = () => ensureServers(['ffmpeg', 'nginx-rtmp']);

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
    ...folders.flatMap(testFiles),
  ];

/**
 * Most parts with a browser wait most of the time and must not be kept waiting. What only computes is `isPatient`: it runs
 * beside them, at the lowest priority.
 */
const PARTS = {
  format: { command: () => npx('prettier', '--check', '--log-level=warn', '.'), isPatient: true },
  lint: { command: () => npx('eslint', '.'), isPatient: true },
  types: { command: () => npx('tsc', '-p', 'test'), isPatient: true },
  build: { command: () => ['npm', 'run', '--silent', 'build'] },
  size: { command: () => npx('size-limit') },
  docs: { command: () => ['npm', 'run', '--silent', 'docs:check'] },
  unit: { command: nodeTest(['test/core/**', 'test/bench']), hasCounts: true, isPatient: true },
  model: {
    command: nodeTest(['test/core/rtc-user/model.test.ts']),
    env: { MODEL_SEQUENCES: '100000' },
    hasCounts: true,
    isPatient: true,
  },
  // Its samples stand on the built types.
  guides: { command: nodeTest(['test/docs']), hasCounts: true },
  package: { command: nodeTest(['test/package/**']), hasCounts: true, needs: [ensureBrowsers] },
  publint: { command: () => npx('publint', '--strict') },
  attw: { command: () => npx('attw', '--pack', '.', '--profile', 'esm-only', '--no-color', '--format', 'ascii') },
  knip: { command: () => npx('knip') },
  server: { command: nodeTest(['test/server/**'], '--test-concurrency=1'), hasCounts: true, needs: [ensureBrowsers] },
  component: { command: () => npx('web-test-runner'), hasCounts: true, needs: [ensureBrowsers] },
  webkit: {
    command: () => npx('web-test-runner'),
    env: { BROWSER: 'webkit' },
    hasCounts: true,
    needs: [ensureWebKit],
    missing: missingWebKit,
  },
  visual: { command: nodeTest(['test/visual']), hasCounts: true, needs: [ensureBrowsers] },
  e2e: { command: nodeTest(['test/e2e/**'], '--test-concurrency=1'), hasCounts: true, needs: [ensureBrowsers] },
  conformance: {
    command: nodeTest(['test/conformance/**'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers],
  },
  frameworks: { command: nodeTest(['test/frameworks']), hasCounts: true, needs: [ensureBrowsers] },
  rtmp: {
    command: nodeTest(['test/rtmp/**'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureRtmp],
  },
  // Mostly waiting, so that two files at a time fit on two cores.
  faults: {
    command: nodeTest(['test/faults', 'test/faults/relay/**'], '--test-concurrency=2'),
    hasCounts: true,
    needs: [ensureBrowsers],
  },
  network: {
    command: nodeTest(['test/faults/netns/**'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers],
  },
  interop: {
    command: nodeTest(['test/interop/**'], '--test-concurrency=1'),
    hasCounts: true,
    needs: [ensureBrowsers, ensureServers],
  },
};

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

/** Runs parts one after the other; how many of their tests passed, failed and were skipped. */
async function runAll(names, isBeside) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names) {
    const begun = Date.now();
    if (!isBeside) console.log(`\n${name}`);
    const { counts, output } = await run(name, isBeside);
    const { passed, failed, skipped } = counts;
    for (const key of Object.keys(total)) total[key] += counts[key];
    const seconds = Math.round((Date.now() - begun) / 1000);
    const title = isBeside ? `\n${name}, which ran beside\n` : '';
    console.log(`${title}${output}${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
  }
  return total;
}

/** One part; what cannot run here is skipped as a whole. */
async function run(name, isBeside) {
  const { command, env, hasCounts, missing } = PARTS[name];
  const reason = missing?.();
  if (reason) return { counts: { passed: 0, failed: 0, skipped: 1 }, output: `Skipped: ${reason}\n` };
  const countsFile = join(folder, `${name}.json`);
  const [program, ...args] = command(countsFile);
  const output = isBeside ? 'pipe' : 'inherit';
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...env, COUNTS: countsFile },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (said += text));
  if (isBeside && child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  const [status] = await once(child, 'close');
  const isFine = status === 0;
  const counts = hasCounts ? readCounts(countsFile) : { passed: Number(isFine), failed: 0, skipped: 0 };
  // Whatever ended badly without a failed test has failed as a whole.
  if (!isFine && counts.failed === 0) counts.failed = 1;
  // And a part that ran nothing has proved nothing.
  if (isFine && counts.passed === 0) counts.failed = 1;
  return { counts, output: said };
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function main(names) {
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown) throw new Error(`There is no part ${unknown}; the parts are ${Object.keys(PARTS).join(', ')}.`);
  ensurePackages();
  for (const ensure of new Set(names.flatMap((name) => PARTS[name].needs ?? []))) ensure();
  const urgent = names.filter((name) => !PARTS[name].isPatient);
  const patient = names.filter((name) => PARTS[name].isPatient);
  const totals = await (urgent.length === 0
    ? Promise.all([runAll(patient, false)])
    : Promise.all([runAll(urgent, false), runAll(patient, true)]));
  const sum = (key) => totals.reduce((total, one) => total + one[key], 0);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  return sum('failed');
}

try {
  const names = process.argv.slice(2);
  process.exitCode = (await main(names.length > 0 ? names : Object.keys(PARTS))) > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
