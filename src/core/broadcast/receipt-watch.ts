import type { Stats } from '../stats/sampler.js';

/** Milliseconds assumed for a round trip that is unknown, and at most. */
const ROUND_TRIP = 200;
const MAX_ROUND_TRIP = 1_000;
/** Milliseconds assumed between two reports while unknown, and at most: an ICE restart has 5 s. */
const REPORT_INTERVAL = 1_000;
const MAX_REPORT_INTERVAL = 1_500;

/** What the server has reported on one stream that we send. */
interface Receipt {
  /** The stream's SSRC. */
  ssrc: string;
  /** Packets up to the highest sequence number that the server received; null if the browser does not count them. */
  expected: number | null;
  /** Packets that the server received; null if the browser does not count them. */
  received: number | null;
  reportedAt: number;
}

/** A recovery after which media has to be received. */
interface Mark {
  at: number;
  /** Packets of each stream sent before it. */
  sent: Map<string, number> | undefined;
  /** The last report on each stream that may have been made before it. */
  before: Map<string, number>;
  /** The first report on each stream that was made after it: it may still count only what came before. */
  first: Map<string, Receipt>;
  /** Milliseconds after the round trip from which a report without counts proves that media was received. */
  interval: () => number;
}

/**
 * Decides whether reports show packets that the server received after a recovery. Firefox counts the received packets in
 * `remote-inbound-rtp`; together with the lost ones they give the highest sequence number that the server has seen. Chromium
 * counts only the lost ones: there, feedback has to be newer than the recovery by a round trip and the interval of reports.
 * A server reports on a stream only if it received packets of it since its last report (RFC 3550 section 6.4).
 */
export class ReceiptWatch {
  #mark: Mark | undefined;
  #reportedAt = new Map<string, number>();
  #interval = REPORT_INTERVAL;

  /** From `at` on a new path is in use; what was reported on before proves nothing. */
  expectOnNewPath(at: number): void {
    this.#mark = { at, sent: undefined, before: new Map(), first: new Map(), interval: () => this.#interval };
  }

  /** The path was silent at `at`; if it comes back on its own, media has to come through again. */
  expectOnOldPath(at: number): void {
    this.#mark ??= { at, sent: undefined, before: new Map(), first: new Map(), interval: () => 0 };
  }

  /** @returns whether media is known to be received, if the server gives feedback in this sample */
  take(at: number, stats: readonly Stats[]): boolean {
    const receipts = receiptsOf(stats);
    this.#measureInterval(receipts);
    const counted = [...receipts.values()].filter(({ received }) => received !== null);
    if (!this.#mark) return counted.length === 0 || counted.some(({ received }) => received !== 0);
    const mark = this.#mark;
    mark.sent ??= sentBySsrc(stats);
    const sinceRoundTrip = at - mark.at - roundTripOf(stats);
    if (counted.length === 0) return sinceRoundTrip >= mark.interval();
    return [...receipts].some(([id, receipt]) => isReceiptAfter(mark, id, receipt, sinceRoundTrip > 0));
  }

  /** Media was acknowledged: the recovery is over. */
  settle(): void {
    this.#mark = undefined;
  }

  #measureInterval(receipts: ReadonlyMap<string, Receipt>): void {
    for (const [id, { reportedAt }] of receipts) {
      const last = this.#reportedAt.get(id);
      if (last !== undefined && reportedAt > last) this.#interval = Math.min(reportedAt - last, MAX_REPORT_INTERVAL);
      this.#reportedAt.set(id, reportedAt);
    }
  }
}

/** Whether the report counts a packet sent after the mark, or grows from a report that was made after it to a later one. */
function isReceiptAfter(mark: Mark, id: string, receipt: Receipt, isNewer: boolean): boolean {
  const { ssrc, received, expected, reportedAt } = receipt;
  if (received === null) return false;
  if (received > 0 && expected !== null && expected > (mark.sent?.get(ssrc) ?? Infinity)) return true;
  if (!isNewer || !mark.before.has(id)) mark.before.set(id, reportedAt);
  const first = mark.first.get(id);
  if (first) return reportedAt > first.reportedAt && received > (first.received ?? Infinity);
  if (reportedAt !== mark.before.get(id)) mark.first.set(id, receipt);
  return false;
}

/** Packets sent by SSRC, without retransmissions: they have sequence numbers of their own. */
function sentBySsrc(stats: readonly Stats[]): Map<string, number> {
  const streams = stats.filter(({ type }) => type === 'outbound-rtp');
  return new Map(
    streams.map(({ ssrc, packetsSent, retransmittedPacketsSent }) => [
      String(ssrc),
      Number(packetsSent ?? 0) - Number(retransmittedPacketsSent ?? 0),
    ]),
  );
}

function receiptsOf(stats: readonly Stats[]): Map<string, Receipt> {
  const receipts = new Map<string, Receipt>();
  const count = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
  for (const report of stats) {
    if (report.type !== 'remote-inbound-rtp') continue;
    const received = count(report.packetsReceived);
    const lost = count(report.packetsLost);
    receipts.set(String(report.id), {
      ssrc: String(report.ssrc),
      received,
      expected: received === null ? null : received + (lost ?? 0),
      reportedAt: count(report.timestamp) ?? 0,
    });
  }
  return receipts;
}

/** Milliseconds of the slowest round trip that the browser has measured. */
function roundTripOf(stats: readonly Stats[]): number {
  const times = stats
    .flatMap(({ currentRoundTripTime, roundTripTime }) => [currentRoundTripTime, roundTripTime])
    .filter((time) => typeof time === 'number' && time >= 0);
  return times.length === 0 ? ROUND_TRIP : Math.min(1000 * Math.max(...(times as number[])), MAX_ROUND_TRIP);
}
