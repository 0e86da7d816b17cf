import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestRig } from '../support/test-rig.js';
import { sweep } from '../support/runs.js';

/** Live for a while with reconnection on, and a server that restarts no ICE. */
async function live(reconnect = {}): Promise<TestRig> {
  const rig = new TestRig({ reconnect });
  await rig.goLiveWithoutRepair({ jwt: 'token' }, { transcodingTargets: { streamname: 'show' } });
  await rig.clock.advance(20_000);
  return rig;
}

const waits = (rig: TestRig) => rig.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.delay ?? []);
/** When the attempt that was announced in this moment has begun: it gathers candidates, since this server takes none later, and posts. */
const begunAfter = ({ server, path }: TestRig, told: number) =>
  (server.requests.find(({ at, method }) => at >= told && method === 'POST')?.at ?? NaN) - (path.gatheredAfter ?? NaN);
const attempts = (rig: TestRig) => rig.all('BroadcastStatus').flatMap(({ data }) => data.reconnect?.attempt ?? []);

describe('a lost connection', () => {
  it('is told at once, with all that is known of the reconnection (2.4)', async () => {
    const rig = await live({ minDelay: 2, maxRetries: 7 });
    const lastLife = rig.clock.now();
    rig.path.acknowledgesAfter = null;
    await rig.clock.advance(300);
    rig.losePath();
    await rig.clock.advance(0);
    assert.deepEqual(rig.outline(), ['reconnecting_broadcast']);
    const { lostAt, ...rest } = rig.reconnect();
    assert.ok(lostAt > lastLife - 250 && lostAt <= lastLife, 'the last sign of life, not the verdict');
    const delay = (lostAt + 2_000 - rig.clock.now()) / 1000;
    assert.deepEqual(rest, {
      cause: 'network',
      method: 'new-session',
      attempt: 1,
      maxRetries: 7,
      delay,
      waitingFor: null,
    });
    assert.deepEqual(
      { ...rig.last('BroadcastStatus').data, reconnect: null },
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
    const rig = await live();
    for (const lose of [() => rig.losePath(), () => rig.loseServer()]) {
      rig.events.length = 0;
      lose();
      await rig.clock.advance(15_000);
      assert.deepEqual(rig.outline(), ['reconnecting_broadcast', 'connected', 'broadcasting']);
      assert.equal(rig.last('BroadcastStatus').data.reconnect, undefined);
    }
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [3, 1]);
  });

  it('is one by the network where ICE failed, and one by the server where the server ended it (2.2)', async () => {
    for (const [cause, lose] of [
      ['network', (rig: TestRig) => rig.peer.become('failed')],
      ['server', (rig: TestRig) => rig.peer.transport.become('closed')],
      ['server', (rig: TestRig) => rig.peer.transport.become('failed')],
      ['server', (rig: TestRig) => rig.peer.become('closed')],
    ] as const) {
      const rig = await live();
      lose(rig);
      await rig.clock.advance(0);
      assert.equal(rig.reconnect().cause, cause);
    }
  });

  it('that is seen in two ways at once is recovered once', async () => {
    const rig = await live();
    const { transport } = rig.peer;
    rig.loseServer();
    rig.losePath();
    await rig.untilStatus('broadcasting');
    transport.become('failed');
    await rig.clock.advance(20_000);
    assert.deepEqual(attempts(rig), [1]);
    assert.equal(rig.server.opened, 2);
  });

  it('gets its old session deleted in parallel, as soon as a probe without a preflight is answered', async () => {
    const rig = await live();
    rig.server.next('DELETE', 'no answer');
    rig.losePath();
    await rig.clock.advance(0);
    assert.equal(rig.server.of('DELETE').length, 0);
    await rig.clock.advance(rig.server.latency);
    assert.equal(rig.server.of('DELETE').length, 1);
    await rig.clock.advance(1_100);
    assert.equal(rig.server.of('POST').length, 2, 'the attempt does not wait for the answer');
    assert.equal(rig.peers[0]?.connectionState, 'closed');
  });

  it('is none while the browser only says disconnected: its own recovery is waited for', async () => {
    for (const reconnect of [{}, { maxRetries: 0 }]) {
      const rig = new TestRig({ reconnect });
      await rig.goLive();
      rig.peer.become('disconnected');
      await rig.clock.advance(8_000);
      rig.peer.become('connected');
      await rig.clock.advance(8_000);
      assert.deepEqual(rig.outline(), []);
    }
  });

  it('in any moment, down to the single microtask, ends live again with one session, or as a failed start', async () => {
    const failures: string[] = [];
    for (const lose of ['losePath', 'loseServer'] as const) {
      for (let timers = 3; timers <= 20; timers++) {
        for (const microtasks of sweep(0, 25, timers)) {
          const rig = new TestRig({ reconnect: { minDelay: 1, maxDelay: 2 } });
          await rig.reachMoment(timers, microtasks);
          const hasStarted = rig.outline().includes('StartBroadcastSuccess');
          rig[lose]();
          await rig.clock.advance(30_000);
          const end = [rig.outline().at(-1), rig.server.sessions.size, rig.clock.pending].join();
          const isLive = end === 'broadcasting,1,1';
          const hasFailed = !hasStarted && end === 'StartBroadcastError 5001,0,0';
          if (!isLive && !hasFailed) failures.push(`${lose} at ${timers} timers and ${microtasks} microtasks: ${end}`);
        }
      }
    }
    assert.deepEqual(failures, []);
  });

  it('is brought back with the same tracks, stream, bitrates and codecs', async () => {
    const rig = new TestRig({ reconnect: {}, bitrates: { videoSendBitrate: 1500 } });
    await rig.goLive({}, { encoding: { videoCodec: 'vp8' } });
    const what = () =>
      rig.peer.getTransceivers().map(({ sender, init, preferences }) => ({
        track: sender.track,
        streams: init.streams,
        encodings: sender.encodings,
        preferences,
      }));
    const before = what();
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.equal(rig.peers.length, 2);
    assert.deepEqual(what(), before);
    for (const [index, { track }] of what().entries()) assert.equal(track, before[index]?.track);
  });
});

describe('the wait before an attempt', () => {
  it('is exactly minDelay from the last sign of life where the network is the cause', async () => {
    for (const random of [0, 0.5, 0.999]) {
      const rig = await live({ minDelay: 5, maxDelay: 30 });
      rig.random = random;
      rig.path.acknowledgesAfter = null;
      await rig.clock.advance(1_500);
      rig.losePath();
      await rig.clock.advance(0);
      const { lostAt, delay } = rig.reconnect();
      assert.ok(rig.clock.now() - lostAt >= 1_500);
      const told = rig.events.at(-1)?.at ?? NaN;
      await rig.clock.advance(6_000);
      assert.equal(begunAfter(rig, told), lostAt + 5_000);
      assert.equal(begunAfter(rig, told), told + (delay ?? 0) * 1000);
    }
  });

  it('is none where the loss was seen later than that', async () => {
    const rig = await live({ minDelay: 1 });
    rig.path.acknowledgesAfter = null;
    await rig.untilStatus('reconnecting_broadcast');
    assert.equal(rig.reconnect().delay, 0);
    const told = rig.clock.now();
    await rig.untilStatus('connected');
    assert.equal(begunAfter(rig, told), told + rig.server.latency, 'as soon as the probe is answered');
  });

  it('is spread from the first attempt on where the server is the cause', async () => {
    for (const [random, seconds] of [
      [0, 1],
      [0.5, 2.5],
      [0.9, 3.7],
    ] as const) {
      const rig = await live();
      rig.random = random;
      rig.loseServer();
      await rig.clock.advance(5_000);
      const { lostAt } = rig.all('BroadcastStatus')[0]?.data.reconnect ?? { lostAt: NaN };
      assert.ok(Math.abs(begunAfter(rig, lostAt) - lostAt - seconds * 1000) < 1);
    }
  });

  it('grows up to maxDelay while attempts fail, each from the failure of the one before', async () => {
    const rig = await live({ minDelay: 1, maxDelay: 8, maxRetries: 6 });
    rig.random = 0.5;
    rig.server.always('POST', { status: 503 });
    rig.losePath();
    await rig.clock.advance(120_000);
    assert.deepEqual(attempts(rig), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(waits(rig).slice(1), [4.5, 4.5, 4.5, 4.5, 4.5], 'of the cause server, since it refuses at once');
    const told = rig.events.filter(({ event }) => event.name === 'BroadcastStatus').map(({ at }) => at);
    waits(rig).forEach((wait, index) => {
      const early = (told[index] ?? NaN) + wait * 1000 - begunAfter(rig, told[index] ?? NaN);
      assert.ok(Math.abs(early) < 1, `attempt ${index + 1} is ${early} ms early`);
    });
  });

  it('is at least what Retry-After asks for, even above maxDelay, and only the next one (2.3)', async () => {
    const rig = await live({ minDelay: 1, maxDelay: 4, maxRetries: 10 });
    rig.random = 0;
    const inOneMinute = new Date(rig.clock.now() + 60_000 + 1_000).toUTCString();
    rig.server.next(
      'POST',
      { status: 503, headers: { 'Retry-After': '30' } },
      { status: 429, headers: { 'Retry-After': '3600' } },
      { status: 503, headers: { 'Retry-After': inOneMinute } },
      { status: 503, headers: { 'Retry-After': 'soon' } },
    );
    rig.losePath();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(waits(rig).slice(1), [30, 120, 1, 1]);
  });

  it('is as the configuration says when it begins: a change holds from the next wait on (2.1)', async () => {
    const rig = await live({ minDelay: 4, maxDelay: 4 });
    rig.server.next('POST', { status: 503 }, { status: 503 });
    rig.losePath();
    await rig.clock.advance(1_000);
    void rig.user.setConfig({ reconnect: { minDelay: 20, maxDelay: 20, maxRetries: 5 } });
    await rig.clock.advance(4_000);
    const { lostAt } = rig.all('BroadcastStatus')[0]?.data.reconnect ?? { lostAt: NaN };
    assert.equal(begunAfter(rig, lostAt + 500), lostAt + 4_000);
    assert.deepEqual([rig.reconnect().delay, rig.reconnect().maxRetries], [20, 5]);
  });
});

describe('an attempt', () => {
  it('has 10 s for HTTP, and its late session is deleted', async () => {
    const rig = await live();
    rig.random = 0;
    rig.server.next('POST', { after: 15_000 });
    rig.loseServer();
    await rig.clock.advance(1_000);
    const begun = rig.server.last('POST').at;
    await rig.clockUntilAttempt(2);
    assert.equal(rig.clock.now() - begun, 10_000);
    await rig.clock.advance(60_000);
    assert.deepEqual([rig.server.opened, rig.server.sessions.size], [3, 1]);
    assert.equal(rig.outline().at(-1), 'broadcasting');
  });

  it('has 10 s more until the server acknowledges media', async () => {
    const rig = await live();
    rig.path.acknowledgesAfter = null;
    rig.losePath();
    await rig.clockUntilAttempt(2);
    assert.equal(rig.clock.now() - rig.server.last('POST').at, 10_010);
    await rig.clock.advance(20);
    assert.equal(rig.server.sessions.size, 0);
    rig.path.acknowledgesAfter = 60;
    await rig.untilStatus('broadcasting');
    assert.equal(rig.server.sessions.size, 1);
  });

  it('is counted on where the broadcast is lost again within 10 s of acknowledged media', async () => {
    const rig = await live();
    for (const attempt of [1, 2, 3]) {
      rig.losePath();
      await rig.clock.advance(0);
      assert.equal(rig.reconnect().attempt, attempt);
      await rig.untilStatus('broadcasting');
      await rig.clock.advance(8_000);
    }
    await rig.clock.advance(4_000);
    rig.losePath();
    await rig.clock.advance(0);
    assert.equal(rig.reconnect().attempt, 1, 'and from 1 again after 10 s');
  });

  it('may be the one that succeeds after many that failed for every temporary reason', async () => {
    const rig = await live({ maxRetries: 20 });
    const refusals = [400, 403, 404, 408, 409, 410, 423, 425, 429, 500, 502, 503, 504, 599].map((status) => ({
      status,
    }));
    rig.random = 0;
    rig.server.next('POST', ...refusals, 'network error', 'no answer', { status: 201, body: 'no answer' });
    rig.loseServer();
    await rig.untilStatus('broadcasting');
    assert.deepEqual(
      attempts(rig),
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
    assert.equal(rig.server.sessions.size, 1);
  });

  it('whose token fails to come is a failed attempt and not the end', async () => {
    const rig = new TestRig({ reconnect: {} });
    let isDown = false;
    await rig.goLive({ tokenProvider: () => (isDown ? Promise.reject(new Error('down')) : 'token') });
    isDown = true;
    rig.losePath();
    await rig.clockUntilAttempt(2);
    isDown = false;
    await rig.untilStatus('broadcasting');
  });
});
