import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PLAN } from '../../../src/core/broadcast/path-probe.js';

/** Seconds after its start at which Linux tries to set up a connection again. */
const SYN = [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67];
/** Seconds after the first byte at which Linux sends again what nobody has acknowledged. */
const RETRANSMISSION = Array.from({ length: 9 }, (_, i) => 0.21 * (2 ** i - 1));
/** Seconds after the first probe at which Chromium has closed its HTTP/2 connection, and then has set up two new ones. */
const PING_TIMEOUT = 10.05;
const SECOND_CONNECTION = 10.35;
/** Seconds that Chromium waits before it sets up a connection in the pool of the requests, after an answer in the other. */
const OTHER_POOL = 0.3;

/** Seconds from a loss to every packet that could get through, with what the request that follows waits besides. */
function attempts(noticedAt: number, http: '1.1' | '2'): [at: number, more: number][] {
  let at = noticedAt;
  const all: [number, number][] = [];
  const add = (start: number, times: readonly number[], more: number) =>
    all.push(...times.map((time): [number, number] => [start + time, more]));
  PLAN.forEach(([pool, gap], i) => {
    const isOld = pool === 'own' && (http === '2' ? at < noticedAt + PING_TIMEOUT : i === 0);
    if (isOld && http === '1.1') add(at, RETRANSMISSION, 0);
    if (!isOld) add(at, SYN, pool === 'own' ? 0 : OTHER_POOL);
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
  const noticed = [2, 2.1, 2.2, 2.3];

  for (const http of ['2', '1.1'] as const) {
    it(`waits less than a second over HTTP/${http} on average, after losses of 16 to 100 s`, () => {
      const cuts = Array.from({ length: 841 }, (_, i) => 16 + i / 10);
      const waits = noticed.flatMap((at) => cuts.map((cut) => waitAfter(cut, at, http))).sort((a, b) => a - b);
      const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
      assert.ok(mean < 1, `mean ${mean}`);
      assert.ok(
        (waits[Math.floor(0.99 * waits.length)] ?? Infinity) < 3,
        `99 % ${waits[Math.floor(0.99 * waits.length)]}`,
      );
    });

    it(`waits less than 0.8 s over HTTP/${http} after the losses that have a budget`, () => {
      for (const cut of [18, 25, 40, 90]) {
        const waits = noticed.map((at) => waitAfter(cut + 0.03, at, http));
        assert.ok(Math.max(...waits) < 0.8, `${cut} s: ${waits.join()}`);
      }
    });
  }
});
