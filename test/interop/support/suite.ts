import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launch, type BrowserName } from '../../support/browsers.js';
import { PageServer } from './interop-page.js';
import { isSelected } from '../../support/tier.js';
import { Lane } from './lane.js';
import { whyNot, type ServerName } from './servers.js';

/** Milliseconds after which something hangs. */
const MAX_TEST = 100_000;
/** Several pages at a time shorten the waiting. */
const PAGES_AT_A_TIME = 4;

export interface InteropTest {
  what: string;
  /** Whether the network in between can be made to fail. */
  relayed: boolean;
  run: (lane: Lane) => Promise<void>;
}

/**
 * Describes tests for every server in one browser: side by side, since they mostly wait. Where a server cannot be had
 * its tests are skipped, for a reason in one line.
 */
export function describeInterop(name: BrowserName, servers: Record<ServerName, InteropTest[]>): void {
  const onlyServer = process.env['SERVER'];
  if (!isSelected(false, name)) return;
  const all = Object.entries(servers) as [ServerName, InteropTest[]][];
  const tested = all.filter(([server]) => !onlyServer || server === onlyServer);
  describe(`In ${name}`, { concurrency: tested.length }, () => {
    const pages = new PageServer();
    before(() => pages.start());
    after(() => pages.stop());
    const browser = sharedBrowser(name);
    const concurrency = Math.ceil(PAGES_AT_A_TIME / tested.length);
    for (const [server, tests] of tested) {
      const missing = whyNot(server);
      if (missing) console.log(missing);
      describe(`a broadcast to ${server}`, { concurrency }, () => {
        for (const { what, relayed, run } of tests) {
          it(what, { timeout: MAX_TEST, skip: missing ?? false }, async () => {
            await Lane.run({ browser: await browser(), pages, name: server, relayed }, run);
          });
        }
      });
    }
  });
}

/** A browser that is started when it is first asked for, and ends with the suite. */
function sharedBrowser(name: BrowserName): () => Promise<Browser> {
  let browser: Promise<Browser> | undefined;
  after(async () => (await browser)?.close());
  return () => (browser ??= launch(name));
}
