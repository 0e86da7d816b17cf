import assert from 'node:assert/strict';
import type { ElementHandle, Frame, Page } from 'puppeteer-core';
import type {} from '../../src/index.js';

/** The fake cameras show bright colours; black as video has it is at 16. */
const DARKEST_PICTURE = 16;

/** The element takes two presses within this time for a double click (ms): a fast server can be live sooner. */
const DOUBLE_CLICK = 750;

/** Asks again until the answer is truthy. */
export async function until<T>(what: string, ask: () => Promise<T> | T, seconds = 30): Promise<NonNullable<T>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) assert.fail(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Resolves when the player of a demo page has shown 30 more frames of a picture that is not black. */
export async function untilPlaying(page: Page, seconds = 30): Promise<void> {
  const video = await page.waitForSelector('whep-player video');
  assert.ok(video);
  await until('the player has a picture', () => video.evaluate(({ videoWidth }) => videoWidth > 0), seconds);
  assert.ok(await showsFrames(video, 30, seconds), `the player has not shown 30 more frames within ${seconds} s`);
  assert.ok((await brightnessOf(video)) > DARKEST_PICTURE, 'the picture is black');
}

/** Resolves when the player of a demo page plays a black picture. */
export async function untilBlack(page: Page): Promise<void> {
  const video = await page.waitForSelector('whep-player video');
  assert.ok(video);
  await until('the player plays', () => video.evaluate(({ currentTime }) => currentTime > 1));
  await until('the picture is black', async () => (await brightnessOf(video)) <= DARKEST_PICTURE, 5);
}

/** Whether the player shows so many more frames within some seconds. */
function showsFrames(video: ElementHandle<HTMLVideoElement>, count: number, seconds: number): Promise<boolean> {
  return video.evaluate(
    async (element, wanted, milliseconds) => {
      const end = performance.now() + milliseconds;
      for (let left = wanted; left > 0; left--) {
        const hasCome = await new Promise<boolean>((resolve) => {
          element.requestVideoFrameCallback(() => resolve(true));
          setTimeout(() => resolve(false), end - performance.now());
        });
        if (!hasCome) return false;
      }
      return true;
    },
    count,
    seconds * 1000,
  );
}

/** The brightest of the mean colour channels, 0 to 255. */
function brightnessOf(video: ElementHandle<HTMLVideoElement>): Promise<number> {
  return video.evaluate((element) => {
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(element, 0, 0, 1, 1);
    return Math.max(...(context?.getImageData(0, 0, 1, 1).data.slice(0, 3) ?? [0]));
  });
}

/** Every error that a page's scripts raise and nobody handles, from now on. */
export function errorsOf(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => {
    const message = error instanceof Error ? error.message : String(error);
    // Firefox reports what CORS or the network stopped in the same way as an error of a script.
    if (!/^(Cross-Origin Request Blocked|WebRTC: ICE failed|Loading module from)/.test(message)) errors.push(message);
  });
  return errors;
}

/** Answers the browser's question whether to leave a page; returns how often it has asked. */
export function answerLeaving(page: Page, answer: 'leave' | 'stay' = 'leave'): () => number {
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked += 1;
    void (answer === 'leave' ? dialog.accept() : dialog.dismiss());
  });
  return () => asked;
}

/** Every `broadcast-status` of a page, noted from its beginning: a passing one is missed where the page is asked now and then. */
export async function noteStatuses(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluateOnNewDocument(() => {
    const statuses: string[] = [];
    Object.assign(window, { statuses });
    document.addEventListener('broadcast-status', ({ detail }) => statuses.push(detail.data.message));
    document.addEventListener('start-broadcast-success', () => statuses.push('StartBroadcastSuccess'));
  });
  return () => page.evaluate(() => (window as unknown as { statuses: string[] }).statuses);
}

/** The `status` of the page's `<nano-webcaster>`. */
export function statusOf(page: Page | Frame): Promise<string | null> {
  return page.$eval('nano-webcaster', (element) => element.getAttribute('status'));
}

/**
 * What `selector` finds as soon as it can be seen. Puppeteer looks again in each frame then; otherwise after a change in the
 * document alone, and what changes in a shadow root later stays unnoticed.
 */
export async function visible(page: Page | Frame, selector: string): Promise<ElementHandle> {
  const found = await page.waitForSelector(selector, { visible: true });
  assert.ok(found);
  return found;
}

/** Clicks what may not be there yet. */
export async function press(page: Page | Frame, selector: string): Promise<void> {
  await (await visible(page, selector)).click();
}

/** Goes live by the element's own button, as a person does. */
export async function goLive(page: Page | Frame): Promise<void> {
  await press(page, 'nano-webcaster >>> [part~="start-button"]');
  await until('it is live', async () => (await statusOf(page)) === 'broadcasting');
}

/** Ends the broadcast by the element's own buttons: it asks first, and takes no second click of a double click. */
export async function endBroadcast(page: Page | Frame): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, DOUBLE_CLICK));
  await press(page, 'nano-webcaster >>> [part~="stop-button"]');
  await press(page, 'nano-webcaster >>> [role=alertdialog] button.danger');
}

/** Has the elements of a page send a small picture: two cores serve browser, player and server. */
export async function makePictureSmall(page: Page): Promise<void> {
  await page.$$eval('nano-webcaster', (elements) => {
    for (const element of elements) Object.assign(element, { width: 320, height: 240, framerate: 15 });
  });
}
