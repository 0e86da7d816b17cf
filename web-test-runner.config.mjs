import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { chromeLauncher } from '@web/test-runner-chrome';
import puppeteer from 'puppeteer-core';
import { CHROMIUM_FLAGS, FIREFOX_PREFERENCES, findBrowser } from './test/support/installed-browsers.mjs';
import { webkitLauncher } from './test/support/webkit.mjs';
import { browserReporter } from './test/support/count-reporters.mjs';
import { defaultReporter } from '@web/test-runner';

const chromium = chromeLauncher({
  concurrency: 2,
  launchOptions: { executablePath: findBrowser('chromium'), headless: true, args: CHROMIUM_FLAGS },
  // A page behind another one is hidden and renders nothing, so every page gets a window of its own.
  createPage: ({ context }) => context.newPage({ type: 'window' }),
});

const firefox = chromeLauncher({
  concurrency: 1,
  puppeteer,
  launchOptions: {
    browser: 'firefox',
    executablePath: findBrowser('firefox'),
    headless: true,
    extraPrefsFirefox: FIREFOX_PREFERENCES,
  },
});

/** What the element renders, says and takes; keys and real media are for the other browsers. */
const RENDERING = ['a11y', 'i18n', 'properties', 'slots', 'status', 'structure', 'upgrade'];

const browsers = { chromium: [chromium], firefox: [firefox], webkit: [webkitLauncher()] };
/** The tier `quick` runs in Chromium alone, and what it leaves out is Firefox. */
const BY_TIER = { quick: 'chromium', rest: 'firefox' };
const only = process.env.BROWSER ?? BY_TIER[process.env.TIER];

export default {
  files: only === 'webkit' ? RENDERING.map((name) => `test/element/${name}.test.ts`) : 'test/element/**/*.test.ts',
  nodeResolve: true,
  browsers: only ? browsers[only] : [chromium, firefox],
  concurrentBrowsers: 2,
  plugins: [
    esbuildPlugin({ ts: true, target: 'es2022', tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)) }),
  ],
  reporters: [defaultReporter(), browserReporter()],
  testFramework: { config: { timeout: 20_000 } },
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 180_000,
};
