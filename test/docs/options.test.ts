import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { attributes } from '../../scripts/manifest.mjs';
import { DEFAULT_CONFIG, DEFAULT_RECONNECT, mergeConfig } from '../../src/core/api/config.js';
import { readEncoding } from '../../src/core/api/encoding-config.js';
import { readFormat } from '../../src/core/api/preview-config.js';
import { attributeOf, SETTINGS } from '../../src/element/attributes.js';
import { root } from './support.js';

type Check = (section: object) => unknown;

const asPatch =
  (section: string): Check =>
  (value) =>
    mergeConfig(DEFAULT_CONFIG, { [section]: value });

/** By interface: the defaults, and the check that throws for what is not taken. */
const SECTIONS: Record<string, [presets: object, check: Check]> = {
  ReconnectConfig: [DEFAULT_RECONNECT, asPatch('reconnect')],
  BitratesConfig: [DEFAULT_CONFIG.bitrates, asPatch('bitrates')],
  VideoFormat: [{}, readFormat as Check],
  EncodingConfig: [readEncoding(), readEncoding as Check],
};

interface Option {
  path: string;
  comment: string;
  default?: unknown;
  takes: string;
}

const sources = readdirSync(`${root}src/core`, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) =>
    ts.createSourceFile(name, readFileSync(`${root}src/core/${name}`, 'utf8'), ts.ScriptTarget.ES2022, true),
  );

/** The members of an interface with their docstrings. */
function membersOf(name: string): { name: string; comment: string }[] {
  const found = sources.flatMap((source) =>
    source.statements.filter((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name),
  ) as ts.InterfaceDeclaration[];
  assert.equal(found.length, 1, name);
  return (found[0]?.members ?? ([] as never)).map((member) => ({
    name: member.name?.getText() ?? '',
    comment: ts
      .getJSDocCommentsAndTags(member)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
      .join(' '),
  }));
}

/** The numbers that an option takes, as its error says. */
function takenBy(check: Check, key: string): string {
  try {
    check({ [key]: NaN });
    return '';
  } catch (error) {
    return /must be (.+?)(?:, not NaN)?\.$/.exec((error as Error).message)?.[1] ?? '';
  }
}

const core: Option[] = Object.entries(SECTIONS).flatMap(([type, [presets, check]]) =>
  membersOf(type).map(({ name, comment }) => ({
    path: `${type}.${name}`,
    comment,
    default: Reflect.get(presets, name) as unknown,
    takes: takenBy(check, name),
  })),
);

/** Fails if a docstring has other numbers than those that are taken; returns how many it has. */
function assertRanges({ path, comment, takes }: Option): number {
  const ranges = [...comment.matchAll(/\d+ to \d+|up to \d+|at least \d+/g)].map(([range]) => range.replace('up ', ''));
  for (const range of ranges) assert.ok(takes.endsWith(range), `${path}: ${range}, but ${takes}`);
  return ranges.length;
}

describe('Docstrings of options', () => {
  it('of the core have the defaults that hold', () => {
    const said = core.flatMap(({ path, comment, default: preset }) => {
      const [, word] = /\bDefault `?([\w-]+)/.exec(comment) ?? [];
      return word === undefined ? [] : [{ path, word, preset }];
    });
    assert.ok(said.length >= 10, `${said.length} defaults`);
    for (const { path, word, preset } of said) {
      const expected = preset === undefined ? ['0', 'false'] : [String(preset)];
      assert.ok(expected.includes(word), `${path}: ${word}, but ${expected}`);
    }
  });

  it('of the core have the numbers that are taken', () => {
    const found = core.reduce((sum, option) => sum + assertRanges(option), 0);
    assert.ok(found >= 10, `${found} ranges`);
  });

  it('of the element have the numbers that are taken', () => {
    const documented: { name: string; description: string }[] = attributes;
    const descriptions = new Map(documented.map(({ name, description }) => [name, description]));
    const found = Object.entries(SETTINGS).reduce((sum, [name, { expects }]) => {
      const attribute = attributeOf(name);
      return sum + assertRanges({ path: attribute, comment: descriptions.get(attribute) ?? '', takes: expects });
    }, 0);
    assert.ok(found >= 7, `${found} ranges`);
  });
});
