/** `npm start`: installs missing packages, serves demo and ingest on one port, and builds the docs meanwhile. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ensurePackages, root } from './install.mjs';

const DOCS_INDEX = new URL('../docs-site/index.html', import.meta.url);

try {
  await ensurePackages();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const server = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], { cwd: root, stdio: 'inherit' });
const docs = existsSync(DOCS_INDEX)
  ? undefined
  : spawn('npm', ['run', '--silent', 'docs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
docs?.on('error', (error) => console.error(`The docs could not be built: ${error.message}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => {
  docs?.kill();
  process.exit(code ?? 0);
});
