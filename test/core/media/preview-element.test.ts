import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestRig } from '../support/test-rig.js';

/** A `<video>` that counts how often it is given a stream and asked to play. */
class FakeVideo {
  paused = false;
  played = 0;
  assigned = 0;
  #stream: unknown = null;

  get srcObject(): unknown {
    return this.#stream;
  }

  set srcObject(stream: unknown) {
    this.assigned += 1;
    this.#stream = stream;
  }

  play(): Promise<void> {
    this.played += 1;
    return Promise.reject(new DOMException('not now', 'NotAllowedError'));
  }
}

describe("the preview in a page's video element", () => {
  it('C11: plays again when the page is shown, if it was paused, until the preview is stopped', async (test) => {
    const video = new FakeVideo();
    Object.assign(globalThis, { document: { getElementById: () => video } });
    test.after(() => Reflect.deleteProperty(globalThis, 'document'));
    const rig = new TestRig();
    void rig.user.startPreview({ elementId: 'preview' });
    await rig.clock.advance(0);
    rig.comeToForeground();
    assert.equal(video.played, 0, 'it plays');
    video.paused = true;
    rig.comeToForeground();
    await rig.clock.advance(0);
    assert.equal(video.played, 1);
    void rig.user.startPreview({ elementId: 'preview', videoDeviceConfig: { device: 1 } });
    await rig.clock.advance(0);
    assert.equal(video.assigned, 1, 'the same stream is not loaded again');
    rig.comeToForeground();
    assert.equal(video.played, 2, 'once for each');
    void rig.user.stopPreview();
    rig.comeToForeground();
    assert.equal(video.played, 2);
    assert.deepEqual(rig.reported, []);
  });
});
