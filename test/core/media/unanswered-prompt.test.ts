import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PreviewConfig } from '../../../src/core/api/preview-config.js';
import { device, streamOf } from '../support/fake-media.js';
import { codeOf, Studio } from '../support/test-rig.js';

/** Leaves every prompt open from now on; what is returned allows those that are open by then. */
function leavePromptsOpen({ devices }: Studio): () => void {
  let allow: () => void = () => undefined;
  devices.gate = new Promise((resolve) => (allow = resolve));
  return allow;
}

function answerPrompts({ devices }: Studio): void {
  devices.gate = Promise.resolve();
}

/** A user whose preview nobody has answered; whoever calls `allow` answers it late. */
async function unanswered(config: PreviewConfig = {}) {
  const studio = new Studio({ reconnect: {} });
  void studio.signIn();
  const allow = leavePromptsOpen(studio);
  const started = studio.user.startPreview(config);
  await studio.clock.advance(10_000);
  assert.equal(studio.devices.captures.length, 1);
  answerPrompts(studio);
  return { studio, allow, started };
}

/** The broadcast is live, the camera is gone, and nobody answers the prompt for another one. */
async function liveWithoutAnAnswer() {
  const studio = new Studio({ reconnect: {} });
  void studio.signIn();
  void studio.user.startPreview();
  await studio.clock.advance(100);
  const allow = leavePromptsOpen(studio);
  studio.devices.unplug('Front camera');
  await studio.clock.advance(5_000);
  answerPrompts(studio);
  studio.events.length = 0;
  studio.devices.captures.length = 0;
  return { studio, allow };
}

const SCREEN: PreviewConfig = { videoDeviceConfig: { source: 'screen' } };
const live = ({ devices }: Studio) =>
  devices.tracks.filter(({ readyState }) => readyState === 'live').map(({ label }) => label);

describe('a prompt that nobody answers', () => {
  it('for the microphone leaves no screen shared when the preview is stopped', async () => {
    const studio = new Studio();
    const started = studio.user.startPreview(SCREEN);
    // The screen is allowed by then.
    while (studio.devices.tracks.length === 0) await null;
    leavePromptsOpen(studio);
    await studio.clock.advance(500);
    assert.deepEqual(live(studio), ['Screen']);
    void studio.user.stopPreview();
    await studio.clock.advance(0);
    assert.deepEqual(live(studio), []);
    assert.equal(await codeOf(started), 6005);
  });

  for (const config of [{}, SCREEN]) {
    it(`is over with the preview, and what comes late is stopped: ${JSON.stringify(config)}`, async () => {
      const { studio, allow, started } = await unanswered(config);
      void studio.user.stopPreview();
      await studio.clock.advance(0);
      assert.deepEqual(studio.outline(), ['SignInSuccess', 'StopPreviewSuccess']);
      assert.equal(await codeOf(started), 6005);
      allow();
      await studio.clock.advance(5_000);
      assert.deepEqual(live(studio), []);
      assert.deepEqual(studio.outline(), ['SignInSuccess', 'StopPreviewSuccess']);
      assert.equal(studio.clock.pending, 0);
    });
  }

  it('gives way to the next preview, which asks again, and what comes late is stopped', async () => {
    const { studio, allow } = await unanswered();
    void studio.user.startPreview({ videoDeviceConfig: { device: 'Back camera' } });
    await studio.clock.advance(2_000);
    assert.deepEqual(studio.outline().slice(1), ['StartPreviewSuccess', 'ReceivedDeviceList']);
    allow();
    await studio.clock.advance(5_000);
    assert.deepEqual(live(studio).sort(), ['Back camera', 'Microphone']);
    assert.equal(studio.last('StartPreviewSuccess').data.stream.getTracks().length, 2);
  });

  it('gives way to the last of several previews, and nobody is asked for those between', async () => {
    const { studio } = await unanswered();
    studio.devices.captures.length = 0;
    const first = studio.user.startPreview({ audioDeviceConfig: { device: false } });
    const last = studio.user.startPreview({ videoDeviceConfig: { device: false } });
    await studio.clock.advance(2_000);
    assert.equal(await codeOf(first), 6005);
    assert.equal(await codeOf(last), undefined);
    assert.deepEqual(studio.devices.captures, [{ video: false, audio: {} }]);
    assert.equal(studio.clock.pending, 0);
  });

  it('has a second to be answered when the page chooses anew', async () => {
    const { studio, allow, started } = await unanswered();
    const next = studio.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await studio.clock.advance(900);
    allow();
    await studio.clock.advance(5_000);
    assert.deepEqual([await codeOf(started), await codeOf(next)], [undefined, undefined]);
    assert.equal(studio.devices.mostOpening, 1);
    assert.deepEqual(live(studio).sort(), ['Back camera', 'Microphone']);
  });

  it("does not hold back a stream of the page's own, nor sound from outside", async () => {
    const { studio, allow, started } = await unanswered();
    const stream = studio.giveStream();
    void studio.user.injectExternalMediaStream({ stream: streamOf('audio') as unknown as MediaStream });
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.equal(await codeOf(started), 6005);
    allow();
    await studio.clock.advance(5_000);
    assert.deepEqual(live(studio), []);
    const [audio, video] = studio.peer.getSenders();
    assert.deepEqual([audio?.track?.label, video?.track], ['Mix', stream.getVideoTracks()[0]]);
  });

  it('holds back a start only until that is stopped', async () => {
    const { studio, allow, started } = await unanswered();
    const broadcast = studio.user.startBroadcast();
    await studio.clock.advance(30_000);
    assert.ok(!studio.outline().includes('StartBroadcastError 6001'), 'it waits for the preview');
    void studio.user.stopBroadcast();
    await studio.clock.advance(0);
    assert.equal(await codeOf(broadcast), 5001);
    assert.deepEqual(studio.outline().slice(1), ['StopBroadcastSuccess']);
    allow();
    assert.equal(await codeOf(started), undefined, 'the preview is not stopped with it');
    await studio.clock.advance(30_000);
    assert.equal(studio.peers.length, 0);
  });
});

describe('a prompt for what is to take the place of a device', () => {
  it('does not hold back a start: there is a still picture', async () => {
    const { studio } = await liveWithoutAnAnswer();
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(
      studio.peer.getSenders().map(({ track }) => track?.label),
      ['Microphone', 'Still picture'],
    );
  });

  it('gives way to what the page chooses, and what comes late is stopped', async () => {
    const { studio, allow } = await liveWithoutAnAnswer();
    studio.devices.plug(device('videoinput', 'Third camera'));
    void studio.user.startPreview({ videoDeviceConfig: { device: 'Third camera' } });
    await studio.clock.advance(2_000);
    allow();
    await studio.clock.advance(5_000);
    assert.deepEqual(live(studio).sort(), ['Microphone', 'Third camera']);
    assert.equal(studio.devices.captures.length, 1);
  });

  it('comes again where what the page has chosen instead cannot be had', async () => {
    const { studio, allow } = await liveWithoutAnAnswer();
    const chosen = studio.user.startPreview({ videoDeviceConfig: { device: 'Third camera' } });
    await studio.clock.advance(2_000);
    assert.equal(await codeOf(chosen), 6004);
    allow();
    await studio.clock.advance(5_000);
    assert.deepEqual(live(studio).sort(), ['Back camera', 'Microphone']);
  });

  it('is over when the preview is stopped, and when the page gives a stream of its own', async () => {
    for (const end of [
      (studio: Studio) => void studio.user.stopPreview(),
      (studio: Studio) => void studio.giveStream(),
    ]) {
      const { studio, allow } = await liveWithoutAnAnswer();
      end(studio);
      allow();
      await studio.clock.advance(60_000);
      assert.deepEqual(live(studio), []);
      assert.equal(studio.devices.captures.length, 0);
      assert.equal(studio.clock.pending, 0);
    }
  });
});
