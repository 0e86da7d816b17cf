import { isIP } from 'node:net';

/** Who may use the server besides its own pages and local programs; all lists are empty by default. */
export interface AccessSettings {
  /** Host names that the server answers to, besides `localhost` and IP addresses; `*` for all. */
  readonly hosts?: readonly string[];
  /** Origins of other pages that may use it, for example `http://localhost:3000`; `*` for all. */
  readonly origins?: readonly string[];
}

/** What a request tells about its sender: header fields as they were received. */
export interface Sender {
  /** `Host`, or `:authority` in HTTP/2. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`; browsers send it where they leave out `Origin`. */
  readonly fetchSite: string | undefined;
  readonly isEncrypted: boolean;
  readonly method: string | undefined;
}

/** The verdict on a request. `origin` names another page's origin that was let in. */
export type Access =
  { readonly isAllowed: true; readonly origin?: string } | { readonly isAllowed: false; readonly reason: string };

const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::\d{1,5})?$/i;

/**
 * Decides whether a request is served. Every website that is open in a browser on this machine can send requests to it:
 * under the server's own name, under another name that resolves to it (DNS rebinding), and without `Origin`. `HEAD` without it is
 * served: it changes nothing, no page can read its answer, and a refused probe shows as an error in the page's console.
 */
export function decideAccess(sender: Sender, settings: AccessSettings = {}): Access {
  const own = ownOrigin(sender);
  if (own === undefined || !isKnownHost(new URL(own).hostname, settings.hosts ?? [])) {
    return refuse(`This development server does not answer to this host name. HOSTS=<name> npm start allows it.`);
  }
  const { origin, fetchSite, method } = sender;
  if (origin === undefined) {
    const isForeign = fetchSite === 'cross-site' || fetchSite === 'same-site';
    return isForeign && method !== 'HEAD'
      ? refuse('Pages of another origin must send their requests with CORS.')
      : { isAllowed: true };
  }
  if (serialize(origin) === own) return { isAllowed: true };
  const origins = settings.origins ?? [];
  if (origins.includes('*') || origins.includes(origin) || origins.includes(serialize(origin) ?? '')) {
    return { isAllowed: true, origin };
  }
  const hint = `ORIGINS=${serialize(origin) ?? '<origin>'} npm start allows others.`;
  return refuse(`This development server serves its own pages only. ${hint}`);
}

function refuse(reason: string): Access {
  return { isAllowed: false, reason };
}

function ownOrigin({ host, isEncrypted }: Sender): string | undefined {
  return HOST.test(host ?? '') ? serialize(`${isEncrypted ? 'https' : 'http'}://${host}`) : undefined;
}

/** A name needs no listing if it cannot be pointed at this machine by somebody else. */
function isKnownHost(hostname: string, hosts: readonly string[]): boolean {
  const name = hostname.replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0) return true;
  return hosts.includes('*') || hosts.some((one) => one.toLowerCase().replace(/\.$/, '') === name);
}

/** The origin as browsers write it, or `undefined` for `null` and what is no origin at all. */
function serialize(origin: string): string | undefined {
  const serialized = URL.canParse(origin) ? new URL(origin).origin : 'null';
  return serialized === 'null' ? undefined : serialized;
}
