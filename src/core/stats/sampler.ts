import { withDeadline } from '../platform/timing.js';
import type { World } from '../platform/world.js';

/** Milliseconds that the browser has for its statistics, which take it a few: a page that looks as rarely must have slept. */
const STATS_DEADLINE = 3_000;

/** One entry of a browser's statistics. */
export type Stats = Record<string, unknown>;

/** A count that only grows, by the id of what is counted. */
type Counts = ReadonlyMap<string, number>;

/** One reading of the statistics of a connection. */
export interface Sample {
  /** Milliseconds on the monotonic clock. */
  at: number;
  /** Milliseconds since 1970. */
  wallAt: number;
  /** RTP packets sent so far. */
  sent: number;
  /** What the server sends as feedback on media (RTCP): bytes by path, and the time of its last report by stream. */
  feedback: Counts;
  /** What shows that it receives: our ICE checks that it answered, and packets that it received, if the browser counts them. */
  heard: Counts;
  /** Whether the server has reported on what it received. */
  isReportedOn: boolean;
}

/** Reads a `Sample` out of the browser's statistics. */
export function toSample(stats: Iterable<Stats>, { at, wallAt }: Pick<Sample, 'at' | 'wallAt'>): Sample {
  let sent = 0;
  let isReportedOn = false;
  const feedback = new Map<string, number>();
  const heard = new Map<string, number>();
  const count = (value: unknown) => Number(value ?? 0);
  for (const one of stats) {
    const id = String(one.id);
    if (one.type === 'outbound-rtp') sent += count(one.packetsSent);
    if (one.type === 'candidate-pair') {
      feedback.set(id, count(one.bytesReceived));
      heard.set(id, count(one.responsesReceived));
    }
    if (one.type === 'remote-inbound-rtp') {
      feedback.set(id, count(one.timestamp));
      heard.set(id, count(one.packetsReceived));
      isReportedOn = true;
    }
  }
  return { at, wallAt, sent, feedback, heard, isReportedOn };
}

/**
 * Whether any count has grown. Paths come and go, so their sum may shrink while one of them lives; and a restart of ICE
 * lists an old path once more, so what was not there before proves nothing yet.
 */
export function hasGrown(before: Counts, after: Counts): boolean {
  return [...after].some(([id, count]) => count > (before.get(id) ?? Infinity));
}

/** Looks at the statistics of one connection again and again until it is stopped: the one look for all who need them. */
export class Sampler {
  readonly #connection: Pick<RTCPeerConnection, 'getStats'>;
  readonly #world: World;
  readonly #onSample: (sample: Sample, stats: readonly Stats[]) => void;
  #timer: unknown;
  #isStopped = false;
  /** Milliseconds between two looks. */
  interval: number;

  constructor(
    connection: Pick<RTCPeerConnection, 'getStats'>,
    interval: number,
    world: World,
    onSample: (sample: Sample, stats: readonly Stats[]) => void,
  ) {
    this.#connection = connection;
    this.interval = interval;
    this.#world = world;
    this.#onSample = onSample;
    void this.#look();
  }

  stop(): void {
    this.#isStopped = true;
    this.#world.clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    // A connection that is being closed has no statistics, and some looks are never answered.
    const look = withDeadline(
      () => this.#connection.getStats(),
      STATS_DEADLINE,
      () => new Error(),
      this.#world,
    );
    const report = await look.catch(() => null);
    if (this.#isStopped) return;
    if (report) {
      const stats = [...report.values()] as Stats[];
      const { monotonicNow, wallNow } = this.#world;
      this.#onSample(toSample(stats, { at: monotonicNow(), wallAt: wallNow() }), stats);
    }
    if (!this.#isStopped) this.#timer = this.#world.setTimeout(() => void this.#look(), this.interval);
  }
}
