import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { endpointUrl } from '../../src/core/whip/endpoint.js';
import { attributeOf, readSetting, SETTINGS, type SettingName } from '../../src/element/attributes.js';

const DOCS = ['docs/servers.md', 'README.md'];
const PAGE = 'https://page.example/';

type Attributes = Map<string, string>;

/** The tags of the element in the HTML samples of a text. */
function samplesOf(markdown: string): Attributes[] {
  const blocks = [...markdown.matchAll(/^```html\n(.*?)^```/gms)].map(([, block = '']) => block);
  const tags = blocks.flatMap((block) => [...block.matchAll(/<nano-webcaster\s+([^>]*)>/g)]);
  return tags.map(
    ([, text = '']) =>
      new Map([...text.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [name, value])),
  );
}

for (const file of DOCS) {
  const samples = samplesOf(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));

  describe(`the samples of ${file}`, () => {
    it('are there', () => assert.ok(samples.length >= 1, `${samples.length} samples`));

    for (const sample of samples) {
      it(`have attributes and values that the element knows: ${sample.get('server')}`, () => {
        const names = new Map(Object.keys(SETTINGS).map((name) => [attributeOf(name), name]));
        for (const [attribute, value] of sample) {
          if (attribute === 'lang') continue; // as on every element of HTML
          const name = names.get(attribute);
          assert.ok(name, `there is no attribute ${attribute}`);
          readSetting(name as SettingName, value, assert.fail);
        }
      });

      it(`make an endpoint: ${sample.get('server')}`, () => {
        const streamname = sample.get('stream-name') ?? '';
        const output = sample.get('ingest-url') ?? '';
        const url = new URL(endpointUrl(sample.get('server'), { streamname, output }, PAGE));
        const isCloud = url.hostname.endsWith('nanocosmos.de');
        assert.deepEqual([url.searchParams.has('stream_name'), url.searchParams.has('stream_url')], [isCloud, isCloud]);
      });
    }
  });
}

describe('the servers of docs/servers.md', () => {
  const text = readFileSync(new URL('../../docs/servers.md', import.meta.url), 'utf8');

  it('each have a row in its table and a section with a sample', () => {
    const rows = [...text.matchAll(/^\| \[[^\]]+\]\(#([\w-]+)\)/gm)].map(([, anchor]) => anchor);
    const sections = text.split(/^## /m).filter((section) => section.includes('<nano-webcaster'));
    const anchors = sections.map((section) => section.split('\n', 1)[0]?.toLowerCase().replaceAll(' ', '-'));
    assert.deepEqual(anchors, rows);
  });
});
