import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Middleware } from 'koa';
import { serveFolder } from './pages.js';

/** Where `npm run docs` builds the docs site to, within the repository. The only place that names it for the server. */
export const DOCS_FOLDER = 'docs-site';

const PATH = '/docs/';
const RELOAD_SECONDS = 2;
const NOT_YET = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Docs</title>
<h1>The docs are being built</h1>
<p>This page reloads automatically. If the build failed, the terminal says why; <code>npm run docs</code> builds them again.</p>`;

/** Middleware that serves the docs site, and until it is built a page that says so. */
export function serveDocs(root: string): Middleware {
  const folder = join(root, DOCS_FOLDER);
  const serve = serveFolder(PATH, folder);
  return (ctx, next) => {
    if (!ctx.path.startsWith(PATH) || existsSync(join(folder, 'index.html'))) return serve(ctx, next);
    ctx.status = 503;
    ctx.set({ 'Retry-After': String(RELOAD_SECONDS), Refresh: String(RELOAD_SECONDS), 'Cache-Control': 'no-store' });
    ctx.type = 'html';
    ctx.body = NOT_YET;
  };
}
