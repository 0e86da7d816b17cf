import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import puppeteer, { type Browser } from 'puppeteer-core';

const CANDIDATES = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
} as const;

export type BrowserName = keyof typeof CANDIDATES;

/** The path of an installed browser: the variable CHROMIUM or FIREFOX, or else the first that is on the PATH. */
export function findBrowser(name: BrowserName): string | undefined {
  const set = process.env[name.toUpperCase()];
  if (set && existsSync(set)) return set;
  for (const command of CANDIDATES[name]) {
    try {
      return execFileSync('which', [command], { encoding: 'utf8' }).trim();
    } catch {
      // The next name may be there.
    }
  }
  return undefined;
}

/** Starts a headless browser whose camera and microphone are fake and need no permission. */
export function launch(name: BrowserName, executablePath: string): Promise<Browser> {
  if (name === 'firefox') {
    return puppeteer.launch({
      browser: 'firefox',
      executablePath,
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
        'media.autoplay.default': 0,
        'network.manage-offline-status': true,
      },
    });
  }
  return puppeteer.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--use-fake-device-for-media-stream=fps=30',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}
