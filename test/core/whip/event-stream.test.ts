import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EventStreamReader } from '../../../src/core/whip/event-stream.js';

/** The events of a stream that comes in such pieces. */
function eventsOf(...pieces: string[]): string[] {
  const reader = new EventStreamReader();
  return pieces.flatMap((piece) => reader.read(piece));
}

describe('an event stream', () => {
  it('gives the data of each event', () => {
    assert.deepEqual(eventsOf('data: one\n\ndata:two\n\n'), ['one', 'two']);
    assert.deepEqual(eventsOf('data:  three\n\n'), [' three'], 'one space belongs to the form');
  });

  it('joins the lines of one event', () => {
    assert.deepEqual(eventsOf('data: one\ndata:\ndata: two\n\n'), ['one\n\ntwo']);
  });

  it('keeps an event without its end', () => {
    const reader = new EventStreamReader();
    assert.deepEqual(reader.read('data: one\n\ndata: tw'), ['one']);
    assert.equal(reader.size, 'data: tw'.length);
    assert.deepEqual(reader.read('o\n\n'), ['two']);
  });

  it('leaves out comments, other fields, and events of a type of their own', () => {
    assert.deepEqual(eventsOf(': hello\n\nid: 1\nretry: 10\n\n\n\n'), []);
    assert.deepEqual(eventsOf('event: other\ndata: one\n\n'), []);
    assert.deepEqual(eventsOf('id: 1\nevent: message\n: hello\ndata: two\n\n', 'event:\ndata: three\n\n'), [
      'two',
      'three',
    ]);
    assert.deepEqual(eventsOf('datas: one\nDATA: two\n data: three\n\n'), []);
  });

  it('is no matter of line ends, nor of separators that are none', () => {
    assert.deepEqual(eventsOf('data: one\r\ndata: two\r\n\r\n', 'data: three\u2028data: four\n\n'), [
      'one\ntwo',
      'three\u2028data: four',
    ]);
  });

  it('reads the same however it is cut into pieces', () => {
    const line = fc.oneof(
      fc.constantFrom('', 'data: a', 'data:b', 'event: x', 'event: message', ':', 'id: 1'),
      fc.string({ maxLength: 5 }),
    );
    const end = fc.constantFrom('\n', '\r\n');
    const stream = fc.tuple(fc.array(line), end).map(([lines, lineEnd]) => lines.join(lineEnd));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200)), (text, cuts) => {
        const places = [...new Set(cuts.map((cut) => Math.min(cut, text.length)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((place, index) => text.slice(place, places[index] ?? text.length));
        assert.deepEqual(eventsOf(...pieces, '\n'), eventsOf(text, '\n'));
      }),
    );
  });
});
