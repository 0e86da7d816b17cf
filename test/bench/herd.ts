/** What all clients of a restarted server do together: a pure simulation, the same for the same seed. */

import { mirrored } from '../../src/core/broadcast/reconnect-policy.js';

/** What a client knows before an attempt. */
export interface Turn {
  /** Which successive attempt it is, from 1. */
  attempt: number;
  /** What the server asked for with its last refusal, in seconds. */
  retryAfter: number | null;
}

export interface HerdPolicy {
  name: string;
  /**
   * Seconds to wait, from the loss or from the end of the attempt before; null to give up.
   * @param own numbers of this client, every second of which mirrors the one before
   */
  wait: (turn: Turn, random: () => number, own: () => number) => number | null;
}

export interface HerdScene {
  clients: number;
  /** Seconds from the loss, which comes to all in the same moment, until the server answers again. */
  down: number;
  /** The share of the clients that the server admits in a second; the others get a 503. */
  admittedShare: number;
  /** What the 503 says in `Retry-After`, in seconds. */
  retryAfter: number | null;
  seed?: number;
}

export interface HerdOutcome {
  /** Requests in the worst second of the running server, as a multiple of what it admits in one. */
  worstSecond: number;
  /** From the restart until 99 % are back, as a multiple of what a server needs that is never idle; null: never. */
  backRatio: number | null;
  /** The same in seconds. */
  backSeconds: number | null;
  /** Requests per client, those to the dead server left out. */
  requestsPerClient: number;
  /** The share of the clients that gave up. */
  gaveUp: number;
}

/** Buckets in a second. */
const RESOLUTION = 100;
/** Seconds after which a simulation ends. */
const HORIZON = 900;
/** The share that has to be back. */
const NEARLY_ALL = 0.99;
/** Seconds that a request and its answer take: at least, and at most so much more. */
const ROUND_TRIP = 0.02;
const ROUND_TRIP_SPREAD = 0.1;

/** Numbers from 0 to below 1 that look random (mulberry32's mixing of a counter). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets a herd of clients come back to one server. */
export function simulateHerd(policy: HerdPolicy, scene: HerdScene): HerdOutcome {
  const { clients, down, admittedShare, retryAfter, seed = 1 } = scene;
  const random = dice(seed);
  const own = Array.from({ length: clients }, () => mirrored(random));
  const queue = new Calendar(HORIZON * RESOLUTION, clients);
  const attempts = new Uint16Array(clients);
  const perSecond = clients * admittedShare;
  const requests = new Float64Array(HORIZON * RESOLUTION);
  let back = 0;
  let gaveUp = 0;
  let backAt: number | null = null;

  const schedule = (client: number, now: number, asked: number | null) => {
    const attempt = (attempts[client] ?? 0) + 1;
    attempts[client] = attempt;
    const seconds = policy.wait({ attempt, retryAfter: asked }, random, own[client] ?? random);
    if (seconds === null) gaveUp++;
    else queue.add(client, (now + seconds + ROUND_TRIP + random() * ROUND_TRIP_SPREAD) * RESOLUTION);
  };
  for (let client = 0; client < clients; client++) schedule(client, 0, null);

  // What is not used up within a second is lost: a server cannot work in advance.
  let admissions = 0;
  for (let bucket = 0; bucket < HORIZON * RESOLUTION && back + gaveUp < clients; bucket++) {
    const now = bucket / RESOLUTION;
    const isUp = now >= down;
    if (isUp) admissions = Math.min(admissions + perSecond / RESOLUTION, perSecond);
    let arrived = 0;
    for (let client = queue.take(bucket); client >= 0; client = queue.take(bucket)) {
      arrived++;
      if (!isUp) schedule(client, now, null);
      else if (admissions >= 1) {
        admissions--;
        back++;
      } else schedule(client, now, retryAfter);
    }
    if (isUp) requests[bucket] = arrived;
    if (backAt === null && back >= clients * NEARLY_ALL) backAt = now;
  }
  const backSeconds = backAt === null ? null : backAt - down;
  return {
    worstSecond: worstSum(requests, RESOLUTION) / perSecond,
    backRatio: backSeconds === null ? null : (backSeconds * admittedShare) / NEARLY_ALL,
    backSeconds,
    requestsPerClient: requests.reduce((sum, count) => sum + count, 0) / clients,
    gaveUp: gaveUp / clients,
  };
}

/** The greatest sum of `width` neighbours. */
function worstSum(counts: Float64Array, width: number): number {
  let sum = 0;
  let worst = 0;
  for (let index = 0; index < counts.length; index++) {
    sum += (counts[index] ?? 0) - (counts[index - width] ?? 0);
    worst = Math.max(worst, sum);
  }
  return worst;
}

/** Who is due when: a list for each bucket of time, all of them in two arrays. */
class Calendar {
  readonly #first: Int32Array;
  readonly #next: Int32Array;

  constructor(buckets: number, clients: number) {
    this.#first = new Int32Array(buckets).fill(-1);
    this.#next = new Int32Array(clients);
  }

  /** What lies behind the last bucket is forgotten. */
  add(client: number, time: number): void {
    const bucket = Math.ceil(time);
    if (bucket >= this.#first.length) return;
    this.#next[client] = this.#first[bucket] ?? -1;
    this.#first[bucket] = client;
  }

  /** One client that is due in `bucket`, or -1. */
  take(bucket: number): number {
    const client = this.#first[bucket] ?? -1;
    if (client >= 0) this.#first[bucket] = this.#next[client] ?? -1;
    return client;
  }
}
