import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launch, type BrowserName } from './browsers.js';
import { FaultRelay } from './fault-relay.js';
import { Scene } from './fault-relay-scene.js';
import type { StudioServer } from './fault-studio.js';
import { FaultyIngest } from './faulty-ingest.js';
import { selectedTests, type Register } from './tier.js';

/** An ingest that begins and ends with a test. */
export interface SceneServer extends StudioServer {
  start(): Promise<void>;
  stop(): Promise<void>;
}

type SceneTest<Server extends SceneServer> = [
  what: string,
  body: (scene: Scene<Server>) => Promise<void>,
  seconds?: number,
];

/** A page with its ingest takes about a third of a core, and three files run at a time. */
const PAGES_AT_A_TIME = 2;
const MAX_TEST = 90;

/** Describes a suite in every browser of `browsers`, side by side; each test has a page, a relay and an ingest of its own. */
export function describeBehindRelay<Server extends SceneServer = FaultyIngest>(
  browsers: readonly BrowserName[],
  title: string,
  suite: (test: Register<SceneTest<Server>>, name: BrowserName) => void,
  makeIngest: () => Server = () => new FaultyIngest() as unknown as Server,
): void {
  const wanted = browsers
    .map((name) => ({ name, tests: selectedTests(name, suite) }))
    .filter(({ tests }) => tests.length > 0);
  if (wanted.length === 0) return;
  describe(`${title}, behind a relay`, { concurrency: wanted.length }, () => {
    for (const { name, tests } of wanted) {
      describe(`in ${name}`, { concurrency: Math.ceil(PAGES_AT_A_TIME / wanted.length) }, () => {
        let browser: Browser;
        before(async () => {
          browser = await launch(name);
        });
        after(() => browser.close());
        for (const [what, body, seconds = MAX_TEST] of tests) {
          it(what, { timeout: seconds * 1000 }, async (context) => {
            context.diagnostic(await inScene(browser, makeIngest(), body));
          });
        }
      });
    }
  });
}

/** Runs a test, and checks what has to be so at the end of every test; returns what happened when. */
export async function inScene<Server extends SceneServer>(
  browser: Browser,
  ingest: Server,
  test: (scene: Scene<Server>) => Promise<void>,
): Promise<string> {
  await ingest.start();
  const relay = new FaultRelay(ingest.endpoint);
  await relay.start();
  // A window of its own keeps a page from being hidden behind another.
  const page = await browser.newPage({ type: 'window' });
  let scene: Scene<Server> | undefined;
  try {
    scene = await Scene.open(page, relay, ingest);
    await test(scene);
    const summary = await scene.summary();
    await scene.studio.end();
    return summary;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await scene?.course()}`, {
      cause: error,
    });
  } finally {
    await page.close();
    relay.stop();
    await ingest.stop();
  }
}
