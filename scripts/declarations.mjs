/** The emitted declarations as TypeScript reads them, for the scripts that write about the public surface. */
import { readFileSync } from 'node:fs';
import { sep } from 'node:path';
import ts from 'typescript';
import { root } from './install.mjs';

const { exports: entries } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const isCode = ([, target]) => target?.default && !target.types.includes('*');

/** Every entry that is a module, with the path of its declarations. */
export const ENTRIES = Object.entries(entries)
  .filter(isCode)
  .map(([entry, { types }]) => ({ entry, path: `${root}${types.slice(2)}` }));

const program = ts.createProgram(
  ENTRIES.map(({ path }) => path),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
  },
);
export const checker = program.getTypeChecker();

/** The symbols that an entry exports, in the order of their names, followed to where they are declared. */
export function exportsOf(path) {
  const module = checker.getSymbolAtLocation(program.getSourceFile(path));
  if (!module) throw new Error(`${path} is no module: build first.`);
  return checker
    .getExportsOfModule(module)
    .map(declared)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What an alias stands for. */
export function declared(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Whether a declaration is the package's own. */
export function isOurs(declaration) {
  return declaration.getSourceFile().fileName.startsWith(`${root}dist/`.replaceAll(sep, '/'));
}

/** The comment of a symbol, as one line of text. */
export function commentOf(symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ');
}

const printer = ts.createPrinter({ removeComments: true });

/** A declaration as text, without its comments. */
export function textOf(declaration) {
  const isVariable = ts.isVariableDeclaration(declaration);
  const node = isVariable ? declaration.parent.parent : declaration;
  return printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
}

/** What the package adds to the types that every page has, as text. */
export function globalsText() {
  const statements = program.getSourceFiles().flatMap((source) => source.statements.filter(isOurs));
  return statements.filter(ts.isGlobalScopeAugmentation).map(textOf).join('\n\n');
}

/** What an interface of the core holds, with the comments on it. */
export function keysOf(name) {
  const { path } = ENTRIES.find(({ entry }) => entry === './core');
  const symbol = exportsOf(path).find((one) => one.name === name);
  const keys = checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
  return keys.map((key) => ({ name: key.name, comment: commentOf(key) }));
}

/** The texts that a property may have, where its type is nothing but such texts. */
export function choicesOf(className, property) {
  const { path } = ENTRIES.find(({ entry }) => entry === '.');
  const symbol = exportsOf(path).find(({ name }) => name === className);
  const type = checker.getTypeOfPropertyOfType(checker.getDeclaredTypeOfSymbol(symbol), property);
  const types = type?.isUnion() ? type.types : [];
  return types.every((one) => one.isStringLiteral()) ? types.map(({ value }) => value) : [];
}

/** A declaration by its name that no entry exports; `module` is its path below `dist/`. */
export function declarationIn(module, name) {
  const source = program.getSourceFile(`${root}dist/${module}.d.ts`);
  const found = source?.statements.find((statement) => statement.name?.text === name);
  if (!found) throw new Error(`There is no ${name} in dist/${module}.d.ts.`);
  return found;
}
