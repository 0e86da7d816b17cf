/** Prints what a page loads: bytes, compressed bytes and the hash for `integrity`, of every file in `cdn/`. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const folder = new URL('../cdn/', import.meta.url);

const rows = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.js'))
  .sort()
  .map((name) => {
    const bytes = readFileSync(new URL(name, folder));
    const hash = createHash('sha384').update(bytes).digest('base64');
    return [
      name,
      bytes.length,
      gzipSync(bytes, { level: 9 }).length,
      brotliCompressSync(bytes).length,
      `sha384-${hash}`,
    ];
  });

const lines = [['cdn/', 'bytes', 'gzip', 'brotli', 'integrity'], ...rows].map((row) => row.map(String));
const widths = lines[0].map((_, column) => Math.max(...lines.map((row) => row[column].length)));
for (const [name, ...cells] of lines) {
  const numbers = cells.slice(0, 3).map((cell, index) => cell.padStart(widths[index + 1]));
  console.log([name.padEnd(widths[0]), ...numbers, cells[3]].join('  '));
}
