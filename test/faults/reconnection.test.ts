import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { PageStudio, Told } from '../support/fault-page.js';
import { describeIn, EVERY_SECOND } from '../support/fault-studio.js';
import type { FaultyIngest, Quirks } from '../support/faulty-ingest.js';
import { until } from '../support/page.js';

/** Timers of Node and of browsers may fire a little early by each other's clock. */
const SLACK = 20;

/** How servers turn away a broadcaster whose old session they still hold. */
const CONFLICTS: Record<string, { quirks: Quirks; firefoxToo?: true; quick?: true }> = {
  'answers with 409': { quick: true, quirks: { conflict: { answer: 409, seconds: 2.5 } } },
  'answers with 403': { quirks: { conflict: { answer: 403, seconds: 2.5 } } },
  'answers with 400': { quirks: { conflict: { answer: 400, seconds: 2.5 } } },
  'answers with 503': { quirks: { conflict: { answer: 503, seconds: 2.5 } } },
  'answers with an error that no page may read': {
    quirks: { conflict: { answer: 409, seconds: 2.5 }, noCorsOnErrors: true },
    firefoxToo: true,
  },
};

/** Asserts what holds for every way back. */
function assertOrder(ingest: FaultyIngest, told: Told[], attempts: number): void {
  const names = told.map((one) => one.name);
  assert.deepEqual(names, [...Array<string>(attempts).fill('reconnecting_broadcast'), 'connected', 'broadcasting']);
  const reconnects = told.flatMap(({ reconnect }) => reconnect ?? []);
  assert.deepEqual(
    reconnects.map(({ attempt }) => attempt),
    reconnects.map((_, index) => index + 1),
  );
  const [, second] = ingest.requests('POST');
  assert.ok((second?.at ?? 0) >= (reconnects[0]?.lostAt ?? Infinity) + 1000 - SLACK, 'it came back too early');
}

/** Asserts that a refusal was believed only after three in a row. */
function assertFinalRefusals(statuses: unknown[], status: number): void {
  assert.ok(statuses.length >= 3, String(statuses));
  assert.deepEqual(new Set(statuses), new Set([status]));
}

/** Milliseconds between the `POST`s after the first of all. */
function gaps(ingest: FaultyIngest): number[] {
  const times = ingest
    .requests('POST')
    .slice(1)
    .map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

describeIn(['chromium', 'firefox'], 'A lost broadcast', (test, name) => {
  const isChromium = name === 'chromium';

  test.quick('comes back by one new session, with what was muted', async (studio, ingest) => {
    await studio.lose({});
    assertOrder(ingest, await studio.untilBack(), 1);
    assert.deepEqual(ingest.statuses('POST'), [201, 201]);
    assert.deepEqual(await studio.sent(), [false, true]);
    const [first] = ingest.requests('POST');
    assert.deepEqual(ingest.deleted, [first?.session]);
  });

  test('sends a microphone again that was off meanwhile, in one more session', async (studio, ingest) => {
    await studio.goLive({ reconnect: EVERY_SECOND });
    const preview = (hasSound: boolean) =>
      studio.page.evaluate(async (device) => {
        await (window as unknown as { studio: PageStudio }).studio.user.startPreview({ audioDeviceConfig: { device } });
      }, hasSound);
    await preview(false);
    await ingest.endSessions();
    await until(
      'it is back',
      async () => (await studio.names()).at(-1) === 'broadcasting' && ingest.requests('POST').length === 2,
    );
    assert.doesNotMatch(ingest.requests('POST').at(-1)?.body ?? '', /^m=audio/m);
    await preview(true);
    await studio.untilTold('reconnecting_broadcast');
    const told = await studio.untilBack();
    assert.deepEqual(
      told.flatMap(({ reconnect }) => reconnect?.cause ?? []),
      ['server', 'tracks'],
    );
    assert.deepEqual(ingest.statuses('POST'), [201, 201, 201]);
  });

  for (const [what, { quirks, firefoxToo, quick }] of Object.entries(CONFLICTS)) {
    if (!isChromium && !firefoxToo) continue;
    const register = quick ? test.quick : test;
    register(`comes back where the server still holds the old session and ${what}`, async (studio, ingest) => {
      await studio.lose(quirks);
      const told = await studio.untilBack();
      const [, ...statuses] = ingest.statuses('POST');
      assert.ok(statuses.length >= 2, 'it was not refused');
      const refusals = statuses.slice(0, -1);
      assert.deepEqual([...new Set(refusals), statuses.at(-1)], [quirks.conflict?.answer, 201]);
      assertOrder(ingest, told, statuses.length);
      for (const gap of gaps(ingest)) assert.ok(gap >= 1000 - SLACK, `${gap} ms`);
      assert.deepEqual(await studio.sent(), [false, true]);
    });
  }

  test('comes back where the server takes the new session and ends it again while it holds the old one', async (studio, ingest) => {
    await studio.lose({ conflict: { answer: 'dtls-close', seconds: 2.5 } });
    await until('it was turned away', () => ingest.requests('POST').length >= 3);
    await until('it stays', async () => {
      const [last] = ingest.requests('POST').slice(-1);
      return Date.now() - (last?.at ?? Infinity) > 3000 && ingest.sessions.length === 1;
    });
    const told = await studio.untilBack();
    const posts = ingest.requests('POST');
    const names = told.map((one) => one.name);
    assert.equal(names.filter((one) => one === 'reconnecting_broadcast').length, posts.length - 1);
    assert.deepEqual(names.slice(-2), ['connected', 'broadcasting']);
    assert.ok(!names.includes('StartBroadcastSuccess'));
    for (const gap of gaps(ingest)) assert.ok(gap >= 1000 - SLACK, `${gap} ms`);
    assert.deepEqual(
      ingest.deleted,
      posts.slice(0, -1).map(({ session }) => session),
    );
    assert.deepEqual(await studio.sent(), [false, true]);
  });

  if (!isChromium) return;

  test.quick(
    'ends a session whose answer comes after its attempt was given up, and keeps the next one',
    async (studio, ingest) => {
      await studio.lose({ slowAnswer: 13_500 });
      await until('it is being answered', () => ingest.requests('POST').length === 2);
      ingest.quirks = {};
      assertOrder(ingest, await studio.untilBack(), 2);
      const [first, late, last] = ingest.requests('POST');
      await until('the late session is deleted', () => ingest.deleted.length === 2);
      assert.deepEqual(ingest.deleted, [first?.session, late?.session]);
      assert.equal(ingest.requests('POST').length, 3);
      await studio.untilMediaArrives();
      await studio.stop();
      assert.equal(ingest.deleted.at(-1), last?.session);
    },
  );

  test('comes back where the server still holds the old session and cuts the connection', async (studio, ingest) => {
    await studio.lose({ conflict: { answer: 'reset', seconds: 2.5 } });
    const told = await studio.untilBack();
    const statuses = ingest.statuses('POST');
    assert.ok(statuses.includes('reset'));
    assert.deepEqual(
      statuses.filter((status) => status !== 'reset'),
      [201, 201],
    );
    // A browser may send a request again by itself where a used connection was cut.
    const attempts = told.filter((one) => one.name === 'reconnecting_broadcast').length;
    assert.ok(attempts >= 2 && attempts < statuses.length);
    assertOrder(ingest, told, attempts);
  });

  test.quick('waits as long as Retry-After says, even above its longest delay', async (studio, ingest) => {
    await studio.lose({ conflict: { answer: 503, seconds: 1.5 }, retryAfter: '3' });
    assertOrder(ingest, await studio.untilBack(), 2);
    assert.deepEqual(ingest.statuses('POST'), [201, 503, 201]);
    const [gap = 0] = gaps(ingest);
    assert.ok(gap >= 3000 - SLACK, `${gap} ms`);
  });

  test.quick('asks for a fresh token when the server does not know its token any more', async (studio, ingest) => {
    await studio.lose({ token: 'second' }, { tokens: ['first', 'first', 'first', 'second'] });
    assertOrder(ingest, await studio.untilBack(), 1);
    const posts = ingest.requests('POST').map(({ authorization, status }) => [authorization, status]);
    assert.deepEqual(posts, [
      ['Bearer first', 201],
      ['Bearer first', 401],
      ['Bearer second', 201],
    ]);
    await studio.stop();
    assert.equal(ingest.requests('DELETE').at(-1)?.authorization, 'Bearer second');
  });

  test('gives up once every token has been refused for long enough', async (studio, ingest) => {
    await studio.lose({ token: 'second' }, { tokens: ['first'] });
    await studio.untilTold('BroadcastError 5002');
    const refused = ingest.statuses('POST').slice(1);
    assertFinalRefusals(refused, 401);
    await delay(2500);
    assert.equal(ingest.requests('POST').length, 1 + refused.length);
    const names = (await studio.names()).slice(4);
    assert.equal(names.pop(), 'BroadcastError 5002');
    assert.deepEqual(new Set(names), new Set(['reconnecting_broadcast']));
    assert.match(
      (await studio.told()).at(-1)?.message ?? '',
      /POST with 401: the token is not known\. Given up after \d+ attempts\.$/,
    );
  });

  test('gives up once the server has refused it for long enough', async (studio, ingest) => {
    await studio.lose({ refuse: 422 });
    await studio.untilTold('BroadcastError 5002');
    const refused = ingest.statuses('POST').slice(1);
    assertFinalRefusals(refused, 422);
    await delay(2500);
    assert.equal(ingest.requests('POST').length, 1 + refused.length);
  });

  test.quick('gives up after as many attempts as are configured, and does nothing any more', async (studio, ingest) => {
    await studio.lose({ refuse: 503 }, { reconnect: { ...EVERY_SECOND, maxRetries: 2 } });
    await studio.untilTold('BroadcastError 5002');
    await delay(2500);
    assert.deepEqual(ingest.statuses('POST'), [201, 503, 503]);
    assert.deepEqual((await studio.names()).slice(4), [
      'reconnecting_broadcast',
      'reconnecting_broadcast',
      'BroadcastError 5002',
    ]);
    assert.match((await studio.told()).at(-1)?.message ?? '', /already in use\. Given up after 2 attempts\.$/);
  });

  test('offers its candidates at once to a server that has refused them before', async (studio, ingest) => {
    ingest.quirks = { patch: 405 };
    await studio.lose({ patch: 405 });
    assertOrder(ingest, await studio.untilBack(), 1);
    const offers = ingest.requests('POST').map(({ body }) => body.includes('a=candidate:'));
    assert.deepEqual(offers, [false, true]);
    // The refusal is forgotten with the session; the offer of the next one had them all.
    const patches = ingest.requests('PATCH').map(({ body }) => body.includes('a=candidate:'));
    assert.deepEqual(patches, [true, false]);
  });

  test('is stopped while the server works on an attempt: its session is ended, and no other follows', async (studio, ingest) => {
    await studio.lose({ slowAnswer: 1500 });
    await until('the server works on it', () => ingest.sessions.length === 1);
    await studio.stop();
    assert.equal((await studio.names()).at(-1), 'StopBroadcastSuccess');
    await until('the late session is deleted', () => ingest.deleted.length === 2);
    await delay(1500);
    assert.equal(ingest.requests('POST').length, 2);
    assert.equal((await studio.names()).at(-1), 'StopBroadcastSuccess');
  });
});
