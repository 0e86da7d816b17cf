/**
 * For `node --test` and Web Test Runner: how many tests passed, failed and were skipped, which failed and why, and the
 * results of field cases, as one JSON. JUnit files, which both can write, lack tests that fail after their own parts
 * and files that do not load.
 */
import { writeFileSync } from 'node:fs';

/** The beginning of a test's name that shows a field case, such as `A1: `. */
export const FIELD_CASE = /^[A-E]\d+: /;

function describe(error) {
  const { message, stack } = error?.cause?.stack ? error.cause : (error ?? {});
  const parts = stack?.includes(message) ? [stack] : [message, stack];
  return parts.filter(Boolean).join('\n') || JSON.stringify(error) || String(error);
}

class Counts {
  passed = 0;
  failed = 0;
  skipped = 0;
  failures = [];
  rows = [];

  add(name, result, where, error) {
    this[result] += 1;
    if (result === 'failed') this.fail(`${where} ${name}`, error);
    if (result !== 'skipped' && FIELD_CASE.test(name)) this.rows.push({ name, passed: result === 'passed' });
  }

  fail(what, ...errors) {
    this.failures.push([what, ...errors.map(describe)].join('\n'));
  }

  addSuite({ tests, suites }, where) {
    for (const { name, skipped, passed, error } of tests)
      this.add(name, skipped ? 'skipped' : passed ? 'passed' : 'failed', where, error);
    for (const suite of suites) this.addSuite(suite, `${where} ${suite.name}`);
  }
}

export default async function* nodeReporter(events) {
  const counts = new Counts();
  for await (const { type, data } of events) {
    const { type: kind, error } = data?.details ?? {};
    const isTest = (type === 'test:pass' || type === 'test:fail') && kind !== 'suite';
    // Its tests are cancelled and fail without a reason.
    if (type === 'test:fail' && kind === 'suite' && error.failureType === 'hookFailed') counts.fail(data.name, error);
    // A file of which nothing was selected is told as a test that has passed.
    if (!isTest || (type === 'test:pass' && data.name === data.file)) continue;
    const isSkipped = data.skip !== undefined || data.todo !== undefined;
    const result = isSkipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    counts.add(data.name, result, data.file ?? '', error);
  }
  yield JSON.stringify(counts);
}

/** Writes to the file that COUNTS names. */
export const browserReporter = () => ({
  onTestRunFinished({ sessions }) {
    const counts = new Counts();
    for (const { testResults, errors, browser, testFile } of sessions) {
      const where = `${testFile} in ${browser.name}`;
      if (testResults) counts.addSuite(testResults, where);
      if (testResults && errors.length === 0) continue;
      counts.failed += 1;
      counts.fail(`${where} did not run`, ...errors);
    }
    if (process.env.COUNTS) writeFileSync(process.env.COUNTS, JSON.stringify(counts));
  },
});
