import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestRig } from '../support/test-rig.js';

/** More than an opening takes. */
const MOMENTS = 60;

const previewEvents = (rig: TestRig) => rig.outline().filter((name) => name.includes('Preview'));
const live = ({ devices }: TestRig) => devices.tracks.filter(({ readyState }) => readyState === 'live').length;

/** Opens a preview and does something so many microtasks later; whether the opening was told to have succeeded. */
async function openAnd(interrupt: (rig: TestRig) => void, microtasks: number, rig = new TestRig()) {
  const started = rig.user.startPreview({ videoDeviceConfig: { width: 1280, height: 720 } }).then(
    () => true,
    () => false,
  );
  for (let passed = 0; passed < microtasks; passed++) await null;
  interrupt(rig);
  await rig.clock.advance(2_000);
  return { rig, hasSucceeded: await started };
}

describe('a preview that is stopped in any moment of its opening', () => {
  it('is reported as stopped, last, and leaves nothing open', async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const { rig, hasSucceeded } = await openAnd(({ user }) => void user.stopPreview(), moment);
      const expected = hasSucceeded ? ['StartPreviewSuccess', 'StopPreviewSuccess'] : ['StopPreviewSuccess'];
      assert.deepEqual([previewEvents(rig), live(rig)], [expected, 0], `after ${moment} microtasks`);
    }
  });

  for (const microtasks of [0, 1, 2, 3]) {
    it(`is reported as stopped, last, by a handler of CaptureStatus ${microtasks} microtasks later`, async () => {
      const rig = new TestRig();
      const interrupt = async () => {
        for (let passed = 0; passed < microtasks; passed++) await null;
        void rig.user.stopPreview();
      };
      rig.onEvent = ({ name }) => void (name === 'CaptureStatus' && interrupt());
      await openAnd(() => undefined, 0, rig);
      assert.ok(rig.all('CaptureStatus').length > 0);
      assert.deepEqual([previewEvents(rig).at(-1), live(rig)], ['StopPreviewSuccess', 0]);
    });
  }

  it('plays in no video element of the page', async (test) => {
    const video = { srcObject: null, paused: true, played: 0, play: () => Promise.resolve(void (video.played += 1)) };
    Object.assign(globalThis, { document: { getElementById: () => video } });
    test.after(() => Reflect.deleteProperty(globalThis, 'document'));
    for (let moment = 0; moment < MOMENTS; moment++) {
      const rig = new TestRig();
      void rig.user.startPreview({ elementId: 'preview' });
      for (let passed = 0; passed < moment; passed++) await null;
      void rig.user.stopPreview();
      await rig.clock.advance(1_000);
      rig.comeToForeground();
      assert.equal(video.played, 0, `after ${moment} microtasks`);
    }
  });

  it('is opened by a start that follows at once', async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const again = ({ user }: TestRig) => {
        void user.stopPreview();
        void user.startPreview();
      };
      const { rig } = await openAnd(again, moment);
      const [last, before] = previewEvents(rig).reverse();
      assert.deepEqual([before, last], ['StopPreviewSuccess', 'StartPreviewSuccess'], `after ${moment} microtasks`);
      assert.equal(live(rig), 2);
    }
  });

  it('is reported as stopped, last, while a broadcast is live', async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const rig = new TestRig();
      await rig.goLive();
      await openAnd(({ user }) => void user.stopPreview(), moment, rig);
      assert.deepEqual([previewEvents(rig).at(-1), live(rig)], ['StopPreviewSuccess', 0], `after ${moment} microtasks`);
    }
  });
});

describe('a preview that a custom MediaStream replaces in any moment of its opening', () => {
  it('is reported as open only if it was, and leaves nothing open', async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const { rig, hasSucceeded } = await openAnd((one) => void one.giveStream(), moment);
      const expected = hasSucceeded ? ['StartPreviewSuccess'] : [];
      assert.deepEqual([previewEvents(rig), live(rig)], [expected, 0], `after ${moment} microtasks`);
    }
  });
});

describe('a preview that another choice follows in any moment of its opening', () => {
  it('ends with that choice', async () => {
    for (let moment = 0; moment < MOMENTS; moment++) {
      const other = ({ user }: TestRig) => void user.startPreview({ videoDeviceConfig: { device: 1 } });
      const { rig, hasSucceeded } = await openAnd(other, moment);
      assert.ok(hasSucceeded);
      assert.deepEqual([previewEvents(rig), live(rig)], [['StartPreviewSuccess', 'StartPreviewSuccess'], 2]);
    }
  });
});
