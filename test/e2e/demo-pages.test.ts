import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { after, before, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import type {} from '../../src/index.js';
import { launch } from '../support/browsers.js';
import { DemoServer } from '../support/demo-server.js';
import { answerLeaving, endBroadcast, errorsOf, goLive, press, until, untilPlaying, visible } from '../support/page.js';
import { describeInChromium } from '../support/tier.js';

const gallery = fileURLToPath(new URL('../../demo/gallery/', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How much a page has moved while it loaded, without anybody's doing: below 0.1 is good. */
function layoutShift(page: Page): Promise<number> {
  return page.evaluate(async () => {
    type LayoutShift = PerformanceEntry & { value: number };
    const entries = await new Promise<LayoutShift[]>((resolve) => {
      const observer = new PerformanceObserver((list) => resolve(list.getEntries() as LayoutShift[]));
      observer.observe({ type: 'layout-shift', buffered: true });
      setTimeout(() => resolve([]), 100);
    });
    return entries.reduce((sum, { value }) => sum + value, 0);
  });
}

/** The rules that axe finds violated, with the elements. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      nodes: { html: string }[];
    }
    const found = await axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

describeInChromium.quick('the pages of the demo', {}, () => {
  const server = new DemoServer();
  let browser: Browser;
  let page: Page;
  let errors: string[];
  /** Red and yellow lines in the console of the page. */
  let logged: string[];

  before(async () => {
    await server.start();
    browser = await launch('chromium');
  });

  after(async () => {
    await browser.close();
    await server.end();
  });

  const phone = { width: 360, height: 740 };

  const open = async (path: string, viewport = { width: 800, height: 600 }) => {
    page = await browser.newPage();
    errors = errorsOf(page);
    const lines: string[] = (logged = []);
    page.on(
      'console',
      (message) =>
        ['error', 'warn'].includes(message.type()) && lines.push(`${message.text()} ${message.location().url}`),
    );
    answerLeaving(page);
    await page.setViewport(viewport);
    await page.goto(`${server.url}${path}`);
  };

  const isLive = (status: string | null) => status === 'broadcasting';
  const statuses = () =>
    page.$$eval('nano-webcaster', (elements) => elements.map((element) => element.getAttribute('status')));

  const close = async () => {
    await page.close({ runBeforeUnload: false });
    assert.deepEqual(errors, []);
    await until('no session is left', async () => (await server.sessions()).length === 0);
  };

  it('go live with a drawn camera on the landing page, and draw an outage with its seconds', async () => {
    await open('/');
    assert.deepEqual(await violations(page), []);
    const told = () => page.$eval('fault-panel [role=status]', ({ textContent }) => textContent);
    await press(page, 'fault-panel ::-p-text(Kill the session)');
    await until('the panel says why not', async () => /^Nobody publishes/.test(await told()));
    await goLive(page);
    assert.equal(await told(), '', 'what the panel said is no longer true');
    await untilPlaying(page);
    assert.deepEqual(logged, []);
    await press(page, 'fault-panel ::-p-text(Kill the session)');
    await visible(page, 'outage-timeline ::-p-text(Back after)');
    assert.ok(await page.$('outage-timeline .track .lost'));
    // The total of the bar is the measurement of the list.
    const [seconds] = await page.$eval('outage-timeline li', ({ textContent }) => /[\d.]+ s/.exec(textContent) ?? []);
    await visible(page, `outage-timeline .lane small ::-p-text(${seconds ?? ''} without a connection)`);
    await untilPlaying(page);
    await press(page, 'fault-panel ::-p-text(Cut media)');
    await page.waitForSelector('whep-player[data-state=Playing][data-frozen]');
    await page.waitForSelector('whep-player[data-state=Playing]:not([data-frozen])');
    await close();
  });

  it('turn choices in the playground into code, an element and an address', async () => {
    await open('/playground.html');
    await page.waitForSelector('nano-webcaster[controls]');
    assert.deepEqual(await violations(page), []);
    assert.ok(
      (await page.$eval('#code', ({ textContent }) => textContent)).includes(
        `server="${server.url}/whip/{streamname}"`,
      ),
    );
    await page.select('[name=framework]', 'react');
    await page.$eval('[name=width]', (input) => {
      (input as HTMLInputElement).value = '640';
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    const code = () => page.$eval('#code', ({ textContent }) => textContent);
    assert.match(await code(), /<nano-webcaster\n[^]*width="640"[^]*\/>/);
    assert.equal(await page.$eval('nano-webcaster', ({ width }) => width), 640);
    await page.reload();
    await page.waitForSelector('nano-webcaster[width="640"]');
    assert.match(await code(), /export function Studio/);
    await page.select('[name=server-kind]', 'MediaMTX');
    await visible(page, '#placeholders ::-p-text(replace HOST)');
    await page.select('[name=server-kind]', 'The development server');
    assert.equal(await page.$eval('#placeholders', ({ textContent }) => textContent), '');
    await goLive(page);
    await close();
  });

  for (const [path, ready] of [
    ['/rtc-user.html', '.log li'],
    ['/themes.html', '.sand >>> [part~="start-button"]'],
  ] as const) {
    it(`load without moving and without a line in the console: ${path}`, async () => {
      await open(path, phone);
      await visible(page, ready);
      assert.ok((await layoutShift(page)) < 0.1);
      assert.deepEqual(logged, []);
      await close();
    });
  }

  it('keep the code of the playground in sight on a phone, load its language, and name what the element refuses', async () => {
    await open('/playground.html', phone);
    const last = await page.waitForSelector('[name=lang]');
    await visible(page, 'nano-webcaster >>> [part~="start-button"]');
    assert.ok((await layoutShift(page)) < 0.1);
    await last?.evaluate((input) => input.scrollIntoView({ block: 'center' }));
    for (const selector of ['#code', '[name=lang]']) {
      const isSeen = await page.$eval(selector, (element) => {
        const { left, top } = element.getBoundingClientRect();
        return element.contains(document.elementFromPoint(left + 4, top + 4));
      });
      assert.ok(isSeen, selector);
    }
    const code = () => page.$eval('#code', ({ textContent }) => textContent);
    const refusal = (name: string) => page.$eval(`#refusal-${name}`, ({ textContent }) => textContent);
    const fill = (name: string, value: string) =>
      page.$eval(
        `[name=${name}]`,
        (input, text) => {
          (input as HTMLInputElement).value = text;
          input.dispatchEvent(new Event('input', { bubbles: true }));
        },
        value,
      );
    await page.select('[name=lang]', 'de');
    await visible(page, 'nano-webcaster >>> .base[lang=de]');
    assert.match(await code(), /<script type="module" src="languages\/de\.min\.js"><\/script>\n[^]* lang="de"/);
    await visible(page, '#files ::-p-text(cdn/languages/de.min.js)');

    await fill('width', '99999');
    assert.equal(await refusal('width'), 'width must be a number from 320 to 3840; using 1280.');
    assert.equal(await page.$eval('[name=width]', (input) => input.ariaInvalid), 'true');
    assert.doesNotMatch(await code(), /width/);
    await fill('width', '640');
    assert.equal(await refusal('width'), '');
    assert.match(await code(), /width="640"/);
    await fill('reconnect-min-delay', '9');
    assert.match(await refusal('reconnect-min-delay'), /^reconnect-min-delay is above reconnect-max-delay;/);
    assert.doesNotMatch(await code(), /reconnect/);
    await fill('reconnect-max-delay', '10');
    assert.equal(await refusal('reconnect-min-delay'), '');

    await page.select('[name=server-kind]', 'nanoStream Cloud');
    assert.match(await code(), /width="1280"\n *height="720"\n *framerate="25"[^]*video-bitrate="2000"/);
    await page.select('[name=server-kind]', 'Janus');
    assert.doesNotMatch(await code(), /framerate|video-bitrate/);
    await visible(page, '#placeholders ::-p-text(replace HOST, ID and ENDPOINT-TOKEN in)');
    assert.deepEqual(logged, []);
    await close();
  });

  it('watch any stream in a tab of its own, from before it starts', async () => {
    const viewer = await browser.newPage();
    const viewerErrors = errorsOf(viewer);
    await viewer.goto(`${server.url}/whep/own-buttons`);
    assert.equal(viewer.url(), `${server.url}/watch/?stream=own-buttons`);
    await visible(viewer, 'whep-player[data-state="Waiting for the stream"]');
    assert.ok((await layoutShift(viewer)) < 0.1);
    assert.deepEqual(await violations(viewer), []);
    await open('/gallery/own-buttons.html');
    await press(page, '[command="--start"]');
    await until('it is live', async () => (await statuses()).every(isLive));
    // A tab in the background draws no frames.
    await viewer.bringToFront();
    await untilPlaying(viewer);
    await viewer.close();
    assert.deepEqual(viewerErrors, []);
    await close();
  });

  it('leave no error in the console of an everyday use: watch before it starts, go live, end', async () => {
    await open('/', { width: 1280, height: 900 });
    await visible(page, 'whep-player[data-state="Waiting for the stream"]');
    await visible(page, 'nano-webcaster >>> [part~="start-button"]');
    assert.ok((await layoutShift(page)) < 0.1);
    const [left = 0, right = 0] = await page.$$eval('.hero .hint', (lines) =>
      lines.map((line) => line.getBoundingClientRect().top),
    );
    assert.ok(Math.abs(left - right) <= 2, `the lines below the videos are at ${left} and ${right}`);
    await goLive(page);
    await untilPlaying(page);
    await endBroadcast(page);
    await until('it has ended', async () => (await statuses()).every((status) => status === 'idle'));
    await visible(page, 'whep-player[data-state="Waiting for the stream"]');
    // A DELETE may be answered after the element is idle.
    await until('no session is left', async () => (await server.sessions()).length === 0);
    assert.deepEqual(logged, []);
    await close();
  });

  it('ask for a name to watch', async () => {
    await open('/watch/');
    assert.equal(await page.$('whep-player'), null);
    const boxes = await page.$$eval('form input, form button', (all) =>
      all.map((each) => each.getBoundingClientRect()).map(({ top, bottom }) => [top, bottom]),
    );
    assert.deepEqual(boxes[0], boxes[1], 'the button is as high as the input, and beside it');
    assert.deepEqual(await violations(page), []);
    await page.type('[name=stream]', 'studio');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await visible(page, 'whep-player[data-state="Waiting for the stream"]');
    await close();
  });

  for (const height of [844, 700]) {
    it(`fill a phone of 390 × ${height} with the page made for it, before and while live`, async () => {
      await open('/gallery/phone-first.html');
      await page.setViewport({ width: 390, height });
      const boxOf = async (part: string) => {
        const box = await (await visible(page, `nano-webcaster >>> [part~=${part}]`)).boundingBox();
        return [box?.x, box?.y, box?.width, (box?.y ?? 0) + (box?.height ?? 0)];
      };
      const layout = async () => {
        // The bar comes with a module of its own, and takes its room from the preview.
        const bar = await boxOf('bar');
        const preview = await boxOf('preview');
        const scrolled = await page.$eval(':root', ({ scrollHeight, scrollWidth }) => [scrollWidth, scrollHeight]);
        return { scrolled, preview, bar };
      };
      const assertFilled = ({ scrolled, preview, bar }: Awaited<ReturnType<typeof layout>>) => {
        assert.deepEqual(scrolled, [390, height]);
        assert.deepEqual(preview, [0, 0, 390, bar?.[1]]);
        assert.deepEqual([bar?.[0], bar?.[2], bar?.[3]], [0, 390, height]);
      };
      assertFilled(await layout());
      await goLive(page);
      assertFilled(await layout());
      const fit = await page.$eval('nano-webcaster >>> [part~=preview]', (video) => getComputedStyle(video).objectFit);
      assert.equal(fit, 'cover');
      await close();
    });
  }

  it('show no text of a slot while the script is not there', async () => {
    page = await browser.newPage();
    await page.setRequestInterception(true);
    page.on('request', (request) => void (request.url().includes('.min.js') ? request.abort() : request.continue()));
    for (const path of ['/gallery/own-messages.html', '/gallery/kiosk.html', '/gallery/audio-only.html', '/cms.html']) {
      await page.goto(`${server.url}${path}`);
      const texts = await page.$$eval('nano-webcaster', (tags) => tags.map(({ innerText }) => innerText));
      assert.deepEqual(texts, [''], path);
      assert.ok(await page.$('nano-webcaster:not(:defined) > [slot]'), path);
    }
    await page.close();
  });

  for (const name of readdirSync(gallery).filter((file) => file.endsWith('.html') && file !== 'index.html')) {
    it(`work as files to copy: ${name}`, async () => {
      const source = readFileSync(gallery + name, 'utf8');
      assert.doesNotMatch(source, /localhost|["']\/(whip|whep|cdn)\//, 'no address of the demo');
      await open(`/gallery/${name}`);
      if (name === 'embedded.html') {
        const frame = await until('the frame is there', () => page.frames().find((one) => /frame/.test(one.url())));
        await goLive(frame ?? page);
      } else if (name === 'own-buttons.html') {
        await press(page, '[command="--start"]');
      } else if (name !== 'kiosk.html') {
        await goLive(page);
      }
      if (name === 'two-broadcasts.html') await press(page, 'nano-webcaster[source=screen] >>> [part~="start-button"]');
      if (name !== 'embedded.html') await until('all are live', async () => (await statuses()).every(isLive));
      await close();
    });
  }
});
