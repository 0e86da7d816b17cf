/** Fails where the manifest, or a table of the docs, is not what `npm run analyze` writes now. */
import { readFileSync } from 'node:fs';
import { runScript } from './install.mjs';

const FILES = ['custom-elements.json', 'REFERENCE.md', 'README.md'];
const read = () => FILES.map((name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

const before = read();
runScript('analyze');
const stale = FILES.filter((_, index) => read()[index] !== before[index]);
if (stale.length > 0) {
  console.error(`${stale.join(' and ')} did not say what the code does; written anew. Commit that.`);
  process.exit(1);
}
