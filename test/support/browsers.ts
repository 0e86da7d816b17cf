import puppeteer, { type Browser } from 'puppeteer-core';
import { CHROMIUM_FLAGS, FIREFOX_PREFERENCES, findBrowser } from './installed-browsers.mjs';

export type BrowserName = 'chromium' | 'firefox';

/** Starts a headless browser whose camera and microphone are fake and need no permission; `flags` are for Chromium. */
export function launch(name: BrowserName, flags: readonly string[] = []): Promise<Browser> {
  const executablePath = findBrowser(name);
  if (!executablePath) throw new Error(`${name} is not installed.`);
  if (name === 'chromium') return puppeteer.launch({ executablePath, args: [...CHROMIUM_FLAGS, ...flags] });
  return puppeteer.launch({ browser: 'firefox', executablePath, extraPrefsFirefox: FIREFOX_PREFERENCES });
}
