import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { VERSION } from '../../src/core/version.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Package {
  name: string;
  version: string;
  exports: Record<string, string | { types: string; default: string }>;
  unpkg: string;
  jsdelivr: string;
  files: string[];
  scripts: Record<string, string>;
  sideEffects: string[];
}

interface CustomElements {
  readme?: string;
  modules: { path: string; exports: { kind: string; name: string }[] }[];
}

const readJson = (name: string): unknown => JSON.parse(readFileSync(`${root}/${name}`, 'utf8'));
const pkg = readJson('package.json') as Package;

/** Runs a module's text in a Node of its own, with the package's own name for imports. */
function runInNode(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
}

describe('The package', () => {
  it('has a headless core that does not bring Lit along', () => {
    const core = readFileSync(`${root}/cdn/rtc-user.min.js`, 'utf8');
    assert.doesNotMatch(core, /lit-html|LitElement|customElements/);
  });

  it('has a classic script that adds the class and the version to what a page has, and nothing else to the page', () => {
    const script = readFileSync(`${root}/cdn/nanowebrtc.min.js`, 'utf8');
    const page = createContext({ nanowebrtc: { config: 'of the page' }, AbortController, AbortSignal, URL });
    const before = Object.keys(page);
    runInContext(script, page);
    assert.deepEqual(Object.keys(page), before);
    const { user, version, ...others } = page.nanowebrtc as { user: new () => object; version: string };
    assert.deepEqual([version, others], [pkg.version, { config: 'of the page' }]);
    assert.equal(typeof new user(), 'object');
  });

  it('starts no timer and no request by being imported', () => {
    const script = `
      const touched = [];
      for (const name of ['setTimeout', 'setInterval', 'fetch', 'queueMicrotask']) globalThis[name] = () => touched.push(name);
      await import('${pkg.name}');
      console.log(JSON.stringify(touched));`;
    assert.equal(runInNode(script).trim(), '[]');
  });

  it('names exactly the modules with side effects', () => {
    const languages = readdirSync(`${root}/dist/element/languages`)
      .map((name) => `./dist/element/languages/${name}`)
      .filter((file) => file.endsWith('.js') && /^addLanguage\(/m.test(readFileSync(`${root}/${file}`, 'utf8')));
    assert.ok(languages.length > 0);
    assert.deepEqual(pkg.sideEffects, [
      ...['define', 'index', 'all', 'controls'].map((name) => `./dist/${name}.js`),
      ...languages,
      './cdn/**',
    ]);
  });

  it('has one version, wherever that is written', () => {
    const { version } = readJson('package-lock.json') as { version: string };
    const webTypes = readJson('types/web-types.json') as { version: string };
    assert.deepEqual([VERSION, version, webTypes.version], [pkg.version, pkg.version, pkg.version]);
  });

  it('is built before it is published, since the repository has no builds', () => {
    assert.equal(pkg.scripts.prepublishOnly, 'npm run build');
  });

  it('has a manifest that says where the class is, and where it is registered', () => {
    const { modules, readme } = readJson('custom-elements.json') as CustomElements;
    const exported = modules.flatMap(({ path, exports }) => exports.map(({ kind, name }) => ({ path, kind, name })));
    assert.deepEqual(exported, [
      { path: 'dist/element/nano-webcaster.js', kind: 'js', name: 'NanoWebcaster' },
      { path: 'dist/define.js', kind: 'custom-element-definition', name: 'nano-webcaster' },
    ]);
    for (const { path } of modules) assert.ok(existsSync(`${root}/${path}`), path);
    assert.notEqual(readme, '');
  });

  it('ships what its CDN fields name', () => {
    assert.ok(existsSync(`${root}/${pkg.unpkg}`));
    assert.equal(pkg.unpkg, pkg.jsdelivr);
    assert.ok(pkg.files.includes('cdn') && pkg.files.includes('dist') && pkg.files.includes('custom-elements.json'));
  });

  it('runs a RtcUser in Node, which says that it cannot broadcast there', () => {
    const script = `
      const { RtcUser } = await import('${pkg.name}/core');
      const user = new RtcUser();
      user.setConfig({ reconnect: { minDelay: 0 } });
      const error = await user.startPreview().catch((thrown) => thrown);
      console.log(user.checkSupport(), error.code);`;
    assert.equal(runInNode(script).trim(), '1 1006');
  });
});
