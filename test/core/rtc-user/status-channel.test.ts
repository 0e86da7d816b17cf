import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FakeEventStream } from '../support/fake-event-stream.js';
import type { Answer, Script } from '../support/fake-whip-server.js';
import { goDeaf } from '../support/ice-restarts.js';
import type { SignInOptions } from '../../../src/core/rtc-user.js';
import { ENDPOINT, TestRig } from '../support/test-rig.js';

const URN = 'urn:x-nano-webcaster:broadcast-status';
const CHANNEL = 'https://media.example/status/unguessable';
const RUNS = { message: 'broadcasting', output: 'rtmp' };
const COMES_BACK = { message: 'reconnecting', output: 'rtmp', reason: 'Connection refused.' };
const IS_GIVEN_UP = { message: 'failed', output: 'rtmp', reason: 'Given up after 10 attempts.' };
const STARTED = ['signalling', 'connected', 'StartBroadcastSuccess', 'broadcasting'];

/** A rig whose server announces a status channel. */
class OutputRig extends TestRig {
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
  async goLiveWithOutput(options: Partial<SignInOptions> = {}): Promise<void> {
    this.begin({ jwt: 'token', ...options });
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
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(COMES_BACK);
    assert.deepEqual(rig.outline(), ['reconnecting']);
    const { state, text, reconnect } = rig.last('BroadcastStatus').data;
    assert.deepEqual([state, text, reconnect], [7, 'reconnecting', undefined]);
    await rig.hear(RUNS);
    assert.deepEqual(rig.outline(), ['reconnecting', 'broadcasting']);
    assert.deepEqual([rig.server.opened, rig.server.of('DELETE').length], [1, 0]);
    assert.deepEqual(rig.user.report.outages, []);
    await rig.stop();
  });

  it('is told of only where it changes', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(RUNS, COMES_BACK);
    await rig.hear(COMES_BACK, { ...COMES_BACK, reason: 'another' });
    assert.deepEqual(rig.outline(), ['reconnecting']);
    await rig.stop();
  });

  it('that the server has given up lets a start that follows at once wait for the end of its session', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    rig.user.once('BroadcastError', () => void rig.user.startBroadcast());
    rig.server.next('DELETE', { after: 500 });
    await rig.hear(IS_GIVEN_UP);
    await rig.untilStatus('StartBroadcastSuccess');
    assert.ok(rig.server.last('POST').at >= rig.server.last('DELETE').at + 500);
    await rig.stop();
  });

  it('that the server has given up ends the broadcast with one 109000 and no session', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(COMES_BACK, IS_GIVEN_UP);
    await rig.clock.advance(3_000);
    assert.deepEqual(rig.outline(), ['reconnecting', 'BroadcastError 109000']);
    const { error } = rig.last('BroadcastError');
    assert.equal(error.message, 'The server has given up its RTMP output: Given up after 10 attempts.');
    assert.deepEqual([error.name, error.type], ['RTMPError', 'rtmp-failed']);
    assert.equal(rig.server.of('DELETE').length, 1);
    await rig.checkEnd();
  });

  it('may be started anew after it was given up', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(IS_GIVEN_UP);
    rig.events.length = 0;
    void rig.user.startBroadcast();
    await rig.clock.advance(200);
    await rig.hear(RUNS);
    assert.deepEqual(rig.outline(), STARTED);
    await rig.stop();
  });

  it('shows no address of its own in what is told or logged, nor that of the channel', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    const reason = 'rtmp://live.example/app/KEY?auth=KEY does not answer';
    await rig.hear({ ...COMES_BACK, reason });
    rig.channel.fail(new TypeError('cut'));
    await rig.clock.advance(10_000);
    await rig.hear({ ...IS_GIVEN_UP, reason });
    assert.equal(
      rig.last('BroadcastError').error.message,
      'The server has given up its RTMP output: … does not answer.',
    );
    assert.doesNotMatch(rig.logged.map(String).join('\n'), /KEY|unguessable/);
  });
});

describe('the start with an RTMP output', () => {
  it('is broadcasting only when the output runs, and has started before', async () => {
    const rig = new OutputRig();
    rig.begin();
    await rig.clock.advance(3_000);
    assert.deepEqual(rig.outline(), ['signalling', 'connected', 'StartBroadcastSuccess']);
    await rig.hear(RUNS);
    assert.deepEqual(rig.outline(), STARTED);
    await rig.stop();
  });

  it('tells that the output is being brought back, where that is so', async () => {
    const rig = new OutputRig();
    rig.begin();
    await rig.clock.advance(1_000);
    await rig.hear(COMES_BACK);
    await rig.clock.advance(20_000);
    await rig.hear(RUNS);
    assert.deepEqual(rig.outline(), [...STARTED.slice(0, 3), 'reconnecting', 'broadcasting']);
    await rig.stop();
  });

  it('is broadcasting after 5 s on a channel that says nothing, and hears it all the same', async () => {
    const rig = new OutputRig();
    rig.begin();
    await rig.untilStatus('StartBroadcastSuccess');
    const since = rig.clock.now();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.clock.now() - since, 5_000);
    await rig.hear(COMES_BACK);
    assert.equal(rig.outline().at(-1), 'reconnecting');
    await rig.stop();
  });

  it('is broadcasting at once where the channel cannot be had', async () => {
    const wrong: Script[] = [
      { status: 404 },
      { status: 204 },
      { status: 401 },
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' },
    ];
    for (const script of wrong) {
      const rig = new OutputRig();
      rig.server.always('GET', script);
      rig.begin();
      await rig.clock.advance(1_000);
      assert.deepEqual(rig.outline(), STARTED);
      await rig.clock.advance(120_000);
      assert.equal(rig.server.of('GET').length, 3, 'it is asked for again once a minute');
      assert.deepEqual(rig.outline(), STARTED);
      await rig.stop();
    }
  });

  it('may be lost while the output is waited for', async () => {
    const rig = new OutputRig();
    rig.begin();
    await rig.untilStatus('StartBroadcastSuccess');
    rig.loseServer();
    await rig.untilStatus('reconnecting_broadcast');
    await rig.untilStatus('connected');
    await rig.clock.advance(500);
    await rig.hear(RUNS);
    assert.equal(rig.outline().at(-1), 'broadcasting');
    await rig.stop();
  });

  it('may be stopped while the output is waited for', async () => {
    const rig = new OutputRig();
    rig.begin();
    await rig.untilStatus('StartBroadcastSuccess');
    await rig.stop();
    assert.equal(rig.outline().includes('broadcasting'), false);
  });

  it('asks for the channel without the token, a cookie or the cache, and once', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    const [{ url, headers, init } = { url: '', headers: {}, init: {} }, ...more] = rig.server.of('GET');
    assert.deepEqual(more, []);
    assert.equal(url, CHANNEL);
    assert.deepEqual(headers, { accept: 'text/event-stream' });
    assert.deepEqual([init.credentials, init.cache], ['omit', 'no-store']);
    await rig.stop();
  });

  it('opens no channel that is not announced, or not safe', async () => {
    const links = [
      '</status/unguessable>; rel="status"',
      `<http://other.example/status>; rel="${URN}"`,
      `<http://localhost:8080/status>; rel="${URN}"`,
      `<https://127.0.0.1:8080/status>; rel="${URN}"`,
      `<javascript:alert(1)>; rel="${URN}"`,
      `<http://>; rel="${URN}"`,
    ];
    for (const link of links) {
      const rig = new OutputRig(link);
      rig.begin();
      await rig.clock.advance(1_000);
      assert.deepEqual(rig.outline(), STARTED, link);
      assert.deepEqual(rig.server.of('GET'), []);
      await rig.stop();
    }
  });

  it('reads the channel behind a redirect, and one that begins with a byte order mark', async () => {
    const rig = new OutputRig();
    rig.server.next('GET', () => ({ ...rig.openChannel(), redirectedTo: 'https://status.example/b' }));
    rig.begin({ jwt: 'token' });
    await rig.clock.advance(100);
    rig.channel.write(`\uFEFFdata: ${JSON.stringify(COMES_BACK)}\r\n\r\n`);
    await rig.untilStatus('reconnecting');
    assert.equal(rig.server.of('GET').length, 1);
    await rig.stop();
  });

  it('opens one on another origin, and on this machine if the endpoint is there too (E8)', async () => {
    for (const [server, url] of [
      [ENDPOINT, 'https://status.example/a'],
      ['http://localhost:8080/whip', 'http://localhost:8080/a'],
      ['http://localhost:8080/whip', 'http://127.0.0.1:9090/a'],
      ['http://localhost:8080/whip', 'https://status.example/a'],
    ] as const) {
      const rig = new OutputRig(`<${url}>; rel="other ${URN}"`);
      await rig.goLiveWithOutput({ server });
      assert.equal(rig.server.last('GET').url, url);
      await rig.stop();
    }
  });

  it("opens one that names the endpoint's host over plain HTTP, over HTTPS (A8)", async () => {
    const rig = new OutputRig(`<http://media.example:8080/status>; rel="${URN}"`);
    await rig.goLiveWithOutput();
    assert.equal(rig.server.last('GET').url, 'https://media.example/status');
    await rig.stop();
  });
});

describe("the client's own loss", () => {
  it('holds back what the server reports of its output, and the last report counts afterwards', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    await rig.hear(COMES_BACK, RUNS, COMES_BACK);
    await rig.untilStatus('connected');
    await rig.clock.advance(500);
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'connected', 'reconnecting']);
    await rig.clock.advance(2_000);
    await rig.hear(RUNS);
    assert.equal(rig.outline().at(-1), 'broadcasting');
    assert.equal(rig.server.opened, 1);
    await rig.stop();
  });

  it('takes the channel along to the new path: on the old one its connection is dead without knowing it', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(COMES_BACK);
    const dead = rig.channel;
    goDeaf(rig);
    await rig.untilStatus('connected');
    await rig.clock.advance(2_100);
    assert.deepEqual([dead.isOpen, rig.streams.length], [false, 2]);
    assert.deepEqual(rig.outline(), ['reconnecting', 'reconnecting_broadcast', 'connected', 'reconnecting']);
    await rig.hear(RUNS);
    assert.equal(rig.outline().at(-1), 'broadcasting');
    await rig.clock.advance(20_000);
    assert.deepEqual([rig.streams.length, rig.server.opened], [2, 1], 'it is opened anew once');
    await rig.stop();
  });

  it('heals before the broadcast ends for an output that was given up meanwhile', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    goDeaf(rig);
    await rig.untilStatus('reconnecting_broadcast');
    await rig.hear(IS_GIVEN_UP);
    assert.equal(rig.outline().at(-1), 'reconnecting_broadcast');
    await rig.clock.advance(10_000);
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'connected', 'BroadcastError 109000']);
    await rig.checkEnd();
  });

  it('while the output is being brought back is told, and takes its place', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(COMES_BACK);
    goDeaf(rig);
    await rig.untilStatus('connected');
    await rig.clock.advance(500);
    assert.deepEqual(rig.outline(), ['reconnecting', 'reconnecting_broadcast', 'connected', 'reconnecting']);
    await rig.stop();
  });

  it('that takes a new session takes its channel, and the old one says nothing any more', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    const old = rig.channel;
    await rig.hear(COMES_BACK);
    rig.loseServer();
    await rig.untilStatus('connected');
    await rig.clock.advance(1_000);
    assert.deepEqual([rig.streams.length, old.isOpen], [2, false]);
    old.say(IS_GIVEN_UP);
    await rig.clock.advance(1_000);
    assert.equal(rig.outline().at(-1), 'connected', 'the report on the old session does not count');
    await rig.hear(RUNS);
    assert.equal(rig.outline().at(-1), 'broadcasting');
    await rig.stop();
  });
});

describe('a status channel that is lost', () => {
  const LOSSES: Record<string, (rig: OutputRig) => unknown> = {
    'at its end': (rig) => rig.channel.end(),
    'with an error': (rig) => rig.channel.fail(),
    'without a word for 30 s': (rig) => rig.clock.advance(30_000),
    'by a change of network': (rig) => rig.changeNetwork(),
    'by an event without an end': (rig) => rig.channel.write('data: '.padEnd(70_000, 'x')),
  };
  for (const [how, lose] of Object.entries(LOSSES)) {
    it(`${how} is opened again, and the page is told nothing of it`, async () => {
      const rig = new OutputRig();
      await rig.goLiveWithOutput();
      const old = rig.channel;
      await lose(rig);
      await rig.clock.advance(4_100);
      assert.deepEqual([rig.streams.length, old.isOpen], [2, false]);
      assert.deepEqual(rig.outline(), []);
      await rig.hear(COMES_BACK);
      assert.deepEqual(rig.outline(), ['reconnecting']);
      await rig.stop();
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
      const rig = new OutputRig();
      rig.random = 0;
      rig.server.next('GET', script);
      rig.begin();
      await rig.clock.advance(30_000);
      const [first, second] = rig.server.of('GET');
      const waited = (second?.at ?? Infinity) - (first?.at ?? 0);
      assert.ok(waited >= least && waited < least + 100, `${waited} ms`);
      await rig.stop();
    }
  });

  it('waits for the network where there is none', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    rig.isOnLine = false;
    rig.channel.fail();
    await rig.clock.advance(20_000);
    assert.equal(rig.streams.length, 1);
    rig.changeNetwork(true);
    await rig.clock.advance(1_000);
    assert.equal(rig.streams.length, 2);
    await rig.stop();
  });

  it('for long lets the acknowledged media count alone, is asked for in waits of up to 8 s, and is heard when it is back', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(COMES_BACK);
    rig.server.always('GET', { status: 503 });
    rig.random = 0.999;
    rig.channel.end();
    await rig.clock.advance(600_000);
    assert.deepEqual(rig.outline(), ['reconnecting', 'broadcasting']);
    const times = rig.server.of('GET').map(({ at }) => at);
    const waits = times.slice(3).map((at, index) => at - (times[index + 2] ?? 0));
    assert.ok(waits.length > 60 && waits.every((wait) => wait > 7_900 && wait < 8_100), waits.join());
    rig.server.always('GET', () => rig.openChannel());
    await rig.clock.advance(8_100);
    await rig.hear(COMES_BACK);
    assert.deepEqual(rig.outline(), ['reconnecting', 'broadcasting', 'reconnecting']);
    await rig.stop();
  });

  it('for long is not waited for after a loss', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    rig.server.always('GET', { status: 503 });
    rig.channel.end();
    await rig.clock.advance(120_000);
    goDeaf(rig);
    await rig.untilStatus('connected');
    await rig.clock.advance(100);
    assert.equal(rig.outline().at(-1), 'broadcasting');
    await rig.stop();
  });

  it('is heard again after answers that end one which never was open', async () => {
    const html = { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<p>' };
    for (const script of [{ status: 400 }, { status: 404 }, { status: 405 }, html]) {
      const rig = new OutputRig();
      await rig.goLiveWithOutput();
      rig.server.next('GET', script, script);
      rig.channel.end();
      await rig.clock.advance(30_000);
      assert.equal(rig.streams.length, 2, `after ${script.status}`);
      await rig.hear(COMES_BACK);
      assert.deepEqual(rig.outline(), ['reconnecting']);
      await rig.stop();
    }
  });

  for (const status of [204, 401, 403, 410]) {
    it(`is asked for once a minute after ${status}; until then the acknowledged media counts alone`, async () => {
      const rig = new OutputRig();
      await rig.goLiveWithOutput();
      await rig.hear(COMES_BACK);
      rig.server.next('GET', { status }, { status });
      rig.channel.end();
      await rig.clock.advance(110_000);
      assert.equal(rig.server.of('GET').length, 3);
      assert.deepEqual(rig.outline(), ['reconnecting', 'broadcasting']);
      await rig.clock.advance(30_000);
      await rig.hear(COMES_BACK);
      assert.deepEqual(rig.outline(), ['reconnecting', 'broadcasting', 'reconnecting']);
      await rig.stop();
    });
  }

  it('by one change of network after the other is not worn out', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    await rig.hear(COMES_BACK);
    for (let changes = 0; changes < 30; changes++) {
      rig.changeNetwork();
      // Sometimes open by then, and sometimes not.
      await rig.clock.advance(changes % 2 ? 800 : 4_000);
    }
    await rig.clock.advance(5_000);
    assert.deepEqual(rig.outline(), ['reconnecting']);
    await rig.hear(RUNS);
    assert.deepEqual(rig.outline(), ['reconnecting', 'broadcasting']);
    await rig.stop();
  });

  it('whenever it has said how things are is opened again, and what it said holds', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    for (let opened = 1; opened <= 30; opened++) {
      await rig.hear(COMES_BACK);
      rig.channel.end();
      await rig.clock.advance(8_100);
      assert.ok(rig.streams.length > opened);
    }
    assert.deepEqual(rig.outline(), ['reconnecting']);
    await rig.stop();
  });

  it('that is not even answered is asked for again', async () => {
    const rig = new OutputRig();
    rig.server.next('GET', 'no answer');
    rig.begin();
    await rig.clock.advance(15_000);
    assert.deepEqual([rig.outline(), rig.streams.length], [STARTED, 1]);
    await rig.hear(COMES_BACK);
    assert.equal(rig.outline().at(-1), 'reconnecting');
    await rig.stop();
  });

  it('again and again, but not in a row, is never given up', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    for (let lost = 0; lost < 30; lost++) {
      await rig.clock.advance(15_000);
      rig.channel.end();
    }
    await rig.clock.advance(5_000);
    await rig.hear(COMES_BACK);
    assert.deepEqual(rig.outline(), ['reconnecting']);
    await rig.stop();
  });

  it('lives as long as comments come', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    for (let minute = 0; minute < 10; minute++) {
      await rig.clock.advance(20_000);
      rig.channel.write(':\n\n');
    }
    assert.equal(rig.streams.length, 1);
    await rig.stop();
  });
});

describe('what is no report', () => {
  const GARBAGE = [
    'data: no JSON\n\n',
    'data: null\n\n',
    'data: {"message":"failed"}\n\n',
    'data: {"message":"failed","output":"hls"}\n\n',
    'data: {"message":"on fire","output":"rtmp"}\n\n',
    'event: viewers\ndata: {"message":"failed","output":"rtmp"}\n\n',
    'retry: 5\nid: 7\n: failed\n\n',
    `event: other\ndata: ${'x'.repeat(60_000)}\n\n`,
    '\0\uFEFF\n\n',
  ];

  it('is ignored, and what comes after it is heard', async () => {
    const rig = new OutputRig();
    await rig.goLiveWithOutput();
    for (const text of GARBAGE) rig.channel.write(text);
    rig.channel.write(new Uint8Array([0xff, 0xc0, 0x0a, 0x0a]));
    await rig.clock.advance(1_000);
    assert.deepEqual(rig.outline(), []);
    await rig.hear({ ...COMES_BACK, viewers: 7, more: { of: ['it'] } });
    assert.deepEqual([rig.outline(), rig.streams.length], [['reconnecting'], 1]);
    await rig.stop();
  });
});
