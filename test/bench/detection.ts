import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import type { BrowserName } from '../support/browsers.js';
import { Lane, sideBySide, type Media } from './lane.js';
import { median, rounded, worst, type Missed } from './numbers.js';
import type { PageServer } from './page-server.js';

/** Seconds until a silent path is told of. */
export const DETECTION_BUDGET: Record<Media, number> = { video: 2.5, audio: 5 };
/** Seconds that the detector has to get to know the path: reports on audio alone are rare. */
const WARM_UP = 15;
/** Seconds in which browsers give a silent path up. */
const LONGEST = { chromium: 22, firefox: 34 };

export interface DetectionResult {
  media: Media;
  /** Seconds from the cut until our client told of it: the middle one and the longest. */
  told: number | null;
  longest: number | null;
  /** Seconds until the browser itself said so. */
  disconnected: number | null;
  failed: number | null;
  budget: number;
}

interface Trial {
  told: number | null;
  disconnected: number | null;
  failed: number | null;
}

/** How long it takes to notice that a path has fallen silent, beside what the browser notices by itself. */
export async function measureDetection(
  pages: PageServer,
  browser: Browser,
  name: BrowserName,
  rounds: number,
): Promise<DetectionResult[]> {
  const trials = await sideBySide(
    Array.from({ length: rounds }, () => () => trial(pages, browser, name)),
    2,
  );
  return (['video', 'audio'] as const).map((media) => {
    const all = (key: keyof Trial) => trials.map((one) => one[media][key]);
    return {
      media,
      told: rounded(median(all('told'))),
      longest: rounded(worst(all('told'))),
      disconnected: rounded(median(all('disconnected'))),
      failed: rounded(median(all('failed'))),
      budget: DETECTION_BUDGET[media],
    };
  });
}

export function missedDetections(name: BrowserName, results: readonly DetectionResult[]): Missed[] {
  return results
    .filter(({ told, budget }) => told === null || told > budget)
    .map(({ media, told, budget }) => `detection with ${media} in ${name}: ${told ?? 'never'} s, budget ${budget} s`);
}

async function trial(pages: PageServer, browser: Browser, name: BrowserName): Promise<Record<Media, Trial>> {
  const lane = await Lane.open(pages, browser, ['own video', 'own audio', 'bare video', 'bare audio']);
  try {
    await delay(WARM_UP * 1000);
    const cutAt = Date.now();
    lane.each((relay) => relay.blackOut());
    const seconds = (at: number | null) => (at === null ? null : (at - cutAt) / 1000);
    const of = async (media: Media): Promise<Trial> => {
      const when = async (client: string, names: string[]) =>
        seconds(await lane.client(`${client} ${media}`).whenTold(cutAt, names, LONGEST[name]));
      const told = await when('own', ['reconnecting_broadcast']);
      const disconnected = await when('bare', ['disconnected', 'failed']);
      const failed = await when('bare', ['failed']);
      return { told, disconnected, failed };
    };
    const [video, audio] = await Promise.all([of('video'), of('audio')]);
    return { video, audio };
  } finally {
    await lane.close();
  }
}
