/**
 * Builds the pages of this folder into `dist/`: installs their packages where they are missing, checks the types of
 * React's and Angular's, and bundles each page. The element comes from this repository, which has to be built, as if it
 * came from npm. Ends with 2 where the packages cannot be had.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PAGES = ['react', 'vue', 'svelte', 'angular', 'plain'];

const folder = (path) => fileURLToPath(new URL(path, import.meta.url));
const run = (program, ...args) => execFileSync(program, args, { cwd: folder('.'), stdio: 'inherit' });

if (!existsSync(folder('node_modules/.package-lock.json'))) {
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder('.'),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(spawnSync('npm', ['ping']).status === 0 ? 1 : 2);
}
if (!existsSync(folder('node_modules/nano-webcaster'))) symlinkSync('../../..', folder('node_modules/nano-webcaster'));

const { build } = await import('vite');
const { default: vue } = await import('@vitejs/plugin-vue');
const { svelte, vitePreprocess } = await import('@sveltejs/vite-plugin-svelte');

run('node_modules/.bin/tsc', '-p', 'react');
run('node_modules/.bin/ngc', '-p', 'angular');

const PLUGINS = {
  vue: () => vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'nano-webcaster' } } }),
  svelte: () => svelte({ configFile: false, preprocess: vitePreprocess() }),
  angular: compiledAngular,
};

for (const page of PAGES) {
  await build({
    configFile: false,
    root: folder(page),
    base: './',
    logLevel: 'error',
    plugins: [PLUGINS[page]?.()],
    build: { outDir: folder(`dist/${page}`), emptyOutDir: true, target: 'es2022' },
  });
}

/** Angular's own compiler has done the page; its linker finishes the packages of Angular, which come half compiled. */
async function compiledAngular() {
  const { transformAsync } = await import('@babel/core');
  const { ConsoleLogger, LogLevel, NodeJSFileSystem } = await import('@angular/compiler-cli');
  const { createEs2015LinkerPlugin } = await import('@angular/compiler-cli/linker/babel');
  const linker = createEs2015LinkerPlugin({
    fileSystem: new NodeJSFileSystem(),
    logger: new ConsoleLogger(LogLevel.warn),
  });
  return {
    name: 'compiled-angular',
    config: () => ({ define: { ngDevMode: 'false' } }),
    enforce: 'pre',
    load: (id) =>
      id === folder('angular/main.ts') ? readFileSync(folder('node_modules/.cache/angular/main.js'), 'utf8') : null,
    transform: (code, id) =>
      code.includes('ɵɵngDeclare') ? transformAsync(code, { filename: id, plugins: [linker], compact: false }) : null,
  };
}
