/**
 * The session URL behind a proxy that strips a prefix: the server does not know the prefix, so its `Location` lacks it. Of
 * `https://h/webrtc/cam/whip` and `/cam/whip/1` it makes `/webrtc/cam/whip/1`.
 * @returns null if the URL has the prefix, or if the two have nothing in common
 */
export function withEndpointPrefix(sessionUrl: string, endpoint: string): string | null {
  const url = new URL(sessionUrl);
  const home = new URL(endpoint);
  if (url.origin !== home.origin) return null;
  const [, first = ''] = url.pathname.split('/');
  const path = home.pathname.split('/').slice(1);
  const stripped = first === '' ? -1 : path.indexOf(first);
  if (stripped < 1) return null;
  url.pathname = `/${path.slice(0, stripped).join('/')}${url.pathname}`;
  return url.href;
}
