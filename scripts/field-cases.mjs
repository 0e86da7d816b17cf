/** `npm run field-cases`: runs every test whose name begins with the id of a field case, such as `A1: `, and writes `docs/field-cases.md`; `-- --quick` without those in browsers. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './install.mjs';
import { FIELD_CASE } from './test-counts.mjs';

const PAGE = join(root, 'docs/field-cases.md');
const IN_BROWSER = 'test/element';
const cases = JSON.parse(readFileSync(join(root, 'test/field-cases.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'nano-webcaster-'));
const files = readdirSync(join(root, 'test'), { recursive: true })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file))
  .filter((file) => /["'`][A-E]\d+: /.test(readFileSync(join(root, file), 'utf8')))
  .sort();

/** The results of one file in all browsers: ids, names and whether they passed. */
function run(file) {
  const counts = join(folder, 'counts.json');
  writeFileSync(counts, '{"rows":[]}');
  const reporter = ['--test-reporter=./scripts/node-count-reporter.mjs', `--test-reporter-destination=${counts}`];
  const [program, ...args] = file.startsWith(IN_BROWSER)
    ? ['npx', '--no-install', 'web-test-runner', '--files', file]
    : [process.execPath, '--import', 'tsx', '--test', `--test-name-pattern=${FIELD_CASE}`, ...reporter, file];
  const { stderr, stdout } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, COUNTS: counts },
  });
  const { rows } = JSON.parse(readFileSync(counts, 'utf8'));
  if (rows.length === 0 || rows.some(({ passed }) => !passed)) console.error(file, stdout, stderr);
  return rows.map((row) => ({ ...row, file }));
}

try {
  const results = new Map();
  const isQuick = process.argv.includes('--quick');
  const chosen = files.filter((file) => !(isQuick && /^test\/(element|faults|frameworks)\//.test(file)));
  for (const { name, file, passed } of chosen.flatMap(run)) {
    const key = `${name}\n${file}`;
    results.set(key, (results.get(key) ?? true) && passed);
  }
  const table = Object.entries(cases).flatMap(([id, text]) => {
    const own = [...results].filter(([key]) => key.startsWith(`${id}: `));
    if (own.length === 0) return [`| ${id} | ${text} | | | not run |`];
    return own.map(([key, passed], index) => {
      const [name, file] = key.slice(id.length + 2).split('\n');
      const shown = name
        .replaceAll('|', '/')
        .replaceAll('<', '&lt;')
        .replace(/\bhttps?:\S+/g, '`$&`');
      return `| ${id} | ${index === 0 ? text : ''} | ${shown} | \`${file}\` | ${passed ? 'passed' : 'failed'} |`;
    });
  });
  const missed = table.filter((line) => !line.endsWith('| passed |'));
  writeFileSync(
    PAGE,
    [
      '# Field cases',
      '',
      'Faults from real use, each with the tests that show the right result. `npm run field-cases` runs them and writes this page.',
      '',
      '<!-- textlint-disable -->',
      '<!-- prettier-ignore-start -->',
      '',
      '| case | input | test | file | result |',
      '| --- | --- | --- | --- | --- |',
      ...table,
      '',
      '<!-- prettier-ignore-end -->',
      '',
    ].join('\n'),
  );
  console.log([...missed, `${table.length - missed.length} of ${table.length} tests of field cases passed`].join('\n'));
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
