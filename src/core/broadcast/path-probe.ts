import { linkedController, networkChange, type LinkedController } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import { explainNoAnswer, probe, type RequestRecorder } from '../whip/http.js';
import { WhipError } from '../whip/whip-error.js';
import type { OnlineHint } from './network-watch.js';

/** Milliseconds between two probes at least. */
const MIN_GAP = 1_000;
/** Milliseconds between probes while the browser reports that it is offline, which can be wrong. */
const OFFLINE_GAP = 30_000;

/** Browsers keep connections with and without credentials apart: the pool of the requests that follow, and the other. */
type Pool = 'own' | 'other';

/** Whose turn it is, and milliseconds until the next turn. */
type Turn = readonly [pool: Pool, gap: number];

/** Milliseconds between turns after the planned ones. */
const LAST_GAP = 8_000;

/**
 * A browser sets up six connections to one host in each pool at most, and keeps those of aborted requests. The system tries
 * each of them again 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s after it was started (SYN retransmission of Linux). So connections
 * are started seldom while the browser's own recovery is as fast (Chromium: 16 s), and the gaps from then on keep the
 * retransmissions of all of them out of step. They were found by a search for short waits up to 100 s, above all up to 45 s. An
 * answer in the other pool counts 0.3 s more there, since Chromium waits that long before it sets up one more connection. Over
 * HTTP/1.1, the second probe gets past a connection of the first that has died without a word.
 */
export const PLAN: readonly Turn[] = [
  ['own', 2_000],
  ['own', 13_250],
  ['other', 7_700],
  ['own', 8_150],
  ['other', 6_650],
  ['own', 14_700],
  ['other', 8_650],
  ['other', 13_350],
  ['other', LAST_GAP],
];

/**
 * How many probes wait in each pool: one connection more than these is started where the first takes longer than 0.25 s, and
 * the pool of the requests that follow has one left for them.
 */
const MAX_WAITING: Record<Pool, number> = { own: 4, other: 5 };

/** Milliseconds after which no system tries to set up a connection any more. */
const LONGEST_WAIT = 135_000;

/** A probe without an answer. */
interface Waiting {
  pool: Pool;
  sentAt: number;
  controller: LinkedController;
}

export interface PathProbeRequest {
  endpoint: string;
  /** Of the requests that follow. */
  credentials?: RequestCredentials | undefined;
  /** What no error text may quote. */
  secrets?: readonly string[] | undefined;
  /** Whether the browser reports that it is offline, unless an answer has refuted it. */
  online: Pick<OnlineHint, 'isOffline'>;
  world: World;
  recorder: RequestRecorder;
  /** Ends all probes. */
  signal: AbortSignal;
}

/**
 * Finds out when a path to the server is up again, by requests that need no preflight: those would fill the browser's
 * connections while the path is down, and could not be taken back. Each probe is kept waiting, since one that is aborted
 * leaves its old connection attempt to the next.
 */
export class PathProbe {
  readonly #request: PathProbeRequest;
  #series: Promise<void> | undefined;
  #isUp = false;
  #wasDown = false;
  #lastSentAt = -Infinity;

  /** Sends the first probe at once. */
  constructor(request: PathProbeRequest) {
    this.#request = request;
    // Whoever waits for the path gets the failure.
    void this.untilUp().catch(() => undefined);
  }

  /** Whether the last series of probes was answered. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Whether the first probe of the last series got no answer for some time. */
  get wasDown(): boolean {
    return this.#wasDown;
  }

  /**
   * Resolves when a probe is answered; after a failure it begins to probe again.
   * @throws WhipError `network` if the server refuses connections; the reason of the signal
   */
  untilUp(): Promise<void> {
    this.#series ??= this.#probe().then(
      () => void (this.#isUp = true),
      (error: unknown) => {
        this.#series = undefined;
        throw error;
      },
    );
    return this.#series;
  }

  /**
   * Resolves when the path is back that was down: when the first probe had got no answer for some time. Never resolves
   * else, since a server that answers probes but not requests needs a back-off.
   */
  async untilBack(): Promise<void> {
    await this.untilUp();
    if (!this.#wasDown) await new Promise<never>(() => undefined);
  }

  /** A request got no answer: the path is probed again. */
  doubt(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#series = undefined;
    // Whoever waits for the path gets the failure.
    void this.untilUp().catch(() => undefined);
  }

  async #probe(): Promise<void> {
    const { endpoint, secrets, online, world, signal } = this.#request;
    let waiting: Waiting[] = [];
    let onAnswer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (onAnswer = resolve));
    let refusals = 0;
    let turn = 0;
    let changedAt = -Infinity;
    this.#wasDown = false;
    const untilNext = () => MIN_GAP - (world.monotonicNow() - this.#lastSentAt);
    const outcomeOf = async (answer: Promise<unknown>, gap: number) => {
      const outcome = await this.#outcome(answer, gap);
      if (outcome === 'changed') [changedAt, turn] = [world.monotonicNow(), 0];
      return outcome;
    };
    for (;;) {
      while (untilNext() > 0) if ((await outcomeOf(answered, untilNext())) === 'answered') return;
      if (online.isOffline && (await outcomeOf(answered, OFFLINE_GAP)) === 'answered') return;
      const [pool, gap] = PLAN[turn] ?? [turn % 2 ? 'other' : 'own', LAST_GAP];
      turn++;
      const now = world.monotonicNow();
      const inPool = waiting.filter((one) => one.pool === pool);
      const [oldest] = inPool;
      const isFull = inPool.length >= MAX_WAITING[pool];
      let answer = answered;
      if (!isFull || (oldest && oldest.sentAt < Math.max(changedAt, now - LONGEST_WAIT))) {
        if (isFull) oldest?.controller.abort();
        const own: Waiting = { pool, sentAt: (this.#lastSentAt = now), controller: linkedController(signal) };
        waiting.push(own);
        const newest = this.#send(own).finally(() => (waiting = waiting.filter((one) => one !== own)));
        newest.then(onAnswer, () => undefined);
        answer = Promise.race([answered, newest]);
      }
      const outcome = await outcomeOf(answer, gap);
      if (outcome === 'answered') return;
      this.#wasDown ||= outcome !== 'refused';
      refusals = outcome === 'refused' ? refusals + 1 : 0;
      // A browser fails what is under way when the network changes, so one refusal proves nothing.
      if (refusals > 1) throw new WhipError('network', explainNoAnswer('HEAD', endpoint, world, secrets));
    }
  }

  /** What comes first of the newest probe, of an answer to an older one, and of a change of network, within `gap`. */
  async #outcome(answer: Promise<unknown>, gap: number): Promise<'answered' | 'refused' | 'waiting' | 'changed'> {
    const { world, signal } = this.#request;
    const ending = linkedController(signal);
    const due = networkChange(gap, world, ending.signal);
    try {
      return await Promise.race([
        answer.then(
          () => 'answered' as const,
          () => 'refused' as const,
        ),
        due.then((hasChanged) => (hasChanged ? ('changed' as const) : ('waiting' as const))),
      ]);
    } finally {
      ending.abort();
    }
  }

  #send({ pool, controller }: Waiting): Promise<void> {
    const { endpoint, credentials = 'omit', world, recorder } = this.#request;
    const isSameOrigin = world.origin === new URL(endpoint).origin;
    const hasCookies = credentials === 'include' || (credentials === 'same-origin' && isSameOrigin);
    const others = hasCookies ? 'omit' : 'include';
    return probe(endpoint, {
      world,
      recorder,
      credentials: pool === 'own' ? credentials : others,
      signal: controller.signal,
    });
  }
}
