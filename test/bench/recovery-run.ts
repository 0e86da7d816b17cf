import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserName } from '../support/browsers.js';
import type { Outage, Told } from '../support/fault-page.js';
import type { HttpVariant, NetnsLane } from '../support/netns-lane.js';
import { MediaTimeline } from '../support/netns-media.js';
import type { Witnessed } from '../support/netns-witness.js';
import { until } from '../support/page.js';
import type { RecoveryFault, Strike } from './recovery-faults.js';

/** Seconds that a broadcast lives before its fault: idle connections are older than the 10 s of Chromium's HTTP/2 PING. */
const WARM_UP = 13;
/** Seconds after the path within which our client has to be back, and within which the bare one is waited for. */
const LONGEST = 45;
/** Seconds of media after the return: what does not stay does not count. */
const STAY = 3;
/** Seconds within which the bitrate has to be what it was, and the part of it that is enough. */
const FULL_RATE_WITHIN = 10;
const FULL_RATE = 0.8;

const CLIENTS = ['own', 'bare'] as const;

/** One fault that met both clients at the same time; seconds, null for what never came. */
export interface RecoveryRun {
  browser: BrowserName;
  http: HttpVariant;
  fault: string;
  /** From the fault until our client reported it. */
  told: number | null;
  /** From the path until media was at the server to stay. */
  own: number | null;
  bare: number | null;
  /** From our `broadcasting` to media at the server: how much too early the page was told. */
  early: number | null;
  /** From the first media after the return until video had 80 % of its bitrate before the fault. */
  fullRate: number | null;
  bareFullRate: number | null;
  methods: string[];
}

/** Both clients go live in one page, meet the fault, and are waited for. */
export async function runRecovery(
  lane: NetnsLane,
  browser: BrowserName,
  http: HttpVariant,
  fault: RecoveryFault,
): Promise<RecoveryRun> {
  await lane.begin('bench');
  for (const kind of CLIENTS) {
    const settings = { kind, media: 'demanding', server: lane.server.endpointOf(kind, kind), reconnect: {} };
    await lane.browser.evaluate(`rig.publish('${kind}', ${JSON.stringify(settings)})`);
  }
  await until('both are live', () => CLIENTS.every((kind) => packets(lane, kind) > 30), 20);
  await delay(WARM_UP * 1000);
  const strike = await fault.strike(lane);
  const { faultAt, pathAt } = strike;
  const back = (kind: (typeof CLIENTS)[number]) => media(lane, kind).backSince(pathAt, faultAt);
  const rateBefore = (kind: (typeof CLIENTS)[number]) =>
    media(lane, kind).bitrate(faultAt - STAY * 1000, faultAt, ['video']);
  const fullRate = (kind: (typeof CLIENTS)[number]) => {
    const since = back(kind);
    const time = since && media(lane, kind).timeToRate(since, FULL_RATE * rateBefore(kind));
    return time === undefined ? null : time / 1000;
  };
  const isOver = () =>
    CLIENTS.every((kind) => {
      const seconds = (Date.now() - (back(kind) ?? Infinity)) / 1000;
      return seconds > STAY && (seconds > FULL_RATE_WITHIN || fullRate(kind) !== null);
    });
  await until('both are back', isOver, LONGEST + FULL_RATE_WITHIN).catch(() => undefined);
  const [own, bare] = CLIENTS.map(back);
  const told = (await lane.browser.evaluate<Told[]>("rig.told('own')")).filter(({ at }) => at >= faultAt);
  const outages = await lane.browser.evaluate<Outage[]>("rig.outages('own')");
  if (process.env['COURSE']) console.log(await course(lane, fault, strike, told, outages));
  await lane.finish();
  const firstTold = told.find(({ name }) => name === 'reconnecting_broadcast');
  // A browser's own recovery may be lost again at once: then media that came to stay is of a later `broadcasting`.
  const first = media(lane, 'own').firstSince(pathAt, faultAt);
  const live = told.find(({ name, at }) => name === 'broadcasting' && at >= pathAt);
  return {
    browser,
    http,
    fault: fault.name,
    told: firstTold ? (firstTold.at - faultAt) / 1000 : null,
    own: own ? (own - pathAt) / 1000 : null,
    bare: bare ? (bare - pathAt) / 1000 : null,
    early: live && first ? (first - live.at) / 1000 : null,
    fullRate: fullRate('own'),
    bareFullRate: fullRate('bare'),
    methods: outages.filter(({ lostAt }) => lostAt >= faultAt - 2000).map(({ recoveredBy }) => recoveredBy ?? 'none'),
  };
}

const media = ({ server }: NetnsLane, stream: string) => new MediaTimeline(server.looks, stream);

const packets = ({ server }: NetnsLane, stream: string) =>
  server.sessions.filter((one) => one.stream === stream).reduce((sum, { packets }) => sum + packets.video, 0);

/** All that page and server know of a run, in seconds after the fault, for whom a number surprises. */
async function course(
  { browser, server }: NetnsLane,
  fault: RecoveryFault,
  { faultAt, pathAt }: Strike,
  told: readonly Told[],
  outages: readonly Outage[],
): Promise<string> {
  const entries = [
    ...outages.flatMap(({ timeline }) =>
      timeline.map((entry) => ({ at: entry.at, text: `timeline: ${JSON.stringify(entry)}` })),
    ),
    ...told.map(({ at, name, reconnect }) => ({ at, text: `${name} ${reconnect ? JSON.stringify(reconnect) : ''}` })),
    ...(await browser.evaluate<Witnessed[]>('witnessed')).map(({ at, what }) => ({ at, text: `browser: ${what}` })),
    ...server.requests.map(({ at, method, url, status, from }) => ({
      at,
      text: `server: ${method} ${url.slice(0, 14)} ${status} from ${from}`,
    })),
    ...server.sockets.map(({ at, from }) => ({ at, text: `server: TLS with ${from}` })),
    { at: pathAt, text: '--- path' },
  ];
  const lines = entries
    .filter(({ at }) => at >= faultAt)
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${((at - faultAt) / 1000).toFixed(2).padStart(7)} ${text}`);
  const gaps = ['own', 'bare'].map(
    (kind) => `media gaps of ${kind}: ${new MediaTimeline(server.looks, kind).describeGaps(faultAt, Date.now())}`,
  );
  return [fault.name, ...lines, ...gaps].join('\n');
}
