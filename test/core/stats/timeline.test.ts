import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepOutage, type Outage } from '../../../src/core/stats/report.js';
import { TIMELINE_LENGTH, TimelineRecorder } from '../../../src/core/stats/timeline.js';

function recorderAt(start = 0) {
  const clock = { now: start };
  return { clock, recorder: new TimelineRecorder(() => clock.now) };
}

describe('TimelineRecorder', () => {
  it('records nothing outside an outage', () => {
    const { recorder } = recorderAt();
    recorder.note('connected');
    recorder.request('POST')(201);
    const timeline = recorder.begin();
    recorder.end();
    recorder.note('connected');
    recorder.request('POST');
    assert.deepEqual(timeline, [{ at: 0, event: 'detected' }]);
  });

  it('records when a request was sent and answered, with its status', () => {
    const { clock, recorder } = recorderAt(100);
    const timeline = recorder.begin();
    const finish = recorder.request('PATCH');
    assert.deepEqual(timeline[1], {
      at: 100,
      event: 'request',
      method: 'PATCH',
      answeredAt: null,
      failedAt: null,
      status: null,
    });
    clock.now = 150;
    finish(404);
    clock.now = 200;
    finish(null);
    assert.deepEqual(timeline[1], {
      at: 100,
      event: 'request',
      method: 'PATCH',
      answeredAt: 150,
      failedAt: null,
      status: 404,
    });
  });

  it('records when a request failed', () => {
    const { clock, recorder } = recorderAt();
    const timeline = recorder.begin();
    const finish = recorder.request('HEAD');
    clock.now = 7;
    finish(null);
    assert.deepEqual(timeline.slice(1), [
      { at: 0, event: 'request', method: 'HEAD', answeredAt: null, failedAt: 7, status: null },
    ]);
  });

  it('leaves out the middle of a long timeline', () => {
    const { clock, recorder } = recorderAt();
    const timeline = recorder.begin();
    for (clock.now = 1; clock.now < 1_000; clock.now++) recorder.note('reported');
    assert.equal(timeline.length, TIMELINE_LENGTH);
    assert.deepEqual([timeline[0]?.at, timeline[9]?.at, timeline.at(-1)?.at], [0, 9, 999]);
  });
});

describe('keepOutage', () => {
  it('keeps a hundred outages, the last ten of them with their timelines', () => {
    const outages: Outage[] = [];
    for (let lostAt = 0; lostAt < 150; lostAt++) {
      keepOutage(outages, {
        cause: 'network',
        reason: '',
        lostAt,
        recoveredBy: null,
        attempts: 0,
        seconds: null,
        timeline: [{ at: lostAt, event: 'detected' }],
      });
    }
    assert.equal(outages.length, 100);
    assert.equal(outages[0]?.lostAt, 50);
    assert.deepEqual(
      outages.map(({ timeline }) => timeline.length),
      [...Array<number>(90).fill(0), ...Array<number>(10).fill(1)],
    );
  });
});
