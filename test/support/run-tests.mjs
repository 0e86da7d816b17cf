/** `run-tests.mjs <how many at a time> <counts file> <test files …>`: as `node --test`, which would sort the files. */
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import countReporter from './count-reporters.mjs';

const [atATime, countsFile, ...files] = process.argv.slice(2);
const events = run({ files: files.map((file) => resolve(file)), concurrency: Number(atATime) });
events.on('test:fail', () => (process.exitCode = 1));
events.compose(countReporter).pipe(createWriteStream(countsFile));
events.compose(new spec()).pipe(process.stdout);
