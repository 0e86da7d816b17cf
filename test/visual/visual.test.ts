/**
 * Pictures of the element beside those that were found to be right. After a wanted change `npm run visual:renew` takes
 * new ones. They hold for Chromium and the fonts of Debian.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Stage, type Look } from './support/stage.js';

const baselines = fileURLToPath(new URL('baseline/', import.meta.url));
const failures = fileURLToPath(new URL('../../.cache/visual/', import.meta.url));

/** How many of a thousand pixels may differ. */
const TOLERANCE = 1;

const NARROW: Look = { width: 320, colours: 'light' };
const WIDE: Look = { width: 768, colours: 'dark' };

const PICTURES: Record<string, [scene: string, look: Look]> = {
  idle: ['idle', NARROW],
  requesting: ['requesting', NARROW],
  previewing: ['previewing', NARROW],
  live: ['live', NARROW],
  slow: ['slow', NARROW],
  offline: ['offline', NARROW],
  reconnecting: ['reconnecting', NARROW],
  'reconnecting-muted': ['reconnecting-muted', NARROW],
  blocked: ['blocked', NARROW],
  settings: ['settings', NARROW],
  'settings-live': ['settings-live', NARROW],
  'muted-dark': ['muted', WIDE],
  'muted-speech-dark': ['muted-speech', WIDE],
  'output-dark': ['output', WIDE],
  'blocked-dark': ['blocked', WIDE],
  'camera-lost-dark': ['camera-lost', WIDE],
  'ending-dark': ['ending', WIDE],
  'stats-dark': ['stats', WIDE],
  'reconnecting-rtl': ['reconnecting', { ...NARROW, colours: 'dark', attributes: { lang: 'ar' } }],
  'settings-rtl': ['settings', { ...NARROW, attributes: { lang: 'ar' } }],
  'slow-forced-colours': ['slow', { ...NARROW, colours: 'forced' }],
  'muted-forced-colours': ['muted', { ...NARROW, colours: 'forced' }],
};

describe('The element looks as it did', () => {
  let stage: Stage;

  before(async () => (stage = await Stage.open()));
  after(() => stage.close());

  for (const [name, [scene, look]] of Object.entries(PICTURES)) {
    it(`in the picture ${name}`, async () => {
      const picture = await stage.shoot(scene, look);
      const baseline = `${baselines}${name}.png`;
      if (process.env['RENEW']) writeFileSync(baseline, picture);
      const differing = await stage.compare(picture, readFileSync(baseline));
      if (differing > TOLERANCE) {
        mkdirSync(failures, { recursive: true });
        writeFileSync(`${failures}${name}.png`, picture);
      }
      assert.ok(differing <= TOLERANCE, `${differing.toFixed(1)} ‰ of the pixels differ; see ${failures}${name}.png`);
    });
  }

  it('and a slightly other colour of one button would be seen', async () => {
    const css = 'nano-webcaster { --nano-webcaster-accent: oklch(56% 0.2 262); }';
    const changed = await stage.shoot('idle', { ...NARROW, css });
    const differing = await stage.compare(changed, await stage.shoot('idle', NARROW));
    assert.ok(differing > TOLERANCE, `only ${differing.toFixed(1)} ‰ of the pixels differ`);
  });

  it('and the same picture taken twice is the same', async () => {
    assert.equal(await stage.compare(await stage.shoot('live', WIDE), await stage.shoot('live', WIDE)), 0);
  });
});
