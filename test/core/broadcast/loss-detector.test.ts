import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LossDetector, type Silence } from '../../../src/core/broadcast/loss-detector.js';
import { runs } from '../support/runs.js';

/** A detector over one path, which is looked at again and again. */
class Watch {
  readonly detector = new LossDetector();
  now = 1_000_000;
  sent = 0;
  feedback = 0;
  heard = 0;
  /** What the wall clock is ahead of the monotonic one. */
  wallOffset = 1e12;
  verdict: Silence | null;

  constructor() {
    this.verdict = this.#look();
  }

  /** Moves on and looks, after more was sent and the server has given signs of life. */
  after(milliseconds: number, { sends = true, reports = false, hears = false } = {}): Silence | null {
    this.now += milliseconds;
    if (sends) this.sent += 1;
    if (reports) this.feedback += 1;
    if (hears) this.heard += 1;
    this.verdict = this.#look();
    return this.verdict;
  }

  /** Looks every so often until the verdict; how many milliseconds it took, at the most `limit`. */
  untilLost(interval = 250, limit = 20_000, signs = {}): number {
    const begun = this.now;
    while (this.now - begun < limit) if (this.after(interval, signs)) return this.now - begun;
    return Infinity;
  }

  /** Lives for so long, with a sign of life at every look. */
  live(milliseconds: number, interval = 250): void {
    for (let passed = 0; passed < milliseconds; passed += interval) {
      assert.equal(this.after(interval, { reports: true, hears: true }), null);
    }
  }

  /** Both clocks after `milliseconds` in which nobody looked. */
  later(milliseconds: number) {
    return { at: this.now + milliseconds, wallAt: this.now + this.wallOffset + milliseconds };
  }

  #look(): Silence | null {
    const { now: at, sent, feedback, heard } = this;
    const counts = (count: number) => new Map([['P', count]]);
    return this.detector.take({
      at,
      wallAt: at + this.wallOffset,
      sent,
      feedback: counts(feedback),
      heard: counts(heard),
      isReportedOn: true,
    });
  }
}

describe('silence', () => {
  it('is a loss by the network after 2 s where feedback was dense, since the last sign of life', () => {
    const watch = new Watch();
    watch.live(10_000);
    const lastSign = watch.now;
    assert.equal(watch.untilLost(), 2_000);
    assert.deepEqual(watch.verdict, { cause: 'network', lostAt: lastSign });
  });

  it('is told with every further look until a sign of life comes', () => {
    for (const sign of [{ reports: true }, { hears: true }]) {
      const watch = new Watch();
      watch.live(5_000);
      const lostAt = watch.now;
      watch.untilLost();
      for (let looks = 0; looks < 50; looks++) assert.deepEqual(watch.after(250), { cause: 'network', lostAt });
      assert.equal(watch.after(250, sign), null);
      assert.equal(watch.after(250), null);
    }
  });

  it('has to be longer where signs of life are rare: four times the usual gap', () => {
    for (const [every, patience] of [
      [250, 2_000],
      [500, 2_000],
      [750, 2_000],
      [1_000, 3_000],
      [1_250, 4_000],
      [1_500, 5_000],
      [1_750, 5_000],
    ] as const) {
      const watch = new Watch();
      for (let looks = 1; looks <= 400; looks++) watch.after(250, { reports: (looks * 250) % every === 0 });
      while (watch.after(250, { reports: true })) continue;
      assert.equal(watch.untilLost(), patience, `signs every ${every} ms`);
    }
  });

  it('is measured against the 95th percentile: a rare longer gap changes nothing', () => {
    for (const [rare, patience] of [
      [30, 2_000],
      [10, 5_000],
    ] as const) {
      const watch = new Watch();
      for (let sign = 1; sign <= 240; sign++) {
        if (sign % rare === 0) for (let looks = 0; looks < 6; looks++) assert.equal(watch.after(250), null);
        assert.equal(watch.after(250, { reports: true }), null);
      }
      watch.after(250, { reports: true });
      assert.equal(watch.untilLost(), patience, `every ${rare}th gap is long`);
    }
  });

  it('is forgotten as a gap after a while', () => {
    const watch = new Watch();
    for (let looks = 1; looks <= 400; looks++) watch.after(250, { reports: looks % 6 === 0 });
    watch.live(60_000);
    assert.equal(watch.untilLost(), 2_000);
  });

  it('from the first look on counts too: within 10 s, since a first report on audio may take so long', () => {
    const watch = new Watch();
    assert.equal(watch.untilLost(), 10_000);
  });

  it('counts within 5 s once a first short gap is known', () => {
    const watch = new Watch();
    watch.after(250, { reports: true });
    watch.after(250, { reports: true });
    assert.equal(watch.untilLost(), 5_000);
  });

  it('counts after 10 s where only the first report has come: a server that reports every 6 s may send it at once', () => {
    const watch = new Watch();
    watch.after(250, { reports: true });
    assert.equal(watch.untilLost(), 10_000);
  });

  it('that was an outage makes no gap: the next loss is seen as fast', () => {
    for (const outage of [11_000, 60_000]) {
      const watch = new Watch();
      watch.live(500);
      for (let passed = 0; passed < outage; passed += 250) watch.after(250);
      watch.after(250, { reports: true });
      assert.equal(watch.untilLost(250, 30_000), 5_000, `after ${outage} ms`);
    }
  });

  it('is as long however rarely this page may look, as in a hidden tab', () => {
    const watch = new Watch();
    watch.live(100_000, 1_000);
    assert.equal(watch.untilLost(1_000), 2_000);
  });

  it('is as long where the looks of a hidden tab come a little later than each second', () => {
    for (const interval of [1_001, 1_050, 1_400, 2_000]) {
      const watch = new Watch();
      watch.live(20 * interval, interval);
      assert.equal(watch.untilLost(interval), Math.ceil(2_000 / interval) * interval, `every ${interval} ms`);
    }
  });
});

describe('silence while nothing is sent', () => {
  it('is none, for however long', () => {
    const watch = new Watch();
    watch.live(5_000);
    assert.equal(watch.untilLost(250, 600_000, { sends: false }), Infinity);
  });

  it('counts from the moment in which something is sent again', () => {
    const watch = new Watch();
    watch.live(5_000);
    const lostAt = watch.now;
    watch.untilLost(250, 60_000, { sends: false });
    watch.after(250);
    assert.equal(watch.untilLost(), 2_000);
    assert.deepEqual(watch.verdict, { cause: 'network', lostAt });
  });

  it('makes no gap that the path is measured by', () => {
    const watch = new Watch();
    for (let pauses = 0; pauses < 60; pauses++) {
      watch.live(1_000);
      watch.untilLost(250, 10_000, { sends: false });
    }
    watch.live(1_000);
    assert.equal(watch.untilLost(), 2_000);
  });

  it('ends a verdict that was given: a camera that stopped is no loss', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.untilLost();
    watch.after(900, { sends: false });
    assert.equal(watch.after(250, { sends: false }), null);
  });

  it('is still silence where single looks see nothing sent, as at a few frames a second', () => {
    const watch = new Watch();
    watch.live(5_000);
    let elapsed = 0;
    for (let looks = 1; !watch.verdict && looks < 40; looks++) {
      watch.after(250, { sends: looks % 4 === 0 });
      elapsed += 250;
    }
    assert.equal(elapsed, 2_000);
  });
});

describe('an alert', () => {
  it('halves the silence that is enough', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.detector.alert(watch.now);
    assert.equal(watch.untilLost(), 1_000);
    assert.equal(watch.verdict?.cause, 'network');
  });

  it('counts silence from the alert on, so that what came before is not held against the path', () => {
    const watch = new Watch();
    watch.live(5_000);
    const lostAt = watch.now;
    watch.after(500);
    watch.detector.alert(watch.now);
    assert.equal(watch.untilLost(), 1_000);
    assert.deepEqual(watch.verdict, { cause: 'network', lostAt });
  });

  it('is over after 5 s', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.detector.alert(watch.now);
    watch.live(5_000);
    assert.equal(watch.untilLost(), 2_000);
  });

  it('harms no path that lives', () => {
    const watch = new Watch();
    for (let looks = 0; looks < 1_000; looks++) {
      watch.detector.alert(watch.now);
      assert.equal(watch.after(250, { reports: looks % 3 === 0 }), null);
    }
  });

  it('needs something to be sent as any silence does', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.untilLost(250, 5_000, { sends: false });
    watch.detector.alert(watch.now);
    assert.equal(watch.untilLost(250, 5_000, { sends: false }), Infinity);
  });
});

describe('a sleep', () => {
  it('is no loss by itself, and one by suspension where silence follows', () => {
    const watch = new Watch();
    watch.live(5_000);
    const lostAt = watch.now;
    assert.equal(watch.detector.hasSlept(watch.later(60_000)), true);
    assert.equal(watch.after(60_000), null);
    assert.equal(watch.untilLost(), 1_000);
    assert.deepEqual(watch.verdict, { cause: 'suspended', lostAt });
  });

  it('is none where a sign of life follows', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.after(60_000);
    assert.equal(watch.after(250, { reports: true }), null);
    assert.equal(watch.after(250, { hears: true }), null);
    watch.live(10_000);
    assert.equal(watch.untilLost(), 2_000);
    assert.equal(watch.verdict?.cause, 'network', 'what comes later is another matter');
  });

  it('takes what came in meanwhile for no sign of life: it may have come before', () => {
    const watch = new Watch();
    watch.live(5_000);
    const lostAt = watch.now;
    assert.equal(watch.after(60_000, { reports: true, hears: true }), null);
    assert.equal(watch.untilLost(), 1_000);
    assert.deepEqual(watch.verdict, { cause: 'suspended', lostAt });
  });

  it('is more than 5 s without a look, and no less', () => {
    const watch = new Watch();
    watch.live(10_000);
    assert.equal(watch.detector.hasSlept(watch.later(5_000)), false);
    assert.equal(watch.after(5_000)?.cause, 'network');
  });

  it('is none before the first look', () => {
    assert.equal(new LossDetector().hasSlept({ at: 1e12, wallAt: 1e12 }), false);
  });
});

describe('doubt of ICE', () => {
  /** The server reports on, but shows in nothing that it hears us. */
  const deaf = { reports: true };

  it('makes a loss of a server that reports on without having heard us for 3 s', () => {
    const watch = new Watch();
    watch.live(5_000);
    const lostAt = watch.now;
    watch.detector.doubt(watch.now);
    assert.equal(watch.untilLost(250, 20_000, deaf), 3_000);
    assert.deepEqual(watch.verdict, { cause: 'network', lostAt });
  });

  it('counts from the doubt on: servers answer checks rarely', () => {
    const watch = new Watch();
    watch.live(5_000);
    assert.equal(watch.untilLost(250, 30_000, deaf), Infinity, 'and without a doubt that is no loss at all');
    watch.detector.doubt(watch.now);
    assert.equal(watch.untilLost(250, 20_000, deaf), 3_000);
  });

  it('is over where ICE says so, and where the server shows that it hears us', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.detector.doubt(watch.now);
    watch.untilLost(250, 2_500, deaf);
    watch.detector.doubt(Infinity);
    assert.equal(watch.untilLost(250, 20_000, deaf), Infinity);
    watch.detector.doubt(watch.now);
    for (let looks = 1; looks <= 400; looks++) {
      assert.equal(watch.after(250, { reports: true, hears: looks % 10 === 0 }), null);
    }
  });

  it('is none while nothing is sent that could be heard', () => {
    const watch = new Watch();
    watch.live(5_000);
    watch.detector.doubt(watch.now);
    assert.equal(watch.untilLost(250, 20_000, { reports: true, sends: false }), Infinity);
  });
});

describe('any path', () => {
  const intervals = fc.array(fc.integer({ min: 50, max: 1_000 }), { minLength: 50, maxLength: 200 });

  it('with a sign of life at least every 1.9 s is never lost', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 1_900 }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(intervals, gaps, fc.boolean(), (looks, signs, hears) => {
        const watch = new Watch();
        let sign = watch.now;
        for (const [index, gap] of signs.entries()) {
          sign += gap;
          const due = sign;
          let isSeen = false;
          for (let look = index; !isSeen; look++) {
            const interval = looks[look % looks.length] ?? 250;
            isSeen = watch.now + interval >= due;
            assert.equal(watch.after(interval, { reports: isSeen && !hears, hears: isSeen && hears }), null);
          }
          sign = Math.max(sign, due);
        }
      }),
      { numRuns: runs(300, 3_000) },
    );
  });

  it('that is silent while packets are sent is lost since its last sign, within 5 s or twice its longest gap', () => {
    const before = fc.array(fc.record({ reports: fc.boolean(), hears: fc.boolean(), sends: fc.boolean() }), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(intervals, before, (looks, signs) => {
        const watch = new Watch();
        let reportedAt: number | undefined;
        let longest = 0;
        const report = () => {
          if (reportedAt !== undefined) longest = Math.max(longest, Math.min(watch.now - reportedAt, 12_500));
          reportedAt = watch.now;
        };
        signs.forEach((sign, index) => {
          watch.after(looks[index % looks.length] ?? 250, sign);
          if (sign.reports) report();
        });
        watch.after(100, { reports: true });
        report();
        const lostAt = watch.now;
        // With few gaps known, a path with rare reports has up to 10 s.
        const limit = longest === 0 ? 10_000 : Math.max(5_000, 2 * longest, Math.min(4 * longest, 10_000));
        for (let index = 0; watch.now - lostAt < limit; index++) watch.after(looks[index % looks.length] ?? 250);
        assert.deepEqual(watch.verdict, { cause: 'network', lostAt });
      }),
      { numRuns: runs(300, 3_000) },
    );
  });

  it('that was never silent for 1 s while packets were sent is not lost, whatever hints came', () => {
    const step = fc.record({
      isAlert: fc.boolean(),
      doubt: fc.constantFrom(null, 'begins', 'ends'),
      sends: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const watch = new Watch();
        for (const [index, { isAlert, doubt, sends }] of steps.entries()) {
          if (isAlert) watch.detector.alert(watch.now);
          if (doubt) watch.detector.doubt(doubt === 'begins' ? watch.now : Infinity);
          assert.equal(watch.after(240, { sends, reports: index % 4 > 1, hears: index % 4 === 0 }), null);
        }
      }),
      { numRuns: runs(300, 3_000) },
    );
  });
});

describe('field cases of the loss detector', () => {
  for (const step of [-600_000, -1_000, 1_000, 3_000]) {
    it(`A11: a wall clock set by ${step / 1000} s delays no loss and makes none`, () => {
      const watch = new Watch();
      watch.live(10_000);
      watch.wallOffset += step;
      watch.live(10_000);
      const lostAt = watch.now;
      watch.wallOffset += step;
      assert.equal(watch.untilLost(), 2_000);
      assert.deepEqual(watch.verdict, { cause: 'network', lostAt });
    });
  }

  it('A11: a wall clock set forward by an hour, as after a sleep, makes no loss of a path that lives', () => {
    const watch = new Watch();
    watch.live(10_000);
    watch.wallOffset += 3_600_000;
    watch.live(60_000);
    assert.equal(watch.untilLost(), 2_000);
  });

  for (const every of [2_500, 5_000, 5_500, 6_000, 7_500]) {
    it(`A12: a healthy path with a report every ${every / 1000} s and nothing else is not lost in ten minutes`, () => {
      const watch = new Watch();
      for (let looks = 1; looks <= 2_400; looks++) {
        assert.equal(watch.after(250, { reports: (looks * 250) % every === 0 }), null, `after ${looks * 250} ms`);
      }
      while ((watch.now - 1_000_000) % every !== 0) watch.after(250);
      watch.after(250, { reports: true });
      const limit = Math.max(5_000, 2 * every);
      assert.ok(watch.untilLost(250, 60_000) <= limit, 'and is lost within twice that once it is silent');
    });
  }

  it('A12: gaps spread as RFC 3550 does, from 2 to 6.2 s, make no loss', () => {
    // Eight short gaps in a row are what a denser path looks like.
    const isSpread = (gaps: number[]) =>
      gaps.every((_, at) => at < 8 || gaps.slice(at - 8, at).some((gap) => gap > 12));
    const spreadGaps = fc.array(fc.integer({ min: 9, max: 24 }), { minLength: 1, maxLength: 60 }).filter(isSpread);
    fc.assert(
      fc.property(spreadGaps, (gaps) => {
        const watch = new Watch();
        for (const gap of gaps) {
          for (let looks = 1; looks <= gap; looks++) assert.equal(watch.after(250, { reports: looks === gap }), null);
        }
      }),
      { numRuns: runs(300, 3_000), examples: [[[9, 24, 9, 24]], [[9, 9, 9, 9, 9, 9, 24]]] },
    );
  });

  it('A13: a path that only answers STUN, every 2 to 6 s, is not lost in ten minutes, and is lost once it is silent', () => {
    for (const every of [2_000, 2_500, 5_000, 6_000]) {
      const watch = new Watch();
      for (let looks = 1; looks <= 2_400; looks++) {
        assert.equal(watch.after(250, { hears: (looks * 250) % every === 0 }), null, `${every} ms, look ${looks}`);
      }
      assert.ok(watch.untilLost(250, 60_000) <= 12_000);
    }
  });
});
