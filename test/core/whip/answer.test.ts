import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAnswer as read } from '../../../src/core/whip/answer.js';

const readAnswer = (body: string) => read(body).answer;

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
    assert.equal(readAnswer(answer(0, { end: '\n' })), answer(9));
    assert.equal(readAnswer(answer(0, { group: '0 1 ' })), answer(9, { group: '0 1' }));
  });

  it('keeps port 0 where the section is rejected: it has left the group, or is not received', () => {
    for (const rejected of [
      answer(0, { group: '0' }),
      answer(0, { group: '0 10' }),
      answer(0, { group: '' }),
      answer(0, { direction: 'inactive' }),
      answer(0).replace(/^a=group.*\r\n/m, ''),
    ]) {
      assert.equal(readAnswer(rejected), rejected.replace('BUNDLE \r', 'BUNDLE\r'));
    }
  });

  it('has its last line ended, and nothing before its first', () => {
    assert.equal(readAnswer(`\r\n ${answer(9).trim()}`), answer(9));
  });
});

describe("a server's answer against the rules", () => {
  it('B1: has sendrecv read as recvonly, said in the section, for the session or not at all, with a warning', () => {
    const odd = answer(9, { direction: 'sendrecv' });
    assert.equal(readAnswer(odd), answer(9));
    assert.match(read(odd).warnings.join(), /sendrecv/);
    assert.deepEqual(read(answer(9)).warnings, []);
    const withoutDirection = answer(9).replace('a=mid:1\r\na=recvonly', 'a=mid:1');
    assert.equal(readAnswer(withoutDirection), answer(9));
    assert.equal(read(withoutDirection).warnings.length, 1);
    const ofSession = withoutDirection.replace('v=0\r\n', 'v=0\r\na=recvonly\r\n');
    assert.equal(readAnswer(ofSession), ofSession);
  });

  it('B1: keeps inactive and sendonly, which refuse the track', () => {
    for (const direction of ['inactive', 'sendonly']) {
      assert.equal(readAnswer(answer(9, { direction })), answer(9, { direction }));
    }
  });

  it('B2: has its blank lines dropped, in any end of line', () => {
    for (const blank of ['\r\n', '\n', ' \r\n', '\r\n\t\r\n']) {
      assert.equal(readAnswer(answer(9).replace('m=video', `${blank}m=video`) + blank), answer(9));
    }
  });

  it('B2: has NULs, a byte order mark and indentation dropped, and other text kept for the browser to refuse', () => {
    for (const end of ['\0', '\r\n\0\0', '\ufeff']) {
      assert.equal(readAnswer(answer(9) + end), answer(9), JSON.stringify(end));
    }
    assert.equal(readAnswer(`\ufeff${answer(9)}`), answer(9));
    assert.equal(readAnswer(answer(9).replace(/^/gm, '  ')), answer(9));
    assert.equal(readAnswer(answer(9, { end: '\r' })), answer(9));
    for (const text of ['x'.repeat(50), '<!-- 0.01 s -->']) assert.ok(readAnswer(answer(9) + text)?.includes(text));
  });
});
