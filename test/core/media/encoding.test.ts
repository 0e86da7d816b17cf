import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { RtcUserError } from '../../../src/core/api/errors.js';
import {
  codecOf,
  maxBitrateOf,
  orderCodecs,
  rtmpWarnings,
  withRtcpMuxOnly,
  withStartBitrate,
  withWishes,
} from '../../../src/core/media/encoding.js';
import { readEncoding, VIDEO_CODECS } from '../../../src/core/api/encoding-config.js';
import { answerTo, offerOf } from '../support/sdp.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };

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

describe('what is written into the answer', () => {
  const answer = answerTo(offerOf(['audio', 'video'], 'abcd'));
  const none = { videoSendInitialBitrate: 0, videoSendBitrate: 0, audioSendBitrate: 0 };
  const h264 = { videoCodec: 'h264' } as const;
  const withStart = (text: string, kbps: number) => withWishes(text, h264, { ...none, videoSendInitialBitrate: kbps });

  it('is the first bitrate as a parameter of the first video codec, whether or not it has others', () => {
    const added = withStart(answer, 1500);
    assert.match(added, /^a=rtpmap:102 H264\/90000\r\na=fmtp:102 x-google-start-bitrate=1500\r$/m);
    assert.equal(added.replace('a=fmtp:102 x-google-start-bitrate=1500\r\n', ''), answer);
    const withParameters = added.replace('x-google-start-bitrate=1500', 'packetization-mode=1');
    assert.match(withStart(withParameters, 800.4), /^a=fmtp:102 packetization-mode=1;x-google-start-bitrate=800\r$/m);
  });

  it('is the bitrate to go on with, never the value that was written last', () => {
    const first = withStartBitrate(answer, 1500);
    assert.match(first, /^a=fmtp:102 x-google-start-bitrate=1500\r$/m);
    const second = withStartBitrate(first, 1500);
    assert.equal(second, first.replace('=1500', '=1501'));
    assert.equal(withStartBitrate(second, 1500), first);
    assert.match(withStartBitrate(withStartBitrate(answer, 15000), 1500), /x-google-start-bitrate=1500\r$/m);
  });

  it('is the lowest bitrate beside it', () => {
    const added = withWishes(answer, { ...h264, videoMinBitrate: 300 }, { ...none, videoSendInitialBitrate: 900 });
    assert.match(added, /^a=fmtp:102 x-google-start-bitrate=900;x-google-min-bitrate=300\r$/m);
  });

  it('is stereo with the bitrate for sound, in place of what the server says of them', () => {
    const opus = 'a=rtpmap:111 opus/48000/2\r\n';
    const asked = answer.replace(opus, `${opus}a=fmtp:111 minptime=10; stereo=0;useinbandfec=1\r\n`);
    const stereo = { ...h264, stereo: true };
    const line = /^a=fmtp:111 minptime=10;useinbandfec=1;stereo=1;maxaveragebitrate=(\d+)\r$/m;
    assert.equal(line.exec(withWishes(asked, stereo, none))?.[1], '128000');
    assert.equal(line.exec(withWishes(asked, stereo, { ...none, audioSendBitrate: 256 }))?.[1], '256000');
    const g722 = asked.replaceAll('opus', 'G722');
    assert.equal(withWishes(g722, stereo, none), g722);
  });

  it('is nothing where nothing is wished for, or there is no place for it', () => {
    const audio = answerTo(offerOf(['audio'], 'abcd'));
    assert.equal(withStart(audio, 1500), audio);
    assert.equal(withStart(answer, 0), answer);
    const all = { ...h264, videoMinBitrate: 100, stereo: true };
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: -1, max: 34000 }), (text, kbps) => {
        assert.equal(withWishes(text, all, { ...none, videoSendInitialBitrate: kbps }), text);
      }),
      RUNS,
    );
  });
});

describe('the codec that is sent', () => {
  const answer = answerTo(offerOf(['audio', 'video'], 'abcd'));

  it('is the first of the answer', () => {
    assert.deepEqual([codecOf(answer, 'audio'), codecOf(answer, 'video')], ['opus', 'H264']);
    assert.equal(codecOf(answerTo(offerOf(['audio'], 'abcd')), 'video'), undefined);
  });

  it('is warned of where it cannot go on to RTMP', () => {
    assert.deepEqual(rtmpWarnings(answer), []);
    const other = rtmpWarnings(answer.replace('H264', 'VP8').replace('opus', 'G722'));
    assert.equal(other.length, 2);
    assert.match(other[0] ?? '', /video is sent as VP8.* H264/);
    assert.match(other[1] ?? '', /audio is sent as G722.* opus/);
  });
});

describe('the encoding that a page asks for', () => {
  it('is H.264 unless it says otherwise, and keeps what it says', () => {
    assert.deepEqual(readEncoding(), { videoCodec: 'h264' });
    const asked = {
      videoCodec: 'vp9',
      videoMinBitrate: 0,
      maxFramerate: 25,
      contentHint: 'text',
      stereo: true,
    } as const;
    assert.deepEqual(readEncoding(asked), asked);
  });

  it('is an error that names the key where a value is wrong', () => {
    const wrong: [object, number, RegExp][] = [
      [{ videoCodec: 'mpeg2' }, 1003, /videoCodec .* h264, vp8/],
      [{ contentHint: 'music' }, 1003, /contentHint/],
      [{ degradationPreference: 'none' }, 1003, /degradationPreference/],
      [{ videoMinBitrate: '300' }, 1001, /videoMinBitrate/],
      [{ videoMinBitrate: 40_000 }, 1002, /videoMinBitrate .* 34000/],
      [{ maxFramerate: Number.NaN }, 1002, /maxFramerate/],
      [{ maxFramerate: -1 }, 1002, /maxFramerate/],
      [{ stereo: 1 }, 1001, /stereo/],
    ];
    for (const [config, code, message] of wrong) {
      assert.throws(
        () => readEncoding(config),
        (error: RtcUserError) => error.code === code && message.test(error.message),
      );
    }
    assert.throws(() => readEncoding('h264' as never), { code: 1001 });
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
