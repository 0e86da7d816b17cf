/**
 * `npm run field-cases`: runs every test whose name begins with the id of a field case, such as `A1: `, and writes
 * `docs/field-cases.md`; `-- --quick` without those in browsers.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FIELD_CASE } from '../test/support/count-reporters.mjs';
import { root } from './install.mjs';

const COUNTS = join(root, '.cache/field-cases.json');
const cases = JSON.parse(readFileSync(join(root, 'test/field-cases.json'), 'utf8'));
const inBrowsers = process.argv.includes('--quick') ? /^test\/(element|faults|frameworks)\// : /^$/;
const files = readdirSync(join(root, 'test'), { recursive: true })
  .map((file) => join('test', file))
  .filter((file) => file.endsWith('.test.ts') && !inBrowsers.test(file))
  .filter((file) => /["'`][A-E]\d+: /.test(readFileSync(join(root, file), 'utf8')))
  .sort();

/** The results of one file in all browsers: ids, names and whether they passed. */
function run(file) {
  writeFileSync(COUNTS, '{"rows":[]}');
  const reporter = ['--test-reporter=./test/support/count-reporters.mjs', `--test-reporter-destination=${COUNTS}`];
  const [program, ...args] = file.startsWith('test/element')
    ? ['npx', '--no-install', 'web-test-runner', '--files', file]
    : [process.execPath, '--import', 'tsx', '--test', `--test-name-pattern=${FIELD_CASE}`, ...reporter, file];
  const { stderr, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, COUNTS } });
  const { rows } = JSON.parse(readFileSync(COUNTS, 'utf8'));
  if (rows.length === 0 || rows.some(({ passed }) => !passed)) console.error(file, stdout, stderr);
  return rows.map((row) => ({ ...row, file }));
}

mkdirSync(join(root, '.cache'), { recursive: true });
const results = new Map();
for (const { name, file, passed } of files.flatMap(run)) {
  const key = `${name}\n${file}`;
  results.set(key, (results.get(key) ?? true) && passed);
}
const shown = (name) =>
  name
    .replaceAll('|', '/')
    .replaceAll('<', '&lt;')
    .replace(/\bhttps?:\S+/g, '`$&`');
const table = Object.entries(cases).flatMap(([id, text]) => {
  const own = [...results].filter(([key]) => key.startsWith(`${id}: `));
  if (own.length === 0) return [`| ${id} | ${text} | | | not run |`];
  return own.map(([key, passed], index) => {
    const [name, file] = key.slice(id.length + 2).split('\n');
    const cells = [id, index === 0 ? text : '', shown(name), `\`${file}\``, passed ? 'passed' : 'failed'];
    return `| ${cells.join(' | ')} |`;
  });
});

writeFileSync(
  join(root, 'docs/field-cases.md'),
  `# Field cases

Faults from real use, each with the tests that show the right result. \`npm run field-cases\` runs them and writes this page.

<!-- textlint-disable -->
<!-- prettier-ignore-start -->

| case | input | test | file | result |
| --- | --- | --- | --- | --- |
${table.join('\n')}

<!-- prettier-ignore-end -->
`,
);
const missed = table.filter((line) => !line.endsWith('| passed |'));
console.log([...missed, `${table.length - missed.length} of ${table.length} tests of field cases passed`].join('\n'));
process.exitCode = missed.length > 0 ? 1 : 0;
