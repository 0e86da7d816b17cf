import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAnswer } from '../../../src/core/whip/answer.js';

const answer = (port: number, { group = '0 1', direction = 'recvonly', end = '\r\n' } = {}) =>
  [
    'v=0',
    `a=group:BUNDLE ${group}`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    'a=recvonly',
    `m=video ${port} UDP/TLS/RTP/SAVPF 96`,
    'a=mid:1',
    `a=${direction}`,
    '',
  ].join(end);

describe("a server's answer", () => {
  it('is read as it is where its sections have ports', () => {
    assert.equal(readAnswer(answer(9)), answer(9));
    assert.equal(readAnswer(answer(40_000)), answer(40_000));
  });

  it('gets a port for a section with port 0 that stays in the BUNDLE group and is received, in any end of line', () => {
    assert.equal(readAnswer(answer(0)), answer(9));
    assert.equal(readAnswer(answer(0, { end: '\n' })), `${answer(9, { end: '\n' }).trim()}\r\n`);
    assert.equal(readAnswer(answer(0, { group: '0 1 ' })), answer(9, { group: '0 1 ' }));
  });

  it('keeps port 0 where the section is rejected: it has left the group, or is not received', () => {
    for (const rejected of [
      answer(0, { group: '0' }),
      answer(0, { group: '0 10' }),
      answer(0, { group: '' }),
      answer(0, { direction: 'inactive' }),
      answer(0).replace(/^a=group.*\r\n/m, ''),
    ]) {
      assert.equal(readAnswer(rejected), rejected);
    }
  });

  it('has its last line ended, and nothing before its first', () => {
    assert.equal(readAnswer(`\r\n ${answer(9).trim()}`), answer(9));
  });
});
