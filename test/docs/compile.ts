import ts from 'typescript';
import { root } from './support.js';

/** A sample as a module of its own, under a name that says where it stands. */
export interface Module {
  name: string;
  text: string;
}

/** Checks modules that stand in memory alone, against the source. */
export function diagnose(files: Module[]): string[] {
  const options: ts.CompilerOptions = {
    allowJs: true,
    checkJs: true,
    // A script in a page asks for an element that it knows to be there.
    strict: true,
    strictNullChecks: false,
    noImplicitAny: false,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    // For samples that run in Node.
    types: ['node'],
    // Vue's plugin is the reader's.
    paths: { '@vitejs/plugin-vue': [`${root}test/docs/any-plugin.ts`] },
  };
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (name) => texts.get(name) ?? readFile.call(host, name);
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
  host.getSourceFile = (name, version, ...rest) => {
    const text = texts.get(name);
    return text === undefined
      ? getSourceFile.call(host, name, version, ...rest)
      : ts.createSourceFile(name, text, version);
  };
  const program = ts.createProgram([`${root}src/index.ts`, ...texts.keys()], options, host);
  return [...texts.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ messageText, start = 0 }) => {
      const line = texts.get(name)?.slice(0, start).split('\n').length;
      return `${name.slice(root.length)}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}
