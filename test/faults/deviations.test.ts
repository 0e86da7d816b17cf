import assert from 'node:assert/strict';
import { describeIn } from '../support/fault-studio.js';
import type { FaultyIngest, Quirks } from '../support/faulty-ingest.js';

interface Deviation {
  quirks: Quirks;
  patches?: number[];
  /** How many sessions are deleted. */
  deleted?: number;
  /** How many requests that takes, where this is what matters. */
  deletes?: number;
  /** Stands for its kind of deviation. */
  quick?: true;
}

/** Servers that deviate from RFC 9725 in what they answer, and are published to as if they did not. */
const TOLERATED: Record<string, Deviation> = {
  'names its session by an absolute URL': { quirks: { location: 'absolute' } },
  'names its session on another host': { quick: true, quirks: { location: 'other-host' } },
  'wants a query of its own back with the session URL': { quirks: { location: 'query' } },
  'names no session': { quirks: { location: 'none' }, patches: [], deleted: 0 },
  'lets the page read no header': { quick: true, quirks: { noExposeHeaders: true }, patches: [], deleted: 0 },
  'lets the page read the session URL alone': { quirks: { exposes: 'Location', patch: 422 }, patches: [422] },
  'lets the page read and send everything by *': { quirks: { exposes: '*', allowHeaders: '*' } },
  'answers probes with 405, candidates with an entity tag, and names its session twice': {
    quirks: { probe: 405, patchEtag: '"none"', location: 'twice' },
  },
  'has no entity tag, and therefore refuses candidates': { quirks: { etag: 'none', patch: 428 }, patches: [428, 428] },
  'has * as its entity tag': { quirks: { etag: 'star' } },
  'has an entity tag without quotes': { quirks: { etag: 'unquoted', patch: 204 } },
  'has a weak entity tag': { quick: true, quirks: { etag: 'weak' }, patches: [412, 204] },
  'wants "*" in quotes': { quirks: { quotedStarOnly: true }, patches: [412, 412] },
  'answers candidates with 204 and does nothing': { quirks: { patch: 204 } },
  'answers candidates with 200 and some words': { quirks: { patch: 200 }, patches: [200] },
  'refuses candidates with 404, as if there were no session': { quirks: { patch: 404 }, patches: [404] },
  'refuses candidates with 405': { quick: true, quirks: { patch: 405 }, patches: [405] },
  'refuses candidates with 422': { quirks: { patch: 422 }, patches: [422] },
  'takes candidates for a wrong POST': { quirks: { patch: 'publish' }, patches: [415] },
  'refuses candidates with 412': { quirks: { patch: 412 }, patches: [412, 412] },
  'never answers candidates': { quick: true, quirks: { patch: 'hang' }, patches: [] },
  'answers with LF alone': { quick: true, quirks: { lfOnly: true } },
  'answers at great length': { quirks: { body: 'huge' } },
  'never comes to the end of its answer': { quick: true, quirks: { body: 'endless' } },
  'falls silent at the end of its answer': { quirks: { body: 'stalled' } },
  'answers with a charset': { quirks: { contentType: 'application/sdp; charset=utf-8' } },
  'gives port 0 to a section that it has bundled': { quirks: { bundledPortZero: true } },
  'answers with 200': { quirks: { status: 200 } },
  'refuses candidates and shows no page its errors': {
    // The end of DTLS may end the session before the DELETE comes, or not: so it is always an error.
    quirks: { patch: 422, noCorsOnErrors: true, delete: 404 },
    patches: [422],
    // An answer that cannot be read is no answer: it is asked once more.
    deletes: 2,
  },
  'answers a second late': { quirks: { slowAnswer: 1000 } },
  'offers ICE servers that no browser takes': {
    quick: true,
    quirks: { link: '<stun:127.0.0.1:9?transport=udp>; rel="ice-server", <gopher:x>; rel=ice-server, <<;;"' },
  },
  'offers TURN alone, by TCP, or with an escaped address': {
    quirks: {
      link: ['127.0.0.1:9?transport=tcp', '127.0.0.1:9%3Ftransport=udp']
        .map((address) => `<turn:${address}>; rel="ice-server"; username="u"; credential="c"`)
        .join(', '),
    },
  },
  'announces what only other clients know': {
    quirks: { link: '</sse>; rel="urn:ietf:params:whep:ext:core:server-sent-events"; events="status"' },
  },
  'answers DELETE with 204': { quirks: { delete: 204 } },
  'answers DELETE with 500': { quirks: { delete: 500 } },
  'never answers DELETE': { quick: true, quirks: { delete: 'hang' }, deletes: 2 },
};

/** What some servers take in no other form: this media type to the letter, sending alone, and errors in any type. */
function assertStrictForm(ingest: FaultyIngest): void {
  for (const { contentType, accept, body } of ingest.requests('POST')) {
    assert.deepEqual([contentType, accept], ['application/sdp', '*/*']);
    assert.deepEqual(body.match(/^a=(sendrecv|sendonly|recvonly|inactive)/gm), ['a=sendonly', 'a=sendonly']);
  }
  for (const { contentType, body } of ingest.requests('PATCH')) {
    assert.equal(contentType, 'application/trickle-ice-sdpfrag');
    assert.match(body, /^a=mid:\d+\r$/m);
  }
  for (const { contentType, ifMatch, body } of ingest.requests('DELETE')) {
    assert.deepEqual([contentType, ifMatch, body], [undefined, undefined, '']);
  }
}

describeIn(['chromium'], 'A server that deviates', (test) => {
  for (const [what, { quirks, patches = [204], deleted = 1, deletes, quick }] of Object.entries(TOLERATED)) {
    const register = quick ? test.quick : test;
    register(`is published to where it ${what}`, async (studio, ingest) => {
      ingest.quirks = quirks;
      await studio.goLive();
      // A slow machine gathers candidates for more than one request, which only a refusal that can be read prevents.
      const isRead = (status: number | 'reset') => (status === 'reset' || status >= 300) && !quirks.noCorsOnErrors;
      const answers = ingest.statuses('PATCH').filter((status, at, all) => isRead(status) || all[at - 1] !== status);
      assert.deepEqual(answers, patches);
      await studio.stop();
      assert.equal(ingest.requests('POST').length, 1);
      assert.equal(ingest.deleted.length, deleted);
      if (deletes !== undefined) assert.equal(ingest.requests('DELETE').length, deletes);
      assertStrictForm(ingest);
    });
  }
});

/** What an engine could take otherwise. */
const BY_ENGINE: Record<string, Quirks> = {
  'lets the page read no header': { noExposeHeaders: true },
  'never comes to the end of its answer': { body: 'endless' },
};

describeIn(['firefox'], 'A server that deviates', (test) => {
  for (const [what, quirks] of Object.entries(BY_ENGINE)) {
    test(`is published to where it ${what}`, async (studio, ingest) => {
      ingest.quirks = quirks;
      await studio.goLive();
      await studio.stop();
      assert.equal(ingest.requests('POST').length, 1);
    });
  }
});
