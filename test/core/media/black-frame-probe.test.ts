import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isNothing } from '../../../src/core/media/black-frame-probe.js';
import { FakeCanvas } from '../support/fake-media.js';
import { TestRig } from '../support/test-rig.js';

/** A `<video>` and a `<canvas>` that show what a test says. */
class FakePicture extends FakeCanvas {
  override frames = 0;
  brightest = 200;
  isMoving = true;
  readonly video = {
    paused: true,
    srcObject: null as unknown,
    ownerDocument: { hidden: false },
    play: () => Promise.resolve(void (this.video.paused = false)),
    getVideoPlaybackQuality: () => ({ totalVideoFrames: (this.frames += this.isMoving ? 30 : 0) }),
  };

  override getContext(): object {
    const data = () => [0, 0, 0, 255, 0, this.brightest, 0, 255];
    return { canvas: this, drawImage: () => undefined, getImageData: () => ({ data: data() }) };
  }
}

async function preview(): Promise<{ rig: TestRig; picture: FakePicture; told: () => string[] }> {
  const picture = new FakePicture();
  const rig = new TestRig(
    {},
    {
      createVideo: () => picture.video as unknown as HTMLVideoElement,
      createCanvas: () => picture as unknown as HTMLCanvasElement,
    },
  );
  void rig.user.startPreview();
  await rig.clock.advance(20_000);
  const told = () => rig.all('CaptureStatus').map(({ data }) => `${data.state} ${data.device}`);
  assert.deepEqual(told(), []);
  return { rig, picture, told };
}

describe('a camera that delivers nothing', () => {
  for (const [what, change] of [
    ['a black picture', { brightest: 16 }],
    ['no frames', { isMoving: false }],
  ] as const) {
    it(`is told of after some seconds of ${what}, and when it is over`, async () => {
      const { rig, picture, told } = await preview();
      Object.assign(picture, change);
      await rig.clock.advance(3_000);
      assert.deepEqual(told(), [], 'not at once');
      await rig.clock.advance(60_000);
      assert.deepEqual(told(), ['silent Front camera']);
      Object.assign(picture, { brightest: 200, isMoving: true });
      await rig.clock.advance(3_000);
      assert.deepEqual(told(), ['silent Front camera', 'live Front camera']);
    });
  }

  it('is still told of after the system has paused it', async () => {
    const { rig, picture, told } = await preview();
    Object.assign(picture, { brightest: 16 });
    await rig.clock.advance(10_000);
    rig.devices.liveTracks('Front camera')[0]?.setMuted(true);
    await rig.clock.advance(100);
    rig.devices.liveTracks('Front camera')[0]?.setMuted(false);
    await rig.clock.advance(60_000);
    assert.deepEqual(told(), ['silent Front camera']);
  });

  it('is told to be missing, not black, where the browser shows only by its list that it was unplugged', async () => {
    const { rig, picture, told } = await preview();
    rig.devices.devices = rig.devices.devices.filter(({ kind }) => kind !== 'videoinput');
    picture.isMoving = false;
    rig.devices.dispatchEvent(new Event('devicechange'));
    await rig.clock.advance(60_000);
    assert.deepEqual(told(), ['missing Front camera']);
  });

  it('is not looked for while it is muted, away, or the page is hidden', async () => {
    const { rig, picture, told } = await preview();
    Object.assign(picture, { brightest: 0, isMoving: false });
    void rig.user.muteDevice({ kind: 'videoinput', mute: true });
    await rig.clock.advance(60_000);
    void rig.user.muteDevice({ kind: 'videoinput', mute: false });
    picture.video.ownerDocument.hidden = true;
    await rig.clock.advance(60_000);
    assert.deepEqual(told(), []);
  });

  it('is not looked for any more when the preview has stopped', async () => {
    const { rig, picture } = await preview();
    assert.ok(picture.video.srcObject);
    void rig.user.stopPreview();
    await rig.clock.advance(0);
    assert.equal(picture.video.srcObject, null);
    assert.equal(rig.clock.pending, 0);
  });
});

describe('a browser that plays nothing before somebody has touched the page', () => {
  for (const name of ['NotAllowedError', 'AbortError']) {
    it(`has no say about the camera, and then it has: ${name}`, async () => {
      const { rig, picture, told } = await preview();
      const { play } = picture.video;
      Object.assign(picture, { brightest: 0 });
      Object.assign(picture.video, { paused: true, play: () => Promise.reject(new DOMException('no', name)) });
      await rig.clock.advance(60_000);
      assert.deepEqual(told(), []);
      Object.assign(picture.video, { play });
      await rig.clock.advance(60_000);
      assert.deepEqual(told(), ['silent Front camera']);
      Object.assign(picture.video, { paused: true });
      Object.assign(picture, { brightest: 200 });
      await rig.clock.advance(5_000);
      assert.deepEqual(told().at(-1), 'live Front camera');
    });
  }
});

describe('nothing', () => {
  it('is a picture that is black, or one that is the same frame as before', () => {
    const before = { frames: 10, brightest: 100 };
    assert.equal(isNothing(before, { frames: 20, brightest: 100 }), false);
    assert.equal(isNothing(before, { frames: 20, brightest: 21 }), false);
    assert.equal(isNothing(before, { frames: 20, brightest: 16 }), true);
    assert.equal(isNothing(before, { frames: 10, brightest: 100 }), true);
  });

  it('is not a picture whose frames the browser does not count', () => {
    assert.equal(isNothing({ frames: 0, brightest: 100 }, { frames: 0, brightest: 100 }), false);
    assert.equal(isNothing({ frames: 0, brightest: 0 }, { frames: 0, brightest: 0 }), true);
  });
});
