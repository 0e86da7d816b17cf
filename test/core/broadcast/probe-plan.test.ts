import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAN } from '../../../src/core/broadcast/path-probe.js';

/** Seconds after its start at which Linux tries to set up a connection again, as measured. */
const SYN = [0, 1.02, 2.04, 3.06, 4.08, 5.1, 7.12, 11.2, 19.4, 35.6, 68];
/** Seconds after the first byte at which Linux sends again what nobody has acknowledged. */
const RETRANSMISSION = Array.from({ length: 9 }, (_, i) => 0.21 * (2 ** i - 1));
/** Seconds after the first probe at which Chromium has closed its HTTP/2 connection, and then has set up two new ones. */
const PING_TIMEOUT = 10.05;
const SECOND_CONNECTION = 10.35;
/**
 * Seconds that Chromium waits before it sets up one more connection to an HTTP/2 server, since another may come up first. The
 * request that follows an answer in the other pool waits so too.
 */
const THROTTLE = 0.33;

/** Seconds from a loss to every packet that could get through, with what the request that follows waits besides. */
function attempts(noticedAt: number, http: '1.1' | '2'): [at: number, more: number][] {
  let at = noticedAt;
  const all: [number, number][] = [];
  const add = (start: number, times: readonly number[], more: number) =>
    all.push(...times.map((time): [number, number] => [start + time, more]));
  PLAN.forEach(([pool, gap], i) => {
    const isOld = pool === 'own' && (http === '2' ? at < noticedAt + PING_TIMEOUT : i === 0);
    if (isOld && http === '1.1') add(at, RETRANSMISSION, 0);
    const isFirst = !PLAN.slice(0, i).some(([earlier]) => earlier === pool);
    const throttle = http === '2' && !isFirst ? THROTTLE : 0;
    if (!isOld) add(at + throttle, SYN, pool === 'own' ? 0 : THROTTLE);
    at += gap / 1000;
  });
  if (http === '2') for (const start of [PING_TIMEOUT, SECOND_CONNECTION]) add(noticedAt + start, SYN, 0);
  return all;
}

/** Seconds from the return of the path to the answer that recovery waits for. */
function waitAfter(cut: number, noticedAt: number, http: '1.1' | '2'): number {
  const waits = attempts(noticedAt, http).flatMap(([at, more]) => (at < cut ? [] : [at - cut + more]));
  return Math.min(...waits);
}

describe('the plan of probes, in a model of Chromium on Linux', () => {
  const noticed = [2, 2.05, 2.1, 2.15, 2.2, 2.25, 2.3];

  for (const http of ['2', '1.1'] as const) {
    for (const { to, mean, most } of [
      { to: 45, mean: 0.7, most: 2 },
      { to: 100, mean: 1, most: 3.5 },
    ]) {
      it(`waits ${mean} s over HTTP/${http} on average, and seldom ${most} s, after losses of 16 to ${to} s`, () => {
        const cuts = Array.from({ length: 10 * (to - 16) }, (_, i) => 16 + i / 10);
        const waits = noticed.flatMap((at) => cuts.map((cut) => waitAfter(cut, at, http))).sort((a, b) => a - b);
        const [average, late] = [waits.reduce((sum, wait) => sum + wait) / waits.length, waits.at(-waits.length / 100)];
        assert.ok(average < mean, `mean ${average}`);
        assert.ok(late !== undefined && late < most, `99 % ${late}`);
      });
    }

    it(`waits less than 1.1 s over HTTP/${http} after the losses that have a budget`, () => {
      for (const cut of [18, 25, 40, 90]) {
        const waits = noticed.map((at) => waitAfter(cut + 0.03, at, http));
        assert.ok(Math.max(...waits) < 1.1, `${cut} s: ${waits.join()}`);
      }
    });
  }
});
