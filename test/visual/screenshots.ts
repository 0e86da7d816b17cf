/**
 * `npm run screenshots`: the element in every scene, at four widths, light, dark, from right to left and in forced
 * colours, into `.cache/screenshots` to look at, with one sheet for each width and look. `npm run screenshots -- live failed`
 * takes only the scenes named.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Stage, type Look } from './support/stage.js';

const folder = fileURLToPath(new URL('../../.cache/screenshots/', import.meta.url));

const WIDTHS = [280, 360, 768, 1280];
const LOOKS: Record<string, Omit<Look, 'width'>> = {
  light: { colours: 'light' },
  dark: { colours: 'dark' },
  rtl: { colours: 'light', attributes: { lang: 'ar' } },
  forced: { colours: 'forced' },
};

const wanted = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
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
console.log(`Screenshots are in ${folder}`);
