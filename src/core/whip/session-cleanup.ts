import { linkedController, networkChange, wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds until `DELETE` is sent again: this, doubled with each time, up to the longest. */
const FIRST_RETRY = 2_000;
const LONGEST_RETRY = 30_000;
/** How often a server may refuse to end a session before only a new `POST` asks again. */
const MAX_REFUSALS = 8;
/** How many sessions are remembered for each endpoint: some servers end none by `DELETE`, or let no page send it (CORS). */
const MAX_REMEMBERED = 12;
/** Milliseconds that a `POST` waits for the answers to `DELETE`: a server may refuse a session until the old one has ended. */
const BEFORE_POST = 1_000;

/** How a server took a `DELETE`: the session is gone, it refused, or nothing was decided: no answer came, or a busy server's. */
export type DeleteOutcome = 'ended' | 'refused' | 'undecided';

export interface EndableSession {
  readonly endpoint: string;
  delete(): Promise<DeleteOutcome>;
}

/** By what sends the requests of a page. */
const ofPages = new WeakMap<World['fetch'], SessionCleanup>();

/**
 * Sessions that a server has not ended although it was asked to. `DELETE` is sent again before each `POST`, when the network
 * changes, and from time to time, for as long as the page lives.
 */
export class SessionCleanup {
  readonly #world: World;
  readonly #refusals = new Map<EndableSession, number>();
  /** Who holds each session URL: some servers give all sessions of a stream the same one. */
  readonly #holders = new Map<string, EndableSession>();
  #retrying = new AbortController();
  #isRetrying = false;

  constructor(world: World) {
    this.#world = world;
  }

  /** The one of this page: what one user of it could not end may be in the way of another's session. */
  static of(world: World): SessionCleanup {
    const cleanup = ofPages.get(world.fetch) ?? new SessionCleanup(world);
    ofPages.set(world.fetch, cleanup);
    return cleanup;
  }

  /** Gives a session URL to its newest session; an earlier one with the same URL does not delete it any more. */
  claim(url: string, holder: EndableSession): void {
    this.#holders.set(url, holder);
  }

  /** The session URL has ended on the server. */
  release(url: string): void {
    this.#holders.delete(url);
  }

  isHeldByAnother(url: string, holder: EndableSession): boolean {
    return (this.#holders.get(url) ?? holder) !== holder;
  }

  /** Asks a server to end a session, and again later if it has not. Resolves after the first answer; never rejects. */
  async end(session: EndableSession): Promise<void> {
    const outcome = await session.delete();
    const refusals = (this.#refusals.get(session) ?? 0) + Number(outcome === 'refused');
    if (outcome === 'ended') this.#refusals.delete(session);
    else this.#refusals.set(session, refusals);
    const sessions = this.#leftOn(session.endpoint);
    if (sessions[0] && sessions.length > MAX_REMEMBERED) this.#refusals.delete(sessions[0]);
    if (!this.#isDue) this.#retrying.abort();
    else if (!this.#isRetrying) void this.#retry();
  }

  /** Asks for all sessions of an endpoint again, before a `POST`; resolves after the answers, or a second. */
  async endAll(endpoint: string, signal: AbortSignal): Promise<void> {
    const sessions = this.#leftOn(endpoint);
    if (sessions.length === 0) return;
    const ending = linkedController(signal);
    const asked = Promise.all(sessions.map((session) => this.end(session)));
    await Promise.race([asked, wait(BEFORE_POST, this.#world, ending.signal)]).finally(ending.abort);
  }

  /** The oldest first. */
  #leftOn(endpoint: string): EndableSession[] {
    return [...this.#refusals.keys()].filter((session) => session.endpoint === endpoint);
  }

  get #isDue(): boolean {
    return [...this.#refusals.values()].some((refusals) => refusals < MAX_REFUSALS);
  }

  async #retry(): Promise<void> {
    this.#isRetrying = true;
    this.#retrying = new AbortController();
    const { signal } = this.#retrying;
    try {
      for (let delay = FIRST_RETRY; this.#isDue; delay = Math.min(2 * delay, LONGEST_RETRY)) {
        // It rejects only when nothing is left to ask for, which the next line sees.
        await networkChange(delay, this.#world, signal).catch(() => undefined);
        if (signal.aborted) return;
        const due = [...this.#refusals].filter(([, refusals]) => refusals < MAX_REFUSALS);
        await Promise.all(due.map(([session]) => this.end(session)));
      }
    } finally {
      this.#isRetrying = false;
    }
  }
}
