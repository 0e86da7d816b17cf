import type { QualityLimitationReason, WebRTCResults } from '../api/events.js';
import type { Stats } from './sampler.js';

/** Milliseconds between two readings, which timers may be early for, and those that averages are taken over. */
const BETWEEN_READINGS = 1_000;
export const TIMER_SLACK = 100;
const WINDOW = 10_000;

/** Milliseconds of a window that have to agree on a limitation: eight readings, which timers may be early for. */
const LIMITED_TIME = 8 * (BETWEEN_READINGS - TIMER_SLACK / 2);
/**
 * Milliseconds after a start or recovery during which browsers still raise the bitrate: Chromium limits the video for about
 * 10 s even on loopback.
 */
const RAMP_UP = 20_000;
/** Growth from the first third of a window to the last one that no estimate in balance has: it swings by about 15 %. */
const RISE = 1.2;
const LIMITATIONS: readonly QualityLimitationReason[] = ['bandwidth', 'cpu', 'other'];

/** The counts of one stream that is sent; `sendDelay` is in milliseconds, over all packets. */
const COUNTS = ['at', 'bytes', 'packets', 'lost', 'frames', 'sendDelay'] as const;
/** Those that are not known are NaN. */
type SentCounts = Record<(typeof COUNTS)[number], number>;

interface SentStream {
  /** The stream's SSRC: counts of another one start over. */
  ssrc: unknown;
  counts: SentCounts;
  codec?: string;
  width?: number;
  height?: number;
  limitation?: QualityLimitationReason;
}

/** One reading of the statistics of what is sent. */
export interface Reading {
  /** Milliseconds on the monotonic clock. */
  at: number;
  /** When the first look since the start or recovery was taken. */
  since: number;
  audio?: SentStream;
  video?: SentStream;
  /** Milliseconds. */
  roundTripTime?: number | undefined;
}

/** Reads a `Reading` out of the browser's statistics. */
export function toReading(stats: readonly Stats[], at: number, since = at): Reading {
  const byId = new Map(stats.map((one) => [one.id, one]));
  const reading: Reading = { at, since };
  for (const one of stats) {
    if (one.type !== 'outbound-rtp' || (one.kind !== 'audio' && one.kind !== 'video')) continue;
    const report = stats.find(({ type, ssrc }) => type === 'remote-inbound-rtp' && ssrc === one.ssrc);
    const codec = byId.get(one.codecId)?.mimeType;
    reading[one.kind] = {
      ssrc: one.ssrc,
      counts: {
        at,
        bytes: numberOf(one.bytesSent),
        packets: numberOf(one.packetsSent),
        lost: numberOf(report?.packetsLost),
        frames: numberOf(one.framesEncoded),
        sendDelay: numberOf(one.totalPacketSendDelay) * 1000,
      },
      ...(typeof codec === 'string' && { codec: codec.replace(/^.*\//, '') }),
      ...(isPositive(one.frameWidth) && { width: one.frameWidth }),
      ...(isPositive(one.frameHeight) && { height: one.frameHeight }),
      ...(isLimitation(one.qualityLimitationReason) && { limitation: one.qualityLimitationReason }),
    };
    reading.roundTripTime ??= milliseconds(report?.roundTripTime);
  }
  // Every server answers ICE's checks at once; its reports on media may wait in a queue.
  const selected = stats.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
  const checked = milliseconds(byId.get(selected?.selectedCandidatePairId)?.currentRoundTripTime);
  if (checked !== undefined) reading.roundTripTime = checked;
  return reading;
}

/** The readings of the last 10 s with a new one, unless one was taken less than about a second before. */
export function withReading(readings: readonly Reading[], reading: Reading): readonly Reading[] {
  const last = readings.at(-1) ?? reading;
  const age = reading.at - last.at;
  if (last !== reading && age >= 0 && age < BETWEEN_READINGS - TIMER_SLACK) return readings;
  const since = age < 0 ? reading.at : Math.min(last.since, reading.since);
  return [...readings.filter(({ at }) => at <= reading.at && reading.at - at <= WINDOW), { ...reading, since }];
}

/** The readings, the newest one last. */
export function statsOf(readings: readonly Reading[]): WebRTCResults {
  const newest = readings.at(-1);
  const { audio, video, roundTripTime } = newest ?? {};
  const audioSteps = stepsOf(readings, 'audio');
  const videoSteps = stepsOf(readings, 'video');
  const known = Object.entries({
    // Bits for each millisecond are kilobits for each second.
    ...summary('audioBitrate', audioSteps, 'bytes', 'at', 8),
    ...summary('videoBitrate', videoSteps, 'bytes', 'at', 8),
    ...summary('framerate', videoSteps, 'frames', 'at', 1000),
    ...summary('videoSendDelay', videoSteps, 'sendDelay', 'packets', 1),
    // v5 has none.
    videoSendDelayMin: undefined,
    audioCodec: audio?.codec,
    videoCodec: video?.codec,
    frameWidth: video?.width,
    frameHeight: video?.height,
    packetLoss: lossOf([...audioSteps, ...videoSteps]),
    roundTripTime,
    qualityLimitationReason: limitationOf(readings, videoSteps),
  }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([key, value]) => [key, typeof value === 'number' ? round(value) : value]));
}

/** By how much the counts of a kind grew from each reading to the next; by NaN where they are of different streams. */
function stepsOf(readings: readonly Reading[], kind: 'audio' | 'video'): SentCounts[] {
  return readings.slice(1).map((reading, index) => {
    const from = readings[index]?.[kind];
    const to = reading[kind];
    const grown = (count: keyof SentCounts) =>
      from && to && from.ssrc === to.ssrc ? to.counts[count] - from.counts[count] : NaN;
    return Object.fromEntries(COUNTS.map((count) => [count, grown(count)])) as SentCounts;
  });
}

/** How fast a count grows per unit of another one: the newest, the least, the greatest and the average. */
function summary(name: string, steps: SentCounts[], count: keyof SentCounts, per: keyof SentCounts, factor: number) {
  // No comparison holds for NaN, and a count that shrinks has started over.
  const isKnown = (step: SentCounts | undefined) => step !== undefined && step[count] >= 0 && step[per] > 0;
  const known = steps.filter(isKnown);
  const rates = known.map((step) => (factor * step[count]) / step[per]);
  if (rates.length === 0) return {};
  return {
    [name]: isKnown(steps.at(-1)) ? rates.at(-1) : undefined,
    [`${name}Min`]: Math.min(...rates),
    [`${name}Max`]: Math.max(...rates),
    [`${name}Average`]: (factor * sumOf(known, count)) / sumOf(known, per),
  };
}

/** Percent; a server may take back what it took for lost, and its reports come later than the packets. */
function lossOf(steps: SentCounts[]): number | undefined {
  const known = steps.filter(({ packets, lost }) => packets > 0 && !Number.isNaN(lost));
  if (known.length === 0) return undefined;
  return Math.min(Math.max((100 * sumOf(known, 'lost')) / sumOf(known, 'packets'), 0), 100);
}

/** The limitation that most of the window had; the network is none while the bitrate may still rise. */
function limitationOf(readings: readonly Reading[], steps: SentCounts[]): QualityLimitationReason | undefined {
  const { at = 0, since = 0 } = readings.at(-1) ?? {};
  // A reading stands for the time since the one before it; a hidden page has fewer.
  const timeOf = (index: number, { at: end }: Reading) => end - (readings[index - 1]?.at ?? end - BETWEEN_READINGS);
  const limitedTime = (reason: QualityLimitationReason) =>
    readings.reduce((sum, one, i) => sum + (one.video?.limitation === reason ? timeOf(i, one) : 0), 0);
  return LIMITATIONS.find(
    (reason) =>
      limitedTime(reason) >= LIMITED_TIME && (reason !== 'bandwidth' || (at - since >= RAMP_UP && !isRising(steps))),
  );
}

function isRising(steps: SentCounts[]): boolean {
  const known = steps.filter(({ bytes }) => bytes >= 0);
  const third = Math.ceil(known.length / 3);
  const rateOf = (some: SentCounts[]) => sumOf(some, 'bytes') / sumOf(some, 'at');
  return rateOf(known.slice(-third)) > RISE * rateOf(known.slice(0, third));
}

function sumOf(steps: SentCounts[], count: keyof SentCounts): number {
  return steps.reduce((sum, step) => sum + step[count], 0);
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : NaN;
}

function isLimitation(value: unknown): value is QualityLimitationReason {
  return LIMITATIONS.some((reason) => reason === value);
}

function isPositive(value: unknown): value is number {
  return numberOf(value) > 0;
}

/** Of seconds, as browsers report them. */
function milliseconds(seconds: unknown): number | undefined {
  return numberOf(seconds) >= 0 ? numberOf(seconds) * 1000 : undefined;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
