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

/** The comment of a symbol: one line of text, and one for every point of a list. */
export function commentOf(symbol) {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*(?!- )/g, ' ');
}

/** What a symbol's comment says of its parameters, as sentences. */
export function parametersOf(symbol) {
  return symbol
    .getJsDocTags(checker)
    .filter(({ name }) => name === 'param')
    .map(({ text }) => ts.displayPartsToString(text).replace(/^(\w+)\s+/, '`$1`: '))
    .map((words) => `${words.replaceAll(/\s*\n\s*/g, ' ')}.`)
    .join(' ');
}

const printer = ts.createPrinter({ removeComments: true });

/** A declaration as text, without its comments. */
export function textOf(declaration) {
  const isVariable = ts.isVariableDeclaration(declaration);
  const node = isVariable ? declaration.parent.parent : declaration;
  return printer.printNode(ts.EmitHint.Unspecified, node, declaration.getSourceFile());
}

/**
 * A declaration as text that stands by itself: what it says of types that `isNamed` knows nothing of, or takes from values
 * by `typeof`, is written out.
 */
export function wholeTextOf(declaration, isNamed) {
  if (ts.isVariableDeclaration(declaration)) return textOf(declaration);
  const source = declaration.getSourceFile();
  const begin = declaration.getStart(source);
  const edits = [];
  const visit = (node) => {
    const text = ts.isTypeNode(node) ? writtenOut(node, isNamed) : undefined;
    if (text === undefined) ts.forEachChild(node, visit);
    else edits.push({ from: node.getStart(source) - begin, to: node.end - begin, text });
  };
  visit(declaration);
  const whole = edits.reduceRight(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    source.text.slice(begin, declaration.end),
  );
  return whole.replaceAll(/\/\*[^]*?\*\/\s*/g, '');
}

/** A type in other words; undefined where its own say enough. */
function writtenOut(node, isNamed) {
  if (ts.isIndexedAccessTypeNode(node)) return choiceOf(node, orderOf(checker.getTypeFromTypeNode(node.objectType)));
  if (ts.isTypeOperatorNode(node)) return isNamedType(node.type, isNamed) ? undefined : choiceOf(node);
  if (!ts.isTypeReferenceNode(node)) return undefined;
  const symbol = symbolOf(node);
  const [declaration] = symbol.declarations?.filter(isOurs) ?? [];
  const isPlain = declaration && !declaration.typeParameters && !ts.isTypeParameterDeclaration(declaration);
  if (!isPlain || isNamed(symbol)) return undefined;
  if (ts.isTypeAliasDeclaration(declaration)) {
    // A list of values is as it was written; what comes about by a rule is what it comes to.
    return ts.isTypeReferenceNode(declaration.type) ? choiceOf(node) : wholeTextOf(declaration.type, isNamed);
  }
  const members = checker
    .getPropertiesOfType(checker.getTypeFromTypeNode(node))
    .flatMap((one) => one.declarations ?? []);
  return `{ ${members.map((member) => wholeTextOf(member, isNamed)).join(' ')} }`;
}

const symbolOf = ({ typeName }) => declared(checker.getSymbolAtLocation(typeName));
const isNamedType = (node, isNamed) => ts.isTypeReferenceNode(node) && isNamed(symbolOf(node));

/** The values of a type that is nothing but some texts or numbers, in an order of theirs; undefined for another one. */
function choiceOf(node, order = []) {
  const type = checker.getTypeFromTypeNode(node);
  const types = type.isUnion() ? type.types : [type];
  if (!types.every((one) => one.isLiteral())) return undefined;
  const texts = types.map((one) => (one.isStringLiteral() ? `'${one.value}'` : String(one.value)));
  return texts.sort((one, other) => order.indexOf(one) - order.indexOf(other)).join(' | ');
}

/** The values of a constant, in their order. */
function orderOf(type) {
  const types = checker.isTupleType(type)
    ? checker.getTypeArguments(type)
    : checker.getPropertiesOfType(type).map((property) => checker.getTypeOfSymbol(property));
  return types.map((one) => (one.isStringLiteral() ? `'${one.value}'` : String(one.value)));
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
