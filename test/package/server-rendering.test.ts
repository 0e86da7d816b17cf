import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../frameworks/support/lit-server.mjs', import.meta.url));

describe('Server rendering by Lit', () => {
  for (const controls of ['', 'controls']) {
    it(`D5: renders the element ${controls ? 'with' : 'without'} controls in Node, without an error`, () => {
      const { stdout, stderr, status } = spawnSync(process.execPath, [script, controls], { encoding: 'utf8' });
      assert.equal(status, 0, stderr);
      assert.equal(stderr, '');
      assert.match(stdout, /<template shadowroot="open" shadowrootmode="open"/);
      assert.match(stdout, /<video/);
      assert.equal(/<nano-webcaster[^>]* controls/.test(stdout), controls !== '');
      assert.match(stdout, /<span slot="idle">Ready when you are\.<\/span>/);
    });
  }

  for (const unset of [null, undefined]) {
    it(`takes ${unset} as mediaStream, of which Node has no class`, () => {
      const { stderr, status, stdout } = spawnSync(process.execPath, [script, String(unset)], { encoding: 'utf8' });
      assert.deepEqual([status, stderr], [0, '']);
      assert.match(stdout, /<video/);
    });
  }
});
