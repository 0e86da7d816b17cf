import { isLoopback } from '../../src/core/platform/safe-url.js';
import { Problem } from './problem.js';

/** Where a stream goes by RTMP. */
export interface RtmpTarget {
  /** Holds the stream's key: not to be logged or shown. */
  readonly url: string;
  readonly hostname: string;
  readonly port: number;
}

const MAX_URL = 2048;
const STREAM_NAME = /^[\w.~!$&'()*+,;=:@/?%-]{1,256}$/;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { rtmp: 1935, rtmps: 443 };

/**
 * The target that the query of a WHIP endpoint names as nanoStream Cloud has it, `stream_url` and `stream_name`; nothing
 * where it names none. The URL is put together anew from its parts, so that nothing reads it in another way later.
 * @param hosts allowed besides this machine itself; `*` allows all
 * @throws Problem 400, 403
 */
export function rtmpTarget(query: URLSearchParams, hosts: readonly string[] = []): RtmpTarget | undefined {
  const given = query.get('stream_url');
  if (!given) return undefined;
  const name = query.get('stream_name') ?? '';
  if (name !== '' && !STREAM_NAME.test(name)) throw new Problem(400, 'stream_name is no name of an RTMP stream.');
  const [, scheme = '', rest = ''] = /^(rtmps?):\/\/(.*)$/i.exec(given.trim()) ?? [];
  // As a URL of a scheme that browsers know: the rules for its host are those that everybody has.
  const url = given.length <= MAX_URL && URL.canParse(`ftp://${rest}`) ? new URL(`ftp://${rest}`) : undefined;
  if (!scheme || !url) throw new Problem(400, 'stream_url must be an rtmp or rtmps URL.');
  if (url.username || url.password) throw new Problem(400, 'stream_url must hold no user name and no password.');
  if (url.hash) throw new Problem(400, 'stream_url must have no fragment.');
  const path = [url.pathname.replace(/\/+$/, ''), name].filter(Boolean).join('/');
  if (!/^\/[^/]+\/.*[^/]$/.test(path)) {
    throw new Problem(
      400,
      'stream_url must hold an application and, without stream_name, a stream: rtmp://host/live/name.',
    );
  }
  if (!isLoopback(url.hostname) && !hosts.includes(url.hostname) && !hosts.includes('*')) {
    throw new Problem(
      403,
      `This development server sends RTMP to this machine only. RTMP_HOSTS=${url.hostname} npm start allows that host.`,
    );
  }
  const kind = scheme.toLowerCase();
  const port = url.port === '' ? (DEFAULT_PORTS[kind] ?? 0) : Number(url.port);
  // Without the brackets of an IPv6 address, as it is dialled.
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return { url: `${kind}://${url.hostname}:${port}${path}${url.search}`, hostname, port };
}
