import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Problem } from '../../demo/server/problem.js';
import { rtmpTarget, type RtmpTarget } from '../../demo/server/rtmp-target.js';

const targetOf = (url: string, name?: string, hosts?: string[]) =>
  rtmpTarget(new URLSearchParams({ stream_url: url, ...(name !== undefined && { stream_name: name }) }), hosts);

/** The status that a target is refused with. */
function refusal(...target: Parameters<typeof targetOf>): number | RtmpTarget | undefined {
  try {
    return targetOf(...target);
  } catch (error) {
    assert.ok(error instanceof Problem);
    return error.status;
  }
}

test('stream_url and stream_name make one URL, with the port that is dialled', () => {
  const hosts = ['live.example'];
  const made: [string, string | undefined, string][] = [
    ['rtmp://localhost/live', 'name', 'rtmp://localhost:1935/live/name'],
    ['rtmp://127.0.0.1:19350/live/', 'name', 'rtmp://127.0.0.1:19350/live/name'],
    ['RTMP://LOCALHOST/live/name', undefined, 'rtmp://localhost:1935/live/name'],
    ['rtmps://live.example/app', 'KEY?auth=a_b-c', 'rtmps://live.example:443/app/KEY?auth=a_b-c'],
    ['rtmp://live.example:80/app?x=1', 'name', 'rtmp://live.example:80/app/name?x=1'],
  ];
  for (const [url, name, expected] of made) assert.equal(targetOf(url, name, hosts)?.url, expected);
  assert.deepEqual(targetOf('rtmp://[::1]:19350/live/a'), {
    url: 'rtmp://[::1]:19350/live/a',
    hostname: '::1',
    port: 19350,
  });
});

test('without a stream_url the stream goes nowhere', () => {
  assert.equal(rtmpTarget(new URLSearchParams('stream_name=name')), undefined);
  assert.equal(targetOf(''), undefined);
});

test('what is no RTMP URL is refused', () => {
  const wrong = [
    ...[
      'file:///etc/passwd',
      '/etc/passwd',
      'pipe:1',
      'http://localhost/live/a',
      'rtmpt://localhost/live/a',
      'rtp://localhost:1',
    ],
    ...[
      '-i',
      '-f flv x',
      'concat:a|b',
      'tee:[f=flv]rtmp://localhost/a/b',
      'rtmp:localhost/live/a',
      'rtmp:///live/a',
      'rtmp://',
    ],
    ...['rtmp://user:password@localhost/live/a', 'rtmp://localhost:99999/live/a', 'rtmp://localhost/live/a#b'],
    ...[
      'rtmp://localhost',
      'rtmp://localhost/live',
      'rtmp://localhost/live/',
      `rtmp://localhost/live/${'a'.repeat(2048)}`,
    ],
  ];
  for (const url of wrong) assert.equal(refusal(url), 400, url);
  for (const name of ['a b', 'a\n-i', '"', '`id`', 'a|b', '\\', 'é', 'a'.repeat(257)]) {
    assert.equal(refusal('rtmp://localhost/live', name), 400, name);
  }
});

test('a development server sends to its own machine, and to the hosts that it was told of', () => {
  for (const host of [
    'live.example',
    '10.0.0.1',
    '169.254.169.254',
    '[::ffff:10.0.0.1]',
    'localhost.example',
    '0.0.0.0',
    '[::]',
  ]) {
    assert.equal(refusal(`rtmp://${host}/live/a`), 403, host);
    assert.equal(refusal(`rtmp://${host}/live/a`, '', ['other.example', '']), 403, host);
    assert.notEqual(refusal(`rtmp://${host}/live/a`, '', ['*']), 403, host);
  }
  // However this machine is written: what is dialled is what was checked.
  for (const host of ['0x7f.1', '2130706433', '127.1']) {
    assert.equal(targetOf(`rtmp://${host}/live/a`)?.url, 'rtmp://127.0.0.1:1935/live/a');
  }
});

test('whatever is asked for, what goes to ffmpeg is one RTMP URL without a space, to an allowed host', () => {
  const part = fc.oneof(
    fc.constantFrom('rtmp://', 'rtmps://', 'localhost', '/', ' ', '@', '-', ':', '\\', '127.0.0.1', '\n', '%0a'),
    fc.string(),
  );
  const text = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, text, (url, name) => {
      const target = refusal(url.startsWith('rtmp') ? url : `rtmp://localhost/${url}`, name);
      if (typeof target !== 'object') return;
      assert.match(target.url, /^rtmps?:\/\/((?:[^/]+\.)?localhost\.?|127[\d.]+|\[::1\]):\d+\/[\x21-\x7e]+$/);
    }),
  );
});
