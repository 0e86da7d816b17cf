import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diagnose, type Diagnosed } from '../../../src/element/controls/diagnostics.js';

const INGEST = 'rtmp://bintu.example/live/KEY-1234';
const NAME = 'XyZ12-stream';
const TOKEN = 'secret-token';

function diagnosed(settings: Record<string, unknown>, message = '', reason = ''): string {
  const element = {
    status: 'failed',
    settings: { width: 1280, token: '', streamName: '', ingestUrl: '', server: '', ...settings },
    errors: [{ at: 0, code: 5001, name: 'TestError', message }],
    report: { outages: [{ cause: 'server', reason }] },
    stats: null,
    quality: undefined,
  } as unknown as Diagnosed;
  return diagnose(element, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0', 0);
}

describe('copied diagnostics', () => {
  it('E6: hold neither the ingest URL nor the stream name, wherever they are', () => {
    const server = `https://user:pass@media.example/${NAME}/whip?key=KEY-1234`;
    const text = diagnosed(
      { ingestUrl: INGEST, streamName: NAME, token: TOKEN, server },
      `POST ${server} failed, ${encodeURIComponent(INGEST)}, ${TOKEN}`,
      `${NAME} and KEY-1234 refused at ${INGEST}, rtmps://other.example/KEY-9`,
    );
    for (const secret of ['KEY-1234', 'KEY-9', NAME, 'bintu', TOKEN, 'pass']) assert.ok(!text.includes(secret), secret);
  });

  it('E6: hold no token that is written with its scheme', () => {
    for (const token of [`Bearer ${TOKEN}`, ` Authorization: Bearer  ${TOKEN}\n`]) {
      assert.ok(!diagnosed({ token }, `bad ${TOKEN}`).includes(TOKEN), token);
    }
  });

  it('E6: say whether they are set, the server and everything else', () => {
    const set = JSON.parse(
      diagnosed({ ingestUrl: INGEST, streamName: NAME, server: 'https://media.example:8443/whip' }),
    ) as Record<string, unknown>;
    assert.deepEqual(set.settings, {
      width: 1280,
      server: 'https://media.example:8443/whip',
      ingestUrl: '…',
      streamName: '…',
    });
    assert.equal(set.browser, 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0');
    assert.equal(set.time, '1970-01-01T00:00:00.000Z');
    assert.deepEqual(set.errors, [{ at: '1970-01-01T00:00:00.000Z', code: 5001, name: 'TestError', message: '' }]);
    const unset = JSON.parse(diagnosed({})) as Record<string, unknown>;
    assert.deepEqual(unset.settings, { width: 1280, server: '', ingestUrl: '', streamName: '' });
  });
});
