import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../support/browsers.js';
import { selectedBrowsers } from '../support/tier.js';
import type { OutputMessage } from '../../demo/server/status-feed.js';
import { LabServer } from './support/lab-server.js';
import { misfits } from './support/shape.js';
import {
  CODES,
  METHODS,
  OPTIONS,
  PAYLOADS,
  UNUSED_CODES,
  UNUSED_EVENTS,
  V5_CODES,
  V5_EVENTS,
  V5_METHODS,
  type Row,
} from './table.js';

interface Result {
  /** Whether an event came inside the call. */
  wasInside: boolean;
  returned: unknown;
  outcome: 'fulfilled' | 'rejected';
  told: string[];
  warned: string[];
  event: unknown;
}

declare const lab: { errors: string[]; run(row: Row): Promise<Result>; end(): Promise<void> };

const TABLES = { methods: METHODS, options: OPTIONS, 'events and their payloads': PAYLOADS, codes: CODES };
const ALL = Object.values(TABLES).flat();

describe('The table', () => {
  it('has a row for every method of v5', () => {
    const called = new Set(METHODS.flatMap(({ calls }) => calls.map(([method]) => method)));
    assert.deepEqual(
      V5_METHODS.filter((method) => !called.has(method)),
      [],
    );
  });

  it('has a row for every event of v5, or a reason why it has none', () => {
    const names = ALL.map(({ event }) => (event as { name?: string } | undefined)?.name);
    const told = ALL.flatMap(({ told = [] }) => told.map((text) => text.replace(/ \d+$/, '')));
    assert.deepEqual(
      V5_EVENTS.filter((name) => (names.includes(name) || told.includes(name)) === name in UNUSED_EVENTS),
      [],
    );
  });

  it('has a row for every code of v5, or a reason why it has none', () => {
    const told = ALL.flatMap(({ told = [] }) => told.map((text) => Number(/ (\d+)$/.exec(text)?.[1])));
    assert.deepEqual(
      V5_CODES.filter((code) => told.includes(code) === code in UNUSED_CODES),
      [],
    );
  });
});

for (const browserName of selectedBrowsers(true)) {
  describe(`RtcUser in ${browserName}`, () => {
    const server = new LabServer();
    let browser: Browser;

    before(async () => {
      await server.start();
      browser = await launch(browserName);
    });

    after(async () => {
      await browser.close();
      await server.stop();
    });

    for (const [title, table] of Object.entries(TABLES)) {
      describe(title, () => {
        let page: Page;

        before(async () => {
          page = await browser.newPage();
          await page.exposeFunction('endSessions', () => server.endSessions());
          await page.exposeFunction('reportOutput', (message: OutputMessage) => server.reportOutput(message));
          await page.goto(server.url);
          await page.waitForFunction('window.lab');
        });

        after(async () => {
          assert.deepEqual(await page.evaluate(() => lab.errors), []);
          await page.evaluate(() => lab.end());
          await page.close();
        });

        for (const row of table.filter(({ only = browserName }) => only === browserName)) {
          it(`${row.scene}: ${row.row} → ${row.told?.join(', ') || 'no event'}`, async () => {
            const { wasInside, returned, outcome, told, warned, event } = await page.evaluate(
              (one) => lab.run(one),
              row,
            );
            assert.equal(wasInside, false, 'no event comes inside the call');
            const expected = row.told ?? [];
            // A row about an event leaves open what comes after it.
            assert.deepEqual(row.event ? told.slice(0, expected.length) : told, expected);
            if (row.event) assert.deepEqual(misfits(event, row.event), []);
            if (row.warns) assert.deepEqual([warned.length, warned[0]?.includes(row.warns)], [1, true], warned.join());
            if ('returns' in row) assert.deepEqual(misfits(returned, row.returns), []);
            const isOurs = !row.calls.at(-1)?.[0].startsWith('$');
            if (returned !== 'Promise' || !isOurs) return;
            const isError = expected.some((text) => / \d+$/.test(text));
            assert.equal(outcome, isError ? 'rejected' : 'fulfilled', 'the promise has the same outcome');
          });
        }
      });
    }
  });
}
