import { timingSafeEqual } from 'node:crypto';
import { PassThrough } from 'node:stream';
import Router, { type RouterContext } from '@koa/router';
import type { Middleware } from 'koa';
import { FAULTS, type Faults } from './faults.js';
import { checkIfMatch, parseFragment, type IceFragment, type Precondition } from './fragment.js';
import { FRAGMENT_TYPE, readBody, requireType, SDP_TYPE, type AccessState } from './http.js';
import type { MediaSession } from './media-session.js';
import { Problem } from './problem.js';
import { rtmpTarget } from './rtmp-target.js';
import type { SessionHub } from './session-hub.js';

/** What the routes need. */
export interface RouteSettings {
  readonly hub: SessionHub;
  /** Bearer token that guards everything but preflights, probes, and status channels, whose URL is a secret itself. */
  readonly token?: string | undefined;
  /** Whether streams may be played without the token. */
  readonly publicPlayback: boolean;
  /** Hosts that a stream may be sent to by RTMP besides this machine itself; `*` for all. */
  readonly rtmpHosts?: readonly string[] | undefined;
  /** Where the fault panel is to work. */
  readonly faults?: Faults | undefined;
}

type Route = (ctx: RouterContext<AccessState>) => Promise<void> | void;

/** The link relation of a status channel, as the webcaster knows it. */
const STATUS_CHANNEL = 'urn:x-nano-webcaster:broadcast-status';
const STREAM_NAME = /^[A-Za-z0-9._~-]{1,64}$/;

/** The HTTP side of WHIP (RFC 9725) and WHEP (draft-03). */
export function createRouter({ hub, token, publicPlayback, rtmpHosts, faults }: RouteSettings): Router<AccessState> {
  const router = new Router<AccessState>({ strict: true, sensitive: true });
  const withToken: Middleware = (ctx, next) => {
    authorize(ctx.get('Authorization'), token);
    return next();
  };
  const toPlay: Middleware = publicPlayback ? (_, next) => next() : withToken;

  const nothing: Route = (ctx) => {
    requireStreamName(ctx.params['stream']);
    ctx.set('Accept-Post', SDP_TYPE);
    ctx.status = 204;
  };
  /** A browser tab that opens an endpoint gets the page that plays the stream. */
  const showPlayer: Middleware = async (ctx, next) => {
    if (ctx.get('Sec-Fetch-Dest') !== 'document') return next();
    ctx.redirect(`/watch/?stream=${requireStreamName((ctx as RouterContext).params['stream'])}`);
    return undefined;
  };
  /** A viewer waits by this, and not by being refused. */
  const tellWhenToAskAgain: Middleware = (ctx, next) => {
    if (!hub.publisherOf((ctx as RouterContext).params['stream'] ?? '')) ctx.set('Retry-After', '1');
    return next();
  };
  const options =
    (headers: Record<string, string> = {}): Route =>
    (ctx) => {
      ctx.set(headers);
      ctx.body = '';
    };

  router
    .options(['/whip/:stream', '/whep/:stream'], options({ 'Accept-Post': SDP_TYPE }))
    // A page's probe cannot carry the token, and may come before the stream's name is known.
    .all('/whip/', (ctx) => {
      if (ctx.method !== 'HEAD') throw new Problem(404, 'The stream name is missing: publish to /whip/NAME.');
      ctx.status = 204;
    })
    .head('/whip/:stream', nothing)
    .get('/whip/:stream', showPlayer, withToken, nothing)
    .get('/whep/:stream', showPlayer, toPlay, tellWhenToAskAgain, nothing)
    .post('/whip/:stream', withToken, async (ctx) => {
      const stream = requireStreamName(ctx.params['stream']);
      requireType(ctx, SDP_TYPE);
      const target = rtmpTarget(new URLSearchParams(ctx.querystring), rtmpHosts);
      const sdp = await readBody(ctx);
      await faults?.suffer(stream, true);
      const { session, answer, feed } = await hub.publish({ stream, sdp, target, origin: ctx.state.foreignOrigin });
      if (feed) ctx.set('Link', `</status/${feed.secret}>; rel="${STATUS_CHANNEL}"`);
      answerCreated(ctx, session, answer);
    })
    .post('/whep/:stream', toPlay, async (ctx) => {
      const stream = requireStreamName(ctx.params['stream']);
      requireType(ctx, SDP_TYPE);
      const sdp = await readBody(ctx);
      const { session, answer } = await hub.play({ stream, sdp, origin: ctx.state.foreignOrigin });
      answerCreated(ctx, session, answer);
    });

  const find = (secret = ''): MediaSession => {
    const session = hub.find(secret);
    if (!session) throw new Problem(404, 'This session does not exist, or no longer.');
    return session;
  };
  const authorized = (ctx: RouterContext<AccessState>): MediaSession => {
    const session = hub.find(ctx.params['secret'] ?? '');
    if (session?.kind !== 'whep' || !publicPlayback) authorize(ctx.get('Authorization'), token);
    return find(session?.secret);
  };

  router
    // The preflight of a DELETE may come after the session has ended, and must not fail for it.
    .options('/session/:secret', options({ 'Accept-Patch': FRAGMENT_TYPE }))
    .get('/session/:secret', (ctx) => {
      ctx.set('ETag', authorized(ctx).etag);
      ctx.status = 204;
    })
    .patch('/session/:secret', async (ctx) => {
      const session = authorized(ctx);
      if (session.kind === 'whip') await faults?.suffer(session.stream, false);
      requireType(ctx, FRAGMENT_TYPE);
      const ifMatch = ctx.headers['if-match'];
      if (ifMatch === undefined) {
        throw new Problem(428, 'A PATCH needs If-Match: the ETag to add candidates, or * to restart ICE.');
      }
      const fragment = parseFragment(await readBody(ctx));
      await session.inTurn(async () => {
        find(session.secret);
        if (!isRestart(session, fragment, checkIfMatch(ifMatch, session.etag))) {
          session.trickle(fragment);
          ctx.status = 204;
          return;
        }
        const restarted = await session.restart(fragment);
        ctx.set({ 'Content-Type': FRAGMENT_TYPE, ETag: restarted.etag });
        ctx.body = restarted.fragment;
      });
    })
    .delete('/session/:secret', async (ctx) => {
      ctx.body = '';
      if (hub.hasLeft(ctx.params['secret'] ?? '')) return;
      const session = authorized(ctx);
      if (session.kind === 'whip') await faults?.suffer(session.stream, false);
      hub.end(session);
    });

  router.options(['/api/sessions', '/status/:secret'], options()).get('/api/sessions', withToken, (ctx) => {
    ctx.set('Content-Type', 'application/json');
    ctx.body = JSON.stringify(hub.infos.map(({ states: _, ...info }) => info));
  });

  // Server-sent events of the RTMP output; who knows the URL may listen.
  router.get('/status/:secret', (ctx) => {
    const feed = hub.findFeed(ctx.params['secret'] ?? '');
    if (!feed) throw new Problem(404, 'This status channel does not exist, or no longer.');
    ctx.set('Content-Type', 'text/event-stream');
    ctx.status = 200;
    if (ctx.method === 'HEAD') return;
    const events = new PassThrough();
    feed.add(events);
    ctx.body = events;
  });

  if (faults) {
    router.post('/api/faults', withToken, async (ctx) => {
      requireType(ctx, 'application/json');
      const { stream, fault } = parseJson(await readBody(ctx));
      const known = FAULTS.find((one) => one === fault);
      if (typeof stream !== 'string' || !STREAM_NAME.test(stream) || !known) {
        throw new Problem(400, `A stream and a fault are needed, one of ${FAULTS.join(', ')}.`);
      }
      faults.begin(stream, known, hub.publisherOf(stream), (publisher) => hub.end(publisher));
      ctx.status = 204;
    });
  }
  return router;
}

function answerCreated(ctx: RouterContext, session: MediaSession, answer: string): void {
  ctx.status = 201;
  ctx.set({
    'Content-Type': SDP_TYPE,
    Location: `/session/${session.secret}`,
    ETag: session.etag,
    'Accept-Patch': FRAGMENT_TYPE,
  });
  ctx.body = answer;
}

/** @throws Problem 400 */
function requireStreamName(name = ''): string {
  if (STREAM_NAME.test(name)) return name;
  throw new Problem(400, 'A stream name has 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -');
}

/** @throws Problem 401 */
function authorize(authorization: string, token: string | undefined): void {
  if (token === undefined) return;
  const given = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (given !== undefined && isEqual(given, token)) return;
  const error = given === undefined ? '' : ', error="invalid_token"';
  throw new Problem(401, given === undefined ? 'No token was sent.' : 'The bearer token is wrong.', {
    'WWW-Authenticate': `Bearer realm="whip"${error}`,
  });
}

/** Tells a restart from trickled candidates, and refuses what is neither. */
function isRestart(session: MediaSession, { credentials }: IceFragment, precondition: Precondition): boolean {
  if (precondition === 'mismatch') {
    throw new Problem(412, 'If-Match is not the ETag of the current ICE generation.');
  }
  if (!credentials || session.peer.isCurrent(credentials)) return false;
  if (precondition !== 'any') throw new Problem(400, 'New ICE credentials are an ICE restart and need If-Match: *');
  return true;
}

/** @throws Problem 400 */
function parseJson(text: string): Record<string, unknown> {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null) ?? {};
  } catch {
    throw new Problem(400, 'The body is not JSON.');
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
