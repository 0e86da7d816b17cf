/** A textlint plugin: reads the comments and the messages of TypeScript and JavaScript as text. */
import ts from 'typescript';

const MESSAGE = /^[A-Z][^]* [^]*[.!?…]$/;

/** Comments without their marks, and string literals that are sentences, each with its place. */
function textsOf(source) {
  const file = ts.createSourceFile('any.ts', source, ts.ScriptTarget.Latest, true);
  const found = new Map();
  const addComments = (position) => {
    const ranges = [
      ...(ts.getLeadingCommentRanges(source, position) ?? []),
      ...(ts.getTrailingCommentRanges(source, position) ?? []),
    ];
    for (const { pos, end } of ranges) found.set(pos, source.slice(pos, end));
  };
  const visit = (node) => {
    addComments(node.getFullStart());
    addComments(node.getEnd());
    if (ts.isStringLiteralLike(node) && MESSAGE.test(node.text))
      found.set(node.getStart(), node.getText().slice(1, -1));
    node.forEachChild(visit);
  };
  visit(file);
  addComments(0);
  return [...found].sort(([one], [other]) => one - other);
}

/** What is not prose in a comment: its marks, code, tags and the names of custom properties. */
const NO_PROSE = /^\/\*\*?|\*\/$|^\/\/+|^[ \t]*\*(?= |$)|`[^`]*`|@[a-z]+(?: \{[^}]*\})?|\[--[^\]]*\]/gim;

/** A text in parts, the odd ones being no prose. */
function partsOf(text) {
  const marks = [...text.matchAll(NO_PROSE)].map((match) => [match.index, match.index + match[0].length]);
  const cuts = [0, ...marks.flat(), text.length];
  return cuts.slice(1).map((end, index) => [cuts[index], text.slice(cuts[index], end)]);
}

export default {
  Processor: class {
    availableExtensions() {
      return ['.ts', '.js', '.mjs'];
    }
    processor() {
      return {
        preProcess(source) {
          const file = ts.createSourceFile('any.ts', source, ts.ScriptTarget.Latest, true);
          const node = (type, from, raw, rest) => {
            const place = (at) => {
              const { line, character } = file.getLineAndCharacterOfPosition(at);
              return { line: line + 1, column: character };
            };
            return {
              type,
              raw,
              range: [from, from + raw.length],
              loc: { start: place(from), end: place(from + raw.length) },
              ...rest,
            };
          };
          const paragraphs = textsOf(source).map(([from, raw]) =>
            node('Paragraph', from, raw, {
              children: partsOf(raw).flatMap(([at, part], index) =>
                part
                  ? [node(index % 2 === 0 ? 'Str' : 'Code', from + at, part, { value: index % 2 === 0 ? part : '' })]
                  : [],
              ),
            }),
          );
          return node('Document', 0, source, { children: paragraphs });
        },
        postProcess: (messages, filePath) => ({ messages, filePath: filePath ?? '<text>' }),
      };
    }
  },
};
