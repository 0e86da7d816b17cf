import { endpointUrl, probeUrl } from '../whip/endpoint.js';
import { withoutQuery } from '../platform/safe-url.js';
import { type BroadcastTarget } from '../api/start-config.js';
import { RtcUserError } from '../api/errors.js';
import { withDeadline } from '../platform/timing.js';
import { probe } from '../whip/http.js';
import type { World } from '../platform/world.js';

/** Milliseconds that a server has to show that it can be reached. */
const PROBE_DEADLINE = 5_000;

export interface SignInOptions {
  /** The WHIP endpoint; may hold a `{streamname}` to fill in. */
  server: string;
  /** The bearer token. A JWT's claims `ingesturl` and `streamname` fill the events. */
  jwt?: string;
  /** v5's older name of `jwt`; deprecated. */
  token?: string;
  /** v5's key of an account. WHIP has no place for it, so it has no effect. */
  bintuApiKey?: string;
  /** Older versions of v5 had both; no effect. */
  userName?: string;
  room?: string;
  /** Asked for the bearer token at every attempt, in place of `jwt`. */
  tokenProvider?: () => string | Promise<string>;
}

/**
 * Sees whether a server can be reached, without credentials.
 * @returns its URL
 * @throws RtcUserError as `endpointUrl` does, 4000 where there is no answer
 */
export async function reach(server: unknown, world: World): Promise<URL> {
  const url = new URL(probeUrl(server, world.baseUrl));
  const late = () => new RtcUserError(4000, `${url.origin} did not answer within ${PROBE_DEADLINE / 1000} s.`);
  try {
    await withDeadline((signal) => probe(url.href, { world, signal }), PROBE_DEADLINE, late, world);
    return url;
  } catch (error) {
    throw error instanceof RtcUserError ? error : new RtcUserError(4000, `${url.origin} cannot be reached.`, error);
  }
}

/** What a sign-in keeps. WHIP itself knows no session before a broadcast. */
export class Session {
  readonly #options: Partial<SignInOptions>;
  readonly #world: World;
  #isReached = false;
  /** Rejects with 1001 or 1002 where the server has no address, with 4000 where it cannot be reached. */
  readonly reached: Promise<void>;

  constructor(options: SignInOptions, world: World) {
    this.#options = { ...options };
    this.#world = world;
    this.reached = reach(this.#options.server, world).then(() => {
      this.#isReached = true;
    });
  }

  get isReached(): boolean {
    return this.#isReached;
  }

  /** The server as it may be shown. */
  get shownServer(): string | undefined {
    const { server } = this.#options;
    return typeof server === 'string' ? withoutQuery(server) : undefined;
  }

  /** The server as it was given. */
  get server(): string | undefined {
    return this.#options.server;
  }

  /** The token that was given; a provider has none before it is asked. */
  get givenToken(): string | undefined {
    return this.#options.jwt || this.#options.token;
  }

  /** Whether a broadcast has a token, of its own or of this session. */
  hasToken(own: string | undefined): boolean {
    return Boolean(own || this.givenToken || this.#options.tokenProvider);
  }

  /** The token for an attempt: the broadcast's own, the provider's newest, or the one given. */
  async token(own: string | undefined): Promise<string | null> {
    return own || (await this.#options.tokenProvider?.()) || this.givenToken || null;
  }

  /** @throws RtcUserError as `endpointUrl` does */
  endpoint(target: BroadcastTarget, claimedName: string | undefined): string {
    return endpointUrl(this.#options.server, target, this.#world.baseUrl, claimedName);
  }
}
