import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PreviewConfig } from '../../../src/core/api/preview-config.js';
import { device, streamOf } from '../support/fake-media.js';
import { codeOf, TestRig } from '../support/test-rig.js';

/** Leaves every prompt open from now on; what is returned allows those that are open by then. */
function leavePromptsOpen({ devices }: TestRig): () => void {
  let allow: () => void = () => undefined;
  devices.gate = new Promise((resolve) => (allow = resolve));
  return allow;
}

function answerPrompts({ devices }: TestRig): void {
  devices.gate = Promise.resolve();
}

/** A user whose preview nobody has answered; whoever calls `allow` answers it late. */
async function unanswered(config: PreviewConfig = {}) {
  const rig = new TestRig({ reconnect: {} });
  void rig.signIn();
  const allow = leavePromptsOpen(rig);
  const started = rig.user.startPreview(config);
  await rig.clock.advance(10_000);
  assert.equal(rig.devices.captures.length, 1);
  answerPrompts(rig);
  return { rig, allow, started };
}

/** The broadcast is live, the camera is gone, and nobody answers the prompt for another one. */
async function liveWithoutAnAnswer() {
  const rig = new TestRig({ reconnect: {} });
  void rig.signIn();
  void rig.user.startPreview();
  await rig.clock.advance(100);
  const allow = leavePromptsOpen(rig);
  rig.devices.unplug('Front camera');
  await rig.clock.advance(5_000);
  answerPrompts(rig);
  rig.events.length = 0;
  rig.devices.captures.length = 0;
  return { rig, allow };
}

const SCREEN: PreviewConfig = { videoDeviceConfig: { source: 'screen' } };
const live = ({ devices }: TestRig) =>
  devices.tracks.filter(({ readyState }) => readyState === 'live').map(({ label }) => label);

describe('a prompt that nobody answers', () => {
  it('and that fails late closes no camera for what was overtaken meanwhile', async () => {
    const rig = new TestRig();
    void rig.user.startPreview();
    await rig.clock.advance(100);
    const [camera] = rig.devices.liveTracks('Front camera');
    const allow = leavePromptsOpen(rig);
    void rig.user.startPreview({ videoDeviceConfig: { device: 'Back camera' } });
    await rig.clock.advance(100);
    answerPrompts(rig);
    void rig.user.startPreview({ audioDeviceConfig: { device: false } });
    await rig.clock.advance(3_000);
    rig.devices.opensOneCamera = true;
    allow();
    await rig.clock.advance(1_000);
    assert.equal(camera?.readyState, 'live');
    assert.deepEqual(live(rig), ['Front camera']);
  });

  it('for the microphone leaves no screen shared when the preview is stopped', async () => {
    const rig = new TestRig();
    const started = rig.user.startPreview(SCREEN);
    // The screen is allowed by then.
    while (rig.devices.tracks.length === 0) await null;
    leavePromptsOpen(rig);
    await rig.clock.advance(500);
    assert.deepEqual(live(rig), ['Screen']);
    void rig.user.stopPreview();
    await rig.clock.advance(0);
    assert.deepEqual(live(rig), []);
    assert.equal(await codeOf(started), 6005);
  });

  for (const config of [{}, SCREEN]) {
    it(`is over with the preview, and what comes late is stopped: ${JSON.stringify(config)}`, async () => {
      const { rig, allow, started } = await unanswered(config);
      void rig.user.stopPreview();
      await rig.clock.advance(0);
      assert.deepEqual(rig.outline(), ['SignInSuccess', 'StopPreviewSuccess']);
      assert.equal(await codeOf(started), 6005);
      allow();
      await rig.clock.advance(5_000);
      assert.deepEqual(live(rig), []);
      assert.deepEqual(rig.outline(), ['SignInSuccess', 'StopPreviewSuccess']);
      assert.equal(rig.clock.pending, 0);
    });
  }

  it('gives way to the next preview, which asks again, and what comes late is stopped', async () => {
    const { rig, allow } = await unanswered();
    void rig.user.startPreview({ videoDeviceConfig: { device: 'Back camera' } });
    await rig.clock.advance(2_000);
    assert.deepEqual(rig.outline().slice(1), ['StartPreviewSuccess', 'ReceivedDeviceList']);
    allow();
    await rig.clock.advance(5_000);
    assert.deepEqual(live(rig).sort(), ['Back camera', 'Microphone']);
    assert.equal(rig.last('StartPreviewSuccess').data.stream.getTracks().length, 2);
  });

  it('gives way to the last of several previews, and nobody is asked for those between', async () => {
    const { rig } = await unanswered();
    rig.devices.captures.length = 0;
    const first = rig.user.startPreview({ audioDeviceConfig: { device: false } });
    const last = rig.user.startPreview({ videoDeviceConfig: { device: false } });
    await rig.clock.advance(2_000);
    assert.equal(await codeOf(first), 6005);
    assert.equal(await codeOf(last), undefined);
    assert.deepEqual(rig.devices.captures, [{ video: false, audio: {} }]);
    assert.equal(rig.clock.pending, 0);
  });

  it('has a second to be answered when the page chooses anew', async () => {
    const { rig, allow, started } = await unanswered();
    const next = rig.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await rig.clock.advance(900);
    allow();
    await rig.clock.advance(5_000);
    assert.deepEqual([await codeOf(started), await codeOf(next)], [undefined, undefined]);
    assert.equal(rig.devices.mostOpening, 1);
    assert.deepEqual(live(rig).sort(), ['Back camera', 'Microphone']);
  });

  it("does not hold back a stream of the page's own, nor sound from outside", async () => {
    const { rig, allow, started } = await unanswered();
    const stream = rig.giveStream();
    void rig.user.injectExternalMediaStream({ stream: streamOf('audio') as unknown as MediaStream });
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.equal(await codeOf(started), 6005);
    allow();
    await rig.clock.advance(5_000);
    assert.deepEqual(live(rig), []);
    const [audio, video] = rig.peer.getSenders();
    assert.deepEqual([audio?.track?.label, video?.track], ['Mix', stream.getVideoTracks()[0]]);
  });

  it('holds back a start only until that is stopped', async () => {
    const { rig, allow, started } = await unanswered();
    const broadcast = rig.user.startBroadcast();
    await rig.clock.advance(30_000);
    assert.ok(!rig.outline().includes('StartBroadcastError 6001'), 'it waits for the preview');
    void rig.user.stopBroadcast();
    await rig.clock.advance(0);
    assert.equal(await codeOf(broadcast), 5001);
    assert.deepEqual(rig.outline().slice(1), ['StopBroadcastSuccess']);
    allow();
    assert.equal(await codeOf(started), undefined, 'the preview is not stopped with it');
    await rig.clock.advance(30_000);
    assert.equal(rig.peers.length, 0);
  });
});

describe('a prompt for what is to take the place of a device', () => {
  it('does not hold back a start: there is a placeholder', async () => {
    const { rig } = await liveWithoutAnAnswer();
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(
      rig.peer.getSenders().map(({ track }) => track?.label),
      ['Microphone', 'Placeholder'],
    );
  });

  it('gives way to what the page chooses, and what comes late is stopped', async () => {
    const { rig, allow } = await liveWithoutAnAnswer();
    rig.devices.plug(device('videoinput', 'Third camera'));
    void rig.user.startPreview({ videoDeviceConfig: { device: 'Third camera' } });
    await rig.clock.advance(2_000);
    allow();
    await rig.clock.advance(5_000);
    assert.deepEqual(live(rig).sort(), ['Microphone', 'Third camera']);
    assert.equal(rig.devices.captures.length, 1);
  });

  it('comes again where what the page has chosen instead cannot be had', async () => {
    const { rig, allow } = await liveWithoutAnAnswer();
    const chosen = rig.user.startPreview({ videoDeviceConfig: { device: 'Third camera' } });
    await rig.clock.advance(2_000);
    assert.equal(await codeOf(chosen), 6004);
    allow();
    await rig.clock.advance(5_000);
    assert.deepEqual(live(rig).sort(), ['Back camera', 'Microphone']);
  });

  it('is over when the preview is stopped, and when the page gives a stream of its own', async () => {
    for (const end of [(rig: TestRig) => void rig.user.stopPreview(), (rig: TestRig) => void rig.giveStream()]) {
      const { rig, allow } = await liveWithoutAnAnswer();
      end(rig);
      allow();
      await rig.clock.advance(60_000);
      assert.deepEqual(live(rig), []);
      assert.equal(rig.devices.captures.length, 0);
      assert.equal(rig.clock.pending, 0);
    }
  });
});
