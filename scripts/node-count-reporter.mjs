import { countTest, newCounts } from './test-counts.mjs';

/** A reporter for `node --test`: one JSON with the counts of `test-counts.mjs`. */
export default async function* countReporter(events) {
  const counts = newCounts();
  for await (const { type, data } of events) {
    const isTest = (type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite';
    // A file of which nothing was selected is told as a test that has passed.
    const isEmptyFile = type === 'test:pass' && data.name === data.file;
    if (!isTest || isEmptyFile) continue;
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    countTest(counts, data.name, isSkipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed', () => {
      const { error } = data.details;
      return `${data.file ?? ''} ${data.name}\n${error.cause?.stack ?? error.stack ?? error}`;
    });
  }
  yield JSON.stringify(counts);
}
