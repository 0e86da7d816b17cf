import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { belongsTo, buildFragment, fragmentSourceOf } from '../../../src/core/whip/sdp-fragment.js';
import { readFragment } from '../support/sdp.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };

const iceChars = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'abcXYZ0189+/'), minLength, maxLength });
const mids = fc.uniqueArray(fc.string({ unit: fc.constantFrom(...'abc019_-'), minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

/** An offer with everything in the places where browsers put it: on the session or in every m-section. */
const offer = fc
  .record({
    mids,
    ufrag: iceChars(4, 32),
    pwd: iceChars(22, 40),
    areCredentialsOfSession: fc.boolean(),
    iceOptions: fc.constantFrom(null, 'trickle', 'trickle ice2'),
    areOptionsOfSession: fc.boolean(),
    hasBundle: fc.boolean(),
    media: fc.constantFrom('audio 9 UDP/TLS/RTP/SAVPF 111 0', 'video 55555 UDP/TLS/RTP/SAVPF 96'),
    lineEnd: fc.constantFrom('\r\n', '\n'),
  })
  .map((given) => {
    const { ufrag, pwd, iceOptions, lineEnd } = given;
    const credentials = [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${pwd}`];
    const options = iceOptions === null ? [] : [`a=ice-options:${iceOptions}`];
    const lines = [
      'v=0',
      'o=- 1 2 IN IP4 127.0.0.1',
      's=-',
      't=0 0',
      ...(given.hasBundle ? [`a=group:BUNDLE ${given.mids.join(' ')}`] : []),
      ...(given.areOptionsOfSession ? options : []),
      ...(given.areCredentialsOfSession ? credentials : []),
      ...given.mids.flatMap((mid, index) => [
        index === 0 ? `m=${given.media}` : 'm=video 9 UDP/TLS/RTP/SAVPF 96',
        'c=IN IP4 0.0.0.0',
        ...(given.areCredentialsOfSession ? [] : credentials),
        ...(given.areOptionsOfSession ? [] : options),
        `a=mid:${mid}`,
        'a=sendonly',
      ]),
    ];
    return { ...given, sdp: lines.map((line) => line + lineEnd).join('') };
  });

const candidateText = fc
  .tuple(fc.nat(), fc.ipV4(), fc.nat(65535), fc.constantFrom('host', 'srflx', 'relay'))
  .map(([foundation, ip, port, type]) => `candidate:${foundation} 1 udp 2122260223 ${ip} ${port} typ ${type}`);

describe('a trickle fragment', () => {
  it('says what the offer says, with the candidates of its m-line and its ICE generation alone', () => {
    const kind = fc.constantFrom(
      'own',
      'own by index',
      'own without generation',
      'other mid',
      'other index',
      'other ufrag',
      'end',
    );
    fc.assert(
      fc.property(offer, fc.array(fc.tuple(kind, candidateText)), fc.boolean(), (given, candidates, isLast) => {
        const source = fragmentSourceOf(given.sdp);
        assert.ok(source);
        const [mid = ''] = given.mids;
        const all = candidates.map(([what, text]) => ({
          candidate: what === 'end' ? '' : text,
          sdpMid: what.endsWith('index') ? null : what === 'other mid' ? `${mid}x` : mid,
          sdpMLineIndex: what === 'other index' ? 1 : 0,
          usernameFragment: what === 'other ufrag' ? 'x' : what === 'own without generation' ? null : given.ufrag,
        }));
        const own = all.filter((candidate) => belongsTo(source, candidate));
        assert.deepEqual(readFragment(buildFragment(source, own, isLast)), {
          sessionLines: [
            ...(given.iceOptions === null ? [] : [`a=ice-options:${given.iceOptions}`]),
            ...(given.hasBundle ? [`a=group:BUNDLE ${given.mids.join(' ')}`] : []),
          ],
          mediaLines: [`m=${given.media}`],
          mid,
          ufrag: given.ufrag,
          pwd: given.pwd,
          candidates: candidates.filter(([what]) => what.startsWith('own')).map(([, text]) => text),
          isLast,
          unknown: [],
        });
      }),
      RUNS,
    );
  });

  it('has no line that a candidate brings in', () => {
    const bits = fc.constantFrom(
      'candidate:1 1 udp',
      '\r',
      '\n',
      '\r\n',
      'a=end-of-candidates',
      'm=video 9',
      ' ',
      'x',
      '\u2028',
    );
    fc.assert(
      fc.property(offer, fc.array(fc.string({ unit: bits, maxLength: 6 }), { maxLength: 4 }), (given, texts) => {
        const source = fragmentSourceOf(given.sdp);
        assert.ok(source);
        const own = texts
          .map((candidate) => ({ candidate, sdpMid: null, sdpMLineIndex: 0, usernameFragment: null }))
          .filter((candidate) => belongsTo(source, candidate));
        const { mediaLines, isLast, unknown, candidates } = readFragment(buildFragment(source, own, false));
        assert.deepEqual([mediaLines.length, isLast, unknown, candidates.length], [1, false, [], own.length]);
        for (const { candidate } of own) assert.doesNotMatch(candidate, /[\r\n]/);
      }),
      RUNS,
    );
  });

  it('is not made of what is no offer of a BUNDLE group with ICE credentials; nothing is thrown', () => {
    const bits = fc.constantFrom(
      'm=audio 9 X 0',
      'a=mid:0',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:x',
      '\n',
      '\r\n',
      'v=0',
      ' ',
      ':',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: bits, maxLength: 12 })), (text) => {
        const source = fragmentSourceOf(text);
        if (!source) return;
        const { unknown, mediaLines } = readFragment(buildFragment(source, [], true));
        assert.deepEqual([unknown, mediaLines.length], [[], 1]);
      }),
      RUNS,
    );
    assert.equal(fragmentSourceOf(''), null);
    assert.equal(fragmentSourceOf('v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n'), null);
  });
});
