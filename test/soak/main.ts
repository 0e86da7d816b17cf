/**
 * `npm run soak`: noise, or random faults, for a long time in both browsers at the same time, with video and with audio
 * alone. Prints every event; exits with 1 where something was wrong.
 */
import { parseArgs } from 'node:util';
import type { Media } from '../bench/lane.js';
import { launchForMany, PageServer } from '../bench/page-server.js';
import type { BrowserName } from '../support/browsers.js';
import { NOISE, soak } from './soak.js';

const HELP = `npm run soak [-- options]

${NOISE.loss * 100} % loss and up to ${NOISE.jitter} ms of delay between client and server: no alarm may be raised.

Options:
  --minutes N      how long (default 30)
  --cuts           random faults in place of that: at the end there must be one session, with media
  --seed N         of the random faults; by default another one each time, which is printed
  --browser NAME   chromium or firefox alone
  --media NAME     video or audio alone
  --help

The environment variable CDN names another folder with the built bundle.`;

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox'];
const MEDIA: readonly Media[] = ['video', 'audio'];

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      cuts: { type: 'boolean', default: false },
      seed: { type: 'string' },
      browser: { type: 'string' },
      media: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  const seconds = Number(values.minutes) * 60;
  const browsers = BROWSERS.filter((name) => !values.browser || name === values.browser);
  const media = MEDIA.filter((name) => !values.media || name === values.media);
  if (browsers.length === 0 || media.length === 0) throw new Error(HELP);
  console.log(`${values.minutes} minutes of ${values.cuts ? `random faults, seed ${seed}` : 'noise'}`);

  const pages = new PageServer();
  await pages.start();
  const begun = Date.now();
  const soakBrowser = async (name: BrowserName) => {
    const browser = await launchForMany(name);
    const soakPage = async (kind: Media, index: number) => {
      const title = `${name} ${kind}`;
      const say = (line: string) =>
        console.log(`${((Date.now() - begun) / 1000).toFixed(1).padStart(8)} ${title}: ${line}`);
      const wrong = await soak(pages, browser, kind, { seconds, hasCuts: values.cuts, seed: seed + index, say }).catch(
        (error: unknown) => [error instanceof Error ? error.message : String(error)],
      );
      return wrong.map((what) => `${title}: ${what}`);
    };
    try {
      return (await Promise.all(media.map(soakPage))).flat();
    } finally {
      await browser.close();
    }
  };
  const wrong = (await Promise.all(browsers.map(soakBrowser))).flat();
  pages.stop();
  console.log(wrong.length === 0 ? '\nAll was well.' : `\nWrong:\n  ${wrong.join('\n  ')}`);
  return wrong.length === 0 ? 0 : 1;
}

process.exitCode = await main();
