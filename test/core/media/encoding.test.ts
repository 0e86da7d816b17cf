import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  maxBitrateOf,
  orderCodecs,
  VIDEO_CODECS,
  withRtcpMuxOnly,
  withStartBitrate,
} from '../../../src/core/media/encoding.js';
import { answerTo, offerOf } from '../support/sdp.js';

const RUNS = { numRuns: 10_000 };

const codec = fc.record(
  {
    mimeType: fc.constantFrom(
      'video/VP8',
      'video/VP9',
      'video/H264',
      'video/h264',
      'video/AV1',
      'video/rtx',
      'video/red',
    ),
    clockRate: fc.constant(90000),
    sdpFmtpLine: fc.constantFrom(
      'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
      'packetization-mode=0;profile-level-id=42e01f',
      'packetization-mode=1;profile-level-id=640c1f',
      'profile-id=0',
    ),
  },
  { requiredKeys: ['mimeType', 'clockRate'] },
) as fc.Arbitrary<RTCRtpCodec>;

describe('the order of the codecs', () => {
  it('has the preferred one first and every other behind it, none lost and each group in its old order', () => {
    fc.assert(
      fc.property(fc.array(codec), fc.constantFrom(...VIDEO_CODECS), (codecs, preferred) => {
        const before = [...codecs];
        const ordered = orderCodecs(codecs, preferred);
        assert.deepEqual(codecs, before);
        const isPreferred = ({ mimeType }: RTCRtpCodec) => mimeType.toLowerCase() === `video/${preferred}`;
        const others = ordered.filter((one) => !isPreferred(one));
        assert.deepEqual(
          others,
          codecs.filter((one) => !isPreferred(one)),
        );
        assert.deepEqual(ordered.slice(ordered.length - others.length), others);
        assert.deepEqual(new Set(ordered), new Set(codecs));
        assert.equal(ordered.length, codecs.length);
      }),
      RUNS,
    );
  });

  it('has of H.264 the constrained baseline profile in whole frames first', () => {
    const h264 = (sdpFmtpLine: string) => ({ mimeType: 'video/H264', clockRate: 90000, sdpFmtpLine });
    const high = h264('packetization-mode=1;profile-level-id=640c1f');
    const slices = h264('packetization-mode=0;profile-level-id=42e01f');
    const best = h264('packetization-mode=1;profile-level-id=42e01f');
    assert.deepEqual(orderCodecs([slices, high, best], 'h264'), [best, high, slices]);
  });
});

describe('the start bitrate', () => {
  const answer = answerTo(offerOf(['audio', 'video'], 'abcd'));

  it('is a parameter of the first video codec, whether or not it has others', () => {
    const added = withStartBitrate(answer, 1500);
    assert.match(added, /^a=rtpmap:102 H264\/90000\r\na=fmtp:102 x-google-start-bitrate=1500\r$/m);
    assert.equal(added.replace('a=fmtp:102 x-google-start-bitrate=1500\r\n', ''), answer);
    const withParameters = added.replace('x-google-start-bitrate=1500', 'packetization-mode=1');
    assert.match(
      withStartBitrate(withParameters, 800.4),
      /^a=fmtp:102 packetization-mode=1;x-google-start-bitrate=800\r$/m,
    );
  });

  it('leaves an answer without video, and one without a wish, as it is', () => {
    const audio = answerTo(offerOf(['audio'], 'abcd'));
    assert.equal(withStartBitrate(audio, 1500), audio);
    assert.equal(withStartBitrate(answer, 0), answer);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: -1, max: 34000 }), (text, kbps) => {
        assert.equal(withStartBitrate(text, kbps), text);
      }),
      RUNS,
    );
  });
});

describe('the most that a track may use', () => {
  it('is in bits per second, and left to the browser where it is 0', () => {
    const bitrates = { videoSendInitialBitrate: 0, videoSendBitrate: 2000, audioSendBitrate: 64 };
    assert.equal(maxBitrateOf('video', bitrates), 2_000_000);
    assert.equal(maxBitrateOf('audio', bitrates), 64_000);
    assert.equal(maxBitrateOf('video', { ...bitrates, videoSendBitrate: 0 }), undefined);
  });
});

describe('rtcp-mux-only (C45)', () => {
  it('stands once behind every rtcp-mux and nowhere else, and the rest of the offer stays', () => {
    const kinds = fc.subarray(['audio', 'video'] as const, { minLength: 1 });
    fc.assert(
      fc.property(kinds, fc.boolean(), fc.constantFrom('\r\n', '\n'), (sections, hasMux, lineEnd) => {
        const browsers = offerOf(sections, 'abcd').replaceAll('\r\n', lineEnd);
        const offer = hasMux ? browsers : browsers.replaceAll(`a=rtcp-mux${lineEnd}`, '');
        const sent = withRtcpMuxOnly(offer);
        assert.equal(sent.split('a=rtcp-mux-only').length - 1, hasMux ? sections.length : 0);
        assert.equal(sent.replaceAll(`a=rtcp-mux-only${lineEnd}`, ''), offer);
        assert.equal(withRtcpMuxOnly(sent), sent, 'it is not added twice');
      }),
      RUNS,
    );
  });
});
