/**
 * `npm test`: everything, or the parts named on the command line. Prints what fails and closes with one line
 * `N passed, N failed, N skipped` over all of it; a check without tests of its own counts as one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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
  () => [
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

const PARTS = {
  format: { command: () => npx('prettier', '--check', '--log-level=warn', '.') },
  lint: { command: () => npx('eslint', '.') },
  types: { command: () => npx('tsc', '-p', 'test') },
  build: { command: () => ['npm', 'run', '--silent', 'build'] },
  size: { command: () => npx('size-limit') },
  docs: { command: () => ['npm', 'run', '--silent', 'docs:check'] },
  unit: { command: nodeTest(['test/core/**', 'test/bench']), hasCounts: true },
  model: {
    command: nodeTest(['test/core/rtc-user/model.test.ts']),
    env: { MODEL_SEQUENCES: '100000' },
    hasCounts: true,
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
const countsFile = join(folder, 'counts.json');

/** The test files of `folder`, or of `folder/**` with all below it; or a file alone. */
function testFiles(pattern) {
  if (pattern.endsWith('.test.ts')) return [pattern];
  const folder = pattern.replace(/\/\*\*$/, '');
  return readdirSync(join(root, folder), { recursive: folder !== pattern })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .sort();
}

/** How many tests of a part passed, failed and were skipped; one that cannot run here is skipped as a whole. */
function run({ command, env, hasCounts, missing }) {
  const reason = missing?.();
  if (reason) {
    console.log(`Skipped: ${reason}`);
    return { passed: 0, failed: 0, skipped: 1 };
  }
  rmSync(countsFile, { force: true });
  const [program, ...args] = command();
  const { status } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env, COUNTS: countsFile },
  });
  const isFine = status === 0;
  const counts = hasCounts ? readCounts() : { passed: Number(isFine), failed: 0, skipped: 0 };
  // Whatever ended badly without a failed test has failed as a whole.
  if (!isFine && counts.failed === 0) counts.failed = 1;
  // And a part that ran nothing has proved nothing.
  if (isFine && counts.passed === 0) counts.failed = 1;
  return counts;
}

function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function main(names) {
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown) throw new Error(`There is no part ${unknown}; the parts are ${Object.keys(PARTS).join(', ')}.`);
  ensurePackages();
  for (const ensure of new Set(names.flatMap((name) => PARTS[name].needs ?? []))) ensure();
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of names) {
    const begun = Date.now();
    console.log(`\n${name}`);
    const counts = run(PARTS[name]);
    const { passed, failed, skipped } = counts;
    for (const key of Object.keys(total)) total[key] += counts[key];
    const seconds = Math.round((Date.now() - begun) / 1000);
    console.log(`${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed;
}

try {
  const names = process.argv.slice(2);
  process.exitCode = main(names.length > 0 ? names : Object.keys(PARTS)) > 0 ? 1 : 0;
} catch (error) {
  console.error(error.message);
  console.log('\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
