import { describe, it, type TestContext, type TestOptions } from 'node:test';
import type { BrowserName } from './browsers.js';

/**
 * Which tests run. `quick`: those that stand for their kind, in Chromium; `rest`: all others; `all`: both, as where a file
 * is run alone. `scripts/test.mjs` sets it.
 */
const TIER = process.env['TIER'] ?? 'all';
const ONLY_BROWSER = process.env['BROWSER'];

export function isSelected(isQuick: boolean, browser: BrowserName): boolean {
  if (ONLY_BROWSER && browser !== ONLY_BROWSER) return false;
  if (TIER === 'all') return true;
  return (TIER === 'quick') === (isQuick && browser === 'chromium');
}

/** The browsers in which a whole file runs, where it stands or does not stand for its kind. */
export function selectedBrowsers(isQuick: boolean): BrowserName[] {
  return (['chromium', 'firefox'] as const).filter((name) => isSelected(isQuick, name));
}

/** Registers a test; `quick` registers one that stands for its kind. */
export interface Register<Parameters extends unknown[]> {
  (...parameters: Parameters): void;
  quick: (...parameters: Parameters) => void;
}

/** What `suite` registers for a browser, without what is not selected. */
export function selectedTests<Parameters extends unknown[]>(
  browser: BrowserName,
  suite: (test: Register<Parameters>, browser: BrowserName) => void,
): Parameters[] {
  const selected: Parameters[] = [];
  const registerAs =
    (isQuick: boolean) =>
    (...parameters: Parameters) => {
      if (isSelected(isQuick, browser)) selected.push(parameters);
    };
  suite(Object.assign(registerAs(false), { quick: registerAs(true) }), browser);
  return selected;
}

const describeWhereSelected = (isQuick: boolean) => (title: string, options: TestOptions, body: () => void) => {
  if (isSelected(isQuick, 'chromium')) void describe(title, options, body);
};

/** `describe` for what is tested in Chromium alone; `quick` for what stands for its kind. */
export const describeInChromium = Object.assign(describeWhereSelected(false), { quick: describeWhereSelected(true) });

const itWhereSelected = (isQuick: boolean) => (what: string, body: (context: TestContext) => Promise<void>) => {
  if (isSelected(isQuick, 'chromium')) void it(what, body);
};

/** `it` for what is tested in Chromium alone; `quick` for what stands for its kind. */
export const itInChromium = Object.assign(itWhereSelected(false), { quick: itWhereSelected(true) });
