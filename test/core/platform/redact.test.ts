import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { outputReportOf } from '../../../src/core/broadcast/status-channel.js';
import { redact } from '../../../src/core/platform/redact.js';
import { statusError } from '../../../src/core/whip/http-errors.js';

const TOKEN = 'tok/en+with=signs&more';
const OUTPUT = 'rtmp://bintu.example:1935/live/KEY-1234';
const NAME = 'XyZ12-stream';
const SIGNED_OUTPUT = 'rtmp://user:passw0rd@cdn.example/live/KEY-77?auth=SIGN-77&x=1';
const SECRETS = [TOKEN, OUTPUT, NAME, SIGNED_OUTPUT];

/** Texts of servers, with what must not be in what is shown. */
const TEXTS: readonly [what: string, text: string, secret: string][] = [
  ['an RTMP URL', `cannot connect to ${OUTPUT}`, 'KEY-1234'],
  ['another RTMP URL', 'cannot connect to rtmp://other.example/live/KEY-9', 'KEY-9'],
  ['an RTMPS URL in quotes', 'cannot connect to "rtmps://other.example/app/KEY-9"', 'KEY-9'],
  ['an SRT URL', 'srt://other.example:9000?streamid=KEY-9 refused', 'KEY-9'],
  ['an encoded URL', 'redirect?to=rtmp%3A%2F%2Fother.example%2Flive%2FKEY-9', 'KEY-9'],
  ['a stream key without its URL', 'publish to KEY-1234 rejected', 'KEY-1234'],
  ['a stream name', `stream ${NAME} is in use`, NAME],
  ['a user and a password', 'auth failed for user:pass@host.example', 'pass'],
  ['a password with @', 'auth failed for user:p@ss@host.example', 'ss@'],
  ['an encoded user and password', 'auth failed for user%3Apass%40host.example', 'pass'],
  ['a stream key without the query of its URL', 'publish to KEY-77 rejected', 'KEY-77'],
  ['a value of the query of its URL', 'signature SIGN-77 is wrong', 'SIGN-77'],
  ['a password of its URL', 'login with passw0rd failed', 'passw0rd'],
  ['the token in JSON', `{"token":"${TOKEN.replace('/', '\\/')}"}`, 'en+with'],
  ['the token', `bad token ${TOKEN}`, 'tok/en'],
  ['the token percent-encoded', `bad token ${encodeURIComponent(TOKEN)}`, 'tok%2Fen'],
  ['the token percent-encoded in lower case', `bad token ${encodeURIComponent(TOKEN).toLowerCase()}`, 'tok%2fen'],
  ['the token as a form field', `bad token ${new URLSearchParams({ t: TOKEN }).toString()}`, 'tok%2Fen'],
  ['another JWT', 'bad eyJhbGciOi.eyJzdWIiOiI.c2ln', 'eyJzdWIi'],
  ['an authorization header', 'got Bearer abcdefgh', 'abcdefgh'],
];

describe('a text from a server', () => {
  for (const [what, text, secret] of TEXTS) {
    it(`E7: is shown without ${what}`, () => {
      const shown = redact(text, SECRETS);
      assert.ok(!shown.includes(secret), shown);
      assert.match(shown, /…/);
    });

    it(`E7: in an error and in a report on the RTMP output is shown without ${what}`, () => {
      const answer = {
        status: 500,
        ok: false,
        url: 'https://media.example/whip',
        headers: new Headers({ 'Content-Type': 'text/plain' }),
        body: text,
      } as unknown as Parameters<typeof statusError>[1];
      const { message } = statusError('POST', answer, TOKEN, 0, SECRETS);
      assert.ok(!message.includes(secret), message);
      const report = outputReportOf(JSON.stringify({ message: 'failed', output: 'rtmp', reason: text }), SECRETS);
      assert.ok(report && !report.reason.includes(secret), report?.reason);
    });
  }

  const LONG = Array.from(
    { length: 2_400 },
    (_, i) => 'abcdefghijklmnopqrstuvwxyz0123456789/+'[(i * 7 + (i >> 3)) % 38],
  ).join('');
  for (const [what, secret, quoted] of [
    ['plain', LONG, LONG],
    ['twice', LONG, `${LONG} and ${LONG}`],
    ['percent-encoded', LONG, encodeURIComponent(LONG)],
    ['behind a long text', LONG, `${'at /a '.repeat(330)}${LONG}`],
    ['as the key of an RTMP URL', `rtmp://a.example/live/${LONG}`, LONG],
    ['in lower case', `Name${LONG.toUpperCase()}`, `name${LONG}.media.example`],
  ] as const)
    for (const contentType of ['text/plain', 'application/json'])
      it(`E7: is shown without any part of a secret that is longer than a text may be, ${what}, as ${contentType}`, () => {
        const text = `Invalid: ${quoted}`;
        const body = contentType === 'text/plain' ? text : JSON.stringify({ detail: text });
        const headers = new Headers({ 'Content-Type': contentType });
        const answer = { status: 401, ok: false, headers, url: '', body } as unknown as Parameters<
          typeof statusError
        >[1];
        const { message } = statusError('POST', answer, null, 0, [secret]);
        const report = outputReportOf(JSON.stringify({ message: 'failed', output: 'rtmp', reason: text }), [secret]);
        for (const shown of [message, report?.reason ?? assert.fail(), redact(text, [secret])]) {
          assert.doesNotMatch(shown, new RegExp(LONG.slice(0, 8).replace(/[+/]/g, '.')));
          assert.ok(shown.length < 2_100);
        }
      });

  it('E7: keeps ordinary words, times and mail addresses', () => {
    for (const text of [
      'The stream is already in use.',
      'retry at 12:30',
      'ask support@media.example',
      'codec: H264, 50 %',
    ]) {
      assert.equal(redact(text, SECRETS), text);
    }
  });
});
