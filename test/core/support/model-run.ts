/**
 * `model-run.ts <first seed> <number>`: lets so many sequences happen, and fails with the first that breaks the contract.
 * A process of its own, since `node:test` follows every promise, which takes longer than the sequences themselves.
 */
import assert from 'node:assert/strict';
import { run, sequenceOf, shrink } from './model.js';

const [first = 1, count = 1] = process.argv.slice(2).map(Number);
const unhandled: unknown[] = [];
process.on('unhandledRejection', (reason) => unhandled.push(reason));
for (let seed = first; seed < first + count; seed++) {
  const sequence = sequenceOf(seed);
  try {
    await run(sequence);
    assert.deepEqual(unhandled, [], 'a rejection is unhandled');
  } catch (error) {
    console.log(`Seed ${seed}: ${(error as Error).stack}\n${JSON.stringify(await shrink(sequence))}`);
    process.exit(1);
  }
}
