import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { StatusFeed } from '../../demo/server/status-feed.js';
import { Listener } from './support/listener.js';

let feed: StatusFeed;

beforeEach(() => {
  feed = new StatusFeed();
});
afterEach(() => feed.close());

test('who comes late hears the last report first, and then the others', () => {
  feed.report('broadcasting');
  feed.report('reconnecting', 'It broke.');
  const late = new Listener(feed);
  assert.deepEqual(late.reports, [{ message: 'reconnecting', output: 'rtmp', reason: 'It broke.' }]);
  feed.report('broadcasting');
  assert.deepEqual(late.messages, ['reconnecting', 'broadcasting']);
});

test('one listener too many ends the oldest: the newest is alive', () => {
  const listeners = Array.from({ length: 8 }, () => new Listener(feed));
  const ended = () => listeners.filter(({ hasEnded }) => hasEnded);
  assert.deepEqual(ended(), []);
  listeners.push(new Listener(feed));
  assert.deepEqual(ended(), [listeners[0]]);
  feed.report('broadcasting');
  assert.deepEqual(
    listeners.map(({ messages }) => messages.length),
    [0, ...Array.from({ length: 8 }, () => 1)],
  );
});

test('a listener that has gone makes room', () => {
  const listeners = Array.from({ length: 8 }, () => new Listener(feed));
  listeners[3]?.goAway();
  listeners.push(new Listener(feed));
  assert.ok(listeners.every(({ hasEnded }) => !hasEnded));
});

test('its end is the end for all', () => {
  const listeners = [new Listener(feed), new Listener(feed)];
  feed.close();
  assert.ok(listeners.every(({ hasEnded }) => hasEnded));
});
