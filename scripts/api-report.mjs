/**
 * Writes docs/public-api.md: everything that pages may rely on, as it is declared. It is part of the repository, so that
 * every change of the public surface shows in review. Part of `npm run analyze`.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { checker, declared, ENTRIES, exportsOf, isOurs, textOf } from './declarations.mjs';
import { attributes, element } from './manifest.mjs';

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

const languages = readdirSync(new URL('../src/element/languages', import.meta.url))
  .filter((name) => !['en.ts', 'registry.ts'].includes(name))
  .map((name) => ({ name: name.replace('.ts', '') }));

const REPORT = `# The public surface

<!-- Written by \`npm run analyze\` from the source. -->

Everything that pages may rely on, and that [versions](versioning.md) speak of. A pull request that changes it shows that
here.

## In markup

- Attributes: ${names(attributes)}
- Events: ${names(element.events)}
- Slots: ${names(element.slots)}
- Parts: ${names(element.cssParts)}
- Custom properties: ${names(element.cssProperties)}
- States: ${names(element.cssStates)}

## Entries

${[...exported].map(([entry, symbols]) => `- \`nano-webcaster${entry.slice(1)}\`: ${names(symbols) || 'nothing; it registers the element'}`).join('\n')}
- \`nano-webcaster/languages/*.js\`: ${names(languages)}; each registers its language

## Declarations

\`\`\`ts
${declarationsOf(named)}
\`\`\`

## Types without a name of their own

No entry exports them, but the declarations above speak of them.

\`\`\`ts
${declarationsOf(inner)}
\`\`\`
`;

writeFileSync(file, await format(REPORT, { ...(await resolveConfig(file)), parser: 'markdown' }));
