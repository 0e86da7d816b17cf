import { writeFileSync } from 'node:fs';

/** Writes how many component tests passed, failed and were skipped, which failed and why, and the tests of field cases, to the file that COUNTS names. */
export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const counts = { passed: 0, failed: 0, skipped: 0, failures: [], rows: [] };
      for (const { testResults, errors, browser, testFile } of sessions) {
        const where = `${testFile} in ${browser.name}`;
        if (errors.length > 0 || !testResults) {
          counts.failed += 1;
          counts.failures.push([`${where} did not run`, ...errors.map(describe)].join('\n'));
        }
        if (testResults) countSuite(testResults, counts, where);
      }
      if (process.env.COUNTS) writeFileSync(process.env.COUNTS, JSON.stringify(counts));
    },
  };
}

const describe = (error) => error?.stack ?? error?.message ?? String(error);

function countSuite({ tests, suites }, counts, where) {
  for (const { name, skipped, passed, error } of tests) {
    counts[skipped ? 'skipped' : passed ? 'passed' : 'failed'] += 1;
    if (!skipped && /^[A-E]\d+: /.test(name)) counts.rows.push({ name, passed });
    if (!skipped && !passed) counts.failures.push(`${where} ${name}\n${describe(error)}`);
  }
  for (const suite of suites) countSuite(suite, counts, `${where} ${suite.name}`);
}
