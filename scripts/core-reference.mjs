/** The part of REFERENCE.md on the headless core: what its declarations and their comments say. */
import ts from 'typescript';
import { checker, commentOf, declarationIn, ENTRIES, exportsOf, isOurs, textOf } from './declarations.mjs';
import { coreName, element } from './manifest.mjs';
import { code, table, words } from './markdown.mjs';

const core = exportsOf(ENTRIES.find(({ entry }) => entry === './core').path);

const oneLine = (text) => text.replaceAll(/\s*\n\s*/g, ' ').replace(/;$/, '');

/** The members of a class or interface, inherited ones too, and their texts. */
function membersOf(symbol) {
  return checker
    .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
    .filter(({ declarations = [] }) => declarations.some((one) => isOurs(one) && ts.isIdentifier(one.name)))
    .map((member) => ({
      name: member.name,
      text: member.declarations.map((one) => code(oneLine(textOf(one)).replace(/^readonly /, ''))).join(', '),
      comment: words(commentOf(member)),
    }));
}

const membersTable = (head, symbol) =>
  table(
    [head, 'what it is'],
    membersOf(symbol).map(({ text, comment }) => [text, comment]),
  );

function eventsTable() {
  const data = new Map(
    declarationIn('core/events', 'SuccessData').members.map((member) => [member.name.text, member.type.getText()]),
  );
  const rows = element.events
    .map((event) => [coreName(event), event.description])
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, description]) => [code(name), code(oneLine(data.get(name) ?? 'ErrorData')), inCore(description)]);
  return table(['event', '`data`', 'when it comes'], rows);
}

/** A description of the element's, in the words of the core. */
function inCore(description) {
  const names = new Map(element.events.map((event) => [event.name, coreName(event)]));
  return words(description)
    .replaceAll('`detail.data', '`data')
    .replaceAll(/`([a-z-]+)`/g, (all, name) => (names.has(name) ? code(names.get(name)) : all));
}

/** A list of texts or numbers says more than the way it came about. */
function aliasText(alias, symbol) {
  const text = alias.type.getText();
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  if (alias.typeParameters || !/\b(typeof|keyof)\b/.test(text) || !type.isUnion()) return text;
  return type.types.map((one) => checker.typeToString(one)).join(' | ');
}

function typeSection(symbol) {
  const { name, declarations = [] } = symbol;
  const heading = `### \`${name}\`\n\n${commentOf(symbol)}\n\n`;
  const alias = declarations.find((one) => ts.isTypeAliasDeclaration(one));
  if (!alias) return heading + membersTable('member', symbol);
  return `${heading}\`\`\`ts\ntype ${name} = ${aliasText(alias, symbol)};\n\`\`\``;
}

const user = core.find(({ name }) => name === 'RtcUser');
const types = core.filter((symbol) => symbol !== user && !(symbol.flags & ts.SymbolFlags.Function));
const functions = core.filter((symbol) => symbol.flags & ts.SymbolFlags.Function);
const statics = [...(user.exports ?? [])].map(([, member]) => member).filter(({ name }) => name !== 'prototype');

export const coreReference = `## Methods and properties of \`RtcUser\`

${membersTable('member', user)}

On the class itself:

${table(
  ['member', 'what it is'],
  statics.map((member) => [
    member.declarations.map((one) => code(oneLine(textOf(one)))).join(', '),
    words(commentOf(member)),
  ]),
)}

## Events of \`RtcUser\`

Handlers get one object: \`{ name, data }\`, and \`error\` beside them where the name ends with \`Error\`.

${eventsTable()}

## Functions

${table(
  ['function', 'what it does'],
  functions.map((symbol) => [
    symbol.declarations.map((one) => code(oneLine(textOf(one)).replace('export declare function ', ''))).join(', '),
    words(commentOf(symbol)),
  ]),
)}

## Types

${types.map(typeSection).join('\n\n')}
`;
