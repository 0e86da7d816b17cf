/** Names and addresses of the loopback interface, as `URL` writes them. */
export function isLoopback(hostname: string): boolean {
  return /^((.+\.)?localhost\.?|127(\.\d+){3}|\[::(1|ffff:7f..:[\da-f]+)\])$/i.test(hostname);
}

/** Whether a host is this machine: browsers connect to it by its unspecified address too. Only there plain HTTP is as good as HTTPS. */
function isThisMachine(hostname: string): boolean {
  return isLoopback(hostname) || /^(0\.0\.0\.0|\[::(ffff:0:0)?\])$/.test(hostname);
}

/** `https:`, or `http:` on this machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname));
}

/**
 * Whether a token for `endpoint` may be sent to `url`, to which the server refers. A remote server must not make a browser
 * send it to a program on this machine.
 */
export function isSafeFrom(url: URL, endpoint: string): boolean {
  return isSafe(url) && (!isThisMachine(url.hostname) || isThisMachine(new URL(endpoint).hostname));
}

/** An address that a server refers to. */
export interface Reference {
  /** Null if no token may be sent there. */
  url: string | null;
  /** Why it is null. */
  problem?: string;
}

/**
 * Reads `reference` against `base`. Plain HTTP on the endpoint's own host is read as HTTPS: TLS ends at a proxy there.
 * @param endpoint where the page publishes to: what it may refer to depends on it
 */
export function resolveReference(reference: string, base: string, endpoint: string): Reference {
  let url: URL;
  try {
    url = new URL(reference, base);
  } catch {
    return { url: null, problem: 'it is not a URL' };
  }
  // `fetch` refuses them, and its error would quote all of it.
  url.username = url.password = '';
  const home = new URL(endpoint);
  if (url.protocol === 'http:' && home.protocol === 'https:' && url.hostname === home.hostname) {
    url.protocol = 'https:';
    // The port of the server behind the proxy speaks no TLS.
    url.port = home.port;
  }
  if (isSafeFrom(url, endpoint)) return { url: url.href };
  if (isThisMachine(url.hostname)) return { url: null, problem: `it points to ${url.host}` };
  return { url: null, problem: `${url.protocol}//${url.host} is not HTTPS` };
}

/** A URL as it may be shown: without user and query, which may hold secrets. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}
