import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { device, streamOf } from '../support/fake-media.js';
import { answerTo } from '../support/sdp.js';
import { ENDPOINT, TestRig } from '../support/test-rig.js';

const expiring = (rig: TestRig, seconds: number) => {
  const exp = Math.floor(rig.clock.now() / 1000) + seconds;
  const jwt = `h.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.s`;
  // Servers look at it when a session is made.
  rig.server.always('POST', () => (rig.clock.now() / 1000 > exp ? { status: 401 } : {}));
  return { jwt };
};

/** Live with one kind of device, for longer than a loss is remembered. */
async function liveWith(kind: 'audio' | 'video', rig: TestRig, signIn = {}): Promise<void> {
  await rig.goLiveWith(kind, signIn);
  await rig.clock.advance(20_000);
}

/** What ended the broadcast, how many sessions there are, and the last thing the page was told. */
const outcomeOf = (rig: TestRig) => [
  rig.all('BroadcastError').map(({ error }) => error.code),
  rig.server.sessions.size,
  rig.outline().findLast((name) => name !== 'CaptureStatus'),
];
const GOES_ON = [[], 1, 'broadcasting'];

const told = (rig: TestRig) => rig.all('CaptureStatus').map(({ data }) => [data.kind, data.state]);

describe('a session beside the live one that the server refuses for good', () => {
  for (const kind of ['audio', 'video'] as const) {
    const added = kind === 'audio' ? 'video' : 'audio';
    it(`is told of: ${added} is captured and not sent`, async () => {
      const rig = new TestRig({ reconnect: {} });
      await liveWith(kind, rig);
      rig.server.always('POST', { status: 422 });
      void rig.user.startPreview();
      await rig.clock.advance(60_000);
      assert.deepEqual(told(rig), [[`${added}input`, 'unsent']]);
      assert.match(rig.last('CaptureStatus').data.message, new RegExp(`without ${added}`));
    });

    it(`is told of: ${added} that is a placeholder, which is no device`, async () => {
      const rig = new TestRig();
      await liveWith(kind, rig);
      rig.devices.devices = rig.devices.devices.filter((one) => one.kind !== `${added}input`);
      void rig.user.startPreview();
      await rig.clock.advance(60_000);
      const labels = rig.all('CaptureStatus').map(({ data }) => [data.state, data.device]);
      assert.ok(labels.some(([state]) => state === 'unsent'));
      assert.ok(
        labels.every(([, label]) => label === ''),
        JSON.stringify(labels),
      );
    });

    it(`is told of: ${added} while reconnection is off`, async () => {
      const rig = new TestRig();
      await liveWith(kind, rig);
      void rig.user.startPreview();
      await rig.clock.advance(5_000);
      void rig.user.muteDevice({ kind: 'audioinput', mute: true });
      void rig.user.startPreview({ videoDeviceConfig: { device: 1 } });
      await rig.clock.advance(60_000);
      assert.ok(told(rig).every(([where, state]) => where === `${added}input` && state === 'unsent'));
      assert.equal(told(rig).length, added === 'video' ? 2 : 1);
    });

    it(`is told of once for each session without ${added}, and no more once it is sent`, async () => {
      const rig = new TestRig({ reconnect: { maxRetries: 10 } });
      await liveWith(kind, rig);
      rig.server.always('POST', { status: 503 });
      void rig.user.startPreview();
      await rig.clock.advance(60_000);
      const unsent = [`${added}input`, 'unsent'];
      assert.deepEqual(told(rig), [unsent]);
      void rig.user.muteDevice({ kind: 'audioinput', mute: true });
      await rig.clock.advance(1_000);
      assert.deepEqual(told(rig), [unsent]);
      rig.server.always('POST', {});
      rig.peers[0]?.transport.become('closed');
      await rig.clock.advance(60_000);
      assert.deepEqual(told(rig), [unsent]);
      assert.deepEqual(
        rig.peer.getSenders().map(({ track }) => track?.kind),
        ['audio', 'video'],
      );
    });

    for (const status of [401, 405, 406, 413, 415, 422]) {
      it(`leaves the live one alone: ${added} is answered with ${status}`, async () => {
        const rig = new TestRig({ reconnect: { maxRetries: 60 } });
        await liveWith(kind, rig);
        const before = rig.server.of('POST').length;
        rig.server.always('POST', { status });
        void rig.user.startPreview();
        await rig.clock.advance(60_000);
        assert.deepEqual(outcomeOf(rig), GOES_ON);
        assert.ok(rig.server.of('POST').length - before <= 2);
        assert.equal(rig.server.of('DELETE').length, 0);
        assert.equal(rig.peers[0]?.connectionState, 'connected');
      });
    }

    for (const status of [400, 403]) {
      it(`goes on without ${added} after ${status}, which may have been about a second session`, async () => {
        const rig = new TestRig({ reconnect: { maxRetries: 60 } });
        await liveWith(kind, rig);
        rig.server.always('POST', ({ body }) => (body.includes(`m=${added}`) ? { status } : {}));
        void rig.user.startPreview();
        await rig.clock.advance(120_000);
        assert.deepEqual(outcomeOf(rig), GOES_ON);
        assert.deepEqual(told(rig), [[`${added}input`, 'unsent']]);
        const posts = rig.server.of('POST').length;
        await rig.clock.advance(300_000);
        assert.equal(rig.server.of('POST').length, posts);
      });
    }

    for (const status of [400, 403, 409]) {
      for (const heldFor of [500, 5_000, 15_000]) {
        it(`sends ${added} once a server of one session has freed it ${heldFor} ms late, after ${status}`, async () => {
          const rig = new TestRig({ reconnect: { maxRetries: 60 } });
          await liveWith(kind, rig);
          let freeAt = Infinity;
          rig.server.always('DELETE', () => {
            freeAt = Math.min(freeAt, rig.clock.now() + heldFor);
            return {};
          });
          rig.server.always('POST', () => (rig.clock.now() >= freeAt ? {} : { status }));
          void rig.user.startPreview();
          await rig.clock.advance(90_000);
          assert.deepEqual(outcomeOf(rig), GOES_ON);
          assert.deepEqual(told(rig), []);
          assert.ok(rig.peer.getSenders().some(({ track }) => track?.kind === added));
        });
      }
    }

    for (const [name, trouble] of [
      [
        'a second device is chosen meanwhile',
        (rig: TestRig) => void rig.user.startPreview({ videoDeviceConfig: { width: 640 } }),
      ],
      ['the path is lost meanwhile', (rig: TestRig) => (rig.peer.isDeaf = true)],
    ] as const) {
      for (const status of [400, 403, 422]) {
        it(`goes on without ${added} after ${status}, though ${name}`, async () => {
          const rig = new TestRig({ reconnect: { maxRetries: 60 } });
          await liveWith(kind, rig);
          rig.server.always('POST', ({ body }) => (body.includes(`m=${added}`) ? { status } : {}));
          void rig.user.startPreview();
          await rig.clock.advance(1_300);
          trouble(rig);
          await rig.clock.advance(300_000);
          assert.deepEqual(outcomeOf(rig).slice(0, 2), GOES_ON.slice(0, 2));
          const live = rig.peers.findLast(({ connectionState }) => connectionState === 'connected');
          assert.ok(live?.getSenders().every(({ track }) => track?.kind === kind));
        });
      }
    }

    it(`goes on without ${added} where few attempts are left`, async () => {
      const rig = new TestRig({ reconnect: { maxRetries: 3 } });
      await liveWith(kind, rig);
      rig.server.always('POST', ({ body }) => (body.includes(`m=${added}`) ? { status: 403 } : {}));
      void rig.user.startPreview();
      await rig.clock.advance(120_000);
      assert.deepEqual(outcomeOf(rig), GOES_ON);
    });

    it(`leaves the live one alone: the answer rejects ${added}`, async () => {
      const rig = new TestRig({ reconnect: { maxRetries: 60 } });
      rig.server.always('POST', ({ body }) => ({ body: answerTo(body, [added]) }));
      await liveWith(kind, rig);
      void rig.user.startPreview();
      await rig.clock.advance(60_000);
      assert.deepEqual(outcomeOf(rig), GOES_ON);
    });
  }

  for (const script of [{ status: 402 }, { status: 404 }, { status: 503 }, 'no answer', { body: 'no SDP' }] as const) {
    it(`leaves the live one alone: ${JSON.stringify(script)} for ever`, async () => {
      const rig = new TestRig({ reconnect: { maxRetries: 3 } });
      await liveWith('audio', rig);
      rig.server.always('POST', script);
      void rig.user.startPreview();
      await rig.clock.advance(300_000);
      assert.deepEqual(outcomeOf(rig)[0], []);
      assert.deepEqual([outcomeOf(rig).at(-1), rig.peers[0]?.connectionState], ['broadcasting', 'connected']);
    });
  }

  it('leaves the live one alone: the browser never makes an offer', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 3 } });
    await liveWith('audio', rig);
    const push = rig.peers.push.bind(rig.peers);
    rig.peers.push = (...peers) => {
      for (const peer of peers) peer.createOffer = () => new Promise(() => undefined);
      return push(...peers);
    };
    void rig.user.startPreview();
    await rig.clock.advance(300_000);
    assert.deepEqual(outcomeOf(rig), GOES_ON);
  });

  it('leaves the live one alone if reconnection is turned off meanwhile', async () => {
    const rig = new TestRig({ reconnect: { maxRetries: 3 } });
    await liveWith('audio', rig);
    rig.server.always('POST', { status: 503, after: 500 });
    void rig.user.startPreview();
    await rig.clock.advance(300);
    void rig.user.setConfig({ reconnect: { maxRetries: 0 } });
    await rig.clock.advance(60_000);
    assert.deepEqual(outcomeOf(rig), GOES_ON);
  });

  it('is not asked for again by the same track, and is no outage', async () => {
    const rig = new TestRig({ reconnect: {} });
    await liveWith('audio', rig);
    rig.server.always('POST', { status: 422 });
    void rig.user.startPreview();
    await rig.clock.advance(5_000);
    const { length } = rig.server.of('POST');
    for (let mutes = 0; mutes < 10; mutes++) {
      void rig.user.muteDevice({ kind: 'audioinput', mute: mutes % 2 === 0 });
      rig.devices.tracks.findLast(({ kind }) => kind === 'audio')?.end();
      await rig.clock.advance(5_000);
    }
    assert.deepEqual([rig.server.of('POST').length, rig.user.report.outages], [length, []]);
  });

  for (const refusal of [{ status: 422 }, 'rejected'] as const) {
    it(`is left out after a later loss, too: ${JSON.stringify(refusal)}`, async () => {
      const rig = new TestRig({ reconnect: { maxRetries: 5 } });
      await liveWith('audio', rig);
      rig.server.always('POST', ({ body }) => {
        if (refusal === 'rejected') return { body: answerTo(body, ['video']) };
        return body.includes('m=video') ? refusal : {};
      });
      void rig.user.startPreview();
      await rig.clock.advance(10_000);
      rig.peers[0]?.transport.become('closed');
      await rig.clock.advance(60_000);
      assert.deepEqual(outcomeOf(rig), GOES_ON);
      assert.equal(rig.user.report.outages.length, 1);
      assert.deepEqual(told(rig), [
        ['videoinput', 'unsent'],
        ['videoinput', 'unsent'],
      ]);
    });
  }

  it('is asked for again when tracks change', async () => {
    const rig = new TestRig({ reconnect: {} });
    await liveWith('audio', rig);
    rig.server.next('POST', { status: 422 });
    void rig.user.startPreview();
    await rig.clock.advance(30_000);
    assert.equal(rig.server.of('POST').length, 2);
    void rig.user.startPreview({ videoDeviceConfig: { width: 640 } });
    await rig.clock.advance(5_000);
    assert.deepEqual(outcomeOf(rig), GOES_ON);
    assert.ok(rig.peer.getSenders().some(({ track }) => track?.kind === 'video'));
  });

  it('leaves the live one alone: the token has expired since, for a camera and for an encoder that stalls', async () => {
    for (const isStall of [false, true]) {
      const rig = new TestRig({ reconnect: { maxRetries: 60 } });
      if (isStall) await rig.goLive(expiring(rig, 300));
      else await liveWith('audio', rig, expiring(rig, 300));
      await rig.clock.advance(400_000);
      if (isStall) rig.path.isEncoding = (_, kind) => kind !== 'video';
      else void rig.user.startPreview();
      await rig.clock.advance(20_000);
      rig.path.isEncoding = () => true;
      await rig.clock.advance(60_000);
      assert.deepEqual(outcomeOf(rig), GOES_ON);
    }
  });
});

describe('while a session is tried beside the live one', () => {
  /** Live with the microphone, and the camera waits for a server that refuses it two seconds later. */
  async function trying(rig: TestRig): Promise<void> {
    await liveWith('audio', rig);
    rig.server.next('POST', { status: 503, after: 2_000 });
    void rig.user.startPreview();
    await rig.clock.advance(500);
  }
  const firstSender = (rig: TestRig) => rig.peers[0]?.getSenders()[0];

  it('another microphone reaches the live one', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.devices.plug(device('audioinput', 'Mic 2'));
    await trying(rig);
    void rig.user.startPreview({ audioDeviceConfig: { device: 'Mic 2' } });
    await rig.clock.advance(4_000);
    const track = firstSender(rig)?.track;
    assert.deepEqual([track?.label, track?.readyState], ['Mic 2', 'live']);
  });

  it('another stream of the page reaches the live one, muted if the page mutes it', async () => {
    const rig = new TestRig({ reconnect: {} });
    void rig.signIn();
    rig.giveStream('audio');
    void rig.user.startBroadcast();
    await rig.untilStatus('broadcasting');
    rig.server.next('POST', { status: 503, after: 2_000 });
    rig.giveStream('audio', 'video');
    await rig.clock.advance(500);
    const stream = rig.giveStream('audio', 'video');
    void rig.user.muteDevice({ kind: 'audioinput', mute: true });
    await rig.clock.advance(4_000);
    const track = firstSender(rig)?.track;
    assert.deepEqual([track?.id, track?.enabled], [stream.getAudioTracks()[0]?.id, false]);
  });

  it('a bitrate reaches the live one', async () => {
    const rig = new TestRig({ reconnect: {} });
    await trying(rig);
    void rig.user.setConfig({ bitrates: { audioSendBitrate: 32 } });
    await rig.clock.advance(4_000);
    assert.equal(firstSender(rig)?.encodings[0]?.maxBitrate, 32_000);
  });

  for (const how of ['failed', 'closed'] as const) {
    for (const answer of ['no answer', { status: 503, after: 100 }, { after: 8_000 }] as const) {
      it(`the loss of the live one, ${how}, is recovered at once: ${JSON.stringify(answer)}`, async () => {
        const rig = new TestRig({ reconnect: { minDelay: 1, maxDelay: 60 } });
        rig.server.restartsIce = true;
        await liveWith('audio', rig);
        rig.server.next('POST', answer);
        void rig.user.startPreview();
        await rig.clock.advance(500);
        const lostAt = rig.clock.now();
        const [old] = rig.peers;
        if (how === 'failed') old?.become('failed');
        else old?.transport.become('closed');
        Object.assign(old ?? {}, { isDeaf: true });
        await rig.untilStatus('broadcasting');
        assert.ok(rig.clock.now() - lostAt < 5_000, `${rig.clock.now() - lostAt} ms`);
        await rig.clock.advance(60_000);
        assert.deepEqual(outcomeOf(rig), GOES_ON);
        assert.equal(rig.peers.filter(({ connectionState }) => connectionState !== 'closed').length, 1);
      });
    }
  }

  it('a server that puts the new session in the place of the old one has lost nothing', async () => {
    for (const slow of [0, 2_000]) {
      const rig = new TestRig({ reconnect: {} });
      await liveWith('audio', rig);
      rig.server.next('POST', { after: 200 });
      rig.path.connectsAfter = 40 + slow;
      rig.server.onAnswer = ({ method }) => {
        if (method === 'POST') rig.peers[0]?.transport.become('closed');
      };
      void rig.user.startPreview();
      await rig.clock.advance(10_000);
      assert.deepEqual(outcomeOf(rig), GOES_ON);
      assert.deepEqual(
        rig.user.report.outages.map(({ cause, recoveredBy }) => [cause, recoveredBy]),
        [['tracks', 'new-session']],
      );
      assert.equal(rig.server.of('POST').length, 2);
    }
  });

  it('a server that no longer hears the old session while the new one comes up has lost nothing', async () => {
    for (const connectsAfter of [2_500, 3_500]) {
      const rig = new TestRig({ reconnect: {} });
      await liveWith('audio', rig);
      rig.path.connectsAfter = connectsAfter;
      rig.server.onAnswer = ({ method }) => {
        if (method === 'POST') Object.assign(rig.peers[0] ?? {}, { isDeaf: true });
      };
      void rig.user.startPreview();
      await rig.clock.advance(20_000);
      assert.deepEqual(outcomeOf(rig), GOES_ON);
      assert.equal(rig.server.of('POST').length, 2);
    }
  });

  it('a stop leaves nothing behind, whenever it comes', async () => {
    for (const after of [0, 10, 500, 2_010, 2_500, 6_000]) {
      const rig = new TestRig({ reconnect: {} });
      await liveWith('audio', rig);
      rig.server.next('POST', { status: 503, after: 2_000 });
      void rig.user.startPreview();
      await rig.clock.advance(after);
      void rig.user.stopBroadcast();
      await rig.clock.advance(30_000);
      assert.deepEqual([rig.server.sessions.size, rig.clock.pending], [0, 0], `after ${after} ms`);
    }
  });
});

describe('a session that another user of the page could not end', () => {
  /** One stopped while its `DELETE` failed, and the one that follows it. */
  async function followed(rig: TestRig) {
    await rig.goLive();
    rig.server.next('DELETE', 'network error', 'network error');
    void rig.user.stopBroadcast();
    await rig.clock.advance(500);
    const second = rig.anotherUser();
    let last = '';
    second.on('BroadcastStatus', ({ data }) => (last = data.message));
    void second.signIn({ server: ENDPOINT });
    void second.setMediaStream({ stream: streamOf('audio', 'video') as unknown as MediaStream });
    void second.startBroadcast();
    await rig.clock.advance(1_400);
    return () => last;
  }

  it('is ended before the next one publishes, where a server allows one at a time', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('POST', () => (rig.server.sessions.size > 0 ? { status: 409 } : {}));
    const last = await followed(rig);
    assert.equal(last(), 'broadcasting');
  });

  it('is not ended once the next one has the same session URL', async () => {
    const rig = new TestRig({ reconnect: {} });
    rig.server.always('POST', { headers: { Location: '/whip/sessions/stream' } });
    const last = await followed(rig);
    await rig.clock.advance(60_000);
    assert.deepEqual([last(), rig.server.sessions.size], ['broadcasting', 1]);
  });

  it('delays nobody on another endpoint', async () => {
    const rig = new TestRig({ reconnect: {} });
    await rig.goLive();
    rig.server.always('DELETE', 'no answer');
    void rig.user.stopBroadcast();
    await rig.clock.advance(5_000);
    const asked = rig.server.of('DELETE').length;
    const second = rig.anotherUser();
    void second.signIn({ server: ENDPOINT.replace('studio', 'other') });
    void second.setMediaStream({ stream: streamOf('audio', 'video') as unknown as MediaStream });
    void second.startBroadcast();
    await rig.clock.advance(20);
    assert.deepEqual([rig.server.of('POST').length, rig.server.of('DELETE').length], [2, asked]);
  });
});
