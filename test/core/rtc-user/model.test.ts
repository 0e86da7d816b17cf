import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, it } from 'node:test';
import { runs } from '../support/runs.js';

/** How many sequences, and the seed of the first: its successors are those of the next ones. */
const SEQUENCES = Number(process.env.MODEL_SEQUENCES ?? runs(400, 2_000));
const FIRST_SEED = Number(process.env.MODEL_SEED ?? 1);
const PROCESSES = 2;
/** Sequences of one process: `AbortSignal.any` of Node 20 keeps what it was given, which fills the memory after some ten thousand. */
const PIECE = 5_000;
/** From the folder in which tests run: bundled, this file is elsewhere. */
const RUNNER = 'test/core/support/model-run.ts';

/** Runs so many sequences in a process of their own; what it has to say, empty where all hold. */
function runApart(first: number, count: number): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', RUNNER, String(first), String(count)]);
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? '' : said || `It ended with ${code}.`));
  });
}

describe('a broadcast under anything that a page, a server, a path and a network do', () => {
  it(`holds its contract in ${SEQUENCES} sequences from seed ${FIRST_SEED} on`, async (test) => {
    const begun = performance.now();
    let next = FIRST_SEED;
    let said = '';
    const size = Math.min(PIECE, Math.ceil(SEQUENCES / PROCESSES));
    const work = async () => {
      while (next < FIRST_SEED + SEQUENCES && said === '') {
        const first = next;
        next += size;
        const output = await runApart(first, Math.min(size, FIRST_SEED + SEQUENCES - first));
        said += output;
      }
    };
    await Promise.all(Array.from({ length: PROCESSES }, work));
    assert.equal(said, '');
    test.diagnostic(`${((performance.now() - begun) / SEQUENCES).toFixed(2)} ms for each sequence`);
  });
});
