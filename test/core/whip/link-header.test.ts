import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hasRelation, iceServersOf, parseLinkHeader } from '../../../src/core/whip/link-header.js';
import { runs } from '../support/runs.js';

const RUNS = { numRuns: runs(1_000, 10_000) };

const TOKEN_CHARACTERS = [..."!#$%&'*+.^`|~-_0123456789abcdefghijklmnopqrstuvwxyzABCXYZ"];
const token = fc.string({ unit: fc.constantFrom(...TOKEN_CHARACTERS), minLength: 1, maxLength: 12 });
const target = fc.string({ unit: fc.constantFrom(...'abc:/?=&,;"\\.%20') }).map((text) => text.trim());
const gap = fc.constantFrom('', ' ', '\t', '  ', '\r\n ');

interface Parameter {
  name: string;
  value: string;
  written: string;
}

const quote = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;
const value = fc.oneof(
  token.map((text) => ({ value: text, written: text })),
  fc.string({ unit: fc.constantFrom(...'ab ,;="\\<>\n') }).map((text) => ({ value: text, written: quote(text) })),
  token.map((text) => ({ value: text, written: `"${[...text].map((character) => `\\${character}`).join('')}"` })),
);
const parameter: fc.Arbitrary<Parameter> = fc
  .tuple(token, value, gap, gap)
  .map(([name, { value: read, written }, before, after]) => ({
    name,
    value: read,
    written: `${before};${after}${name}${before}=${after}${written}`,
  }));
const link = fc.record({
  target,
  parameters: fc.array(parameter, { maxLength: 5 }),
  end: fc.constantFrom('', ';', ' ; '),
});
type GeneratedLink = typeof link extends fc.Arbitrary<infer Link> ? Link : never;

const write = ({ target: uri, parameters, end }: GeneratedLink) =>
  `<${uri}>${parameters.map(({ written }) => written).join('')}${end}`;

/** Names are not case-sensitive, and the first of a name counts (RFC 8288 section 3). */
function read({ target: uri, parameters }: GeneratedLink) {
  const found = new Map<string, string>();
  for (const { name, value: text } of parameters) {
    if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), text);
  }
  return { target: uri, parameters: found };
}

describe('a Link header', () => {
  it('is read as it was written, with commas, quotes and escapes, and several headers joined as fetch joins them', () => {
    const separator = fc.constantFrom(', ', ',', ' , ', ',,', ', ,');
    fc.assert(
      fc.property(fc.array(link, { maxLength: 5 }), separator, (links, between) => {
        assert.deepEqual(parseLinkHeader(links.map(write).join(between)), links.map(read));
      }),
      RUNS,
    );
  });

  it('that is garbage is read without an error, and what is read can be used', () => {
    const bits = fc.constantFrom(
      '<',
      '>',
      '"',
      '\\',
      ';',
      ',',
      '=',
      ' ',
      '\n',
      'rel',
      'ice-server',
      'stun:a',
      'é',
      '\u2028',
    );
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: bits, maxLength: 60 })), (header) => {
        for (const { urls } of iceServersOf(parseLinkHeader(header))) assert.match(String(urls), /^(stun|turn)s?:/i);
      }),
      RUNS,
    );
    assert.deepEqual(parseLinkHeader(null), []);
  });

  it('keeps the good links beside what cannot be read', () => {
    const header = 'nonsense, <a>; x="unclosed, , <b>; rel=x';
    assert.equal(parseLinkHeader('nonsense, "quoted, <no>", <b>; rel=x').at(-1)?.target, 'b');
    assert.doesNotThrow(() => parseLinkHeader(header));
  });

  // Against a pattern that backtracks without end; it takes milliseconds.
  it('that is hostile and a megabyte long is read to its end', { timeout: 20_000 }, () => {
    const bits = [
      '<',
      '<a',
      '<a>',
      '<a>;',
      ';',
      ',',
      '"',
      '\\',
      '\\"',
      '",',
      '="',
      ' ',
      '\r\n ',
      '; a="',
      '<a>;a=b',
      ', <',
    ];
    for (const first of bits) {
      for (const second of bits) assert.ok(parseLinkHeader((first + second).repeat(1_000)).length <= 2_000);
      assert.ok(parseLinkHeader(first.repeat(1_000_000)).length <= 1_000_000);
    }
  });
});

describe('the relation of a link', () => {
  it('may be one of several, in any case; the first rel counts', () => {
    const relations = (header: string) => parseLinkHeader(header).map((one) => hasRelation(one, 'ice-server'));
    assert.deepEqual(relations('<a>; rel="x ice-server y", <b>; REL=ICE-Server, <c>; rel=x; rel=ice-server, <d>'), [
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('the ICE servers of a WHIP server', () => {
  const servers = (header: string) => iceServersOf(parseLinkHeader(header));

  it('are those of the RFC', () => {
    const turn = 'rel="ice-server"; username="user"; credential="pass,\\"word\\""; credential-type="password"';
    assert.deepEqual(
      servers(
        `<stun:stun.example.net>; rel="ice-server", <turn:turn.example.net?transport=udp>; ${turn}, ` +
          `<turns:turn.example.net?transport=tcp>; ${turn}`,
      ),
      [
        { urls: 'stun:stun.example.net' },
        { urls: 'turn:turn.example.net?transport=udp', username: 'user', credential: 'pass,"word"' },
        { urls: 'turns:turn.example.net?transport=tcp', username: 'user', credential: 'pass,"word"' },
      ],
    );
  });

  for (const [what, header] of [
    ['another relation (C61)', '<stun:a>; rel="urn:ietf:params:whip:ext:example"'],
    ['no relation', '<stun:a>'],
    ['another scheme', '<https://a.example>; rel="ice-server"'],
    ['TURN without a user name', '<turn:a>; rel="ice-server"; credential="c"'],
    ['TURN without a credential', '<turn:a>; rel="ice-server"; username="u"'],
    [
      'a credential that is no password',
      '<turn:a>; rel="ice-server"; username="u"; credential="c"; credential-type="oauth"',
    ],
    ['STUN with a query, at which browsers throw', '<stun:a?transport=udp>; rel="ice-server"'],
  ] as const) {
    it(`leave out ${what}`, () =>
      assert.deepEqual(servers(`${header}, <stun:b>; rel=ice-server`), [{ urls: 'stun:b' }]));
  }
});
