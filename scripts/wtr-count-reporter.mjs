import { writeFileSync } from 'node:fs';

/** Writes how many component tests passed, failed and were skipped to the file that COUNTS names. */
export function countReporter() {
  return {
    onTestRunFinished({ sessions }) {
      const counts = { passed: 0, failed: 0, skipped: 0 };
      for (const { testResults, errors, browser, testFile } of sessions) {
        if (errors.length > 0 || !testResults) {
          counts.failed += 1;
          console.log(`${testFile} did not run in ${browser.name}.`);
        }
        if (testResults) countSuite(testResults, counts);
      }
      if (process.env.COUNTS) writeFileSync(process.env.COUNTS, JSON.stringify(counts));
    },
  };
}

function countSuite({ tests, suites }, counts) {
  for (const { skipped, passed } of tests) counts[skipped ? 'skipped' : passed ? 'passed' : 'failed'] += 1;
  for (const suite of suites) countSuite(suite, counts);
}
