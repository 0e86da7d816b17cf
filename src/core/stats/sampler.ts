import type { World } from '../world.js';

/** What one look at the statistics of a connection tells. */
export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  /**
   * Grows with every sign of life from the server: what its feedback counts to, or where a browser does not count it
   * (Firefox), the time of its last report.
   */
  inbound: number;
  /** Whether the server has reported on what it received. */
  isReportedOn: boolean;
}

/** Reads a `Sample` out of the browser's statistics. */
export function toSample(stats: Iterable<Record<string, unknown>>, at: number): Sample {
  let packets: number | undefined;
  let lastReport = 0;
  for (const { type, packetsReceived, timestamp } of stats) {
    if (type === 'transport' && packetsReceived !== undefined) packets = Number(packetsReceived);
    if (type === 'remote-inbound-rtp') lastReport = Math.max(lastReport, Number(timestamp));
  }
  return { at, inbound: packets ?? lastReport, isReportedOn: lastReport > 0 };
}

/** Looks at the statistics of one connection again and again until it is stopped. */
export class Sampler {
  readonly #connection: Pick<RTCPeerConnection, 'getStats'>;
  readonly #world: World;
  readonly #onSample: (sample: Sample) => void;
  #timer: unknown;
  #isStopped = false;
  /** Milliseconds between two looks. */
  interval: number;

  constructor(
    connection: Pick<RTCPeerConnection, 'getStats'>,
    interval: number,
    world: World,
    onSample: (sample: Sample) => void,
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
    // A connection that is being closed has no statistics.
    const stats = await this.#connection.getStats().catch(() => null);
    if (this.#isStopped) return;
    if (stats) this.#onSample(toSample(stats.values(), this.#world.now()));
    if (!this.#isStopped) this.#timer = this.#world.setTimeout(() => void this.#look(), this.interval);
  }
}
