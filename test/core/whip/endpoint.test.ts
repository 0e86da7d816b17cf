import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { endpointUrl, probeUrl } from '../../../src/core/whip/endpoint.js';
import { withoutQuery } from '../../../src/core/platform/safe-url.js';
import { claimsOf } from '../../../src/core/whip/jwt.js';
import { RtcUserError } from '../../../src/core/api/errors.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };
const SERVER = 'https://media.example/whip';

function refusalOf(make: () => string): RtcUserError | null {
  try {
    make();
    return null;
  } catch (error) {
    assert.ok(error instanceof RtcUserError, `only a RtcUserError is thrown, not ${String(error)}`);
    assert.ok([1001, 1002].includes(error.code), String(error.code));
    return error;
  }
}

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.string());
const address = fc.oneof(
  text,
  fc
    .tuple(fc.constantFrom('https:', 'wss:', 'http:', 'ws:', 'WSS:', 'ftp:', 'data:', ''), text)
    .map(([scheme, rest]) => `${scheme}//${rest}`),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.tuple(fc.webUrl(), text).map(([url, rest]) => `${url}/{streamname}${rest}`),
);

describe('the endpoint', () => {
  it('is a safe URL for any server and stream name, or is refused with 1001 or 1002', () => {
    fc.assert(
      fc.property(fc.oneof(address, fc.anything()), text, text, (server, output, streamname) => {
        for (const make of [() => endpointUrl(server, { output, streamname }), () => probeUrl(server) ?? SERVER]) {
          if (refusalOf(make)) continue;
          const { protocol, hostname, username, password, hash } = new URL(make());
          assert.ok(
            protocol === 'https:' || /^((.*\.)?localhost\.?|127\..*|0\.0\.0\.0|\[::.*\])$/.test(hostname),
            make(),
          );
          assert.deepEqual([username, password, hash], ['', '', '']);
        }
      }),
      RUNS,
    );
  });

  it('has the stream name percent-encoded in place of {streamname}, and no query of its own then', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((given) => !/^\.{1,2}$/.test(given));
    fc.assert(
      fc.property(name, text, (streamname, output) => {
        const url = new URL(
          endpointUrl('https://media.example/{streamname}/whip?name={streamname}', { streamname, output }),
        );
        assert.equal(url.pathname.split('/').length, 3);
        assert.equal(decodeURIComponent(url.pathname), `/${streamname}/whip`);
        assert.deepEqual([...url.searchParams], [['name', streamname]]);
        assert.equal(url.host, 'media.example');
      }),
      RUNS,
    );
  });

  it('fills in the name that a token claims where the page gives none, and never as a query parameter', () => {
    const claimed = 'claimed';
    const filledIn = endpointUrl('https://media.example/{streamname}/whip', {}, undefined, claimed);
    assert.equal(filledIn, 'https://media.example/claimed/whip');
    const named = endpointUrl('https://media.example/{streamname}/whip', { streamname: 'named' }, undefined, claimed);
    assert.equal(named, 'https://media.example/named/whip');
    assert.equal(endpointUrl('https://media.example/whip', {}, undefined, claimed), 'https://media.example/whip');
  });

  it('does not let a stream name of dots climb out of its place in the path', () => {
    for (const streamname of ['.', '..']) {
      const make = () => endpointUrl('https://media.example/live/{streamname}/whip', { streamname });
      assert.equal(refusalOf(make)?.code, 1002, streamname);
    }
  });

  it('has target and name as query parameters otherwise, beside those of the page', () => {
    const filled = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(filled, filled, (output, streamname) => {
        const url = new URL(endpointUrl(`${SERVER}?key=a%26b`, { output, streamname }));
        assert.deepEqual(Object.fromEntries(url.searchParams), {
          key: 'a&b',
          stream_url: output,
          stream_name: streamname,
        });
      }),
      RUNS,
    );
    assert.equal(endpointUrl(SERVER, {}), SERVER);
  });

  it('reads wss as https', () => {
    const servers = [
      'wss://media.example/p/webrtcws',
      'WSS://media.example/p/webrtcws',
      ' wss://media.example/p/webrtcws ',
    ];
    for (const server of servers) assert.equal(endpointUrl(server, {}), 'https://media.example/p/webrtcws');
  });

  it('takes http for this machine alone, and says so', () => {
    for (const host of [
      'localhost:8889',
      'localhost.:8889',
      '127.0.0.1:8889',
      '0.0.0.0:8889',
      '[::1]:8889',
      'whip.localhost',
    ]) {
      assert.equal(endpointUrl(`http://${host}/live/whip`, {}), `http://${host}/live/whip`);
      assert.equal(endpointUrl(`ws://${host}/live/whip`, {}), `http://${host}/live/whip`);
    }
    for (const host of [
      'media.example',
      '192.168.0.2',
      'localhost.example',
      '127.0.0.1.example',
      '[::2]',
      '[::7]',
      '[fe80::1]',
      '0.0.0.1',
      'xlocalhost',
    ]) {
      assert.match(refusalOf(() => endpointUrl(`http://${host}/whip`, {}))?.message ?? '', /https.*localhost/);
    }
  });

  it('refuses user names and passwords', () => {
    for (const server of [
      'https://user@media.example/whip',
      'wss://user:password@media.example/whip',
      'user:password@media.example/whip',
      'us.er:password@media.example',
    ]) {
      const refusal = refusalOf(() => endpointUrl(server, {}));
      assert.equal(refusal?.code, 1002);
      assert.doesNotMatch(refusal?.message ?? '', /password/);
    }
  });

  it('refuses a {streamname} that nothing is given for', () => {
    assert.equal(refusalOf(() => endpointUrl('https://media.example/{streamname}/whip', {}))?.code, 1002);
  });

  it('B7: is refused if it looks like a host in any script, an address or a mistyped scheme, and read as a path with ./', () => {
    const base = 'https://page.example/a/b';
    for (const server of [
      'bücher.example/whip',
      '例え.example/whip',
      'media.example./whip',
      'localhost/whip',
      'LOCALHOST',
      '[::1]:8080/whip',
      '[::1]/whip',
      '192.168.0.1/whip',
      'https;//media.example/whip',
      'https.//media.example/whip',
      'https:\\\\media.example\\whip',
      '{StreamName}.bücher.example/whip',
      'user@media.example/whip?key=password',
    ]) {
      const refusal = refusalOf(() => endpointUrl(server, { streamname: 'name' }, base));
      assert.match(refusal?.message ?? '', /lacks its scheme/, server);
      assert.doesNotMatch(refusal?.message ?? '', /password/);
    }
    for (const server of [
      'whip',
      'live/whip',
      './localhost/whip',
      '/media.example/whip',
      'localhosts/whip',
      '../whip',
    ]) {
      assert.ok(endpointUrl(server, {}, base).startsWith('https://page.example/'), server);
    }
  });

  it('B8: has the stream name in place of {streamname} in any case and encoding, everywhere', () => {
    for (const written of ['{StreamName}', '{STREAMNAME}', '%7Bstreamname%7D', '%7bstreamName%7d']) {
      const server = `https://${written}.media.example/${written}/whip?n=${written}`;
      assert.equal(endpointUrl(server, { streamname: 'one' }), 'https://one.media.example/one/whip?n=one');
    }
    assert.equal(
      endpointUrl('{streamname}/whip', { streamname: 'one' }, 'https://h.example/a/'),
      'https://h.example/a/one/whip',
    );
    assert.equal(probeUrl('{streamname}/whip', 'https://h.example/a/'), 'https://h.example/a/');
    for (const streamname of ['a/b', 'a@b', 'a:1', 'a b', 'a#']) {
      assert.ok(
        refusalOf(() => endpointUrl('https://{streamname}.media.example/whip', { streamname })),
        streamname,
      );
    }
  });

  it('B9: keeps a query byte for byte, but for a parameter of the same name', () => {
    const query = (given: string) => endpointUrl(`${SERVER}?${given}`, { streamname: 's' }).slice(SERVER.length);
    assert.equal(query('a=1&&b=2&'), '?a=1&&b=2&&stream_name=s');
    assert.equal(query('sig=%2f%2F+~;=&=x'), '?sig=%2f%2F+~;=&=x&stream_name=s');
    assert.equal(query('a=?&?b'), '?a=?&?b&stream_name=s');
    assert.equal(query(''), '?stream_name=s');
    assert.equal(query('stream_name=1&a&stream_name=2'), '?a&stream_name=s');
  });

  it('may be relative to the page', () => {
    assert.equal(endpointUrl('/whip', {}, 'https://page.example/a/b'), 'https://page.example/whip');
    assert.equal(refusalOf(() => endpointUrl('/whip', {}))?.code, 1002);
  });

  it('is probed without a query and before the stream name is known', () => {
    assert.equal(probeUrl('wss://media.example/live/{streamname}/whip?key=secret'), 'https://media.example/live/');
    assert.equal(probeUrl('https://media.example/whip?key=secret'), SERVER);
  });
});

describe('a URL that is shown', () => {
  it('has no user name and no password', () => {
    assert.equal(withoutQuery('https://user:word@media.example/whip?key=x@y'), 'https://media.example/whip');
  });

  it('has no query and no fragment', () => {
    fc.assert(
      fc.property(text, (url) => assert.ok(!/[?#]/.test(withoutQuery(url)))),
      RUNS,
    );
  });
});

describe('the claims of a token', () => {
  it('are read from any JWT, whatever its names are written in', () => {
    fc.assert(
      fc.property(text, text, (ingesturl, streamname) => {
        const payload = Buffer.from(JSON.stringify({ exp: 1, ingesturl, streamname })).toString('base64url');
        const wellFormed = (value: string) => new TextDecoder().decode(new TextEncoder().encode(value));
        assert.deepEqual(claimsOf(`header.${payload}.signature`), {
          output: wellFormed(ingesturl),
          streamname: wellFormed(streamname),
        });
      }),
      RUNS,
    );
  });

  it('are nothing where the token is no JWT: nothing is ever thrown', () => {
    const json = fc.json().map((value) => `a.${Buffer.from(value).toString('base64url')}.b`);
    fc.assert(
      fc.property(fc.oneof(text, json, fc.constantFrom(null, undefined)), (token) => {
        for (const value of Object.values(claimsOf(token))) assert.equal(typeof value, 'string');
      }),
      RUNS,
    );
  });
});
