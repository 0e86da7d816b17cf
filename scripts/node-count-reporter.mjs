/** A reporter for `node --test`: one JSON with how many tests passed, failed and were skipped, which failed and why, and the tests of field cases. */
export default async function* countReporter(events) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [], rows: [] };
  for await (const { type, data } of events) {
    const isTest = (type === 'test:pass' || type === 'test:fail') && data.details?.type !== 'suite';
    // A file of which nothing was selected is told as a test that has passed.
    const isEmptyFile = type === 'test:pass' && data.name === data.file;
    if (!isTest || isEmptyFile) continue;
    if (data.skip === undefined && /^[A-E]\d+: /.test(data.name))
      counts.rows.push({ name: data.name, passed: type === 'test:pass' });
    if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
    else if (type === 'test:pass') counts.passed += 1;
    else {
      counts.failed += 1;
      const { error } = data.details;
      counts.failures.push(`${data.file ?? ''} ${data.name}\n${error.cause?.stack ?? error.stack ?? error}`);
    }
  }
  yield JSON.stringify(counts);
}
