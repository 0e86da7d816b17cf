/** A reporter for `node --test`: one JSON with how many tests passed, failed and were skipped. */
export default async function* countReporter(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of events) {
    const isTest = (type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite';
    // A file of which nothing was selected is told as a test that has passed.
    const isEmptyFile = type === 'test:pass' && data.name === data.file;
    if (!isTest || isEmptyFile) continue;
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else counts[type === 'test:pass' ? 'passed' : 'failed'] += 1;
  }
  yield JSON.stringify(counts);
}
