import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ReceiptWatch } from '../../../src/core/broadcast/receipt-watch.js';
import type { Stats } from '../../../src/core/stats/sampler.js';

type Kind = 'audio' | 'video';

/** One sender and its server, whose reports the browser shows as it is told. */
class Sender {
  readonly watch = new ReceiptWatch();
  now = 10_000;
  readonly sent: Record<Kind, number> = { audio: 0, video: 0 };
  readonly #reports = new Map<Kind, Stats>();
  readonly #kinds: readonly Kind[];

  constructor(...kinds: Kind[]) {
    this.#kinds = kinds;
  }

  /** Sends for so long, then looks. */
  after(milliseconds: number): boolean {
    this.now += milliseconds;
    for (const kind of this.#kinds) this.sent[kind] += milliseconds / 20;
    return this.look();
  }

  look(): boolean {
    const sent = this.#kinds.map((kind) => ({
      id: `O${kind}`,
      type: 'outbound-rtp',
      ssrc: kind,
      packetsSent: this.sent[kind] + 7,
      retransmittedPacketsSent: 7,
    }));
    return this.watch.take(this.now, [...sent, ...this.#reports.values()]);
  }

  /** A report comes in; Firefox counts what was received, Chromium does not. */
  report(kind: Kind, counts: { packetsReceived?: number; packetsLost?: number } = {}): void {
    const { now: timestamp } = this;
    const report = { id: `R${kind}`, type: 'remote-inbound-rtp', ssrc: kind, roundTripTime: 0.05 };
    this.#reports.set(kind, { ...report, timestamp, packetsLost: 0, ...counts });
  }

  /** Live for 10 s with a report each second. */
  live(isCounted: boolean): this {
    for (let seconds = 0; seconds < 10; seconds++) {
      for (const kind of this.#kinds) this.report(kind, isCounted ? { packetsReceived: this.sent[kind] } : {});
      this.after(1_000);
    }
    return this;
  }
}

const CASES: readonly (readonly Kind[])[] = [['audio'], ['video'], ['audio', 'video']];

for (const kinds of CASES) {
  const [kind = 'video'] = kinds;
  describe(`reports on ${kinds.join(' and ')} that count received packets`, () => {
    it('do not end a recovery if they count only packets sent before it, however many come', () => {
      const sender = new Sender(...kinds).live(true);
      const before = sender.sent[kind];
      sender.after(3_000);
      sender.watch.expectOnNewPath(sender.now);
      sender.look();
      for (let reports = 0; reports < 10; reports++) {
        sender.report(kind, { packetsReceived: before });
        assert.equal(sender.after(500), false);
      }
    });

    it('do not end it if one counts more than the last before it, but nothing sent after it', () => {
      const sender = new Sender(...kinds).live(true);
      const before = sender.sent[kind];
      sender.after(3_000);
      sender.watch.expectOnNewPath(sender.now);
      sender.look();
      // Made before the loss, and late.
      sender.report(kind, { packetsReceived: before + 5 });
      assert.equal(sender.after(20), false);
      // Made after the recovery of what came before the loss.
      sender.report(kind, { packetsReceived: before + 30 });
      assert.equal(sender.after(500), false);
      assert.equal(sender.after(500), false);
    });

    it('end it as soon as one counts a packet sent after it, lost ones included', () => {
      const sender = new Sender(...kinds).live(true);
      const before = sender.sent[kind];
      sender.after(3_000);
      sender.watch.expectOnNewPath(sender.now);
      sender.look();
      sender.after(200);
      const packetsLost = 150;
      sender.report(kind, { packetsLost, packetsReceived: before });
      assert.equal(sender.look(), false, 'a report that ends where the recovery began');
      sender.report(kind, { packetsLost, packetsReceived: before + 1 });
      assert.equal(sender.look(), true);
    });

    it('end it when they grow from one made after it to the next, if the server counts from somewhere else', () => {
      const sender = new Sender(...kinds).live(true);
      sender.watch.expectOnNewPath(sender.now);
      sender.look();
      sender.after(100);
      sender.report(kind, { packetsReceived: 3 });
      assert.equal(sender.look(), false);
      sender.after(500);
      sender.report(kind, { packetsReceived: 3 });
      assert.equal(sender.look(), false);
      sender.after(500);
      sender.report(kind, { packetsReceived: 20 });
      assert.equal(sender.look(), true);
    });

    it('do not end the recovery by the browser if they are stale', () => {
      const sender = new Sender(...kinds).live(true);
      sender.watch.expectOnOldPath(sender.now);
      sender.look();
      sender.report(kind, { packetsReceived: sender.sent[kind] });
      assert.equal(sender.look(), false);
      sender.after(100);
      sender.report(kind, { packetsReceived: sender.sent[kind] });
      assert.equal(sender.look(), true);
    });

    it('acknowledge a new session only if they count anything', () => {
      const sender = new Sender(...kinds);
      sender.after(100);
      sender.report(kind, { packetsReceived: 0 });
      assert.equal(sender.look(), false);
      sender.report(kind, { packetsReceived: 1 });
      assert.equal(sender.look(), true);
    });
  });

  describe(`reports on ${kinds.join(' and ')} without such counts`, () => {
    it('end a recovery only from a round trip and an interval of reports after it', () => {
      const sender = new Sender(...kinds).live(false);
      sender.watch.expectOnNewPath(sender.now);
      for (let elapsed = 50; elapsed <= 2_000; elapsed += 50) {
        assert.equal(sender.after(50), elapsed >= 1_050, `${elapsed} ms`);
      }
    });

    it('wait for 1.5 s at most if they are rare', () => {
      const sender = new Sender(...kinds);
      for (let reports = 0; reports < 3; reports++) {
        sender.report(kind);
        sender.after(5_500);
      }
      sender.watch.expectOnNewPath(sender.now);
      assert.equal(sender.after(1_540), false);
      assert.equal(sender.after(20), true);
    });

    it('end the recovery by the browser from a round trip after the loss was seen', () => {
      const sender = new Sender(...kinds).live(false);
      sender.watch.expectOnOldPath(sender.now);
      assert.equal(sender.after(40), false);
      assert.equal(sender.after(20), true);
    });

    it('acknowledge a new session at once', () => {
      const sender = new Sender(...kinds);
      assert.equal(sender.after(100), true, 'feedback without any report yet');
      sender.report(kind);
      assert.equal(sender.look(), true);
    });
  });
}

describe('a recovery', () => {
  it('is proven by either kind: the other may be muted', () => {
    const sender = new Sender('audio', 'video').live(true);
    sender.watch.expectOnNewPath(sender.now);
    sender.look();
    sender.after(100);
    sender.report('audio', { packetsReceived: sender.sent.audio });
    assert.equal(sender.look(), true);
  });

  it('begins where ICE was restarted, though the loss was seen before, and asks for nothing more once it is over', () => {
    const sender = new Sender('video').live(true);
    sender.watch.expectOnOldPath(sender.now);
    sender.look();
    sender.after(1_000);
    sender.watch.expectOnNewPath(sender.now);
    sender.look();
    sender.report('video', { packetsReceived: sender.sent.video });
    assert.equal(sender.look(), false);
    sender.watch.settle();
    assert.equal(sender.look(), true);
  });

  it('is not asked for more where the loss is seen again before it is over', () => {
    const sender = new Sender('video').live(true);
    sender.watch.expectOnNewPath(sender.now);
    sender.look();
    sender.after(500);
    sender.watch.expectOnOldPath(sender.now);
    sender.report('video', { packetsReceived: sender.sent.video });
    assert.equal(sender.look(), true);
  });
});
