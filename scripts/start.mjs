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

const areDocsBuilt = existsSync(DOCS_INDEX);
const server = spawn(process.execPath, ['--import', 'tsx', 'demo/server/main.ts'], {
  cwd: root,
  stdio: ['inherit', 'pipe', 'inherit'],
});
server.stdout.setEncoding('utf8').on('data', (text) => {
  process.stdout.write(text);
  const [, address] = /^nano-webcaster demo: (\S+)$/m.exec(text) ?? [];
  if (address) console.log(`Docs: ${address}docs/${areDocsBuilt ? '' : ' (being built, for about a minute)'}`);
});

/** Builds the docs; its output is of interest only if it fails. */
function buildDocs() {
  const build = spawn('npm', ['run', '--silent', 'docs'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [build.stdout, build.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  build.on('error', ({ message }) => (output += message));
  build.on('close', (code, signal) => {
    if (code === 0) console.log('Docs ready');
    else if (!signal) console.error(`The docs could not be built:\n${output}`);
  });
  return build;
}

const docs = areDocsBuilt ? undefined : buildDocs();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => {
  docs?.kill();
  process.exit(code ?? 0);
});
