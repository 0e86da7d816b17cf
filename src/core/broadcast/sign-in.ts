import { endpointUrl, probeUrl } from '../whip/endpoint.js';
import { redact } from '../platform/redact.js';
import { withoutQuery } from '../platform/safe-url.js';
import { type BroadcastTarget } from '../api/start-config.js';
import { ofType, oneOf } from '../api/checks.js';
import { messageOf, RtcUserError } from '../api/errors.js';
import { withDeadline } from '../platform/timing.js';
import { probe } from '../whip/http.js';
import { WhipError } from '../whip/whip-error.js';
import type { LogSink } from '../platform/logger.js';
import type { World } from '../platform/world.js';

/** Milliseconds that a server has to show that it can be reached. */
const PROBE_DEADLINE = 5_000;

const CREDENTIALS = ['omit', 'same-origin', 'include'];

/** What `signIn` takes. */
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
  /** Older versions of v5 had it; no effect. */
  room?: string;
  /** Asked for the bearer token at every attempt, in place of `jwt`; an empty one sends none. */
  tokenProvider?: () => string | Promise<string>;
  /** Whether requests carry cookies, for single sign-on or sticky load balancers. In a longer outage, some probes carry cookies despite `omit`, or none despite `include`. Default `omit`. */
  credentials?: RequestCredentials;
}

/**
 * Checks whether a server can be reached, without credentials.
 * @returns its URL; null if it depends on the stream's name, so that nothing was sent
 * @throws RtcUserError as `endpointUrl` does, 4000 where there is no answer
 */
export async function reach(server: unknown, world: World): Promise<URL | null> {
  const href = probeUrl(server, world.baseUrl);
  if (href === null) return null;
  const url = new URL(href);
  const late = () => new RtcUserError(4000, `${url.origin} did not answer within ${PROBE_DEADLINE / 1000} s.`);
  try {
    await withDeadline((signal) => probe(url.href, { world, signal }), PROBE_DEADLINE, late, world);
    return url;
  } catch (error) {
    throw error instanceof RtcUserError ? error : new RtcUserError(4000, `${url.origin} cannot be reached.`, error);
  }
}

/** @throws RtcUserError 1001, 1003 */
async function checkCredentials(options: Partial<SignInOptions> = {}): Promise<void> {
  const { credentials = 'omit', jwt, token, tokenProvider } = options;
  ofType('string', 'jwt', jwt ?? token ?? '');
  if (tokenProvider != null) ofType('function', 'tokenProvider', tokenProvider);
  oneOf('credentials', credentials, CREDENTIALS);
}

/** What a sign-in keeps. WHIP itself knows no session before a broadcast. */
export class Session {
  readonly #options: Partial<SignInOptions>;
  readonly #world: World;
  readonly #log: LogSink;
  #isReached = false;
  #answersProbes = false;
  /** Whether the last attempt had a token. */
  hasToken = false;
  /** Rejects with 1001 or 1002 where the server has no address, with 4000 where it cannot be reached. */
  readonly reached: Promise<void>;

  constructor(options: SignInOptions, world: World, log: LogSink) {
    this.#options = { ...options };
    this.#world = world;
    this.#log = log;
    this.reached = checkCredentials(this.#options)
      .then(() => reach(this.#options.server, world))
      .then((url) => {
        this.#answersProbes = url !== null;
        this.#isReached = true;
      });
  }

  /** Whether the server has answered, or has an address only with a stream's name, so that nothing was sent. */
  get isReached(): boolean {
    return this.#isReached;
  }

  /** Whether the server has answered a probe. */
  get answersProbes(): boolean {
    return this.#answersProbes;
  }

  /** The server as it may be shown. */
  get shownServer(): string | undefined {
    const { server } = this.#options;
    return typeof server === 'string' ? withoutQuery(server) : undefined;
  }

  /** Whether requests carry cookies. */
  get credentials(): RequestCredentials {
    return this.#options.credentials ?? 'omit';
  }

  /** The server as it was given. */
  get server(): string | undefined {
    return this.#options.server;
  }

  /** The token that was given; a provider has none before it is asked. */
  get givenToken(): string | undefined {
    return this.#options.jwt || this.#options.token;
  }

  /** The token for an attempt: the broadcast's own, the provider's newest, or the one given. */
  async token(own: string | undefined): Promise<string | null> {
    const given = ofType('string', 'token', own || ((await this.#askProvider()) ?? this.givenToken ?? ''));
    const token = given.trim().replace(/^(authorization:\s*)?bearer(\s+|$)/i, '');
    if (token !== given.trim()) this.#log.warn('The token starts with "Bearer": leave it out.');
    this.hasToken = token !== '';
    return token || null;
  }

  /** Without a token the server has not been asked: a provider that fails, often for want of a network, is no answer. */
  async #askProvider(): Promise<string | undefined> {
    try {
      return await this.#options.tokenProvider?.();
    } catch (error) {
      throw new WhipError('timeout', `The token provider failed: ${redact(messageOf(error))}`, { cause: error });
    }
  }

  /** @throws RtcUserError as `endpointUrl` does */
  endpoint(target: BroadcastTarget, claimedName: string | undefined): string {
    return endpointUrl(this.#options.server, target, this.#world.baseUrl, claimedName);
  }
}
