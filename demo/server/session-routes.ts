import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { FAULTS, type Faults } from './faults.js';
import { checkIfMatch, parseFragment, type IceFragment, type Precondition } from './fragment.js';
import { FRAGMENT_TYPE, queryOf, readBody, requireMethod, requireType, SDP_TYPE, type Reply } from './http.js';
import type { SessionHub } from './session-hub.js';
import type { MediaSession } from './media-session.js';
import { Problem } from './problem.js';
import type { RtmpOptions } from './rtmp-relay.js';
import { checkAsking, rtmpTarget, type RtmpTarget } from './rtmp-target.js';

/** Answers one request; whatever it throws becomes a problem document. */
export type Route = (req: IncomingMessage) => Promise<Reply>;

/** The relation of the link to a status channel, as the webcaster knows it. */
const STATUS_CHANNEL = 'urn:x-nano-webcaster:broadcast-status';
const STREAM_NAME = /^[A-Za-z0-9._~-]{1,64}$/;
const ENDPOINT_METHODS = ['OPTIONS', 'GET', 'HEAD', 'POST'];
const SESSION_METHODS = ['OPTIONS', 'GET', 'HEAD', 'PATCH', 'DELETE'];

/** The HTTP side of WHIP (RFC 9725) and WHEP (draft-03). */
export class Router {
  readonly #hub: SessionHub;
  readonly #token: string | undefined;
  readonly #rtmp: RtmpOptions;
  readonly #faults: Faults | undefined;

  /** @param faults where the fault panel is to work */
  constructor(hub: SessionHub, token?: string, rtmp: RtmpOptions = {}, faults?: Faults) {
    this.#hub = hub;
    this.#token = token;
    this.#rtmp = rtmp;
    this.#faults = faults;
  }

  /** The route for a path, or `undefined` when the path belongs to somebody else. */
  route(path: string): Route | undefined {
    const [, first, second = '', ...rest] = path.split('/');
    if (path === '/api/sessions') return (req) => this.#list(req);
    const faults = this.#faults;
    if (path === '/api/faults' && faults) return (req) => this.#beginFault(req, faults);
    if (first !== 'whip' && first !== 'whep' && first !== 'session' && first !== 'status') return undefined;
    if (rest.length > 0 || second === '') return () => Promise.reject(new Problem(404, 'There is nothing here.'));
    if (first === 'status') return (req) => this.#status(req, second);
    if (first === 'session') return (req) => this.#session(req, second);
    return (req) => this.#endpoint(req, first, second);
  }

  async #list(req: IncomingMessage): Promise<Reply> {
    requireMethod(req, ['OPTIONS', 'GET', 'HEAD']);
    if (req.method === 'OPTIONS') return { status: 200 };
    const infos = this.#hub.infos.map(({ states: _, ...info }) => info);
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(infos) };
  }

  async #endpoint(req: IncomingMessage, kind: 'whip' | 'whep', stream: string): Promise<Reply> {
    const accept = { 'Accept-Post': SDP_TYPE };
    requireMethod(req, ENDPOINT_METHODS);
    if (req.method === 'OPTIONS') return { status: 200, headers: accept };
    if (!STREAM_NAME.test(stream)) {
      throw new Problem(400, 'A stream name has 1 to 64 of the characters A-Z a-z 0-9 . _ ~ -');
    }
    if (req.method !== 'POST') return { status: 204, headers: accept };
    if (kind === 'whip') this.#authorize(req);
    requireType(req, SDP_TYPE);
    const target = kind === 'whip' ? this.#targetOf(req) : undefined;
    const sdp = await readBody(req);
    if (kind === 'whip') await this.#faults?.suffer(stream, true);
    const published = kind === 'whip' ? this.#hub.publish(stream, sdp, target) : this.#hub.play(stream, sdp);
    const { session, answer, feed }: Awaited<ReturnType<SessionHub['publish']>> = await published;
    return {
      status: 201,
      headers: {
        'Content-Type': SDP_TYPE,
        Location: `/session/${session.secret}`,
        ETag: session.etag,
        'Accept-Patch': FRAGMENT_TYPE,
        ...(feed && { Link: `</status/${feed.secret}>; rel="${STATUS_CHANNEL}"` }),
      },
      body: answer,
    };
  }

  /** Where the stream is to go by RTMP, if the page may say so. */
  #targetOf(req: IncomingMessage): RtmpTarget | undefined {
    const { hosts, origins } = this.#rtmp;
    const target = rtmpTarget(queryOf(req), hosts);
    // Who has the token has been let in already.
    const isToAsk = target !== undefined && this.#token === undefined;
    if (isToAsk) checkAsking({ origin: req.headers.origin, host: req.headers.host }, origins);
    return target;
  }

  /** How the RTMP output is, as server-sent events; who knows the URL may listen. */
  async #status(req: IncomingMessage, secret: string): Promise<Reply> {
    requireMethod(req, ['OPTIONS', 'GET', 'HEAD']);
    if (req.method === 'OPTIONS') return { status: 200 };
    const feed = this.#hub.findFeed(secret);
    if (!feed) throw new Problem(404, 'This status channel does not exist, or no longer.');
    return { status: 200, headers: { 'Content-Type': 'text/event-stream' }, stream: (res) => feed.add(res) };
  }

  /** What the fault panel asks for. Its type keeps the pages of other origins away: they would have to ask first. */
  async #beginFault(req: IncomingMessage, faults: Faults): Promise<Reply> {
    if (req.method === 'OPTIONS') return { status: 204, isSameOrigin: true };
    requireMethod(req, ['POST']);
    requireType(req, 'application/json');
    const { stream, fault } = parseJson(await readBody(req));
    const known = FAULTS.find((one) => one === fault);
    if (typeof stream !== 'string' || !STREAM_NAME.test(stream) || !known) {
      throw new Problem(400, `A stream and a fault are needed, one of ${FAULTS.join(', ')}.`);
    }
    faults.begin(stream, known, this.#hub.publisherOf(stream), (publisher) => this.#hub.end(publisher));
    return { status: 204, isSameOrigin: true };
  }

  async #session(req: IncomingMessage, secret: string): Promise<Reply> {
    requireMethod(req, SESSION_METHODS);
    // The preflight of a DELETE may come after the session has ended, and must not fail for it.
    if (req.method === 'OPTIONS') return { status: 200, headers: { 'Accept-Patch': FRAGMENT_TYPE } };
    const session = this.#find(secret);
    if (req.method === 'GET' || req.method === 'HEAD') return { status: 204, headers: { ETag: session.etag } };
    if (session.kind === 'whip') {
      this.#authorize(req);
      await this.#faults?.suffer(session.stream, false);
    }
    if (req.method === 'DELETE') {
      this.#hub.end(session);
      return { status: 200 };
    }
    return this.#patch(req, session);
  }

  async #patch(req: IncomingMessage, session: MediaSession): Promise<Reply> {
    requireType(req, FRAGMENT_TYPE);
    if (req.headers['if-match'] === undefined) {
      throw new Problem(428, 'A PATCH needs If-Match: the ETag to add candidates, or * to restart ICE.');
    }
    const fragment = parseFragment(await readBody(req));
    return session.inTurn(async () => {
      this.#find(session.secret);
      const precondition = checkIfMatch(req.headers['if-match'], session.etag);
      if (!isRestart(session, fragment, precondition)) {
        session.trickle(fragment);
        return { status: 204 };
      }
      const restarted = await session.restart(fragment);
      return {
        status: 200,
        headers: { 'Content-Type': FRAGMENT_TYPE, ETag: restarted.etag },
        body: restarted.fragment,
      };
    });
  }

  #find(secret: string): MediaSession {
    const session = this.#hub.find(secret);
    if (!session) throw new Problem(404, 'This session does not exist, or no longer.');
    return session;
  }

  #authorize(req: IncomingMessage): void {
    if (this.#token === undefined) return;
    const given = /^Bearer +(\S+)$/i.exec(req.headers.authorization ?? '')?.[1];
    if (given !== undefined && isEqual(given, this.#token)) return;
    const error = given === undefined ? '' : ', error="invalid_token"';
    throw new Problem(401, given === undefined ? 'A bearer token is needed.' : 'The bearer token is wrong.', {
      'WWW-Authenticate': `Bearer realm="whip"${error}`,
    });
  }
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
