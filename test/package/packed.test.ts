import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Browser } from 'puppeteer-core';
import { rollup } from 'rollup';
import ts from 'typescript';
import { serveStatic } from '../support/static-files.js';
import { localLinksOf } from '../docs/support.js';
import { launch } from '../support/browsers.js';
import { errorsOf } from '../support/page.js';
import { bundleByRollup, bundleByVite, fileNameOf, PAGE } from './bundles.js';
import { PackedProject } from './support.js';
import { everyModuleIn, MODULE_USES, TAG_USES, type Use } from './uses.js';

let project: PackedProject;

/** Every module of the package by what an import of it says, with its file. */
const modules = () => project.imports().filter(({ file }) => file.endsWith('.js'));

/** What the compiler says about files of the project, and about the declarations that they stand on, but for others' own. */
function compile(names: string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(names, {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    verbatimModuleSyntax: true,
    ...options,
  });
  const sources = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(project.folder));
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...sources.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]),
  ];
  return found.map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName.slice(project.folder.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** A module's text as rollup bundles it, with all that it imports, at once or later. */
async function bundle(name: string, text: string): Promise<string> {
  const input = project.write(name, text);
  const made = await rollup({ input, plugins: [nodeResolve()], logLevel: 'silent' });
  const { output } = await made.generate({ format: 'es' });
  await made.close();
  return output
    .map((file) => ('code' in file ? file.code : ''))
    .join('\n')
    .trim();
}

before(() => {
  project = new PackedProject();
});

after(() => project.remove());

describe('The packed package', () => {
  it('holds what a user needs, and nothing of the workshop', () => {
    const names = project.files();
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'custom-elements.json', 'cdn/nano-webcaster.min.js']) {
      assert.ok(names.includes(name), name);
    }
    const folders = new Set(names.map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/')) : '')));
    assert.deepEqual([...folders].sort(), ['', 'cdn', 'dist', 'docs', 'src', 'types']);
  });

  it('has the source behind every source map', () => {
    for (const name of project.files().filter((file) => file.endsWith('.map'))) {
      const path = join(project.packageFolder, name);
      const { sources, sourcesContent } = JSON.parse(readFileSync(path, 'utf8')) as {
        sources: string[];
        sourcesContent?: string[];
      };
      assert.ok(sources.length > 0, name);
      sources.forEach((source, index) => {
        assert.ok(sourcesContent?.[index] ?? existsSync(join(dirname(path), source)), `${name}: ${source}`);
      });
    }
  });

  it('imports every module in Node, without a DOM', () => {
    const imports = modules().map(({ specifier }) => `await import('${specifier}');`);
    assert.equal(project.runInNode(`${imports.join('')} console.log(typeof document)`), 'undefined');
  });

  it('has data for editors and tools, which Node finds by its specifier', () => {
    const require = createRequire(join(project.folder, 'package.json'));
    const data = project.imports().filter(({ file }) => file.endsWith('.json'));
    assert.ok(data.length >= 5);
    for (const { specifier } of data) assert.equal(typeof require(specifier), 'object', specifier);
  });

  it('asks for the frameworks that its types stand on, and installs none of them', () => {
    const { peerDependencies, peerDependenciesMeta } = project.manifest;
    const sources = project.files().filter((name) => /^types\/.*\.d\.ts$/.test(name));
    const imported = sources.flatMap((name) => {
      const text = readFileSync(join(project.packageFolder, name), 'utf8');
      return [...text.matchAll(/^(?:import .* from|declare module) '([\w-]+)/gm)].map(
        ([, framework = '']) => framework,
      );
    });
    const typed = imported.map((framework) => (framework === 'react' ? '@types/react' : framework));
    assert.deepEqual(Object.keys(peerDependencies).sort(), [...new Set(typed)].sort());
    for (const name of Object.keys(peerDependencies)) {
      assert.equal(peerDependenciesMeta[name]?.optional, true, name);
      // The element works in any version: a range would stop a project from installing it beside an older one.
      assert.equal(peerDependencies[name], '*', name);
      assert.ok(!existsSync(join(project.folder, 'node_modules', name)), name);
    }
  });

  it('has every file that an entry names', () => {
    for (const target of Object.values(project.manifest.exports)) {
      const named = typeof target === 'string' ? [target] : Object.values(target ?? {});
      for (const file of named.filter((name) => !name.includes('*'))) {
        assert.ok(existsSync(join(project.packageFolder, file)), file);
      }
    }
  });

  it('has every file that its Markdown links to', () => {
    for (const name of project.files().filter((file) => file.endsWith('.md'))) {
      const text = readFileSync(join(project.packageFolder, name), 'utf8');
      for (const href of localLinksOf(text)) {
        const [target = ''] = href.split('#');
        assert.ok(existsSync(join(project.packageFolder, dirname(name), target)), `${name}: ${href}`);
      }
    }
  });

  it('has a policy that answers in Node, without a broadcast', () => {
    const script = `
      const { waitBefore } = await import('nano-webcaster/policy');
      console.log(waitBefore({ attempt: 3, cause: 'server', minDelay: 1, maxDelay: 8, maxRetries: 2 }, Math.random));`;
    assert.equal(project.runInNode(script), 'null');
  });

  describe('in TypeScript', () => {
    it('has types for moduleResolution nodenext', () => {
      assert.deepEqual(compile([project.take('modules.ts')], { module: ts.ModuleKind.NodeNext }), []);
    });

    it('has types for moduleResolution bundler, for JSX of React, Preact and Solid, and for templates of Vue and Svelte', () => {
      for (const name of ['preact', 'solid-js', 'svelte', 'vue']) project.use(name);
      project.use('react', '@types/react');
      const names = ['modules.ts', 'react.tsx', 'preact.tsx', 'solid.tsx', 'templates.ts'];
      const options = {
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        jsx: ts.JsxEmit.ReactJSX,
      };
      const paths = names.map((name) => project.take(name));
      assert.deepEqual(compile(paths, options), []);
    });
  });

  describe('in a bundle', () => {
    it('has the language that is imported, and no other', async () => {
      const text = await bundle('german.js', `import 'nano-webcaster/languages/de.js';`);
      assert.match(text, /addLanguage\('de'/);
      assert.doesNotMatch(text, /addLanguage\('es'|LitElement/);
    });

    it('leaves nothing where the class, the core or the policy is imported and not used', async () => {
      for (const entry of ['element', 'core', 'policy']) {
        assert.equal(await bundle('unused.js', `import 'nano-webcaster/${entry}';`), '', entry);
      }
    });

    it('has a core without Lit, and a policy without a core', async () => {
      const core = await bundle('core.js', `export { RtcUser } from 'nano-webcaster/core';`);
      assert.match(core, /class RtcUser/);
      assert.doesNotMatch(core, /LitElement|customElements/);
      const policy = await bundle('policy.js', `export { waitBefore } from 'nano-webcaster/policy';`);
      assert.match(policy, /function waitBefore/);
      assert.doesNotMatch(policy, /class /);
    });
  });

  describe('in a browser', () => {
    let browser: Browser;
    let server: Server;
    let url: string;

    before(async () => {
      server = createServer((req, res) => {
        void serveStatic([{ path: '/', folder: project.folder }], req, res);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      browser = await launch('chromium');
    });

    after(async () => {
      await browser.close();
      server.close();
    });

    /** Opens the page of each use in a frame of one page, and fails where one does not say what it should. */
    async function assertSaid(uses: Record<string, Use>, pathOf: (name: string) => string): Promise<void> {
      const names = Object.keys(uses);
      const frames = names.map((name) => `<iframe src="${pathOf(name)}"></iframe>`);
      project.write('frames.html', PAGE + frames.join(''));
      const page = await browser.newPage();
      const errors = errorsOf(page);
      await page.goto(`${url}/frames.html`);
      // The page's `load` does not wait for what a module awaits.
      await page
        .waitForFunction(
          () =>
            [...document.querySelectorAll('iframe')].every(
              ({ contentWindow }) => contentWindow && 'said' in contentWindow,
            ),
          { timeout: 10_000 },
        )
        .catch(() => undefined);
      const said = await page.$$eval('iframe', (all) =>
        all.map(({ contentWindow }) => contentWindow && (Reflect.get(contentWindow, 'said') as unknown)),
      );
      await page.close();
      assert.deepEqual(errors, []);
      assert.deepEqual(
        names.map((name, index) => [name, said[index]]),
        names.map((name) => [name, uses[name]?.says]),
      );
    }

    it('is used in every part', () => {
      const scripts = project.files().filter((name) => /^cdn\/.*\.js$/.test(name));
      const specifiers = modules().map(({ specifier }) => specifier);
      assert.deepEqual(Object.keys(MODULE_USES).sort(), specifiers.sort());
      assert.deepEqual(
        Object.keys(TAG_USES)
          .map((name) => `cdn/${name}`)
          .sort(),
        scripts.sort(),
      );
    });

    it('works from a plain script tag, whichever script it names', async () => {
      const pathOf = (name: string) => `tags/${fileNameOf(name)}.html`;
      for (const [name, { text }] of Object.entries(TAG_USES)) project.write(pathOf(name), PAGE + text);
      await assertSaid(TAG_USES, pathOf);
    });

    it('works module by module as rollup bundles it', async () => {
      await bundleByRollup(project, MODULE_USES);
      await assertSaid(MODULE_USES, (name) => `built/rollup/${fileNameOf(name)}.html`);
    });

    it('works module by module as Vite bundles it', async () => {
      await bundleByVite(project, MODULE_USES);
      await assertSaid(MODULE_USES, (name) => `built/vite/uses/${fileNameOf(name)}.html`);
    });

    it('works with every module and without a bundler, by an import map', async () => {
      const lit = ['lit', 'lit-html', 'lit-element', '@lit/reactive-element'].flatMap((name) => {
        const { exports } = JSON.parse(
          readFileSync(join(project.folder, 'node_modules', name, 'package.json'), 'utf8'),
        ) as { exports: Record<string, { default: string }> };
        return Object.entries(exports).map(([entry, target]) => [
          name + entry.slice(1),
          `/node_modules/${name}/${target.default}`,
        ]);
      });
      const own = modules().map(({ specifier, file }) => [specifier, `/node_modules/nano-webcaster/${file}`]);
      const imports = JSON.stringify({ imports: Object.fromEntries([...lit, ...own]) });
      const { text, says } = everyModuleIn('ja');
      const scripts = `<script type="importmap">${imports}</script><script type="module">${text}</script>`;
      project.write('map.html', PAGE + scripts);
      await assertSaid({ map: { text, says } }, (name) => `${name}.html`);
    });
  });
});
