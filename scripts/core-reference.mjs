/** The parts of REFERENCE.md that the declarations and their comments say: the headless core, functions and types. */
import ts from 'typescript';
import {
  checker,
  commentOf,
  declarationIn,
  ENTRIES,
  exportsOf,
  isOurs,
  parametersOf,
  wholeTextOf,
} from './declarations.mjs';
import { coreName, element } from './manifest.mjs';
import { code, table, words } from './markdown.mjs';

const exportsOfEntry = (name) => exportsOf(ENTRIES.find(({ entry }) => entry === name).path);
const whole = exportsOfEntry('.');
const core = exportsOfEntry('./core');
const policy = exportsOfEntry('./policy');

const isType = ({ flags }) => flags & ts.SymbolFlags.Type;
const named = (list, name) => list.find((symbol) => symbol.name === name);
const byName = (one, other) => (one.name < other.name ? -1 : 1);

const user = named(core, 'RtcUser');
/** What the sections of the element say by their tables. */
const inTables = new Set(['NanoWebcaster', 'NanoWebcasterEventMap']);
const coreTypes = [...new Set([...core, ...policy])].filter((symbol) => isType(symbol) && symbol !== user).sort(byName);
const elementTypes = whole.filter(
  (symbol) =>
    isType(symbol) &&
    !(symbol.flags & ts.SymbolFlags.Class) &&
    !inTables.has(symbol.name) &&
    !core.some(({ name }) => name === symbol.name),
);
const documented = new Set([user, ...coreTypes, ...elementTypes].map(({ name }) => name));
const isNamed = ({ name }) => documented.has(name);

const oneLine = (text) => text.replaceAll(/\s*\n\s*/g, ' ').replace(/;$/, '');
const textOf = (declaration) =>
  oneLine(wholeTextOf(declaration, isNamed))
    .replace(/^export declare (function|const) /, '')
    .replace(/^readonly /, '')
    .replace(/^get (\w+)\(\)/, '$1');
const textsOf = (symbol) => symbol.declarations.map((one) => code(textOf(one))).join(', ');
const commentsOf = (symbol) => words(`${commentOf(symbol)} ${parametersOf(symbol)}`.trim());

const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

function isShown(declaration) {
  const isHidden = ts.getCombinedModifierFlags(declaration) & HIDDEN;
  return isOurs(declaration) && ts.isIdentifier(declaration.name) && !isHidden;
}

/** The members of a class or interface, inherited ones too, as rows. */
function membersOf(symbol) {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const members = checker.getPropertiesOfType(type);
  const isUsers = ({ declarations }) => symbol !== user && user.declarations.includes(declarations[0].parent);
  const rows = members
    .filter(({ declarations = [] }) => declarations.some(isShown))
    .map((member) => [textsOf(member), isUsers(member) ? 'As that of `RtcUser`.' : commentsOf(member)]);
  return [...rows, ...countedMembersOf(members)];
}

/** Members that no line declares, such as those of a `Record`: the first and the last stand for all. */
function countedMembersOf(members) {
  const counted = members
    .filter(({ declarations }) => !declarations)
    .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  if (counted.length === 0) return [];
  const type = checker.typeToString(checker.getTypeOfSymbol(counted[0])).replace(' | undefined', '');
  const mark = counted[0].flags & ts.SymbolFlags.Optional ? '?' : '';
  const text = ({ name }) => code(`${name}${mark}: ${type}`);
  return [[`${text(counted[0])} to ${text(counted.at(-1))}`, '']];
}

const membersTable = (head, symbol) => table([head, 'what it is'], membersOf(symbol));

function eventsTable() {
  const data = new Map(
    declarationIn('core/api/events', 'SuccessData').members.map((member) => [member.name.text, member.type.getText()]),
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

function typeSection(symbol) {
  const { name, declarations = [] } = symbol;
  const heading = `### \`${name}\`\n\n${commentOf(symbol)}\n\n`;
  const alias = declarations.find((one) => ts.isTypeAliasDeclaration(one));
  if (!alias) return heading + membersTable('member', symbol);
  // What a condition comes to is said by the comment.
  if (ts.isConditionalTypeNode(alias.type)) return heading;
  const parameters = alias.typeParameters ? `<${alias.typeParameters.map((one) => one.getText()).join(', ')}>` : '';
  const text = wholeTextOf(alias.type, isNamed);
  return `${heading}\`\`\`ts\ntype ${name}${parameters} = ${text};\n\`\`\``;
}

const typeSections = (symbols) => symbols.map(typeSection).join('\n\n');

/** Functions, constants and members of a class that stand by themselves, with the entries that have them. */
function callsTable(rows) {
  const cells = rows.map(([symbol, owner]) => {
    const text = textsOf(symbol).replace('`static ', `\`${owner?.name}.`);
    return [text, entriesOf(owner ?? symbol), commentsOf(symbol)];
  });
  return table(['name', 'from', 'what it does'], cells);
}

function entriesOf(symbol) {
  return ENTRIES.filter(({ path }) => exportsOf(path).includes(symbol))
    .map(({ entry }) => code(`nano-webcaster${entry.slice(1)}`))
    .join(', ');
}

const staticsOf = (owner, ...names) =>
  [...owner.exports.values()].filter(({ name }) => names.includes(name)).map((symbol) => [symbol, owner]);
const valuesOf = (list) => list.filter((symbol) => !isType(symbol)).map((symbol) => [symbol]);

export const elementReference = `## Functions

${callsTable([
  ...staticsOf(named(whole, 'NanoWebcaster'), 'define'),
  ...valuesOf(whole.filter((symbol) => !core.includes(symbol))),
])}

## Types

${typeSections(elementTypes)}
`;

export const coreReference = `## Methods and properties of \`RtcUser\`

${membersTable('member', user)}

## Events of \`RtcUser\`

Handlers get one object: \`{ name, data }\`, and \`error\` beside them where the name ends with \`Error\`.

${eventsTable()}

## Functions and constants

${callsTable([...staticsOf(user, 'checkSupport'), ...valuesOf([...new Set([...core, ...policy])].sort(byName))])}

## Types of the core

${typeSections(coreTypes)}
`;
