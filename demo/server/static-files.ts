import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pathOf } from './http.js';

/** A folder and the URL path below which it appears. */
export interface StaticRoot {
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly folder: string;
  /** Paths below `path` that stay unseen, without a leading slash. */
  readonly hidden?: readonly string[];
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Serves files of the roots, of which the longest matching one counts. */
export async function serveStatic(
  roots: readonly StaticRoot[],
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('Allow', 'GET, HEAD');
    return fail(res, 405, 'Only GET and HEAD are possible here.');
  }
  const path = pathOf(req);
  const file = path === undefined ? undefined : await findFile(roots, path);
  if (file === undefined) return fail(res, 404, 'Not found.');
  if ('redirect' in file) {
    res.writeHead(308, { Location: file.redirect, 'Content-Length': '0' }).end();
    return;
  }
  res.writeHead(200, {
    'Content-Type': TYPES[extname(file.name).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': String(file.size),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  createReadStream(file.name)
    .on('error', () => res.destroy())
    .pipe(res);
}

type Found = { name: string; size: number } | { redirect: string };

async function findFile(roots: readonly StaticRoot[], path: string): Promise<Found | undefined> {
  const matching = roots.filter((root) => path.startsWith(root.path));
  const root = matching.sort((a, b) => b.path.length - a.path.length)[0];
  const parts = root && safeParts(path.slice(root.path.length));
  if (!root || !parts) return undefined;
  if (root.hidden?.some((hidden) => parts[0]?.toLowerCase() === hidden.toLowerCase())) return undefined;
  try {
    const folder = await realpath(root.folder);
    const wanted = await realpath(join(folder, ...parts));
    // A symbolic link must not lead out of the root, nor into what is hidden.
    if (wanted !== folder && !wanted.startsWith(folder + sep)) return undefined;
    if (root.hidden?.some((hidden) => (wanted + sep).startsWith(join(folder, hidden) + sep))) return undefined;
    const found = await stat(wanted);
    if (found.isFile()) return path.endsWith('/') ? undefined : { name: wanted, size: found.size };
    if (!found.isDirectory()) return undefined;
    if (!path.endsWith('/')) return { redirect: `/${path.split('/').filter(Boolean).join('/')}/` };
    const index = join(wanted, 'index.html');
    const { size } = await stat(index);
    return { name: index, size };
  } catch {
    return undefined;
  }
}

/** The decoded parts of a path, or `undefined` when one of them could lead elsewhere. */
export function safeParts(path: string): string[] | undefined {
  try {
    const parts = path.split('/').map(decodeURIComponent);
    return parts.some((part) => part.startsWith('.') || /[/\\\0]/.test(part)) ? undefined : parts;
  } catch {
    return undefined;
  }
}

function fail(res: ServerResponse, status: number, text: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).end(`${text}\n`);
}
