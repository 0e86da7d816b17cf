/** `npm start`: installs and builds what is missing, then serves demo and ingest on one port. */
import { spawn } from 'node:child_process';
import { ensurePackages, root, runScript } from './install.mjs';

try {
  ensurePackages();
  console.log('Building …');
  runScript('build');
  runScript('docs', { stdio: ['ignore', 'ignore', 'inherit'] });
} catch (error) {
  console.error(error.message);
  process.exit(1);
}

const server = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));
