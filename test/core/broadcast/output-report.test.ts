import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { outputReportOf } from '../../../src/core/broadcast/status-channel.js';

const read = (event: unknown) => outputReportOf(JSON.stringify(event));

describe('a report on the RTMP output', () => {
  it('says that it runs, is being brought back, or was given up', () => {
    for (const message of ['broadcasting', 'reconnecting', 'failed'] as const) {
      assert.deepEqual(read({ message, output: 'rtmp' }), { message, reason: '' });
    }
  });

  it('has a reason in few words, without addresses', () => {
    const reasonOf = (reason: unknown) => read({ message: 'failed', output: 'rtmp', reason })?.reason;
    assert.equal(reasonOf('Connection refused.'), 'Connection refused');
    assert.equal(reasonOf(' rtmps://live.example/app/KEY \n was refused'), '… was refused');
    assert.equal(reasonOf('x'.repeat(5_000))?.length, 200);
    assert.equal(reasonOf('x'.repeat(60_000))?.length, 200, 'in no time that grows with its square');
    assert.equal(reasonOf({ code: 1 }), '');
  });

  it('is of the RTMP output and of a known kind, else it is none', () => {
    const others = [
      { message: 'broadcasting' },
      { message: 'broadcasting', output: 'RTMP' },
      { message: 'signalling', output: 'rtmp' },
      { message: 'constructor', output: 'rtmp' },
      { message: ['failed'], output: 'rtmp' },
      ...[null, 1, 'failed', [], {}],
    ];
    for (const event of others) assert.equal(read(event), null, JSON.stringify(event));
  });

  it('is read from anything without a throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => outputReportOf(text) === null));
  });
});
