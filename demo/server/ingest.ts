import type { IncomingMessage, ServerResponse } from 'node:http';
import { Faults } from './faults.js';
import { problemReply, pathOf, send } from './http.js';
import { Problem } from './problem.js';
import type { SessionInfo } from './media-session.js';
import { SessionHub, type SessionLimits } from './session-hub.js';
import { Router } from './session-routes.js';

export type { SessionInfo } from './media-session.js';

/** Settings of an ingest; all have defaults. */
export interface IngestOptions extends SessionLimits {
  /** Bearer token that WHIP requests must carry. Without it everybody may publish. */
  readonly token?: string;
  /** Lets the demo's fault panel break things on purpose. Off by default. */
  readonly faults?: boolean;
}

/** A media server in a process: WHIP in, WHEP out, and RTMP by ffmpeg; no video is transcoded. For development. */
export interface Ingest {
  /**
   * Answers a request for one of the ingest's paths.
   * @returns `false`, with the response untouched, when the path is not one of its own.
   */
  handle(req: IncomingMessage, res: ServerResponse): boolean;
  /** A snapshot of all sessions. */
  readonly sessions: readonly SessionInfo[];
  /** Ends all sessions, telling the browsers. New ones are refused from then on. */
  close(): Promise<void>;
}

/** Makes an ingest; give it the requests of an HTTP server by {@link Ingest.handle}. */
export function createIngest(options: IngestOptions = {}): Ingest {
  const hub = new SessionHub(options);
  const router = new Router(hub, options.token, options.rtmp, options.faults ? new Faults() : undefined);
  return {
    handle(req, res) {
      const path = pathOf(req);
      const route = path === undefined ? undefined : router.route(path);
      if (!route) return false;
      route(req)
        .catch((error: unknown) => {
          if (!(error instanceof Problem)) console.error(error);
          return problemReply(error);
        })
        .then((reply) => send(req, res, reply))
        .catch(() => res.destroy());
      return true;
    },
    get sessions() {
      return hub.infos;
    },
    close: () => hub.close(),
  };
}
