import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, it } from 'node:test';
import { anchorsOf, localLinksOf, markdownFiles, read, root } from './support.js';

describe('Links in the docs', () => {
  for (const file of markdownFiles()) {
    it(`lead somewhere from ${file}`, () => {
      for (const href of localLinksOf(read(file))) {
        const [target = '', anchor] = href.split('#');
        const linked = target === '' ? file : posix.normalize(posix.join(posix.dirname(file), target));
        assert.ok(existsSync(root + linked), `${href} is no file`);
        if (anchor !== undefined) assert.ok(anchorsOf(read(linked)).includes(anchor), `${href} is no heading`);
      }
    });
  }

  it('name only files that there are, in the guide for contributors', () => {
    const named = [
      ...read('CONTRIBUTING.md').matchAll(/`((?:src|test|docs|demo|scripts|types)\/[\w./-]*|[\w-]+\.config\.\w+)`/g),
    ];
    assert.ok(named.length >= 20, `${named.length} files`);
    for (const [, path = ''] of named) assert.ok(existsSync(root + path), path);
  });

  it('name only commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };
    for (const file of markdownFiles()) {
      for (const [, name = ''] of read(file).matchAll(/npm run ([\w:-]+)/g))
        assert.ok(name in scripts, `${file}: ${name}`);
    }
  });
});
