import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { buildFragment, checkIfMatch, parseFragment, usableCandidate } from '../../demo/server/fragment.js';
import { Problem } from '../../demo/server/problem.js';

const CANDIDATE = 'candidate:842163049 1 udp 1677729535 192.0.2.9 46154 typ host';
const UFRAG = 'a=ice-ufrag:abcd';
const PWD = 'a=ice-pwd:0123456789abcdef012345';

test('a fragment of RFC 8840 is read, with either line end and with credentials on either level', () => {
  const media = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0'];
  for (const lines of [
    ['a=group:BUNDLE 0 1', ...media, UFRAG, PWD, `a=${CANDIDATE}`, 'a=end-of-candidates'],
    [UFRAG, PWD, ...media, `a=${CANDIDATE}`],
    ['v=0', 'o=- 0 0 IN IP4 0.0.0.0', 's=-', 't=0 0', ...media, UFRAG, PWD, `a=${CANDIDATE}`],
  ]) {
    for (const end of ['\r\n', '\n']) {
      assert.deepEqual(parseFragment(lines.join(end)), {
        credentials: { ufrag: 'abcd', pwd: '0123456789abcdef012345' },
        mid: '0',
        candidates: [CANDIDATE],
      });
    }
  }
});

test('the end of candidates alone is a fragment too', () => {
  assert.deepEqual(parseFragment('a=end-of-candidates\r\n'), { candidates: [] });
});

test('what is no fragment is a bad request', () => {
  for (const text of [
    '',
    '\r\n',
    'hello',
    '{"a":1}',
    'a=mid:0',
    '{=\na=end-of-candidates',
    '1=x\na=end-of-candidates',
    'A=x\na=end-of-candidates',
    '\0=x\na=end-of-candidates',
    UFRAG,
    PWD,
    'a=ice-ufrag:x\r\na=ice-pwd:y',
    `${UFRAG}\n`,
  ]) {
    assert.throws(
      () => parseFragment(text),
      (error: unknown) => error instanceof Problem && error.status === 400,
      text,
    );
  }
});

test('a flood of candidates is cut off', () => {
  const lines = Array.from({ length: 5000 }, () => `a=${CANDIDATE}`);
  assert.equal(parseFragment(lines.join('\r\n')).candidates.length, 64);
});

test('candidates are handed on without extensions, so that the count of generations cannot differ', () => {
  assert.equal(usableCandidate(`${CANDIDATE} generation 1 ufrag abcd network-id 1`), CANDIDATE);
  assert.equal(
    usableCandidate(CANDIDATE.replace('192.0.2.9', 'fd00::2').replace('udp', 'UDP')),
    CANDIDATE.replace('192.0.2.9', 'fd00::2'),
  );
});

test('candidates that cannot be used are skipped: names, TCP, impossible ports, rubbish', () => {
  for (const [from, to] of [
    ['192.0.2.9', '1f4712db-ea17-4bcf-a596-105139dfd8bf.local'],
    ['192.0.2.9', 'example.com'],
    ['udp', 'tcp'],
    ['46154', '0'],
    ['46154', '70000'],
    ['46154', '-1'],
    ['typ host', 'typ ghost'],
    ['typ host', ''],
    [' 1 udp', ' 2 udp'],
    [CANDIDATE, ''],
  ] as const) {
    assert.equal(usableCandidate(CANDIDATE.replace(from, to)), undefined, to);
  }
});

test('what buildFragment writes, parseFragment reads', () => {
  const credentials = { ufrag: 'wxyz', pwd: 'abcdefghijklmnopqrstuv' };
  const text = buildFragment(['a', 'b'], 'm=audio 9 UDP/TLS/RTP/SAVPF 111', credentials, [
    CANDIDATE,
    CANDIDATE.slice(10),
  ]);
  assert.deepEqual(parseFragment(text), { credentials, mid: 'a', candidates: [CANDIDATE, CANDIDATE] });
  assert.match(text, /^a=ice-options:trickle\r\na=group:BUNDLE a b\r\nm=audio /);
});

test('If-Match is compared strongly, and a star may be quoted', () => {
  const etag = '"abc"';
  const results = [undefined, '*', '"*"', ' * ', '"abc"', '"x", "abc"', 'W/"abc"', 'abc', '', '"abcd"'].map((header) =>
    checkIfMatch(header, etag),
  );
  const mismatch = 'mismatch';
  assert.deepEqual(results, ['missing', 'any', 'any', 'any', 'match', 'match', mismatch, mismatch, mismatch, mismatch]);
});

test('no text at all makes the parsers fail with anything but a bad request', () => {
  const pieces = [UFRAG, PWD, `a=${CANDIDATE}`, 'a=mid:0', 'm=audio 9 X 0', 'a=end-of-candidates', 'a=', '=', '\0'];
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string())).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, fc.string(), (body, line) => {
      usableCandidate(line);
      usableCandidate(`${CANDIDATE}${line}`);
      checkIfMatch(line, '"abc"');
      try {
        for (const candidate of parseFragment(body).candidates) usableCandidate(candidate);
      } catch (error) {
        assert.ok(error instanceof Problem && error.status === 400, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
