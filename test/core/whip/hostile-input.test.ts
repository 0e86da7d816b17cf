import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { redact } from '../../../src/core/platform/redact.js';
import { readAnswer } from '../../../src/core/whip/answer.js';
import { EventStreamReader } from '../../../src/core/whip/event-stream.js';
import { detailOf, retryAfterOf } from '../../../src/core/whip/http-errors.js';
import { claimsOf, isExpired } from '../../../src/core/whip/jwt.js';
import { hasRelation, iceServersOf, parseLinkHeader } from '../../../src/core/whip/link-header.js';
import { fragmentSourceOf, parseFragment, withIce } from '../../../src/core/whip/sdp-fragment.js';

const ICE = { usernameFragment: 'u', password: 'p', candidates: ['candidate:1'] };

/** What reads text of a server, and what such text is made of. */
const READERS: Record<string, { read: (text: string) => unknown; bits: readonly string[] }> = {
  'a Link header': {
    read: (text) => iceServersOf(parseLinkHeader(text).filter((link) => hasRelation(link, 'ice-server'))),
    bits: [
      '<',
      '<a',
      '<a>',
      '<a>;b="',
      '<a>;b="\\',
      '"',
      '\\"',
      ';',
      ' ',
      ',',
      '<a>;b',
      '<a> ',
      '<a>;rel="ice-server ',
      '=" <',
    ],
  },
  'an SDP answer': {
    read: readAnswer,
    bits: [
      'm=',
      'm=a 0 b\n',
      'a=mid:0\n',
      'a=sendrecv\r\n',
      '\r\n',
      '\n',
      ' ',
      'a=group:BUNDLE ',
      'a=rtpmap:1 x\n',
      'x',
    ],
  },
  'an SDP fragment': {
    read: (text) => [parseFragment(text), fragmentSourceOf(text), withIce(text, ICE)],
    bits: [
      'm=',
      'm=a\n',
      'a=ice-ufrag:',
      'a=ice-ufrag:a\n',
      'a=candidate:',
      'a=candidate:1\n',
      '\r',
      '\n',
      ' ',
      'a=mid:\t',
    ],
  },
  'an event stream': {
    read: (text) => new EventStreamReader().read(text),
    bits: ['data:', 'data: a\n', 'data: a\n\n', '\n', '\r', ':', 'event: x\n', 'a'],
  },
  'an event stream that comes in pieces of one character': {
    read: (text) => {
      const reader = new EventStreamReader();
      for (const character of text) reader.read(character);
    },
    bits: ['data: a\n', 'a', '\r', '\n'],
  },
  'a JWT': { read: (text) => [claimsOf(text), isExpired(text, 0)], bits: ['.', 'a', 'a.', '-_', '=', ' '] },
  'an error detail': {
    read: (text) => [redact(detailOf(text, 'text/plain')), detailOf(text, 'application/json'), retryAfterOf(text, 0)],
    bits: [' ', 'a', '.', '{"detail":', '[', ' GMT', '1', 'mon '],
  },
  'a text to redact': {
    read: (text) => redact(text, ['secret-key', 'rtmp://a.example/live/KEY']),
    bits: ['a:', 'a@', ':', 'a', 'eyJaaaaa', 'eyJaaaaa.', 'http://', '?', ' ', 'bearer ', '%3a%2f%2f', 'secret-ke'],
  },
};

/** Processor time in milliseconds, the least of some runs: nothing else can make it less. */
function costOf(work: () => unknown): number {
  let least = Infinity;
  for (let runs = 0; runs < 3; runs++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

describe('hostile input', () => {
  for (const [what, { read, bits }] of Object.entries(READERS)) {
    it(`E5: ${what} takes work that grows no faster than its length`, (test) => {
      for (const bit of bits) {
        const repeated = (length: number) => bit.repeat(length / bit.length);
        const costs = [32_768, 262_144].map((length) => costOf(() => read(repeated(length))));
        const [first = 0] = costs;
        const last = costs.at(-1) ?? 0;
        test.diagnostic(`${JSON.stringify(bit)}: ${costs.map((cost) => cost.toFixed(1)).join(', ')} ms`);
        // Eight times the length takes eight times the work, and 64 times if it is quadratic. Below 1 ms
        // the clock is too coarse.
        assert.ok(last <= 24 * Math.max(first, 1), `${JSON.stringify(bit)}: ${costs.join(', ')} ms`);
      }
    });
  }

  it('E5: what is redacted takes hardly any work: an error detail is cut before', () => {
    for (const bit of [':', 'a:', ':@', '%3a', 'a', 'eyJaaaaa']) {
      const cost = costOf(() => redact(bit.repeat(100_000)));
      assert.ok(cost < 100, `${JSON.stringify(bit)}: ${cost} ms`);
    }
  });

  it('E5: a description of 200,000 lines is read without an error', () => {
    for (const line of ['a=x\n', 'm=a 0 b\n', 'a=candidate:1\n']) {
      const text = `v=0\nm=audio 9 x 0\na=ice-ufrag:u\na=ice-pwd:p\n${line.repeat(200_000)}`;
      assert.doesNotThrow(() => [readAnswer(text), parseFragment(text), withIce(text, ICE)], line);
    }
  });
});
