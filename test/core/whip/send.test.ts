import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { send, type WhipAnswer } from '../../../src/core/whip/http.js';
import type { World } from '../../../src/core/platform/world.js';
import { FakeClock } from '../support/fake-clock.js';

const silence = () => undefined;
const log = { error: silence, warn: silence, info: silence, debug: silence };

/** What `send` makes of a response, with the clock moved on for as long as it takes. */
async function answerTo(response: Response): Promise<WhipAnswer> {
  const clock = new FakeClock();
  const world = { ...clock, fetch: () => Promise.resolve(response), isOnLine: () => true } as unknown as World;
  let answer: WhipAnswer | undefined;
  const sent = send({ method: 'POST', url: 'https://media.example/whip', token: null }, { world, log });
  void sent.then((value) => (answer = value));
  await clock.advanceUntil(() => answer !== undefined);
  return sent;
}

/** A body that gives a first chunk and then nothing more, and never ends. */
function endless(first: string): ReadableStream {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(first)) });
}

describe('an answer', () => {
  it('counts with its status and headers, though its body never ends', async () => {
    const headers = { 'Retry-After': '3' };
    const answer = await answerTo(new Response(endless('Busy, '), { status: 503, headers }));
    assert.deepEqual([answer.status, answer.headers.get('Retry-After'), answer.body], [503, '3', 'Busy, ']);
  });

  it('counts too where its body breaks off', async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(new TypeError('network error')) });
    const answer = await answerTo(new Response(broken, { status: 201, headers: { Location: '/session/1' } }));
    assert.deepEqual([answer.status, answer.headers.get('Location'), answer.body], [201, '/session/1', '']);
  });

  it('is read no further than any session description is long', async () => {
    let pulled = 0;
    const huge = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(97));
      },
    });
    const answer = await answerTo(new Response(huge, { status: 400 }));
    assert.equal(answer.body.length, 256 * 1024);
    assert.ok(pulled < 10, `${pulled} chunks`);
  });
});
