import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { launch } from '../../support/browsers.js';

/** How a picture is taken. */
export interface Look {
  /** CSS pixels that the element has. */
  width: number;
  colours: 'light' | 'dark' | 'forced';
  /** Beside `controls`. */
  attributes?: Record<string, string>;
  /** Styles of the page. */
  css?: string;
}

const FEATURES = {
  light: [{ name: 'prefers-color-scheme', value: 'light' }],
  dark: [{ name: 'prefers-color-scheme', value: 'dark' }],
  forced: [{ name: 'forced-colors', value: 'active' }],
};

// A font that Debian's browsers bring along, and a picture that no decoder has a part in.
const PAGE = `<!doctype html>
<html lang="en">
  <style>
    :root { color-scheme: light dark; }
    body { margin: 0; padding: 8px; }
    nano-webcaster { --nano-webcaster-font: 1rem/1.4 'DejaVu Sans', sans-serif; }
    nano-webcaster::part(preview) { background: linear-gradient(160deg, #24445c, #b5764a); }
  </style>
  <style id="css"></style>
</html>`;

/** A page of Chromium with scenes of the element. */
export class Stage {
  readonly #browser: Browser;
  readonly #page: Page;
  readonly scenes: readonly string[];

  static async open(): Promise<Stage> {
    const entryPoint = fileURLToPath(new URL('scenes.ts', import.meta.url));
    const tsconfig = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [entryPoint],
      bundle: true,
      write: false,
      tsconfig,
      ignoreAnnotations: true,
    });
    const browser = await launch('chromium');
    const page = await browser.newPage();
    await page.setContent(PAGE);
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const scenes = await page.evaluate(() => (window as unknown as { scenes: string[] }).scenes);
    return new Stage(browser, page, scenes);
  }

  private constructor(browser: Browser, page: Page, scenes: readonly string[]) {
    this.#browser = browser;
    this.#page = page;
    this.scenes = scenes;
  }

  /** A picture of a scene, as PNG. */
  async shoot(scene: string, { width, colours, attributes = {}, css = '' }: Look): Promise<Buffer> {
    const page = this.#page;
    await page.setViewport({ width: width + 16, height: 1000 });
    const client = await page.createCDPSession();
    const features = [{ name: 'prefers-reduced-motion', value: 'reduce' }, ...FEATURES[colours]];
    await client.send('Emulation.setEmulatedMedia', { features });
    await page.$eval('#css', (style, text) => (style.textContent = text), css);
    await page.evaluate(
      (name, given) => (window as unknown as { stage: (...args: unknown[]) => Promise<void> }).stage(name, given),
      scene,
      { controls: '', ...attributes },
    );
    const element = await page.waitForSelector('nano-webcaster');
    const picture = await element?.screenshot();
    // The emulation ends with its session.
    await client.detach();
    return Buffer.from(picture ?? '');
  }

  /** How many of a thousand pixels of two pictures differ visibly; all of them where their sizes differ. */
  compare(one: Buffer, other: Buffer): Promise<number> {
    return this.#page.evaluate(
      async (...pictures) => {
        const [first, second] = await Promise.all(
          pictures.map(async (picture) => {
            const blob = await (await fetch(`data:image/png;base64,${picture}`)).blob();
            const bitmap = await createImageBitmap(blob);
            const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
            context?.drawImage(bitmap, 0, 0);
            return context?.getImageData(0, 0, bitmap.width, bitmap.height) as ImageData;
          }),
        );
        if (!first || !second || first.width !== second.width || first.height !== second.height) return 1000;
        // Less than this, of 255, the eye hardly sees, and drawing is not always the same.
        const isOther = (at: number) => Math.abs((first.data[at] ?? 0) - (second.data[at] ?? 0)) > 8;
        let differing = 0;
        for (let at = 0; at < first.data.length; at += 4) {
          if (isOther(at) || isOther(at + 1) || isOther(at + 2)) differing += 1;
        }
        return (differing * 4000) / first.data.length;
      },
      one.toString('base64'),
      other.toString('base64'),
    );
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
