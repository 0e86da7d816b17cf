import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Problem } from '../../demo/server/problem.js';
import {
  choosePublisherCodecs,
  chooseViewerCodecs,
  codecKey,
  narrowOffer,
  offerCandidates,
  parseOffer,
  type OfferRole,
} from '../../demo/server/sdp.js';
import { audioSection, offer, videoSection, type OfferParts } from './support/offers.js';

function refusal(sdp: string, role: OfferRole = 'publish'): { status: number; detail: string } {
  try {
    choosePublisherCodecs(parseOffer(sdp, role));
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return { status: error.status, detail: error.message };
  }
  throw new assert.AssertionError({ message: 'the offer was taken' });
}

const without = (lines: string[], start: string) => lines.filter((line) => !line.startsWith(start));

test('an offer of a browser is taken, with the first codec of each kind that can be passed on', () => {
  const parsed = parseOffer(offer(), 'publish');
  const { audio, video } = choosePublisherCodecs(parsed);
  assert.deepEqual([audio?.name, audio?.payloadType, audio?.channels], ['opus', 111, 2]);
  assert.deepEqual([video?.name, video?.payloadType], ['VP8', 96]);
  assert.deepEqual([parsed.ufrag, parsed.setup], ['abcd', 'actpass']);
});

test('offers of audio alone, of video alone and with bare line feeds are taken', () => {
  for (const sections of [[audioSection()], [videoSection()]]) {
    assert.equal(parseOffer(offer({ sections }), 'publish').sections.length, 1);
  }
  assert.equal(parseOffer(offer().replaceAll('\r\n', '\n'), 'publish').sections.length, 2);
});

test('credentials and fingerprint may stand on the session level, as Firefox writes them', () => {
  const session = ['a=ice-ufrag:ffff0000', 'a=ice-pwd:ffffffffffffffffffffffffffffffff', 'a=fingerprint:sha-256 AB:CD'];
  const strip = (lines: string[]) => ['a=ice', 'a=fingerprint'].reduce(without, lines);
  const sdp = offer({ session, sections: [strip(audioSection()), strip(videoSection())] });
  assert.equal(parseOffer(sdp, 'publish').ufrag, 'ffff0000');
});

test('what is no SDP, or lacks what a connection needs, is a bad request', () => {
  const incomplete: OfferParts[] = [
    { sections: [without(audioSection(), 'a=ice-ufrag')] },
    { sections: [without(audioSection(), 'a=ice-pwd')] },
    { sections: [without(audioSection(), 'a=fingerprint')] },
    { sections: [without(audioSection(), 'a=mid')] },
    { sections: [['m=audio nine UDP/TLS/RTP/SAVPF 111']] },
    { sections: [] },
    { sections: [audioSection(), videoSection().map((line) => line.replace('a=mid:1', 'a=mid:0'))] },
  ];
  for (const sdp of ['', 'hello', '{}', 'v=1\r\n', ...incomplete.map((parts) => offer(parts))]) {
    assert.equal(refusal(sdp).status, 400, sdp.slice(0, 60));
  }
});

test('a layout that cannot be served as a whole is refused with 422 and the reason', () => {
  const cases: [string, RegExp][] = [
    [offer({ sections: [audioSection(), audioSection().map((l) => l.replace('mid:0', 'mid:1'))] }), /two audio/],
    [offer({ sections: [audioSection(), videoSection(), videoSection()] }), /no more/],
    [offer({ sections: [['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:0']] }), /application/],
    [offer({ direction: 'recvonly' }), /recvonly/],
    [offer({ direction: 'inactive' }), /inactive/],
    [offer().replace('a=group:BUNDLE 0 1\r\n', ''), /BUNDLE/],
    [offer().replace('a=msid:stream track-v', 'a=msid:other track-v'), /one MediaStream/],
    [offer({ sections: [without(audioSection(), 'a=rtcp-mux')] }), /rtcp-mux/],
    [offer({ sections: [audioSection().map((l) => l.replace('opus', 'speex'))] }), /no audio codec/],
    [offer().replace('m=video 9', 'm=video 0'), /port 0/],
  ];
  for (const [sdp, reason] of cases) {
    const { status, detail } = refusal(sdp);
    assert.equal(status, 422, detail);
    assert.match(detail, reason);
  }
});

test('a player may not offer to send only', () => {
  assert.equal(parseOffer(offer({ direction: 'recvonly' }), 'play').sections.length, 2);
  assert.equal(refusal(offer({ direction: 'sendonly' }), 'play').status, 422);
});

test('a viewer gets the publisher’s codec in the same variant, under its own payload type', () => {
  const source = { video: { payloadType: 120, name: 'H264', clockRate: 90_000, parameters: '' } };
  const parameters = 'packetization-mode=1;profile-level-id=64002a;level-asymmetry-allowed=1';
  const viewer = parseOffer(offer({ direction: 'recvonly' }), 'play');
  assert.equal(chooseViewerCodecs(viewer, { video: { ...source.video, parameters } }).video?.payloadType, 104);
  assert.equal(chooseViewerCodecs(viewer, source).video?.payloadType, 102);
  const av1 = { video: { ...source.video, name: 'AV1' } };
  assert.throws(
    () => chooseViewerCodecs(viewer, av1),
    (error: Problem) => error.status === 422 && /AV1/.test(error.message),
  );
});

test('variants of a codec count as the same only when one decoder plays both', () => {
  const key = (name: string, parameters: string) => codecKey({ payloadType: 1, name, clockRate: 90_000, parameters });
  assert.equal(
    key('H264', 'profile-level-id=42e01f;packetization-mode=1'),
    key('h264', 'packetization-mode=1; profile-level-id=42e034'),
  );
  assert.notEqual(key('H264', 'profile-level-id=42e01f'), key('H264', 'profile-level-id=64001f'));
  assert.notEqual(key('VP9', 'profile-id=0'), key('VP9', 'profile-id=2'));
  assert.equal(key('VP9', ''), key('VP9', 'profile-id=0'));
  assert.equal(key('opus', 'stereo=1'), key('OPUS', ''));
});

test('a narrowed offer holds the chosen codec with its RTX and nothing else', () => {
  const extra = [
    'a=rid:h send',
    'a=simulcast:send h',
    'a=candidate:1 1 udp 1 10.0.0.1 9 typ host',
    'a=end-of-candidates',
  ];
  const parsed = parseOffer(offer({ video: extra }), 'publish');
  const narrow = narrowOffer(parsed, choosePublisherCodecs(parsed), 'publish');
  assert.match(narrow, /^m=audio 9 UDP\/TLS\/RTP\/SAVPF 111\r$/m);
  assert.match(narrow, /^m=video 9 UDP\/TLS\/RTP\/SAVPF 96 97\r$/m);
  assert.doesNotMatch(narrow, /H264|VP9|red|PCMU|simulcast|rid:|candidate|goog-remb/);
  assert.match(narrow, /transport-cc/);
  assert.match(narrow, /a=extmap-allow-mixed/);
  assert.doesNotMatch(narrowOffer(parsed, choosePublisherCodecs(parsed), 'play'), /a=rtcp-fb:\d+ transport-cc/);
});

test('a section that hides behind a space or a bare carriage return is counted like any other', () => {
  const third = ['m=video 9 UDP/TLS/RTP/SAVPF 96', 'a=mid:2'];
  for (const end of ['\r\n ', '\r\n\t', '\r', '\n\r']) {
    const { status, detail } = refusal(offer({ video: [`a=x${end}${third.join(end)}`] }));
    assert.equal(status, 422, detail);
    assert.match(detail, /no more/);
  }
});

test('payload types are read as they are written, and parameters without their spaces', () => {
  const padded = offer().replace('a=rtpmap:96 VP8', 'a=rtpmap:096 VP8');
  const { video } = choosePublisherCodecs(parseOffer(padded, 'publish'));
  assert.equal(video?.payloadType, 102);
  const spaced = parseOffer(offer().replace('apt=96', 'apt = 96'), 'publish');
  assert.match(
    narrowOffer(spaced, choosePublisherCodecs(spaced), 'publish'),
    /^m=video 9 UDP\/TLS\/RTP\/SAVPF 96 97\r$/m,
  );
  const key = (parameters: string) => codecKey({ payloadType: 1, name: 'H264', clockRate: 90_000, parameters });
  assert.equal(
    key('profile-level-id = 42E01F; packetization-mode = 1'),
    key('profile-level-id=42e01f;packetization-mode=1'),
  );
});

test('candidates are read from the first section of a bundle alone', () => {
  const first = 'a=candidate:1 1 udp 1 10.0.0.1 9 typ host';
  const second = 'a=candidate:2 1 udp 1 10.0.0.1 10 typ host';
  assert.deepEqual(offerCandidates(parseOffer(offer({ audio: [first], video: [second] }), 'publish')), [
    first.slice(2),
  ]);
});

test('no text at all makes the parser fail with anything but a problem', () => {
  const lines = offer().split('\r\n');
  const mutated = fc
    .array(fc.tuple(fc.nat(lines.length - 1), fc.oneof(fc.string(), fc.constantFrom('', ...lines))), { maxLength: 8 })
    .map((edits) => {
      const copy = [...lines];
      for (const [index, line] of edits) copy[index] = line;
      return copy.join('\r\n');
    });
  fc.assert(
    fc.property(fc.oneof(fc.string(), mutated), fc.constantFrom<OfferRole>('publish', 'play'), (sdp, role) => {
      try {
        const parsed = parseOffer(sdp, role);
        const narrow = narrowOffer(parsed, choosePublisherCodecs(parsed), role);
        assert.equal(narrow.match(/(?:^|[\r\n])\s*m=/g)?.length, parsed.sections.length);
      } catch (error) {
        assert.ok(error instanceof Problem && (error.status === 400 || error.status === 422), String(error));
      }
    }),
    { numRuns: 2000 },
  );
});
