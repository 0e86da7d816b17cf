/** Fails if manifest, editor data or docs differ from what `npm run analyze` writes. Needs the build of the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { runScript } from './install.mjs';

const filesIn = (folder) =>
  readdirSync(new URL(`../${folder}`, import.meta.url), { recursive: true })
    .filter((name) => /\.(md|json|d\.ts)$/.test(name))
    .map((name) => `${folder}/${name}`);

const FILES = ['custom-elements.json', 'README.md', ...filesIn('docs'), ...filesIn('types')];
const read = () => FILES.map((name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

const before = read();
runScript('analyze:built');
const stale = FILES.filter((_, index) => read()[index] !== before[index]);
if (stale.length > 0) {
  console.error(`${stale.join(' and ')} did not match the source and have been rewritten. Commit them.`);
  process.exit(1);
}
