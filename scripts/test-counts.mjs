/** What both reporters write for `test.mjs` and `field-cases.mjs`. */

/** The beginning of a test's name that shows a field case, such as `A1: `. */
export const FIELD_CASE = /^[A-E]\d+: /;

/** How many tests passed, failed and were skipped, which failed and why, and those of field cases. */
export const newCounts = () => ({ passed: 0, failed: 0, skipped: 0, failures: [], rows: [] });

/** @param failure the text for a test that failed */
export function countTest(counts, name, result, failure) {
  counts[result] += 1;
  if (result === 'failed') counts.failures.push(failure());
  if (result !== 'skipped' && FIELD_CASE.test(name)) counts.rows.push({ name, passed: result === 'passed' });
}
