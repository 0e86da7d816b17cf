import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { AxeResults } from 'axe-core';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { launch } from '../../support/browsers.js';

/** How a picture is taken. */
export interface Look {
  /** CSS pixels that the element has. */
  width: number;
  colours: 'light' | 'dark' | 'forced';
  /** Beside `controls`. */
  attributes?: Record<string, string>;
  /** Without `controls`. */
  bare?: boolean;
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
    nano-webcaster { --nano-webcaster-font: 0.875rem/1.45 'DejaVu Sans', sans-serif; }
    .has-stream::part(preview) {
      background:
        radial-gradient(circle at 50% 44%, #d9ab86 0 13%, transparent 13.3%),
        radial-gradient(ellipse at 50% 112%, #3d5a78 0 44%, transparent 44.3%),
        linear-gradient(160deg, #dfe6ea 55%, #b9c4c2 55%);
    }
    .has-stream:state(video-muted)::part(preview) { background: #000; }
  </style>
  <style id="css"></style>
</html>`;

/** A page of Chromium with scenes of the element. */
export class Stage {
  readonly #browser: Browser;
  readonly #page: Page;
  /** Emulation ends with its session. */
  readonly #emulation: CDPSession;
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
    await page.addScriptTag({ path: fileURLToPath(import.meta.resolve('axe-core')) });
    const scenes = await page.evaluate(() => (window as unknown as { scenes: string[] }).scenes);
    return new Stage(browser, page, await page.createCDPSession(), scenes);
  }

  private constructor(browser: Browser, page: Page, emulation: CDPSession, scenes: readonly string[]) {
    this.#browser = browser;
    this.#page = page;
    this.#emulation = emulation;
    this.scenes = scenes;
  }

  /** Puts a scene on the stage. */
  async show(scene: string, { width, colours, attributes = {}, bare = false, css = '' }: Look): Promise<void> {
    const page = this.#page;
    await page.setViewport({ width: width + 16, height: 1000 });
    const features = [{ name: 'prefers-reduced-motion', value: 'reduce' }, ...FEATURES[colours]];
    await this.#emulation.send('Emulation.setEmulatedMedia', { features });
    await page.$eval('#css', (style, text) => (style.textContent = text), css);
    await page.evaluate(
      (name, given) => (window as unknown as { stage: (...args: unknown[]) => Promise<void> }).stage(name, given),
      scene,
      { ...(bare ? {} : { controls: '' }), ...attributes },
    );
  }

  /** A picture of a scene, as PNG. */
  async shoot(scene: string, look: Look): Promise<Buffer> {
    await this.show(scene, look);
    const element = await this.#page.waitForSelector('nano-webcaster');
    return Buffer.from((await element?.screenshot()) ?? '');
  }

  /** Pictures side by side, each with its name, as one PNG. */
  async layOut(pictures: readonly [name: string, picture: Buffer][], width: number): Promise<Buffer> {
    const page = await this.#browser.newPage();
    await page.setViewport({ width: 4 * (width + 12) + 12, height: 800 });
    const figures = pictures.map(([name, picture]) => {
      const url = `data:image/png;base64,${picture.toString('base64')}`;
      return `<figure style="margin:0"><figcaption>${name}</figcaption><img width="${width}" src="${url}"></figure>`;
    });
    await page.setContent(
      `<body style="display:flex;flex-wrap:wrap;gap:12px;align-items:start;font:12px sans-serif">${figures.join('')}`,
    );
    const sheet = Buffer.from(await page.screenshot({ fullPage: true }));
    await page.close();
    return sheet;
  }

  /** What axe finds in the scene that is shown, in words. */
  findBarriers(): Promise<string[]> {
    return this.#page.evaluate(async () => {
      const { axe } = window as unknown as { axe: { run: (selector: string) => Promise<AxeResults> } };
      const { violations } = await axe.run('nano-webcaster');
      return violations.flatMap(({ help, nodes }) => nodes.map(({ html }) => `${help}: ${html}`));
    });
  }

  /** What of the scene that is shown is wider than there is room, and cannot be scrolled to. */
  findOverflow(): Promise<string[]> {
    return this.#page.evaluate(() => {
      const host = document.querySelector('nano-webcaster');
      const right = host?.getBoundingClientRect().right ?? 0;
      return [...(host?.shadowRoot?.querySelectorAll('*') ?? [])]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > right + 1)
        .map((one) => `${one.tagName} ${one.className.toString()} ${one.textContent?.trim().slice(0, 40) ?? ''}`);
    });
  }

  /** How many of a thousand pixels of two pictures differ visibly; all of them where their sizes differ. */
  compare(one: Buffer, other: Buffer): Promise<number> {
    const pictures = [one, other].map((picture) => `data:image/png;base64,${picture.toString('base64')}`);
    return this.#page.evaluate(
      (given) => (window as unknown as { compare: (pictures: string[]) => Promise<number> }).compare(given),
      pictures,
    );
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
