import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RtpContinuity } from '../../demo/server/rtp-continuity.js';

test('packets of one source keep their numbers and times', () => {
  const continuity = new RtpContinuity(90_000);
  const source = {};
  for (let i = 0; i < 10; i++) {
    const place = { sequenceNumber: (65_530 + i) & 0xffff, timestamp: (0xffffff00 + i * 3000) >>> 0 };
    assert.deepEqual(continuity.next(source, place, i), place);
  }
});

test('a new source goes on with the next number, and time has passed as on the clock', () => {
  const continuity = new RtpContinuity(90_000);
  continuity.next({}, { sequenceNumber: 65_535, timestamp: 0xffffffff }, 1000);
  const place = continuity.next({}, { sequenceNumber: 77, timestamp: 5 }, 3000);
  assert.deepEqual(place, { sequenceNumber: 0, timestamp: 2 * 90_000 - 1 });
});

test('late packets pass once, duplicates and far too late ones never', () => {
  const continuity = new RtpContinuity(90_000);
  const source = {};
  const next = (sequenceNumber: number) => continuity.next(source, { sequenceNumber, timestamp: 0 }, 0)?.sequenceNumber;
  assert.deepEqual(
    [next(5000), next(5002), next(5001), next(5001), next(5002)],
    [5000, 5002, 5001, undefined, undefined],
  );
  assert.deepEqual([next(5010), next(3000), next(5009)], [5010, undefined, 5009]);
});

test('a late packet from before a new source’s first one is dropped', () => {
  const continuity = new RtpContinuity(90_000);
  for (let i = 0; i < 5; i++) continuity.next({}, { sequenceNumber: 10 + i, timestamp: 0 }, 0);
  const source = {};
  continuity.next(source, { sequenceNumber: 500, timestamp: 0 }, 0);
  assert.equal(continuity.next(source, { sequenceNumber: 499, timestamp: 0 }, 0), undefined);
});

test('no two packets ever get the same number within a window, whatever comes in', () => {
  const packet = fc.record({ source: fc.nat(2), sequenceNumber: fc.nat(0xffff), timestamp: fc.nat(0xffffffff) });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 300 }), (packets) => {
      const continuity = new RtpContinuity(48_000);
      const sources = [{}, {}, {}];
      const recent: number[] = [];
      packets.forEach(({ source, ...place }, i) => {
        const next = continuity.next(sources[source] ?? {}, place, i * 10);
        if (!next) return;
        assert.ok(next.sequenceNumber >= 0 && next.sequenceNumber <= 0xffff);
        assert.ok(next.timestamp >= 0 && next.timestamp <= 0xffffffff && Number.isInteger(next.timestamp));
        recent.push(next.sequenceNumber);
        assert.notEqual(recent.at(-1), recent.at(-2));
      });
    }),
  );
});
