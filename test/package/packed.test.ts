import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import type { Browser } from 'puppeteer-core';
import { rollup } from 'rollup';
import ts from 'typescript';
import { build } from 'vite';
import { serveStatic } from '../../demo/server/static-files.js';
import { localLinksOf } from '../../scripts/docs-pages.mjs';
import { launch } from '../support/browsers.js';
import { errorsOf } from '../support/page.js';
import { PackedProject } from './support.js';

let project: PackedProject;

/** Every module of the package by what an import of it says, with its file. */
function modules(): { specifier: string; file: string }[] {
  return Object.entries(project.manifest.exports).flatMap(([entry, target]) => {
    const file = typeof target === 'string' ? undefined : target?.default;
    if (!file) return [];
    const specifier = `nano-webcaster${entry.slice(1)}`;
    if (!file.includes('*')) return [{ specifier, file }];
    const [before = '', after = ''] = file.slice(2).split('*');
    return files()
      .filter((name) => name.startsWith(before) && name.endsWith(after))
      .filter((name) => !isHidden(name))
      .map((name) => {
        const star = name.slice(before.length, name.length - after.length);
        return { specifier: specifier.replace('*', star), file: `./${name}` };
      });
  });
}

/** Whether an entry says that a file of a pattern is not for users. */
function isHidden(name: string): boolean {
  const hidden = Object.entries(project.manifest.exports).filter(([, target]) => target === null);
  return hidden.some(([entry]) => name.endsWith(entry.slice(1)));
}

function files(): string[] {
  return readdirSync(project.packageFolder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name).slice(project.packageFolder.length + 1));
}

/** What the compiler says about files of the project. */
function compile(names: string[], options: ts.CompilerOptions): string[] {
  const program = ts.createProgram(names, {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    verbatimModuleSyntax: true,
    skipDefaultLibCheck: true,
    ...options,
  });
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName.slice(project.folder.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

/** A module's text as rollup bundles it, with all that it imports. */
async function bundle(name: string, text: string): Promise<string> {
  const input = project.write(name, text);
  const made = await rollup({ input, plugins: [nodeResolve()], logLevel: 'silent' });
  const { output } = await made.generate({ format: 'es' });
  await made.close();
  return output[0].code.trim();
}

before(() => {
  project = new PackedProject();
});

after(() => project.remove());

describe('The packed package', () => {
  it('holds what a user needs, and nothing of the workshop', () => {
    const names = files();
    for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md', 'custom-elements.json', 'cdn/nano-webcaster.min.js']) {
      assert.ok(names.includes(name), name);
    }
    const folders = new Set(names.map((name) => (name.includes('/') ? name.slice(0, name.indexOf('/')) : '')));
    assert.deepEqual([...folders].sort(), ['', 'cdn', 'dist', 'docs', 'src', 'types']);
  });

  it('has the source behind every source map', () => {
    for (const name of files().filter((file) => file.endsWith('.map'))) {
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

  it('has every file that an entry names', () => {
    for (const target of Object.values(project.manifest.exports)) {
      const named = typeof target === 'string' ? [target] : Object.values(target ?? {});
      for (const file of named.filter((name) => !name.includes('*'))) {
        assert.ok(existsSync(join(project.packageFolder, file)), file);
      }
    }
  });

  it('has every file that its Markdown links to', () => {
    for (const name of files().filter((file) => file.endsWith('.md'))) {
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
    it('has types for moduleResolution bundler', () => {
      const options = { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
      assert.deepEqual(compile([project.take('modules.ts')], options), []);
    });

    it('has types for moduleResolution nodenext', () => {
      assert.deepEqual(compile([project.take('modules.ts')], { module: ts.ModuleKind.NodeNext }), []);
    });

    it('has types for JSX of React, Preact and Solid, and for templates of Vue and Svelte', () => {
      for (const name of ['preact', 'solid-js', 'svelte', 'vue']) project.use(name);
      project.use('react', '@types/react');
      const names = ['react.tsx', 'preact.tsx', 'solid.tsx', 'templates.ts'].map((name) => project.take(name));
      const options = {
        module: ts.ModuleKind.ESNext,
        moduleResolution: ts.ModuleResolutionKind.Bundler,
        jsx: ts.JsxEmit.ReactJSX,
        // The frameworks' own declarations are theirs to check.
        skipLibCheck: true,
      };
      assert.deepEqual(compile(names, options), []);
    });
  });

  describe('in a bundle', () => {
    it('has the language that is imported, and no other', async () => {
      const text = await bundle('german.js', `import 'nano-webcaster/languages/de.js';`);
      assert.match(text, /addLanguage\('de'/);
      assert.doesNotMatch(text, /addLanguage\('es'|LitElement/);
    });

    it('is registered where an entry is imported that registers it', async () => {
      for (const entry of ['nano-webcaster', 'nano-webcaster/define']) {
        assert.match(await bundle('registers.js', `import '${entry}';`), /customElements/, entry);
      }
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

    it('is built by Vite', async () => {
      project.write('index.html', '<script type="module" src="main.js"></script><nano-webcaster></nano-webcaster>');
      project.write('main.js', `import 'nano-webcaster';`);
      await build({ root: project.folder, logLevel: 'error', configFile: false });
      const [name = ''] = readdirSync(join(project.folder, 'dist/assets'));
      assert.match(readFileSync(join(project.folder, 'dist/assets', name), 'utf8'), /nano-webcaster/);
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

    /** Opens a page of the project, and resolves to its errors once the element is there. */
    async function open(name: string, html: string): Promise<string[]> {
      project.write(name, `<!doctype html><link rel="icon" href="data:," />${html}<nano-webcaster></nano-webcaster>`);
      const page = await browser.newPage();
      const errors = errorsOf(page);
      await page.goto(`${url}/${name}`);
      await page.waitForSelector('nano-webcaster[status=idle]');
      await page.close();
      return errors;
    }

    it('works from a plain script tag', async () => {
      const file = '/node_modules/nano-webcaster/cdn/nano-webcaster.min.js';
      assert.deepEqual(await open('tag.html', `<script type="module" src="${file}"></script>`), []);
    });

    it('imports every module without a bundler, by an import map', async () => {
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
      const script = own.map(([specifier]) => `import '${specifier}';`).join('\n');
      const html = `<script type="importmap">${imports}</script><script type="module">${script}</script>`;
      assert.deepEqual(await open('map.html', html), []);
    });
  });
});
