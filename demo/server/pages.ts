import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Context, Middleware } from 'koa';
import { decideAccess, type AccessSettings } from './access.js';
import { findFile } from './files.js';
import { senderOf } from './http.js';

/** The script that the dev server adds to pages, for reloading them. */
const RELOAD_SCRIPT = '/__web-dev-server__web-socket.js';
/** Folders of the repository that pages may load from under their own names. */
const SOURCE_FOLDERS = ['src', 'node_modules'];
/** Single files of the repository that pages may load. */
const SOURCE_FILES = ['/custom-elements.json'];
/** What a page of the gallery loads from beside it, once it is copied. */
const GALLERY_BUNDLE = /^\/gallery\/((?:languages\/)?[\w-]+\.min\.js)$/;
const GALLERY_PAGE = /^\/gallery\/([\w-]+\.html)$/;
/** The server that the pages of the gallery name. */
const EXAMPLE_ENDPOINT = /https:\/\/media\.example\/([\w-]+)\/whip/g;
/** What is in the demo's folder and is not for pages. */
const HIDDEN = /^\/+(server|web-dev-server\.config\.mjs)(\/|$)/i;

/** Middleware that lets through what may read files of the server: see {@link decideAccess}. */
export function guardPages(settings: AccessSettings): Middleware {
  return (ctx, next) => {
    // Pages of other origins may link to these, and embed their scripts.
    const access = decideAccess({ ...senderOf(ctx.req), fetchSite: undefined }, settings);
    ctx.vary('Origin');
    if (!access.isAllowed) return refuse(ctx, 403, access.reason);
    if (access.origin !== undefined) ctx.set('Access-Control-Allow-Origin', access.origin);
    if (ctx.method === 'GET' || ctx.method === 'HEAD') return next();
    ctx.set('Allow', 'GET, HEAD');
    return refuse(ctx, 405, 'Only GET and HEAD are possible here.');
  };
}

/** Middleware that serves a folder as it is under a URL path, which ends with a slash. */
export function serveFolder(path: string, folder: string): Middleware {
  return async (ctx, next) => {
    if (ctx.path === path.slice(0, -1)) return ctx.redirect(path);
    if (!ctx.path.startsWith(path)) return next();
    const below = ctx.path.slice(path.length);
    const found = (await findFile(folder, below)) ?? (await findFile(folder, `${below}.html`));
    if (!found) return refuseUnknown(ctx, folder);
    if ('redirect' in found) return ctx.redirect(found.redirect);
    ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    ctx.type = extname(found.file);
    ctx.body = createReadStream(found.file);
  };
}

/**
 * Middleware that serves the gallery. Its pages are files to copy: here they publish to this server and load the
 * bundles of `/cdn/`. With `?source` they are shown as they are.
 */
export function serveGallery(root: string): Middleware {
  return async (ctx, next) => {
    const [, bundle] = GALLERY_BUNDLE.exec(ctx.path) ?? [];
    if (bundle !== undefined) {
      ctx.path = `/cdn/${bundle}`;
      return next();
    }
    const [, page] = GALLERY_PAGE.exec(ctx.path) ?? [];
    const found = page === undefined ? undefined : await findFile(join(root, 'demo/gallery'), page);
    if (!found || 'redirect' in found || page === 'index.html') return next();
    const source = await readFile(found.file, 'utf8');
    const isSource = new URLSearchParams(ctx.querystring).has('source');
    ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    ctx.type = isSource ? 'text' : 'html';
    ctx.body = isSource ? source : source.replace(EXAMPLE_ENDPOINT, '/whip/$1');
  };
}

/**
 * Middleware that names the file of the repository for a path, for the dev server after it: the demo pages are at `/`,
 * the sources at `/src/`, packages at `/node_modules/`, and the manifest where it is. Everything else is 404.
 */
export function mapPages(root: string, isServedLater: (path: string) => boolean): Middleware {
  return async (ctx, next) => {
    if (ctx.path === RELOAD_SCRIPT || isServedLater(ctx.path)) return next();
    if (SOURCE_FILES.includes(ctx.path)) return next();
    const source = SOURCE_FOLDERS.find((name) => ctx.path.startsWith(`/${name}/`));
    const isHidden = source === undefined && HIDDEN.test(decoded(ctx.path));
    const below = ctx.path.slice(source === undefined ? 1 : source.length + 2);
    const folder = join(root, source ?? 'demo');
    const found = isHidden ? undefined : await findFile(folder, below);
    if (!found) return refuseUnknown(ctx, join(root, 'demo'));
    if ('redirect' in found) return ctx.redirect(found.redirect);
    ctx.path = `/${relative(root, found.file).split(sep).map(encodeURIComponent).join('/')}`;
    await next();
  };
}

/** A person gets the folder's page for what is not there, if it has one. */
async function refuseUnknown(ctx: Context, folder: string): Promise<void> {
  refuse(ctx, 404, 'Not found.');
  const page = ctx.get('Accept').includes('text/html') ? await findFile(folder, '404.html') : undefined;
  if (!page || 'redirect' in page) return;
  ctx.type = 'html';
  ctx.body = createReadStream(page.file);
}

function refuse(ctx: Context, status: number, text: string): void {
  ctx.status = status;
  ctx.body = `${text}\n`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
