/** What `npm start` and `npm test` do first in a fresh clone. Uses nothing but Node itself. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const OLDEST_NODE = [20, 19];
/** Milliseconds between two signs that the installation goes on. */
const PROGRESS = 5_000;

/** Installs the npm packages where they are missing. */
export async function ensurePackages() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    throw new Error(`Node ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`);
  }
  if (existsSync(new URL('../node_modules/.package-lock.json', import.meta.url))) return;
  const since = Date.now();
  console.log('Installing npm packages, once. This takes a minute or two …');
  const progress = setInterval(() => console.log(`… ${Math.round((Date.now() - since) / 1000)} s`), PROGRESS);
  // Not `npm ci`: it refuses a lock file without rollup's builds for other platforms, which not every registry has.
  const install = spawn('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  try {
    const [code] = await once(install, 'exit');
    if (code !== 0) throw new Error('The npm packages could not be installed; the reason is above.');
  } finally {
    clearInterval(progress);
  }
  console.log(`Packages installed in ${Math.round((Date.now() - since) / 1000)} s.`);
}

/** Runs one of the package's scripts; throws where it fails. */
export function runScript(name, options = {}) {
  execFileSync('npm', ['run', '--silent', name], { cwd: root, stdio: 'inherit', ...options });
}
