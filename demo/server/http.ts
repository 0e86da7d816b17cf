import { STATUS_CODES } from 'node:http';
import type { Context, Middleware } from 'koa';
import getRawBody from 'raw-body';
import { decideAccess, type AccessSettings } from './access.js';
import { Problem } from './problem.js';

export const SDP_TYPE = 'application/sdp';
export const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/** Longest request body in bytes: a full offer of a browser has about 8 KiB. */
const MAX_BODY_BYTES = 64 * 1024;

/** What {@link checkAccess} leaves in a context's state. */
export interface AccessState {
  /** The origin of a page of another origin that was let in. */
  foreignOrigin?: string | undefined;
}

/** Middleware that refuses requests by their host and origin, see {@link decideAccess}. */
export function checkAccess(settings: AccessSettings): Middleware<AccessState> {
  return (ctx, next) => {
    const access = decideAccess(senderOf(ctx.req), settings);
    if (!access.isAllowed) throw new Problem(403, access.reason);
    ctx.state.foreignOrigin = access.origin;
    return next();
  };
}

/** The sender of a request as {@link decideAccess} takes it; also for requests to upgrade to a WebSocket. */
export function senderOf({
  headers,
  method,
  socket,
}: Pick<Context['req'], 'headers' | 'method' | 'socket'>): Parameters<typeof decideAccess>[0] {
  const { ':authority': authority, host = authority, origin, 'sec-fetch-site': fetchSite } = headers;
  const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
  return { host: first(host), origin, fetchSite: first(fetchSite), isEncrypted: 'encrypted' in socket, method };
}

/** Middleware that answers with `application/problem+json` (RFC 9457); only a {@link Problem} shows its text. */
export const answerProblems: Middleware = async (ctx, next) => {
  try {
    await next();
    // The router has found nothing for the path (404), or nothing for the method.
    if (ctx.status === 404) throw new Problem(404, 'There is nothing here.');
    if (ctx.status >= 400) throw new Problem(ctx.status, `${ctx.method} is not possible here.`);
  } catch (error) {
    const problem = toProblem(error);
    ctx.status = problem.status;
    ctx.set(problem.headers);
    ctx.set('Content-Type', 'application/problem+json');
    const title = STATUS_CODES[problem.status] ?? 'Error';
    ctx.body = JSON.stringify({ type: 'about:blank', title, status: problem.status, detail: problem.message });
  }
  ctx.set('Cache-Control', 'no-store');
};

/** Refuses a request whose media type is not `expected`; parameters of the type are ignored. */
export function requireType(ctx: Context, expected: string): void {
  if (ctx.is(expected) !== false) return;
  const accept = ctx.method === 'PATCH' ? 'Accept-Patch' : 'Accept-Post';
  throw new Problem(415, `The body must be ${expected}.`, { [accept]: expected });
}

/** Reads a request body of at most {@link MAX_BODY_BYTES}. */
export async function readBody(ctx: Context): Promise<string> {
  try {
    return await getRawBody(ctx.req, { length: ctx.request.length, limit: MAX_BODY_BYTES, encoding: true });
  } catch (error) {
    // The rest is read into nothing, so that a client that is busy sending gets the answer.
    ctx.req.resume();
    const isTooLong = (error as getRawBody.RawBodyError).status === 413;
    if (isTooLong) throw new Problem(413, `The body is longer than ${MAX_BODY_BYTES} bytes.`);
    throw new Problem(400, 'The body ended early.');
  }
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  console.error(error);
  return new Problem(500, 'The server failed on this request.');
}
