import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isFinal, mirrored, waitBefore } from '../../src/core/broadcast/reconnect-policy.js';
import { read } from './support.js';

const ROW = /^\| (?:up to )?(\d+) minutes +\| (\d+)[^|]*\| (\d+) +\|$/gm;
const BROADCASTERS = 1_000;

/** Seconds until the last of so many attempts that a server refuses at once. */
function secondsOf(maxRetries: number, maxDelay: number): number {
  const random = mirrored(Math.random);
  let seconds = 0;
  for (let attempt = 1; attempt <= maxRetries; attempt++) {
    seconds += waitBefore({ attempt, cause: 'server', minDelay: 1, maxDelay, maxRetries }, random) ?? 0;
  }
  return seconds;
}

const shortest = (maxRetries: number, maxDelay: number) =>
  Math.min(...Array.from({ length: BROADCASTERS }, () => secondsOf(maxRetries, maxDelay)));

describe('The table of server restarts', () => {
  const rows = [...read('docs/reconnection.md').matchAll(ROW)].map((row) => row.slice(1).map(Number));

  it('is found', () => assert.ok(rows.length >= 5));

  for (const [minutes = 0, retries = 0, retriesWithLongDelay = 0] of rows) {
    it(`names enough attempts for ${minutes} minutes, and not many more`, () => {
      for (const [maxRetries, maxDelay] of [
        [retries, 8],
        [retriesWithLongDelay, 30],
      ] as const) {
        const seconds = shortest(maxRetries, maxDelay);
        assert.ok(seconds >= minutes * 60, `${maxRetries} attempts last for ${seconds} s`);
        assert.ok(seconds <= minutes * 60 * 1.15 + 60, `${maxRetries} attempts last for ${seconds} s`);
      }
    });
  }
});

describe('The table of answers while a server is away', () => {
  const rows = [...read('docs/reconnection.md').matchAll(/^\| ([^|]*\d{3}[^|]*) \| ((?:keeps|counts)[^|]*)\|$/gm)];
  const [temporary = [], stale = [], final = []] = rows.map(([, statuses = '']) =>
    [...statuses.matchAll(/\b\d{3}\b/g)].map(Number),
  );
  const isFinalAfter = (status: number | null, sinceLastActivity: number) =>
    isFinal({ kind: status === null ? 'network' : 'status', status }, { sinceLastActivity });

  it('is that of the policy, for every status', () => {
    assert.equal(rows.length, 3);
    for (let status = 400; status < 500; status++) {
      const isListed = [temporary.includes(status), final.includes(status)];
      const expected = isListed[0] ? [false, false] : isListed[1] ? [true, true] : [false, true];
      assert.deepEqual([isFinalAfter(status, 59), isFinalAfter(status, 61)], expected, String(status));
    }
    assert.deepEqual(stale, [400, 403]);
    for (const status of [null, 500, 502, 503, 599]) assert.equal(isFinalAfter(status, 3600), false);
  });
});
