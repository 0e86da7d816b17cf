/**
 * `npm run screenshots`: the element in every scene, at four widths, light, dark, from right to left and in forced
 * colours, into `.cache/screenshots` to look at, with one sheet for each width and look; and the pictures of the gallery,
 * from its pages while they are live. `npm run screenshots -- live failed` takes only the
 * scenes named, and `-- gallery` the gallery alone.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from '../test/support/browsers.js';
import { DemoServer } from '../test/support/demo-server.js';
import { goLive, press, statusOf, until } from '../test/support/page.js';
import { Stage, type Look } from '../test/visual/support/stage.js';

const folder = fileURLToPath(new URL('../.cache/screenshots/', import.meta.url));
const gallery = fileURLToPath(new URL('../demo/gallery/', import.meta.url));

const WIDTHS = [280, 360, 768, 1280];
const LOOKS: Record<string, Omit<Look, 'width'>> = {
  light: { colours: 'light' },
  dark: { colours: 'dark' },
  rtl: { colours: 'light', attributes: { lang: 'ar' } },
  forced: { colours: 'forced' },
};

async function shootScenes(wanted: readonly string[]): Promise<void> {
  const stage = await Stage.open();
  const scenes = stage.scenes.filter((scene) => wanted.length === 0 || wanted.includes(scene));
  try {
    for (const width of WIDTHS) {
      for (const [name, look] of Object.entries(LOOKS)) {
        const shots: [string, Buffer][] = [];
        for (const scene of scenes) {
          const shot = await stage.shoot(scene, { ...look, width });
          writeFileSync(`${folder}${scene}-${width}-${name}.png`, shot);
          shots.push([scene, shot]);
        }
        writeFileSync(`${folder}sheet-${width}-${name}.png`, await stage.layOut(shots, Math.min(width, 420)));
      }
    }
  } finally {
    await stage.close();
  }
}

async function shootGallery(): Promise<void> {
  const server = new DemoServer();
  await server.start();
  const browser = await launch('chromium');
  mkdirSync(`${gallery}pictures`, { recursive: true });
  try {
    for (const file of readdirSync(gallery).filter((name) => name.endsWith('.html') && !/^(index|frame)/.test(name))) {
      const page = await browser.newPage();
      await page.setViewport({ width: 640, height: 360 });
      await page.goto(`${server.url}/gallery/${file}`);
      // A white margin would be an edge on dark pages.
      for (const each of page.frames()) await each.addStyleTag({ content: 'body { margin: 0; }' });
      const frame = page.frames()[1] ?? page;
      if (file === 'own-buttons.html') await press(page, '[command="--start"]');
      else if (file !== 'kiosk.html') await goLive(frame);
      if (file === 'two-broadcasts.html') await press(page, '[source=screen] >>> [part~="start-button"]');
      await until(`${file} is live`, async () => (await statusOf(frame)) === 'broadcasting');
      await new Promise((resolve) => setTimeout(resolve, 1500));
      const path = `${gallery}pictures/${file.replace('.html', '.webp')}` as `${string}.webp`;
      await page.screenshot({ path, quality: 60 });
      await page.close({ runBeforeUnload: false });
    }
  } finally {
    await browser.close();
    await server.end();
  }
}

const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
if (!wanted.includes('gallery')) await shootScenes(wanted);
if (wanted.length === 0 || wanted.includes('gallery')) await shootGallery();
console.log(`Screenshots are in ${folder}; the pictures of the gallery in ${gallery}pictures`);
