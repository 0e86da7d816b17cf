import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CAPTURE_STATES } from '../../src/core/api/events.js';
import { PLAN } from '../../src/core/broadcast/path-probe.js';
import { read } from './support.js';

/** The rows of the table under a header row, as lists of cells. */
function tableAfter(text: string, header: RegExp): string[][] {
  const lines = text.slice(text.search(header)).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  return lines.slice(2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

it('the guide names the seconds of the probes', () => {
  const rows = tableAfter(read('docs/reconnection.md'), /^\| after the loss +\| connection/m);
  /** Seconds from a loss until it is noticed. */
  let at = 2;
  const sent = PLAN.map(([pool, gap]) => {
    const text = String(Math.floor(at));
    at += gap / 1000;
    return { pool, text };
  });
  const secondsOf = (pool: string) => sent.flatMap((probe) => (probe.pool === pool ? [probe.text] : []));
  const named = rows.slice(0, 2).map(([cell = '']) => cell.match(/\d+/g));
  assert.deepEqual(named, [secondsOf('own'), secondsOf('other')]);
});

it('the table of device states has every state', () => {
  const rows = tableAfter(read('docs/reference/events.md'), /^\| state +\| what it means/m);
  assert.deepEqual(rows.map(([cell = '']) => cell.replaceAll('`', '')).sort(), [...CAPTURE_STATES].sort());
});
