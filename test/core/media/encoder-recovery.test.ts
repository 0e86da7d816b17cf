import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EncoderStallDetector } from '../../../src/core/media/encoder-stall.js';
import type { FakePeerConnection } from '../support/fake-peer.js';
import { TestRig } from '../support/test-rig.js';

async function liveFromCamera(reconnect = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect });
  void rig.signIn();
  void rig.user.startPreview();
  void rig.user.startBroadcast();
  await rig.untilStatus('broadcasting');
  await rig.clock.advance(10_000);
  rig.events.length = 0;
  return rig;
}

const told = (rig: TestRig) => rig.all('CaptureStatus').map(({ data }) => data.state);
const video = (peer: FakePeerConnection) => peer.getSenders().find(({ kind }) => kind === 'video');
const audio = (peer: FakePeerConnection) => peer.getSenders().find(({ kind }) => kind === 'audio');
/** Lets only the encoder of one kind fail. */
function failEncoder(rig: TestRig, failing: string, isEncoding: (peer: FakePeerConnection) => boolean): void {
  rig.path.isEncoding = (peer, kind) => kind !== failing || isEncoding(peer);
}
const codecOf = (peer: FakePeerConnection) =>
  peer.transceivers.find(({ sender }) => sender.kind === 'video')?.preferences[0]?.mimeType;

describe('a video encoder that stalls', () => {
  it('C2: is noticed within 6 s and restarted by turning it off and on at a lower resolution, and that is told', async () => {
    const rig = await liveFromCamera();
    const calls: (boolean | undefined)[] = [];
    const sender = video(rig.peer) ?? assert.fail('there is no sender');
    const { setParameters } = sender;
    sender.setParameters = (parameters) => {
      calls.push(parameters.encodings[0]?.active);
      return setParameters.call(sender, parameters);
    };
    failEncoder(rig, 'video', (peer) => (video(peer)?.encodings[0]?.scaleResolutionDownBy ?? 1) > 1);
    await rig.clock.advance(4_500);
    assert.deepEqual(told(rig), [], 'not at once');
    await rig.clock.advance(1_500);
    assert.deepEqual(calls, [false, true]);
    assert.deepEqual(told(rig), ['stalled', 'live']);
    await rig.clock.advance(120_000);
    assert.deepEqual([rig.peers.length, told(rig).length], [1, 2]);
  });

  it('C2: hides no camera that is replaced once it works again', async () => {
    const rig = await liveFromCamera();
    rig.devices.unplug('Front camera');
    await rig.clock.advance(10_000);
    failEncoder(rig, 'video', (peer) => (video(peer)?.encodings[0]?.scaleResolutionDownBy ?? 1) > 1);
    await rig.clock.advance(30_000);
    assert.deepEqual(told(rig), ['substituted', 'stalled', 'substituted']);
  });

  it('C2: is restarted at the same resolution however often it stalls, minutes apart', async () => {
    const rig = await liveFromCamera();
    const scales: (number | undefined)[] = [];
    for (let stalls = 0; stalls < 4; stalls++) {
      await rig.clock.advance(10 * 60_000);
      failEncoder(rig, 'video', () => false);
      await rig.clock.advance(7_000);
      rig.path.isEncoding = () => true;
      await rig.clock.advance(90_000);
      scales.push(video(rig.peer)?.encodings[0]?.scaleResolutionDownBy);
    }
    assert.deepEqual([rig.peers.length, scales], [1, [1.5, 1.5, 1.5, 1.5]]);
  });

  it('C2: starts a new session at the full resolution', async () => {
    const rig = await liveFromCamera();
    failEncoder(rig, 'video', () => false);
    await rig.clock.advance(7_000);
    rig.path.isEncoding = () => true;
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(
      rig.peers.map((peer) => video(peer)?.encodings[0]?.scaleResolutionDownBy),
      [1.5, undefined],
    );
  });

  it('C2: gets a new session if that does not help', async () => {
    const rig = await liveFromCamera();
    failEncoder(rig, 'video', (peer) => peer.name !== 'peer1');
    assert.ok(await rig.clock.advanceUntil(() => rig.peers.length === 2, 15_000));
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(1_000);
    assert.equal(codecOf(rig.peer), 'video/H264');
    assert.deepEqual(told(rig), ['stalled', 'live']);
    await rig.clock.advance(120_000);
    assert.equal(rig.peers.length, 2);
    assert.equal(rig.server.sessions.size, 1);
  });

  it('C2: gets another codec if that does not help either, and keeps it through later recoveries', async () => {
    const rig = await liveFromCamera();
    failEncoder(rig, 'video', (peer) => codecOf(peer) === 'video/VP8');
    assert.ok(await rig.clock.advanceUntil(() => rig.peers.length === 3, 40_000));
    await rig.untilStatus('broadcasting');
    await rig.clock.advance(1_000);
    assert.equal(codecOf(rig.peer), 'video/VP8');
    assert.deepEqual(told(rig), ['stalled', 'live']);
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(codecOf(rig.peer), 'video/VP8');
  });

  it('C2: is tried again for as long as the broadcast lives, at most every 30 s, and never ends it', async () => {
    const rig = await liveFromCamera();
    failEncoder(rig, 'video', () => false);
    await rig.clock.advance(600_000);
    const { length } = rig.peers;
    assert.ok(length >= 10 && length <= 25, `${length} sessions`);
    assert.equal(rig.all('BroadcastError').length, 0);
    assert.deepEqual(told(rig), ['stalled'], 'told once');
    rig.path.isEncoding = () => true;
    await rig.clock.advance(60_000);
    assert.deepEqual(told(rig), ['stalled', 'live']);
    assert.equal(rig.outline().at(-1), 'CaptureStatus');
  });

  it('C2: gets no new session while reconnection is off', async () => {
    const rig = await liveFromCamera({ maxRetries: 0 });
    failEncoder(rig, 'video', () => false);
    await rig.clock.advance(120_000);
    assert.deepEqual([rig.peers.length, told(rig)], [1, ['stalled']]);
  });

  it('C2: is not suspected for a camera that stalls, or a path that is silent', async () => {
    const frozen = await liveFromCamera();
    for (const { label } of frozen.devices.devices)
      frozen.devices.failures.set(label, new DOMException('', 'AbortError'));
    for (const track of frozen.devices.liveTracks('Front camera')) track.rate = 0;
    failEncoder(frozen, 'video', (peer) => video(peer)?.track?.label !== 'Front camera');
    await frozen.clock.advance(60_000);
    const silent = await liveFromCamera();
    Object.assign(silent.peer, { isDeaf: true });
    silent.path.isEncoding = (peer) => !peer.isDeaf;
    await silent.clock.advance(60_000);
    for (const rig of [frozen, silent]) assert.equal(told(rig).includes('stalled'), false);
  });
});

describe('an audio encoder that stalls', () => {
  const toldOf = (rig: TestRig) => rig.all('CaptureStatus').map(({ data }) => `${data.kind} ${data.state}`);

  it('C2: is noticed within 6 s and restarted by turning it off and on, and that is told; video stays as it was', async () => {
    const rig = await liveFromCamera();
    const sender = audio(rig.peer) ?? assert.fail('there is no sender');
    let restarts = 0;
    const { setParameters } = sender;
    sender.setParameters = (parameters) => {
      if (parameters.encodings[0]?.active === false) restarts++;
      return setParameters.call(sender, parameters);
    };
    failEncoder(rig, 'audio', () => restarts > 0);
    await rig.clock.advance(6_000);
    assert.deepEqual(toldOf(rig), ['audioinput stalled', 'audioinput live']);
    assert.equal(sender.encodings[0]?.scaleResolutionDownBy, undefined);
    assert.equal(video(rig.peer)?.encodings[0]?.scaleResolutionDownBy, undefined);
    await rig.clock.advance(120_000);
    assert.deepEqual([restarts, rig.peers.length], [1, 1]);
  });

  it('C2: gets a new session with the same video codec if that does not help, at most every 30 s, and never ends it', async () => {
    const rig = await liveFromCamera();
    failEncoder(rig, 'audio', () => false);
    await rig.clock.advance(600_000);
    const { length } = rig.peers;
    assert.ok(length >= 10 && length <= 25, `${length} sessions`);
    assert.equal(
      rig.peers.every((peer) => codecOf(peer) === 'video/H264'),
      true,
    );
    assert.equal(rig.all('BroadcastError').length, 0);
    assert.deepEqual(toldOf(rig), ['audioinput stalled'], 'told once');
    rig.path.isEncoding = () => true;
    await rig.clock.advance(60_000);
    assert.deepEqual(toldOf(rig), ['audioinput stalled', 'audioinput live']);
    assert.equal(rig.server.sessions.size, 1);
  });

  it('C2: is not suspected for a microphone that is muted or delivers nothing, nor on a silent path', async () => {
    const muted = await liveFromCamera();
    void muted.user.muteDevice({ kind: 'audioinput', mute: true });
    const dead = await liveFromCamera();
    for (const track of dead.devices.liveTracks('Desk microphone')) track.rate = 0;
    failEncoder(dead, 'audio', (peer) => audio(peer)?.track?.label !== 'Desk microphone');
    const silent = await liveFromCamera();
    Object.assign(silent.peer, { isDeaf: true });
    failEncoder(silent, 'audio', (peer) => !peer.isDeaf);
    for (const rig of [muted, dead, silent]) {
      await rig.clock.advance(60_000);
      assert.equal(toldOf(rig).includes('audioinput stalled'), false);
    }
  });
});

describe('the judgement of an encoder', () => {
  const statsAt = (seconds: number, framesEncoded: unknown, frames: unknown = 30 * seconds, ssrc = 1) => [
    { id: 'O', type: 'outbound-rtp', kind: 'video', ssrc, framesEncoded },
    { id: 'M', type: 'media-source', kind: 'video', trackIdentifier: 'T', frames },
    { id: 'P', type: 'candidate-pair', bytesReceived: 100 * seconds },
  ];

  /** The verdicts second by second, of the frames encoded until then. */
  const verdicts = (encoded: (second: number) => unknown, captured?: (second: number) => unknown) => {
    const detector = new EncoderStallDetector('video');
    return Array.from({ length: 20 }, (_, second) =>
      detector.take(statsAt(second, encoded(second), captured?.(second)), 1_000 * second),
    );
  };

  it('is a stall after 5 s without a frame', () => {
    const all = verdicts((second) => 30 * Math.min(second, 10));
    assert.equal(all.indexOf('stalled'), 15);
    assert.equal(
      all.slice(1, 11).every((verdict) => verdict === 'encoding'),
      true,
    );
  });

  it('is a stall too if no frame was ever encoded', () => {
    assert.equal(verdicts(() => 0).indexOf('stalled'), 5);
  });

  it('counts the packets of audio, and the seconds of its samples', () => {
    const audioAt = (second: number, packetsSent: unknown, totalSamplesDuration: unknown) => [
      { id: 'O', type: 'outbound-rtp', kind: 'audio', ssrc: 1, packetsSent },
      { id: 'M', type: 'media-source', kind: 'audio', trackIdentifier: 'T', totalSamplesDuration },
      { id: 'P', type: 'candidate-pair', bytesReceived: 100 * second },
    ];
    const verdictsOf = (packets: unknown, samples: (second: number) => unknown) => {
      const detector = new EncoderStallDetector('audio');
      return Array.from({ length: 20 }, (_, second) =>
        detector.take(audioAt(second, packets, samples(second)), 1_000 * second),
      );
    };
    assert.equal(verdictsOf(9, (second) => second).indexOf('stalled'), 5);
    const none = [verdictsOf(9, () => 1), verdictsOf(9, () => undefined), verdictsOf(undefined, (second) => second)];
    for (const all of none) assert.equal(all.includes('stalled'), false);
  });

  it('is none for one frame every two seconds, for still screens, or where frames are not counted', () => {
    for (const all of [
      verdicts((second) => Math.floor(second / 2)),
      verdicts(
        () => 7,
        (second) => second,
      ),
      verdicts(() => undefined),
      verdicts(
        () => 7,
        () => null,
      ),
    ]) {
      assert.equal(all.includes('stalled'), false);
    }
  });
});
