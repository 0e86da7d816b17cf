import type { RtpPacket } from 'werift';
import type { MediaSession, SessionInfo } from './media-session.js';
import type { PeerTimeouts } from './peer.js';
import { Problem } from './problem.js';
import { Publisher } from './publisher.js';
import type { RtmpOptions } from './rtmp-relay.js';
import type { RtmpTarget } from './rtmp-target.js';
import { parseOffer, type MediaKind } from './sdp.js';
import type { StatusFeed } from './status-feed.js';
import { Viewer } from './viewer.js';

/** Limits of the sessions; all have defaults. */
export interface SessionLimits {
  /** Seconds without a sign of life after which a session is dropped; 30 by default and at most. */
  readonly sessionTimeout?: number;
  /** Seconds in which a new session has to connect; 15 by default. */
  readonly connectTimeout?: number;
  /** Publishers and viewers together; 50 by default. */
  readonly maxSessions?: number;
  /** Of those, how many the pages of one other origin may have; 10 by default. */
  readonly maxSessionsPerOrigin?: number;
  /** Of the way out by RTMP. */
  readonly rtmp?: RtmpOptions;
}

const MAX_TIMEOUT = 30;
const CONNECT_TIMEOUT = 15;
const MAX_SESSIONS = 50;
const MAX_SESSIONS_PER_ORIGIN = 10;
/** How many sessions are remembered whose clients left without `DELETE`. */
const MOST_LEFT = 100;

/** What a client asks for. */
export interface SessionRequest {
  readonly stream: string;
  readonly sdp: string;
  /** Where a published stream is to go by RTMP. */
  readonly target?: RtmpTarget | undefined;
  /** The origin of the page, unless it is one of the server's own. */
  readonly origin?: string | undefined;
}

/** All sessions, and which viewers belong to which publisher. */
export class SessionHub {
  readonly #timeouts: PeerTimeouts;
  readonly #maxSessions: number;
  readonly #maxSessionsPerOrigin: number;
  readonly #rtmp: RtmpOptions;
  readonly #sessions = new Map<string, MediaSession>();
  readonly #publishers = new Map<string, Publisher>();
  readonly #viewers = new Map<string, Set<Viewer>>();
  readonly #origins = new WeakMap<MediaSession, string>();
  readonly #closing = new Set<Promise<void>>();
  readonly #left = new Set<string>();
  #closed = false;

  constructor(options: SessionLimits) {
    this.#timeouts = {
      connect: options.connectTimeout ?? CONNECT_TIMEOUT,
      silence: Math.min(options.sessionTimeout ?? MAX_TIMEOUT, MAX_TIMEOUT),
    };
    this.#maxSessions = options.maxSessions ?? MAX_SESSIONS;
    this.#maxSessionsPerOrigin = options.maxSessionsPerOrigin ?? MAX_SESSIONS_PER_ORIGIN;
    this.#rtmp = options.rtmp ?? {};
  }

  get infos(): SessionInfo[] {
    return [...this.#sessions.values()].map(({ info }) => info);
  }

  /** The session whose URL ends in `secret`. */
  find(secret: string): MediaSession | undefined {
    return this.#sessions.get(secret);
  }

  /** Whether a session ended with its connection: a client that stops closes that first, and its `DELETE` comes afterwards. */
  hasLeft(secret: string): boolean {
    return this.#left.has(secret);
  }

  /** Who publishes a stream at the moment. */
  publisherOf(stream: string): Publisher | undefined {
    return this.#publishers.get(stream);
  }

  /** The status channel whose URL ends in `secret`. */
  findFeed(secret: string): StatusFeed | undefined {
    return [...this.#publishers.values()].find(({ relay }) => relay?.feed.secret === secret)?.relay?.feed;
  }

  /** Takes a publisher in, who may want to go on by RTMP. One that is there already for the stream has to go. */
  async publish({
    stream,
    sdp,
    target,
    origin,
  }: SessionRequest): Promise<{ session: MediaSession; answer: string; feed?: StatusFeed | undefined }> {
    this.#checkRoom(origin, this.#publishers.get(stream));
    const events = {
      onPacket: (kind: MediaKind, packet: RtpPacket) => this.#forward(publisher, kind, packet),
      onGone: (gone: Publisher) => this.#leave(gone),
    };
    const rtmp = target && { ...this.#rtmp, target };
    const publisher = new Publisher(stream, parseOffer(sdp, 'publish'), this.#timeouts, events, rtmp);
    const answer = await this.#register(publisher, origin);
    const before = this.#publishers.get(stream);
    this.#publishers.set(stream, publisher);
    if (before) this.end(before);
    for (const viewer of this.#viewersOf(stream)) {
      if (!viewer.canPlay(publisher.codecs)) this.end(viewer);
    }
    return { session: publisher, answer, feed: publisher.relay?.feed };
  }

  /** Takes a viewer in. */
  async play({ stream, sdp, origin }: SessionRequest): Promise<{ session: MediaSession; answer: string }> {
    this.#checkRoom(origin);
    const offer = parseOffer(sdp, 'play');
    const publisher = this.#publishers.get(stream);
    if (!publisher) throw new Problem(409, 'Nobody publishes this stream at the moment.', { 'Retry-After': '1' });
    const viewer = new Viewer(stream, offer, publisher.codecs, this.#timeouts, {
      onKeyframeNeeded: () => this.#publishers.get(stream)?.requestKeyframe(),
      onGone: (gone) => this.#leave(gone),
    });
    const answer = await this.#register(viewer, origin);
    if (!viewer.canPlay(this.#publishers.get(stream)?.codecs ?? publisher.codecs)) {
      this.end(viewer);
      throw new Problem(409, 'The stream has just changed its codec.', { 'Retry-After': '1' });
    }
    const viewers = this.#viewers.get(stream) ?? new Set();
    this.#viewers.set(stream, viewers.add(viewer));
    return { session: viewer, answer };
  }

  /** Ends a session at once; its URL is unknown from here on. */
  end(session: MediaSession): void {
    this.#forget(session);
    const closing = session.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const session of [...this.#sessions.values()]) this.end(session);
    await Promise.allSettled([...this.#closing]);
  }

  /** Counts the session in before the engine works on it, so that a flood of offers meets the limit. */
  async #register(session: MediaSession, origin: string | undefined): Promise<string> {
    this.#sessions.set(session.secret, session);
    if (origin !== undefined) this.#origins.set(session, origin);
    try {
      return await session.answer();
    } catch (error) {
      this.end(session);
      throw error;
    }
  }

  #viewersOf(stream: string): Viewer[] {
    return [...(this.#viewers.get(stream) ?? [])];
  }

  #forward(publisher: Publisher, kind: MediaKind, packet: RtpPacket): void {
    if (this.#publishers.get(publisher.stream) !== publisher) return;
    for (const viewer of this.#viewers.get(publisher.stream) ?? []) viewer.forward(publisher, kind, packet);
  }

  #leave(session: MediaSession): void {
    this.#forget(session);
    const [oldest] = this.#left.add(session.secret);
    if (oldest !== undefined && this.#left.size > MOST_LEFT) this.#left.delete(oldest);
  }

  #forget(session: MediaSession): void {
    this.#sessions.delete(session.secret);
    if (session instanceof Publisher && this.#publishers.get(session.stream) === session) {
      this.#publishers.delete(session.stream);
    }
    if (session instanceof Viewer) {
      const viewers = this.#viewers.get(session.stream);
      viewers?.delete(session);
      if (viewers?.size === 0) this.#viewers.delete(session.stream);
    }
  }

  /** @throws Problem 429, 503 */
  #checkRoom(origin: string | undefined, replaced?: MediaSession): void {
    if (this.#closed) throw new Problem(503, 'The server is shutting down.', { 'Retry-After': '2' });
    const others = [...this.#sessions.values()].filter((session) => session !== replaced);
    const ofOrigin = others.filter((session) => this.#origins.get(session) === origin);
    if (origin !== undefined && ofOrigin.length >= this.#maxSessionsPerOrigin) {
      throw new Problem(429, `${origin} has all of its ${this.#maxSessionsPerOrigin} sessions in use.`, {
        'Retry-After': '5',
      });
    }
    if (others.length >= this.#maxSessions) {
      throw new Problem(503, `The server has all of its ${this.#maxSessions} sessions in use.`, { 'Retry-After': '5' });
    }
  }
}
