/** A textlint plugin: reads the comments and the messages of TypeScript and JavaScript as text. */
import { parser } from 'typescript-eslint';

const MESSAGE = /^["'`][A-Z][^]* [^]*[.!?…]["'`]$/;
/** What is not prose in a comment: its marks, code, tags and the names of custom properties. */
const NO_PROSE = /^\/\*\*?|\*\/$|^\/\/+|^[ \t]*\*(?= |$)|`[^`]*`|@[a-z]+(?: \{[^}]*\})?|\[--[^\]]*\]/gim;

/** Comments, and string literals that are sentences without their quotes: texts with their places. */
function textsOf(source) {
  const { comments, tokens } = parser.parseForESLint(source, { comment: true, tokens: true, range: true }).ast;
  const messages = tokens.filter(({ type, value }) => /^(String|Template)$/.test(type) && MESSAGE.test(value));
  const texts = [...comments.map(({ range }) => range), ...messages.map(({ range: [from, to] }) => [from + 1, to - 1])];
  return texts.sort(([one], [other]) => one - other);
}

/** A range in parts, the odd ones being no prose. */
function partsOf(source, [from, to]) {
  const marks = [...source.slice(from, to).matchAll(NO_PROSE)];
  const cuts = [from, ...marks.flatMap(({ 0: mark, index }) => [from + index, from + index + mark.length]), to];
  return cuts.slice(1).map((end, index) => ({ type: index % 2 === 0 ? 'Str' : 'Code', range: [cuts[index], end] }));
}

function preProcess(source) {
  const lines = [...source.matchAll(/\n|$/g)].map(({ index }) => index);
  const place = (at) => {
    const line = lines.findIndex((end) => at <= end);
    return { line: line + 1, column: at - (lines[line - 1] ?? -1) - 1 };
  };
  const node = (type, range, rest) => {
    const loc = { start: place(range[0]), end: place(range[1]) };
    return { type, range, loc, raw: source.slice(...range), ...rest };
  };
  const paragraphs = textsOf(source).map((range) => {
    const parts = partsOf(source, range).filter(({ range: [from, to] }) => to > from);
    const children = parts.map(({ type, range }) =>
      node(type, range, { value: type === 'Str' ? source.slice(...range) : '' }),
    );
    return node('Paragraph', range, { children });
  });
  return node('Document', [0, source.length], { children: paragraphs });
}

export default {
  Processor: class {
    availableExtensions = () => ['.ts', '.js', '.mjs'];
    processor = () => ({
      preProcess,
      postProcess: (messages, filePath) => ({ messages, filePath: filePath ?? '<text>' }),
    });
  },
};
