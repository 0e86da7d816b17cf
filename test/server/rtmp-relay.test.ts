import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, test } from 'node:test';
import { RtpHeader, RtpPacket } from 'werift';
import type { RunEvents } from '../../demo/server/ffmpeg-run.js';
import { RtmpRelay, type RelayWorld, type RtmpRun } from '../../demo/server/rtmp-relay.js';
import type { Codec, CodecChoice, MediaKind } from '../../demo/server/sdp.js';
import { Listener } from './support/listener.js';

const OPUS: Codec = { payloadType: 111, name: 'opus', clockRate: 48_000, channels: 2, parameters: '' };
const H264: Codec = { payloadType: 102, name: 'H264', clockRate: 90_000, parameters: '' };
const TARGET = { url: 'rtmp://localhost:1935/live/KEY', hostname: 'localhost', port: 1935 };
const BOTH = ['audio', 'video'] as const;

/** A connection to an RTMP server that ends when it is told to. */
class Run implements RtmpRun {
  readonly kinds: string[];
  readonly events: RunEvents;
  readonly sent: MediaKind[] = [];
  readonly ended: Promise<string>;
  liveFor = 0;
  end: (reason: string) => void = () => undefined;

  constructor(codecs: CodecChoice, events: RunEvents) {
    this.kinds = Object.keys(codecs);
    this.events = events;
    this.ended = new Promise((resolve) => (this.end = resolve));
  }

  send(kind: MediaKind): void {
    this.sent.push(kind);
  }
}

/** A relay in a world of its own, in which waits take no time and media comes while it waits. */
class Scene implements RelayWorld {
  readonly relay: RtmpRelay;
  readonly listener: Listener;
  /** Seconds of the waits between connections. */
  readonly waits: number[] = [];
  readonly runs: Run[] = [];
  /** What comes in. */
  media: readonly MediaKind[] = BOTH;
  luck = 0;
  refusal = '';
  /** Gets each new connection. */
  onRun: (run: Run) => void = () => undefined;
  #now = 1000;

  constructor(codecs: CodecChoice = { audio: OPUS, video: H264 }) {
    const settings = { programs: { ffmpeg: 'ffmpeg' }, onKeyframeNeeded: () => undefined };
    this.relay = new RtmpRelay(TARGET, codecs, settings, this);
    this.listener = new Listener(this.relay.feed);
  }

  now = () => this.#now;
  random = () => this.luck;
  probe = () => Promise.resolve(this.refusal);

  wait = async (milliseconds: number) => {
    if (milliseconds > 100 || this.listener.messages.at(-1) === 'reconnecting') this.waits.push(milliseconds / 1000);
    await turn();
    await this.pass(milliseconds);
  };

  start: RelayWorld['start'] = (_, codecs, __, events) => {
    const run = new Run(codecs, events);
    this.runs.push(run);
    this.onRun(run);
    return Promise.resolve(run);
  };

  /** Lets time pass, with what comes in meanwhile. */
  async pass(milliseconds: number): Promise<void> {
    for (const end = this.#now + milliseconds; this.#now < end; this.#now += 20) this.#receive();
    await turn();
  }

  #receive(): void {
    const packet = () => new RtpPacket(new RtpHeader({ sequenceNumber: this.#now / 20 }), Buffer.alloc(9));
    for (const kind of this.media) this.relay.forward(kind, packet());
  }
}

const scenes: Scene[] = [];

function newScene(...settings: ConstructorParameters<typeof Scene>): Scene {
  const scene = new Scene(...settings);
  scenes.push(scene);
  return scene;
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let turns = 0; !condition(); turns++) {
    assert.ok(turns < 1000, `not: ${what}`);
    await turn();
  }
}

afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.relay.close();
});

test('ten attempts are made, one to eight seconds apart, and then it has failed', async () => {
  for (const [luck, waits] of [
    [0, Array.from({ length: 10 }, () => 1)],
    [1, [4, ...Array.from({ length: 9 }, () => 8)]],
  ] as const) {
    const scene = newScene();
    scene.luck = luck;
    scene.refusal = 'Nobody is there.';
    await scene.pass(20);
    await until('it has failed', () => scene.listener.messages.includes('failed'));
    assert.deepEqual(scene.waits, waits);
    assert.deepEqual(scene.listener.messages, [...waits.map(() => 'reconnecting'), 'failed']);
    assert.equal(scene.listener.reports.at(-1)?.reason, 'Nobody is there.');
  }
});

test('attempts are forgotten after ten seconds of being live, and not before', async () => {
  for (const [liveFor, isForgotten] of [
    [9_999, false],
    [10_000, true],
  ] as const) {
    const scene = newScene();
    scene.onRun = (run) => {
      run.liveFor = liveFor;
      run.events.onLive();
      run.end('It broke.');
    };
    await scene.pass(20);
    await until(
      'many connections were made',
      () => scene.runs.length > 20 || scene.listener.messages.includes('failed'),
    );
    assert.equal(scene.runs.length > 20, isForgotten, `${liveFor} ms`);
  }
});

test('what cannot even begin is told with its reason, and tried again', async () => {
  const scene = newScene();
  let isOut = true;
  const { start } = scene;
  scene.start = (...settings) => (isOut ? Promise.reject(new Error('bind EMFILE 127.0.0.1')) : start(...settings));
  await scene.pass(20);
  await until('it is told', () => scene.listener.messages.length >= 2);
  isOut = false;
  await until('it has begun', () => scene.runs.length === 1);
  assert.equal(scene.listener.reports[0]?.reason, 'The RTMP output could not begin: bind EMFILE 127.0.0.1');
});

test('a connection is begun with what comes, and goes on where sound stops: with silence', async () => {
  const scene = newScene();
  await scene.pass(20);
  await until('it has begun', () => scene.runs.length === 1);
  assert.deepEqual(scene.runs[0]?.kinds, BOTH);
  scene.media = ['video'];
  await scene.pass(5000);
  const sent = scene.runs[0]?.sent.slice(-250) ?? [];
  assert.ok(sent.filter((kind) => kind === 'audio').length > 100, 'sound goes on');
  // And where it has to begin anew.
  scene.relay.drop();
  await until('it has begun again', () => scene.runs.length === 2);
  assert.deepEqual(scene.runs[1]?.kinds, BOTH);
  assert.deepEqual(
    scene.listener.reports.map(({ reason }) => reason),
    ['The connection to the RTMP server was cut.'],
  );
});

test('a picture that does not come is not waited for, and joins when it does: at once, and that is no attempt', async () => {
  const scene = newScene();
  scene.media = ['audio'];
  await scene.pass(20);
  for (let times = 0; times < 12; times++) {
    await until('it has begun without', () => scene.runs.at(-1)?.kinds.join() === 'audio');
    scene.media = BOTH;
    await scene.pass(20);
    await until('it has begun anew with both', () => scene.runs.at(-1)?.kinds.length === 2);
    // The picture ends, and then the connection breaks after a long time.
    scene.media = ['audio'];
    await scene.pass(3000);
    Object.assign(scene.runs.at(-1) ?? {}, { liveFor: 20_000 });
    scene.relay.drop();
  }
  const reasons = scene.listener.reports.map(({ reason }) => reason);
  assert.deepEqual(reasons.slice(0, 2), [
    'The RTMP output begins anew, with the picture too.',
    'The connection to the RTMP server was cut.',
  ]);
  assert.deepEqual(scene.waits.filter((_, i) => i % 2 === 0).slice(0, 5), [0, 0, 0, 0, 0]);
  assert.ok(!scene.listener.messages.includes('failed'), 'it goes on');
});

test('nothing is begun while nothing comes in', async () => {
  const scene = newScene();
  await scene.pass(20);
  await until('it has begun', () => scene.runs.length === 1);
  scene.media = [];
  await scene.pass(5000);
  scene.relay.drop();
  await until('it waits', () => scene.waits.length > 20);
  assert.equal(scene.runs.length, 1);
  scene.media = BOTH;
  await until('it has begun again', () => scene.runs.length === 2);
});

test('a packet without a payload begins nothing', async () => {
  const scene = newScene();
  scene.relay.forward('video', new RtpPacket(new RtpHeader(), Buffer.alloc(0)));
  await turn();
  assert.deepEqual([scene.waits, scene.runs], [[], []]);
});

test('its end ends the connection, in every phase, and nothing comes after it', async () => {
  const begun = newScene();
  await begun.pass(20);
  await until('it has begun', () => begun.runs.length === 1);
  await begun.relay.close();
  const ended = begun.runs[0]?.ended;
  assert.equal(await ended, 'The session has ended.');

  const beginning = newScene();
  const { start } = beginning;
  beginning.start = async (...settings) => {
    void beginning.relay.close();
    return start(...settings);
  };
  await beginning.pass(20);
  await until('it has begun', () => beginning.runs.length === 1);
  assert.equal(await beginning.runs[0]?.ended, 'The session has ended.');
  await beginning.pass(1000);
  assert.deepEqual([begun.runs.length, beginning.runs.length], [1, 1]);
  assert.deepEqual([...begun.listener.messages, ...beginning.listener.messages], []);
});
