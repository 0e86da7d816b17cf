import { wait } from '../platform/timing.js';
import type { World } from '../platform/world.js';
import { explainNoAnswer, probe, type RequestRecorder } from '../whip/http.js';
import { WhipError } from '../whip/whip-error.js';
import { networkChange } from './network-watch.js';

/** Milliseconds between two probes at least. */
const MIN_GAP = 1_000;
/** Milliseconds from the first probe to the second, which is sent on a connection that shares nothing with the first. */
const FIRST_GAP = 2_000;
/**
 * Milliseconds between further probes: a connection that is being set up tries each second for 5 s, and more and more
 * seldom from then on (SYN retransmission of Linux), so a new one is started in that moment.
 */
const GAP = 5_000;
/** Milliseconds between probes while the browser reports that it is offline, which can be wrong. */
const OFFLINE_GAP = 30_000;

/**
 * How many probes wait in each of a browser's two pools of connections (with and without credentials). A browser sets up
 * six at most to one host, and only as many as there are requests; one place is left for the request that follows.
 */
const MAX_WAITING = { omit: 4, include: 6 } as const;

type Pool = keyof typeof MAX_WAITING;
const POOLS: readonly Pool[] = ['omit', 'include'];

export interface PathProbeRequest {
  endpoint: string;
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
    const { endpoint, world, signal } = this.#request;
    const waiting: Record<Pool, AbortController[]> = { omit: [], include: [] };
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let refusals = 0;
    this.#wasDown = false;
    for (let count = 0; ; count++) {
      const left = MIN_GAP - (world.monotonicNow() - this.#lastSentAt);
      if (left > 0) await wait(left, world, signal);
      if (!world.isOnLine()) await networkChange(OFFLINE_GAP, world, signal);
      this.#lastSentAt = world.monotonicNow();
      const newest = this.#send(POOLS[count % POOLS.length] ?? 'omit', waiting).then(answer);
      const outcome = await this.#outcome(Promise.race([answered, newest]), count === 0 ? FIRST_GAP : GAP);
      if (outcome === 'answered') return;
      this.#wasDown ||= outcome === 'waiting';
      refusals = outcome === 'refused' ? refusals + 1 : 0;
      // A browser fails what is under way when the network changes, so one refusal proves nothing.
      if (refusals > 1) throw new WhipError('network', explainNoAnswer('HEAD', endpoint, world));
    }
  }

  /** What comes first of the newest probe, or of an answer to an older one, within `gap` and before the network changes. */
  async #outcome(answer: Promise<unknown>, gap: number): Promise<'answered' | 'refused' | 'waiting'> {
    const { world, signal } = this.#request;
    const ending = new AbortController();
    const due = networkChange(gap, world, AbortSignal.any([signal, ending.signal]));
    try {
      return await Promise.race([
        answer.then(
          () => 'answered' as const,
          () => 'refused' as const,
        ),
        due.then(() => 'waiting' as const),
      ]);
    } finally {
      ending.abort();
    }
  }

  #send(pool: Pool, waiting: Record<Pool, AbortController[]>): Promise<void> {
    const { endpoint, world, recorder, signal } = this.#request;
    const own = new AbortController();
    waiting[pool].push(own);
    if (waiting[pool].length > MAX_WAITING[pool]) waiting[pool].shift()?.abort();
    return probe(endpoint, { world, recorder, credentials: pool, signal: AbortSignal.any([signal, own.signal]) });
  }
}
