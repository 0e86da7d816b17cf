import { createServer, IncomingMessage, ServerResponse, type ClientRequest, type Server } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { RTCDtlsTransport } from 'werift';
import { CORS_HEADERS, type Reply } from './http-replies.js';
import { createIngest, type SessionInfo } from '../../demo/server/ingest.js';
import { sendCloseNotify } from '../../demo/server/werift-repairs.js';
import { serveStatic } from './static-files.js';
import { FAULT_PAGE } from './fault-page.js';
import {
  rewriteCreated,
  rewriteRestart,
  SESSION_QUERY,
  withoutCors,
  withoutExposed,
  withoutSessionQuery,
  type AnswerQuirks,
  type RestartShape,
} from './fault-rewrites.js';

/** The built bundle, or another build of it. */
const CDN = process.env['CDN'] ?? fileURLToPath(new URL('../../cdn', import.meta.url));
/** Fits behind a session description as well as behind any other text. */
const CHUNK = `a=x-filler:${'x'.repeat(1000)}\r\n`.repeat(16);

/** What ends a session in the turn of the event loop in which its DTLS is up, by the server's ICE username. */
const endOnceUp = new Map<string, () => Promise<void>>();
const { start: startDtls } = RTCDtlsTransport.prototype;
RTCDtlsTransport.prototype.start = async function () {
  await startDtls.call(this);
  const { localUsername } = this.iceTransport.connection;
  const end = endOnceUp.get(localUsername);
  if (!end || !endOnceUp.delete(localUsername)) return;
  await sendCloseNotify(this);
  await end();
};

/** How a server refuses a `POST`: a status, a connection cut, silence, or a 201 whose connection is ended once it is up. */
export type Refusal = 400 | 403 | 404 | 405 | 406 | 409 | 422 | 429 | 500 | 503 | 'reset' | 'hang' | 'dtls-close';

/**
 * What a server does to a `PATCH` that restarts ICE: refuse it, take it for candidates and do nothing, never answer, or
 * take it only with `"*"` in quotes (else 412), or only as a whole session description (else 400).
 */
export type RestartAnswer = number | 'ignored' | 'hang' | 'unless-quoted' | 'unless-wrapped';

/**
 * Where a `POST` is led: 307 and 308 keep the method, and within the origin also the token; the chain has three redirects, two
 * of them to other origins.
 */
export type Redirect = '307-same-origin' | '307-cross-origin' | '301' | '302' | 'chain' | 'loop';

/** What a server does otherwise than RFC 9725 has it, or than one would like. May be changed at any time. */
export interface Quirks extends AnswerQuirks {
  /** No CORS header on an error, as most frameworks have it. */
  noCorsOnErrors?: boolean;
  /** Errors in plain text and not in JSON. */
  plainErrors?: boolean;
  redirect?: Redirect;
  /** Every `PATCH` and `DELETE` is led to another origin. */
  redirectSessions?: boolean;
  /** No CORS header on any answer of the other origin. */
  noCorsElsewhere?: boolean;
  /** The page's origin is allowed by its name; what comes by way of two origins has the name `null`. */
  namesOrigins?: boolean;
  /** The request headers that a preflight allows. */
  allowHeaders?: string;
  /** The answer to `GET` and `HEAD`, of which the probe is one. */
  probe?: number;
  /** Every `POST` is refused. */
  refuse?: Refusal;
  /** A `POST` that follows upon an earlier session is refused, for some seconds from the first such one on. */
  conflict?: { answer: Refusal; seconds: number };
  /** Value of `Retry-After` on refusals. */
  retryAfter?: string;
  /** The only bearer token that is taken. */
  token?: string;
  /** `WWW-Authenticate` where it is not. */
  challenge?: string;
  /** The answer to a `POST` comes this many milliseconds after the session was made. */
  slowAnswer?: number;
  /** What follows upon the answer's body: much, or something for ever, or nothing but no end either. */
  body?: 'huge' | 'endless' | 'stalled';
  /** The answer to every `PATCH`; the real ingest sees none of them, or takes them for a `POST`. */
  patch?: number | 'hang' | 'reset' | 'publish';
  /** Any `If-Match` but the bare `*` is answered with 422. */
  bareStarOnly?: boolean;
  /** The entity tag of answers to candidates, which have none by RFC 9725. */
  patchEtag?: string;
  /** What becomes of an ICE restart; candidates are taken all the same. */
  restart?: RestartAnswer;
  /** The answer to an ICE restart comes this many milliseconds late. */
  restartDelay?: number;
  restartShape?: RestartShape;
  /** The answer to an ICE restart has no header that a page may read, as its new entity tag. */
  restartExposesNothing?: boolean;
  /** Any `If-Match` but `"*"` in quotes is answered with 412. */
  quotedStarOnly?: boolean;
  /** The answer to every `DELETE`; the session ends only where it is a 2xx. */
  delete?: number | 'hang';
}

/** One request as it came. */
export interface Request {
  method: string;
  kind: 'endpoint' | 'session' | 'other';
  /** Path and query. */
  url: string;
  host: string;
  authorization: string | undefined;
  contentType: string | undefined;
  accept: string | undefined;
  ifMatch: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
  body: string;
  /** What it was answered with; undefined as long as there is no answer. */
  status?: number | 'reset';
  /** Path of the session that it made. */
  session?: string;
}

/**
 * The demo's ingest with real media, behind HTTP that misbehaves as a test says. It also serves the page that publishes
 * to it, from another origin of the same port.
 */
export class FaultyIngest {
  quirks: Quirks = {};
  readonly #requests: Request[] = [];
  /** Its pages are of another origin, by intention. */
  readonly #ingest = createIngest({ origins: ['*'] });
  readonly #server: Server;
  /** The session URLs, with the answer that each began with. */
  readonly #urls = new Map<string, string>();
  #port = 0;
  #conflictSince: number | undefined;

  constructor() {
    this.#server = createServer((req, res) => {
      this.#serve(req, res).catch(() => res.destroy());
    });
  }

  /** The page's origin; the ingest's is another one. */
  get pageUrl(): string {
    return `http://localhost:${this.#port}/`;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get endpoint(): string {
    return `${this.origin}/whip/fault`;
  }

  /** The origin that cross-origin redirects lead to. */
  get otherOrigin(): string {
    return this.#elsewhere('other');
  }

  /** The origin at the end of a chain of them. */
  get lastOrigin(): string {
    return this.#elsewhere('last');
  }

  /** The sessions on the real ingest. */
  get sessions(): readonly SessionInfo[] {
    return this.#ingest.sessions;
  }

  /** The requests of one method so far, preflights and probes left out. */
  requests(method: 'POST' | 'PATCH' | 'DELETE' | 'GET'): Request[] {
    return this.#requests.filter((request) => request.method === method && request.kind !== 'other');
  }

  /** What the requests of one method were answered with; those without an answer are left out. */
  statuses(method: 'POST' | 'PATCH' | 'DELETE' | 'GET'): (number | 'reset')[] {
    return this.requests(method).flatMap(({ status }) => status ?? []);
  }

  /** The paths of the sessions that were to be deleted, each once: what gets no answer in time is asked for again. */
  get deleted(): string[] {
    return [...new Set(this.requests('DELETE').map(({ url }) => withoutSessionQuery(url)))];
  }

  async start(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await this.#ingest.close();
  }

  /** The server ends its sessions by itself and tells the browser so by DTLS. */
  async endSessions(): Promise<void> {
    for (const url of this.#urls.keys()) await this.#ask(newRequest('DELETE', url));
    this.#urls.clear();
  }

  #elsewhere(name: string): string {
    return `http://${name}.localhost:${this.#port}`;
  }

  async #serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const kind = kindOf(req);
    if (req.url === '/') return void res.writeHead(200, { 'Content-Type': 'text/html' }).end(FAULT_PAGE);
    if (kind === 'other') return serveStatic([{ path: '/cdn/', folder: CDN }], req, res);
    const { authorization, host = '', 'content-type': contentType, accept, 'if-match': ifMatch } = req.headers;
    const { method = '', url = '' } = req;
    const at = Date.now();
    const body = await text(req);
    const request: Request = { method, kind, url, host, authorization, contentType, accept, ifMatch, at, body };
    // From here to the quirks nothing waits: a test that sees the request may change them for the next one.
    this.#requests.push(request);
    const { body: tail } = this.quirks;
    const reply = await this.#answer(again(req, body), request);
    if (reply === 'hang') return;
    request.status = reply === 'reset' ? reply : reply.status;
    if (reply === 'reset') return void res.destroy();
    await write(res, this.#forPages(reply, request), method === 'POST' ? tail : undefined);
  }

  /** A reply with the CORS headers that a page gets to see. */
  #forPages(reply: Reply, { method, host }: Request): Reply {
    const { noCorsOnErrors, noCorsElsewhere, namesOrigins, allowHeaders } = this.quirks;
    const isElsewhere = `http://${host}` === this.otherOrigin;
    const isPreflight = method === 'OPTIONS';
    if (noCorsElsewhere && isElsewhere) return withoutCors(reply);
    if (noCorsOnErrors && reply.status >= 400 && !isPreflight) return withoutCors(reply);
    const headers = {
      ...reply.headers,
      ...(namesOrigins && { 'Access-Control-Allow-Origin': new URL(this.pageUrl).origin }),
      ...(allowHeaders !== undefined && isPreflight && { 'Access-Control-Allow-Headers': allowHeaders }),
    };
    return { ...reply, headers };
  }

  async #answer(req: IncomingMessage, request: Request): Promise<Reply | 'hang' | 'reset'> {
    const { quirks } = this;
    const { method, kind } = request;
    req.url = withoutSessionQuery(req.url ?? '');
    const isGuarded = method === 'POST' || method === 'PATCH' || method === 'DELETE';
    if (isGuarded && quirks.token !== undefined && req.headers.authorization !== `Bearer ${quirks.token}`) {
      return this.#refusal(401, 'the token is not known');
    }
    const isProbe = method === 'GET' || method === 'HEAD';
    if (isProbe && quirks.probe !== undefined) return this.#refusal(quirks.probe, 'this method is not known');
    if (kind === 'endpoint' && method === 'POST') return this.#publish(req, request);
    if (quirks.redirectSessions && isGuarded && `http://${request.host}` !== this.otherOrigin) {
      return redirection(307, this.otherOrigin + request.url);
    }
    const isWithoutQuery = quirks.location === 'query' && isGuarded && !request.url.endsWith(SESSION_QUERY);
    if (isWithoutQuery) return this.#refusal(404, 'the query is missing');
    if (method === 'PATCH') return this.#patch(req, request);
    if (method === 'DELETE') return this.#delete(req);
    // A redirect with 302 has made a GET of the POST.
    if (kind === 'endpoint' && method === 'GET') return this.#refusal(405, 'POST is wanted here');
    return this.#ask(req);
  }

  async #publish(req: IncomingMessage, request: Request): Promise<Reply | 'hang' | 'reset'> {
    const { redirect, slowAnswer = 0 } = this.quirks;
    const redirected = redirect && this.#redirect(redirect, req.url ?? '');
    if (redirected) return redirected;
    const refusal = this.quirks.refuse ?? this.#conflict();
    if (refusal === 'reset' || refusal === 'hang') return refusal;
    if (typeof refusal === 'number') return this.#refusal(refusal, 'already in use');
    const reply = await this.#ask(req);
    if (reply.status !== 201) return reply;
    request.session = reply.headers?.['Location'] ?? '';
    this.#urls.set(request.session, reply.body ?? '');
    // As a server does that finds out late that somebody else publishes already: the broadcast would be live a moment later.
    if (refusal === 'dtls-close') endOnceUp.set(ufragOf(reply.body ?? '') ?? '', () => this.endSessions());
    await delay(slowAnswer);
    return rewriteCreated(reply, this.quirks, `http://${req.headers.host}`);
  }

  /** Where a `POST` is led from one of its places; nowhere from the last. */
  #redirect(redirect: Redirect, url: string): Reply | undefined {
    const [, passed = '0'] = /^\/whip\/behind-(\d)/.exec(url) ?? [];
    const behind = `/whip/behind-${Number(passed) + 1}`;
    if (redirect === 'loop') return redirection(307, url);
    if (redirect === 'chain') {
      const origin = ['', this.otherOrigin, this.lastOrigin][Number(passed)];
      return origin === undefined ? undefined : redirection(origin ? 307 : 308, origin + behind);
    }
    const origin = redirect === '307-cross-origin' ? this.otherOrigin : '';
    return passed === '0' ? redirection(Number.parseInt(redirect), origin + behind) : undefined;
  }

  async #patch(req: IncomingMessage, request: Request): Promise<Reply | 'hang' | 'reset'> {
    const { patch, quotedStarOnly, bareStarOnly, patchEtag } = this.quirks;
    const { restart, restartDelay, restartShape, restartExposesNothing } = this.quirks;
    const ifMatch = req.headers['if-match'];
    if (patch === 'publish') return this.#ask(again(req, request.body, 'POST', new URL(this.endpoint).pathname));
    if (bareStarOnly && ifMatch !== '*') return this.#refusal(422, 'no candidates, please');
    const isTampered = [restart, restartDelay, restartShape, restartExposesNothing].some(
      (quirk) => quirk !== undefined,
    );
    if (isTampered && this.#isRestart(request)) return this.#restart(req, request);
    if (patch === 'hang' || patch === 'reset') return patch;
    if (patch !== undefined) return this.#refusal(patch, 'no candidates, please');
    if (quotedStarOnly && ifMatch !== '"*"') return this.#refusal(412, 'not the right entity tag');
    const reply = await this.#ask(req);
    return patchEtag === undefined ? reply : { ...reply, headers: { ...reply.headers, ETag: patchEtag } };
  }

  /** Other credentials than the session began with, whatever is there now. */
  #isRestart({ url, body, ifMatch }: Request): boolean {
    const path = withoutSessionQuery(url);
    const offer = this.#requests.find(({ session }) => session === path)?.body ?? '';
    return (ifMatch ?? '').includes('*') && ufragOf(body) !== ufragOf(offer);
  }

  async #restart(req: IncomingMessage, { body, ifMatch }: Request): Promise<Reply | 'hang'> {
    const { restart, restartDelay = 0, restartShape, restartExposesNothing } = this.quirks;
    const answer = this.#urls.get(req.url ?? '') ?? '';
    const takes =
      restart === undefined ||
      (restart === 'unless-quoted' && ifMatch === '"*"') ||
      (restart === 'unless-wrapped' && body.startsWith('v=0'));
    const reply = takes ? await this.#ask(req) : this.#refuseRestart(restart);
    await delay(restartDelay);
    if (reply === 'hang' || reply.status !== 200) return reply;
    const shaped = restartShape ? rewriteRestart(reply, restartShape, answer) : reply;
    return restartExposesNothing ? withoutExposed(shaped) : shaped;
  }

  #refuseRestart(restart: RestartAnswer): Reply | 'hang' {
    if (restart === 'hang') return 'hang';
    if (restart === 'ignored') return this.#refusal(204, '');
    if (restart === 'unless-quoted') return this.#refusal(412, 'not the right entity tag');
    return this.#refusal(restart === 'unless-wrapped' ? 400 : restart, 'no restarts, please');
  }

  async #delete(req: IncomingMessage): Promise<Reply | 'hang'> {
    const { delete: answer = 200 } = this.quirks;
    if (answer === 'hang') return answer;
    if (answer >= 300) return this.#refusal(answer, 'DELETE is not known here');
    const reply = await this.#ask(req);
    this.#urls.delete(req.url ?? '');
    return reply.status < 300 ? { ...reply, status: answer, body: '' } : reply;
  }

  #conflict(): Refusal | undefined {
    const { conflict } = this.quirks;
    if (!conflict || this.#requests.every(({ session }) => session === undefined)) return undefined;
    this.#conflictSince ??= Date.now();
    return Date.now() - this.#conflictSince < conflict.seconds * 1000 ? conflict.answer : undefined;
  }

  #refusal(status: number, error: string): Reply {
    const { retryAfter, plainErrors, challenge } = this.quirks;
    const headers = {
      ...CORS_HEADERS,
      ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
      ...(challenge !== undefined && status === 401 && { 'WWW-Authenticate': challenge }),
    };
    if (status === 204) return { status, headers };
    if (plainErrors) return { status, headers: { ...headers, 'Content-Type': 'text/plain' }, body: error };
    return { status, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify({ error }) };
  }

  /** The real ingest's answer, as data. */
  #ask(req: IncomingMessage): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const res = new ServerResponse(req);
      res.end = ((body: string | Buffer = '') => {
        const names = (res as unknown as ClientRequest)
          .getRawHeaderNames()
          .filter((name) => !/^(access-control-.*|vary)$/i.test(name));
        const headers = Object.fromEntries(names.map((name) => [name, String(res.getHeader(name))]));
        resolve({ status: res.statusCode, headers: { ...CORS_HEADERS, ...headers }, body: String(body) });
        return res;
      }) as typeof res.end;
      res.once('close', () => reject(new Error('The ingest gave no answer.')));
      if (!this.#ingest.handle(req, res)) reject(new Error(`The ingest does not know ${req.url}`));
    });
  }
}

function redirection(status: number, location: string): Reply {
  return { status, headers: { ...CORS_HEADERS, Location: location } };
}

function kindOf(req: IncomingMessage): Request['kind'] {
  if (req.url?.startsWith('/whip/')) return 'endpoint';
  return req.url?.startsWith('/session/') ? 'session' : 'other';
}

function ufragOf(sdp: string): string | undefined {
  return /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
}

/** A request whose body has been read, to be read once more. */
function again(req: IncomingMessage, body: string, method = req.method, url = req.url): IncomingMessage {
  const copy = Object.assign(newRequest(method ?? '', url ?? ''), { headers: req.headers });
  copy.push(body);
  copy.push(null);
  return copy;
}

function newRequest(method: string, url: string): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { method, url, headers: { host: 'localhost' } });
}

/** Writes a reply, and then more than it says where `tail` wants so. */
async function write(res: ServerResponse, { status, headers, body }: Reply, tail: Quirks['body']): Promise<void> {
  res.writeHead(status, tail ? { ...headers, 'Content-Length': [] } : headers);
  if (!tail) return void res.end(body);
  res.write(body ?? '');
  for (let sent = 0; tail !== 'stalled' && !res.destroyed; sent += CHUNK.length) {
    if (tail === 'huge' && sent > 4 * 1024 * 1024) return void res.end();
    if (!res.write(CHUNK)) await delay(5);
  }
}
