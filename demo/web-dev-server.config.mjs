/** Configuration of `npm start`. What concerns the network and the ingest is added by `server/main.ts`. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import bundles from '../rollup.config.js';
import { serveDocs } from './server/docs.ts';
import { mapPages, serveFolder, serveGallery } from './server/pages.ts';
import { sourceBundles } from './server/source-bundles.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A folder with built bundles, which the pages get instead of the sources; the tests use it. */
const built = process.env.CDN && resolve(root, process.env.CDN);
/** The languages with a bundle of their own, for the playground. */
const languages = bundles.flatMap(({ output }) => /^cdn\/languages\/([\w-]+)\.min\.js$/.exec(output.file)?.[1] ?? []);
const sources = sourceBundles(root, built ? [] : bundles);

export default {
  rootDir: root,
  // Otherwise Lit warns in the console that it is in its development mode.
  nodeResolve: { exportConditions: ['production'] },
  watch: !built,
  clearTerminalOnReload: false,
  middleware: [
    // Browsers ask for it on pages that name no icon, such as those of the gallery.
    (ctx, next) => (ctx.path === '/favicon.ico' ? ctx.redirect('/favicon.svg') : next()),
    (ctx, next) => (ctx.path === '/languages.json' ? (ctx.body = languages) : next()),
    serveDocs(root),
    serveGallery(root),
    ...(built ? [serveFolder('/cdn/', built)] : []),
    mapPages(root, (path) => sources.has(path)),
  ],
  plugins: [sources, esbuildPlugin({ ts: true, target: 'es2022', tsconfig: resolve(root, 'tsconfig.json') })],
};
