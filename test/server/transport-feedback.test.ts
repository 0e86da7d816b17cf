import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { RtcpHeader, TransportWideCC } from 'werift';
import { encodeFeedback, FeedbackCollector, type Arrival } from '../../demo/server/transport-feedback.js';

interface Decoded {
  base: number;
  count: number;
  feedback: number;
  mediaSsrc: number;
  /** Microseconds by offset from `base`, `undefined` for a lost packet. */
  times: (number | undefined)[];
}

/** A decoder written from the draft, apart from the encoder. */
function decode(packet: Buffer): Decoded {
  assert.equal(packet.length % 4, 0);
  assert.equal(packet.readUInt16BE(2), packet.length / 4 - 1);
  assert.equal((packet[0] ?? 0) & 0xdf, 0x8f);
  assert.equal(packet[1], 205);
  const count = packet.readUInt16BE(14);
  const symbols: number[] = [];
  let at = 20;
  while (symbols.length < count) {
    const chunk = packet.readUInt16BE(at);
    assert.equal(chunk >> 14, 0b11);
    for (let shift = 12; shift >= 0; shift -= 2) symbols.push((chunk >> shift) & 3);
    at += 2;
  }
  let clock = packet.readUIntBE(16, 3) * 64_000;
  const times = symbols.slice(0, count).map((symbol) => {
    if (symbol === 0) return undefined;
    clock += 250 * (symbol === 1 ? packet.readUInt8(at) : packet.readInt16BE(at));
    at += symbol;
    return clock;
  });
  assert.ok(symbols.slice(count).every((symbol) => symbol === 0));
  const padding = (packet[0] ?? 0) & 0x20 ? (packet.at(-1) ?? 0) : 0;
  assert.equal(at + padding, packet.length);
  return {
    base: packet.readUInt16BE(12),
    count,
    feedback: packet.readUInt8(19),
    mediaSsrc: packet.readUInt32BE(8),
    times,
  };
}

const report = (arrivals: Arrival[], base = arrivals[0]?.sequence ?? 0) =>
  encodeFeedback({ senderSsrc: 1, mediaSsrc: 2, base, arrivals, count: 7 });

test('lost packets have a symbol of their own', () => {
  const decoded = decode(
    report(
      [
        { sequence: 10, time: 64_000 },
        { sequence: 13, time: 65_000 },
      ],
      8,
    ),
  );
  assert.deepEqual(decoded.times, [undefined, undefined, 64_000, undefined, undefined, 65_000]);
  assert.deepEqual([decoded.base, decoded.count, decoded.feedback, decoded.mediaSsrc], [8, 6, 7, 2]);
});

test('packets are padded to whole words, with the padding bit and count', () => {
  for (let n = 1; n <= 8; n++) {
    const packet = report(Array.from({ length: n }, (_, i) => ({ sequence: i, time: 64_000 + i * 1000 })));
    assert.equal(decode(packet).count, n);
  }
});

test('arrivals out of order and long pauses are two-byte deltas', () => {
  const times = [1_000_000, 990_000, 2_000_000];
  const decoded = decode(report(times.map((time, sequence) => ({ sequence, time }))));
  assert.deepEqual(decoded.times, times);
});

test('any arrivals come out of the decoder as they went in, within half a unit', () => {
  const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: -20_000, max: 200_000 })), {
    minLength: 1,
    maxLength: 100,
  });
  fc.assert(
    fc.property(fc.nat(70_000), fc.nat(1_000_000_000), gaps, (first, start, steps) => {
      let [sequence, time] = [first, start + 20_000_000];
      const arrivals = steps.map(([step, pause]) => ({ sequence: (sequence += step), time: (time += pause) }));
      const { base, count, times } = decode(report(arrivals));
      assert.equal(base, (arrivals[0]?.sequence ?? 0) & 0xffff);
      assert.equal(count, (arrivals.at(-1)?.sequence ?? 0) - (arrivals[0]?.sequence ?? 0) + 1);
      const wraps = 0x1000000 * 64_000;
      for (const { sequence: number, time: arrived } of arrivals) {
        const decoded = times[number - (arrivals[0]?.sequence ?? 0)] ?? NaN;
        assert.ok(Math.abs(decoded - (arrived % wraps)) <= 125, `${decoded} ${arrived}`);
      }
      assert.equal(times.filter((one) => one !== undefined).length, arrivals.length);
    }),
  );
});

test('an independent decoder reads a report: that of werift itself', () => {
  const packet = report([
    { sequence: 5, time: 640_000 },
    { sequence: 7, time: 641_000 },
  ]);
  const parsed = TransportWideCC.deSerialize(packet.subarray(4), RtcpHeader.deSerialize(packet));
  assert.deepEqual(
    [
      parsed.baseSequenceNumber,
      parsed.packetStatusCount,
      parsed.referenceTime,
      parsed.recvDeltas.map(({ delta }) => delta),
    ],
    [5, 3, 10, [0, 1000]],
  );
});

test('the collector reports every number once, across the 16-bit turn', () => {
  const collector = new FeedbackCollector(1);
  const seen: number[] = [];
  let sequence = 65_400;
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 30; i++, sequence++)
      if (sequence % 10 !== 3) collector.add(sequence & 0xffff, sequence * 500, 9);
    const { base, count, feedback } = decode(collector.take() ?? Buffer.alloc(0));
    assert.equal(feedback, round);
    for (let i = 0; i < count; i++) seen.push((base + i) & 0xffff);
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 300 }, (_, i) => (65_400 + i) & 0xffff),
  );
  assert.equal(collector.take(), undefined);
});

test('a packet that comes after its number was reported lost is reported again', () => {
  const collector = new FeedbackCollector(1);
  for (const number of [1, 2, 4]) collector.add(number, 64_000 + number * 1000, 9);
  assert.deepEqual(decode(collector.take() ?? Buffer.alloc(0)).times, [65_000, 66_000, undefined, 68_000]);
  collector.add(3, 80_000, 9);
  collector.add(5, 81_000, 9);
  const late = decode(collector.take() ?? Buffer.alloc(0));
  assert.deepEqual([late.base, late.times], [3, [80_000, undefined, 81_000]]);
});

test('a huge jump of numbers makes no huge report, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(0xffff), fc.nat(10_000_000)), { maxLength: 60 }),
      fc.nat(20),
      (packets, every) => {
        const collector = new FeedbackCollector(1);
        packets.forEach(([number, time], i) => {
          collector.add(number, time, 9);
          if (i % (every + 1) === 0) {
            const packet = collector.take();
            if (packet) assert.ok(decode(packet).count <= 2000 && packet.length < 1400);
          }
        });
      },
    ),
    { numRuns: 500 },
  );
});
