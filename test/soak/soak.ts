import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { dice } from '../bench/herd.js';
import { Lane, type Media } from '../bench/lane.js';
import type { PageServer } from '../bench/page-server.js';
import type { Told } from '../support/fault-page.js';
import { strikeAtRandom } from './random-faults.js';

/** What a path loses and how late it is, that must never be called lost. */
export const NOISE = { loss: 0.2, jitter: 500 };

/** Statuses of a start, which come before everything else. */
const STATUSES_OF_START = 3;
/** Packets of audio that are sent in a second; half of them have to arrive through all the noise. */
const AUDIO_RATE = 50;
/** Seconds after the last fault until there is one session with media. */
const SETTLING = 60;
/** Seconds for which media has to flow then. */
const FLOWING = 5;

/** What a soak does and for how long. */
export interface Soak {
  seconds: number;
  /** Random faults in place of noise. */
  hasCuts: boolean;
  seed: number;
  /** Told of everything that happens. */
  say: (line: string) => void;
}

/** Soaks one page of a browser; returns what was wrong, nothing where all was well. */
export async function soak(pages: PageServer, browser: Browser, media: Media, soaking: Soak): Promise<string[]> {
  const lane = await Lane.open(pages, browser, [`own ${media}`]);
  const ending = new AbortController();
  const printing = printEvents(lane, media, soaking.say, ending.signal);
  try {
    await delay(5_000);
    return await (soaking.hasCuts ? soakWithCuts(lane, media, soaking) : soakWithNoise(lane, media, soaking));
  } finally {
    ending.abort();
    await printing;
    await lane.close();
  }
}

async function soakWithNoise(lane: Lane, media: Media, { seconds, say }: Soak): Promise<string[]> {
  const { relay, ...client } = pick(lane, media);
  const before = relay.counts;
  const outagesBefore = await client.outages();
  relay.udp(NOISE);
  say(`noise: ${NOISE.loss * 100} % lost, up to ${NOISE.jitter} ms late`);
  await delay(seconds * 1000);
  relay.heal();
  const after = relay.counts;
  const perSecond = (key: 'audio' | 'video') => (after[key].packets - before[key].packets) / seconds;
  say(`requests for ICE: ${relay.requests('PATCH').length}`);
  say(`packets a second: audio ${perSecond('audio').toFixed(1)}, video ${perSecond('video').toFixed(1)}`);
  const alarms = (await client.told()).slice(STATUSES_OF_START);
  const wrong = alarms.map(({ name }) => `false alarm: ${name}`);
  for (const { reason, recoveredBy, seconds: length } of (await client.outages()).slice(outagesBefore.length)) {
    wrong.push(`an outage of ${length.toFixed(2)} s was reported, recovered by ${recoveredBy}: ${reason}`);
  }
  if (perSecond('audio') < AUDIO_RATE / 2)
    wrong.push(`only ${perSecond('audio').toFixed(1)} packets of audio a second`);
  return wrong;
}

async function soakWithCuts(lane: Lane, media: Media, { seconds, seed, say }: Soak): Promise<string[]> {
  const client = pick(lane, media);
  await strikeAtRandom(lane, seconds, dice(seed), say);
  say('the last fault is over');
  const isSettled = async () => {
    const [only, ...others] = await lane.sessions();
    if (!only || others.length > 0) return false;
    await delay(FLOWING * 1000);
    const [later, ...laterOthers] = await lane.sessions();
    const flows =
      later && later.id === only.id && later.packets.audio >= only.packets.audio + (AUDIO_RATE * FLOWING) / 2;
    return Boolean(flows) && laterOthers.length === 0 && (await client.told()).at(-1)?.name === 'broadcasting';
  };
  const end = Date.now() + SETTLING * 1000;
  while (!(await isSettled())) {
    if (Date.now() < end) {
      await delay(200);
      continue;
    }
    const last = (await client.told()).at(-1)?.name;
    const sessions = (await lane.sessions()).map(
      ({ id, state, packets }) => `${id} ${state} ${JSON.stringify(packets)}`,
    );
    return [`${SETTLING} s after the last fault: last told ${last}, sessions: ${sessions.join(', ') || 'none'}`];
  }
  const outages = await client.outages();
  const methods = outages.map(({ recoveredBy }) => recoveredBy ?? 'nothing');
  say(`live again in one session after ${outages.length} outages, healed by ${methods.join(', ')}`);
  return methods.includes('nothing') ? ['an outage was healed by nothing'] : [];
}

function pick(lane: Lane, media: Media) {
  const client = lane.client(`own ${media}`);
  return { relay: client.relay, told: () => client.told(), outages: () => client.outages() };
}

/** Says what the page is told, until it is to end. */
async function printEvents(lane: Lane, media: Media, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  let printed = 0;
  for (;;) {
    const isLast = signal.aborted;
    const told: Told[] = await lane
      .client(`own ${media}`)
      .told()
      .catch(() => []);
    for (const { name, at, reconnect } of told.slice(printed)) {
      const why = reconnect ? ` ${explain(reconnect, at)}` : '';
      say(`told ${name}${why} (${new Date(at).toISOString().slice(11, 23)})`);
    }
    printed = Math.max(printed, told.length);
    if (isLast) return;
    // The end of the soak cuts the wait short.
    await delay(1_000, undefined, { signal }).catch(() => undefined);
  }
}

function explain({ cause, method, attempt, delay: wait, lostAt }: NonNullable<Told['reconnect']>, at: number): string {
  const silence = ((at - lostAt) / 1000).toFixed(2);
  return `${cause}, ${method} ${attempt}, in ${wait.toFixed(1)} s, ${silence} s after the last sign of life`;
}
