import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkIfMatch, parseFragment, usableCandidate } from '../../demo/server/fragment.js';
import { Problem } from '../../demo/server/problem.js';
import {
  choosePublisherCodecs,
  chooseViewerCodecs,
  narrowOffer,
  OFFER_LIMITS,
  parseOffer,
} from '../../demo/server/sdp.js';
import { audioSection, offer, videoSection } from './support/offers.js';
import { startServer } from './support/server.js';

const RUNS = 5;
/** A quadratic parser takes 16 times as long for four times the input. */
const MOST_FOR_FOURFOLD = 9;

function refusalOf(work: () => unknown): { status: number; detail: string } | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return { status: error.status, detail: error.message };
  }
}

/** Milliseconds of processor time that some work takes, the median of several runs. */
function cost(work: () => unknown): number {
  const runs = Array.from({ length: RUNS }, () => {
    const start = process.cpuUsage();
    refusalOf(work);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return runs.sort((a, b) => a - b)[RUNS >> 1] ?? 0;
}

const numbered = <T>(count: number, line: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => line(i));

/** The offer of the report: 60 kB with 15,500 payload types and 9,500 `a=` lines at size 1. */
function hostileOffer(size: number): string {
  const [mLine = '', ...rest] = audioSection();
  const formats = numbered(15_500 * size, () => '1').join(' ');
  const section = [`${mLine} ${formats}`, ...numbered(9500 * size, () => 'a='), ...rest];
  return offer({ sections: [section] }).replaceAll('\r\n', '\n');
}

/** Everything the server does with the text of an offer. */
function takeOffer(sdp: string): string {
  const parsed = parseOffer(sdp, 'publish');
  const codecs = choosePublisherCodecs(parsed);
  chooseViewerCodecs(parsed, codecs);
  return narrowOffer(parsed, codecs, 'publish');
}

/** A valid offer whose length is in one place that no count limits. */
const longOffers: Record<string, (size: number) => string> = {
  'lines that are no attributes': (size) => offer({ audio: numbered(8000 * size, (i) => `b=AS:${i}`) }),
  'one long attribute': (size) => offer({ audio: [`a=x:${'y '.repeat(30_000 * size)}`] }),
  'one long fmtp': (size) => offer({ audio: [`a=fmtp:0 ${'a=b;'.repeat(15_000 * size)}`] }),
  'spaces in a line': (size) => offer({ audio: [`a=rtpmap:0 ${' '.repeat(60_000 * size)}x`] }),
  'one long group': (size) => offer({ session: [`a=group:BUNDLE ${'9 '.repeat(30_000 * size)}`] }),
};

const fragments: Record<string, (size: number) => string> = {
  candidates: (size) => numbered(6000 * size, (i) => `a=candidate:${i}`).join('\n'),
  'attributes of many names': (size) => `${numbered(6000 * size, (i) => `a=${'x'.repeat(i % 9)}`).join('\n')}\na=mid:0`,
  'media sections': (size) => 'm=audio 9 X 0\n'.repeat(4000 * size),
  'one long line': (size) => `a=mid:${' '.repeat(60_000 * size)}x`,
  'line ends': (size) => '\r\n'.repeat(30_000 * size),
};

test('E5: the work for a hostile offer grows no faster than the offer', () => {
  const size = Buffer.byteLength(hostileOffer(1));
  assert.ok(size > 55_000 && size < 64 * 1024, String(size));
  assert.deepEqual(refusalOf(() => takeOffer(hostileOffer(1)))?.status, 400);
  for (const [name, make] of Object.entries({ 'payload types and a= lines': hostileOffer, ...longOffers })) {
    const [small, large] = [make(8), make(32)];
    const [few, many] = [cost(() => takeOffer(small)), cost(() => takeOffer(large))];
    assert.ok(many <= MOST_FOR_FOURFOLD * Math.max(few, 5), `${name}: ${few} ms, for four times of it ${many} ms`);
  }
});

test('E5: the work for a hostile fragment, candidate or precondition grows no faster than it', () => {
  const works: [string, (text: string) => unknown, (size: number) => string][] = [
    ...Object.entries(fragments).map(([name, make]): [string, (text: string) => unknown, (size: number) => string] => [
      name,
      parseFragment,
      make,
    ]),
    ['candidate', usableCandidate, (size) => `candidate:${'1 '.repeat(30_000 * size)}`],
    ['If-Match', (text) => checkIfMatch(text, '"abc"'), (size) => '"x", '.repeat(12_000 * size)],
  ];
  for (const [name, work, make] of works) {
    const [small, large] = [make(8), make(32)];
    const [few, many] = [cost(() => work(small)), cost(() => work(large))];
    assert.ok(many <= MOST_FOR_FOURFOLD * Math.max(few, 5), `${name}: ${few} ms, for four times of it ${many} ms`);
  }
});

test('E5: an offer may have as many of each as the limit says, and not one more', () => {
  const ofAttributes = (count: number) => {
    const own = offer().match(/^a=/gm)?.length ?? 0;
    return offer({ video: numbered(count - own, (i) => `a=x-${i}`) });
  };
  const ofCandidates = (count: number) =>
    offer({ audio: numbered(count, (i) => `a=candidate:${i} 1 udp 1 10.0.0.1 9 typ host`) });
  const ofPayloadTypes = (count: number) => {
    const [mLine = '', ...rest] = audioSection();
    const own = mLine.split(' ').length - 3;
    return offer({ sections: [[`${mLine}${' 5'.repeat(count - own)}`, ...rest], videoSection()] });
  };
  const cases: [(count: number) => string, number, RegExp][] = [
    [ofAttributes, OFFER_LIMITS.attributes, /more than 1000 a= lines/],
    [ofCandidates, OFFER_LIMITS.candidates, /more than 128 candidates/],
    [ofPayloadTypes, OFFER_LIMITS.payloadTypes, /more than 128 payload types/],
  ];
  for (const [make, limit, reason] of cases) {
    assert.equal(
      refusalOf(() => takeOffer(make(limit))),
      undefined,
    );
    const refusal = refusalOf(() => takeOffer(make(limit + 1)));
    assert.equal(refusal?.status, 400);
    assert.match(refusal?.detail ?? '', reason);
  }
});

test('E5: a thousand sections are refused like three', () => {
  const many = offer({ sections: numbered(1000, () => audioSection()) });
  assert.equal(refusalOf(() => takeOffer(many))?.status, 422);
});

test('E5: the server answers such bodies with problems', async (context) => {
  const server = await startServer();
  context.after(() => server.close());
  const answerTo = async (body: string) => {
    const headers = { 'Content-Type': 'application/sdp' };
    const response = await fetch(`${server.origin}/whip/hostile`, { method: 'POST', headers, body });
    return [response.status, response.headers.get('Content-Type')];
  };
  assert.deepEqual(await answerTo(hostileOffer(1)), [400, 'application/problem+json']);
  assert.deepEqual(await answerTo(hostileOffer(2)), [413, 'application/problem+json']);
  assert.deepEqual(server.ingest.sessions, []);
});
