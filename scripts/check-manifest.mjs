/** Fails where `custom-elements.json` is not what the analyzer writes now. */
import { readFileSync } from 'node:fs';
import { runScript } from './install.mjs';

const manifest = new URL('../custom-elements.json', import.meta.url);
const before = readFileSync(manifest, 'utf8');
runScript('analyze', { stdio: 'ignore' });
if (readFileSync(manifest, 'utf8') !== before) {
  console.error('custom-elements.json was out of date; it has been written anew. Commit it.');
  process.exit(1);
}
