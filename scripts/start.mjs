/** `npm start`: installs missing packages, serves demo and ingest on one port, and builds the docs meanwhile. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensurePackages, root } from './install.mjs';

const DOCS_INDEX = new URL('../docs-site/index.html', import.meta.url);

try {
  await ensurePackages();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

/** Builds the docs; what that prints is of interest only if it fails. */
function buildDocs() {
  console.log('The docs are being built, for about a minute.');
  return execFile('npm', ['run', '--silent', 'docs'], { cwd: root, maxBuffer: Infinity }, (error, output, errors) => {
    if (!error) console.log('The docs are ready.');
    else if (!error.signal) console.error(`The docs could not be built:\n${output}${errors || error.message}`);
  });
}

const docs = existsSync(DOCS_INDEX) ? undefined : buildDocs();
const server = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => {
  docs?.kill();
  process.exit(code ?? 0);
});
