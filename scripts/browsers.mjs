/** The browsers for demo and tests: where they are, and how they are started with devices of their own making. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

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
export function findProgram(program) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs the browsers that are missing, where this is Debian and we may; else says what to do and throws. */
export function ensureBrowsers() {
  const missing = Object.keys(BROWSERS).filter((name) => !findBrowser(name));
  if (missing.length === 0) return;
  install(missing.map((name) => BROWSERS[name].package));
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
    install(WEBKIT_PACKAGES);
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

/** Installs packages where this is Debian and we may; elsewhere does nothing. */
function install(packages) {
  if (process.getuid?.() !== 0 || !isExecutable('/usr/bin/apt-get')) return;
  console.log(`Installing ${packages.join(' and ')} …`);
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  execFileSync('apt-get', ['update', '-qq'], options);
  execFileSync('apt-get', ['install', '-y', '-qq', ...packages], options);
}
