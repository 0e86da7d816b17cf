import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { errorsOf, statusOf, until } from '../support/page.js';

const TOKEN = 'only-by-property';
const local = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const frameworks = local('../../demo/frameworks');
const out = `${frameworks}/dist/hydration`;
const skip =
  !existsSync(`${frameworks}/node_modules/react-dom`) && 'React is not here: npm run test:frameworks gets it.';

/** Bundles a module with the built element. */
async function bundle(entry: string, platform: 'browser' | 'node'): Promise<string> {
  const outfile = `${out}/${basename(entry, extname(entry))}.mjs`;
  await build({
    entryPoints: [local(entry)],
    outfile,
    platform,
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    alias: { 'nano-webcaster': local('../../dist/index.js') },
    define: { 'process.env.NODE_ENV': '"development"' },
    banner:
      platform === 'node'
        ? { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" }
        : {},
    logLevel: 'error',
  });
  return outfile;
}

/** What a Node process prints that renders a page. */
function printed(file: string, ...args: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

describe('A page that was rendered on a server', { skip }, () => {
  const server = new DemoServer({ TOKEN });
  let browser: Browser;
  let page: Page;

  before(async () => {
    mkdirSync(out, { recursive: true });
    await server.start();
    browser = await launch('chromium');
  });

  afterEach(() => page?.close());

  after(async () => {
    await browser?.close();
    await server.end();
  });

  async function open(name: string, markup: string, scripts: string[]): Promise<string[]> {
    const tags = scripts.map((script) => `<script type="module" src="${script}"></script>`).join('');
    writeFileSync(`${out}/${name}.html`, `<!doctype html><title>${name}</title><div id="root">${markup}</div>${tags}`);
    page = await browser.newPage();
    const errors = errorsOf(page);
    await page.goto(`${server.url}/frameworks/dist/hydration/${name}.html`);
    return errors;
  }

  it('D4: by React sets properties and handlers by a second key, and autostart waits for them', async () => {
    await bundle('../../demo/frameworks/react/hydrated-client.tsx', 'browser');
    const module = await bundle('../../demo/frameworks/react/hydrated-server.tsx', 'node');
    const { markup } = (await import(module)) as { markup: string };
    assert.match(markup, /<nano-webcaster server="\/whip\/react"/);
    assert.doesNotMatch(markup, /autostart/);
    const errors = await open('react', markup, ['/cdn/nano-webcaster.min.js', 'hydrated-client.mjs']);
    await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
    assert.equal(await page.$eval('nano-webcaster', (element) => element.reconnectMaxRetries), 20);
    await until('the handler is called', () =>
      page.$eval('output', ({ textContent }) => textContent === 'signalling connected broadcasting'),
    );
    assert.equal((await page.$$('nano-webcaster')).length, 1);
    assert.deepEqual(errors, []);
  });

  for (const hasSupport of [true, false]) {
    it(`D5: by Lit is upgraded in the browser ${hasSupport ? 'with its hydration support' : 'without it'}`, async () => {
      const markup = printed(local('./support/lit-server.mjs'), 'controls');
      assert.match(markup, /<template shadowroot="open" shadowrootmode="open"/);
      const client = hasSupport ? 'lit-client' : 'lit-client-plain';
      await bundle(`support/${client}.mjs`, 'browser');
      const errors = await open('lit', markup, [`${client}.mjs`]);
      const shown = () =>
        page.$eval('nano-webcaster', ({ shadowRoot }) => shadowRoot?.querySelectorAll('video').length);
      await until('it is rendered', async () => (await shown()) === 1);
      await page.$eval(
        'nano-webcaster',
        (element, token) => {
          element.tokenProvider = () => token;
          void element.start();
        },
        TOKEN,
      );
      await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
      assert.equal(await shown(), 1);
      assert.deepEqual(errors, []);
    });
  }
});
