/** Of browsers that claim to be others as well, the more specific one is first. */
const BROWSERS: [name: string, version: RegExp][] = [
  ['Edge', /Edg(?:e|A|iOS)?\/(\S+)/],
  ['Opera', /OPR\/(\S+)/],
  ['Firefox', /(?:Firefox|FxiOS)\/(\S+)/],
  ['Chrome', /(?:Chrome|CriOS)\/(\S+)/],
  ['Safari', /Version\/(\S+).*Safari/],
];

const SYSTEMS: [name: string, sign: RegExp][] = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad|iPod/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
];

/** How a browser names itself, for error reports alone: nothing is decided by it. */
export function describeUserAgent(userAgent: string) {
  const [browser, version] = BROWSERS.find(([, sign]) => sign.test(userAgent)) ?? [];
  const browserVersion = version?.exec(userAgent)?.[1];
  const [os] = SYSTEMS.find(([, sign]) => sign.test(userAgent)) ?? [];
  return { isMobile: /Mobi|Android|iPad/.test(userAgent), browser, browserVersion, os };
}
