/** The parts of the test suite, which `scripts/test.mjs` runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runScript } from '../scripts/install.mjs';

const browsers = () => import('./support/installed-browsers.mjs');
const servers = () => import('./support/media-servers.mjs');

/** What parts need: each is run once, before the first part, and imports packages only then. */
export const NEEDS = {
  browsers: async () => (await browsers()).ensureBrowsers(),
  webkitDriver: async () => (await browsers()).ensureWebKit(),
  rtmpServers: async () => (await servers()).ensureServers(['ffmpeg', 'nginx-rtmp', 'openssl']),
  php: async () => (await servers()).ensureServers(['php']),
  servers: async () => (await servers()).ensureServers(),
  // Without the part `build`, as in `rest`, parts take the build that is there.
  build: () => existsSync(join(root, 'cdn/nano-webcaster.min.js')) || runScript('build'),
};

const npx = (...command) => ['npx', '--no-install', ...command];
const npm = (script) => ['npm', 'run', '--silent', script];
/** A check without tests of its own. The part `docs` writes anew what most of them read. */
const check = (command, after = 'docs') => ({ tier: 'quick', command, computes: true, after });
/** The test files of folders, or of `folder/**` with all below, or files alone; so many `atATime`. */
const tests = (tier, paths, rest) => ({ tier, paths, hasCounts: true, ...rest });
const component = (tier, rest) => ({ tier, command: npx('web-test-runner'), hasCounts: true, ...rest });
/** Unit tests that try more where `RUNS` is `full`. */
const triesMore = (file) => readFileSync(join(root, file), 'utf8').includes("from '../support/runs.js'");

const longestFirst = (folder, names) => [...names.map((name) => `${folder}/${name}.test.ts`), folder];
const inBuild = ['browsers', 'build'];

/**
 * `tier` says when a part runs: `quick` in `npm test` alone, `rest` after it alone; of `both`, each tier runs its own
 * tests (`test/support/tier.ts`, by the variable TIER). What only `computes` runs two at a time, after what it reads
 * was written, and so does what mostly `waits`; the others mind the clock, or each other, and run alone. In all lists the
 * longest comes first: it would end alone.
 */
export const PARTS = {
  unit: tests('quick', ['test/core/**', 'test/bench'], { computes: true, isBundled: true }),
  build: check(npm('build'), null),
  docs: check(npm('docs:check'), 'build'),
  format: check(npx('prettier', '--check', '--log-level=warn', '.')),
  lint: check(npx('eslint', '.')),
  imports: check(npx('depcruise', 'src')),
  prose: check(npm('prose')),
  types: check(npx('tsc', '-p', 'test')),
  knip: check(npx('knip')),
  size: check(npx('size-limit')),
  guides: tests('quick', ['test/docs'], { computes: true, after: 'docs', needs: ['php'] }),
  publint: check(npx('publint', '--strict')),
  attw: check(npx('attw', '--pack', '.', '--profile', 'esm-only', '--no-color', '--format', 'ascii')),
  package: tests('quick', ['test/package/**'], { computes: true, after: 'docs', needs: ['browsers'] }),
  server: tests('quick', ['test/server/**'], { atATime: 2 }),
  component: component('both', { needs: ['browsers'] }),
  e2e: tests('both', longestFirst('test/e2e', ['demo-pages', 'live']), { atATime: 2, needs: inBuild }),
  conformance: tests('both', ['test/conformance'], { waits: true, atATime: 1, needs: inBuild }),
  rtmp: tests('both', ['test/rtmp'], { waits: true, atATime: 2, needs: ['rtmpServers', ...inBuild] }),
  faults: tests('both', longestFirst('test/faults', ['reconnection', 'capture', 'deviations', 'servers']), {
    atATime: 3,
    needs: inBuild,
  }),
  relay: tests('both', longestFirst('test/faults/relay', ['path', 'restart']), {
    atATime: 3,
    needs: inBuild,
  }),
  thorough: tests('rest', testFiles('test/core/**').filter(triesMore), { atATime: 2, env: { RUNS: 'full' } }),
  webkit: component('rest', {
    env: { BROWSER: 'webkit' },
    needs: ['webkitDriver'],
    missing: async () => (await browsers()).missingWebKit(),
  }),
  visual: tests('rest', ['test/visual'], { needs: inBuild }),
  // The first file installs the packages that the second one needs.
  frameworks: tests('rest', ['test/frameworks'], { atATime: 1, needs: inBuild }),
  network: tests('rest', ['test/faults/netns'], { atATime: 2, needs: inBuild }),
  interop: tests('rest', ['test/interop'], { atATime: 1, needs: ['servers', ...inBuild] }),
};

/** The test files of `folder`, or of `folder/**` with all below it; or a file alone. */
export function testFiles(path) {
  if (path.endsWith('.test.ts')) return [path];
  const top = path.replace(/\/\*\*$/, '');
  const files = readdirSync(join(root, top), { recursive: top !== path }).filter((file) => file.endsWith('.test.ts'));
  return files.map((file) => join(top, file)).sort();
}
