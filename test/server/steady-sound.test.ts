import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RtpHeader, RtpPacket } from 'werift';
import { SteadySound } from '../../demo/server/steady-sound.js';
import type { Codec, MediaKind } from '../../demo/server/sdp.js';

const OPUS: Codec = { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, parameters: '' };
const H264: Codec = { payloadType: 102, name: 'H264', clockRate: 90_000, parameters: '' };

/** A publisher whose sound and picture can be switched, and what is sent on for it. */
class Source {
  readonly sent: { kind: MediaKind; at: number; timestamp: number; sequenceNumber: number; isSilence: boolean }[] = [];
  now = 0;
  readonly #sound: SteadySound;
  readonly #audio = { sequenceNumber: 65_500, timestamp: 4_294_960_000 };

  constructor(codecs = { audio: OPUS, video: H264 } as { audio?: Codec; video?: Codec }) {
    this.#sound = new SteadySound(codecs);
  }

  /** Lets time pass: a packet of sound each 20 ms, one of the picture each `interval`. As in browsers, time is sound. */
  pass(milliseconds: number, kinds: readonly MediaKind[], interval = 40): void {
    for (const end = this.now + milliseconds; this.now < end; this.now += 20) {
      if (kinds.includes('video') && this.now % interval === 0) this.give('video', this.now, this.now * 90);
      if (!kinds.includes('audio')) continue;
      this.give('audio', this.#audio.sequenceNumber, this.#audio.timestamp);
      this.#audio.sequenceNumber = (this.#audio.sequenceNumber + 1) & 0xffff;
      this.#audio.timestamp = (this.#audio.timestamp + 960) >>> 0;
    }
  }

  give(kind: MediaKind, sequenceNumber: number, timestamp: number): void {
    const packet = new RtpPacket(new RtpHeader({ sequenceNumber, timestamp }), Buffer.alloc(100, 1));
    for (const one of this.#sound.take(kind, packet, this.now)) {
      const { header, payload } = one.packet;
      const { sequenceNumber, timestamp } = header;
      this.sent.push({ kind: one.kind, at: this.now, sequenceNumber, timestamp, isSilence: payload.length === 3 });
    }
  }

  get silence() {
    return this.sent.filter(({ isSilence }) => isSilence);
  }

  /** Milliseconds by which the sound is ahead of the clock at each packet, beginning with 0. */
  get lead(): number[] {
    const audio = this.sent.filter(({ kind }) => kind === 'audio');
    const [first] = audio;
    return audio.map(
      ({ at, timestamp }) => ((timestamp - (first?.timestamp ?? 0)) >>> 0) / 48 - (at - (first?.at ?? 0)),
    );
  }
}

test('sound and picture pass as they are', () => {
  const source = new Source();
  source.pass(3000, ['audio', 'video']);
  assert.equal(source.sent.length, 150 + 75);
  assert.deepEqual(source.silence, []);
  assert.equal(source.sent.find(({ kind }) => kind === 'audio')?.timestamp, 4_294_960_000);
});

test('silence comes where the sound has stopped and the picture goes on, until it is back', () => {
  const source = new Source();
  source.pass(1000, ['audio', 'video']);
  source.pass(3000, ['video']);
  const [first] = source.silence;
  assert.ok(first && first.at - 1000 < 1000, 'soon: a muxer waits for a second');
  assert.ok(Math.abs(source.silence.length - (4000 - first.at) / 20) <= 2, 'for all of the time');
  source.pass(1000, ['audio', 'video']);
  assert.ok(Math.max(...source.silence.map(({ at }) => at)) <= 4000, 'no longer than that');
  // The clock of the browser's track stood still for three seconds.
  const off = source.lead.map(Math.abs);
  assert.ok(Math.max(...off) <= 60, `${Math.max(...off)} ms off`);
  const numbers = source.sent.filter(({ kind }) => kind === 'audio').map(({ sequenceNumber }) => sequenceNumber);
  assert.ok(numbers.every((one, i) => i === 0 || one === (((numbers[i - 1] ?? 0) + 1) & 0xffff)));
});

test('silence comes where there was never any sound', () => {
  const source = new Source();
  source.pass(3000, ['video']);
  assert.ok(source.silence.length > 90);
});

test('a picture once in a second is enough', () => {
  const source = new Source();
  source.pass(1000, ['audio', 'video']);
  source.pass(10_000, ['video'], 1000);
  assert.ok(source.silence.length > 350, String(source.silence.length));
});

test('nothing is made up where the picture is away too, nor for sound alone', () => {
  const source = new Source();
  source.pass(1000, ['audio', 'video']);
  source.pass(10_000, []);
  source.pass(1000, ['audio', 'video']);
  source.pass(3000, ['audio']);
  assert.deepEqual(source.silence, []);
});

test('nothing is made up where the network held both back, or sound is sent with pauses', () => {
  const source = new Source();
  source.pass(1000, ['audio', 'video']);
  source.now += 900;
  for (let i = 0; i < 20; i++) source.give('video', 100 + i, 90_000);
  source.pass(100, ['audio', 'video']);
  source.pass(400, ['video']);
  source.pass(100, ['audio', 'video']);
  assert.deepEqual(source.silence, []);
});

test('after a long pause of all the silence begins anew, and nobody is flooded with it', () => {
  const source = new Source();
  source.pass(1000, ['audio', 'video']);
  source.pass(2000, ['video']);
  const before = source.silence.length;
  source.pass(60_000, []);
  source.pass(1000, ['video']);
  assert.ok(source.silence.length - before <= 52, String(source.silence.length - before));
  assert.ok(Math.max(...source.lead.map(Math.abs)) <= 60);
});

test('without sound in the session there is none', () => {
  const source = new Source({ video: H264 });
  source.pass(3000, ['video']);
  assert.ok(source.sent.every(({ kind }) => kind === 'video'));
});
