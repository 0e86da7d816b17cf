/** The browsers for demo and tests: where they are, and how they are started with devices of their own making. */
import which from 'which';
import { installDebian } from './debian.mjs';

/** By browser: the variable that names its program, the names it goes by, and Debian's package. */
const BROWSERS = {
  chromium: { variable: 'CHROMIUM', programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  firefox: { variable: 'FIREFOX', programs: ['firefox-esr', 'firefox'], package: 'firefox-esr' },
};

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--use-fake-device-for-media-stream=fps=30',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-dev-shm-usage',
  // Nothing is to be looked up outside.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Each window would load pages for an address bar that nobody sees, which takes more than the page itself.
  '--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup',
  '--no-first-run',
];

export const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  // All pages but the one in front would wait for the camera.
  'media.devices.unfocused.enabled': true,
  'media.autoplay.default': 0,
  'network.manage-offline-status': true,
};

/** The path of a browser; undefined where it is not installed. */
export function findBrowser(name) {
  const { variable, programs } = BROWSERS[name];
  if (process.env[variable]) return process.env[variable];
  return programs.map(findProgram).find(Boolean);
}

/** The path of a program in PATH; undefined where it is not there. */
export const findProgram = (program) => which.sync(program, { nothrow: true }) ?? undefined;

/** Installs the browsers that are missing, where this is Debian and we may; else says what to do and throws. */
export function ensureBrowsers() {
  const missing = Object.keys(BROWSERS).filter((name) => !findBrowser(name));
  if (missing.length === 0) return;
  installDebian(missing.map((name) => BROWSERS[name].package));
  for (const name of missing) {
    if (findBrowser(name)) continue;
    const { variable, package: debianPackage } = BROWSERS[name];
    throw new Error(
      `The tests need ${name}. Install it (Debian: apt-get install ${debianPackage}), or set ${variable} to its path.`,
    );
  }
}

const WEBKIT_PROGRAMS = ['WebKitWebDriver', 'Xvfb'];
const WEBKIT_PACKAGES = ['webkit2gtk-driver', 'xvfb'];

/** Installs WebKit and a screen for it where they are missing, where this is Debian and we may. Never throws. */
export function ensureWebKit() {
  if (!missingWebKit()) return;
  try {
    installDebian(WEBKIT_PACKAGES);
  } catch {
    // What is still missing is said where it is needed.
  }
}

/** Why there is no WebKit, in one line; undefined where there is one. */
export function missingWebKit() {
  const missing = WEBKIT_PROGRAMS.filter((program) => !findProgram(program));
  if (missing.length === 0) return undefined;
  return `${missing.join(' and ')} not found (Debian: apt-get install ${WEBKIT_PACKAGES.join(' ')}).`;
}
