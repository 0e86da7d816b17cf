import type { SessionInfo } from '../../demo/server/ingest.js';
import type { Look } from './netns-lane.js';

/** How long after a fault packets may still come out of the server's queues, in milliseconds. */
const LATE = 150;
/** The longest pause of media that has come to stay, in milliseconds. */
const STAY = 2000;
const SECOND = 1000;

/** When media came to the server, as its looks at the sessions show it. */
export class MediaTimeline {
  /** Times at which packets had come since the look before, in milliseconds since 1970. */
  readonly #arrivals: number[];
  readonly #looks: readonly Look[];

  /** @param stream of which alone; all where nothing is said */
  constructor(all: readonly Look[], stream?: string) {
    const isWanted = (session: SessionInfo) => stream === undefined || session.stream === stream;
    const looks = all.map(({ at, sessions }) => ({ at, sessions: sessions.filter(isWanted) }));
    this.#looks = looks;
    this.#arrivals = looks.filter((look, index) => hasReceived(look, looks[index - 1])).map(({ at }) => at);
  }

  /** Whether media has come since a time, other than what a fault at `fault` left behind. */
  hasCome(time: number, fault: number): boolean {
    return this.firstSince(time, fault) !== undefined;
  }

  /** When media came at or after a time for the first time, stayed it or not. */
  firstSince(time: number, fault: number): number | undefined {
    return this.#arrivals.find((at) => at >= time && at > fault + LATE);
  }

  /** When media came at or after a time to stay: what stops again does not count. */
  backSince(time: number, fault: number): number | undefined {
    const arrivals = this.#arrivals.filter((at) => at >= time && at > fault + LATE);
    return arrivals.findLast((at, index) => index === 0 || at - (arrivals[index - 1] ?? 0) > STAY);
  }

  /** The longest time without any from `from` to `to`, in seconds. */
  longestGap(from: number, to: number): number {
    const times = [from, ...this.#arrivals.filter((at) => at > from && at < to), to];
    return Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0))) / 1000;
  }

  /** Kilobits per second from `from` to `to`, of audio and video or of one. */
  bitrate(from: number, to: number, kinds: readonly ('audio' | 'video')[] = ['audio', 'video']): number {
    const sessionsAt = (time: number) => this.#looks.findLast(({ at }) => at <= time)?.sessions ?? [];
    const bytesOf = ({ bytes }: SessionInfo) => kinds.reduce((sum, kind) => sum + bytes[kind], 0);
    const before = new Map(sessionsAt(from).map((session) => [session.id, bytesOf(session)]));
    const grown = sessionsAt(to).map((session) => bytesOf(session) - (before.get(session.id) ?? 0));
    return (8 * grown.reduce((sum, bytes) => sum + bytes, 0)) / (to - from);
  }

  /**
   * Milliseconds from `since` until video comes at a rate for a second.
   * @param rate in kilobits per second
   */
  timeToRate(since: number, rate: number): number | undefined {
    const last = this.#looks.at(-1)?.at ?? 0;
    const times = [since, ...this.#looks.map(({ at }) => at).filter((at) => at > since)];
    const found = times.find((at) => at + SECOND <= last && this.bitrate(at, at + SECOND, ['video']) >= rate);
    return found === undefined ? undefined : found - since;
  }

  /** Every gap of at least half a second since `from`, for people to read. */
  describeGaps(from: number, to: number): string {
    const times = [from, ...this.#arrivals.filter((at) => at > from && at < to), to];
    const gaps = times.slice(1).flatMap((at, index) => {
      const begun = times[index] ?? 0;
      return at - begun < 500 ? [] : `${seconds(begun - from)} to ${seconds(at - from)}`;
    });
    return gaps.join(', ') || 'none';
  }
}

/** Whether any session has received packets since the look before: sessions that come or go prove nothing. */
function hasReceived({ sessions }: Look, before: Look | undefined): boolean {
  const counts = new Map(before?.sessions.map((session) => [session.id, packetsOf(session)]));
  return sessions.some((session) => packetsOf(session) > (counts.get(session.id) ?? 0));
}

function packetsOf({ packets }: SessionInfo): number {
  return packets.audio + packets.video;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(2);
}
