import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settle } from '../support/fake-clock.js';
import { device, FakeTrack, streamOf, type Kind } from '../support/fake-media.js';
import { restartsOf } from '../support/ice-restarts.js';
import { Studio } from '../support/test-rig.js';

const mute = (studio: Studio, kind: 'videoinput' | 'audioinput', isMuted = true) =>
  void studio.user.muteDevice({ kind, mute: isMuted });

/** Whether each track of a kind was on when it was attached, over all connections. */
function attachments(studio: Studio, kind: Kind): (boolean | undefined)[] {
  const all = studio.peers.flatMap((peer) => peer.getSenders().flatMap(({ attached }) => attached));
  return all.filter((one) => one.kind === kind).map(({ wasEnabled }) => wasEnabled);
}

async function liveFromCamera(studio: Studio): Promise<void> {
  void studio.signIn();
  void studio.user.startPreview();
  void studio.user.startBroadcast();
  await studio.untilStatus('broadcasting');
}

async function recover(studio: Studio): Promise<void> {
  studio.losePath();
  await studio.untilStatus('broadcasting');
}

describe('mute', () => {
  it('is applied before a track is attached: from the camera, after a change of device, after a recovery', async () => {
    const studio = new Studio({ reconnect: {} });
    mute(studio, 'audioinput');
    await liveFromCamera(studio);
    void studio.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await studio.clock.advance(100);
    await recover(studio);
    assert.deepEqual(attachments(studio, 'audio'), [false, false, false]);
    assert.deepEqual(attachments(studio, 'video'), [true, true, true]);
  });

  it("is applied before a track of the page's own stream is attached", async () => {
    const studio = new Studio({ reconnect: {} });
    mute(studio, 'videoinput');
    await studio.goLive();
    void studio.user.setMediaStream({ stream: streamOf('audio', 'video') as unknown as MediaStream });
    await studio.clock.advance(100);
    await recover(studio);
    assert.deepEqual(attachments(studio, 'video'), [false, false, false]);
    assert.deepEqual(attachments(studio, 'audio'), [true, true, true]);
  });

  it('is applied to tracks that the page puts into its own stream later, on every path (design 3)', async () => {
    const studio = new Studio({ reconnect: {} });
    mute(studio, 'audioinput');
    const stream = await studio.goLive();
    const [before] = stream.getAudioTracks();
    if (before) stream.removeTrack(before);
    stream.addTrack(new FakeTrack('audio'));
    await recover(studio);
    assert.deepEqual(attachments(studio, 'audio'), [false, false]);
  });

  it('holds in the preview too, without any broadcast', async () => {
    const studio = new Studio();
    mute(studio, 'audioinput');
    const enabled = (tracks: readonly { enabled: boolean }[]) => tracks.map((track) => track.enabled);
    void studio.user.startPreview();
    await studio.clock.advance(0);
    assert.deepEqual(enabled(studio.last('StartPreviewSuccess').data.stream.getTracks()), [false, true]);
  });

  it('is kept across a reconnection, and given during one', async () => {
    const studio = new Studio({ reconnect: {} });
    const stream = await studio.goLive();
    studio.losePath();
    await studio.clock.advance(100);
    mute(studio, 'videoinput');
    await studio.untilStatus('broadcasting');
    assert.deepEqual(attachments(studio, 'video'), [true, false]);
    assert.deepEqual(
      stream.getTracks().map(({ enabled }) => enabled),
      [true, false],
    );
    mute(studio, 'videoinput', false);
    await studio.clock.advance(0);
    assert.deepEqual(
      stream.getTracks().map(({ enabled }) => enabled),
      [true, true],
    );
  });

  it('has no event of success', async () => {
    const studio = new Studio();
    mute(studio, 'audioinput');
    mute(studio, 'audioinput', false);
    await studio.clock.advance(0);
    assert.deepEqual(studio.outline(), []);
  });

  it('holds as long as one of two users that send the same track has it muted', async () => {
    const [one, other] = [new Studio(), new Studio()];
    const stream = await one.goLive();
    void other.user.setMediaStream({ stream: stream as unknown as MediaStream });
    await settle();
    const [audio] = stream.getAudioTracks();
    const isOn = async (studio: Studio, isMuted: boolean) => {
      mute(studio, 'audioinput', isMuted);
      await settle();
      return audio?.enabled;
    };
    assert.deepEqual(
      [await isOn(one, true), await isOn(other, true), await isOn(one, false), await isOn(other, false)],
      [false, false, false, true],
    );
  });

  it('is taken off a track of the page’s own that was let go of', async () => {
    const studio = new Studio();
    const stream = await studio.goLive();
    mute(studio, 'audioinput');
    void studio.user.stopPreview();
    await settle();
    const [audio] = stream.getAudioTracks();
    assert.equal(audio?.enabled, false);
    mute(studio, 'audioinput', false);
    await settle();
    assert.equal(audio?.enabled, true);
  });

  it('by the page’s own hand goes on in what takes the place of a device', async () => {
    const studio = new Studio({ reconnect: {} });
    await liveFromCamera(studio);
    for (const track of studio.devices.tracks) track.enabled = false;
    studio.devices.plug(device('audioinput', 'Headset'));
    studio.devices.unplug('Microphone');
    void studio.user.startPreview({ videoDeviceConfig: { device: 'Back camera' } });
    await studio.clock.advance(5_000);
    const sent = studio.peer.getSenders().map(({ track }) => [track?.label, track?.enabled]);
    assert.deepEqual(sent, [
      ['Headset', false],
      ['Back camera', false],
    ]);
    mute(studio, 'audioinput');
    mute(studio, 'audioinput', false);
    await settle();
    assert.equal(studio.peer.getSenders()[0]?.track?.enabled, false);
  });

  it('by the page’s own hand does not black out a screen that is shared afterwards', async () => {
    const studio = new Studio({ reconnect: {} });
    await liveFromCamera(studio);
    for (const track of studio.devices.tracks) track.enabled = false;
    void studio.user.startPreview({ videoDeviceConfig: { source: 'screen' } });
    await studio.clock.advance(1_000);
    const [, sender] = studio.peer.getSenders();
    assert.deepEqual([sender?.track?.label, sender?.track?.enabled], ['Screen', true]);
  });

  it('never switches on a track that the page has switched off', async () => {
    const studio = new Studio({ reconnect: {} });
    const stream = streamOf('audio', 'video');
    const [audio] = stream.getAudioTracks();
    assert.ok(audio);
    audio.enabled = false;
    void studio.signIn();
    mute(studio, 'audioinput');
    void studio.user.setMediaStream({ stream: stream as unknown as MediaStream });
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    mute(studio, 'audioinput', false);
    mute(studio, 'audioinput');
    mute(studio, 'audioinput', false);
    await recover(studio);
    void studio.user.setMediaStream({ stream: stream as unknown as MediaStream });
    void studio.user.stopBroadcast();
    await studio.clock.advance(1_000);
    assert.equal(audio.enabled, false);
  });
});

describe('a kind of track that comes after the start', () => {
  const sent = ({ peer }: Studio) => peer.getSenders().map(({ track }) => track?.label);
  const liveFromMicrophone = async (studio: Studio) => {
    void studio.signIn();
    void studio.user.startPreview({ videoDeviceConfig: { device: false } });
    void studio.user.startBroadcast();
    await studio.untilStatus('broadcasting');
    studio.events.length = 0;
  };

  it('gets a new session, of which the page is told as of any recovery', async () => {
    const studio = new Studio({ reconnect: {} });
    await liveFromMicrophone(studio);
    void studio.user.startPreview();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(sent(studio), ['Microphone', 'Front camera']);
    const statuses = studio.all('BroadcastStatus').map(({ data }) => data.message);
    assert.deepEqual(statuses, ['reconnecting_broadcast', 'connected', 'broadcasting']);
    const [first] = studio.all('BroadcastStatus');
    assert.deepEqual(
      [first?.data.reconnect?.cause, first?.data.reconnect?.rung, first?.data.reconnect?.attempt],
      ['tracks', 'replace', 1],
    );
    assert.deepEqual([studio.peers.length, studio.server.sessions.size], [2, 1]);
    assert.deepEqual(restartsOf(studio), []);
    await studio.clock.advance(30_000);
    assert.equal(studio.peers.length, 2, 'once is enough');
    assert.deepEqual(
      studio.user.report.outages.map(({ cause, rung }) => [cause, rung]),
      [['tracks', 'replace']],
    );
  });

  it('is sent too where a recovery in between has left it out', async () => {
    const studio = new Studio({ reconnect: {} });
    await liveFromCamera(studio);
    void studio.user.startPreview({ audioDeviceConfig: { device: false } });
    await studio.clock.advance(100);
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(sent(studio), ['Front camera']);
    void studio.user.startPreview();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(sent(studio), ['Microphone', 'Front camera']);
  });

  it('that comes while a connection is being set up is sent in the end', async () => {
    const studio = new Studio({ reconnect: {} });
    studio.server.next('POST', { after: 1_000 });
    void studio.signIn();
    void studio.user.startPreview({ videoDeviceConfig: { device: false } });
    void studio.user.startBroadcast();
    await studio.clock.advance(500);
    void studio.user.startPreview();
    await studio.clock.advance(10_000);
    assert.deepEqual(sent(studio), ['Microphone', 'Front camera']);
    assert.equal(studio.outline().at(-1), 'broadcasting');
  });

  it('waits for the next start where reconnection is off, and the log says so', async () => {
    const studio = new Studio({ logLevel: 2 });
    await liveFromMicrophone(studio);
    void studio.user.startPreview();
    await studio.clock.advance(10_000);
    assert.deepEqual(sent(studio), ['Microphone']);
    assert.equal(studio.peers.length, 1);
    assert.match(studio.logged.join(' '), /begun without video/);
  });

  it('is muted before it is sent', async () => {
    const studio = new Studio({ reconnect: {} });
    mute(studio, 'videoinput');
    await liveFromMicrophone(studio);
    void studio.user.startPreview();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(attachments(studio, 'video'), [false]);
  });
});

describe('a track that a sender refuses', () => {
  it('is sent in a new session, and what it replaces is sent no more', async () => {
    const studio = new Studio({ reconnect: {} });
    await studio.goLive();
    const [, sender] = studio.peer.getSenders();
    assert.ok(sender);
    sender.refusal = new DOMException('not without an offer', 'InvalidModificationError');
    mute(studio, 'videoinput');
    const stream = studio.giveStream();
    await studio.clock.advance(100);
    assert.equal(sender.track, null);
    await studio.untilStatus('broadcasting');
    assert.equal(studio.peers.length, 2);
    assert.equal(studio.peer.getSenders()[1]?.track, stream.getVideoTracks()[0]);
    assert.deepEqual(attachments(studio, 'video').at(-1), false);
  });
});

describe("the tracks of the page's own stream", () => {
  it('are never stopped, whatever is called', async () => {
    const studio = new Studio({ reconnect: {} });
    const stream = await studio.goLive();
    const { user, clock } = studio;
    await recover(studio);
    void user.setMediaStream({ stream: streamOf('video') as unknown as MediaStream });
    void user.setMediaStream({ stream: stream as unknown as MediaStream });
    void user.startPreview();
    await clock.advance(100);
    void user.setMediaStream({ stream: stream as unknown as MediaStream });
    void user.stopPreview();
    void user.stopBroadcast();
    void user.signOut();
    await clock.advance(5_000);
    assert.deepEqual(
      stream.getTracks().map(({ readyState }) => readyState),
      ['live', 'live'],
    );
    assert.equal(stream.getTracks().length, 2);
    assert.ok(
      studio.devices.tracks.every(({ readyState }) => readyState === 'ended'),
      'our own are',
    );
  });

  it('are refused where there are none, or two of a kind', async () => {
    for (const [kinds, code] of [
      [[], 6001],
      [['video', 'video'], 1002],
    ] as const) {
      const studio = new Studio();
      void studio.user.setMediaStream({ stream: streamOf(...kinds) as unknown as MediaStream });
      await studio.clock.advance(0);
      assert.deepEqual(studio.outline(), [`StartPreviewError ${code}`]);
    }
  });
});

describe('another device', () => {
  it('is sent in the same session while live, and the old one is stopped', async () => {
    const studio = new Studio();
    await liveFromCamera(studio);
    const [, before] = studio.devices.tracks;
    void studio.user.startPreview({ videoDeviceConfig: { device: 'Back camera' } });
    await studio.clock.advance(1_000);
    const [, sender] = studio.peer.getSenders();
    assert.equal(sender?.track?.label, 'Back camera');
    assert.equal(before?.readyState, 'ended');
    assert.deepEqual([studio.peers.length, studio.server.of('POST').length], [1, 1]);
    assert.deepEqual(studio.outline().slice(-2), ['StartPreviewSuccess', 'ReceivedDeviceList']);
  });

  it('chosen while it waits for an attempt is what the attempt sends', async () => {
    const studio = new Studio({ reconnect: { minDelay: 4 } });
    await liveFromCamera(studio);
    studio.losePath();
    await studio.clock.advance(1_000);
    void studio.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await studio.untilStatus('broadcasting');
    assert.equal(studio.peer.getSenders()[1]?.track?.label, 'Back camera');
  });

  it('chosen while a connection is being set up is what that connection sends', async () => {
    const studio = new Studio();
    studio.server.next('POST', { after: 1_000 });
    void studio.signIn();
    void studio.user.startPreview({ audioDeviceConfig: { device: false } });
    void studio.user.startBroadcast();
    await studio.clock.advance(500);
    void studio.user.startPreview({ videoDeviceConfig: { device: 1 }, audioDeviceConfig: { device: false } });
    await studio.clock.advance(20_000);
    assert.equal(studio.outline().at(-1), 'broadcasting');
    assert.equal(studio.peer.getSenders()[0]?.track?.label, 'Back camera');
  });

  it('and mute and bitrates, changed in any moment down to the single microtask, are what is sent in the end', async () => {
    const failures: string[] = [];
    for (let timers = 0; timers <= 20; timers++) {
      for (let microtasks = 0; microtasks <= 25; microtasks++) {
        const studio = new Studio({ reconnect: { minDelay: 1, maxDelay: 2 } });
        await studio.reachMoment(timers, microtasks);
        const stream = streamOf('audio', 'video');
        void studio.user.setMediaStream({ stream: stream as unknown as MediaStream });
        void studio.user.setConfig({ bitrates: { audioSendBitrate: 96 } });
        mute(studio, 'audioinput');
        await studio.clock.advance(15_000);
        const [audio, video] = studio.peer.getSenders();
        const isSent = audio?.track === stream.getAudioTracks()[0] && video?.track === stream.getVideoTracks()[0];
        const attached = studio.peers.flatMap((peer) => peer.getSenders().flatMap((sender) => sender.attached));
        const isMuted = attached.every(({ track, wasEnabled }) => track !== audio?.track || wasEnabled === false);
        const isHeld = audio?.encodings[0]?.maxBitrate === 96_000 && video?.encodings[0]?.maxBitrate === undefined;
        const isLive = studio.outline().at(-1) === 'broadcasting';
        if (!isSent || !isMuted || !isHeld || !isLive) {
          const what = JSON.stringify({ isSent, isMuted, isHeld, isLive });
          failures.push(`${timers} timers and ${microtasks} microtasks: ${what}`);
        }
      }
    }
    assert.deepEqual(failures.slice(0, 5), []);
  });

  it('that fails to open leaves the broadcast as it is', async () => {
    const studio = new Studio();
    await liveFromCamera(studio);
    const before = studio.peer.getSenders().map(({ track }) => track);
    studio.devices.failure = new DOMException('no', 'NotAllowedError');
    void studio.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await studio.clock.advance(5_000);
    assert.equal(studio.outline().at(-1), 'StartPreviewError 6005');
    assert.deepEqual(
      studio.peer.getSenders().map(({ track }) => track),
      before,
    );
    assert.ok(before.every((track) => track?.readyState === 'live'));
  });

  it('taken away sends nothing more in its place, and the session stays', async () => {
    const studio = new Studio();
    await liveFromCamera(studio);
    void studio.user.startPreview({ audioDeviceConfig: { device: false } });
    await studio.clock.advance(100);
    assert.deepEqual(
      studio.peer.getSenders().map(({ track }) => track?.kind),
      [undefined, 'video'],
    );
    void studio.user.stopPreview();
    await studio.clock.advance(5_000);
    assert.deepEqual(
      studio.peer.getSenders().map(({ track }) => track?.kind),
      [undefined, undefined],
    );
    assert.equal(studio.server.sessions.size, 1);
  });

  it('may be chosen and taken away while an attempt to reconnect has failed and the next one waits', async () => {
    const studio = new Studio({ reconnect: { minDelay: 5 } });
    await liveFromCamera(studio);
    studio.server.next('POST', { status: 503 });
    studio.losePath();
    await studio.clockUntilAttempt(2);
    const switched = studio.user.startPreview({ videoDeviceConfig: { device: 1 } });
    await studio.clock.advance(0);
    assert.equal((await switched).stream.getVideoTracks()[0]?.label, 'Back camera');
    const stopped = studio.user.stopPreview();
    await studio.clock.advance(0);
    await stopped;
    assert.ok(!studio.outline().some((name) => name.includes('Error')));
  });

  it('taken away for good is no reason to publish an offer without any track (C47)', async () => {
    const studio = new Studio({ reconnect: { maxRetries: 2 } });
    await liveFromCamera(studio);
    void studio.user.stopPreview();
    await studio.clock.advance(100);
    studio.losePath();
    await studio.clock.advance(60_000);
    for (const { body } of studio.server.of('POST')) assert.match(body, /^m=/m);
  });
});
