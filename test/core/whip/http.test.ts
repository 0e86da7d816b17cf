import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { detailOf, retryAfterOf } from '../../../src/core/whip/http-errors.js';
import { resolveReference } from '../../../src/core/platform/safe-url.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };
const NOW = Date.UTC(2026, 0, 1);

describe('Retry-After', () => {
  it('is read as seconds', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom('', ' '), (seconds, gap) =>
        assert.equal(retryAfterOf(`${gap}${seconds}${gap}`, NOW), seconds),
      ),
      RUNS,
    );
  });

  it('is read as an HTTP date, which is no time at all where it has passed', () => {
    const date = fc.date({ min: new Date(Date.UTC(2000, 0)), max: new Date(Date.UTC(2060, 0)), noInvalidDate: true });
    fc.assert(
      fc.property(date, (at) => {
        const whole = Math.floor(at.getTime() / 1000) * 1000;
        assert.equal(retryAfterOf(at.toUTCString(), NOW), Math.max(0, (whole - NOW) / 1000));
      }),
      RUNS,
    );
  });

  // Recipients must accept all three formats, and each is in GMT (RFC 9110 section 5.6.7).
  for (const zone of ['UTC', 'America/New_York']) {
    for (const date of [
      'Thu, 01 Jan 2026 00:01:30 GMT',
      'Thursday, 01-Jan-26 00:01:30 GMT',
      'Thu Jan  1 00:01:30 2026',
    ]) {
      it(`is 90 seconds where it says "${date}" and the page is in ${zone}`, () => {
        const before = process.env.TZ;
        process.env.TZ = zone;
        try {
          assert.equal(retryAfterOf(date, NOW), 90);
        } finally {
          if (before === undefined) delete process.env.TZ;
          else process.env.TZ = before;
        }
      });
    }
  }

  it('is null, or a time that can be waited for, whatever stands there', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.float().map(String)), (text) => {
        const seconds = retryAfterOf(text, NOW);
        assert.ok(seconds === null || seconds >= 0, `${seconds}`);
      }),
      RUNS,
    );
    for (const text of [null, '', ' ', '-1', '1.5', '1e3', 'soon', 'Infinity', 'NaN', '2026-01-01T00:00:10Z']) {
      assert.equal(retryAfterOf(text, NOW), null, `${text}`);
    }
  });
});

describe('what an error body says in words', () => {
  for (const [what, body, type, words] of [
    [
      'problem details',
      '{"title":"Busy","detail":"Already publishing.","status":409}',
      'application/problem+json',
      'Already publishing',
    ],
    ['a title alone', '{"title":"Busy"}', 'application/problem+json; charset=utf-8', 'Busy'],
    ['the error key of MediaMTX', '{"status":"error","error":"no stream"}', 'application/json', 'no stream'],
    ['a message', '{"message":"no"}', 'application/json', 'no'],
    ['a plain text', ' Stream is\n already exist. ', 'text/plain; charset=utf-8', 'Stream is already exist'],
    ['a page of HTML', '<html>nginx</html>', 'text/html', ''],
    ['JSON that is none', '{', 'application/json', ''],
    ['JSON without words', '{"detail":{"a":1},"error":7}', 'application/json', ''],
    ['null', 'null', 'application/json', ''],
    ['no type', 'words', '', ''],
  ] as const) {
    it(`of ${what} is "${words}"`, () => assert.equal(detailOf(body, type), words));
  }

  it('is one line for any body', () => {
    const type = fc.constantFrom(
      'application/problem+json',
      'application/json',
      'text/plain',
      'TEXT/PLAIN',
      'text/html',
      '',
    );
    const body = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), fc.string({ minLength: 300, maxLength: 2000 }));
    fc.assert(
      fc.property(body, type, (text, contentType) => {
        const words = detailOf(text, contentType);
        assert.doesNotMatch(words, /[\r\n]/);
      }),
      RUNS,
    );
  });
});

const resolveSafely = (reference: string, base: string) => resolveReference(reference, base, base).url;

describe('the address of a session', () => {
  const BASE = 'https://edge.example/app/whip?key=1';

  it('is read against where the answer came from (C10)', () => {
    assert.equal(resolveSafely('/sessions/1?a=b', BASE), 'https://edge.example/sessions/1?a=b');
    assert.equal(resolveSafely('sessions/1', BASE), 'https://edge.example/app/sessions/1');
    assert.equal(resolveSafely('https://other.example/1', BASE), 'https://other.example/1');
    assert.equal(resolveSafely('', BASE), BASE);
    assert.equal(resolveSafely('https://user:word@other.example/1', BASE), 'https://other.example/1');
  });

  it('is none where no token may be sent to it', () => {
    for (const reference of [
      'http://other.example/1',
      'javascript:alert(1)',
      'data:,',
      'https://',
      'ftp://a.example',
    ]) {
      assert.equal(resolveSafely(reference, BASE), null, reference);
    }
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (reference) => {
        const url = resolveSafely(reference, BASE);
        assert.ok(url === null || new URL(url).protocol === 'https:' || /^http:\/\/(localhost|127\.)/.test(url));
      }),
      RUNS,
    );
  });
});
