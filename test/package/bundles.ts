/** Bundles what a project does with the package, as its author would: a page for each use, which loads one bundle. */
import { join } from 'node:path';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { rollup } from 'rollup';
import { build } from 'vite';
import type { PackedProject } from './support.js';
import type { Use } from './uses.js';

export const PAGE = '<!doctype html><meta charset="utf-8" /><link rel="icon" href="data:," /><body>';

/** A name for the files of a use. */
export const fileNameOf = (name: string): string => name.replaceAll(/\W+/g, '-');

const pageFor = (name: string) => `${PAGE}<script type="module" src="./${name}.js"></script>`;

/** Writes a script and a page for each use; returns the paths of those with an extension, by their names. */
function writeUses(project: PackedProject, uses: Record<string, Use>, extension: '.js' | '.html'): [string, string][] {
  return Object.entries(uses).map(([use, { text }]) => {
    const name = fileNameOf(use);
    project.write(`uses/${name}.js`, text);
    project.write(`uses/${name}.html`, pageFor(name));
    return [name, join(project.folder, 'uses', name + extension)];
  });
}

/** Into `built/rollup/`. */
export async function bundleByRollup(project: PackedProject, uses: Record<string, Use>): Promise<void> {
  const scripts = writeUses(project, uses, '.js');
  const input = Object.fromEntries(scripts);
  const made = await rollup({ input, plugins: [nodeResolve()], logLevel: 'silent' });
  await made.write({ dir: join(project.folder, 'built/rollup'), format: 'es' });
  await made.close();
  for (const [name] of scripts) project.write(`built/rollup/${name}.html`, pageFor(name));
}

/** Into `built/vite/uses/`. */
export async function bundleByVite(project: PackedProject, uses: Record<string, Use>): Promise<void> {
  const input = Object.fromEntries(writeUses(project, uses, '.html'));
  await build({
    root: project.folder,
    base: './',
    configFile: false,
    logLevel: 'error',
    build: { outDir: 'built/vite', rollupOptions: { input } },
  });
}
