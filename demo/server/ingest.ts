import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from '@koa/cors';
import Koa, { type Middleware } from 'koa';
import type { AccessSettings } from './access.js';
import { Faults } from './faults.js';
import { answerProblems, checkAccess, type AccessState } from './http.js';
import type { SessionInfo } from './media-session.js';
import { createRouter } from './routes.js';
import { SessionHub, type SessionLimits } from './session-hub.js';

export type { SessionInfo } from './media-session.js';

/** Settings of an ingest; all have defaults. */
export interface IngestOptions extends SessionLimits, AccessSettings {
  /** Bearer token that every request must carry. Without it, every page and program with access may publish and play. */
  readonly token?: string | undefined;
  /** Whether streams may be played without the token. Default false. */
  readonly publicPlayback?: boolean | undefined;
  /** Lets the demo's fault panel break things on purpose. Default false. */
  readonly faults?: boolean;
}

/** A media server in a process: WHIP in, WHEP out, and RTMP by ffmpeg; no video is transcoded. For development. */
export interface Ingest {
  /** Koa middleware that answers the ingest's own paths and leaves the others alone. */
  readonly middleware: Middleware;
  /**
   * Answers a request to a plain HTTP server.
   * @returns `false`, with the response untouched, when the path is not one of its own.
   */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** A snapshot of all sessions. */
  readonly sessions: readonly SessionInfo[];
  /** Ends all sessions, telling the browsers. New ones are refused from then on. */
  close(): Promise<void>;
}

/** Makes an ingest; give it requests by its middleware or by {@link Ingest.handle}. */
export function createIngest(options: IngestOptions = {}): Ingest {
  const hub = new SessionHub(options);
  const router = createRouter({
    hub,
    token: options.token,
    publicPlayback: options.publicPlayback ?? false,
    rtmpHosts: options.rtmp?.hosts,
    faults: options.faults ? new Faults() : undefined,
  });
  const app = new Koa<AccessState>()
    .use(answerProblems)
    .use(checkAccess(options))
    .use(
      cors({
        // Whoever comes here is let in. An own page may need it too: Firefox names it after a redirect from another origin.
        origin: (ctx) => ctx.get('Origin'),
        allowMethods: ['OPTIONS', 'GET', 'HEAD', 'POST', 'PATCH', 'DELETE'],
        allowHeaders: ['Authorization', 'Content-Type', 'If-Match'],
        exposeHeaders: ['Location', 'ETag', 'Link', 'Accept-Patch', 'Retry-After', 'WWW-Authenticate'],
        maxAge: 7200,
      }),
    )
    .use(router.routes())
    .use(router.allowedMethods());
  // Node ends the stream of an HTTP/2 HEAD in advance, which Koa takes for a client that has gone.
  Object.defineProperty(app.response, 'writable', {
    get: function (this: Koa.Response) {
      return !this.res.writableEnded && !this.res.destroyed;
    },
  });
  const answer = app.callback();
  const isOwn = (path: string) =>
    /^\/(whip|whep|session|status)(\/|$)/.test(path) ||
    path === '/api/sessions' ||
    (path === '/api/faults' && options.faults === true);
  return {
    middleware: async (ctx, next) => {
      if (!isOwn(ctx.path)) return next();
      // The answer is written by an app of its own.
      ctx.respond = false;
      await answer(ctx.req, ctx.res);
    },
    handle(req, res) {
      if (!isOwn(pathOf(req))) return false;
      void answer(req, res);
      return true;
    },
    get sessions() {
      return hub.infos;
    },
    close: () => hub.close(),
  };
}

/** The path of a request; an empty string where the request line holds no URL. */
function pathOf({ url = '' }: IncomingMessage): string {
  return URL.canParse(url, 'http://localhost') ? new URL(url, 'http://localhost').pathname : '';
}
