import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Package {
  name: string;
  exports: Record<string, string | { types: string; default: string }>;
  unpkg: string;
  jsdelivr: string;
  files: string[];
  sideEffects: string[];
}

const pkg = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as Package;

/** Runs a module's text in a Node of its own, with the package's own name for imports. */
function runInNode(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
}

describe('The package', () => {
  for (const [entry, target] of Object.entries(pkg.exports)) {
    it(`has every file of its entry ${entry}`, () => {
      const files = typeof target === 'string' ? [target] : Object.values(target);
      for (const file of files) assert.ok(existsSync(`${root}/${file.replace('*', 'de')}`), file);
    });

    if (typeof target === 'string') continue;
    it(`imports ${entry} in Node, without a DOM`, () => {
      const specifier = pkg.name + entry.slice(1).replace('*', 'de');
      assert.equal(runInNode(`await import('${specifier}'); console.log(typeof document)`).trim(), 'undefined');
    });
  }

  it('has a headless core that does not bring Lit along', () => {
    const core = readFileSync(`${root}/cdn/rtc-user.min.js`, 'utf8');
    assert.doesNotMatch(core, /lit-html|LitElement|customElements/);
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
    const manifestEntries = pkg.sideEffects.filter((file) => !file.includes('*'));
    assert.deepEqual(manifestEntries, ['./dist/define.js', './dist/index.js']);
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
