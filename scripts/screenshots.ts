/**
 * `npm run screenshots`: the element in every scene, at four widths, light, dark, from right to left and in forced
 * colours, into `.cache/screenshots` to look at, with one sheet for each width and look; and the picture of the README,
 * from the demo. `npm run screenshots -- live failed` takes only the scenes named.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from '../test/support/browsers.js';
import { DemoServer } from '../test/support/demo-server.js';
import { untilPlaying } from '../test/support/page.js';
import { Stage, type Look } from '../test/visual/support/stage.js';

const folder = fileURLToPath(new URL('../.cache/screenshots/', import.meta.url));
const picture = fileURLToPath(new URL('../docs/live.png', import.meta.url));

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

async function shootDemo(): Promise<void> {
  const server = new DemoServer();
  await server.start();
  const browser = await launch('chromium');
  try {
    const page = await browser.newPage();
    await page.setViewport({ width: 1080, height: 620 });
    await page.goto(`${server.url}/`);
    const start = await page.waitForSelector('nano-webcaster >>> .main');
    await start?.click();
    await untilPlaying(page);
    await page.screenshot({ path: picture as `${string}.png` });
  } finally {
    await browser.close();
    await server.end();
  }
}

const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
await shootScenes(wanted);
if (wanted.length === 0) await shootDemo();
console.log(`Screenshots are in ${folder}; the picture of the README is ${picture}`);
