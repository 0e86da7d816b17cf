import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WebRTCResults } from '../../../src/core/api/events.js';
import { StatsFeed } from '../../../src/core/stats/stats-feed.js';

/** A feed that is live from 0 s on, and what it has reported, with the second of each report. */
function liveFeed() {
  const told: { second: number; results: WebRTCResults }[] = [];
  let second = 0;
  const wanted = { interval: null as number | null };
  const interval = () => wanted.interval;
  const feed = new StatsFeed(interval, (results) => told.push({ second, results }));
  feed.isLive = true;
  const look = (at: number) => {
    second = at;
    const video = { id: 'OV', type: 'outbound-rtp', kind: 'video', ssrc: 2, qualityLimitationReason: 'bandwidth' };
    feed.take([{ ...video, bytesSent: 50_000 * at, packetsSent: 50 * at, framesEncoded: 30 * at }], at * 1000);
  };
  return { feed, wanted, told, look };
}

describe('StatsFeed', () => {
  it('does not take the moment at which somebody asks for the start of the broadcast', () => {
    const { wanted, told, look } = liveFeed();
    for (let second = 0; second < 600; second += 0.25) look(second);
    assert.equal(told.length, 0);
    wanted.interval = 1_000;
    for (let second = 600; second < 640; second += 0.25) look(second);
    const first = told.find(({ results }) => results.qualityLimitationReason === 'bandwidth');
    assert.ok(first && first.second < 610, `${first?.second}`);
  });

  it('waits for the end of the ramp-up after a recovery', () => {
    const { feed, wanted, told, look } = liveFeed();
    wanted.interval = 1_000;
    for (let second = 0; second < 60; second += 0.25) look(second);
    feed.isLive = false;
    feed.isLive = true;
    told.splice(0);
    for (let second = 60; second < 100; second += 0.25) look(second);
    const first = told.find(({ results }) => results.qualityLimitationReason === 'bandwidth');
    assert.ok(first && first.second >= 80 && first.second < 82, `${first?.second}`);
  });

  it('reports in its interval though timers are early or late, as in a hidden page', () => {
    for (const interval of [1_000, 2_000, 5_000]) {
      for (const late of [(i: number) => (i % 2 ? 0.005 : 0), (i: number) => 0.04 * Math.abs(Math.sin(i)), () => 0]) {
        const { wanted, told, look } = liveFeed();
        wanted.interval = interval;
        for (let i = 1; i <= 60; i++) look(i + late(i));
        const expected = Math.floor(59_000 / interval);
        assert.ok(Math.abs(told.length - expected) <= 1, `${told.length} reports, interval ${interval}`);
      }
    }
  });

  it('reports nothing once nobody asks any more, or the broadcast is lost', () => {
    const { feed, wanted, told, look } = liveFeed();
    wanted.interval = 1_000;
    for (let second = 0; second < 10; second += 0.25) look(second);
    wanted.interval = null;
    for (let second = 10; second < 20; second += 0.25) look(second);
    wanted.interval = 1_000;
    feed.isLive = false;
    for (let second = 20; second < 30; second += 0.25) look(second);
    assert.ok(told.length > 5 && told.every(({ second }) => second < 10));
  });
});
