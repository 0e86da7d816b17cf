import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeEventStream } from '../support/fake-event-stream.js';
import type { Answer, Script } from '../support/fake-whip-server.js';
import { goDeaf } from '../support/ice-restarts.js';
import { Studio } from '../support/test-rig.js';

const URN = 'urn:x-nano-webcaster:broadcast-status';
const CHANNEL = 'https://media.example/status/unguessable';
const RUNS = { message: 'broadcasting', leg: 'rtmp' };
const COMES_BACK = { message: 'reconnecting', leg: 'rtmp', reason: 'Connection refused.' };
const IS_GIVEN_UP = { message: 'failed', leg: 'rtmp', reason: 'Given up after 10 attempts.' };
const STARTED = ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting'];

/** A studio whose server announces a status channel. */
class LegStudio extends Studio {
  /** One for each time that the channel was opened. */
  readonly streams: FakeEventStream[] = [];

  constructor(link = `</status/unguessable>; rel="${URN}"`) {
    super({ reconnect: { minDelay: 1, maxDelay: 2, maxRetries: 5 }, logLevel: 4 });
    this.server.restartsIce = true;
    this.server.always('POST', { headers: { Link: link } });
    this.server.always('GET', () => this.openChannel());
  }

  /** The probe of the sign-in is no part of it. */
  override outline(from = 0): string[] {
    return super.outline(from).filter((name) => name !== 'SignInSuccess');
  }

  openChannel(type = 'text/event-stream'): Answer {
    const stream = new FakeEventStream();
    this.streams.push(stream);
    return { status: 200, headers: { 'Content-Type': type }, stream };
  }

  get channel(): FakeEventStream {
    const stream = this.streams.at(-1);
    assert.ok(stream, 'the channel is open');
    return stream;
  }

  async hear(...reports: unknown[]): Promise<void> {
    for (const report of reports) this.channel.say(report);
    await this.clock.advance(0);
  }

  /** Goes live with an RTMP output that runs. */
  async goLiveWithLeg(): Promise<void> {
    this.begin({ jwt: 'token' });
    await this.clock.advance(100);
    await this.hear(RUNS);
    await this.untilStatus('broadcasting');
    this.events.length = 0;
  }

  /** Nothing comes any more, and nothing is left anywhere. */
  async checkEnd(): Promise<void> {
    const told = this.events.length;
    for (const stream of this.streams) stream.say(RUNS);
    await this.clock.advance(60_000);
    assert.deepEqual(this.outline(told), [], 'nothing comes after the end');
    assert.deepEqual(
      this.streams.filter(({ isOpen }) => isOpen),
      [],
      'no channel is open',
    );
    assert.deepEqual([this.server.sessions.size, this.clock.pending, this.networkWatchers], [0, 0, 0]);
    assert.deepEqual(this.reported, []);
  }

  async stop(): Promise<void> {
    void this.user.stopBroadcast();
    await this.untilStatus('StopBroadcastSuccess');
    await this.checkEnd();
  }
}

describe('the RTMP output behind the server (2.5)', () => {
  it('is told of as it goes and comes, and the session goes on', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(COMES_BACK);
    assert.deepEqual(studio.outline(), ['reconnecting']);
    const { state, text, reconnect } = studio.last('BroadcastStatus').data;
    assert.deepEqual([state, text, reconnect], [7, 'reconnecting', undefined]);
    await studio.hear(RUNS);
    assert.deepEqual(studio.outline(), ['reconnecting', 'broadcasting']);
    assert.deepEqual([studio.server.opened, studio.server.of('DELETE').length], [1, 0]);
    assert.deepEqual(studio.user.report.outages, []);
    await studio.stop();
  });

  it('is told of only where it changes', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(RUNS, COMES_BACK);
    await studio.hear(COMES_BACK, { ...COMES_BACK, reason: 'another' });
    assert.deepEqual(studio.outline(), ['reconnecting']);
    await studio.stop();
  });

  it('that the server has given up lets a start that follows at once wait for the end of its session', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    studio.user.once('BroadcastError', () => void studio.user.startBroadcast());
    studio.server.next('DELETE', { after: 500 });
    await studio.hear(IS_GIVEN_UP);
    await studio.untilStatus('StartBroadcastSuccess');
    assert.ok(studio.server.last('POST').at >= studio.server.last('DELETE').at + 500);
    await studio.stop();
  });

  it('that the server has given up ends the broadcast with one 109000 and no session', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(COMES_BACK, IS_GIVEN_UP);
    await studio.clock.advance(3_000);
    assert.deepEqual(studio.outline(), ['reconnecting', 'BroadcastError 109000']);
    const { error } = studio.last('BroadcastError');
    assert.equal(error.message, 'The server has given up its RTMP output: Given up after 10 attempts.');
    assert.deepEqual([error.name, error.type], ['RTMPError', 'rtmp-failed']);
    assert.equal(studio.server.of('DELETE').length, 1);
    await studio.checkEnd();
  });

  it('may be started anew after it was given up', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(IS_GIVEN_UP);
    studio.events.length = 0;
    void studio.user.startBroadcast();
    await studio.clock.advance(200);
    await studio.hear(RUNS);
    assert.deepEqual(studio.outline(), STARTED);
    await studio.stop();
  });

  it('shows no address of its own in what is told or logged, nor that of the channel', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    const reason = 'rtmp://live.example/app/KEY?auth=KEY does not answer';
    await studio.hear({ ...COMES_BACK, reason });
    studio.channel.fail(new TypeError('cut'));
    await studio.clock.advance(10_000);
    await studio.hear({ ...IS_GIVEN_UP, reason });
    assert.equal(
      studio.last('BroadcastError').error.message,
      'The server has given up its RTMP output: … does not answer.',
    );
    assert.doesNotMatch(studio.logged.map(String).join('\n'), /KEY|unguessable/);
  });
});

describe('the start with an RTMP output', () => {
  it('is broadcasting only when the output runs, and has started before', async () => {
    const studio = new LegStudio();
    studio.begin();
    await studio.clock.advance(3_000);
    assert.deepEqual(studio.outline(), ['signalling', 'connected', 'StartBroadcastSuccess']);
    await studio.hear(RUNS);
    assert.deepEqual(studio.outline(), STARTED);
    await studio.stop();
  });

  it('tells that the output is being brought back, where that is so', async () => {
    const studio = new LegStudio();
    studio.begin();
    await studio.clock.advance(1_000);
    await studio.hear(COMES_BACK);
    await studio.clock.advance(20_000);
    await studio.hear(RUNS);
    assert.deepEqual(studio.outline(), [...STARTED.slice(0, 3), 'reconnecting', 'broadcasting']);
    await studio.stop();
  });

  it('is broadcasting after 5 s on a channel that says nothing, and hears it all the same', async () => {
    const studio = new LegStudio();
    studio.begin();
    await studio.untilStatus('StartBroadcastSuccess');
    const since = studio.clock.now();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.clock.now() - since, 5_000);
    await studio.hear(COMES_BACK);
    assert.equal(studio.outline().at(-1), 'reconnecting');
    await studio.stop();
  });

  it('is broadcasting at once where the channel cannot be had', async () => {
    const wrong: Script[] = [
      { status: 404 },
      { status: 204 },
      { status: 401 },
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
    ];
    for (const script of wrong) {
      const studio = new LegStudio();
      studio.server.always('GET', script);
      studio.begin();
      await studio.clock.advance(1_000);
      assert.deepEqual(studio.outline(), STARTED);
      await studio.clock.advance(120_000);
      assert.equal(studio.server.of('GET').length, 1, 'it is not asked for again');
      await studio.stop();
    }
  });

  it('may be lost while the output is waited for', async () => {
    const studio = new LegStudio();
    studio.begin();
    await studio.untilStatus('StartBroadcastSuccess');
    studio.loseServer();
    await studio.untilStatus('reconnecting_broadcast');
    await studio.untilStatus('connected');
    await studio.clock.advance(500);
    await studio.hear(RUNS);
    assert.equal(studio.outline().at(-1), 'broadcasting');
    await studio.stop();
  });

  it('may be stopped while the output is waited for', async () => {
    const studio = new LegStudio();
    studio.begin();
    await studio.untilStatus('StartBroadcastSuccess');
    await studio.stop();
    assert.equal(studio.outline().includes('broadcasting'), false);
  });

  it('asks for the channel without the token, a cookie or the cache, and once', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    const [{ url, headers, init } = { url: '', headers: {}, init: {} }, ...more] = studio.server.of('GET');
    assert.deepEqual(more, []);
    assert.equal(url, CHANNEL);
    assert.deepEqual(headers, { accept: 'text/event-stream' });
    assert.deepEqual([init.credentials, init.cache], ['omit', 'no-store']);
    await studio.stop();
  });

  it('opens no channel that is not announced, or not safe', async () => {
    const links = [
      '</status/unguessable>; rel="status"',
      `<http://media.example/status>; rel="${URN}"`,
      `<javascript:alert(1)>; rel="${URN}"`,
      `<http://>; rel="${URN}"`,
    ];
    for (const link of links) {
      const studio = new LegStudio(link);
      studio.begin();
      await studio.clock.advance(1_000);
      assert.deepEqual(studio.outline(), STARTED, link);
      assert.deepEqual(studio.server.of('GET'), []);
      await studio.stop();
    }
  });

  it('reads the channel behind a redirect, and one that begins with a byte order mark', async () => {
    const studio = new LegStudio();
    studio.server.next('GET', () => ({ ...studio.openChannel(), redirectedTo: 'https://status.example/b' }));
    studio.begin({ jwt: 'token' });
    await studio.clock.advance(100);
    studio.channel.write(`\uFEFFdata: ${JSON.stringify(COMES_BACK)}\r\n\r\n`);
    await studio.untilStatus('reconnecting');
    assert.equal(studio.server.of('GET').length, 1);
    await studio.stop();
  });

  it('opens one on another origin, and on this machine', async () => {
    for (const url of ['https://status.example/a', 'http://localhost:8080/a']) {
      const studio = new LegStudio(`<${url}>; rel="other ${URN}"`);
      await studio.goLiveWithLeg();
      assert.equal(studio.server.last('GET').url, url);
      await studio.stop();
    }
  });
});

describe("the client's own loss", () => {
  it('holds back what the server reports of its output, and the last report counts afterwards', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    await studio.hear(COMES_BACK, RUNS, COMES_BACK);
    await studio.untilStatus('connected');
    await studio.clock.advance(500);
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'connected', 'reconnecting']);
    await studio.clock.advance(2_000);
    await studio.hear(RUNS);
    assert.equal(studio.outline().at(-1), 'broadcasting');
    assert.equal(studio.server.opened, 1);
    await studio.stop();
  });

  it('takes the channel along to the new path: on the old one its connection is dead without knowing it', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(COMES_BACK);
    const dead = studio.channel;
    goDeaf(studio);
    await studio.untilStatus('connected');
    await studio.clock.advance(2_100);
    assert.deepEqual([dead.isOpen, studio.streams.length], [false, 2]);
    assert.deepEqual(studio.outline(), ['reconnecting', 'reconnecting_broadcast', 'connected', 'reconnecting']);
    await studio.hear(RUNS);
    assert.equal(studio.outline().at(-1), 'broadcasting');
    await studio.clock.advance(20_000);
    assert.deepEqual([studio.streams.length, studio.server.opened], [2, 1], 'it is opened anew once');
    await studio.stop();
  });

  it('heals before the broadcast ends for an output that was given up meanwhile', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    goDeaf(studio);
    await studio.untilStatus('reconnecting_broadcast');
    await studio.hear(IS_GIVEN_UP);
    assert.equal(studio.outline().at(-1), 'reconnecting_broadcast');
    await studio.clock.advance(10_000);
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'connected', 'BroadcastError 109000']);
    await studio.checkEnd();
  });

  it('while the output is being brought back is told, and takes its place', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(COMES_BACK);
    goDeaf(studio);
    await studio.untilStatus('connected');
    await studio.clock.advance(500);
    assert.deepEqual(studio.outline(), ['reconnecting', 'reconnecting_broadcast', 'connected', 'reconnecting']);
    await studio.stop();
  });

  it('that takes a new session takes its channel, and the old one says nothing any more', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    const old = studio.channel;
    await studio.hear(COMES_BACK);
    studio.loseServer();
    await studio.untilStatus('connected');
    await studio.clock.advance(1_000);
    assert.deepEqual([studio.streams.length, old.isOpen], [2, false]);
    old.say(IS_GIVEN_UP);
    await studio.clock.advance(1_000);
    assert.equal(studio.outline().at(-1), 'connected', 'the report on the old session does not count');
    await studio.hear(RUNS);
    assert.equal(studio.outline().at(-1), 'broadcasting');
    await studio.stop();
  });
});

describe('a status channel that is lost', () => {
  const LOSSES: Record<string, (studio: LegStudio) => unknown> = {
    'at its end': (studio) => studio.channel.end(),
    'with an error': (studio) => studio.channel.fail(),
    'without a word for 30 s': (studio) => studio.clock.advance(30_000),
    'by a change of network': (studio) => studio.changeNetwork(),
    'by an event without an end': (studio) => studio.channel.write('data: '.padEnd(70_000, 'x')),
  };
  for (const [how, lose] of Object.entries(LOSSES)) {
    it(`${how} is opened again, and the page is told nothing of it`, async () => {
      const studio = new LegStudio();
      await studio.goLiveWithLeg();
      const old = studio.channel;
      await lose(studio);
      await studio.clock.advance(4_100);
      assert.deepEqual([studio.streams.length, old.isOpen], [2, false]);
      assert.deepEqual(studio.outline(), []);
      await studio.hear(COMES_BACK);
      assert.deepEqual(studio.outline(), ['reconnecting']);
      await studio.stop();
    });
  }

  it('is opened again after what may pass, never before a second, nor before Retry-After', async () => {
    const scripts: [Script, number][] = [
      [{ status: 503 }, 1_000],
      [{ status: 408 }, 1_000],
      [{ status: 409 }, 1_000],
      [{ status: 425 }, 1_000],
      [{ status: 429, headers: { 'Retry-After': '20' } }, 20_000],
      ['network error', 1_000],
    ];
    for (const [script, least] of scripts) {
      const studio = new LegStudio();
      studio.random = 0;
      studio.server.next('GET', script);
      studio.begin();
      await studio.clock.advance(30_000);
      const [first, second] = studio.server.of('GET');
      const waited = (second?.at ?? Infinity) - (first?.at ?? 0);
      assert.ok(waited >= least && waited < least + 100, `${waited} ms`);
      await studio.stop();
    }
  });

  it('waits for the network where there is none', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    studio.isOnLine = false;
    studio.channel.fail();
    await studio.clock.advance(20_000);
    assert.equal(studio.streams.length, 1);
    studio.changeNetwork(true);
    await studio.clock.advance(1_000);
    assert.equal(studio.streams.length, 2);
    await studio.stop();
  });

  it('for long lets the acknowledged media count alone, is asked for in waits of up to 8 s, and is heard when it is back', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(COMES_BACK);
    studio.server.always('GET', { status: 503 });
    studio.random = 0.999;
    studio.channel.end();
    await studio.clock.advance(600_000);
    assert.deepEqual(studio.outline(), ['reconnecting', 'broadcasting']);
    const times = studio.server.of('GET').map(({ at }) => at);
    const waits = times.slice(3).map((at, index) => at - (times[index + 2] ?? 0));
    assert.ok(waits.length > 60 && waits.every((wait) => wait > 7_900 && wait < 8_100), waits.join());
    studio.server.always('GET', () => studio.openChannel());
    await studio.clock.advance(8_100);
    await studio.hear(COMES_BACK);
    assert.deepEqual(studio.outline(), ['reconnecting', 'broadcasting', 'reconnecting']);
    await studio.stop();
  });

  it('for long is not waited for after a loss', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    studio.server.always('GET', { status: 503 });
    studio.channel.end();
    await studio.clock.advance(120_000);
    goDeaf(studio);
    await studio.untilStatus('connected');
    await studio.clock.advance(100);
    assert.equal(studio.outline().at(-1), 'broadcasting');
    await studio.stop();
  });

  it('is heard again after answers that end one which never was open', async () => {
    const html = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' };
    for (const script of [{ status: 400 }, { status: 404 }, { status: 405 }, html]) {
      const studio = new LegStudio();
      await studio.goLiveWithLeg();
      studio.server.next('GET', script, script);
      studio.channel.end();
      await studio.clock.advance(30_000);
      assert.equal(studio.streams.length, 2, `after ${script.status}`);
      await studio.hear(COMES_BACK);
      assert.deepEqual(studio.outline(), ['reconnecting']);
      await studio.stop();
    }
  });

  for (const status of [204, 401, 403, 410]) {
    it(`is over where the server says so with ${status}; then the acknowledged media counts alone`, async () => {
      const studio = new LegStudio();
      await studio.goLiveWithLeg();
      await studio.hear(COMES_BACK);
      studio.server.next('GET', { status });
      studio.channel.end();
      await studio.clock.advance(120_000);
      assert.equal(studio.server.of('GET').length, 2);
      assert.deepEqual(studio.outline(), ['reconnecting', 'broadcasting']);
      await studio.stop();
    });
  }

  it('by one change of network after the other is not worn out', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    await studio.hear(COMES_BACK);
    for (let changes = 0; changes < 30; changes++) {
      studio.changeNetwork();
      // Sometimes open by then, and sometimes not.
      await studio.clock.advance(changes % 2 ? 800 : 4_000);
    }
    await studio.clock.advance(5_000);
    assert.deepEqual(studio.outline(), ['reconnecting']);
    await studio.hear(RUNS);
    assert.deepEqual(studio.outline(), ['reconnecting', 'broadcasting']);
    await studio.stop();
  });

  it('whenever it has said how things are is opened again, and what it said holds', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    for (let opened = 1; opened <= 30; opened++) {
      await studio.hear(COMES_BACK);
      studio.channel.end();
      await studio.clock.advance(8_100);
      assert.ok(studio.streams.length > opened);
    }
    assert.deepEqual(studio.outline(), ['reconnecting']);
    await studio.stop();
  });

  it('that is not even answered is asked for again', async () => {
    const studio = new LegStudio();
    studio.server.next('GET', 'no answer');
    studio.begin();
    await studio.clock.advance(15_000);
    assert.deepEqual([studio.outline(), studio.streams.length], [STARTED, 1]);
    await studio.hear(COMES_BACK);
    assert.equal(studio.outline().at(-1), 'reconnecting');
    await studio.stop();
  });

  it('again and again, but not in a row, is never given up', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    for (let lost = 0; lost < 30; lost++) {
      await studio.clock.advance(15_000);
      studio.channel.end();
    }
    await studio.clock.advance(5_000);
    await studio.hear(COMES_BACK);
    assert.deepEqual(studio.outline(), ['reconnecting']);
    await studio.stop();
  });

  it('lives as long as comments come', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    for (let minute = 0; minute < 10; minute++) {
      await studio.clock.advance(20_000);
      studio.channel.write(':\n\n');
    }
    assert.equal(studio.streams.length, 1);
    await studio.stop();
  });
});

describe('what is no report', () => {
  const GARBAGE = [
    'data: no JSON\n\n',
    'data: null\n\n',
    'data: {"message":"failed"}\n\n',
    'data: {"message":"failed","leg":"hls"}\n\n',
    'data: {"message":"on fire","leg":"rtmp"}\n\n',
    'event: viewers\ndata: {"message":"failed","leg":"rtmp"}\n\n',
    'retry: 5\nid: 7\n: failed\n\n',
    `event: other\ndata: ${'x'.repeat(60_000)}\n\n`,
    '\0\uFEFF\n\n',
  ];

  it('is ignored, and what comes after it is heard', async () => {
    const studio = new LegStudio();
    await studio.goLiveWithLeg();
    for (const text of GARBAGE) studio.channel.write(text);
    studio.channel.write(new Uint8Array([0xff, 0xc0, 0x0a, 0x0a]));
    await studio.clock.advance(1_000);
    assert.deepEqual(studio.outline(), []);
    await studio.hear({ ...COMES_BACK, viewers: 7, more: { of: ['it'] } });
    assert.deepEqual([studio.outline(), studio.streams.length], [['reconnecting'], 1]);
    await studio.stop();
  });
});
