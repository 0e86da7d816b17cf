/**
 * Writes docs/public-api.md: everything that pages may rely on, as it is declared, and the values that declarations do not
 * say. It is part of the repository, so that every change of the public surface shows in review. Part of
 * `npm run analyze`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { SETTINGS } from '../dist/element/attributes.js';
import bundles from '../rollup.config.js';
import { CORE_OPTIONS } from './core-options.mjs';
import { checker, declared, ENTRIES, exportsOf, globalsText, isOurs, textOf } from './declarations.mjs';
import { attributes, element } from './manifest.mjs';
import { code, table, words } from './markdown.mjs';

const file = new URL('../docs/public-api.md', import.meta.url);

const exported = new Map(ENTRIES.map(({ entry, path }) => [entry, exportsOf(path)]));
const named = new Set([...exported.values()].flat());

const ownDeclarations = (symbol) => (symbol.declarations ?? []).filter(isOurs);

function isTopLevel(declaration) {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(statement.parent);
}

/** The symbols that the declarations of others speak of: a change of theirs is a change for pages too. */
function reachableFrom(symbols) {
  const found = new Set(symbols);
  const visit = (node) => {
    if (ts.isIdentifier(node)) add(checker.getSymbolAtLocation(node));
    ts.forEachChild(node, visit);
  };
  const add = (reference) => {
    const symbol = reference && declared(reference);
    if (!symbol || found.has(symbol) || !ownDeclarations(symbol).some(isTopLevel)) return;
    found.add(symbol);
    for (const declaration of ownDeclarations(symbol)) visit(declaration);
  };
  for (const symbol of symbols) for (const declaration of ownDeclarations(symbol)) visit(declaration);
  return found;
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);
const inner = [...reachableFrom(named)].filter((symbol) => !named.has(symbol)).sort(byName);
const declarationsOf = (symbols) =>
  [...symbols]
    .sort(byName)
    .flatMap((symbol) => ownDeclarations(symbol).map(textOf))
    .join('\n\n');
const names = (list) => list.map(({ name }) => `\`${name}\``).join(', ');

const { exports: entries } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** What the star of an entry stands for. */
const STARS = {
  './languages/*.js': namesIn('src/element/languages', '.ts').filter((name) => name !== 'registry'),
  './types/*.json': namesIn('types', '.json'),
};

function namesIn(folder, extension) {
  const found = readdirSync(new URL(`../${folder}`, import.meta.url)).filter((name) => name.endsWith(extension));
  return found.map((name) => name.slice(0, -extension.length)).sort();
}

function entryLine([entry, target]) {
  const specifier = code(`nano-webcaster${entry.slice(1)}`);
  if (target === null) return `- ${specifier}: not for pages`;
  const files = typeof target === 'string' ? { file: target } : target;
  const places = Object.entries(files).map(([condition, file]) => `${condition} ${code(file.slice(2))}`);
  return `- ${[`${specifier} (${places.join(', ')})`, contentOf(entry)].filter(Boolean).join(': ')}`;
}

function contentOf(entry) {
  if (exported.has(entry)) return names(exported.get(entry)) || 'nothing; it registers the element';
  const stars = STARS[entry]?.map(code).join(', ');
  return entry === './languages/*.js'
    ? `${stars}; each registers its language, but for \`en\`, which is built in`
    : stars;
}

function settingsTable() {
  const settings = new Map(Object.values(SETTINGS).map((setting) => [setting.attribute, setting]));
  const rows = attributes.map(({ name }) => {
    const { default: preset, expects = 'what it does everywhere in HTML' } = settings.get(name) ?? {};
    return [code(name), code(JSON.stringify(preset)), words(expects)];
  });
  return table(['attribute', 'default', 'takes'], rows);
}

function optionsTable() {
  const rows = CORE_OPTIONS.filter(({ takes }) => takes).map(({ call, path, default: preset, takes }) => [
    code(`${call}()`),
    code(path),
    code(JSON.stringify(preset)),
    takes,
  ]);
  return table(['call', 'option', 'default', 'takes'], rows);
}

function cdnLine({ output: { file, format, name } }) {
  return `- ${code(file)}: ${format === 'iife' ? `a classic script, which adds to ${code(`window.${name}`)}` : 'a module'}`;
}

const REPORT = `# The public surface

<!-- Written by \`npm run analyze\` from the source. -->

Everything that pages may rely on, and that [versions](versioning.md) speak of. A pull request that changes it shows that
here.

## In markup

- Events: ${names(element.events)}
- Slots: ${names(element.slots)}
- Parts: ${names(element.cssParts)}
- Custom properties: ${names(element.cssProperties)}
- States: ${names(element.cssStates)}

Attributes:

${settingsTable()}

## Entries

${Object.entries(entries).map(entryLine).join('\n')}

## Files for pages without a bundler

${bundles.map(cdnLine).join('\n')}

## Options of the core

Those that take certain numbers or words. Reconnection is off without a \`reconnect\` section; a size of 0 is left to the browser.

${optionsTable()}

## Declarations

\`\`\`ts
${declarationsOf(named)}
\`\`\`

## Types without a name of their own

No entry exports them, but the declarations above speak of them.

\`\`\`ts
${declarationsOf(inner)}
\`\`\`

## What every page's types gain

\`\`\`ts
${globalsText()}
\`\`\`
`;

writeFileSync(file, await format(REPORT, { ...(await resolveConfig(file)), parser: 'markdown' }));
