import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { Problem } from './problem.js';

/** Everything a browser client on another origin needs; it stands on every answer, errors included. */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'OPTIONS, GET, HEAD, POST, PATCH, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
  'Access-Control-Max-Age': '7200',
  'Access-Control-Expose-Headers': 'Location, ETag, Link, Accept-Patch, Retry-After, WWW-Authenticate',
};

export const SDP_TYPE = 'application/sdp';
export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** Longest request body that is read: a full offer of a browser has about 8 KiB. */
export const MAX_BODY_BYTES = 64 * 1024;
const BODY_TIMEOUT_MS = 10_000;
/** How much of an overlong body is read into nothing, so that the answer reaches a client that is busy sending. */
const MAX_DISCARDED_BYTES = 1024 * 1024;

/** One answer, as data. */
export interface Reply {
  status: number;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** For an answer that goes on: gets the response once its head is written. */
  stream?: (res: ServerResponse) => void;
  /** No page of another origin may use it. */
  isSameOrigin?: boolean;
}

/** Writes an answer with the CORS headers and without caching. Does nothing when the client has gone. */
export function send(req: IncomingMessage, res: ServerResponse, reply: Reply): void {
  if (res.headersSent || res.destroyed) return;
  const body = reply.body ?? '';
  const hasLength = reply.status !== 204 && !reply.stream;
  res.writeHead(reply.status, {
    ...(reply.isSameOrigin ? {} : CORS_HEADERS),
    'Cache-Control': 'no-store',
    ...(hasLength && { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...reply.headers,
  });
  if (reply.stream && req.method !== 'HEAD') return reply.stream(res);
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** DeviceQueue whatever a handler threw into `application/problem+json`; only a {@link Problem} shows its text. */
export function problemReply(error: unknown): Reply {
  const problem = error instanceof Problem ? error : new Problem(500, 'The server failed on this request.');
  return {
    status: problem.status,
    headers: { 'Content-Type': 'application/problem+json', ...problem.headers },
    body: JSON.stringify({
      type: 'about:blank',
      title: STATUS_CODES[problem.status] ?? 'Error',
      status: problem.status,
      detail: problem.message,
    }),
  };
}

/** Refuses a request whose media type is not `expected`; parameters of the type are ignored. */
export function requireType(req: IncomingMessage, expected: string): void {
  const type = (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== expected) {
    const accept = req.method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post';
    throw new Problem(415, `The body must be ${expected}.`, { [accept]: expected });
  }
}

/** Refuses every method but `allowed`. */
export function requireMethod(req: IncomingMessage, allowed: readonly string[]): void {
  if (!allowed.includes(req.method ?? '')) {
    throw new Problem(405, `${req.method} is not possible here.`, { Allow: allowed.join(', ') });
  }
}

/** Reads a request body of at most {@link MAX_BODY_BYTES}. */
export function readBody(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(() => reject(new Problem(408, 'The body did not arrive in time.')), BODY_TIMEOUT_MS);
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_DISCARDED_BYTES) req.destroy();
      if (size > MAX_BODY_BYTES) reject(new Problem(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`));
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    req.on('error', () => reject(new Problem(400, 'The body broke off.')));
    req.on('close', () => {
      clearTimeout(timer);
      reject(new Problem(400, 'The body broke off.'));
    });
  });
}

/** The path of a request, or `undefined` for a request line that is no URL. */
export function pathOf(req: IncomingMessage): string | undefined {
  return urlOf(req)?.pathname;
}

/** The query of a request. */
export function queryOf(req: IncomingMessage): URLSearchParams {
  return urlOf(req)?.searchParams ?? new URLSearchParams();
}

function urlOf(req: IncomingMessage): URL | undefined {
  try {
    return new URL(req.url ?? '', 'http://localhost');
  } catch {
    return undefined;
  }
}
