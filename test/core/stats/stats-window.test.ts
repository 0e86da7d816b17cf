import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { WebRTCResults } from '../../../src/core/api/events.js';
import { statsOf, toReading, withReading, type Reading } from '../../../src/core/stats/stats-window.js';
import { runs } from '../support/runs.js';

type Stats = Record<string, unknown>;

const START = 1_700_000_000_000;

/** What Chromium tells of a connection that sends both kinds, after so many seconds. */
function chromium(seconds: number): Stats[] {
  return [
    { id: 'CA', type: 'codec', mimeType: 'audio/opus' },
    { id: 'CV', type: 'codec', mimeType: 'video/H264' },
    {
      id: 'OA',
      type: 'outbound-rtp',
      kind: 'audio',
      ssrc: 1,
      codecId: 'CA',
      bytesSent: 8_000 * seconds,
      packetsSent: 50 * seconds,
      totalPacketSendDelay: 0,
    },
    {
      id: 'OV',
      type: 'outbound-rtp',
      kind: 'video',
      ssrc: 2,
      codecId: 'CV',
      bytesSent: 250_000 * seconds,
      packetsSent: 150 * seconds,
      framesEncoded: 30 * seconds,
      frameWidth: 1280,
      frameHeight: 720,
      totalPacketSendDelay: 1.5 * seconds,
    },
    { id: 'RA', type: 'remote-inbound-rtp', kind: 'audio', ssrc: 1, packetsLost: seconds, roundTripTime: 0.3 },
    { id: 'RV', type: 'remote-inbound-rtp', kind: 'video', ssrc: 2, packetsLost: 3 * seconds, roundTripTime: 0.2 },
    { id: 'P1', type: 'candidate-pair', currentRoundTripTime: 5 },
    { id: 'P2', type: 'candidate-pair', currentRoundTripTime: 0.042 },
    { id: 'T', type: 'transport', selectedCandidatePairId: 'P2' },
  ];
}

/** The same in Firefox, which tells nothing of delays, and in older versions nothing of round trips on a path. */
function firefox(seconds: number): Stats[] {
  return chromium(seconds).map((one) =>
    Object.fromEntries(
      Object.entries(one).filter(([key]) => key !== 'totalPacketSendDelay' && key !== 'currentRoundTripTime'),
    ),
  );
}

const readingsOf = (seconds: readonly number[], look: (seconds: number) => Stats[]): readonly Reading[] =>
  seconds.reduce<readonly Reading[]>((all, at) => withReading(all, toReading(look(at), START + at * 1000)), []);

const ALL = {
  audioBitrate: 64,
  audioBitrateMin: 64,
  audioBitrateMax: 64,
  audioBitrateAverage: 64,
  audioCodec: 'opus',
  videoBitrate: 2000,
  videoBitrateMin: 2000,
  videoBitrateMax: 2000,
  videoBitrateAverage: 2000,
  videoCodec: 'H264',
  frameWidth: 1280,
  frameHeight: 720,
  framerate: 30,
  framerateMin: 30,
  framerateMax: 30,
  framerateAverage: 30,
  videoSendDelay: 10,
  videoSendDelayMax: 10,
  videoSendDelayAverage: 10,
  packetLoss: 2,
  roundTripTime: 42,
} satisfies Required<Omit<WebRTCResults, 'qualityLimitationReason'>>;

describe('statistics', () => {
  it('have every key of v5 in Chromium, in its units', () => {
    assert.deepEqual(statsOf(readingsOf([1, 2, 3], chromium)), ALL);
  });

  it('lack in Firefox what it does not tell, and take the round trip from the server’s reports', () => {
    const { videoSendDelay, videoSendDelayMax, videoSendDelayAverage, ...others } = ALL;
    assert.equal(videoSendDelay + videoSendDelayMax + videoSendDelayAverage, 30);
    assert.deepEqual(statsOf(readingsOf([1, 2, 3], firefox)), { ...others, roundTripTime: 300 });
  });

  it('tell after one look what needs no second one', () => {
    assert.deepEqual(Object.keys(statsOf(readingsOf([1], chromium))).sort(), [
      'audioCodec',
      'frameHeight',
      'frameWidth',
      'roundTripTime',
      'videoCodec',
    ]);
  });

  it('tell nothing of nothing', () => {
    assert.deepEqual(statsOf([]), {});
    assert.deepEqual(statsOf(readingsOf([1, 2], () => [])), {});
  });

  it('tell nothing of a kind that is not sent', () => {
    const audioOnly = (seconds: number) => chromium(seconds).filter(({ id }) => id !== 'OV');
    assert.deepEqual(
      Object.keys(statsOf(readingsOf([1, 2], audioOnly))).filter((key) => /video|frame/.test(key)),
      [],
    );
  });

  it('tell 0 where nothing is lost, and nothing where no server reports', () => {
    const lossless = (seconds: number) => chromium(seconds).map((one) => ({ ...one, packetsLost: 0 }));
    assert.equal(statsOf(readingsOf([1, 2], lossless)).packetLoss, 0);
    const silent = (seconds: number) => chromium(seconds).filter(({ type }) => type !== 'remote-inbound-rtp');
    assert.equal('packetLoss' in statsOf(readingsOf([1, 2], silent)), false);
  });

  it('look back 10 s: what was before counts no more', () => {
    const burst = (seconds: number) =>
      chromium(seconds).map((one) => ({
        ...one,
        ...(one.id === 'OV' && { bytesSent: seconds < 2 ? 0 : 125_000 * seconds }),
      }));
    const { videoBitrateMax: during } = statsOf(readingsOf([1, 2, 3, 4], burst));
    const { videoBitrateMax: after } = statsOf(readingsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], burst));
    assert.deepEqual([during, after], [2000, 1000]);
  });

  it('take one reading a second, however often they are offered', () => {
    const times = Array.from({ length: 200 }, (_, index) => 1 + index / 4);
    const readings = readingsOf(times, chromium);
    assert.equal(readings.length, 11);
    for (const [index, { at }] of readings.entries()) assert.equal(at, START + (40 + index) * 1000);
  });

  it('start over where another stream takes the place of one, as after a reconnection', () => {
    const renewed = (seconds: number) =>
      seconds < 3
        ? chromium(seconds)
        : chromium(seconds - 3).map((one) => ('ssrc' in one ? { ...one, ssrc: `new ${one.ssrc}` } : one));
    const atOnce = statsOf(readingsOf([1, 2, 3], renewed));
    assert.equal('videoBitrate' in atOnce, false, 'nothing is known of the last second');
    assert.deepEqual([atOnce.videoBitrateMin, atOnce.videoBitrateAverage], [2000, 2000]);
    assert.equal(statsOf(readingsOf([1, 2, 3, 4], renewed)).videoBitrate, 2000);
  });

  it('go on where the clock was set back', () => {
    const readings = withReading(readingsOf([50, 51, 52], chromium), toReading(chromium(53), START));
    assert.deepEqual(
      readings.map(({ at }) => at),
      [START],
    );
  });

  it('are rounded to hundredths', () => {
    const odd = (seconds: number) =>
      chromium(seconds).map((one) => ({ ...one, ...('bytesSent' in one && { bytesSent: 12_345.678 * seconds }) }));
    assert.equal(statsOf(readingsOf([1, 2], odd)).videoBitrate, 98.77);
  });
});

describe('statistics of any counts', () => {
  /** Counts that grow, jump, start over, are missing or are nonsense. */
  const count = fc.oneof(fc.nat(5_000_000), fc.constant(undefined), fc.constantFrom(-1, NaN, 'much', null));
  const look = fc.record({
    /** Milliseconds since the look before; timers are late, and clocks are set. */
    passed: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.constantFrom(-60_000, 0, 100_000)),
    ssrc: fc.constantFrom(1, 1, 1, 2),
    kind: fc.constantFrom('audio', 'video'),
    bytesSent: count,
    packetsSent: count,
    framesEncoded: count,
    totalPacketSendDelay: count,
    packetsLost: count,
    roundTripTime: count,
  });

  it('are never negative or absurd, and least, average and greatest stand in order', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 40 }), (looks) => {
        let at = START;
        let readings: readonly Reading[] = [];
        for (const { passed, ...counts } of looks) {
          at += passed;
          const stats = [
            { id: 'O', type: 'outbound-rtp', ...counts },
            { id: 'R', type: 'remote-inbound-rtp', ...counts },
          ];
          readings = withReading(readings, toReading(stats, at));
          assert.ok(readings.length <= 11);
          const results = statsOf(readings);
          for (const [key, value] of Object.entries(results)) {
            assert.ok(Number.isFinite(value) && (value as number) >= 0, `${key} is ${value}`);
          }
          assert.ok((results.packetLoss ?? 0) <= 100);
          for (const key of ['audioBitrate', 'videoBitrate', 'framerate'] as const) {
            const {
              [`${key}Min` as const]: min = 0,
              [`${key}Max` as const]: max = 0,
              [`${key}Average` as const]: average = 0,
            } = results;
            // Each is rounded for itself.
            assert.ok(min <= average + 0.01 && average <= max + 0.01, `${key}: ${min} ≤ ${average} ≤ ${max}`);
            const now = results[key] ?? average;
            assert.ok(min <= now + 0.01 && now <= max + 0.01);
          }
        }
      }),
      { numRuns: runs(300, 3_000) },
    );
  });

  it('are exact for a stream of constant rate, whenever they are looked at', () => {
    const delays = fc.array(fc.integer({ min: 1, max: 4_000 }), { minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(delays, fc.integer({ min: 1, max: 30_000 }), (passed, kbps) => {
        let at = START;
        let readings: readonly Reading[] = [];
        for (const milliseconds of passed) {
          at += milliseconds;
          const bytesSent = (kbps * (at - START)) / 8;
          readings = withReading(
            readings,
            toReading([{ id: 'O', type: 'outbound-rtp', kind: 'video', ssrc: 1, bytesSent }], at),
          );
        }
        const { videoBitrate, videoBitrateMin, videoBitrateMax, videoBitrateAverage } = statsOf(readings);
        if (readings.length < 2) return assert.equal(videoBitrate, undefined);
        assert.deepEqual(
          [videoBitrate, videoBitrateMin, videoBitrateMax, videoBitrateAverage],
          [kbps, kbps, kbps, kbps],
        );
      }),
    );
  });

  describe('on what the browser reduces the video for', () => {
    const limited = (reasonAt: (second: number) => unknown) => (second: number) =>
      chromium(second).map((one) => (one.id === 'OV' ? { ...one, qualityLimitationReason: reasonAt(second) } : one));
    const reasonOf = (reasonAt: (second: number) => unknown, seconds = 30) =>
      statsOf(
        readingsOf(
          Array.from({ length: seconds }, (_, index) => index + 1),
          limited(reasonAt),
        ),
      ).qualityLimitationReason;

    for (const reason of ['bandwidth', 'cpu', 'other'] as const) {
      it(`name ${reason} if it lasts`, () => {
        assert.equal(
          reasonOf(() => reason),
          reason,
        );
      });
    }

    it('name none, nor what they do not know', () => {
      for (const reason of ['none', undefined, null, '', 'gravity', 3])
        assert.equal(
          reasonOf(() => reason),
          undefined,
        );
    });

    it('leave the key out if there is none', () => {
      assert.ok(!('qualityLimitationReason' in statsOf(readingsOf([1, 2, 3], chromium))));
    });

    it('name a busy device after 8 s', () => {
      assert.equal(
        reasonOf(() => 'cpu', 7),
        undefined,
      );
      assert.equal(
        reasonOf(() => 'cpu', 8),
        'cpu',
      );
    });

    it('name no network in the first 20 s: every start is limited', () => {
      for (let seconds = 1; seconds <= 20; seconds++)
        assert.equal(
          reasonOf(() => 'bandwidth', seconds),
          undefined,
        );
      assert.equal(
        reasonOf(() => 'bandwidth', 21),
        'bandwidth',
      );
    });

    it('name a network that becomes slow later after 8 s', () => {
      const slowFrom30 = (second: number) => (second > 30 ? 'bandwidth' : 'none');
      assert.equal(reasonOf(slowFrom30, 37), undefined);
      assert.equal(reasonOf(slowFrom30, 38), 'bandwidth');
    });

    it('name it though timers are early or late, as in a hidden page', () => {
      const moments: [string, (second: number) => number][] = [
        ['every other look 5 ms late', (second) => second + (second % 2 ? 0.005 : 0)],
        ['a look every 0.9 s', (second) => second * 0.9],
        ['a look every 0.72 s', (second) => second * 0.72],
        ['a look every 1.9 s', (second) => second * 1.9],
        ['uneven looks', (second) => second + 0.3 * Math.sin(second)],
      ];
      for (const [name, momentOf] of moments) {
        const seconds = Array.from({ length: 60 }, (_, index) => momentOf(index + 1));
        const { qualityLimitationReason } = statsOf(
          readingsOf(
            seconds,
            limited(() => 'cpu'),
          ),
        );
        assert.equal(qualityLimitationReason, 'cpu', name);
      }
    });

    /** What is reported of a video that is limited all the time, with these kbps in each second, at its end. */
    const reasonAtBitrates = (bitrates: readonly number[]) => {
      const bytesAt = (second: number) => bitrates.slice(0, second).reduce((sum, kbps) => sum + kbps * 125, 0);
      const look = (second: number) =>
        chromium(second).map((one) =>
          one.id === 'OV' ? { ...one, qualityLimitationReason: 'bandwidth', bytesSent: bytesAt(second) } : one,
        );
      const seconds = Array.from({ length: bitrates.length + 1 }, (_, second) => second);
      return statsOf(readingsOf(seconds, look)).qualityLimitationReason;
    };
    const anyLength = fc.integer({ min: 21, max: 90 });

    it('name no network while the bitrate rises by 4 % a second or more, however long it takes', () => {
      fc.assert(
        fc.property(
          fc.double({ min: 1.04, max: 2, noNaN: true }),
          fc.integer({ min: 1, max: 500 }),
          anyLength,
          (growth, kbps, seconds) =>
            reasonAtBitrates(
              Array.from({ length: seconds }, (_, second) => Math.round(kbps * 1000 * growth ** second)),
            ) === undefined,
        ),
      );
    });

    it('name no network while the bitrate rises in steps', () => {
      const steps = Array.from({ length: 40 }, (_, second) => 300 * 1.5 ** Math.floor(second / 5));
      for (let seconds = 1; seconds <= 40; seconds++)
        assert.equal(reasonAtBitrates(steps.slice(0, seconds)), undefined);
    });

    it('name a slow network whose bitrate swings by up to 15 %, at every moment', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 50, max: 3_000 }),
          fc.array(fc.double({ min: 0.85, max: 1, noNaN: true }), { minLength: 21, maxLength: 90 }),
          (kbps, swings) => reasonAtBitrates(swings.map((swing) => Math.round(kbps * swing))) === 'bandwidth',
        ),
      );
    });

    it('name a slow network whose bitrate falls', () => {
      fc.assert(
        fc.property(
          fc.double({ min: 0.7, max: 1, noNaN: true }),
          anyLength,
          (factor, seconds) =>
            reasonAtBitrates(Array.from({ length: seconds }, (_, second) => 1_000_000 * factor ** second)) ===
            'bandwidth',
        ),
      );
    });

    it('name none that comes and goes, and keep one through a short pause', () => {
      assert.equal(
        reasonOf((second) => (second % 2 ? 'cpu' : 'none')),
        undefined,
      );
      assert.equal(
        reasonOf((second) => (second === 25 ? 'none' : 'cpu')),
        'cpu',
      );
    });

    it('name none any more once it is over', () => {
      const over = (last: number) => reasonOf((second) => (second <= last ? 'cpu' : 'none'));
      assert.equal(over(29), 'cpu');
      assert.equal(over(26), undefined);
    });

    it('take no audio into account', () => {
      const look = (second: number) =>
        chromium(second).map((one) => (one.id === 'OA' ? { ...one, qualityLimitationReason: 'cpu' } : one));
      const seconds = Array.from({ length: 12 }, (_, index) => index + 1);
      assert.equal(statsOf(readingsOf(seconds, look)).qualityLimitationReason, undefined);
    });
  });
});
