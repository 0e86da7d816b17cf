import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { FakeFfmpeg } from '../support/fake-ffmpeg.js';
import { errorsOf, goLive, makePictureSmall, noteStatuses, press, until, untilPlaying } from '../support/page.js';
import { describeInChromium } from '../support/tier.js';

const HIDDEN = { hidden: true, timeout: 5000 };

describeInChromium('The fault panel of the demo', {}, () => {
  const ffmpeg = new FakeFfmpeg();
  let server: DemoServer;
  let browser: Browser;

  before(async () => {
    await ffmpeg.start();
    server = new DemoServer({ FFMPEG: ffmpeg.program });
    await server.start();
    browser = await launch('chromium');
  });

  after(async () => {
    await browser.close();
    await server.end();
    await ffmpeg.end();
  });

  it('breaks the stream on purpose, which then comes back by itself', async () => {
    const page = await browser.newPage();
    const errors = errorsOf(page);
    const statuses = await noteStatuses(page);
    const refused: string[] = [];
    page.on('response', (response) => {
      if (new URL(response.url()).pathname === '/api/faults' && !response.ok()) refused.push(response.statusText());
    });
    await page.goto(`${server.url}/`);
    await makePictureSmall(page);
    const breakBy = (label: string) => press(page, `fault-panel ::-p-text(${label})`);
    const panel = () => page.$eval('fault-panel [role=status]', ({ textContent }) => textContent);

    await breakBy('Kill the session');
    await until(
      'the panel says why not',
      async () => (await panel()) === 'Nobody publishes this stream at the moment.',
    );

    await press(page, 'nano-webcaster >>> [part~="start-button"]');
    await untilPlaying(page);
    assert.equal(await panel(), '', 'the panel says so only while it is true');
    // The cut comes first: a session that has just begun knows no report yet, and waits longer than the cut lasts.
    for (const label of ['Cut media', 'Refuse with 503']) {
      const { length } = await statuses();
      await breakBy(label);
      await until(`${label} is noticed`, async () => (await statuses()).includes('reconnecting_broadcast', length));
      await until('the broadcast is back', async () => (await statuses()).at(-1) === 'broadcasting', 60);
    }
    await untilPlaying(page);
    assert.equal((await server.sessions()).length, 1);
    const list = () => page.$$eval('outage-timeline li', (items) => items.map(({ textContent }) => textContent));
    const [refusal = '', cut = ''] = await list();
    assert.match(cut, /^Back after [\d.]+ s, [\d.]+ s after the path returned: /);
    assert.match(refusal, /^Back after [\d.]+ s, [\d.]+ s after the server accepted sessions again: new session/);
    const log = await page.$eval('.log', ({ textContent }) => textContent);
    assert.match(log, /reconnecting_broadcast: cause network, ICE restart (now|in [\d.]+ s)/);
    assert.match(log, /reconnecting_broadcast: cause server, attempt [1-9]\d* of 60 (now|in [\d.]+ s)/);
    assert.doesNotMatch(log, /attempt 0|in 0\.0 s/);
    assert.deepEqual(refused, []);
    assert.deepEqual(errors, []);
    await page.close();
    await until('the session is gone', async () => (await server.sessions()).length === 0, 30);
  });

  it('cuts the RTMP output where the page names one, and offers it nowhere else', async () => {
    const page = await browser.newPage();
    const errors = errorsOf(page);
    const statuses = await noteStatuses(page);
    await page.goto(`${server.url}/`);
    await makePictureSmall(page);
    const button = await page.waitForSelector('::-p-aria([name="Drop the RTMP output"][role="button"])', HIDDEN);
    assert.equal(button, null);

    await page.locator('summary ::-p-text(RTMP output and events)').click();
    await page.locator('::-p-aria([name="RTMP output (optional)"][role="textbox"])').fill(ffmpeg.application);
    await page.locator('::-p-aria([name="Stream name"][role="textbox"])').fill('KEY');
    await goLive(page);
    assert.equal((await ffmpeg.running()).length, 1);
    await press(page, '::-p-aria([name="Drop the RTMP output"][role="button"])');
    await until('the page is told', async () => (await statuses()).includes('reconnecting'));
    await until('it is back', async () => (await statuses()).at(-1) === 'broadcasting');
    assert.equal((await ffmpeg.all()).length, 2);
    assert.deepEqual(errors, []);
    await page.close();
    await until('ffmpeg is gone', async () => (await ffmpeg.running()).length === 0, 30);
  });
});
