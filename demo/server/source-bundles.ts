import type { DevServerConfig } from '@web/dev-server';
import { build } from 'esbuild';
import type { RollupOptions } from 'rollup';

/** A bundle of the package and the source file that it is made of. */
interface Bundle {
  readonly input: string;
  /** The global variable of a classic script. */
  readonly global?: string | undefined;
}

type Plugin = NonNullable<DevServerConfig['plugins']>[number];

/**
 * A plugin that serves the package's bundles from their sources, without a build: modules as a reference to the source
 * file, classic scripts bundled at each request.
 * @param options of the real bundles
 */
export function sourceBundles(
  root: string,
  options: readonly RollupOptions[],
): Plugin & { has(path: string): boolean } {
  const bundles = new Map(options.flatMap(toBundles));
  let watch: (files: string[]) => void = () => undefined;
  return {
    name: 'source-bundles',
    has: (path) => bundles.has(path),
    serverStart({ fileWatcher }) {
      watch = (files) => void fileWatcher.add(files);
    },
    async serve({ path }) {
      const bundle = bundles.get(path);
      if (!bundle) return undefined;
      if (bundle.global === undefined) return { body: `export * from '/${bundle.input}';\n`, type: 'js' };
      const { outputFiles, metafile } = await build({
        absWorkingDir: root,
        entryPoints: [bundle.input],
        bundle: true,
        format: 'iife',
        globalName: bundle.global,
        sourcemap: 'inline',
        metafile: true,
        write: false,
      });
      watch(Object.keys(metafile.inputs).map((file) => `${root}/${file}`));
      return { body: outputFiles[0]?.text ?? '', type: 'js' };
    },
  };
}

function toBundles({ input, output }: RollupOptions): [path: string, bundle: Bundle][] {
  const outputs = [output ?? []].flat();
  return outputs.map(({ file, dir, entryFileNames, format, name }) => [
    `/${file ?? `${dir}/${entryFileNames}`}`,
    {
      input: String(input).replace(/^dist\/(.*)\.js$/, 'src/$1.ts'),
      global: format === 'iife' ? name : undefined,
    },
  ]);
}
