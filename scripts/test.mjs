/**
 * `test.mjs <tiers and parts …>`: `npm test` is the tier `quick`, `npm run test:all` is `all`, and `rest` is what
 * `quick` leaves out. Closes with what has failed and why, and one line `N passed, N failed, N skipped` over all of it;
 * a check without tests of its own counts as one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePackages, root } from './install.mjs';
import { NEEDS, PARTS, testFiles } from '../test/parts.mjs';

const TIERS = ['quick', 'rest', 'all'];
const isOf = (tier) => (name) => tier === 'all' || PARTS[name].tier === 'both' || PARTS[name].tier === tier;
const folder = mkdtempSync(join(tmpdir(), 'nano-webcaster-'));

/** The tests of what `tests` describes, in Node's runner. What is bundled starts faster than by tsx, which counts for many files. */
async function nodeTest({ paths, atATime, isBundled }, countsFile) {
  const files = [...new Set(paths.flatMap(testFiles))];
  const outdir = '.cache/bundled-tests';
  if (isBundled) {
    const { build } = await import('esbuild');
    const modules = { bundle: true, splitting: true, format: 'esm', platform: 'node', packages: 'external' };
    await build({ ...modules, absWorkingDir: root, entryPoints: files, outbase: '.', outdir, sourcemap: true });
  }
  return [
    process.execPath,
    ...(isBundled ? ['--enable-source-maps'] : ['--import', 'tsx']),
    'test/support/run-tests.mjs',
    String(atATime ?? 1),
    countsFile,
    ...(isBundled ? files.map((file) => join(outdir, file.replace(/ts$/, 'js'))) : files),
  ];
}

/** Runs a part and says how many of its tests passed, failed and were skipped; what cannot run here is skipped. */
async function run(name, tier, isHeldBack) {
  const begun = Date.now();
  if (!isHeldBack) console.log(`\n${name}`);
  const reason = await PARTS[name].missing?.();
  const { counts, output } = reason
    ? { counts: { passed: 0, failed: 0, skipped: 1 }, output: `Skipped: ${reason}\n` }
    : await runCommand(name, tier, isHeldBack ? 'pipe' : 'inherit');
  const seconds = Math.round((Date.now() - begun) / 1000);
  const summary = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped in ${seconds} s`;
  console.log(`${isHeldBack ? `\n${name}\n` : ''}${output}${name}: ${summary}`);
  return counts;
}

async function runCommand(name, tier, output) {
  const { command, hasCounts, computes, env } = PARTS[name];
  // More space for new objects: compilers, formatters and simulations take a tenth less time.
  const space = computes ? { NODE_OPTIONS: '--max-semi-space-size=64' } : {};
  const countsFile = join(folder, `${name}.json`);
  const [program, ...args] = command ?? (await nodeTest(PARTS[name], countsFile));
  const child = spawn(program, args, {
    cwd: root,
    stdio: ['ignore', output, output],
    env: { ...space, ...env, ...tier, ...process.env, COUNTS: countsFile },
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

const fail = (counts, reason) => Object.assign(counts, { failed: 1, failures: [...(counts.failures ?? []), reason] });

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [`${file} was not written`] };
  }
}

/** Runs parts in their order, so many at a time; what parts print side by side is held back until each is done. */
async function runAll(names, tier, atATime) {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(atATime);
  const isHeldBack = atATime > 1 && names.length > 1;
  const runs = new Map();
  for (const name of names) {
    // Without `docs`, what comes after it comes after `build`.
    const { after } = PARTS[name];
    const before = runs.get(after) ?? runs.get(PARTS[after]?.after);
    const task = async () => {
      await before;
      return run(name, tier, isHeldBack);
    };
    runs.set(name, limit(task));
  }
  return Promise.all(runs.values());
}

async function main(args) {
  const tier = args.find((arg) => TIERS.includes(arg));
  const wanted = args.flatMap((arg) => (TIERS.includes(arg) ? Object.keys(PARTS).filter(isOf(arg)) : arg));
  const unknown = wanted.find((name) => !(name in PARTS));
  if (unknown)
    throw new Error(`There is no part ${unknown}; there are ${[...TIERS, ...Object.keys(PARTS)].join(', ')}.`);
  await ensurePackages();
  const names = Object.keys(PARTS).filter((name) => wanted.includes(name));
  for (const need of new Set(names.flatMap((name) => PARTS[name].needs ?? [])))
    if (!names.includes(need)) await NEEDS[need]();
  const env = tier ? { TIER: tier } : {};
  const computing = names.filter((name) => PARTS[name].computes);
  const waiting = names.filter((name) => PARTS[name].waits);
  const others = names.filter((name) => !computing.includes(name) && !waiting.includes(name));
  const all = [
    ...(await runAll(computing, env, 2)),
    ...(await runAll(waiting, env, 2)),
    ...(await runAll(others, env, 1)),
  ];
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
