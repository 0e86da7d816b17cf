import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { qualityOf } from '../../../src/core/stats/quality.js';

const RANKS = [undefined, 'good', 'medium', 'bad'];

describe('the quality of a connection', () => {
  for (const [roundTripTime, packetLoss, expected] of [
    [undefined, undefined, undefined],
    [0, undefined, 'good'],
    [150, undefined, 'good'],
    [150.01, undefined, 'medium'],
    [250, undefined, 'medium'],
    [250.01, undefined, 'bad'],
    [undefined, 0, 'good'],
    [undefined, 4.99, 'good'],
    [undefined, 5, 'medium'],
    [undefined, 10, 'medium'],
    [undefined, 10.01, 'bad'],
    [10, 7, 'medium'],
    [300, 0, 'bad'],
    [0, 100, 'bad'],
  ] as const) {
    it(`is ${expected} at ${roundTripTime} ms and ${packetLoss} % loss`, () => {
      const known = {
        ...(roundTripTime !== undefined && { roundTripTime }),
        ...(packetLoss !== undefined && { packetLoss }),
      };
      assert.equal(qualityOf(known), expected);
    });
  }

  it('is the worse of what is known', () => {
    const some = fc.double({ min: 0, max: 400, noNaN: true });
    fc.assert(
      fc.property(some, some, (roundTripTime, packetLoss) => {
        const rankOf = (results: object) => RANKS.indexOf(qualityOf(results));
        const both = rankOf({ roundTripTime, packetLoss });
        assert.equal(both, Math.max(rankOf({ roundTripTime }), rankOf({ packetLoss })));
      }),
    );
  });

  for (const [results, expected] of [
    [{ qualityLimitationReason: 'bandwidth' }, 'medium'],
    [{ qualityLimitationReason: 'bandwidth', roundTripTime: 20, packetLoss: 0 }, 'medium'],
    [{ qualityLimitationReason: 'bandwidth', roundTripTime: 300 }, 'bad'],
    [{ qualityLimitationReason: 'bandwidth', videoBitrateAverage: 150 }, 'medium'],
    [{ qualityLimitationReason: 'bandwidth', videoBitrateAverage: 149 }, 'bad'],
    [{ qualityLimitationReason: 'cpu', videoBitrateAverage: 80 }, undefined],
    [{ qualityLimitationReason: 'cpu', roundTripTime: 20 }, 'good'],
    [{ qualityLimitationReason: 'other', roundTripTime: 20 }, 'good'],
    [{ videoBitrateAverage: 80, roundTripTime: 20 }, 'good'],
  ] as const) {
    it(`is ${expected} with ${JSON.stringify(results)}`, () => assert.equal(qualityOf(results), expected));
  }
});
