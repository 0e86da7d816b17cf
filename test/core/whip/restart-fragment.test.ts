import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { asDescription, fragmentSourceOf, parseFragment, withIce } from '../../../src/core/whip/sdp-fragment.js';
import { answerTo, offerOf } from '../support/sdp.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(500, 5_000) };

/** Also `_`, which is none by RFC 8839 but comes. */
const iceChars = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ0189+/_'), minLength, maxLength });

const candidate = fc
  .tuple(fc.nat(99), fc.ipV4(), fc.nat(65535), fc.constantFrom('host', 'srflx', 'relay'))
  .map(([foundation, ip, port, type]) => `candidate:${foundation} 1 udp 2122260223 ${ip} ${port} typ ${type}`);

const ice = fc.record({
  usernameFragment: iceChars(4, 32),
  password: iceChars(22, 40),
  candidates: fc.uniqueArray(candidate, { maxLength: 4 }),
});

/** Everything of a description but its ICE part. */
const restOf = (description: string) =>
  description
    .split(/[\r\n]+/)
    .filter((line) => line && !/^a=(ice-ufrag|ice-pwd|candidate|end-of-candidates)\b/.test(line));

describe('the answer to an ICE restart', () => {
  const given = fc.record({
    ice,
    lineEnd: fc.constantFrom('\r\n', '\n'),
    isDescription: fc.boolean(),
    level: fc.constantFrom('session', 'media', 'both'),
    hasMid: fc.boolean(),
    hasMediaLine: fc.boolean(),
    isLast: fc.boolean(),
    repeats: fc.boolean(),
    space: fc.constantFrom('', ' ', '\t'),
  });

  it('is read in no time that grows with the square of its length', () => {
    const spaces = ' '.repeat(256 * 1024);
    const text = `a=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=candidate:1${spaces}x\r\n`;
    assert.equal(parseFragment(text)?.candidates.length, 1);
  });

  it('is read in any of the forms that servers give it (T5)', () => {
    fc.assert(
      fc.property(given, (form) => {
        const { usernameFragment, password, candidates } = form.ice;
        const credentials = (ufrag: string, pwd: string) => [`a=ice-ufrag:${form.space}${ufrag}`, `a=ice-pwd:${pwd}`];
        const own = credentials(usernameFragment, password);
        const ofSession =
          form.level === 'session' ? own : form.level === 'both' ? credentials('other', 'password-of-the-session') : [];
        const candidateLines = candidates.map((text) => `a=${text}${form.space}`);
        const lines = [
          ...(form.isDescription ? ['v=0', 'o=- 1 2 IN IP4 0.0.0.0', 's=-', 't=0 0', 'c=IN IP4 0.0.0.0'] : []),
          'a=ice-options:trickle',
          ...ofSession,
          ...(form.hasMediaLine || form.level !== 'session' ? ['m=audio 9 UDP/TLS/RTP/SAVPF 111'] : []),
          ...(form.hasMid ? ['a=mid:0'] : []),
          ...(form.level === 'session' ? [] : own),
          ...candidateLines,
          ...(form.repeats ? ['m=video 9 UDP/TLS/RTP/SAVPF 96', ...own, ...candidateLines] : []),
          ...(form.isLast ? ['a=end-of-candidates'] : []),
        ];
        assert.deepEqual(parseFragment(lines.map((line) => line + form.lineEnd).join('')), { ...form.ice });
      }),
      RUNS,
    );
  });

  it('is none without credentials', () => {
    for (const text of [
      '',
      '\r\n',
      'a=ice-ufrag:abcd\r\n',
      'a=ice-pwd:0123456789012345678901\r\n',
      'a=ice-ufrag:\r\na=ice-pwd:\r\n',
      'a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n',
      ' a=ice-ufrag:abcd\r\n a=ice-pwd:0123456789012345678901\r\n',
      '{"error":"no"}',
      '<html>',
    ]) {
      assert.equal(parseFragment(text), null, JSON.stringify(text));
    }
  });

  it('may have its last line unended, and lines without a meaning', () => {
    const text = 'nonsense\n\n=\na=ice-ufrag:abcd\nx\na=ice-pwd:secret';
    assert.deepEqual(parseFragment(text), { usernameFragment: 'abcd', password: 'secret', candidates: [] });
  });

  it('throws at nothing, and no line of it gets into a description twice as another', () => {
    const bits = fc.constantFrom(
      'a=ice-ufrag:abcd',
      'a=ice-pwd:x',
      'a=candidate:1 1 udp',
      'a=candidate:',
      'm=audio 9 X 0',
      'a=fingerprint:sha-256 EV:IL',
      '$&',
      '$1',
      '\r',
      '\n',
      '\r\n',
      '\u2028',
      '\0',
      ':',
    );
    const description = answerTo(offerOf(['audio', 'video'], 'ours'));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: bits, maxLength: 14 })), (text) => {
        const read = parseFragment(text);
        if (!read) return;
        for (const value of [read.usernameFragment, read.password, ...read.candidates])
          assert.doesNotMatch(value, /[\r\n]/);
        assert.deepEqual(restOf(withIce(description, read)), restOf(description));
      }),
      RUNS,
    );
  });
});

describe('a description with new ICE', () => {
  const kinds = fc.constantFrom(['audio', 'video'] as const, ['audio'] as const, ['video'] as const);
  const lineEnd = fc.constantFrom('\r\n', '\n');

  it('differs in its ICE alone', () => {
    fc.assert(
      fc.property(kinds, ice, lineEnd, (all, renewed, end) => {
        const description = answerTo(offerOf(all, 'ours'));
        const changed = withIce(description.replaceAll('\r\n', end), renewed);
        assert.deepEqual(restOf(changed), restOf(description));
        assert.ok(changed.endsWith('\r\n') && !/(^|[^\r])\n/.test(changed), 'in lines that parsers of browsers want');
        const count = (line: string) => changed.split('\r\n').filter((one) => one === line).length;
        assert.equal(count(`a=ice-ufrag:${renewed.usernameFragment}`), all.length);
        assert.equal(count(`a=ice-pwd:${renewed.password}`), all.length);
      }),
      RUNS,
    );
  });

  it('reads as what it was given, however often it is renewed', () => {
    fc.assert(
      fc.property(kinds, fc.array(ice, { minLength: 1, maxLength: 4 }), (all, renewals) => {
        let description = answerTo(offerOf(all, 'ours'));
        let candidates: string[] = [];
        for (const renewed of renewals) {
          description = withIce(description, renewed);
          if (renewed.candidates.length > 0) candidates = renewed.candidates;
          assert.deepEqual(parseFragment(description), { ...renewed, candidates });
        }
      }),
      RUNS,
    );
  });

  it('has the new candidates in its first section, and none of the old ones', () => {
    const old = answerTo(offerOf(['audio', 'video'], 'ours')).replace(
      /(?=^m=video)/m,
      'a=candidate:9 1 udp 1 198.51.100.9 9 typ host\r\na=end-of-candidates\r\n',
    );
    const renewed = withIce(`${old}a=candidate:8 1 udp 1 198.51.100.8 8 typ host\r\n`, {
      usernameFragment: 'new',
      password: 'password-of-new-0123456789',
      candidates: ['candidate:1 1 udp 1 192.0.2.1 1 typ host', 'candidate:2 1 udp 1 192.0.2.2 2 typ host'],
    });
    const [, audio = '', video = ''] = renewed.split(/^(?=m=)/m);
    assert.deepEqual(audio.match(/^a=candidate:\d/gm), ['a=candidate:1', 'a=candidate:2']);
    assert.doesNotMatch(video, /a=candidate/);
    assert.doesNotMatch(renewed, /198\.51\.100|end-of-candidates/);
  });

  it('keeps the old candidates where the server gives none: an ice-lite one stays where it is', () => {
    const old = `${answerTo(offerOf(['audio'], 'ours'))}a=candidate:9 1 udp 1 198.51.100.9 9 typ host\r\na=end-of-candidates\r\n`;
    const renewed = withIce(old, { usernameFragment: 'new', password: 'password-of-new-0123456789', candidates: [] });
    assert.match(renewed, /a=candidate:9 1 udp 1 198\.51\.100\.9 9 typ host\r\na=end-of-candidates\r\n$/);
  });

  it('takes credentials for what they are, whatever signs they have', () => {
    const renewed = withIce(answerTo(offerOf(['audio'], 'ours')), {
      usernameFragment: '$&$1',
      password: "$`$'$$-0123456789012345",
      candidates: [],
    });
    assert.match(renewed, /^a=ice-ufrag:\$&\$1\r$/m);
    assert.ok(renewed.includes("a=ice-pwd:$`$'$$-0123456789012345\r\n"));
  });
});

describe('a fragment as a description', () => {
  it('is the fragment after the lines that every description has', () => {
    const fragment = 'a=ice-options:trickle\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n';
    const description = asDescription(fragment);
    assert.match(description, /^v=0\r\no=.*\r\ns=.*\r\nt=0 0\r\n/);
    assert.ok(description.endsWith(fragment));
    assert.equal(fragmentSourceOf(`${description}a=ice-ufrag:abcd\r\na=ice-pwd:secret\r\n`)?.mid, '0');
  });
});
