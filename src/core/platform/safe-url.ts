/** Loopback addresses and names: there alone http is as good as https. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i.test(hostname);
}

/** `https:`, or `http:` on this machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** `reference` read against `base`, or null where it is no address that a token may be sent to. */
export function resolveSafely(reference: string, base: string): string | null {
  try {
    const url = new URL(reference, base);
    // `fetch` refuses them, and its error would quote all of it.
    url.username = url.password = '';
    return isSafe(url) ? url.href : null;
  } catch {
    return null;
  }
}

/** A URL as it may be shown: without user and query, which may hold secrets. */
export function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/\/\/[^/]*@/, '//');
}
