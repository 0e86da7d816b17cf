/** Prints what a page loads: bytes, compressed bytes and the hash for `integrity`, of every file in `cdn/`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const rows = readdirSync('cdn', { recursive: true }).filter((name) => name.endsWith('.js'));
const table = rows.sort().map((name) => {
  const file = readFileSync(`cdn/${name}`);
  const integrity = `sha384-${createHash('sha384').update(file).digest('base64')}`;
  const [gzip, brotli] = [gzipSync(file, { level: 9 }).length, brotliCompressSync(file).length];
  return [name, { bytes: file.length, gzip, brotli, integrity }];
});
console.table(Object.fromEntries(table));
