import { writeFileSync } from 'node:fs';
import { countTest, newCounts } from './test-counts.mjs';

/** Writes the counts of `test-counts.mjs` for the component tests to the file that COUNTS names. */
export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const counts = newCounts();
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

const describe = (error) => [error?.message, error?.stack].filter(Boolean).join('\n') || String(error);

function countSuite({ tests, suites }, counts, where) {
  for (const { name, skipped, passed, error } of tests) {
    const result = skipped ? 'skipped' : passed ? 'passed' : 'failed';
    countTest(counts, name, result, () => `${where} ${name}\n${describe(error)}`);
  }
  for (const suite of suites) countSuite(suite, counts, `${where} ${suite.name}`);
}
