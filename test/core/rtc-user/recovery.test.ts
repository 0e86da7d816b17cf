import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Studio } from '../support/test-rig.js';

/** Live for a while with reconnection on, and a server that restarts no ICE. */
async function live(reconnect = {}): Promise<Studio> {
  const studio = new Studio({ reconnect });
  await studio.goLiveWithoutRepair({ jwt: 'token' }, { transcodingTargets: { streamname: 'show' } });
  await studio.clock.advance(20_000);
  return studio;
}

const waits = (studio: Studio) => studio.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.delay ?? []);
/** When the attempt that was announced in this moment has begun: it knocks, or posts. */
const begunAfter = ({ server }: Studio, told: number) =>
  server.requests.find(({ at, method }) => at >= told && (method === 'HEAD' || method === 'POST'))?.at ?? NaN;
const attempts = (studio: Studio) => studio.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.attempt ?? []);

describe('a lost connection', () => {
  it('is told at once, with all that is known of the reconnection (2.4)', async () => {
    const studio = await live({ minDelay: 2, maxRetries: 7 });
    const lastLife = studio.clock.now();
    studio.path.acknowledgesAfter = null;
    await studio.clock.advance(300);
    studio.losePath();
    await studio.clock.advance(0);
    assert.deepEqual(studio.outline(), ['reconnecting_broadcast']);
    const { lostAt, ...rest } = studio.reconnect();
    assert.ok(lostAt > lastLife - 250 && lostAt <= lastLife, 'the last sign of life, not the verdict');
    const delay = (lostAt + 2_000 - studio.clock.now()) / 1000;
    assert.deepEqual(rest, { cause: 'network', rung: 'replace', attempt: 1, maxRetries: 7, delay });
    assert.deepEqual(
      { ...studio.last('BroadcastStatus').data, reconnect: null },
      {
        reconnect: null,
        message: 'reconnecting_broadcast',
        text: 'reconnecting_broadcast',
        state: 7,
        streamname: 'show',
      },
    );
  });

  it('comes back with connected and broadcasting, without a second success', async () => {
    const studio = await live();
    for (const lose of [() => studio.losePath(), () => studio.loseServer()]) {
      studio.events.length = 0;
      lose();
      await studio.clock.advance(15_000);
      assert.deepEqual(studio.outline(), ['reconnecting_broadcast', 'connected', 'broadcasting']);
      assert.equal(studio.last('BroadcastStatus').data.reconnect, undefined);
    }
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [3, 1]);
  });

  it('is one by the network where ICE failed, and one by the server where the server ended it (2.2)', async () => {
    for (const [cause, lose] of [
      ['network', (studio: Studio) => studio.peer.become('failed')],
      ['server', (studio: Studio) => studio.peer.transport.become('closed')],
      ['server', (studio: Studio) => studio.peer.transport.become('failed')],
      ['server', (studio: Studio) => studio.peer.become('closed')],
    ] as const) {
      const studio = await live();
      lose(studio);
      await studio.clock.advance(0);
      assert.equal(studio.reconnect().cause, cause);
    }
  });

  it('that is seen in two ways at once is recovered once', async () => {
    const studio = await live();
    const { transport } = studio.peer;
    studio.loseServer();
    studio.losePath();
    await studio.untilStatus('broadcasting');
    transport.become('failed');
    await studio.clock.advance(20_000);
    assert.deepEqual(attempts(studio), [1]);
    assert.equal(studio.server.opened, 2);
  });

  it('gets its old session deleted at once and in parallel', async () => {
    const studio = await live();
    studio.server.next('DELETE', 'no answer');
    studio.losePath();
    await studio.clock.advance(0);
    assert.equal(studio.server.of('DELETE').length, 1);
    await studio.clock.advance(1_100);
    assert.equal(studio.server.of('POST').length, 2, 'the attempt does not wait for the answer');
    assert.equal(studio.peers[0]?.connectionState, 'closed');
  });

  it('is none while the browser only says disconnected: its own recovery is waited for', async () => {
    for (const reconnect of [{}, { maxRetries: 0 }]) {
      const studio = new Studio({ reconnect });
      await studio.goLive();
      studio.peer.become('disconnected');
      await studio.clock.advance(8_000);
      studio.peer.become('connected');
      await studio.clock.advance(8_000);
      assert.deepEqual(studio.outline(), []);
    }
  });

  it('in any moment, down to the single microtask, ends live again with one session, or as a failed start', async () => {
    const failures: string[] = [];
    for (const lose of ['losePath', 'loseServer'] as const) {
      for (let timers = 3; timers <= 20; timers++) {
        for (let microtasks = 0; microtasks <= 25; microtasks++) {
          const studio = new Studio({ reconnect: { minDelay: 1, maxDelay: 2 } });
          await studio.reachMoment(timers, microtasks);
          const hasStarted = studio.outline().includes('StartBroadcastSuccess');
          studio[lose]();
          await studio.clock.advance(30_000);
          const end = [studio.outline().at(-1), studio.server.sessions.size, studio.clock.pending].join();
          const isLive = end === 'broadcasting,1,1';
          const hasFailed = !hasStarted && end === 'StartBroadcastError 5001,0,0';
          if (!isLive && !hasFailed) failures.push(`${lose} at ${timers} timers and ${microtasks} microtasks: ${end}`);
        }
      }
    }
    assert.deepEqual(failures, []);
  });

  it('is brought back with the same tracks, stream, bitrates and codecs', async () => {
    const studio = new Studio({ reconnect: {}, bitrates: { videoSendBitrate: 1500 } });
    await studio.goLive({}, { encoding: { videoCodec: 'vp8' } });
    const what = () =>
      studio.peer.getTransceivers().map(({ sender, init, preferences }) => ({
        track: sender.track,
        streams: init.streams,
        encodings: sender.encodings,
        preferences,
      }));
    const before = what();
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.equal(studio.peers.length, 2);
    assert.deepEqual(what(), before);
    for (const [index, { track }] of what().entries()) assert.equal(track, before[index]?.track);
  });
});

describe('the wait before an attempt', () => {
  it('is exactly minDelay from the last sign of life where the network is the cause', async () => {
    for (const random of [0, 0.5, 0.999]) {
      const studio = await live({ minDelay: 5, maxDelay: 30 });
      studio.random = random;
      studio.path.acknowledgesAfter = null;
      await studio.clock.advance(1_500);
      studio.losePath();
      await studio.clock.advance(0);
      const { lostAt, delay } = studio.reconnect();
      assert.ok(studio.clock.now() - lostAt >= 1_500);
      const told = studio.events.at(-1)?.at ?? NaN;
      await studio.clock.advance(6_000);
      assert.equal(begunAfter(studio, told), lostAt + 5_000);
      assert.equal(begunAfter(studio, told), told + delay * 1000);
    }
  });

  it('is none where the loss was seen later than that', async () => {
    const studio = await live({ minDelay: 1 });
    studio.path.acknowledgesAfter = null;
    await studio.untilStatus('reconnecting_broadcast');
    assert.equal(studio.reconnect().delay, 0);
    const told = studio.clock.now();
    await studio.untilStatus('connected');
    assert.equal(begunAfter(studio, told), told);
  });

  it('is spread from the first attempt on where the server is the cause', async () => {
    for (const [random, seconds] of [
      [0, 1],
      [0.5, 2.5],
      [0.9, 3.7],
    ] as const) {
      const studio = await live();
      studio.random = random;
      studio.loseServer();
      await studio.clock.advance(5_000);
      const { lostAt } = studio.all('BroadcastStatus')[0]?.data.reconnect ?? { lostAt: NaN };
      assert.ok(Math.abs(studio.server.last('POST').at - lostAt - seconds * 1000) < 1);
    }
  });

  it('grows up to maxDelay while attempts fail, each from the failure of the one before', async () => {
    const studio = await live({ minDelay: 1, maxDelay: 8, maxRetries: 6 });
    studio.random = 0.5;
    studio.server.always('POST', { status: 503 });
    studio.losePath();
    await studio.clock.advance(120_000);
    assert.deepEqual(attempts(studio), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(waits(studio).slice(1), [2.5, 4.5, 4.5, 4.5, 4.5]);
    const told = studio.events.filter(({ event }) => event.name === 'BroadcastStatus').map(({ at }) => at);
    waits(studio).forEach((wait, index) => {
      const early = (told[index] ?? NaN) + wait * 1000 - begunAfter(studio, told[index] ?? NaN);
      assert.ok(Math.abs(early) < 1, `attempt ${index + 1} is ${early} ms early`);
    });
  });

  it('is at least what Retry-After asks for, even above maxDelay, and only the next one (2.3)', async () => {
    const studio = await live({ minDelay: 1, maxDelay: 4, maxRetries: 10 });
    studio.random = 0;
    const inOneMinute = new Date(studio.clock.now() + 60_000 + 1_000).toUTCString();
    studio.server.next(
      'POST',
      { status: 503, headers: { 'Retry-After': '30' } },
      { status: 429, headers: { 'Retry-After': '3600' } },
      { status: 503, headers: { 'Retry-After': inOneMinute } },
      { status: 503, headers: { 'Retry-After': 'soon' } },
    );
    studio.losePath();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(waits(studio).slice(1), [30, 120, 1, 1]);
  });

  it('is as the configuration says when it begins: a change holds from the next wait on (2.1)', async () => {
    const studio = await live({ minDelay: 4, maxDelay: 4 });
    studio.server.next('POST', { status: 503 }, { status: 503 });
    studio.losePath();
    await studio.clock.advance(1_000);
    void studio.user.setConfig({ reconnect: { minDelay: 20, maxDelay: 20, maxRetries: 5 } });
    await studio.clock.advance(4_000);
    const { lostAt } = studio.all('BroadcastStatus')[0]?.data.reconnect ?? { lostAt: NaN };
    assert.equal(begunAfter(studio, lostAt + 500), lostAt + 4_000);
    assert.deepEqual([studio.reconnect().delay, studio.reconnect().maxRetries], [20, 5]);
  });
});

describe('an attempt', () => {
  it('has 10 s for HTTP, and its late session is deleted', async () => {
    const studio = await live();
    studio.random = 0;
    studio.server.next('POST', { after: 15_000 });
    studio.loseServer();
    await studio.clock.advance(1_000);
    const begun = studio.server.last('POST').at;
    await studio.clockUntilAttempt(2);
    assert.equal(studio.clock.now() - begun, 10_000);
    await studio.clock.advance(60_000);
    assert.deepEqual([studio.server.opened, studio.server.sessions.size], [3, 1]);
    assert.equal(studio.outline().at(-1), 'broadcasting');
  });

  it('has 10 s more until the server acknowledges media', async () => {
    const studio = await live();
    studio.path.acknowledgesAfter = null;
    studio.losePath();
    await studio.clockUntilAttempt(2);
    assert.equal(studio.clock.now() - studio.server.last('POST').at, 10_010);
    await studio.clock.advance(20);
    assert.equal(studio.server.sessions.size, 0);
    studio.path.acknowledgesAfter = 60;
    await studio.untilStatus('broadcasting');
    assert.equal(studio.server.sessions.size, 1);
  });

  it('is counted on where the broadcast is lost again within 10 s of acknowledged media', async () => {
    const studio = await live();
    for (const attempt of [1, 2, 3]) {
      studio.losePath();
      await studio.clock.advance(0);
      assert.equal(studio.reconnect().attempt, attempt);
      await studio.untilStatus('broadcasting');
      await studio.clock.advance(8_000);
    }
    await studio.clock.advance(4_000);
    studio.losePath();
    await studio.clock.advance(0);
    assert.equal(studio.reconnect().attempt, 1, 'and from 1 again after 10 s');
  });

  it('may be the one that succeeds after many that failed for every temporary reason', async () => {
    const studio = await live({ maxRetries: 20 });
    const refusals = [400, 403, 404, 408, 409, 410, 423, 425, 429, 500, 502, 503, 504, 599].map((status) => ({
      status,
    }));
    studio.random = 0;
    studio.server.next('POST', ...refusals, 'network error', 'no answer', { status: 201, body: 'no answer' });
    studio.loseServer();
    await studio.untilStatus('broadcasting');
    assert.deepEqual(
      attempts(studio),
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
    assert.equal(studio.server.sessions.size, 1);
  });

  it('whose token fails to come is a failed attempt and not the end', async () => {
    const studio = new Studio({ reconnect: {} });
    let isDown = false;
    await studio.goLive({ tokenProvider: () => (isDown ? Promise.reject(new Error('down')) : 'token') });
    isDown = true;
    studio.losePath();
    await studio.clockUntilAttempt(2);
    isDown = false;
    await studio.untilStatus('broadcasting');
  });
});
