/** What component tests cannot switch on: forced colours, and text of twice the size. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Stage } from './support/stage.js';

describe('Every scene of the element', () => {
  let stage: Stage;

  before(async () => (stage = await Stage.open()));
  after(() => stage.close());

  for (const colours of ['light', 'dark', 'forced'] as const) {
    it(`has no barrier that axe finds, in ${colours} colours`, async () => {
      for (const scene of stage.scenes) {
        await stage.show(scene, { width: 320, colours });
        assert.deepEqual(await stage.findBarriers(), [], scene);
      }
    });
  }

  it('has room for text of twice the size, at the width of a phone', async () => {
    for (const scene of stage.scenes) {
      await stage.show(scene, { width: 320, colours: 'light', css: ':root { font-size: 200%; }' });
      assert.deepEqual(await stage.findOverflow(), [], scene);
    }
  });

  it('and a barrier and an overflow would be found', async () => {
    const css =
      'nano-webcaster { --nano-webcaster-accent: #eee; } nano-webcaster::part(button) { min-width: 90vw; margin: 20px; }';
    await stage.show('idle', { width: 320, colours: 'light', css });
    assert.notDeepEqual(await stage.findBarriers(), []);
    assert.notDeepEqual(await stage.findOverflow(), []);
  });
});
