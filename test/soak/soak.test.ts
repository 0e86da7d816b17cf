import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchForMany, PageServer } from '../bench/page-server.js';
import { soak } from './soak.js';

/** Long enough for some faults, each of which may strike while the one before is being healed. */
const SECONDS = 60;
const SEED = 7;

for (const name of ['chromium', 'firefox'] as const) {
  describe(`Random faults in ${name}`, () => {
    const pages = new PageServer();
    let browser: Browser;
    before(async () => {
      await pages.start();
      browser = await launchForMany(name);
    });
    after(async () => {
      await browser.close();
      pages.stop();
    });

    it('end in one session with media', { timeout: 200_000 }, async (context) => {
      const say = (line: string) => context.diagnostic(line);
      assert.deepEqual(await soak(pages, browser, 'video', { seconds: SECONDS, hasCuts: true, seed: SEED, say }), []);
    });
  });
}
